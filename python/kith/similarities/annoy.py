"""``AnnoyIndexer`` as gensim has it, without Annoy: over models of kith.models and of gensim alike."""

from __future__ import annotations

import os
import pickle
from typing import Any, BinaryIO, Optional

import numpy as np

from .._files import Path, write_whole
from ..annoy import AnnoyIndex
from ._model import plain_labels, vectors_of

__all__ = ["AnnoyIndexer"]

LEAST_CANDIDATES = 500


class AnnoyIndexer:
    """An approximate index of a model's vectors, for ``model.wv.most_similar(…, indexer=…)``.

    ``model`` is a Word2Vec, Doc2Vec, FastText or KeyedVectors of kith.models or of gensim; of Doc2Vec the documents are
    indexed, of FastText the words of its vocabulary. Without model or num_trees nothing is built: load() comes next.

    ``index`` is a kith.annoy.AnnoyIndex, ``labels`` the keys by item.
    """

    def __init__(self, model: Any = None, num_trees: Optional[int] = None) -> None:
        self.index: Optional[AnnoyIndex] = None
        self.labels: Optional[list[Any]] = None
        self.model = model
        self.num_trees = num_trees
        if model is None:
            return
        vectors = vectors_of(model)
        if num_trees:
            self._build(vectors, num_trees)

    def _build(self, vectors: Any, num_trees: int) -> None:
        index = AnnoyIndex(int(vectors.vector_size), "angular")
        for item, vector in enumerate(np.asarray(vectors.get_normed_vectors(), dtype=np.float32)):
            index.add_item(item, vector)
        index.build(num_trees)
        self.index, self.labels = index, vectors.index_to_key

    def most_similar(self, vector: Any, num_neighbors: int) -> list[tuple[Any, float]]:
        """(key, cosine) of the nearest items, nearest first; the vector's own item is among them.

        As many candidates are looked at as Annoy would by itself, and not fewer than 500: few trees and few neighbours
        would find too little otherwise, and those few microseconds buy it.
        """
        index, labels = self._built()
        wanted = int(num_neighbors)
        effort = max(LEAST_CANDIDATES, wanted * index.get_n_trees())
        ids, distances = index.get_nns_by_vector(vector, wanted, effort, include_distances=True)
        return [(labels[item], 1 - distance * distance / 2) for item, distance in zip(ids, distances)]

    def _built(self) -> tuple[AnnoyIndex, list[Any]]:
        if self.index is None or self.labels is None:
            raise RuntimeError("the indexer is empty: AnnoyIndexer(model, num_trees) builds it, load(fname) reads one")
        return self.index, self.labels

    def save(self, fname: Path, protocol: int = 4) -> None:
        """Write Annoy's file at ``fname`` and the labels at ``fname.dict``, which gensim reads too. The model is not
        saved."""
        index, labels = self._built()
        name = os.fspath(fname)
        index.save(name)
        saved = {"f": index.f, "num_trees": self.num_trees, "labels": plain_labels(labels)}
        write_whole(name + ".dict", pickle.dumps(saved, protocol=protocol))

    def load(self, fname: Path) -> None:
        """Map what save(), or gensim's, wrote; gensim 3's ``fname.d`` too. ``model`` is the caller's to set."""
        name = os.fspath(fname)
        state = next((name + end for end in (".dict", ".d") if os.path.exists(name + end)), None)
        if not os.path.exists(name) or state is None:
            raise OSError(f"an indexer is two files, {name!r} and {name + '.dict'!r}; not both are there")
        with open(state, "rb") as file:
            dim, num_trees, labels = _read_state(file, state)
        index = AnnoyIndex(dim, "angular")
        index.load(name)
        if index.get_n_items() != len(labels):
            raise ValueError(f"{name!r} holds {index.get_n_items()} items, and {state!r} names {len(labels)}")
        self.index, self.num_trees, self.labels = index, num_trees, labels


class _Plain(pickle.Unpickler):
    """Reads numbers, texts, lists and dicts; refuses whatever would run code."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"names {module}.{name}")


def _read_state(file: BinaryIO, path: str) -> tuple[int, int, list[Any]]:
    try:
        state = _Plain(file).load()
        dim, num_trees, labels = state["f"], state["num_trees"], state["labels"]
    except Exception as error:  # whatever bytes may make an unpickler raise
        raise ValueError(f"{path!r} is no state of an AnnoyIndexer ({error})") from None
    whole = isinstance(dim, int) and isinstance(num_trees, int) and isinstance(labels, list)
    if not whole or not all(isinstance(label, (str, int)) for label in labels):
        raise ValueError(f"{path!r} must hold a number of dimensions, a number of trees and a list of labels")
    return dim, num_trees, labels
