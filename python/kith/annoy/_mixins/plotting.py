"""Pictures of the items: a map of two dimensions, and the edges between neighbours."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ... import plot
from .ndarray import NDArrayMixin
from .vectors import VectorOpsMixin


class PlottingMixin(NDArrayMixin, VectorOpsMixin):
    """plot_index and plot_knn_edges; both need matplotlib."""

    def plot_index(
        self,
        labels: Any = None,
        *,
        ids: Any = None,
        projection: Literal["pca", "dims"] = "pca",
        dims: tuple[int, int] = (0, 1),
        center: bool = True,
        maxabs: bool = False,
        l2_normalize: bool = False,
        dtype: Any = np.float32,
        ax: Any = None,
        title: Any = None,
        plot_kwargs: Any = None,
    ) -> tuple[NDArray[Any], NDArray[np.int64], Any]:
        """Scatter the items in two dimensions; gives (positions, ids, axes).

        ``labels``, one per item drawn, colour them; without, the labels given to fit() do.
        """
        vectors, chosen = self.get_item_vectors(ids, dtype=dtype, return_ids=True)
        if maxabs:
            largest = np.abs(vectors).max(axis=0)
            vectors = vectors / np.where(largest > 0, largest, 1)
        if l2_normalize:
            length = np.linalg.norm(vectors, axis=1, keepdims=True)
            vectors = vectors / np.where(length > 0, length, 1)
        positions = plot.project(vectors, projection, dims=dims, center=center)
        if labels is None and self._labels:
            labels = [self._labels.get(i) for i in chosen.tolist()]
        ax = plot.scatter(positions, labels, ax=ax, title=title, **(plot_kwargs or {}))
        return positions, chosen, ax

    def plot_knn_edges(
        self,
        y2: NDArray[Any],
        *,
        ids: Any = None,
        k: int = 10,
        search_k: int = -1,
        ax: Any = None,
        line_kwargs: Any = None,
        undirected: bool = True,
    ) -> Any:
        """Draw a line from every item to each of its k nearest; ``y2`` are the positions from plot_index."""
        chosen = self._chosen(ids, 0, None)
        if len(chosen) != len(y2):
            raise ValueError(f"y2 has {len(y2)} positions for {len(chosen)} items")
        found, _ = self._of_items(chosen, min(k, len(self._built_engine()) - 1), search_k, True, None)
        row_of = {item: row for row, item in enumerate(chosen.tolist())}
        pairs = [(row, row_of[j]) for row, near in enumerate(found.tolist()) for j in near if j in row_of]
        if undirected:
            pairs = sorted({(min(pair), max(pair)) for pair in pairs})
        return plot.edges(y2, pairs, ax=ax, **(line_kwargs or {}))
