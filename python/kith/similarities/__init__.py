"""Indexers for ``most_similar(indexer=…)``, under gensim's names."""

from . import annoy
from .annoy import AnnoyIndexer

__all__ = ["AnnoyIndexer", "annoy"]
