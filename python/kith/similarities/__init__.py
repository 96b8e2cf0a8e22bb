"""Indexers for ``most_similar(indexer=…)``: AnnoyIndexer, under gensim's names, and GraphIndexer."""

from . import annoy, graph
from .annoy import AnnoyIndexer
from .graph import GraphIndexer

__all__ = ["AnnoyIndexer", "GraphIndexer", "annoy", "graph"]
