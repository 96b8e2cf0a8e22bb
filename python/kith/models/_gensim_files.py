"""What gensim's save() wrote, read without running it.

The files are pickles, and a pickle is a program. This reader lets it make numbers, texts, containers, NumPy arrays of plain
numbers and objects without behaviour, whatever their class is called; everything that would do something does nothing.
"""

from __future__ import annotations

import collections
import os
import pickle
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._files import Path

__all__ = ["Saved", "is_pickle", "read_saved"]


class Saved:
    """An object of gensim's: its attributes, and the name of its class."""

    class_name = "object"

    def __new__(cls, *args: Any, **kwargs: Any) -> Saved:
        return super().__new__(cls)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __call__(self, *args: Any, **kwargs: Any) -> Saved:
        return Saved()

    def __setstate__(self, state: Any) -> None:
        for part in state if isinstance(state, tuple) else (state,):
            if isinstance(part, dict):
                self.__dict__.update({str(name): value for name, value in part.items()})

    def get(self, *names: str) -> Any:
        """The first of these attributes that is there and not None."""
        return next((value for value in map(self.__dict__.get, names) if value is not None), None)


class _Type:
    """numpy.dtype: of whole numbers, floats and objects alone."""

    def __init__(self, code: Any, *_: Any) -> None:
        self.code = code.decode("ascii") if isinstance(code, bytes) else str(code)

    def __setstate__(self, state: Any) -> None:
        if state[1] == ">":
            raise pickle.UnpicklingError("big-endian numbers")

    @property
    def kind(self) -> np.dtype[Any]:
        if self.code.strip("<|=")[:1] not in ("f", "i", "u", "b"):
            raise pickle.UnpicklingError(f"an array of type {self.code}")
        return np.dtype(self.code)


class _Array:
    """numpy.ndarray, as its state is set."""

    value: Any = None

    def __init__(self, *_: Any) -> None:
        pass

    def __setstate__(self, state: Any) -> None:
        _, shape, kind, fortran, data = state
        if isinstance(data, list):
            self.value = data
        else:
            raw = data.encode("latin-1") if isinstance(data, str) else data
            self.value = np.frombuffer(raw, kind.kind).reshape(shape, order="F" if fortran else "C").copy()


def _scalar(kind: _Type, data: Any) -> Any:
    return np.frombuffer(data.encode("latin-1") if isinstance(data, str) else data, kind.kind)[0]


def _buffer_array(data: Any, kind: _Type, shape: Any, order: str) -> _Array:
    array = _Array()
    array.__setstate__((1, shape, kind, order == "F", bytes(data)))
    return array


def _encode(text: str, encoding: str = "latin-1") -> bytes:
    return text.encode("latin-1")


def _made_from(kind: Any, *_: Any) -> Any:
    return kind.__new__(kind) if isinstance(kind, type) and issubclass(kind, Saved) else Saved()


_PLAIN: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): _Array,
    ("numpy", "dtype"): _Type,
    ("_codecs", "encode"): _encode,
    ("copyreg", "_reconstructor"): _made_from,
    ("collections", "OrderedDict"): collections.OrderedDict,
    ("builtins", "frozenset"): frozenset,
    ("builtins", "set"): set,
    ("builtins", "object"): object,
}


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        module = {"copy_reg": "copyreg", "__builtin__": "builtins"}.get(module, module)
        known = _PLAIN.get((module, name))
        if known is not None:
            return known
        if module.startswith("numpy") and name in ("_reconstruct", "scalar", "_frombuffer"):
            return {"_reconstruct": _Array, "scalar": _scalar, "_frombuffer": _buffer_array}[name]
        if (module, name) == ("collections", "defaultdict"):
            return lambda *_: {}
        return type(name, (Saved,), {"class_name": name})


def is_pickle(path: Path) -> bool:
    with open(path, "rb") as file:
        return file.read(1) == b"\x80"


def read_saved(path: Path) -> Saved:
    """The object in a file, with the arrays that gensim put in files beside it."""
    name = os.fspath(path)
    try:
        with open(name, "rb") as file:
            saved = _Reader(file, encoding="latin-1").load()
    except OSError:
        raise
    except Exception as error:  # whatever bytes may make an unpickler raise
        raise ValueError(f"{name} cannot be read as a file of gensim's: {error}") from None
    if not isinstance(saved, Saved):
        raise ValueError(f"{name} is a pickle of {type(saved).__name__}, not of gensim's vectors")
    _take_arrays(saved, name, set())
    return saved


def _take_arrays(saved: Saved, name: str, seen: set[int]) -> None:
    """Put arrays where their stand-ins are, in parts too: those of the part `wv` are in files `NAME.wv.….npy`."""
    if id(saved) in seen:
        return
    seen.add(id(saved))
    for attribute, value in list(vars(saved).items()):
        if isinstance(value, Saved):
            _take_arrays(value, f"{name}.{attribute}", seen)
        elif isinstance(value, _Array):
            setattr(saved, attribute, value.value)
        elif isinstance(value, dict):
            setattr(saved, attribute, {key: v.value if isinstance(v, _Array) else v for key, v in value.items()})
    for attribute in saved.get("__numpys") or ():
        array: NDArray[Any] = np.load(f"{name}.{attribute}.npy", allow_pickle=False)
        setattr(saved, attribute, array)
