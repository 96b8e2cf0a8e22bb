"""A Word2Vec model as its options and the C++ model that they make; the weights are the C++ model's, seen from here."""

from __future__ import annotations

import logging
import os
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

from .. import _core
from ._gensim3 import warn_renamed
from .keyedvectors import KeyedVectors

__all__ = ["Model", "logger"]

logger = logging.getLogger("kith.models.word2vec")

Array = NDArray[np.float32]


class Model:
    """Options, vocabulary and weights."""

    vector_size: int
    alpha: float
    min_alpha: float
    window: int
    min_count: int
    max_vocab_size: Optional[int]
    max_final_vocab: Optional[int]
    sample: float
    seed: int
    workers: int
    sg: int
    hs: int
    negative: int
    ns_exponent: float
    cbow_mean: int
    epochs: int
    shrink_windows: bool
    sorted_vocab: int
    effective_min_count: int
    corpus_count: int
    corpus_total_words: int
    raw_vocab: dict[str, int]
    wv: KeyedVectors
    #: The output layers: of negative sampling and of hierarchical softmax, where the model has them.
    syn1neg: Array
    syn1: Array

    #: The C++ model's class: a _core.Word2Vec or one of the same methods.
    _core_type: Any = _core.Word2Vec
    _native: Any = None

    def _options(self) -> dict[str, Any]:
        return {
            "vector_size": self.vector_size,
            "sg": bool(self.sg),
            "window": self.window,
            "shrink_windows": bool(self.shrink_windows),
            "negative": self.negative,
            "ns_exponent": float(self.ns_exponent),
            "hs": bool(self.hs),
            "cbow_mean": bool(self.cbow_mean),
            "min_count": int(self.min_count),
            "max_final_vocab": self.max_final_vocab or 0,
            "sample": float(self.sample or 0),
            "alpha": float(self.alpha),
            "min_alpha": float(self.min_alpha),
            "epochs": int(self.epochs),
            "seed": int(self.seed) % 2**64,
            "threads": min(int(self.workers), os.cpu_count() or 1),
        }

    def _check_options(self) -> None:
        """The C++ model's complaint about an option that cannot be, now rather than when training starts."""
        for name in ("vector_size", "window", "workers", "epochs"):
            if int(getattr(self, name)) < 1:
                raise ValueError(f"{name} must be 1 or more, not {getattr(self, name)!r}")
        for name in ("negative", "min_count"):
            if int(getattr(self, name)) < 0:
                raise ValueError(f"{name} must not be negative, and is {getattr(self, name)!r}")
        # That there is nothing to learn is an error only once something is to be learned.
        self._core_type(**{**self._options(), "hs": True})

    def _new_native(self) -> Any:
        if not self.hs and not self.negative:
            raise ValueError("hs = 0 and negative = 0: nothing to learn; set hs to 1, or negative to 1 or more")
        return self._core_type(**self._options())

    def _shared(self, native: Any) -> list[tuple[Any, str, Array]]:
        """The arrays of this object that are a C++ model's: their owner, their name, and that model's."""
        return [
            (self.wv, "vectors", native._input_view()),
            (self, "syn1neg", native._negative_view()),
            (self, "syn1", native._tree_view()),
        ]

    def _adopt(self, native: Any) -> None:
        """Take the weights of a C++ model for this one's; they are the same memory."""
        self._native = native
        for owner, name, view in self._shared(native):
            if len(view) or owner is not self:
                setattr(owner, name, view)
            else:
                self.__dict__.pop(name, None)
        self._weights_changed()

    def _weights_changed(self) -> None:
        """What is computed from the weights is no longer so."""
        self.wv._changed()

    def _adopt_words(self, native: Any) -> None:
        """The same, with its words."""
        words, counts = native._words()
        self.wv.index_to_key = words
        self.wv.key_to_index = {word: row for row, word in enumerate(words)}
        self.wv.next_index = len(words)
        self.wv.expandos = {"count": counts}
        self._adopt(native)

    def _build_native(self, native: Any, counts: dict[str, int]) -> None:
        """Give a C++ model its words, row by row."""
        native.build_vocabulary_from(counts, in_order=True)

    def _rebuild(self, keys: list[str], counts: Any) -> None:
        """A C++ model of these words, with the weights that there are for the first rows and new ones for the rest."""
        native = self._new_native()
        self._build_native(native, {key: int(count) for key, count in zip(keys, counts)})
        for owner, name, view in self._shared(native):
            weights = getattr(owner, name, None)
            if weights is not None and len(view) and weights.shape[1:] == view.shape[1:]:
                self._carry_over(owner, weights, view)
        self._adopt_words(native)

    def _carry_over(self, owner: Any, weights: Array, view: Array) -> None:
        rows = min(len(view), len(weights))
        view[:rows] = weights[:rows]

    def _ready(self) -> Any:
        """The C++ model with the options and the weights that this object has by now."""
        native, wv = self._native, self.wv
        counts = wv.expandos.get("count")
        if counts is None or len(counts) != len(wv):
            raise RuntimeError("wv has words without counts: set_vecattr(word, 'count', n) for each, or build_vocab()")
        schedule = ("alpha", "min_alpha", "epochs", "threads")
        wanted = {name: value for name, value in self._options().items() if name not in schedule}
        if native is None or any(native.options[name] != value for name, value in wanted.items()):
            self._rebuild(wv.index_to_key, counts)
        elif len(native._input_view()) != len(wv) or native._words()[0] != wv.index_to_key:
            self._rebuild(wv.index_to_key, counts)
        else:
            self._copy_in(native)
        assert self._native is not None
        return self._native

    def _copy_in(self, native: Any) -> None:
        """Arrays that the user put in the place of the C++ model's."""
        replaced = False
        for owner, name, view in self._shared(native):
            given = getattr(owner, name, None)
            if given is None or not len(view) or _same_memory(given, view):
                continue
            if given.shape != view.shape:
                raise ValueError(f"{name} has shape {given.shape}; the model's is {view.shape}")
            view[:] = given
            replaced = True
        if replaced:
            self._adopt(native)

    def __str__(self) -> str:
        return f"{type(self).__name__}<vocab={len(self.wv)}, vector_size={self.vector_size}, alpha={self.alpha}>"

    __repr__ = __str__

    def estimate_memory(self, vocab_size: Optional[int] = None, report: Optional[dict[str, int]] = None) -> dict[str, int]:
        """Bytes for a vocabulary of so many words: by gensim's rule of thumb for the words, exact for the weights."""
        words = vocab_size or len(self.wv)
        matrix = words * self.vector_size * 4
        needed = {**(report or {}), "vocab": words * (700 if self.hs else 500), "vectors": matrix}
        if self.hs:
            needed["syn1"] = matrix
        if self.negative:
            needed["syn1neg"] = matrix
        needed["total"] = sum(needed.values())
        return needed

    def init_sims(self, replace: bool = False) -> None:
        warn_renamed("init_sims()", "wv.fill_norms(), or wv.unit_normalize_all() for replace=True")
        if replace:
            self.wv.unit_normalize_all()
        else:
            self.wv.fill_norms()


def _same_memory(a: Any, b: Any) -> bool:
    return bool(
        a.shape == b.shape
        and a.strides == b.strides
        and a.__array_interface__["data"][0] == b.__array_interface__["data"][0]
    )
