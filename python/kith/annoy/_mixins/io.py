"""Files, bytes and bundles."""

from __future__ import annotations

import os
from typing import Any, Literal, Optional, TypeVar

from ..._core import CorruptFileError
from ..._files import Bytes, Path, as_file, bytes_written
from ..._index import Index as Engine
from ..._index import open_index
from .._base import Base
from .meta import MetaMixin

Self = TypeVar("Self", bound="IndexIOMixin")

#: scikit-plots' names of formats, and Kith's two: one that describes itself, and Annoy's.
FORMATS = {
    None: "kith",
    "kith": "kith",
    "portable": "kith",
    "portable_v1": "kith",
    "portable-v1": "kith",
    "canonical": "kith",
    "canonical_v1": "kith",
    "canonical-v1": "kith",
    "annoy": "annoy",
    "native": "annoy",
    "legacy": "annoy",
    "raw": "annoy",
}


class IndexIOMixin(MetaMixin):
    """save, load, to_bytes, from_bytes, save_bundle, load_bundle."""

    def save(self: Self, fn: Path, prefault: Optional[bool] = None, *, format: Optional[str] = None) -> Self:
        """Write a built index to ``fn``, atomically.

        The file says itself what it holds, so that ``Index().load(fn)`` needs nothing else; ``format="annoy"`` makes
        one that Annoy reads, which does not. The index stays what it was: it can be unbuilt and added to. Labels and
        feature names are not in the file: see save_bundle.
        """
        engine = self._built_engine()
        path = os.fspath(fn)
        if not path:
            raise FileNotFoundError("fn must name a file, not ''")
        engine.save(path, _format(format))
        self._path = os.fsdecode(path)
        return self

    def load(self: Self, fn: Path, prefault: Optional[bool] = None) -> Self:
        """Map a saved index in the place of what is here. A file of Annoy's needs f and metric to be known.

        When the file cannot be used, the index stays as it was.
        """
        whole = bool(self._params["prefault"]) if prefault is None else bool(prefault)
        path = os.fspath(fn)
        self._take(_opened(path, self._params["f"], self._params["metric"], whole))
        self._path = os.fsdecode(path)
        return self

    def _take(self, engine: Engine) -> None:
        """Makes a loaded engine this index's, if it is what the parameters say."""
        for name, found in (("f", engine.dim), ("metric", engine.metric)):
            if self._params[name] not in (None, found):
                raise ValueError(f"the index has {name} {self._params[name]!r}, but the file holds {found!r}")
        self._adopt(engine)
        self._labels = {}
        self._feature_names = None

    def save_index(self: Self, path: Path, *, prefault: Optional[bool] = None, format: Optional[str] = None) -> Self:
        """As save, making the folders on the way."""
        folder = os.path.dirname(os.fspath(path))
        if folder:
            os.makedirs(folder, exist_ok=True)
        return self.save(path, prefault, format=format)

    @classmethod
    def load_index(
        cls: type[Self],
        f: Optional[int] = None,
        metric: Optional[str] = None,
        path: Optional[Path] = None,
        *,
        prefault: Optional[bool] = None,
    ) -> Self:
        """A new index from a file. f and metric may be None for a file that describes itself."""
        if path is None:
            raise TypeError("load_index needs a path")
        return cls(f, metric).load(path, prefault)

    # Bytes

    def serialize(self, format: Optional[str] = None) -> bytes:
        """The bytes that save() would write."""
        engine, chosen = self._built_engine(), _format(format)
        return bytes_written(lambda path: engine.save(path, chosen))

    to_bytes = serialize

    def deserialize(self: Self, byte: Bytes, prefault: Optional[bool] = None) -> Self:
        """Take the place of what is here by what serialize() wrote. Damaged bytes raise, and never run code."""
        if not isinstance(byte, (bytes, bytearray, memoryview)):
            raise TypeError(f"deserialize takes bytes, not {type(byte).__name__}")
        with as_file(byte) as path:
            self._take(_opened(path, self._params["f"], self._params["metric"], bool(prefault), check=True))
        return self

    @classmethod
    def from_bytes(
        cls: type[Self],
        data: Bytes,
        *,
        f: Optional[int] = None,
        metric: Optional[str] = None,
        prefault: Optional[bool] = None,
    ) -> Self:
        """A new index from bytes; f and metric are needed for Annoy's format only."""
        return cls(f, metric).deserialize(data, prefault)

    # Bundles

    def save_bundle(
        self,
        manifest_filename: Path = "manifest.json",
        index_filename: Path = "index.ann",
        *,
        prefault: Optional[bool] = None,
    ) -> list[str]:
        """The index in one file; parameters, labels and feature names in another. Gives the two names.

        The manifest names the index file relative to itself, so that a folder with both can move.
        """
        self.save_index(index_filename)
        metadata = self.to_metadata()
        folder = os.path.dirname(os.path.abspath(os.fspath(manifest_filename)))
        metadata["persistence"] = {"path": os.path.relpath(os.path.abspath(os.fspath(index_filename)), folder)}
        self._write_json(metadata, manifest_filename)
        return [os.fspath(manifest_filename), os.fspath(index_filename)]

    @classmethod
    def load_bundle(
        cls: type[Self],
        manifest_filename: Path = "manifest.json",
        index_filename: Optional[Path] = None,
        *,
        prefault: Optional[bool] = None,
    ) -> Self:
        """What save_bundle wrote; reads files and writes none."""
        metadata = cls._read_json(manifest_filename)
        index = cls.from_metadata(metadata, load=False)
        folder = os.path.dirname(os.path.abspath(os.fspath(manifest_filename)))
        named = (metadata.get("persistence") or {}).get("path")
        if index_filename is None and not named:
            raise ValueError(f"{os.fspath(manifest_filename)!r} names no index file: pass index_filename=")
        path = index_filename or os.path.join(folder, str(named))
        index._load_described(path, metadata, prefault)
        return index


def _format(name: Optional[str]) -> Literal["kith", "annoy"]:
    if name not in FORMATS:
        raise ValueError(f"format must be one of {', '.join(map(repr, FORMATS))}; found {name!r}")
    return FORMATS[name]  # type: ignore[return-value]


def _opened(path: Any, f: Optional[int], metric: Optional[str], prefault: bool, check: bool = False) -> Engine:
    try:
        engine = open_index(path, prefault=prefault)
    except CorruptFileError:
        if _says_kith(path) or f is None or metric is None:
            raise
        return open_index(path, metric=metric, dim=f, prefault=prefault)
    if check:
        from ... import verify

        verify(path)
    return engine


def _says_kith(path: Any) -> bool:
    with open(path, "rb") as file:
        return file.read(5) == b"\x8bKITH"


