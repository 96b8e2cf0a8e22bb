"""Pickling: for multiprocessing, joblib and copy."""

from __future__ import annotations

import gzip
import os
import zlib
from typing import Any, Literal, Optional

from ..._files import as_file, bytes_written
from ..._index import Index as Engine
from ..._index import open_index
from .._base import Base

PickleMode = Literal["auto", "disk", "byte"]
CompressMode = Optional[Literal["zlib", "gzip"]]

_VERSION = 1


class PickleMixin(Base):
    """What a pickle holds is up to ``pickle_mode``.

    "byte" (and "auto"): everything. "disk": only the name of the file that the index was saved to or loaded from,
    which the receiver maps, so that processes share its memory; the file must be there. ``compress_mode`` shrinks
    the bytes.
    """

    @property
    def pickle_mode(self) -> PickleMode:
        mode: PickleMode = self.__dict__.get("_pickle_mode", "auto")
        return mode

    @pickle_mode.setter
    def pickle_mode(self, mode: PickleMode) -> None:
        if mode not in ("auto", "disk", "byte"):
            raise ValueError(f"pickle_mode must be 'auto', 'disk' or 'byte', not {mode!r}")
        self._pickle_mode = mode

    @property
    def compress_mode(self) -> CompressMode:
        mode: CompressMode = self.__dict__.get("_compress_mode")
        return mode

    @compress_mode.setter
    def compress_mode(self, mode: CompressMode) -> None:
        if mode not in (None, "zlib", "gzip"):
            raise ValueError(f"compress_mode must be None, 'zlib' or 'gzip', not {mode!r}")
        self._compress_mode = mode

    def __getstate__(self) -> dict[str, Any]:
        state = {**self.__dict__, "_state_version": _VERSION}
        engine = state.pop("_engine")
        if engine is None:
            return state
        if self.pickle_mode == "disk":
            if self._path is None or not engine.is_built:
                raise ValueError("pickle_mode 'disk' needs an index that was saved or loaded: call save() first")
            state["_file"] = os.path.abspath(self._path)
        elif engine.is_built:
            data = bytes_written(engine._save)
            packers: dict[CompressMode, Any] = {"zlib": zlib.compress, "gzip": gzip.compress}
            pack = packers.get(self.compress_mode)
            state["_bytes"] = data if pack is None else pack(data)
        else:
            state["_engine"] = engine
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        version = state.pop("_state_version", None)
        if version != _VERSION:
            raise ValueError(f"a pickled index must be of version {_VERSION}, not {version!r}")
        file, data = state.pop("_file", None), state.pop("_bytes", None)
        self.__dict__.update(state)
        if file is not None:
            params = self._params
            self._engine = _opened_here(file, params["f"], params["metric"])
        elif data is not None:
            unpackers: dict[CompressMode, Any] = {"zlib": zlib.decompress, "gzip": gzip.decompress}
            unpack = unpackers.get(self.compress_mode)
            with as_file(data if unpack is None else unpack(data)) as path:
                self._engine = open_index(path)
        else:
            self._engine = state.get("_engine")


def _opened_here(path: str, f: int, metric: str) -> Engine:
    from .io import _opened

    return _opened(path, f, metric, False)
