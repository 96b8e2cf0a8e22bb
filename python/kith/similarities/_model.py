"""What all indexers ask of a model, of kith.models or of gensim."""

from __future__ import annotations

from typing import Any


def vectors_of(model: Any) -> Any:
    """The keyed vectors of a model; by what it has, so that gensim need not be there. ValueError where there are none."""
    found = model
    for name in ("dv", "wv"):
        if hasattr(type(model), name) or name in getattr(model, "__dict__", {}):
            found = getattr(model, name)
            break
    if not all(hasattr(found, name) for name in ("index_to_key", "vector_size", "get_normed_vectors")):
        raise ValueError(f"model must be a Word2Vec, Doc2Vec, FastText or KeyedVectors, not {type(model).__name__}")
    if not len(found.index_to_key):
        raise ValueError(f"model has no vectors to index: {found!r}")
    return found


def plain_labels(labels: Any) -> list[Any]:
    """Keys as str and int, of which files are made."""
    return [label if isinstance(label, str) else int(label) for label in labels]
