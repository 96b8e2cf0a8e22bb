"""Queries over arrays: many at a time, with items left out, as ids, vectors or a graph."""

from __future__ import annotations

from typing import Any, Literal, Optional

import numpy as np
from numpy.typing import NDArray

from ..._numbers import EVERYTHING
from .. import _params
from .._base import Base, _checked_search_k
from .._rows import as_matrix

OutputType = Literal["item", "vector"]
Ids = NDArray[np.int64]
Distances = NDArray[np.float32]


class VectorOpsMixin(Base):
    """query_by_item, query_by_vector, kneighbors and kneighbors_graph.

    ``ensure_all_finite`` and ``copy`` are there for code written for scikit-plots and change nothing: NaN and
    infinity are always refused, and what is passed is never written to.
    """

    def query_by_item(
        self,
        item: int,
        n_neighbors: Optional[int] = None,
        *,
        search_k: int = -1,
        include_distances: bool = False,
        exclude_self: bool = False,
        exclude_item_ids: Any = None,
        ensure_all_finite: bool = True,
        copy: bool = False,
    ) -> Any:
        """Ids nearest to an item, an array of exactly n_neighbors; with distances a tuple of two arrays."""
        found = self._of_items([self._known_id(item)], self._k(n_neighbors), search_k, exclude_self, exclude_item_ids)
        return _first(found, include_distances)

    def query_by_vector(
        self,
        vector: Any,
        n_neighbors: Optional[int] = None,
        *,
        search_k: int = -1,
        include_distances: bool = False,
        exclude_self: bool = False,
        exclude_item_ids: Any = None,
        ensure_all_finite: bool = True,
        copy: bool = False,
    ) -> Any:
        """Ids nearest to a vector. ``exclude_self`` leaves out one item whose vector is this very one, if any."""
        matrix = as_matrix([vector], self._params["f"], name="vector")
        return _first(
            self._of_vectors(matrix, self._k(n_neighbors), search_k, exclude_self, exclude_item_ids),
            include_distances,
        )

    def query_vectors_by_item(
        self, item: int, n_neighbors: Optional[int] = None, *, output_type: OutputType = "vector",
        dtype: Any = np.float32, **query: Any
    ) -> Any:
        """The vectors nearest to an item, (n_neighbors, f)."""
        return self._with_vectors(self.query_by_item(item, n_neighbors, **query), output_type, dtype)

    def query_vectors_by_vector(
        self, vector: Any, n_neighbors: Optional[int] = None, *, output_type: OutputType = "vector",
        dtype: Any = np.float32, **query: Any
    ) -> Any:
        """The vectors nearest to a vector, (n_neighbors, f)."""
        return self._with_vectors(self.query_by_vector(vector, n_neighbors, **query), output_type, dtype)

    def kneighbors(
        self,
        X: Any = None,
        n_neighbors: Optional[int] = None,
        *,
        search_k: int = -1,
        include_distances: bool = True,
        exclude_self: bool = False,
        exclude_item_ids: Any = None,
        output_type: OutputType = "item",
        return_distance: Optional[bool] = None,
        ensure_all_finite: bool = True,
        copy: bool = False,
    ) -> Any:
        """As scikit-learn's: ``(distances, ids)``, each (rows, n_neighbors), or ids alone without distances.

        Without X: the neighbours of every item, itself left out.
        """
        k = self._k(n_neighbors)
        if X is None:
            ids, distances = self._of_items(self._built_engine().ids(), k, search_k, True, exclude_item_ids)
        else:
            self._built_engine()
            matrix = as_matrix(X, self._params["f"])
            ids, distances = self._of_vectors(matrix, k, search_k, exclude_self, exclude_item_ids)
        output = self._output(ids, output_type)
        wanted = include_distances if return_distance is None else return_distance
        return (distances, output) if wanted else output

    def kneighbors_graph(
        self,
        X: Any = None,
        n_neighbors: Optional[int] = None,
        *,
        search_k: int = -1,
        mode: Literal["connectivity", "distance"] = "connectivity",
        exclude_self: bool = False,
        exclude_item_ids: Any = None,
        output_type: Literal["item"] = "item",
        ensure_all_finite: bool = True,
        copy: bool = False,
    ) -> Any:
        """A SciPy CSR matrix, (rows, items), with ones or distances where a neighbour is, nearest first in each row."""
        if mode not in ("connectivity", "distance"):
            raise ValueError(f"mode must be 'connectivity' or 'distance', not {mode!r}")
        if output_type != "item":
            raise ValueError(f"output_type of a graph must be 'item', not {output_type!r}")
        from scipy.sparse import csr_matrix

        distances, ids = self.kneighbors(
            X, n_neighbors, search_k=search_k, exclude_self=exclude_self, exclude_item_ids=exclude_item_ids
        )
        rows, k = ids.shape
        data = np.ones(ids.size, np.float32) if mode == "connectivity" else distances.ravel()
        starts = np.arange(0, ids.size + 1, k)
        return csr_matrix((data, ids.ravel(), starts), shape=(rows, self.get_n_items()))

    # One path for all of them

    def _k(self, n_neighbors: Optional[int]) -> int:
        return int(self._params["n_neighbors"]) if n_neighbors is None else _params.n_neighbors(n_neighbors)

    def _of_items(
        self, items: Any, k: int, search_k: int, exclude_self: bool, excluded: Any
    ) -> tuple[Ids, Distances]:
        engine = self._built_engine()
        items = np.asarray(items)
        if items.ndim != 1 or items.dtype.kind not in "iu":
            raise TypeError("items must be a sequence of ids")
        itself = items.astype(np.int64) if exclude_self else None
        queries = engine.vectors(items)
        return self._exactly(queries, k, search_k, itself, excluded)

    def _of_vectors(
        self, matrix: NDArray[Any], k: int, search_k: int, exclude_self: bool, excluded: Any
    ) -> tuple[Ids, Distances]:
        self._built_engine()
        queries = np.ascontiguousarray(matrix, dtype=np.float32)
        itself = self._same_items(queries, k, search_k) if exclude_self else None
        return self._exactly(queries, k, search_k, itself, excluded)

    def _exactly(
        self, queries: Distances, k: int, search_k: int, itself: Optional[Ids], excluded: Any
    ) -> tuple[Ids, Distances]:
        """Exactly ``k`` neighbours of every query, without the ids in ``excluded`` and, per row, in ``itself``."""
        engine = self._built_engine()
        effort = _checked_search_k(search_k)
        out = np.unique(np.asarray([] if excluded is None else list(excluded), dtype=np.int64))
        out = out[[int(i) in engine for i in out]] if out.size else out
        more = len(out) + (itself is not None)
        available = len(engine) - more
        if k > available:
            raise ValueError(f"n_neighbors={k}, but {max(0, available)} items are left to choose from")
        ids = np.empty((len(queries), k), np.int64)
        distances = np.empty((len(queries), k), np.float32)
        open_rows = np.arange(len(queries))
        while open_rows.size:
            found = engine.search(queries[open_rows], k + more, search_k=effort)
            drop = np.isin(found.ids, out) | (found.ids < 0)
            if itself is not None:
                drop |= found.ids == itself[open_rows, None]
            order = np.argsort(drop, axis=1, kind="stable")[:, :k]
            enough = (~drop).sum(axis=1) >= k
            rows = open_rows[enough]
            ids[rows] = np.take_along_axis(found.ids, order, 1)[enough]
            distances[rows] = np.take_along_axis(found.distances, order, 1)[enough]
            open_rows = open_rows[~enough]
            effort = EVERYTHING
        return ids, distances

    def _same_items(self, queries: Distances, k: int, search_k: int) -> Ids:
        """For every query the item whose vector is the very same, the lowest id of several; -1 where there is none."""
        engine = self._built_engine()
        found = engine.search(queries, k + 1, search_k=_checked_search_k(search_k)).ids
        vectors = engine.vectors(np.where(found < 0, found.max(), found).ravel()).reshape(*found.shape, -1)
        same = (vectors == queries[:, None, :]).all(axis=2) & (found >= 0)
        return np.where(same.any(axis=1), np.where(same, found, np.iinfo(np.int64).max).min(axis=1), -1)

    def _output(self, ids: Ids, output_type: str, dtype: Any = np.float32) -> NDArray[Any]:
        if output_type not in ("item", "vector"):
            raise ValueError(f"output_type must be 'item' or 'vector', not {output_type!r}")
        if output_type == "item":
            return ids
        vectors = self._built_engine().vectors(ids.ravel()).reshape(*ids.shape, -1)
        return vectors.astype(dtype, copy=False)

    def _with_vectors(self, found: Any, output_type: OutputType, dtype: Any) -> Any:
        if isinstance(found, tuple):
            return self._output(found[0], output_type, dtype), found[1]
        return self._output(found, output_type, dtype)


def _first(found: tuple[Ids, Distances], include_distances: bool) -> Any:
    return (found[0][0], found[1][0]) if include_distances else found[0][0]
