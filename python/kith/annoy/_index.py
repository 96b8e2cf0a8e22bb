"""``kith.annoy.Index``."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any, Optional, TypeVar

from .. import _core
from .._index import Index as Engine
from . import _params
from ._mixins import (
    EstimatorMixin,
    IndexIOMixin,
    MetaMixin,
    NDArrayMixin,
    PickleMixin,
    PlottingMixin,
    VectorOpsMixin,
)

Self = TypeVar("Self", bound="Index")


def _parameter(name: str, doc: str) -> Any:
    """A property over one of the parameters."""

    def get(self: Index) -> Any:
        return self._params[name]

    def set(self: Index, value: Any) -> None:
        self.set_params(**{name: value})

    return property(get, set, doc=doc)


class Index(
    EstimatorMixin, IndexIOMixin, MetaMixin, PickleMixin, PlottingMixin, NDArrayMixin, VectorOpsMixin
):
    """Approximate nearest neighbours with arrays, labels, pickling, files that describe themselves, and plots.

    Parameters
    ----------
    f
        Elements of a vector. None leaves it to the first vector or to the file that is loaded.
    metric
        "angular" ("cosine"), "euclidean" ("l2"), "manhattan" ("l1"), "dot" ("inner") or "hamming". None leaves it
        to the file that is loaded and is "angular" otherwise.
    n_neighbors
        What queries return unless they say otherwise.
    n_trees, n_jobs
        What build() and fit() use unless they say otherwise. -1 trees: as many as take the room of the items.
        -1 jobs: one thread per core.
    on_disk_path
        Build in this file, for indexes larger than memory. Nothing is written before there are items, and what the
        file held stays until build() is done.
    seed, random_state
        Two names of one parameter. The same items and seed give the same trees.
    verbose
        1 and more shows progress.
    prefault
        Read files whole when loading them.

    Methods that change the index return it. Any thread may call any method at any time.
    """

    f = _parameter("f", "Elements of a vector; None while not known.")
    n_features = _parameter("f", "Elements of a vector; None while not known.")
    metric = _parameter("metric", "Name of the metric; None while not known.")
    n_neighbors = _parameter("n_neighbors", "What queries return unless they say otherwise.")
    n_trees = _parameter("n_trees", "Trees that build() grows unless it is told.")
    n_jobs = _parameter("n_jobs", "Threads that build() uses unless it is told.")
    l1_ratio = _parameter("l1_ratio", "Without effect.")
    seed = _parameter("seed", "Seed of the trees; None for the default.")
    random_state = _parameter("seed", "Another name of seed.")
    verbose = _parameter("verbose", "1 and more shows progress.")
    prefault = _parameter("prefault", "Whether files are read whole when loaded.")
    schema_version = _parameter("schema_version", "Without effect.")

    @property
    def on_disk_path(self) -> Optional[str]:
        """The file that this index is built in, or else the one it was last saved to or loaded from."""
        path: Optional[str] = self._params["on_disk_path"]
        return path if path is not None else self._path

    @on_disk_path.setter
    def on_disk_path(self, value: Any) -> None:
        self.set_params(on_disk_path=value)

    @classmethod
    def from_low_level(cls: type[Self], obj: _core.Annoy, *, prefault: Optional[bool] = None) -> Self:
        """The items and trees of an ``Annoy``, which stays as it is, and so does any file of its."""
        if not isinstance(obj, _core.Annoy):
            raise TypeError(f"from_low_level takes a kith.annoy.Annoy, not {type(obj).__name__}")
        engine = Engine(1)
        engine._adopt_annoy(obj)
        index = cls(prefault=prefault)
        index._adopt(engine)
        return index

    def rebuild(
        self: Self,
        metric: Optional[str] = None,
        *,
        on_disk_path: Any = None,
        n_trees: Optional[int] = None,
        n_jobs: Optional[int] = None,
    ) -> Self:
        """A new index over the same items and labels, perhaps of another metric. This one stays as it is."""
        if self._engine is None or self._empty():
            raise RuntimeError("there is nothing to rebuild: the index holds no items")
        params = {**self._params, "on_disk_path": on_disk_path}
        if metric is not None:
            params["metric"] = metric
        other = type(self)(**params)
        engine = other._made(self._engine.dim)
        ids = self._engine.ids()
        engine.add(self._engine.vectors(ids), ids)
        other._adopt(engine)
        other._labels = dict(self._labels)
        other._feature_names = self._feature_names
        return other.build(n_trees, n_jobs)

    def info(
        self, include_n_items: bool = True, include_n_trees: bool = True, include_memory: Optional[bool] = None
    ) -> dict[str, Any]:
        """What there is to say in a dict."""
        names = ("f", "metric", "n_neighbors", "prefault", "seed", "verbose", "schema_version")
        info: dict[str, Any] = {name: self._params[name] for name in names}
        info["on_disk_path"] = self.on_disk_path
        if include_n_items:
            info["n_items"] = self.get_n_items()
        if include_n_trees:
            info["n_trees"] = self.get_n_trees()
        if include_memory or include_memory is None:
            used = self.memory_usage()
            info["memory_usage_byte"] = used
            info["memory_usage_mib"] = None if used is None else used / 2**20
        return info

    def memory_usage(self) -> Optional[int]:
        """Bytes of items and trees; None while there are none. O(1)."""
        return None if self._engine is None else self._engine.nbytes

    def repr_info(
        self, include_n_items: bool = True, include_n_trees: bool = True, include_memory: Optional[bool] = None
    ) -> str:
        return f"{type(self).__name__}(**{self.info(include_n_items, include_n_trees, include_memory)!r})"

    def __repr__(self) -> str:
        changed = {k: v for k, v in self._params.items() if v != _params.DEFAULTS[k]}
        arguments = ", ".join(f"{name}={value!r}" for name, value in changed.items())
        return f"{type(self).__name__}({arguments})"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{html.escape(name)}</th><td>{html.escape(repr(value))}</td></tr>"
            for name, value in self.info().items()
        )
        title = html.escape(type(self).__name__)
        state = f"{self.get_n_items():,} items, {self.get_n_trees()} trees"
        return (
            f"<details class='kith-index'><summary><b>{title}</b> ({state})</summary><table>{rows}</table></details>"
        )

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


