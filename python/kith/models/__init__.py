"""Word vectors with gensim's names: change ``from gensim.models import …`` to ``from kith.models import …``.

What is the same and what is better: docs/migrating-from-gensim.md.
"""

from . import callbacks, keyedvectors, word2vec
from ._later import Doc2Vec, FastText, Phrases
from .keyedvectors import KeyedVectors
from .word2vec import Word2Vec

__all__ = ["Doc2Vec", "FastText", "KeyedVectors", "Phrases", "Word2Vec", "callbacks", "keyedvectors", "word2vec"]
