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


def against_items(curves, title, path, linear=False):
    """Microseconds a query against the number of items: for each label its {items: seconds}."""
    drawn, [axes] = figure()
    for label, seconds in curves.items():
        axes.plot(list(seconds), [each * 1e6 for each in seconds.values()], marker="o", label=label)
    axes.set(xscale="log", xlabel="items", ylabel="µs a query, one thread", title=title)
    if linear:
        axes.set(ylim=(0, None))
    else:
        axes.set(yscale="log")
    sizes = list(next(iter(curves.values())))
    axes.set_xticks(sizes, [f"{size // 1000}k" for size in sizes])
    axes.minorticks_off()
    axes.legend()
    save(drawn, path)
