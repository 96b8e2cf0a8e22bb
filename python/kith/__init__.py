"""Kith: nearest neighbours among millions, and word embeddings."""

import importlib as _importlib
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from ._core import Cancelled, CorruptFileError, UnsupportedError, __version__, _set_neighbors_type, inspect, verify
from ._dynamic import DynamicIndex
from ._index import Index
from ._index import open_index as open
from ._keyed_vectors import KeyedVectors
from ._progress import Progress
from ._types import Neighbors
from ._word2vec import Word2Vec

if _TYPE_CHECKING:
    from . import annoy as annoy
    from . import datasets as datasets
    from . import models as models
    from . import plot as plot
    from . import similarities as similarities
    from . import sklearn as sklearn
    from . import utils as utils

_set_neighbors_type(Neighbors)

#: Imported when first used: most programs need few of them, and some need other packages.
_SUBMODULES = ("annoy", "datasets", "models", "plot", "similarities", "sklearn", "utils")


def __getattr__(name: str) -> _Any:
    if name in _SUBMODULES:
        return _importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_SUBMODULES})


__all__ = [
    "Cancelled",
    "CorruptFileError",
    "DynamicIndex",
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
