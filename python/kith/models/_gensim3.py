"""Names that gensim 3 had and gensim 4 refuses; they work, with a DeprecationWarning."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

from ._rows import Key, Rows
from ._vector_files import VectorFiles

__all__ = ["Gensim3", "warn_renamed"]


def warn_renamed(old: str, new: str) -> None:
    warnings.warn(f"{old} is gensim 3's name: use {new}", DeprecationWarning, stacklevel=3)


@dataclass(frozen=True)
class VocabItem:
    """What gensim 3 knew of a word."""

    index: int
    count: int


class _Vocab(Mapping[Any, VocabItem]):
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def __getitem__(self, key: Any) -> VocabItem:
        row = self._rows.key_to_index[key]
        counts = self._rows.expandos.get("count")
        return VocabItem(row, int(counts[row]) if counts is not None else 0)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows.key_to_index)

    def __len__(self) -> int:
        return len(self._rows.key_to_index)


class Gensim3(VectorFiles):
    """vocab, index2word, vectors_norm, syn0 and the like."""

    _normed: Optional[tuple[Any, NDArray[Any]]] = None

    @property
    def vectors_norm(self) -> NDArray[Any]:
        """All vectors at length 1, read-only; computed once."""
        warn_renamed("vectors_norm", "get_normed_vectors()")
        return self._normed_once()

    @property
    def syn0norm(self) -> NDArray[Any]:
        warn_renamed("syn0norm", "get_normed_vectors()")
        return self._normed_once()

    def _normed_once(self) -> NDArray[Any]:
        core = self._native
        if self._normed is None or self._normed[0] is not core:
            normed = self.get_normed_vectors()
            normed.setflags(write=False)
            self._normed = (core, normed)
        return self._normed[1]

    @property
    def syn0(self) -> NDArray[Any]:
        warn_renamed("syn0", "vectors")
        return self.vectors

    @property
    def index2word(self) -> list[Any]:
        warn_renamed("index2word", "index_to_key")
        return self.index_to_key

    @property
    def index2entity(self) -> list[Any]:
        warn_renamed("index2entity", "index_to_key")
        return self.index_to_key

    @property
    def vocab(self) -> Mapping[Any, VocabItem]:
        warn_renamed("vocab", "key_to_index and get_vecattr(key, 'count')")
        return _Vocab(self)

    def init_sims(self, replace: bool = False) -> None:
        """Nothing is left to prepare; ``replace=True`` scales the vectors to length 1."""
        warn_renamed("init_sims()", "fill_norms(), or unit_normalize_all() for replace=True")
        if replace:
            self.unit_normalize_all()
        else:
            self.fill_norms()

    def word_vec(self, key: Key, norm: bool = False) -> NDArray[np.float32]:
        warn_renamed("word_vec()", "get_vector()")
        return self.get_vector(key, norm)

    def words_closer_than(self, word1: Key, word2: Key) -> list[Any]:
        warn_renamed("words_closer_than()", "closer_than()")
        return self.closer_than(word1, word2)

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_normed": None}
