"""Kith: nearest neighbours among millions, and word embeddings."""

from ._core import Cancelled, CorruptFileError, UnsupportedError, __version__, _set_neighbors_type, inspect, verify
from ._index import Index
from ._index import open_index as open
from ._keyed_vectors import KeyedVectors
from ._progress import Progress
from ._types import Neighbors
from ._word2vec import Word2Vec

_set_neighbors_type(Neighbors)

__all__ = [
    "Cancelled",
    "CorruptFileError",
    "Index",
    "KeyedVectors",
    "Neighbors",
    "Progress",
    "UnsupportedError",
    "Word2Vec",
    "__version__",
    "inspect",
    "open",
    "verify",
]
