"""How good vectors are, by the usual tests."""

from __future__ import annotations

import logging
from typing import Any, Optional

from .. import _core
from .._files import Path
from .._progress import ProgressOption, reporter
from ._similarity import Similarity

__all__ = ["Evaluation"]

logger = logging.getLogger("kith.models.keyedvectors")


class Evaluation(Similarity):
    """Analogies and human judgements of similarity."""

    def evaluate_word_analogies(
        self,
        analogies: Path,
        restrict_vocab: Optional[int] = 300000,
        case_insensitive: bool = True,
        dummy4unknown: bool = False,
        similarity_function: str = "most_similar",
        progress: ProgressOption = False,
    ) -> tuple[float, list[dict[str, Any]]]:
        """The share of the questions answered, and per section the ones answered rightly and wrongly.

        ``similarity_function``: "most_similar" (3CosAdd) or "most_similar_cosmul" (3CosMul). The last section,
        "Total accuracy", holds those of all others.
        """
        if similarity_function not in ("most_similar", "most_similar_cosmul"):
            raise ValueError(
                f"similarity_function must be 'most_similar' or 'most_similar_cosmul', not {similarity_function!r}"
            )
        with reporter(progress) as callback:
            accuracy, sections, malformed = _core.evaluate_analogies(
                self._native,
                analogies,
                restrict_vocab=restrict_vocab or 0,
                case_insensitive=case_insensitive,
                dummy4unknown=dummy4unknown,
                cosmul=similarity_function == "most_similar_cosmul",
                progress=callback,
            )
        if malformed:
            logger.warning("%s: %d lines are not four words and were skipped", analogies, malformed)
        for section in sections:
            _log_accuracy(section)
        total: dict[str, Any] = {"section": "Total accuracy"}
        for side in ("correct", "incorrect"):
            total[side] = [question for section in sections for question in section[side]]
        _log_accuracy(total)
        return accuracy, [*sections, total]

    def evaluate_word_pairs(
        self,
        pairs: Path,
        delimiter: str = "\t",
        encoding: str = "utf8",
        restrict_vocab: Optional[int] = 300000,
        case_insensitive: bool = True,
        dummy4unknown: bool = False,
    ) -> tuple[tuple[float, float], tuple[float, float], float]:
        """Pearson's and Spearman's correlation with a file of judgements, each with its p-value, and the percentage of
        pairs with a word that is not there."""
        if encoding.lower().replace("-", "") not in ("utf8", "ascii"):
            raise ValueError(f"encoding must be 'utf8', not {encoding!r}: recode the file first")
        pearson, spearman, unknown = _core.evaluate_word_pairs(
            self._native,
            pairs,
            delimiter=delimiter,
            restrict_vocab=restrict_vocab or 0,
            case_insensitive=case_insensitive,
            dummy4unknown=dummy4unknown,
        )
        logger.info(
            "%s: Pearson %.4f, Spearman %.4f, %.1f%% of the pairs unknown", pairs, pearson[0], spearman[0], unknown
        )
        return pearson, spearman, unknown


def _log_accuracy(section: dict[str, Any]) -> None:
    right, wrong = len(section["correct"]), len(section["incorrect"])
    if right + wrong:
        logger.info("%s: %.1f%% (%d/%d)", section["section"], 100 * right / (right + wrong), right, right + wrong)
