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
            core = _core.read_keyed_vectors(path, limit=limit, progress=callback)
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
        index = Index(self.dim, "angular", "forest", seed=seed)
        index.add(self.vectors)
        return index.build(n_trees, threads=threads, progress=progress)

    def most_similar_batch(
        self,
        queries: Any,
        topn: int = 10,
        *,
        restrict_vocab: int = 0,
        clip_start: int = 0,
        clip_end: Optional[int] = None,
        index: Optional[Index] = None,
        search_k: int = -1,
        threads: int = 0,
    ) -> list[list[tuple[str, float]]]:
        """most_similar() of many queries at once, several times as quick: a list of (key, cosine) for each. ``queries``
        is a list of keys, each left out of its own answer, or a matrix of vectors."""
        keys = not isinstance(queries, np.ndarray) and all(isinstance(query, str) for query in queries)
        asked: Any = [self._row(key) for key in queries] if keys else np.asarray(queries, dtype=np.float32)
        if not len(asked):
            return []
        rows, scores = self._similar_batch(
            asked, topn, restrict_vocab=restrict_vocab, clip_start=clip_start, clip_end=clip_end, index=index,
            search_k=search_k, threads=threads,
        )  # fmt: skip
        names = self.keys()
        return [
            [(names[row], score) for row, score in zip(found, values) if row >= 0]
            for found, values in zip(rows.tolist(), scores.tolist())
        ]

    def vectors_for_all(self, keys: Iterable[str]) -> KeyedVectors:
        """The rows of these keys, each once, with their counts; keys that are not there are left out."""
        return self._from_core(self._vectors_for_all(keys))

    def intersect(self, other: _core.KeyedVectors) -> KeyedVectors:
        """All rows, in which keys that ``other`` has too have its vectors. kith.Word2Vec.intersect does it to a model."""
        return self._from_core(self._intersect(other))

    def wmdistance(self, document1: Iterable[str], document2: Iterable[str], norm: bool = True) -> float:
        """Word mover's distance of two lists of keys; ``norm``: vectors at length 1. Keys that are not there are left
        out; with none left in a document it is infinite."""
        known = [[key for key in document if key in self] for document in (document1, document2)]
        return self._movers_distance(known[0], known[1], norm) if known[0] and known[1] else float("inf")

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
