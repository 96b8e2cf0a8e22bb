"""Rows of numbers under keys, as gensim's KeyedVectors keeps them: a list, a dict and an array that may be changed."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Optional, Union

import numpy as np
from numpy.typing import NDArray

from .. import _core

__all__ = ["KEY_TYPES", "Key", "Rows"]

Key = Union[str, int, "np.integer[Any]"]
KEY_TYPES = (str, int, np.integer)


class _Engine(NamedTuple):
    """What searches, and what it was made from."""

    core: _core.KeyedVectors
    vectors: NDArray[Any]
    size: int


class Rows:
    """Keys, their rows and their attributes.

    ``vectors`` is the array itself. Whoever writes into it calls ``fill_norms(force=True)`` afterwards, as with
    gensim: rows are compared by the lengths, and found by the codes, that they had when they were last looked at.
    """

    def __init__(
        self, vector_size: int, count: int = 0, dtype: Any = np.float32, mapfile_path: Optional[str] = None
    ) -> None:
        if int(vector_size) < 1:
            raise ValueError(f"vector_size must be 1 or more, not {vector_size}")
        self.vector_size = int(vector_size)
        self.index_to_key: list[Any] = [None] * count
        self.key_to_index: dict[Any, int] = {}
        self.next_index = 0
        self.vectors: NDArray[Any] = np.zeros((count, self.vector_size), dtype=dtype)
        self.expandos: dict[str, NDArray[Any]] = {}
        self.mapfile_path = mapfile_path
        self._engine: Optional[_Engine] = None

    # --- The engine ---

    @property
    def _native(self) -> _core.KeyedVectors:
        """The C++ view of the rows as they are."""
        engine, size = self._engine, len(self.index_to_key)
        if engine is not None and engine.vectors is self.vectors and engine.size == size:
            return engine.core
        if len(self.vectors) != size:
            raise ValueError(f"there are {size} keys for {len(self.vectors)} vectors; resize_vectors() makes them agree")
        rows = self.vectors
        if rows.dtype != np.float32 or (rows.size > 0 and rows.strides[1] != rows.itemsize) or rows.strides[0] < 0:
            rows = np.ascontiguousarray(rows, dtype=np.float32)
        counts = self.expandos.get("count")
        if counts is not None and (len(counts) != size or counts.dtype.kind not in "iu"):
            counts = None
        core = _core.KeyedVectors._view(self._texts(), rows, counts)
        self._engine = _Engine(core, self.vectors, size)
        return core

    def _texts(self) -> Optional[list[str]]:
        """The keys, where all of them are texts that a file can hold."""
        if not all(type(key) is str for key in self.index_to_key):
            return None
        try:
            "".join(self.index_to_key).encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            return None
        return self.index_to_key

    def _changed(self) -> None:
        """Lengths are taken anew when next needed."""
        self._engine = None

    @property
    def norms(self) -> NDArray[np.float32]:
        """Euclidean length of every row."""
        return self._native.norms

    @norms.setter
    def norms(self, value: object) -> None:
        self._changed()

    def fill_norms(self, force: bool = False) -> None:
        """Take the lengths of all rows, with ``force`` even if they have been taken before."""
        if force:
            self._changed()
        self._native  # noqa: B018

    # --- Keys ---

    def __len__(self) -> int:
        return len(self.index_to_key)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, KEY_TYPES) and self.has_index_for(key)

    def __str__(self) -> str:
        return f"{type(self).__name__}<vector_size={self.vector_size}, {len(self)} keys>"

    __repr__ = __str__

    def get_index(self, key: Key, default: Optional[int] = None) -> int:
        """The row of a key; a whole number that is no key is a row itself."""
        row = self.key_to_index.get(key)
        if row is not None:
            return row
        if isinstance(key, (int, np.integer)) and 0 <= key < len(self.index_to_key):
            return int(key)
        if default is not None:
            return default
        raise KeyError(f"Key '{key}' not present in vocabulary")

    def has_index_for(self, key: Key) -> bool:
        return self.get_index(key, -1) >= 0

    # --- Vectors ---

    def __getitem__(self, key_or_keys: Union[Key, Iterable[Key]]) -> NDArray[Any]:
        """The vector of a key, read-only, or a matrix of the vectors of several."""
        if isinstance(key_or_keys, KEY_TYPES):
            return self.get_vector(key_or_keys)
        return self.vectors[[self.get_index(key) for key in key_or_keys]]

    def get_vector(self, key: Key, norm: bool = False) -> NDArray[Any]:
        """The vector of a key, read-only; with ``norm`` at length 1 (a zero vector stays)."""
        row = self.get_index(key)
        found: NDArray[Any] = self.vectors[row]
        if norm:
            found = found / (self.norms[row] or np.float32(1))
        found.setflags(write=False)
        return found

    def get_normed_vectors(self) -> NDArray[Any]:
        """A copy of all vectors at length 1; zero vectors stay."""
        lengths = np.where(self.norms > 0, self.norms, np.float32(1))
        normed: NDArray[Any] = self.vectors / lengths[:, np.newaxis]
        return normed

    def unit_normalize_all(self) -> None:
        """Scale all vectors to length 1, in place."""
        self.vectors[:] = self.get_normed_vectors()
        self._changed()

    def add_vector(self, key: Key, vector: Any) -> int:
        """Put a vector in the next free of the rows that the constructor allocated, else in a new one; gives the row."""
        row = self.next_index
        if row < len(self) and self.index_to_key[row] is None:
            if key in self.key_to_index:
                raise ValueError(f"key {key!r} is there already; add_vectors(…, replace=True) replaces it")
            self.vectors[row] = vector
            self.index_to_key[row] = key
            self.key_to_index[key] = row
            self._changed()
        else:
            row = len(self)
            warnings.warn(
                "add_vector() copies all vectors when no allocated row is free: add several with add_vectors(), or give "
                "the constructor their count",
                UserWarning,
                stacklevel=2,
            )
            self.add_vectors([key], [vector])
        self.next_index = row + 1
        return row

    def add_vectors(
        self,
        keys: Union[Key, Sequence[Key]],
        weights: Any,
        extras: Optional[Mapping[str, NDArray[Any]]] = None,
        replace: bool = False,
    ) -> None:
        """Append vectors; keys that are there keep theirs unless ``replace``. ``extras``: attributes by name."""
        if isinstance(keys, KEY_TYPES):
            keys = [keys]
        rows = np.asarray(weights, dtype=self.vectors.dtype)
        if rows.ndim < 2:
            rows = rows.reshape(1, -1) if len(keys) == 1 else rows.reshape(len(keys), -1)
        if rows.shape != (len(keys), self.vector_size):
            raise ValueError(
                f"weights has shape {rows.shape}; {len(keys)} keys of {self.vector_size} numbers need "
                f"{(len(keys), self.vector_size)}"
            )
        extras = extras or {}
        self.allocate_vecattrs(list(extras), [extras[name].dtype.type for name in extras])
        new: dict[Key, int] = {}  # key to its place among `keys`
        known: list[int] = []
        for place, key in enumerate(keys):
            if key in self.key_to_index:
                known.append(place)
            elif key not in new or replace:
                new[key] = place
        for key in new:
            self.key_to_index[key] = len(self.index_to_key)
            self.index_to_key.append(key)
        self.vectors = np.concatenate([self.vectors, rows[list(new.values())]])
        self.allocate_vecattrs()
        added = slice(len(self) - len(new), len(self))
        for name, values in extras.items():
            self.expandos[name][added] = values[list(new.values())]
        if replace and known:
            at = [self.key_to_index[keys[place]] for place in known]
            self.vectors[at] = rows[known]
            for name, values in extras.items():
                self.expandos[name][at] = values[known]
        self._changed()

    def __setitem__(self, keys: Union[Key, list[Key]], weights: Any) -> None:
        """Add vectors, replacing those that are there."""
        self.add_vectors(keys, weights, replace=True)

    def resize_vectors(self, seed: int = 0) -> None:
        """Give every key a row: new ones are uniform in ±1/vector_size."""
        missing = len(self.index_to_key) - len(self.vectors)
        if missing > 0:
            width = 1 / self.vector_size
            fresh = np.random.default_rng(seed).uniform(-width, width, (missing, self.vector_size))
            self.vectors = np.concatenate([self.vectors, fresh.astype(self.vectors.dtype)])
        elif missing < 0:
            self.vectors = self.vectors[: len(self.index_to_key)].copy()
        self.allocate_vecattrs()
        self._changed()

    # --- Attributes ---

    def allocate_vecattrs(self, attrs: Optional[Sequence[str]] = None, types: Optional[Sequence[Any]] = None) -> None:
        """Make room for these attributes, or for all there are, in every row."""
        if attrs is None or types is None:
            attrs = list(self.expandos)
            types = [self.expandos[name].dtype for name in attrs]
        for name, wanted in zip(attrs, types):
            wanted = object if wanted is str else np.int64 if wanted is int else wanted
            old = self.expandos.get(name)
            if old is None:
                self.expandos[name] = np.zeros(len(self), dtype=wanted)
                continue
            if not np.issubdtype(wanted, old.dtype):
                raise TypeError(f"Can't allocate type {wanted} for attribute {name}, which has type {old.dtype}")
            if len(old) != len(self):
                self.expandos[name] = np.zeros(len(self), dtype=old.dtype)
                kept = min(len(old), len(self))
                self.expandos[name][:kept] = old[:kept]

    def set_vecattr(self, key: Key, attr: str, val: Any) -> None:
        """Set an attribute of a key, such as its ``count``."""
        self.allocate_vecattrs([attr], [type(val)])
        self.expandos[attr][self.get_index(key)] = val

    def get_vecattr(self, key: Key, attr: str) -> Any:
        if attr not in self.expandos:
            raise KeyError(f"there is no attribute {attr!r}; there are {sorted(self.expandos)}")
        return self.expandos[attr][self.get_index(key)]

    def sort_by_descending_frequency(self) -> None:
        """Put the most frequent first; of equally frequent ones the later comes first, as in gensim."""
        if not len(self):
            return
        counts = np.asarray(self.expandos["count"], dtype=np.int64)
        order = np.lexsort((-np.arange(len(counts)), -counts))
        self.index_to_key = [self.index_to_key[row] for row in order]
        self.key_to_index = {key: row for row, key in enumerate(self.index_to_key)}
        self.expandos = {name: values[order] for name, values in self.expandos.items()}
        if len(self.vectors):
            self.vectors = self.vectors[order]
        self._changed()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_engine": None}
