"""``kith.Word2Vec``: vectors for words, learned from text."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, Union

from . import _core
from ._files import Path
from ._keyed_vectors import KeyedVectors
from ._progress import ProgressOption, reporter

__all__ = ["Word2Vec"]


class Word2Vec(_core.Word2Vec):
    """A model to train. For everything at once: ``kith.Word2Vec.fit("text8", vector_size=100, sg=True).vectors()``.

    Options and their meanings are gensim's: vector_size, sg, window, shrink_windows, negative, ns_exponent, hs,
    cbow_mean, min_count, max_final_vocab, sample, alpha, min_alpha, epochs, seed; ``threads``, 0 for one per core.
    """

    @classmethod
    def fit(
        cls, corpus: Union[Path, Iterable[Iterable[str]]], *, progress: ProgressOption = False, **options: Any
    ) -> Word2Vec:
        """Train on a text file, a folder of such, or an iterable of lists of words, which is passed over once."""
        model = cls(**options)
        with reporter(progress) as callback:
            if isinstance(corpus, (str, os.PathLike)):
                text = _core.Corpus.read(corpus, progress=callback)
            else:
                text = _core.Corpus.from_sentences(corpus)
            model.build_vocabulary(text)
            _core.Word2Vec.train(model, text, progress=callback)
        return model

    @classmethod
    def open(cls, path: Path) -> Word2Vec:
        """A model that save() wrote, which can be trained on."""
        model = cls.__new__(cls)
        _core.Word2Vec._open_init(model, path)
        return model

    def vectors(self) -> KeyedVectors:
        """The vectors with their words and counts."""
        return KeyedVectors._from_core(super().vectors())
