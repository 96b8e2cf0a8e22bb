"""Ctrl-C during the long calls of models."""

from __future__ import annotations

import pytest
from support import errors_of_interrupted

SETUP = """
    import numpy as np
    from kith.models import Doc2Vec, FastText, Phrases, Word2Vec
    from kith.models.doc2vec import TaggedDocument
    words = np.random.default_rng(0).integers(0, 1000, size=(20000, 20)).astype(str).tolist()
    documents = [TaggedDocument(sentence, [i]) for i, sentence in enumerate(words)]
    small = dict(vector_size=20, min_count=1)

    class Endless:
        def __iter__(self):
            while True:
                yield from words
"""

WORK = {
    "word2vec": "Word2Vec(words, epochs=10**6, **small)",
    "word2vec, reading": "Word2Vec(Endless(), **small)",
    "word2vec, score": "Word2Vec(words, hs=1, negative=0, epochs=1, **small).score(words * 500)",
    "doc2vec": "Doc2Vec(documents, epochs=10**6, **small)",
    "doc2vec, inference": "Doc2Vec(documents, epochs=1, **small).infer_vectors(words, epochs=10**6)",
    "doc2vec, one inference": "Doc2Vec(documents, epochs=1, **small).infer_vector(words[0] * 100, epochs=10**8)",
    "fasttext": "FastText(words, epochs=10**6, bucket=1000, **small)",
    "phrases": "Phrases(Endless())",
}


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_ctrl_c_stops(work):
    assert "KeyboardInterrupt" in errors_of_interrupted(SETUP, work)
