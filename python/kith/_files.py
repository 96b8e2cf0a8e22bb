"""Bytes where the library speaks of files."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Union

from . import _core

Path = Union[str, "os.PathLike[str]"]
Bytes = Union[bytes, bytearray, memoryview]


def bytes_written(save: Callable[[str], object]) -> bytes:
    """What ``save(path)`` writes."""
    import tempfile  # here, because it takes longer to import than all the rest of Kith

    with tempfile.TemporaryDirectory(prefix="kith-") as folder:
        path = os.path.join(folder, "index")
        save(path)
        with open(path, "rb") as file:
            return file.read()


@contextlib.contextmanager
def as_file(data: Bytes) -> Iterator[str]:
    """The path of a file of these bytes; a map of it stays valid when the context has ended."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="kith-") as folder:
        path = os.path.join(folder, "index")
        with open(path, "wb") as file:
            file.write(data)
        yield path


@contextlib.contextmanager
def as_sound_file(data: Bytes) -> Iterator[str]:
    """The same of a .kith file's bytes. CorruptFileError when a checksum differs."""
    with as_file(data) as path:
        _core.verify(path)
        yield path


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all."""
    import tempfile

    target = os.path.abspath(os.fspath(path))
    descriptor, temporary = tempfile.mkstemp(prefix=".kith-", dir=os.path.dirname(target))
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
