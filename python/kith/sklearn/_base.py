"""What the estimators share: parameters, the index, and searching it for matrices of any sort."""

from __future__ import annotations

from collections.abc import Iterator
from numbers import Integral
from typing import Any, Literal, Optional, TypeVar

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, issparse
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from .._index import Index
from .._numbers import EVERYTHING
from ._metrics import INDEX_METRIC, as_scikit_learn, check_bits, effective

Self = TypeVar("Self", bound="KithEstimator")
Mode = Literal["connectivity", "distance"]

_ALGORITHMS = ("auto", "coded", "flat", "forest", "graph")
_BLOCK_ELEMENTS = 1 << 22


class KithEstimator(BaseEstimator):  # type: ignore[misc]
    """The parameters, fit, kneighbors and kneighbors_graph of all estimators here."""

    def __init__(
        self,
        *,
        n_neighbors: int = 5,
        metric: str = "euclidean",
        algorithm: str = "forest",
        n_trees: Optional[int] = None,
        search_k: int = -1,
        recall: Optional[float] = None,
        n_jobs: Optional[int] = None,
        random_state: Any = None,
    ) -> None:
        self.n_neighbors = n_neighbors
        self.metric = metric
        self.algorithm = algorithm
        self.n_trees = n_trees
        self.search_k = search_k
        self.recall = recall
        self.n_jobs = n_jobs
        self.random_state = random_state

    def fit(self: Self, X: Any, y: Any = None) -> Self:
        """Index the rows of ``X``, (n_samples, n_features), dense or sparse. ``y`` is not used."""
        metric = effective(self.metric)
        if self.algorithm not in _ALGORITHMS:
            names = ", ".join(map(repr, _ALGORITHMS))
            raise ValueError(f"algorithm must be one of {names}, not {self.algorithm!r}")
        if self.recall is not None and self.algorithm == "flat":
            raise ValueError(f"recall={self.recall} has no meaning for algorithm='flat', which finds all")
        if self.algorithm == "auto" and None not in (self.recall, self.n_trees):
            raise ValueError(f"n_trees={self.n_trees} asks for a forest, whose trees recall={self.recall} would choose: give one")
        _count("n_neighbors", self.n_neighbors)
        X = validate_data(self, X, accept_sparse="csr", dtype="numeric")
        index = Index(X.shape[1], INDEX_METRIC[metric], self.algorithm, seed=self._seed())  # type: ignore[arg-type]
        for block in _dense_blocks(X, metric):
            index.add(block)
        # The trees of a forest are chosen by the recall; other indexes take it when they are searched.
        recall = self.recall if self.algorithm == "forest" and X.shape[0] > 1 else None
        self.index_ = index.build(self.n_trees, recall=recall, threads=effective_n_jobs(self.n_jobs))
        self.n_samples_fit_ = X.shape[0]
        self.effective_metric_ = metric
        return self

    def kneighbors(
        self, X: Any = None, n_neighbors: Optional[int] = None, return_distance: bool = True
    ) -> Any:
        """The nearest samples of fit to every row of ``X``, nearest first.

        Without X: to every sample of fit, itself left out. Returns ``(distances, indices)``, each (rows,
        n_neighbors), or the indices alone.
        """
        check_is_fitted(self)
        k = _count("n_neighbors", self.n_neighbors if n_neighbors is None else n_neighbors)
        distances, ids = self._others(k) if X is None else self._near(X, k)
        return (distances, ids) if return_distance else ids

    def kneighbors_graph(self, X: Any = None, n_neighbors: Optional[int] = None, mode: Mode = "connectivity") -> Any:
        """The neighbours as a CSR matrix, (rows, n_samples_fit): ones, or distances with ``mode="distance"``.

        Each row has exactly n_neighbors entries, nearest first. Without X: samples are no neighbours of themselves.
        """
        _check_mode(mode)
        distances, ids = self.kneighbors(X, n_neighbors)
        return self._graph(distances, ids, mode)

    def _graph(self, distances: NDArray[Any], ids: NDArray[np.int64], mode: Mode) -> Any:
        rows, k = ids.shape
        data = distances.ravel() if mode == "distance" else np.ones(ids.size, distances.dtype)
        return csr_matrix((data, ids.ravel(), np.arange(0, ids.size + 1, k)), shape=(rows, self.n_samples_fit_))

    def _near(self, X: Any, k: int) -> tuple[NDArray[Any], NDArray[np.int64]]:
        X = validate_data(self, X, accept_sparse="csr", dtype="numeric", reset=False)
        self._check_available(k, 0)
        found = [self._search(block, k) for block in _dense_blocks(X, self.effective_metric_)]
        return self._display(np.concatenate([d for _, d in found]), X.dtype), np.concatenate([i for i, _ in found])

    def _others(self, k: int) -> tuple[NDArray[Any], NDArray[np.int64]]:
        self._check_available(k, 1)
        items = np.arange(self.n_samples_fit_)
        ids = np.empty((len(items), k), np.int64)
        distances = np.empty((len(items), k), np.float32)
        step = max(1, _BLOCK_ELEMENTS // self.n_features_in_)
        for first in range(0, len(items), step):
            own = items[first : first + step, None]
            found, values = self._search(self.index_.vectors(own[:, 0]), k + 1)
            # Where as many others are just as near, the sample itself may not be there: the last is left out.
            keep = found != own
            keep[keep.all(axis=1), -1] = False
            ids[first : first + step] = found[keep].reshape(-1, k)
            distances[first : first + step] = values[keep].reshape(-1, k)
        return self._display(distances, np.dtype(np.float64)), ids

    def _search(self, rows: NDArray[Any], k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Exactly ``k`` neighbours of every row."""
        threads = effective_n_jobs(self.n_jobs)
        recall = None if self.index_.kind == "forest" else self.recall
        ids, distances = self.index_.search(rows, k, search_k=self.search_k, recall=recall, threads=threads)
        short = np.flatnonzero(ids[:, -1] < 0)
        if short.size:
            ids[short], distances[short] = self.index_.search(rows[short], k, search_k=EVERYTHING, threads=threads)
        return ids, distances

    def _display(self, distances: NDArray[np.float32], given: np.dtype[Any]) -> NDArray[Any]:
        wanted = np.float32 if given == np.float32 else np.float64
        return as_scikit_learn(self.effective_metric_, distances.astype(wanted, copy=False), self.n_features_in_)

    def _check_available(self, k: int, left_out: int) -> None:
        if k > self.n_samples_fit_ - left_out:
            raise ValueError(
                f"Expected n_neighbors {'<' if left_out else '<='} n_samples_fit, but n_neighbors = {k}, "
                f"n_samples_fit = {self.n_samples_fit_}"
            )

    def _seed(self) -> Optional[int]:
        if self.random_state is None:
            return None
        if isinstance(self.random_state, Integral):
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(np.iinfo(np.int32).max))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def _count(name: str, value: object) -> int:
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name} does not take {type(value)} value, enter integer value")
    if value < 1:
        raise ValueError(f"Expected {name} > 0. Got {value}")
    return int(value)


def _check_mode(mode: object) -> None:
    if mode not in ("connectivity", "distance"):
        raise ValueError(f"mode must be 'connectivity' or 'distance', not {mode!r}")


def _dense_blocks(X: Any, metric: str) -> Iterator[NDArray[Any]]:
    """All rows of ``X``; those of a sparse matrix some at a time."""
    if not issparse(X) and metric != "hamming":
        yield X
        return
    step = max(1, _BLOCK_ELEMENTS // X.shape[1])
    for first in range(0, X.shape[0], step):
        block = X[first : first + step]
        block = block.toarray() if issparse(block) else block
        if metric == "hamming":
            check_bits(block)
        yield block
