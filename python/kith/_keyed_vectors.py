"""``kith.KeyedVectors``: vectors with names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any, Optional, Union

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._files import Path, as_file, bytes_written
from ._index import Index
from ._progress import ProgressOption, reporter

__all__ = ["KeyedVectors"]


class KeyedVectors(_core.KeyedVectors):
    """Rows of numbers, each under a key of its own.

    Examples
    --------
    >>> import kith, numpy as np
    >>> vectors = kith.KeyedVectors(["north", "east", "south"], [[0, 1], [1, 0.1], [0.1, -1]])
    >>> vectors["east"]
    array([1. , 0.1], dtype=float32)
    >>> [key for key, cosine in vectors.most_similar("north", topn=2)]
    ['east', 'south']

    It does not change once made, and any number of threads may use it.
    """

    def __init__(self, keys: Iterable[str], vectors: ArrayLike, counts: Optional[Any] = None) -> None:
        super().__init__(keys, vectors, counts)

    @classmethod
    def open(cls, path: Path, *, prefault: bool = False) -> KeyedVectors:
        """Map the vectors and keys of a .kith file, at once and sharing memory with other processes."""
        return cls._from_core(_core.KeyedVectors._open(path, prefault))

    @classmethod
    def read(cls, path: Path, *, limit: int = 0, progress: ProgressOption = False) -> KeyedVectors:
        """Read a file of vectors in any format that the library knows (word2vec, GloVe, NumPy, fvecs, IDX; .gz too)."""
        with reporter(progress) as callback:
            core, _ = _core.read_keyed_vectors(path, limit=limit, progress=callback)
        return cls._from_core(core)

    def write(self, path: Path, *, format: str = "auto") -> None:
        """Write one, in the format that its name says or that is named."""
        _core.write_keyed_vectors(path, self, format=format)

    @classmethod
    def _from_core(cls, core: _core.KeyedVectors) -> KeyedVectors:
        vectors = cls.__new__(cls)
        _core.KeyedVectors._copy_init(vectors, core)
        return vectors

    def save(self, path: Path, index: Optional[Index] = None) -> None:
        """Write a .kith file of vectors and keys, and of an index over them, atomically."""
        self._save(path, index)

    def build_index(
        self, n_trees: int = 50, *, threads: int = 0, seed: Optional[int] = None, progress: ProgressOption = False
    ) -> Index:
        """An angular index of all rows, to pass to most_similar."""
        index = Index(self.dim, "angular", seed=seed)
        index.add(self.vectors)
        return index.build(n_trees, threads=threads, progress=progress)

    def __getitem__(self, key: Union[str, list[str]]) -> NDArray[np.float32]:
        """The vector of a key, or the matrix of several."""
        rows = self._row(key) if isinstance(key, str) else [self._row(one) for one in key]
        found: NDArray[np.float32] = self.vectors[rows]
        return found

    def _row(self, key: str) -> int:
        row = self.find(key)
        if row is None:
            raise KeyError(f"key {key!r} is not there")
        return row

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.find(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __repr__(self) -> str:
        return f"<kith.KeyedVectors: {len(self):,} x {self.dim}>"

    def __reduce__(self) -> Any:
        return _unpickle, (type(self), bytes_written(self._save))


def _unpickle(cls: type[KeyedVectors], data: bytes) -> KeyedVectors:
    with as_file(data) as path:
        return cls.open(os.fspath(path))
