"""Word vectors with gensim's names: change ``from gensim.models import …`` to ``from kith.models import …``.

What is the same and what is better: docs/migrating-from-gensim.md.
"""

from . import callbacks, doc2vec, fasttext, keyedvectors, phrases, word2vec
from .doc2vec import Doc2Vec
from .fasttext import FastText
from .keyedvectors import KeyedVectors
from .phrases import Phrases
from .word2vec import Word2Vec

__all__ = [
    "Doc2Vec",
    "FastText",
    "KeyedVectors",
    "Phrases",
    "Word2Vec",
    "callbacks",
    "doc2vec",
    "fasttext",
    "keyedvectors",
    "phrases",
    "word2vec",
]
