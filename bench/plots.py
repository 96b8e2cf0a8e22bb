"""Plots of the benchmarks: SVG files that stay the same, byte for byte, when the figures do."""


def figure(panels=1):
    """A matplotlib figure and its panels, side by side."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "kith"
    from matplotlib import pyplot

    drawn, axes = pyplot.subplots(1, panels, figsize=(6.4 if panels == 1 else 4 * panels, 4), squeeze=False)
    for each in axes[0]:
        each.grid(alpha=0.3)
    return drawn, list(axes[0])


def save(drawn, path):
    drawn.savefig(path, bbox_inches="tight", metadata={"Date": None})
