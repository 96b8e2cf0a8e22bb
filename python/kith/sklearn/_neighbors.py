"""``kith.sklearn.KithNeighbors``."""

from __future__ import annotations

from ._base import KithEstimator


class KithNeighbors(KithEstimator):
    """Nearest neighbours as scikit-learn's ``NearestNeighbors`` finds them, but approximate and fast.

    Parameters
    ----------
    n_neighbors
        Neighbours that kneighbors gives unless it is told.
    metric
        "euclidean" ("l2", "minkowski"), "sqeuclidean", "manhattan" ("l1", "cityblock"), "cosine" (1 - cos),
        "angular" (sqrt(2 - 2 cos)) or "hamming" (the share of zeros and ones that differ).
    algorithm
        "forest": random-projection trees. "coded": trees over compressed vectors, which know their recall: faster for
        more than some ten thousand samples. "graph": a navigable graph, which knows its recall: fastest in many dimensions,
        slower to fit. "flat": exact. "auto": "flat" or "coded", by the number of samples
        and features; ``index_.why`` says why.
    n_trees
        More find more and take more room; None is 50 for "forest" and 1 for "coded".
    search_k
        Candidates that a query of a forest looks at, or vertices that one of a graph keeps in sight; -1 goes by recall where
        it was given, and else is n_neighbors x n_trees for a forest.
    recall
        The share of the true neighbours to find. For "coded" and "graph": 0.95 by default. For "forest", instead of
        n_trees: fit chooses trees and search_k by measuring, which takes some times longer.
    n_jobs
        Threads that build and search; None is one, unless a joblib context says otherwise, and -1 one per core.
    random_state
        Seed of the trees. The same samples, parameters and seed give the same neighbours, with None too, whatever
        n_jobs is.

    Attributes
    ----------
    index_ : kith.Index
    n_samples_fit_, n_features_in_ : int
    feature_names_in_ : ndarray of str
        If fit was given a data frame whose columns have names.
    effective_metric_ : str

    Examples
    --------
    >>> import numpy as np
    >>> from kith.sklearn import KithNeighbors
    >>> samples = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 3.0]])
    >>> KithNeighbors(n_neighbors=1).fit(samples).kneighbors()
    (array([[1.],
           [1.],
           [3.]]), array([[1],
           [0],
           [0]]))
    """
