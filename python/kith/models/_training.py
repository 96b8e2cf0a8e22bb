"""Training: epochs of the C++ library, and what happens between them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._files import Path
from .._progress import Progress, ProgressOption, reporter
from ._corpora import check_corpus
from ._model import logger
from ._vocabulary import Vocabulary

__all__ = ["Training"]


class _Reports:
    """Progress of one epoch, told as that of all: to the log now and then, and to the user's display."""

    def __init__(self, display: Optional[Callable[..., object]], epochs: int, delay: float) -> None:
        self._display = display
        self._epochs = epochs
        self._delay = delay
        self._start = time.monotonic()
        self._next = self._start + delay
        self._epoch = 0
        self._words = 0

    def begin(self, epoch: int, words: int) -> None:
        self._epoch, self._words = epoch, words

    def end(self) -> None:
        """Tell that the epoch is over, which a short one may not have told."""
        if self._display is not None and self("training", self._words, self._words, 0.0, -1.0, "") is False:
            raise _core.Cancelled("training was cancelled")

    def __call__(self, *fields: Any) -> object:
        now = Progress(*fields)
        time_now = time.monotonic()
        if time_now >= self._next:
            self._next = time_now + self._delay
            logger.info("%.1f%% of an epoch, %s", 100 * now.done / max(now.total, 1), now.detail)
        if self._display is None:
            return None
        done, total = now.done + self._epoch * now.total, now.total * self._epochs
        seconds = time_now - self._start
        left = seconds * (total - done) / done if done else -1.0
        return self._display(now.stage, done, total, seconds, left, now.detail)


class Training(Vocabulary):
    """train()."""

    batch_words: int
    compute_loss: bool
    #: Which arrays of ``wv`` may hold vectors in place.
    _lockable: tuple[str, ...] = ()

    train_count: int
    total_train_time: float
    min_alpha_yet_reached: float
    running_training_loss: float
    #: Mean loss of a prediction, for each epoch trained with compute_loss.
    epoch_losses: list[float]

    def train(
        self,
        corpus_iterable: Any = None,
        corpus_file: Optional[Path] = None,
        total_examples: Optional[int] = None,
        total_words: Optional[int] = None,
        epochs: Optional[int] = None,
        start_alpha: Optional[float] = None,
        end_alpha: Optional[float] = None,
        word_count: int = 0,
        queue_factor: int = 2,
        report_delay: float = 1.0,
        compute_loss: bool = False,
        callbacks: Sequence[Any] = (),
        *,
        progress: ProgressOption = False,
    ) -> tuple[int, int]:
        """Train on, and give how many words were trained and how many were read, over all epochs.

        The text is passed over once and kept as numbers; the learning rate falls by what it holds, and ``total_examples``
        or ``total_words``, of which gensim needs one, are compared with it.
        """
        check_corpus(corpus_iterable, corpus_file, epochs or 1)
        self._check_training(total_examples, total_words, epochs)
        assert epochs is not None
        with reporter(progress) as display:
            corpus = self._read(corpus_iterable, corpus_file, None, display)
            self._compare(corpus, total_examples, total_words)
            return self._train(corpus, epochs, start_alpha, end_alpha, report_delay, compute_loss, callbacks, display)

    def _check_training(
        self, total_examples: Optional[int], total_words: Optional[int], epochs: Optional[int]
    ) -> None:
        if not self.hs and not self.negative:
            raise ValueError("hs = 0 and negative = 0: nothing to learn; set hs to 1, or negative to 1 or more")
        if total_examples is None and total_words is None:
            raise ValueError(
                "total_examples or total_words must be given: model.corpus_count and corpus_total_words"
            )
        if epochs is None or epochs < 1:
            raise ValueError(f"epochs must be 1 or more, not {epochs!r}; the usual value is epochs=model.epochs")
        if not len(self.wv):
            raise RuntimeError("the model has no vocabulary to train: build_vocab() comes first")
        for name in ("vectors_lockf", "vectors_vocab_lockf", "vectors_ngrams_lockf"):
            if name not in self._lockable and np.any(getattr(self.wv, name, 1) != np.float32(1)):
                raise NotImplementedError(
                    f"wv.{name} holds vectors in place, which {type(self).__name__} cannot do: set it to np.ones(1)"
                )

    def _compare(self, corpus: Any, total_examples: Optional[int], total_words: Optional[int]) -> None:
        for name, given, found in (
            ("total_examples", total_examples, corpus.sentences),
            ("total_words", total_words, corpus.words),
        ):
            if given is not None and given != found:
                logger.warning("%s is %d, and the text has %d; the learning rate goes by the text", name, given, found)

    def _train(
        self,
        corpus: Any,
        epochs: int,
        start_alpha: Optional[float],
        end_alpha: Optional[float],
        report_delay: float,
        compute_loss: bool,
        callbacks: Sequence[Any],
        display: Optional[Callable[..., object]],
    ) -> tuple[int, int]:
        self.alpha, self.min_alpha = start_alpha or self.alpha, end_alpha or self.min_alpha
        self.epochs, self.compute_loss = epochs, bool(compute_loss)
        if self.alpha > self.min_alpha_yet_reached:
            logger.warning("alpha %g is above the %g that training had come down to", self.alpha, self.min_alpha_yet_reached)
        if corpus.words == 0:
            logger.warning("the text is empty; nothing is trained")
        reports = _Reports(display, epochs, report_delay)
        trained = raw = 0
        _call(callbacks, "on_train_begin", self)
        for epoch in range(epochs if corpus.words else 0):
            _call(callbacks, "on_epoch_begin", self)
            reports.begin(epoch, corpus.words)
            native = self._ready()
            if "vectors_lockf" in self._lockable:
                native.set_lock_factors(self._lock_factors())
            done = native.train(
                corpus, epochs, self.alpha, self.min_alpha, reports,
                first_epoch=epoch, last_epoch=epoch + 1, compute_loss=self.compute_loss, threads=self._options()["threads"],
            )  # fmt: skip
            self.epoch_losses.extend(done["epoch_losses"])
            reports.end()
            self._weights_changed()
            trained, raw = trained + done["trained_words"], raw + done["raw_words"]
            self.running_training_loss = sum(done["epoch_losses"])
            self.total_train_time += done["seconds"]
            logger.info(
                "epoch %d of %d: %d words read, %d trained, in %.1f s: %.0f words/s",
                epoch + 1, epochs, done["raw_words"], done["trained_words"], done["seconds"],
                done["raw_words"] / max(done["seconds"], 1e-9),
            )  # fmt: skip
            _call(callbacks, "on_epoch_end", self)
        self.train_count += 1
        self.min_alpha_yet_reached = min(self.min_alpha_yet_reached, self.min_alpha)
        _call(callbacks, "on_train_end", self)
        return trained, raw

    def _lock_factors(self) -> NDArray[np.float32]:
        """Of every word; few factors repeat, as in gensim."""
        factors = np.asarray(getattr(self.wv, "vectors_lockf", np.ones(1)), np.float32)
        return np.resize(factors, len(self.wv))

    def get_latest_training_loss(self) -> float:
        """The mean loss of a prediction in the last epoch that was trained with ``compute_loss=True``.

        gensim gives a sum that grows from epoch to epoch (and loses its last digits); this can be compared between epochs,
        texts and numbers of workers. ``epoch_losses`` holds all of them. With skip-gram and a tree the words of a context are
        asked after those before them have learned, so that a higher learning rate makes it a little smaller.
        """
        if not self.epoch_losses:
            raise RuntimeError("no loss was measured: train with compute_loss=True")
        return self.epoch_losses[-1]


def _call(callbacks: Sequence[Any], method: str, model: Any) -> None:
    for callback in callbacks:
        getattr(callback, method)(model)
