"""What users pass as X, as one matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray


def column_names(X: Any) -> Optional[tuple[str, ...]]:
    """The column names of a data frame whose columns all have text for a name."""
    names = getattr(X, "columns", None)
    if names is None or not all(isinstance(name, str) for name in names):
        return None
    return tuple(names)


def as_matrix(X: Any, f: Optional[int], missing_value: Optional[float] = None, name: str = "X") -> NDArray[Any]:
    """``X`` as one row per vector.

    Accepted: anything NumPy reads as a matrix, data frames, SciPy's sparse matrices, and sequences of rows where a
    row may be a dict from column to number and may leave numbers out or have None, if there is a ``missing_value``.
    """
    if hasattr(X, "tocsr") and hasattr(X, "toarray"):
        X = X.toarray()
    if isinstance(X, (list, tuple)) and any(isinstance(row, Mapping) or _has_none(row) for row in X):
        X = _filled(X, f, missing_value)
    matrix = np.asarray(X)
    if matrix.dtype.kind not in "fiub" and matrix.size:
        try:
            matrix = matrix.astype(np.float32)
        except (TypeError, ValueError):
            raise ValueError(f"{name} must hold numbers in rows of one length; found {matrix.dtype}") from None
    if matrix.ndim != 2 or matrix.shape[0] == 0 or matrix.shape[1] == 0:
        raise ValueError(f"{name} must have one row per vector, and at least one; found shape {matrix.shape}")
    if f is not None and matrix.shape[1] != f:
        raise ValueError(f"{name} has vectors of {matrix.shape[1]} elements; this index takes {f}")
    return matrix


def _has_none(row: Any) -> bool:
    return isinstance(row, (list, tuple)) and any(value is None for value in row)


def _filled(X: Sequence[Any], f: Optional[int], missing_value: Optional[float]) -> NDArray[np.float32]:
    if missing_value is None:
        raise ValueError("X has rows with missing numbers: give missing_value")
    if f is None:
        lengths = {len(row) for row in X if not isinstance(row, Mapping)}
        if len(lengths) != 1:
            raise ValueError("the dimension does not follow from these rows: give f")
        f = lengths.pop()
    matrix = np.full((len(X), f), missing_value, np.float32)
    for i, row in enumerate(X):
        if not isinstance(row, Mapping) and len(row) != f:
            raise ValueError(f"row {i} of X has {len(row)} elements, not {f}")
        pairs = row.items() if isinstance(row, Mapping) else enumerate(row)
        for column, value in pairs:
            if not 0 <= column < f:
                raise ValueError(f"row {i} of X has a column {column}; columns run from 0 to {f - 1}")
            if value is not None:
                matrix[i, column] = value
    return matrix
