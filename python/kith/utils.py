"""What gensim.utils has that users of word vectors import: what a ``trim_rule`` may answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional

__all__ = ["RULE_DEFAULT", "RULE_DISCARD", "RULE_KEEP", "TrimRule", "keep_vocab_item"]

RULE_DEFAULT = 0  #: as min_count says
RULE_DISCARD = 1
RULE_KEEP = 2

#: (word, count, min_count) to one of the above.
TrimRule = Callable[[str, int, int], int]


def keep_vocab_item(word: str, count: int, min_count: int, trim_rule: Optional[TrimRule] = None) -> bool:
    """Whether a word becomes part of a vocabulary."""
    answer = RULE_DEFAULT if trim_rule is None else trim_rule(word, count, min_count)
    if answer == RULE_DEFAULT:
        return count >= min_count
    if answer not in (RULE_KEEP, RULE_DISCARD):
        raise ValueError(f"trim_rule must give RULE_DEFAULT, RULE_DISCARD or RULE_KEEP, not {answer!r} for {word!r}")
    return answer == RULE_KEEP
