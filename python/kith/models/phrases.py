"""``Phrases`` with gensim 4's names and meanings: words that belong together become one word."""

from __future__ import annotations

import inspect
import json
import logging
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, BinaryIO, Optional, TypeVar, Union

from .. import _core
from .._files import Path, as_file, bytes_written, write_whole
from .._progress import ProgressOption, reporter
from ._corpora import CorpusSource, Sentences, files_of, read_corpus
from ._gensim_files import Saved, is_pickle, read_saved

__all__ = ["ENGLISH_CONNECTOR_WORDS", "FrozenPhrases", "Phraser", "Phrases", "npmi_scorer", "original_scorer"]

logger = logging.getLogger("kith.models.phrases")

Scorer = Callable[..., float]
Self = TypeVar("Self", bound="_Joining")

#: Articles and prepositions, which may stand within a phrase: ``Phrases(…, connector_words=ENGLISH_CONNECTOR_WORDS)``.
ENGLISH_CONNECTOR_WORDS = frozenset(_core.english_connector_words())

_ARGUMENTS = ("worda_count", "wordb_count", "bigram_count", "len_vocab", "min_count", "corpus_word_count")


def original_scorer(
    worda_count: float,
    wordb_count: float,
    bigram_count: float,
    len_vocab: float,
    min_count: int,
    corpus_word_count: float,
) -> float:
    """(together - min_count) / (first * second) * vocabulary, as in word2vec's tool (Mikolov et al. 2013)."""
    product = worda_count * wordb_count
    return (bigram_count - min_count) / product * len_vocab if product else -math.inf


def npmi_scorer(
    worda_count: float,
    wordb_count: float,
    bigram_count: float,
    len_vocab: float,
    min_count: int,
    corpus_word_count: float,
) -> float:
    """Normalised pointwise mutual information, -1 to 1 (Bouma 2009); minus infinity for what is rarer than min_count."""
    if bigram_count < min_count or not (worda_count and wordb_count and bigram_count):
        return -math.inf
    first, second, both = (count / corpus_word_count for count in (worda_count, wordb_count, bigram_count))
    return math.log(both / (first * second)) / -math.log(both)


#: The library computes these itself.
_BUILT_IN: dict[Any, str] = {original_scorer: "default", npmi_scorer: "npmi"}


def _scorer(scoring: Union[str, Scorer]) -> Scorer:
    named = {name: function for function, name in _BUILT_IN.items()}
    if isinstance(scoring, str) and scoring in named:
        function: Scorer = named[scoring]
        return function
    if not callable(scoring):
        error = ValueError if isinstance(scoring, str) else TypeError
        raise error(f"scoring must be 'default', 'npmi' or a function, not {scoring!r}")
    takes = inspect.signature(scoring).parameters
    missing = [name for name in _ARGUMENTS if name not in takes]
    if missing and not any(each.kind is each.VAR_KEYWORD for each in takes.values()):
        raise ValueError(f"the scoring function must take the arguments {', '.join(_ARGUMENTS)}; it lacks {missing}")
    return scoring


class PhrasedCorpus(CorpusSource):
    """The sentences of a corpus with phrases joined; as often as the corpus itself can be passed over."""

    def __init__(self, model: _Joining, sentences: Iterable[Iterable[str]]) -> None:
        self.model, self.sentences = model, sentences

    def __iter__(self) -> Iterator[list[str]]:
        apply = self.model._native.apply
        for sentence in self.sentences:
            yield apply(list(sentence))

    def _read(self, max_vocab_size: Optional[int], progress: Any) -> Optional[_core.Corpus]:
        """The whole of it by the library, where that can read the files itself."""
        source = self.sentences
        if not isinstance(source, PhrasedCorpus) and not files_of(source)[0]:
            return None
        text = read_corpus(source, None, max_vocab_size, progress)
        joined: _core.Corpus = self.model._native.apply_corpus(text, progress)
        return joined


class _Joining:
    """What Phrases and FrozenPhrases have in common."""

    _native: Any
    min_count: int
    threshold: float
    delimiter: str
    scoring: Scorer
    connector_words: frozenset[str]

    def __getitem__(self, sentence: Any) -> Any:
        """A sentence (an iterable of str) with its phrases joined, or an iterable of such sentences."""
        single, sentence = _is_single(sentence)
        return self._native.apply(list(sentence)) if single else PhrasedCorpus(self, sentence)

    def analyze_sentence(self, sentence: Iterable[str]) -> Iterator[tuple[str, Optional[float]]]:
        """The words that a sentence becomes, phrases with their scores, other words with None."""
        return iter(self._native.analyze(list(sentence)))

    def find_phrases(self, sentences: Iterable[Iterable[str]]) -> dict[str, float]:
        """The phrases that stand in these sentences, with their scores."""
        found: dict[str, float] = {}
        for sentence in sentences:
            found.update((text, score) for text, score in self.analyze_sentence(sentence) if score is not None)
        return found

    def score_candidate(
        self, word_a: str, word_b: str, in_between: Iterable[str]
    ) -> tuple[Optional[str], Optional[float]]:
        """The phrase and its score, or (None, None) if it is none."""
        score = self._score([word_a, *in_between, word_b])
        if score is None or not score > self.threshold:
            return None, None
        return self.delimiter.join([word_a, *in_between, word_b]), score

    def _score(self, words: list[str]) -> Optional[float]:
        raise NotImplementedError

    def _settings(self) -> dict[str, Any]:
        name = _BUILT_IN.get(self.scoring) or f"{self.scoring.__module__}:{self.scoring.__qualname__}"
        return {
            "kith.models": type(self).__name__,
            "min_count": self.min_count,
            "threshold": self.threshold,
            "delimiter": self.delimiter,
            "scoring": name,
            "connector_words": sorted(self.connector_words),
        }

    def _take_settings(self, saved: Mapping[str, Any]) -> None:
        self.min_count, self.threshold = saved["min_count"], saved["threshold"]
        self.delimiter, self.connector_words = saved["delimiter"], frozenset(saved["connector_words"])
        self.scoring = _named_scorer(saved["scoring"])

    def _state(self) -> dict[str, Any]:
        raise NotImplementedError

    def _take_state(self, saved: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def save(self, fname_or_handle: Union[Path, BinaryIO], *args: Any, **kwargs: Any) -> None:
        """Write a JSON file. A scoring function of one's own is saved by its name, and must be imported before load().
        gensim's arguments on what to pickle how have no meaning here."""
        if not isinstance(fname_or_handle, (str, os.PathLike)):
            fname_or_handle.write(bytes_written(self.save))
            return
        text = json.dumps({**self._settings(), **self._state()}, ensure_ascii=False)
        write_whole(fname_or_handle, text.encode("utf-8", "surrogateescape"))

    @classmethod
    def load(cls: type[Self], fname: Union[Path, BinaryIO], *args: Any, **kwargs: Any) -> Self:
        """Open what save() wrote, or what gensim's save() wrote, of which nothing is run."""
        if not isinstance(fname, (str, os.PathLike)):
            with as_file(fname.read()) as path:
                return cls.load(path)
        if is_pickle(fname):
            state = _from_gensim(read_saved(fname), str(fname))
        else:
            state = cls._read(fname)
        model = cls.__new__(cls)
        try:
            model._take_settings(state)
            model._take_state(state)
        except (KeyError, TypeError) as error:
            raise ValueError(f"{os.fspath(fname)!r} holds no {cls.__name__}: {error!r}") from None
        return model

    @classmethod
    def _read(cls, fname: Path) -> dict[str, Any]:
        with open(fname, encoding="utf-8", errors="surrogateescape") as file:
            try:
                state = json.load(file)
            except ValueError as error:
                raise ValueError(f"{os.fspath(fname)!r} is no file of {cls.__name__}: {error}") from None
        if not isinstance(state, dict) or state.get("kith.models") != cls.__name__:
            raise ValueError(f"{os.fspath(fname)!r} holds no {cls.__name__}")
        return state

    def __getstate__(self) -> dict[str, Any]:
        return {**self._settings(), **self._state(), "scoring": self.scoring}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._take_settings(state)
        self._take_state(state)


class Phrases(_Joining):
    """Counts words and pairs of a text, and tells which pairs are phrases.

    ``min_count``: rarer pairs are no phrases. ``threshold``: the score above which a pair is one. ``scoring``: "default",
    "npmi", or a function of worda_count, wordb_count, bigram_count, len_vocab, min_count and corpus_word_count.
    ``connector_words`` may stand within a phrase. ``max_vocab_size``: words and pairs to keep in memory.

    Examples
    --------
    >>> from kith.models.phrases import Phrases
    >>> text = [["new", "york", "is", "large"], ["in", "new", "york"], ["is", "it", "large"]] * 5
    >>> phrases = Phrases(text, min_count=1, threshold=1)
    >>> phrases[["to", "new", "york"]]
    ['to', 'new_york']
    """

    def __init__(
        self,
        sentences: Optional[Sentences] = None,
        min_count: int = 5,
        threshold: float = 10.0,
        max_vocab_size: int = 40_000_000,
        delimiter: str = "_",
        progress_per: int = 10_000,
        scoring: Union[str, Scorer] = "default",
        connector_words: Iterable[str] = frozenset(),
        *,
        progress: ProgressOption = False,
    ) -> None:
        self.min_count, self.threshold, self.max_vocab_size = min_count, threshold, max_vocab_size
        self.delimiter, self.progress_per = delimiter, progress_per
        self.scoring, self.connector_words = _scorer(scoring), frozenset(connector_words)
        self._begin()
        if sentences is not None:
            self.add_vocab(sentences, progress=progress)

    def _begin(self) -> None:
        self._counts: Optional[dict[str, int]] = None
        self._native = _core.Phrases(
            min_count=self.min_count,
            threshold=self.threshold,
            max_vocab_size=self.max_vocab_size,
            delimiter=self.delimiter,
            scoring=_BUILT_IN.get(self.scoring, self.scoring),
            connector_words=sorted(self.connector_words),
        )

    def add_vocab(self, sentences: Sentences, *, progress: ProgressOption = False) -> None:
        """Add the counts of more text."""
        self._counts = None
        if isinstance(sentences, PhrasedCorpus) or files_of(sentences)[0]:
            with reporter(progress) as callback:
                self._native.learn(read_corpus(sentences, None, None, callback), callback)
        else:
            self._native.learn_sentences(sentences)
        logger.info("%s", self)

    @property
    def vocab(self) -> dict[str, int]:
        """How often each word and each pair, joined by the delimiter, was seen: a copy."""
        if self._counts is None:
            self._counts = self._native.counts()
        return self._counts

    @property
    def corpus_word_count(self) -> int:
        return int(self._native.words)

    def _score(self, words: list[str]) -> Optional[float]:
        return float(self._native.score(words))

    def export_phrases(self) -> dict[str, float]:
        """All phrases, the best first, with their scores."""
        return {text: score for text, score, _ in self._native.freeze().phrases()}

    def freeze(self) -> FrozenPhrases:
        """The phrases found, without the counts: small, and fixed."""
        return FrozenPhrases(self)

    def _state(self) -> dict[str, Any]:
        return {"max_vocab_size": self.max_vocab_size, "words": self.corpus_word_count, "counts": self.vocab}

    def _take_state(self, saved: Mapping[str, Any]) -> None:
        self.max_vocab_size, self.progress_per = saved["max_vocab_size"], 10_000
        self._begin()
        self._native.learn_counts(saved["counts"], saved["words"])

    def __str__(self) -> str:
        return (
            f"Phrases<{len(self._native)} vocab, min_count={self.min_count}, threshold={self.threshold}, "
            f"max_vocab_size={self.max_vocab_size}>"
        )

    __repr__ = __str__


class FrozenPhrases(_Joining):
    """The phrases of a ``Phrases``, without the counts: joins words, learns nothing."""

    def __init__(self, phrases_model: Phrases) -> None:
        self.min_count, self.threshold = phrases_model.min_count, phrases_model.threshold
        self.delimiter, self.connector_words = phrases_model.delimiter, phrases_model.connector_words
        self.scoring = phrases_model.scoring
        self._native = phrases_model._native.freeze()

    @property
    def phrasegrams(self) -> dict[str, float]:
        """All phrases with their scores: a copy."""
        return {text: score for text, score, _ in self._native.phrases()}

    def _score(self, words: list[str]) -> Optional[float]:
        found = self._native.analyze(words)
        return found[0][1] if len(found) == 1 else None

    def _state(self) -> dict[str, Any]:
        return {"phrases": self._native.phrases()}

    def _take_state(self, saved: Mapping[str, Any]) -> None:
        phrases = [(text, score, count) for text, score, count in saved["phrases"]]
        self._native = _core.FrozenPhrases(phrases, self.delimiter, sorted(self.connector_words))

    @classmethod
    def _read(cls, fname: Path) -> dict[str, Any]:
        with open(fname, "rb") as file:
            if file.read(10) != b"#delimiter":
                return super()._read(fname)
        found = _core.FrozenPhrases.load(fname)  # what `kith phrases` wrote
        return {
            "min_count": 5,
            "threshold": 10.0,
            "delimiter": found.delimiter,
            "scoring": "default",
            "connector_words": found.connector_words,
            "phrases": found.phrases(),
        }

    def __str__(self) -> str:
        return f"FrozenPhrases<{len(self._native)} phrases, min_count={self.min_count}, threshold={self.threshold}>"

    __repr__ = __str__


#: gensim 3's name.
Phraser = FrozenPhrases


def _is_single(given: Any) -> tuple[bool, Any]:
    """Whether this is one sentence rather than several; of an iterator nothing is lost."""
    if isinstance(given, str):
        raise TypeError(f"a sentence must be a list of words, not one str: pass {given[:20]!r}.split()")
    if isinstance(given, (list, tuple)):
        return bool(given) and isinstance(given[0], str), given
    iterator = iter(given)
    missing = object()
    first = next(iterator, missing)
    if first is missing:
        return False, []
    if iterator is given:
        rest = iterator
        given = (item for part in ((first,), rest) for item in part)
    return isinstance(first, str), given


def _named_scorer(name: Any) -> Scorer:
    if not isinstance(name, str) or ":" not in name:
        return _scorer(name)
    # Looked up, never imported: a file does not make anything run.
    module, _, path = name.partition(":")
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    if not callable(found):
        raise ValueError(f"the model scores by the function {name!r}, which is not there: import its module first")
    return _scorer(found)


def _from_gensim(saved: Saved, name: str) -> dict[str, Any]:
    delimiter = _text(saved.get("delimiter") or "_")
    scoring = saved.get("scoring")
    function = str(scoring if isinstance(scoring, str) else getattr(scoring, "class_name", "") or "")
    state = {
        "min_count": saved.get("min_count") or 5,
        "threshold": saved.get("threshold") or 10.0,
        "max_vocab_size": saved.get("max_vocab_size") or 40_000_000,
        "delimiter": delimiter,
        "scoring": "npmi" if "npmi" in function else "default",
        "connector_words": [_text(word) for word in saved.get("connector_words", "common_terms") or ()],
    }
    if isinstance(saved.get("vocab"), dict):
        state["counts"] = {_text(key): int(count) for key, count in saved.get("vocab").items() if count > 0}
        state["words"] = saved.get("corpus_word_count") or 0
    found = saved.get("phrasegrams")
    if isinstance(found, dict):
        state["phrases"] = [
            (_text(key, delimiter), float(score[-1] if isinstance(score, tuple) else score), 0)
            for key, score in found.items()
        ]
    if "counts" not in state and "phrases" not in state:
        raise ValueError(f"{name} holds a {saved.class_name} of gensim's, not Phrases")
    return state


def _text(key: Any, delimiter: str = "_") -> str:
    if isinstance(key, tuple):
        return delimiter.join(_text(part) for part in key)
    return key if isinstance(key, str) else bytes(key).decode("utf-8", "surrogateescape")
