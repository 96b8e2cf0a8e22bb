"""Pictures: how good an index is, and where its vectors lie. Needs matplotlib; every function returns axes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any, Literal, Optional

import numpy as np
from numpy.typing import NDArray

from ._index import Index

__all__ = ["edges", "map2d", "num_trees", "project", "recall_vs_speed", "recall_vs_speed_table", "scatter", "trees_table"]


def _axes(ax: Any, count: int = 1) -> Any:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(1, count, figsize=(6.0 * count, 4.5), layout="constrained")
    return axes


def _exact(vectors: NDArray[Any], queries: NDArray[Any], metric: str, k: int) -> NDArray[np.int64]:
    flat = Index(vectors.shape[1], metric, "flat")
    flat.add(vectors)
    return flat.build().search(queries, k).ids


def _recall(found: NDArray[np.int64], truth: NDArray[np.int64]) -> float:
    return float(np.mean([len(np.intersect1d(a, b)) / truth.shape[1] for a, b in zip(found, truth)]))


def trees_table(
    vectors: Any,
    queries: Any,
    *,
    metric: str = "angular",
    trees: Iterable[int] = range(1, 300, 10),
    k: int = 100,
    threads: int = 0,
) -> list[dict[str, float]]:
    """For each number of trees: seconds to build and the share of the true ``k`` neighbours that is found."""
    vectors, queries = np.asarray(vectors, np.float32), np.asarray(queries, np.float32)
    truth = _exact(vectors, queries, metric, k)
    index = Index(vectors.shape[1], metric, "forest")
    index.add(vectors)
    rows = []
    for n_trees in trees:
        started = time.perf_counter()
        index.build(n_trees, threads=threads)
        seconds = time.perf_counter() - started
        recall = _recall(index.search(queries, k).ids, truth)
        rows.append({"num_trees": n_trees, "seconds": seconds, "accuracy": recall})
        index.unbuild()
    return rows


def num_trees(vectors: Any, queries: Any, *, axes: Optional[Sequence[Any]] = None, k: int = 100, **sweep: Any) -> Any:
    """Two panels, build time and accuracy over the number of trees. ``sweep``: arguments of trees_table."""
    rows = trees_table(vectors, queries, k=k, **sweep)
    left, right = _axes(axes, 2)
    x = [row["num_trees"] for row in rows]
    left.plot(x, [row["seconds"] for row in rows], marker=".")
    left.set(title="Build time", xlabel="num_trees", ylabel="seconds")
    right.plot(x, [100 * row["accuracy"] for row in rows], marker=".")
    right.set(title="Accuracy", xlabel="num_trees", ylabel=f"% of the {k} nearest found")
    return left, right


def recall_vs_speed_table(
    index: Index,
    queries: Any,
    truth: Any = None,
    *,
    k: int = 10,
    efforts: Iterable[int] = (100, 300, 1000, 3000, 10_000, 30_000),
    threads: int = 1,
) -> list[dict[str, float]]:
    """For each search_k: recall and queries per second. ``truth``: ids of the true neighbours, else computed."""
    queries = np.asarray(queries, np.float32)
    if truth is None:
        ids = index.ids()
        truth = ids[_exact(index.vectors(ids), queries, index.metric, k)]
    rows = []
    for search_k in efforts:
        started = time.perf_counter()
        found = index.search(queries, k, search_k=search_k, threads=threads).ids
        seconds = time.perf_counter() - started
        rows.append({"search_k": search_k, "recall": _recall(found, truth), "qps": len(queries) / seconds})
    return rows


def recall_vs_speed(index: Index, queries: Any, truth: Any = None, *, ax: Any = None, label: Any = None, **sweep: Any) -> Any:
    """Queries per second over recall, one point per effort. ``sweep``: arguments of recall_vs_speed_table."""
    rows = recall_vs_speed_table(index, queries, truth, **sweep)
    ax = _axes(ax)
    ax.plot([row["recall"] for row in rows], [row["qps"] for row in rows], marker="o", label=label)
    for row in rows:
        ax.annotate(f"{row['search_k']:,}", (row["recall"], row["qps"]), textcoords="offset points", xytext=(5, 5))
    ax.set(yscale="log", xlabel=f"recall@{sweep.get('k', 10)}", ylabel="queries per second")
    return ax


def project(
    vectors: Any, projection: Literal["pca", "dims"] = "pca", *, dims: tuple[int, int] = (0, 1), center: bool = True
) -> NDArray[np.float64]:
    """Vectors in two dimensions: along their two principal axes, or two of their own elements."""
    matrix = np.asarray(vectors, np.float64)
    if projection == "dims":
        return matrix[:, list(dims)]
    if projection != "pca":
        raise ValueError(f"projection must be 'pca' or 'dims', not {projection!r}")
    if center:
        matrix = matrix - matrix.mean(axis=0)
    _, axes = np.linalg.eigh(matrix.T @ matrix)
    axes = axes[:, ::-1][:, :2]
    # An axis has no sign of its own: the largest element is made positive.
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), range(axes.shape[1])])
    positions = matrix @ axes
    return positions if positions.shape[1] == 2 else np.pad(positions, ((0, 0), (0, 1)))


def scatter(positions: Any, labels: Any = None, *, ax: Any = None, title: Any = None, **style: Any) -> Any:
    """Points, coloured by label where there are labels."""
    positions = np.asarray(positions)
    if labels is not None and len(labels) != len(positions):
        raise ValueError(f"there are {len(labels)} labels for {len(positions)} points")
    ax = _axes(ax)
    style = {"s": 12, "alpha": 0.8, **style}
    if labels is None:
        ax.scatter(positions[:, 0], positions[:, 1], **style)
    else:
        names = np.array([str(label) for label in labels])
        for name in dict.fromkeys(names.tolist()):
            chosen = positions[names == name]
            ax.scatter(chosen[:, 0], chosen[:, 1], label=name, **style)
        if len(set(names.tolist())) <= 20:
            ax.legend(loc="best", fontsize="small")
    if title is not None:
        ax.set_title(title)
    return ax


def edges(positions: Any, pairs: Any, *, ax: Any = None, **style: Any) -> Any:
    """A line between the two points of each pair of rows."""
    from matplotlib.collections import LineCollection

    ax = _axes(ax)
    positions = np.asarray(positions)
    style = {"linewidths": 0.5, "colors": "0.6", "zorder": 0, **style}
    ax.add_collection(LineCollection([positions[list(pair)] for pair in pairs], **style))
    ax.autoscale_view()
    return ax


def map2d(index: Index, ids: Any = None, labels: Any = None, *, k: int = 5, ax: Any = None, **style: Any) -> Any:
    """Items along their two principal axes, each joined to its ``k`` nearest."""
    chosen = index.ids() if ids is None else np.asarray(ids)
    positions = project(index.vectors(chosen))
    found = index.search_items(chosen, k + 1).ids
    row_of = {item: row for row, item in enumerate(chosen.tolist())}
    pairs = {
        (min(row, row_of[j]), max(row, row_of[j]))
        for row, near in enumerate(found.tolist())
        for j in near
        if j in row_of and row_of[j] != row
    }
    ax = scatter(positions, labels, ax=ax, **style)
    return edges(positions, sorted(pairs), ax=ax)
