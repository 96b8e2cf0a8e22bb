"""Where gensim 3 had the indexer."""

from .annoy import AnnoyIndexer

__all__ = ["AnnoyIndexer"]
