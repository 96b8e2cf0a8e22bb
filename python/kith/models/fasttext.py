"""``FastText`` with the names, arguments, defaults and meanings of gensim 4's, trained by the C++ library."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO, Optional, TypeVar, Union

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._files import Path
from .._progress import ProgressOption
from ..utils import TrimRule
from ._corpora import Sentences
from ._gensim_files import Saved
from ._rows import KEY_TYPES, Key
from .keyedvectors import KeyedVectors
from .word2vec import Word2Vec

__all__ = [
    "FastText",
    "FastTextKeyedVectors",
    "UnsupportedModelError",
    "ft_ngram_hashes",
    "load_facebook_model",
    "load_facebook_vectors",
    "save_facebook_model",
]

logger = logging.getLogger("kith.models.fasttext")
Self = TypeVar("Self", bound="FastTextKeyedVectors")


class UnsupportedModelError(_core.UnsupportedError, NotImplementedError):
    """A model of Facebook's that has no vectors to learn from text: supervised, quantised or pruned."""


class FastTextKeyedVectors(KeyedVectors):
    """Vectors of words, and of any other text by its parts.

    ``vectors`` holds those of the vocabulary: the mean of a word's own vector (``vectors_vocab``) and those of its parts
    (``vectors_ngrams``), all of length vector_size. A word that is not in the vocabulary gets the mean of its parts.
    """

    def __init__(
        self, vector_size: int, min_n: int, max_n: int, bucket: int, count: int = 0, dtype: Any = np.float32
    ) -> None:
        self._stale = False
        self._model: Optional[_core.FastText] = None
        self.min_n, self.max_n, self.bucket = min_n, max_n, bucket
        self.vectors_vocab: NDArray[np.float32] = np.zeros((0, vector_size), np.float32)
        self.vectors_ngrams: NDArray[np.float32] = np.zeros((0, vector_size), np.float32)
        self.vectors_vocab_lockf = self.vectors_ngrams_lockf = np.ones(1, np.float32)
        super().__init__(vector_size, count, dtype)

    @property
    def vectors(self) -> NDArray[Any]:
        if self._stale and self._model is not None:
            self._stale = False
            self._vectors: NDArray[Any] = self._model.vectors()
            self._changed()
        return self._vectors

    @vectors.setter
    def vectors(self, rows: NDArray[Any]) -> None:
        self._stale = False
        self._vectors = rows

    def adjust_vectors(self) -> None:
        """Put the vectors of the vocabulary together anew, after ``vectors_vocab`` or ``vectors_ngrams`` were changed."""
        self._stale = True
        self._changed()

    @property
    def buckets_word(self) -> list[NDArray[np.int64]]:
        """For each word of the vocabulary the rows of ``vectors_ngrams`` that are its parts'."""
        model = self._model
        return [] if model is None else [model.buckets(word) for word in self.index_to_key]

    def __contains__(self, key: object) -> bool:
        """Always true while there are vectors of parts; ``key in wv.key_to_index`` tells whether it was learned."""
        if self.bucket == 0 or not isinstance(key, str):
            return super().__contains__(key)
        return True

    def get_vector(self, key: Key, norm: bool = False) -> NDArray[Any]:
        if not isinstance(key, str) or key in self.key_to_index:
            return super().get_vector(key, norm)
        found: NDArray[Any] = self._inferred([key])[0]
        if norm:
            found = found / (np.linalg.norm(found) or np.float32(1))
        return found

    def _inferred(self, words: list[str]) -> NDArray[np.float32]:
        """The vectors of words that are not in the vocabulary, by their parts."""
        if self.bucket == 0 or self._model is None:
            raise KeyError(f"Key {words[0]!r} not present in vocabulary, and there are no vectors of parts")
        found = self._model.vectors_of(words)
        for word in (words[row] for row in np.flatnonzero(~found.any(axis=1))):
            if not len(self._model.buckets(word)):
                logger.warning("%r has no parts of %d to %d characters: its vector is zero", word, self.min_n, self.max_n)
        return found

    def __getitem__(self, key_or_keys: Union[Key, Iterable[Key]]) -> NDArray[Any]:
        if isinstance(key_or_keys, KEY_TYPES):
            return self.get_vector(key_or_keys)
        keys = list(key_or_keys)
        new = {place: key for place, key in enumerate(keys) if isinstance(key, str) and key not in self.key_to_index}
        known = [place for place in range(len(keys)) if place not in new]
        found = np.zeros((len(keys), self.vector_size), np.float32)
        found[known] = self.vectors[[self.get_index(keys[place]) for place in known]]
        if new:
            found[list(new)] = self._inferred(list(new.values()))
        return found

    def _operand(self, item: Any, norm: bool = True) -> Any:
        if isinstance(item, str) and item not in self.key_to_index:
            return np.ascontiguousarray(self.get_vector(item, norm), dtype=np.float32)
        return super()._operand(item, norm)

    def get_sentence_vector(self, sentence: Iterable[str]) -> NDArray[np.float32]:
        """The mean of the words' vectors, each at length 1."""
        if self._model is None:
            raise RuntimeError("there is no vocabulary yet: build_vocab() comes first")
        if isinstance(sentence, str):
            raise TypeError("sentence must be a list of words, not one str: pass sentence.split()")
        return self._model.sentence_vector(list(sentence))

    def vectors_for_all(
        self, keys: Iterable[Key], allow_inference: bool = True, copy_vecattrs: bool = False
    ) -> Any:
        """The vectors of these keys, each once: of words that are not in the vocabulary by their parts, unless
        ``allow_inference`` is false."""
        wanted = [key for key in dict.fromkeys(keys) if key in (self if allow_inference else self.key_to_index)]
        chosen = KeyedVectors(self.vector_size)
        chosen._take(wanted, np.array(self[wanted], dtype=np.float32), "keys")
        chosen.expandos["count"] = np.arange(len(wanted), 0, -1)
        if copy_vecattrs:
            rows = [self.key_to_index.get(key, -1) for key in wanted]
            for name, values in self.expandos.items():
                kept = np.zeros(len(rows), values.dtype)
                for place, row in enumerate(rows):
                    kept[place] = values[row] if row >= 0 else kept[place]
                chosen.expandos[name] = kept
        return chosen

    def save(self, fname_or_handle: Union[Path, BinaryIO], *args: Any, **kwargs: Any) -> None:
        """Write the model that these vectors are part of, as FastText.save() does."""
        if self._model is None:
            super().save(fname_or_handle)
        elif isinstance(fname_or_handle, (str, os.PathLike)):
            self._model.save(fname_or_handle)
        else:
            _model_of(self._model).save(fname_or_handle)

    @classmethod
    def load(cls: type[Self], fname: Union[Path, BinaryIO], mmap: Optional[str] = None) -> Any:
        """The vectors of a model that save() wrote."""
        return FastText.load(fname).wv

    def __reduce__(self) -> Any:
        if self._model is None:
            return super().__reduce__()
        return _vectors_of, (_model_of(self._model),)


class FastText(Word2Vec):
    """Vectors for words made of vectors for their parts (Bojanowski et al. 2017), so that words never seen have one too.

    A word's parts are its runs of ``min_n`` to ``max_n`` characters, between ``<`` and ``>``; each has one of ``bucket``
    vectors, which take bucket * vector_size * 4 bytes. Other arguments are Word2Vec's.

    Examples
    --------
    >>> from kith.models import FastText
    >>> text = [["walking", "talking"], ["walked", "talked"]] * 50
    >>> model = FastText(text, vector_size=8, min_count=1, bucket=1000, workers=1)
    >>> "walks" in model.wv.key_to_index, model.wv["walks"].shape
    (False, (8,))
    """

    _name = "FastText"
    _core_type = _core.FastText
    _lockable = ()
    wv: FastTextKeyedVectors

    def __init__(
        self,
        sentences: Optional[Sentences] = None,
        corpus_file: Optional[Path] = None,
        sg: int = 0,
        hs: int = 0,
        vector_size: int = 100,
        alpha: float = 0.025,
        window: int = 5,
        min_count: int = 5,
        max_vocab_size: Optional[int] = None,
        word_ngrams: int = 1,
        sample: float = 1e-3,
        seed: int = 1,
        workers: int = 3,
        min_alpha: float = 0.0001,
        negative: int = 5,
        ns_exponent: float = 0.75,
        cbow_mean: int = 1,
        hashfxn: Callable[..., int] = hash,
        epochs: int = 5,
        null_word: int = 0,
        min_n: int = 3,
        max_n: int = 6,
        sorted_vocab: int = 1,
        bucket: int = 2_000_000,
        trim_rule: Optional[TrimRule] = None,
        batch_words: int = 10_000,
        callbacks: Sequence[Any] = (),
        max_final_vocab: Optional[int] = None,
        shrink_windows: bool = True,
        *,
        comment: Optional[str] = None,
        compute_loss: bool = False,
        progress: ProgressOption = False,
    ) -> None:
        if word_ngrams not in (0, 1):
            raise ValueError(f"word_ngrams must be 1 (parts of words) or 0 (words alone), not {word_ngrams!r}")
        self.word_ngrams = word_ngrams
        self.min_n, self.max_n = int(min_n), int(max_n)
        # No vectors for parts that no word has.
        self.bucket = int(bucket) if word_ngrams and max_n >= min_n else 0
        super().__init__(
            sentences, corpus_file, vector_size=vector_size, alpha=alpha, window=window, min_count=min_count,
            max_vocab_size=max_vocab_size, sample=sample, seed=seed, workers=workers, min_alpha=min_alpha, sg=sg, hs=hs,
            negative=negative, ns_exponent=ns_exponent, cbow_mean=cbow_mean, hashfxn=hashfxn, epochs=epochs,
            null_word=null_word, trim_rule=trim_rule, sorted_vocab=sorted_vocab, batch_words=batch_words,
            compute_loss=compute_loss, callbacks=callbacks, comment=comment, max_final_vocab=max_final_vocab,
            shrink_windows=shrink_windows, progress=progress,
        )  # fmt: skip

    def _new_vectors(self) -> FastTextKeyedVectors:
        return FastTextKeyedVectors(self.vector_size, self.min_n, self.max_n, self.bucket)

    def _options(self) -> dict[str, Any]:
        return {**super()._options(), "min_n": self.min_n, "max_n": self.max_n, "bucket": self.bucket}

    def _shared(self, native: Any) -> list[tuple[Any, str, Any]]:
        return [
            (self.wv, "vectors_vocab", native._input_view()),
            (self.wv, "vectors_ngrams", native._subword_view()),
            *super()._shared(native)[1:],
        ]

    def _adopt(self, native: Any) -> None:
        super()._adopt(native)
        self.wv._model = native

    def _weights_changed(self) -> None:
        self.wv.adjust_vectors()

    def estimate_memory(self, vocab_size: Optional[int] = None, report: Optional[dict[str, int]] = None) -> dict[str, int]:
        needed = super().estimate_memory(vocab_size, report)
        needed["syn0_ngrams"] = self.bucket * self.vector_size * 4
        needed["total"] += needed["syn0_ngrams"]
        return needed

    @classmethod
    def _from_native(cls, native: Any) -> Any:
        model = super()._from_native(native)
        # Files may have vectors that no part uses.
        model.bucket = model.wv.bucket = native.options["bucket"]
        return model

    @classmethod
    def _from_saved(cls, saved: Saved, name: str) -> Any:
        raise ValueError(
            f"{name} holds a {saved.class_name} of gensim's, which Kith cannot train on: with gensim write it by "
            "save_facebook_model(model, path), and read that with load_facebook_model(path)"
        )

    @staticmethod
    def load_fasttext_format(model_file: Path, encoding: str = "utf8") -> FastText:
        """gensim 3's name of load_facebook_model()."""
        return load_facebook_model(model_file, encoding)


def load_facebook_model(path: Path, encoding: str = "utf-8") -> FastText:
    """A model of Facebook's fastText (.bin), to be asked and to be trained on."""
    _check_encoding(encoding)
    native = _core.FastText.__new__(_core.FastText)
    try:
        _core.FastText._facebook_init(native, path)
    except _core.UnsupportedError as error:
        raise UnsupportedModelError(str(error)) from None
    return _model_of(native)


def load_facebook_vectors(path: Path, encoding: str = "utf-8") -> FastTextKeyedVectors:
    """The vectors of a model of Facebook's fastText (.bin), with those for words that it has not seen."""
    return load_facebook_model(path, encoding).wv


def save_facebook_model(
    model: FastText, path: Path, encoding: str = "utf-8", lr_update_rate: int = 100, word_ngrams: int = 1
) -> None:
    """Write a .bin that Facebook's fastText and gensim read. What was loaded and not changed keeps its bytes."""
    _check_encoding(encoding)
    model._ready().save_facebook(path)


def ft_ngram_hashes(word: str, minn: int, maxn: int, num_buckets: int) -> list[int]:
    """The numbers of a word's parts, below ``num_buckets``."""
    model = _core.FastText(min_n=minn, max_n=maxn, bucket=num_buckets)
    return [int(bucket) for bucket in model.buckets(word)]


def _check_encoding(encoding: str) -> None:
    if encoding.lower().replace("-", "") != "utf8":
        raise ValueError(f"encoding must be 'utf-8', not {encoding!r}: its words are bytes, which Kith takes as UTF-8")


def _model_of(native: _core.FastText) -> FastText:
    model: FastText = FastText._from_native(native)
    return model


def _vectors_of(model: FastText) -> FastTextKeyedVectors:
    return model.wv
