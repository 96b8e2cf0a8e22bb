"""The vocabulary of a model: from text, from counts, by a rule of the user's, and grown afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np

from .._files import Path
from .._progress import ProgressOption, reporter
from ..utils import TrimRule, keep_vocab_item
from ._corpora import check_corpus, read_corpus
from ._model import Model, logger

__all__ = ["Vocabulary"]


class Vocabulary(Model):
    """build_vocab and its parts."""

    def _read(
        self, sentences: Any, corpus_file: Optional[Path], max_vocab_size: Optional[int] = None, progress: Any = None
    ) -> Any:
        """A text as this model's C++ class takes it."""
        return read_corpus(sentences, corpus_file, max_vocab_size, progress)

    def build_vocab(
        self,
        corpus_iterable: Any = None,
        corpus_file: Optional[Path] = None,
        update: bool = False,
        progress_per: int = 10000,
        keep_raw_vocab: bool = False,
        trim_rule: Optional[TrimRule] = None,
        *,
        progress: ProgressOption = False,
        **kwargs: Any,
    ) -> None:
        """Take the words of a text, and set the initial weights; with ``update`` add them to those there are.

        ``trim_rule(word, count, min_count)`` gives a kith.utils.RULE_…. ``kwargs``: min_count and sample, from now on.
        """
        check_corpus(corpus_iterable, corpus_file, 1)
        with reporter(progress) as callback:
            corpus = self._read(corpus_iterable, corpus_file, self.max_vocab_size, callback)
        self._take_vocabulary(corpus, update, keep_raw_vocab, trim_rule, **kwargs)

    def _take_vocabulary(
        self,
        corpus: Any,
        update: bool = False,
        keep_raw_vocab: bool = False,
        trim_rule: Optional[TrimRule] = None,
        **kwargs: Any,
    ) -> None:
        self.corpus_count, self.corpus_total_words = corpus.sentences, corpus.words
        logger.info("%d words of %d kinds in %d sentences", corpus.words, corpus.types, corpus.sentences)
        if update or keep_raw_vocab or trim_rule is not None or kwargs or not self.sorted_vocab:
            self.raw_vocab = corpus.counts()
            self.prepare_vocab(update=update, keep_raw_vocab=keep_raw_vocab, trim_rule=trim_rule, **kwargs)
            return
        native = self._new_native()
        try:
            native.build_vocabulary(corpus)
        except ValueError as error:
            raise RuntimeError(f"there is no vocabulary to train: {error}; lower min_count, or give more text") from None
        self._adopt_words(native)
        dropped_types, dropped_words, self.effective_min_count = native._dropped()
        logger.info(
            "min_count=%d keeps %d words and leaves out %d, which occur %d times",
            self.effective_min_count, len(self.wv), dropped_types, dropped_words,
        )  # fmt: skip

    def build_vocab_from_freq(
        self,
        word_freq: Mapping[str, int],
        keep_raw_vocab: bool = False,
        corpus_count: Optional[int] = None,
        trim_rule: Optional[TrimRule] = None,
        update: bool = False,
    ) -> None:
        """Take words counted elsewhere."""
        self.raw_vocab = dict(word_freq)
        self.corpus_count = corpus_count or 0
        self.corpus_total_words = sum(self.raw_vocab.values())
        self.prepare_vocab(update=update, keep_raw_vocab=keep_raw_vocab, trim_rule=trim_rule)

    def scan_vocab(
        self,
        corpus_iterable: Any = None,
        corpus_file: Optional[Path] = None,
        progress_per: int = 10000,
        workers: Optional[int] = None,
        trim_rule: Optional[TrimRule] = None,
    ) -> tuple[int, int]:
        """Count the words of a text, for prepare_vocab(); gives the number of words and of sentences."""
        check_corpus(corpus_iterable, corpus_file, 1)
        corpus = self._read(corpus_iterable, corpus_file, self.max_vocab_size)
        self.raw_vocab = corpus.counts()
        return corpus.words, corpus.sentences

    def prepare_vocab(
        self,
        update: bool = False,
        keep_raw_vocab: bool = False,
        trim_rule: Optional[TrimRule] = None,
        min_count: Optional[int] = None,
        sample: Optional[float] = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Make the vocabulary from what was counted, and its weights; says what it keeps. ``dry_run``: only says."""
        if update and not len(self.wv):
            raise RuntimeError("update=True adds to a vocabulary, and there is none yet: build_vocab() without it first")
        least = self._least_count(self.min_count if min_count is None else min_count)
        rate = self.sample if sample is None else sample
        kept = {word: count for word, count in self.raw_vocab.items() if keep_vocab_item(word, count, least, trim_rule)}
        report = _report(self.raw_vocab, kept, float(rate or 0))
        report["memory"] = self.estimate_memory(len(kept))
        if dry_run:
            return report
        self.effective_min_count = least
        if min_count is not None:
            self.min_count = min_count
        if sample is not None:
            self.sample = sample
        if update:
            self._add_words(kept)
        else:
            self._replace_words(kept)
        if not keep_raw_vocab:
            self.raw_vocab = {}
        return report

    def _least_count(self, min_count: int) -> int:
        limit = self.max_final_vocab
        if limit is None or limit >= len(self.raw_vocab):
            return min_count
        return max(min_count, sorted(self.raw_vocab.values(), reverse=True)[limit] + 1)

    def _replace_words(self, kept: Mapping[str, int]) -> None:
        if not kept:
            raise RuntimeError(
                f"no word is left for the vocabulary: none of {len(self.raw_vocab)} occurs {self.effective_min_count} "
                "times or more; lower min_count, or give more text"
            )
        words = list(kept)
        if self.sorted_vocab:
            # Of equally frequent words the later seen comes first, as in gensim.
            words = sorted(reversed(words), key=lambda word: -kept[word])
        self.wv.vectors = np.zeros((0, self.vector_size), np.float32)
        for name in ("syn1neg", "syn1"):
            self.__dict__.pop(name, None)
        self._rebuild(words, [kept[word] for word in words])

    def _add_words(self, kept: Mapping[str, int]) -> None:
        known = self.wv.key_to_index
        more = {word: count for word, count in self.raw_vocab.items() if word in kept or word in known}
        before = len(self.wv)
        self._adopt_words(self._extended(self._ready(), more))
        logger.info("added %d words to %d", len(self.wv) - before, before)

    def _extended(self, native: Any, counts: Mapping[str, int]) -> Any:
        """A C++ model that knows more words."""
        return native.extended_by(counts)

    def init_weights(self) -> None:
        """Begin anew with the vocabulary as it is."""
        native = self._new_native()
        self._build_native(native, dict(zip(self.wv.index_to_key, map(int, self.wv.expandos["count"]))))
        self._adopt_words(native)

    def update_weights(self) -> None:
        """Give words that were put into ``wv``, with their counts, the weights that new words begin with."""
        self._ready()

    def reset_from(self, other_model: Vocabulary) -> None:
        """Take another model's vocabulary, with new weights."""
        self.corpus_count = other_model.corpus_count
        self.corpus_total_words = other_model.corpus_total_words
        native = self._new_native()
        words = dict(zip(other_model.wv.index_to_key, other_model.wv.expandos["count"]))
        self._build_native(native, {word: int(count) for word, count in words.items()})
        self._adopt_words(native)


def _report(raw: Mapping[str, int], kept: Mapping[str, int], sample: float) -> dict[str, Any]:
    counts = np.array(list(kept.values()), dtype=np.float64)
    total = int(counts.sum())
    threshold = total if not sample else sample * total if sample < 1 else int(sample * (3 + np.sqrt(5)) / 2)
    share = np.minimum(1, (np.sqrt(counts / threshold) + 1) * threshold / counts) if len(counts) else counts
    return {
        "drop_unique": len(raw) - len(kept),
        "retain_total": total,
        "downsample_unique": int((share < 1).sum()),
        "downsample_total": int((share * counts).sum()),
        "num_retained_words": len(kept),
    }
