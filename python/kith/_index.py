"""``kith.Index`` and ``kith.open``."""

from __future__ import annotations

import os
from typing import Any, Iterator, Literal, Optional

from numpy.typing import ArrayLike

from . import _core
from ._files import Bytes, Path, as_file, as_sound_file, bytes_written
from ._numbers import integer, number, shown
from ._progress import ProgressOption, reporter
from ._types import Neighbors

__all__ = ["Index", "open_index"]

_ANNOY_SUFFIXES = (".ann", ".annoy", ".tree")


class Index(_core.Index):
    """Vectors that can be searched for the nearest to another.

    Parameters
    ----------
    dim
        Elements of a vector.
    metric
        "angular" (or "cosine"), "euclidean" ("l2"), "manhattan" ("l1"), "dot" ("ip") or "hamming".
    kind
        "auto": what suits the number of vectors and their dimension, chosen by build(); ``kind`` and ``why`` then say
        which and why. "forest": random-projection trees, as Annoy's. "coded": Kith's own forest, which knows its recall
        and is much faster. "graph": a navigable graph, which knows its recall and is fastest in many dimensions.
        "flat": exact. The ids of the last three run from 0 without a gap.
    seed
        The same vectors, seed and number of trees give the same index, whatever the number of threads.

    Examples
    --------
    >>> import kith, numpy as np
    >>> vectors = np.random.default_rng(0).normal(size=(1000, 50))
    >>> index = kith.Index(50, "angular")
    >>> _ = index.add(vectors)
    >>> _ = index.build()
    >>> index.search(vectors[7], k=3).ids[0]
    np.int64(7)
    >>> index.save("vectors.kith")
    >>> kith.open("vectors.kith").search(vectors, k=3).ids.shape
    (1000, 3)

    Any thread may call any method at any time; searches of several threads run side by side.
    """

    def __init__(
        self,
        dim: int,
        metric: str = "angular",
        kind: Literal["auto", "forest", "flat", "coded", "graph"] = "auto",
        *,
        seed: Optional[int] = None,
    ) -> None:
        dim = integer("dim", dim)
        if dim < 1:
            raise ValueError(f"dim must be at least 1, not {dim}")
        for name, value in (("metric", metric), ("kind", kind)):
            if not isinstance(value, str):
                kinds = "'auto', 'forest', 'flat', 'coded' or 'graph'"
                names = "the name of a metric, as 'angular'" if name == "metric" else kinds
                raise TypeError(f"{name} must be {names}, not {shown(value)}")
        if seed is None:
            super().__init__(dim, metric, kind)
            return
        seed = integer("seed", seed)
        if not 0 <= seed < 2**64:
            raise ValueError(f"seed must be from 0 to 2**64 - 1, not {seed}")
        super().__init__(dim, metric, kind, seed)

    def build(
        self,
        n_trees: Optional[int] = None,
        *,
        recall: Optional[float] = None,
        compress: bool = False,
        threads: int = 0,
        progress: ProgressOption = False,
    ) -> Index:
        """Make the index searchable; returns it.

        ``n_trees``: more find more and take more room. "forest": 50 by default; -1 grows as many as take the room of
        the vectors. "coded": 1 by default, which is mostly best. "flat" and "graph" have none.
        ``recall``, instead of n_trees, above 0 and below 1: the share of the 10 nearest that searches of a "forest" are to
        find. The trees, and what searches inspect unless search_k tells them (``default_search_k``), are chosen by measuring
        on the index's own vectors; ``measured_recall`` says what was reached. Files in Kith's format keep both.
        Either of the two makes an index of kind "auto" a forest.
        ``compress``: keep 8 bits of each element, for "coded" (and "auto", which becomes that) and "graph". Distances and
        vectors are then those of the rounded vectors, off by ``step / 2`` an element at most; for "angular" each vector has
        a step of its own, of which ``step`` is the largest. The recall that searches ask for is measured against the vectors
        as they were added, which are not kept: unbuild() gives the rounded ones back.
        ``threads``: 0 is one per core; they change the time, not the result. ``progress``: True shows a bar; a
        function is called with a :class:`kith.Progress` some ten times a second and stops the work by returning
        False, which raises :class:`kith.Cancelled`. Stopped or interrupted, the vectors are as before.
        """
        n_trees = None if n_trees is None else integer("n_trees", n_trees)
        if n_trees is not None and (n_trees < -1 or n_trees == 0):
            raise ValueError(f"n_trees must be at least 1, or -1 to fill the room of the vectors, not {n_trees}")
        if recall is not None:
            if n_trees is not None:
                raise ValueError(f"recall chooses the number of trees: give recall or n_trees, not {recall} and {n_trees}")
            recall = number("recall", recall)
            if not 0 < recall < 1:
                raise ValueError(f"recall must be above 0 and below 1, not {recall}")
        with reporter(progress) as callback:
            self._build(n_trees or 0, recall or 0.0, integer("threads", threads), callback, compress)
        return self

    def info(self) -> dict[str, Any]:
        """What there is to say, in a dict: the kind and why it was chosen, sizes, and what searches do unless told."""
        names = ("kind", "why", "metric", "dim", "size", "scalar", "step", "is_built", "n_trees", "nbytes", "seed",
                 "measured_recall")
        info = {name: getattr(self, name) for name in names}
        info["default_search_k"] = self.default_search_k() if self.is_built else None
        return info

    def progressive(self, query: ArrayLike, k: int = 10, *, search_k: int = -1) -> Iterator[Neighbors]:
        """Answers to one query for growing effort, from some k candidates on, each with twice those of the one before.

        The last is ``search(query, k, search_k=search_k)``; a caller who is satisfied stops before. Each goes on
        from the one before: all together take about the time of the last alone. Forests only.

        >>> import kith, numpy as np
        >>> vectors = np.random.default_rng(0).normal(size=(1000, 50))
        >>> index = kith.Index(50, kind="forest")
        >>> _ = index.add(vectors)
        >>> for found in index.build().progressive(vectors[7], k=3):
        ...     if found.distances[-1] < 1.3:
        ...         break
        """
        return self._progressive(query, k, search_k)

    def save(self, path: Path, format: Optional[Literal["kith", "annoy"]] = None) -> None:
        """Write a built index, atomically: readers of ``path`` see the old file or the new one.

        ``format``: "annoy" for a file that Annoy reads; by default that is what names ending in .ann, .annoy and
        .tree get, and anything else is a .kith file.
        """
        if format not in (None, "kith", "annoy"):
            raise ValueError(f"format must be 'kith' or 'annoy', not {format!r}")
        if format is None:
            named = os.fsdecode(path).lower() if isinstance(path, (str, bytes, os.PathLike)) else ""
            format = "annoy" if named.endswith(_ANNOY_SUFFIXES) else "kith"
        if format == "annoy":
            self._save_annoy(path)
        else:
            self._save(path)

    def to_bytes(self) -> bytes:
        """The bytes that ``save`` would write as a .kith file."""
        return bytes_written(self._save)

    @classmethod
    def from_bytes(cls, data: Bytes) -> Index:
        """The index that ``to_bytes`` wrote. Damaged bytes raise CorruptFileError; they never run code."""
        with as_sound_file(data) as path:
            return _loaded(cls, path)

    def __len__(self) -> int:
        """The number of items."""
        return len(self.ids())

    def __repr__(self) -> str:
        state = "" if self.is_built else ", not built"
        trees = f", {self.n_trees} trees" if self.n_trees else ""
        return f"<kith.Index: {self.kind}, {self.metric}, {self.size:,} x {self.dim}{trees}{state}>"

    def __getstate__(self) -> dict[str, Any]:
        ids = self.ids()
        state = {"dim": self.dim, "metric": self.metric, "kind": self.kind, "seed": self.seed}
        if self.is_built:
            return {**state, "file": self.to_bytes()}
        return {**state, "ids": ids, "vectors": self.vectors(ids)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        Index.__init__(self, state["dim"], state["metric"], state["kind"], seed=state["seed"])
        if "file" not in state:
            self.add(state["vectors"], state["ids"])
            return
        with as_file(state["file"]) as path:
            self._load(path)


def open_index(
    path: Path, *, metric: Optional[str] = None, dim: Optional[int] = None, prefault: bool = False
) -> Index:
    """Open a saved index by mapping it, whatever its size at once; processes that open the same file share memory.

    A .kith file says itself what it is. An Annoy file does not: give its ``metric`` and ``dim``. ``prefault`` reads
    the whole file now rather than page by page as searches need it.
    """
    try:
        info = _core.inspect(path)
    except _core.CorruptFileError as error:
        if metric is None and dim is None:
            raise
        if metric is None or dim is None:
            raise ValueError("an Annoy file needs both metric= and dim=") from error
        index = Index(dim, metric)
        index._load_annoy(path, prefault)
        return index
    index = _loaded(Index, path, prefault)
    for name, wanted in (("metric", metric and _core.parse_metric(metric)), ("dim", dim)):
        if wanted is not None and wanted != info[name]:
            raise ValueError(f"{os.fspath(path)!r} has {name} {info[name]!r}, not {wanted!r}")
    return index


def _loaded(cls: type[Index], path: Path, prefault: bool = False) -> Index:
    index = cls.__new__(cls)
    Index.__init__(index, 1)
    index._load(path, prefault)
    return index
