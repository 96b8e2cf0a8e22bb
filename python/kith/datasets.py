"""Well-known data sets, from the folder that the environment variable KITH_DATA_DIR names.

Nothing is downloaded. What a set is called there, and where it comes from, each function says.
"""

from __future__ import annotations

import gzip
import os
import pathlib
import struct
from typing import Any, NamedTuple, Optional

import numpy as np
from numpy.typing import NDArray

from ._files import Path
from ._keyed_vectors import KeyedVectors

__all__ = ["FashionMnist", "Glove", "data_dir", "fashion_mnist", "glove", "text8"]


class Glove(NamedTuple):
    """Words, the frequent ones first, and a row for each, read-only."""

    words: list[str]
    vectors: NDArray[np.float32]


class FashionMnist(NamedTuple):
    """60,000 images to index and 10,000 to search for, one row of 784 bytes each, and what they show (0 to 9)."""

    train: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]


def data_dir(folder: Optional[Path] = None) -> pathlib.Path:
    """``folder``, or else what KITH_DATA_DIR names."""
    chosen = os.fspath(folder) if folder is not None else os.environ.get("KITH_DATA_DIR", "")
    if not chosen:
        raise FileNotFoundError("no folder of data sets: set KITH_DATA_DIR or pass folder=")
    return pathlib.Path(chosen)


def _find(folder: Optional[Path], *names: str) -> pathlib.Path:
    base = data_dir(folder)
    for name in names:
        if (base / name).exists():
            return base / name
    raise FileNotFoundError(f"{base} holds none of {', '.join(names)}")


def glove(limit: Optional[int] = None, *, folder: Optional[Path] = None) -> Glove:
    """GloVe 6B, 400,000 words x 50 (``glove.6B.50d.txt[.gz]``; PDDL, nlp.stanford.edu/projects/glove)."""
    path = _find(folder, "glove.6B.50d.txt.gz", "glove.6B.50d.txt")
    if limit is not None and limit < 1:
        raise ValueError(f"limit must be at least 1, or None for all words, not {limit}")
    found = KeyedVectors.read(path, limit=limit or 0)
    return Glove(found.keys(), found.vectors)


def fashion_mnist(*, folder: Optional[Path] = None) -> FashionMnist:
    """Fashion-MNIST (``train-images-idx3-ubyte.gz`` and three more; MIT, github.com/zalandoresearch)."""
    parts = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    return FashionMnist(*(_read_idx(_find(folder, f"{part}-ubyte.gz", f"{part}-ubyte")) for part in parts))


def text8(*, folder: Optional[Path] = None) -> str:
    """The path of a text8-like corpus: ``text8``, else ``wiki8``, else the first eighth of text8 (each or ``.gz``)."""
    return str(_find(folder, "text8", "text8.gz", "wiki8", "wiki8.gz", "text8.prefix.gz"))


def _read_idx(path: pathlib.Path) -> NDArray[np.uint8]:
    opened: Any = gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb")
    with opened as file:
        data = file.read()
    zeros, kind, dimensions = struct.unpack_from(">HBB", data)
    if zeros != 0 or kind != 8:
        raise ValueError(f"{path} is no IDX file of bytes")
    shape = struct.unpack_from(f">{dimensions}I", data, 4)
    array = np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions)
    return array.reshape(shape[0], -1) if dimensions > 1 else array
