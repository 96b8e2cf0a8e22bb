"""``KeyedVectors`` with the names, arguments and meanings of gensim 4's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import numpy as np

from .._keyed_vectors import KeyedVectors as NativeKeyedVectors
from ._gensim3 import Gensim3
from ._rows import Key
from ._vector_files import TruncatedFileError

__all__ = [
    "Doc2VecKeyedVectors",
    "EuclideanKeyedVectors",
    "KeyedVectors",
    "TruncatedFileError",
    "Word2VecKeyedVectors",
    "load_word2vec_format",
]

Self = TypeVar("Self", bound="KeyedVectors")


class KeyedVectors(Gensim3):
    """Vectors under keys, that may be added to and changed.

    Examples
    --------
    >>> from kith.models import KeyedVectors
    >>> vectors = KeyedVectors(2)
    >>> vectors.add_vectors(["north", "east", "south"], [[0, 1], [1, 0.1], [0.1, -1]])
    >>> [key for key, cosine in vectors.most_similar("north", topn=2)]
    ['east', 'south']
    """

    def vectors_for_all(
        self: Self, keys: Iterable[Key], allow_inference: bool = True, copy_vecattrs: bool = False
    ) -> Self:
        """A copy of the rows of these keys, each once; keys that are not there are left out. Their attributes come along,
        or else counts that fall from row to row, as load_word2vec_format() gives."""
        known = [key for key in dict.fromkeys(keys) if key in self]
        chosen = type(self)(self.vector_size, dtype=self.vectors.dtype)
        rows = [self.get_index(key) for key in known]
        chosen._take(list(known), self.vectors[rows], "keys")
        chosen.expandos["count"] = np.arange(len(known), 0, -1)
        if copy_vecattrs:
            chosen.expandos = {name: values[rows] for name, values in self.expandos.items()}
        return chosen

    @classmethod
    def from_native(cls: type[Self], vectors: NativeKeyedVectors) -> Self:
        """A copy of a kith.KeyedVectors that may be changed."""
        copy = cls(vectors.dim)
        copy._take(vectors.keys(), np.array(vectors.vectors), "vectors")
        if vectors.counts is not None:
            copy.expandos["count"] = vectors.counts
        return copy

    def to_native(self) -> NativeKeyedVectors:
        """A kith.KeyedVectors: a copy that does not change, for any number of threads."""
        counts = self.expandos.get("count")
        return NativeKeyedVectors([str(key) for key in self.index_to_key], self.vectors, counts)


# gensim keeps these names of gensim 3 for its own old files.
Word2VecKeyedVectors = KeyedVectors
Doc2VecKeyedVectors = KeyedVectors
EuclideanKeyedVectors = KeyedVectors

load_word2vec_format = KeyedVectors.load_word2vec_format
