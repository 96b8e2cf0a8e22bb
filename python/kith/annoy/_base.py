"""What every part of the high-level index builds on: its parameters, its engine and Annoy's own methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional, TypeVar, Union

import numpy as np

from .._files import Path
from .._index import Index as Engine
from . import _params

Self = TypeVar("Self", bound="Base")

MAX_ID = 2**31 - 2


class Base:
    """Parameters, items and trees. The engine is a :class:`kith.Index`, made when dimension and metric are known."""

    def __init__(
        self,
        f: Optional[int] = None,
        metric: Optional[str] = None,
        *,
        n_neighbors: int = 5,
        n_trees: int = -1,
        n_jobs: int = -1,
        l1_ratio: float = 0.0,
        on_disk_path: Optional[Path] = None,
        prefault: Optional[bool] = None,
        seed: Optional[int] = None,
        random_state: Optional[int] = None,
        verbose: Optional[int] = None,
        schema_version: Optional[int] = None,
    ) -> None:
        given = {
            "f": f,
            "metric": metric,
            "n_neighbors": n_neighbors,
            "n_trees": n_trees,
            "n_jobs": n_jobs,
            "l1_ratio": l1_ratio,
            "seed": seed,
            "random_state": random_state,
            "verbose": verbose,
            "prefault": prefault,
            "schema_version": schema_version,
            "on_disk_path": on_disk_path,
        }
        self._params: dict[str, Any] = _params.checked(given)
        self._engine: Optional[Engine] = None
        self._path: Optional[str] = None
        self._labels: dict[int, Any] = {}
        self._feature_names: Optional[tuple[str, ...]] = None

    # The engine

    def _made(self, f: int) -> Engine:
        """A new, empty engine for vectors of ``f`` elements."""
        engine = Engine(f, self._params["metric"] or "angular", "forest", seed=self._params["seed"])
        if self._params["on_disk_path"] is not None:
            engine._on_disk(self._params["on_disk_path"])
        return engine

    def _adopt(self, engine: Engine) -> None:
        """Takes over an engine whose dimension and metric hold from now on."""
        self._engine = engine
        self._params["f"] = engine.dim
        self._params["metric"] = engine.metric

    def _built_engine(self) -> Engine:
        if self._engine is None or not self._engine.is_built:
            raise RuntimeError("the index is not built: call build() or fit() first")
        return self._engine

    def _empty(self) -> bool:
        return self._engine is None or self._engine.size == 0

    # Items and trees

    def add_item(self: Self, i: int, vector: Any) -> Self:
        """Add or replace item ``i``. Memory is taken for all ids up to the largest."""
        i = _checked_id(i)
        if self._engine is not None and self._engine.is_built:
            raise RuntimeError("the index is built: call unbuild() before adding to it")
        row = np.asarray(vector, dtype=np.float32)
        if row.ndim != 1 or row.size == 0:
            raise ValueError(f"a vector must have one dimension and at least one element; found shape {row.shape}")
        f = self._params["f"]
        if f is not None and row.size != f:
            raise ValueError(f"Vector has wrong length (expected {f}, got {row.size})")
        engine = self._engine if self._engine is not None else self._made(row.size)
        engine.add(row, [i])
        self._adopt(engine)
        return self

    def build(
        self: Self, n_trees: Optional[int] = None, n_jobs: Optional[int] = None, *, recall: Optional[float] = None
    ) -> Self:
        """Grow the trees. What is given here holds for this call; the parameters stay as they are.

        ``recall``, instead of n_trees: the share of the 10 nearest to find, from which the trees and what queries inspect
        by default are chosen by measuring; see ``kith.Index.build``.
        """
        if recall is None:
            trees = self._params["n_trees"] if n_trees is None else _params.n_trees(n_trees)
        else:
            trees = n_trees
        jobs = self._params["n_jobs"] if n_jobs is None else _params.n_jobs(n_jobs)
        if self._engine is None or self._empty():
            raise RuntimeError("there is nothing to build: add items first")
        if self._engine.is_built:
            raise RuntimeError("the index is built already: call unbuild() before building it anew")
        self._grow(self._engine, trees, jobs, recall)
        return self

    def _grow(self, engine: Engine, n_trees: Optional[int], n_jobs: int, recall: Optional[float] = None) -> None:
        if self._params["seed"] is not None:
            engine.seed = self._params["seed"]
        verbose = self._params["verbose"] or 0
        engine.build(n_trees, recall=recall, threads=max(0, n_jobs), progress=verbose >= 1)

    def unbuild(self: Self) -> Self:
        """Drop the trees and keep the items, of a loaded index too, so that more can be added."""
        if self._engine is not None and self._engine.is_built:
            self._engine.unbuild()
        return self

    def unload(self: Self) -> Self:
        """Let go of all items and files. The parameters stay, and the index can be filled again."""
        self._engine = None
        self._path = None
        self._labels = {}
        self._feature_names = None
        return self

    def on_disk_build(self: Self, fn: Path) -> Self:
        """Keep items and trees in a file beside ``fn`` that becomes ``fn`` when build() is done, and not before."""
        path = _params.on_disk_path(fn)
        if path is None:
            raise TypeError("fn must name a file, not None")
        if not self._empty():
            raise RuntimeError("on_disk_build comes before the first item: call unload() first")
        if self._params["f"] is not None:
            engine = Engine(self._params["f"], self._params["metric"] or "angular", "forest", seed=self._params["seed"])
            engine._on_disk(path)
            self._adopt(engine)
        self._params["on_disk_path"] = path
        return self

    # Queries, as Annoy's

    def get_nns_by_item(
        self, i: int, n: Optional[int] = None, search_k: int = -1, include_distances: bool = False
    ) -> Any:
        """Ids nearest to item ``i``, itself included, as a list; with distances a tuple of two lists."""
        engine = self._built_engine()
        found = engine.search_items(self._known_id(i), self._wanted(n), search_k=_checked_search_k(search_k))
        return _as_lists(found, include_distances)

    def get_nns_by_vector(
        self, vector: Any, n: Optional[int] = None, search_k: int = -1, include_distances: bool = False
    ) -> Any:
        """Ids nearest to ``vector`` as a list; with distances a tuple of two lists."""
        engine = self._built_engine()
        query = np.asarray(vector, dtype=np.float32)
        if query.shape != (engine.dim,):
            raise ValueError(f"Vector has wrong length (expected {engine.dim}, got {query.size})")
        found = engine.search(query, self._wanted(n), search_k=_checked_search_k(search_k))
        return _as_lists(found, include_distances)

    def get_item(self, i: int) -> list[float]:
        """The vector of item ``i``; zeros for an id below the largest that was never added."""
        i = self._known_id(i)
        engine = self._engine
        assert engine is not None
        vector: list[float] = engine.vectors(i).tolist() if i in engine else [0.0] * engine.dim
        return vector

    get_item_vector = get_item

    def get_distance(self, i: int, j: int) -> float:
        """The metric's value between two items, the same before and after build()."""
        i, j = self._known_id(i), self._known_id(j)
        assert self._engine is not None
        return self._engine.distance(i, j)

    def get_n_items(self) -> int:
        """One more than the largest id."""
        return 0 if self._engine is None else self._engine.size

    def get_n_trees(self) -> int:
        return 0 if self._engine is None else self._engine.n_trees

    def __len__(self) -> int:
        return self.get_n_items()

    def _known_id(self, i: int) -> int:
        i = _checked_id(i)
        if i >= self.get_n_items():
            raise IndexError(f"Item index larger than the largest item index: {i}, of {self.get_n_items()} items")
        return i

    def _wanted(self, n: Optional[int]) -> int:
        if n is None:
            return int(self._params["n_neighbors"])
        number = _params.integer("n", n)
        if number < 1:
            raise ValueError(f"n must be at least 1, not {number}")
        return min(number, max(1, self.get_n_items()))

    # Settings with methods of their own

    def set_seed(self: Self, seed: Optional[int] = None) -> Self:
        self._params["seed"] = _params.seed(seed)
        return self

    def set_verbose(self: Self, level: Optional[int] = 1) -> Self:
        self._params["verbose"] = _params.verbose(level)
        return self

    set_verbosity = set_verbose

    # Labels

    @property
    def y(self) -> Optional[list[Any]]:
        """The label of every id, None where there is none; None when there are no labels at all."""
        if not self._labels:
            return None
        return [self._labels.get(i) for i in range(self.get_n_items())]

    @y.setter
    def y(self, labels: Any) -> None:
        self._labels = self._labels_of(labels)

    @property
    def y_map(self) -> Optional[dict[int, Any]]:
        """The labels by id."""
        return dict(self._labels) or None

    @y_map.setter
    def y_map(self, labels: Optional[Mapping[int, Any]]) -> None:
        self._labels = _checked_labels(labels or {}, self.get_n_items())

    def _labels_of(self, labels: Any) -> dict[int, Any]:
        if labels is None:
            return {}
        if isinstance(labels, (str, bytes, Mapping)):
            raise TypeError("y must be a sequence with one label per item; labels by id go to y_map")
        labels = list(labels)
        if len(labels) != self.get_n_items():
            raise ValueError(f"y has {len(labels)} labels for {self.get_n_items()} items")
        return {i: label for i, label in enumerate(labels) if label is not None}


def _checked_id(i: Any) -> int:
    number = _params.integer("an item id", i)
    if number < 0:
        raise IndexError(f"Item index can not be negative: {number}")
    if number > MAX_ID:
        raise OverflowError(f"an item id must be at most {MAX_ID}, not {number}")
    return number


def _checked_search_k(search_k: Any) -> int:
    number = _params.integer("search_k", search_k)
    if number < -1:
        raise ValueError(f"search_k must be -1 (n x number of trees) or at least 0, not {number}")
    return number


def _checked_labels(labels: Mapping[int, Any], n_items: int) -> dict[int, Any]:
    checked = {_params.integer("a key of y_map", i): label for i, label in labels.items()}
    for i in checked:
        if not 0 <= i < n_items:
            raise ValueError(f"y_map names item {i}, but ids run from 0 to {n_items - 1}")
    return checked


def _as_lists(found: Any, include_distances: bool) -> Union[list[int], tuple[list[int], list[float]]]:
    ids: list[int] = found.ids.tolist()
    return (ids, found.distances.tolist()) if include_distances else ids
