"""scikit-learn's metrics over Kith's."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: What users may write, and the metric that is meant.
ALIASES = {
    "angular": "angular",
    "cityblock": "manhattan",
    "cosine": "cosine",
    "euclidean": "euclidean",
    "hamming": "hamming",
    "l1": "manhattan",
    "l2": "euclidean",
    "manhattan": "manhattan",
    "minkowski": "euclidean",  # with scikit-learn's p = 2
    "sqeuclidean": "sqeuclidean",
}

#: The metric of the index; its order is that of the metric it stands for.
INDEX_METRIC = {
    "angular": "angular",
    "cosine": "angular",
    "euclidean": "euclidean",
    "hamming": "hamming",
    "manhattan": "manhattan",
    "sqeuclidean": "euclidean",
}


def effective(metric: object) -> str:
    if not isinstance(metric, str) or metric not in ALIASES:
        raise ValueError(f"metric must be one of {', '.join(map(repr, ALIASES))}, not {metric!r}")
    return ALIASES[metric]


def as_scikit_learn(metric: str, distances: NDArray[Any], dim: int) -> NDArray[Any]:
    """Distances of the index as scikit-learn's functions of that name give them."""
    shown: NDArray[Any] = distances
    if metric == "cosine":
        # The index has sqrt(2 - 2 cos); this is 1 - cos.
        shown = distances * distances * distances.dtype.type(0.5)
    elif metric == "sqeuclidean":
        shown = distances * distances
    elif metric == "hamming":
        # A share of the elements rather than their number.
        shown = distances / distances.dtype.type(dim)
    return shown


def check_bits(X: NDArray[Any]) -> None:
    others = X[(X != 0) & (X != 1)]
    if others.size:
        raise ValueError(f"metric='hamming' compares bits: X must hold zeros and ones only; found {np.ravel(others)[0]}")
