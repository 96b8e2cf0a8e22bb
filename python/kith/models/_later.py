"""Classes of gensim's that Kith does not have yet: they can be imported, and say so when they are used."""

from __future__ import annotations

from typing import Any

__all__ = ["Doc2Vec", "FastText", "Phrases"]


class _Later:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError(
            f"{type(self).__name__} is not in kith.models yet; train it with gensim: its vectors can be searched with "
            "kith.similarities.annoy.AnnoyIndexer(model, num_trees)"
        )

    @classmethod
    def load(cls, *args: Any, **kwargs: Any) -> Any:
        return cls()


class Doc2Vec(_Later):
    pass


class FastText(_Later):
    pass


class Phrases(_Later):
    pass
