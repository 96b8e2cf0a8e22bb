"""``kith.DynamicIndex``."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._files import Bytes, Path, as_file, as_sound_file, bytes_written
from ._index import Index
from ._progress import ProgressOption, reporter

__all__ = ["DynamicIndex"]


class DynamicIndex(_core.DynamicIndex):
    """Graphs that grow and shrink: vectors come and go while other threads search.

    Parameters
    ----------
    dim
        Elements of a vector.
    metric
        "angular" (or "cosine"), "euclidean" ("l2"), "manhattan" ("l1"), "dot" ("ip") or "hamming".
    seed
        The same calls and seed give the same answers, whatever the number of threads.
    threads
        Of the graphs' builds; 0 is one per core.
    buffer
        Vectors that wait before they become a graph: more make additions cheaper and searches slower. 0 takes what a
        search reads in some 50 microseconds; at most 2^20.

    Notes
    -----
    ``search``, ``search_items`` and ``range_search`` take what those of :class:`kith.Index` take, ``recall`` and ``ef`` for
    every graph. Any thread may call any method at any time. Searches wait for nothing and see the index as it was between
    two changes; changes wait for each other. A change that raises has changed nothing.

    Examples
    --------
    >>> import kith, numpy as np
    >>> vectors = np.random.default_rng(0).normal(size=(1000, 50))
    >>> index = kith.DynamicIndex(50, "angular")
    >>> ids = index.add(vectors)
    >>> index.remove(ids[:10])
    >>> len(index), 7 in index
    (990, False)
    >>> index.search(vectors[12], k=3).ids[0]
    np.int64(12)
    """

    def add(
        self, vectors: ArrayLike, ids: Optional[ArrayLike] = None, *, progress: ProgressOption = False
    ) -> NDArray[np.int64]:
        """Add one vector or the rows of a matrix; returns their ids.

        ``ids``: any that are not there, 0 or above; by default they follow on from the largest so far. ``progress``: as
        ``Index.build``, for the graphs that have to be built. Costs the building of a graph once in every ``buffer``
        vectors, of about log(items) graphs in all for each vector.
        """
        with reporter(progress) as callback:
            return super().add(vectors, ids, progress=callback)

    def remove(self, ids: ArrayLike, *, progress: ProgressOption = False) -> None:
        """Remove one item or many. IndexError names the first that is not there; then none is removed."""
        with reporter(progress) as callback:
            super().remove(ids, progress=callback)

    def compact(self, *, progress: ProgressOption = False) -> None:
        """Bring all items into one graph, which searches fastest, and free what removed ones take."""
        with reporter(progress) as callback:
            super().compact(progress=callback)

    @classmethod
    def open(cls, path: Path, *, prefault: bool = False, threads: int = 0) -> DynamicIndex:
        """Map what save() wrote, or a saved Index of kind "graph", to go on from there."""
        index = cls.__new__(cls)
        cls._open_into(index, path, prefault, threads)
        return index

    @classmethod
    def grow(cls, index: Index, *, threads: int = 0, buffer: int = 0) -> DynamicIndex:
        """Go on from a built Index of kind "graph", whose memory is shared, not copied."""
        grown = cls.__new__(cls)
        cls._grow_into(grown, index, threads, buffer)
        return grown

    def to_bytes(self) -> bytes:
        """The bytes that ``save`` would write."""
        return bytes_written(self.save)

    @classmethod
    def from_bytes(cls, data: Bytes) -> DynamicIndex:
        """The index that ``to_bytes`` wrote. Damaged bytes raise CorruptFileError; they never run code."""
        with as_sound_file(data) as path:
            return cls.open(path)

    def __repr__(self) -> str:
        return f"<kith.DynamicIndex: {self.metric}, {len(self):,} x {self.dim}, {self.n_graphs} graphs>"

    def __getstate__(self) -> dict[str, Any]:
        return {"file": self.to_bytes()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        with as_file(state["file"]) as path:
            type(self)._open_into(self, path, False, 0)
