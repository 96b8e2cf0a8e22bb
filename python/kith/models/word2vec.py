"""``Word2Vec`` with the names, arguments, defaults and meanings of gensim 4's, trained by the C++ library."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, Callable, Optional, TypeVar, Union

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._files import Path, as_file, bytes_written
from .._progress import ProgressOption, reporter
from ..utils import TrimRule
from ._corpora import BrownCorpus, LineSentence, PathLineSentences, Sentences, Text8Corpus, check_corpus
from ._gensim_files import Saved, is_pickle, read_saved
from ._model import logger
from ._training import Training
from .keyedvectors import KeyedVectors

__all__ = ["BrownCorpus", "LineSentence", "PathLineSentences", "Text8Corpus", "Word2Vec"]

Self = TypeVar("Self", bound="Word2Vec")


if TYPE_CHECKING:
    class_only = classmethod
else:

    class class_only(classmethod):
        """A class method that an instance does not have: ``model.load(…)`` would not change the model."""

        def __get__(self, instance: Any, owner: Any = None) -> Any:
            if instance is not None:
                raise AttributeError(f"load() is a method of the class: {type(instance).__name__}.load(fname)")
            return super().__get__(instance, owner)


class Word2Vec(Training):
    """Vectors for words, learned from the words around them; ``model.wv`` holds them.

    ``sentences`` is an iterable of lists of words; ``corpus_file`` a text file, a sentence per line. Without either, the
    model waits for build_vocab() and train(). Not needed here and without effect: hashfxn, batch_words.

    Examples
    --------
    >>> from kith.models import Word2Vec
    >>> model = Word2Vec([["cat", "say", "meow"], ["dog", "say", "woof"]] * 100, min_count=1, workers=1)
    >>> model.wv.most_similar("cat", topn=1)[0][0] in ("dog", "say", "meow", "woof")
    True
    """

    #: In files: who wrote them.
    _name = "Word2Vec"

    _lockable: tuple[str, ...] = ("vectors_lockf",)

    def __init__(
        self,
        sentences: Optional[Sentences] = None,
        corpus_file: Optional[Path] = None,
        vector_size: int = 100,
        alpha: float = 0.025,
        window: int = 5,
        min_count: int = 5,
        max_vocab_size: Optional[int] = None,
        sample: float = 1e-3,
        seed: int = 1,
        workers: int = 3,
        min_alpha: float = 0.0001,
        sg: int = 0,
        hs: int = 0,
        negative: int = 5,
        ns_exponent: float = 0.75,
        cbow_mean: int = 1,
        hashfxn: Callable[..., int] = hash,
        epochs: int = 5,
        null_word: int = 0,
        trim_rule: Optional[TrimRule] = None,
        sorted_vocab: int = 1,
        batch_words: int = 10000,
        compute_loss: bool = False,
        callbacks: Sequence[Any] = (),
        comment: Optional[str] = None,
        max_final_vocab: Optional[int] = None,
        shrink_windows: bool = True,
        *,
        progress: ProgressOption = False,
    ) -> None:
        if null_word:
            raise ValueError(f"null_word must be 0, not {null_word!r}: it pads the windows of Doc2Vec's dm_concat only")
        self.vector_size, self.window = int(vector_size), int(window)
        self.alpha, self.min_alpha = float(alpha), float(min_alpha)
        self.sg, self.hs, self.negative, self.cbow_mean = int(sg), int(hs), int(negative), int(cbow_mean)
        self.ns_exponent, self.sample = float(ns_exponent), float(sample or 0)
        self.min_count, self.max_final_vocab, self.max_vocab_size = min_count, max_final_vocab, max_vocab_size
        self.shrink_windows, self.sorted_vocab, self.null_word = bool(shrink_windows), sorted_vocab, null_word
        self.seed, self.workers, self.epochs = int(seed), int(workers), int(epochs)
        self.batch_words, self.compute_loss, self.comment = batch_words, bool(compute_loss), comment
        self.layer1_size = self.vector_size
        self.corpus_count = self.corpus_total_words = self.train_count = 0
        self.total_train_time = self.running_training_loss = 0.0
        self.min_alpha_yet_reached = self.alpha
        self.effective_min_count = min_count
        self.raw_vocab, self.epoch_losses = {}, []
        self._check_options()
        self.wv = self._new_vectors()
        self.wv.vectors_lockf = np.ones(1, dtype=np.float32)
        self._begin(sentences, corpus_file, trim_rule, callbacks, progress)

    def _new_vectors(self) -> KeyedVectors:
        return KeyedVectors(self.vector_size)

    def _begin(
        self,
        sentences: Any,
        corpus_file: Optional[Path],
        trim_rule: Optional[TrimRule],
        callbacks: Sequence[Any],
        progress: ProgressOption,
    ) -> None:
        """Vocabulary and training of the constructor, if it was given a text."""
        if sentences is None and corpus_file is None:
            if trim_rule is not None or callbacks:
                logger.warning("trim_rule and callbacks are not kept: pass them to build_vocab() and train()")
            return
        check_corpus(sentences, corpus_file, self.epochs + 1)
        with reporter(progress) as display:
            corpus = self._read(sentences, corpus_file, self.max_vocab_size, display)
            self._take_vocabulary(corpus, trim_rule=trim_rule)
            self._train(corpus, self.epochs, None, None, 1.0, self.compute_loss, callbacks, display)

    def save(self, fname_or_handle: Union[Path, BinaryIO], *args: Any, **kwargs: Any) -> None:
        """Write the whole model to one .kith file, to be trained on after load(); KeyedVectors.load() reads its vectors.
        gensim's arguments on what to pickle how have no meaning here."""
        if not isinstance(fname_or_handle, (str, os.PathLike)):
            fname_or_handle.write(bytes_written(self.save))
            return
        native = self._ready() if len(self.wv) else self._core_type(**{**self._options(), "hs": True})
        plain = (bool, int, float, str, type(None))
        attributes = {name: value for name, value in vars(self).items() if isinstance(value, plain)}
        notes: dict[str, Any] = {"kith.models": self._name, "attributes": attributes}
        notes["raw_vocab"], notes["epoch_losses"] = self.raw_vocab, self.epoch_losses
        native.save(fname_or_handle, json.dumps(notes))

    @class_only
    def load(cls: type[Self], fname: Union[Path, BinaryIO], mmap: Optional[str] = None, rethrow: bool = False) -> Self:
        """Open what save() wrote, here or in kith.Word2Vec, or what gensim's save() wrote, of which nothing is run."""
        if not isinstance(fname, (str, os.PathLike)):
            with as_file(fname.read()) as path:
                return cls.load(path)
        if is_pickle(fname):
            return cls._from_saved(read_saved(fname), str(fname))
        native = cls._core_type.__new__(cls._core_type)
        cls._core_type._open_init(native, fname)
        return cls._from_native(native)

    @classmethod
    def _from_native(cls: type[Self], native: Any) -> Self:
        model = cls(**cls._constructor_options(native.options))
        notes = json.loads(native.notes) if native.notes else {}
        if notes.get("kith.models") == cls._name:
            model.__dict__.update(notes["attributes"])
            model.raw_vocab, model.epoch_losses = notes["raw_vocab"], notes["epoch_losses"]
        if len(native._input_view()):
            model._adopt_words(native)
        return model

    @classmethod
    def _from_saved(cls: type[Self], saved: Saved, name: str) -> Self:
        if saved.get("wv") is None:
            raise ValueError(f"{name} holds a {saved.class_name} of gensim's, not a Word2Vec; vectors: KeyedVectors.load()")
        plain = (bool, int, float, str)
        options = {option: saved.get(option) for option in _GENSIM_OPTIONS if isinstance(saved.get(option), plain)}
        model = cls(**options)
        vectors = KeyedVectors._from_saved(saved, name)
        if "count" not in vectors.expandos:
            raise ValueError(f"{name} does not say how often its words occur, without which there is no model to train")
        model.wv.vectors = vectors.vectors
        if isinstance(saved.get("syn1neg"), np.ndarray):
            model.syn1neg = saved.get("syn1neg")
        if model.hs:
            logger.warning("%s: the weights of gensim's tree are left out; training starts a tree of its own", name)
        model._rebuild(vectors.index_to_key, vectors.expandos["count"])
        for counter in ("corpus_count", "corpus_total_words", "train_count", "comment"):
            if isinstance(saved.get(counter), plain):
                setattr(model, counter, saved.get(counter))
        return model

    @staticmethod
    def _constructor_options(options: dict[str, Any]) -> dict[str, Any]:
        """The options of a C++ model as this class's constructor takes them."""
        known = {**options, "workers": options["threads"] or 1, "max_final_vocab": options["max_final_vocab"] or None}
        del known["threads"]
        return known

    def predict_output_word(self, context_words_list: Iterable[Any], topn: int = 10) -> Optional[list[tuple[str, float]]]:
        """(word, probability) of the words that most likely stand amid these words (or rows), the best first; None when
        none of them is known. Needs negative sampling."""
        if not self.negative or not hasattr(self, "syn1neg"):
            raise RuntimeError(
                f"there are no weights syn1neg of negative sampling (negative = {self.negative}), which "
                "predict_output_word() asks"
            )
        words = [word for word in context_words_list if word in self.wv]
        if not words:
            logger.warning("none of the words of the context is in the vocabulary")
            return None
        names = [word if isinstance(word, str) else self.wv.index_to_key[self.wv.get_index(word)] for word in words]
        self._require("predict")
        found: list[tuple[str, float]] = self._ready().predict(names, topn)
        return found

    def score(
        self,
        sentences: Sentences,
        total_sentences: int = 1_000_000,
        chunksize: int = 100,
        queue_factor: int = 2,
        report_delay: float = 1,
        *,
        progress: ProgressOption = False,
    ) -> NDArray[np.float32]:
        """For each of the first ``total_sentences`` sentences the logarithm of its likelihood. Needs hs=1."""
        if not self.hs:
            raise RuntimeError("hs = 0: score() asks the tree of hierarchical softmax; train with hs=1, negative=0")
        self._require("score")
        check_corpus(sentences, None, 1)
        first = itertools.islice(sentences, int(total_sentences))
        corpus = _core.Corpus.from_sentences(first, max_sentence_length=0)
        with reporter(progress) as display:
            return np.array(self._ready().score(corpus, display), dtype=np.float32)

    def _require(self, method: str) -> None:
        if not hasattr(self._core_type, method):
            raise NotImplementedError(f"{method}() is for Word2Vec models, and this is a {type(self).__name__}")

    def __reduce__(self) -> Any:
        return _unpickle, (type(self), bytes_written(self.save))


_GENSIM_OPTIONS = (
    "vector_size", "alpha", "window", "min_count", "max_vocab_size", "sample", "seed", "workers", "min_alpha", "sg", "hs",
    "negative", "ns_exponent", "cbow_mean", "epochs", "sorted_vocab", "max_final_vocab", "shrink_windows",
)  # fmt: skip


def _unpickle(cls: type[Word2Vec], data: bytes) -> Word2Vec:
    with as_file(data) as path:
        return cls.load(path)
