"""What happens between epochs."""

from __future__ import annotations

from typing import Any

__all__ = ["CallbackAny2Vec"]


class CallbackAny2Vec:
    """Override what is wanted; ``model`` is the model in training, whose vectors are as the last epoch left them.

    Any object with these four methods will do, gensim's own callbacks too. An exception ends the training.
    """

    def on_train_begin(self, model: Any) -> None:
        pass

    def on_epoch_begin(self, model: Any) -> None:
        pass

    def on_epoch_end(self, model: Any) -> None:
        pass

    def on_train_end(self, model: Any) -> None:
        pass
