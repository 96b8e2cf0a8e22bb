"""``GraphIndexer``: the sibling of AnnoyIndexer over a navigable graph, which knows its recall."""

from __future__ import annotations

import json
import os
from typing import Any, Optional

import numpy as np

from .._files import Path, write_whole
from .._index import Index, open_index
from .._numbers import number, shown
from ._model import plain_labels, vectors_of

__all__ = ["GraphIndexer"]


class GraphIndexer:
    """An approximate index of a model's vectors, for ``model.wv.most_similar(…, indexer=…)``.

    ``model`` is a Word2Vec, Doc2Vec, FastText or KeyedVectors of kith.models or of gensim; of Doc2Vec the documents are
    indexed, of FastText the words of its vocabulary. Without one nothing is built: load() comes next. ``recall`` is the
    share of the true neighbours that queries are to find; it may be set at any time. ``compress`` keeps 8 bits of each
    element, as Index.build does.

    ``index`` is a kith.Index, ``labels`` the keys by item.

    Examples
    --------
    >>> from kith.models import Word2Vec
    >>> from kith.similarities import GraphIndexer
    >>> model = Word2Vec([["cat", "say", "meow"], ["dog", "say", "woof"]] * 100, min_count=1, workers=1)
    >>> [key for key, cosine in model.wv.most_similar("cat", topn=1, indexer=GraphIndexer(model))]
    ['cat']
    """

    def __init__(self, model: Any = None, recall: float = 0.95, *, seed: Optional[int] = None, threads: int = 0,
                 compress: bool = False) -> None:
        self.index: Optional[Index] = None
        self.labels: Optional[list[Any]] = None
        self.model = model
        self.recall = recall
        if model is None:
            return
        vectors = vectors_of(model)
        index = Index(int(vectors.vector_size), "angular", "graph", seed=seed)
        index.add(np.asarray(vectors.get_normed_vectors(), dtype=np.float32))
        self.index, self.labels = index.build(threads=threads, compress=compress), vectors.index_to_key

    @property
    def recall(self) -> float:
        return self._recall

    @recall.setter
    def recall(self, value: float) -> None:
        wanted = number("recall", value)
        if not 0 < wanted <= 1:
            raise ValueError(f"recall must be above 0 and at most 1, not {shown(value)}")
        self._recall = wanted

    def most_similar(self, vector: Any, num_neighbors: int) -> list[tuple[Any, float]]:
        """(key, cosine) of the nearest items, nearest first; the vector's own item is among them."""
        index, labels = self._built()
        ids, distances = index.search(np.asarray(vector, dtype=np.float32), int(num_neighbors), recall=self.recall)
        return [(labels[item], 1 - distance * distance / 2) for item, distance in zip(ids.tolist(), distances.tolist())]

    def _built(self) -> tuple[Index, list[Any]]:
        if self.index is None or self.labels is None:
            raise RuntimeError("the indexer is empty: GraphIndexer(model) builds it, load(fname) reads one")
        return self.index, self.labels

    def save(self, fname: Path) -> None:
        """Write the index at ``fname``, a .kith file whatever its name, and the labels at ``fname.labels``, as JSON. The
        model is not saved."""
        index, labels = self._built()
        name = os.fspath(fname)
        index.save(name, "kith")
        write_whole(name + ".labels", json.dumps(plain_labels(labels)).encode())

    def load(self, fname: Path) -> None:
        """Map what save() wrote. ``model`` is the caller's to set."""
        name = os.fspath(fname)
        index = open_index(name)
        with open(name + ".labels", encoding="utf-8") as file:
            labels = _read_labels(file.read(), name + ".labels")
        if index.size != len(labels) or index.metric != "angular":
            raise ValueError(
                f"{name!r} holds {index.size} {index.metric} items, and {name + '.labels'!r} names {len(labels)}, which "
                "are angular"
            )
        self.index, self.labels = index, labels


def _read_labels(text: str, path: str) -> list[Any]:
    try:
        labels = json.loads(text)
    except ValueError as error:
        raise ValueError(f"{path!r} is no list of labels ({error})") from None
    if not isinstance(labels, list) or not all(isinstance(label, (str, int)) for label in labels):
        raise ValueError(f"{path!r} must hold a list of texts and whole numbers")
    return labels
