"""``kith.sklearn.KithTransformer``."""

from __future__ import annotations

from typing import Any, Optional

from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils._set_output import _get_output_config
from sklearn.utils.validation import check_is_fitted

from ._base import KithEstimator, Mode, _check_mode, _count


class KithTransformer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, KithEstimator):  # type: ignore[misc]
    """Turns samples into the graph of their nearest neighbours, as scikit-learn's ``KNeighborsTransformer``.

    For everything that takes ``metric="precomputed"``: ``KNeighborsClassifier``, ``Isomap``, ``TSNE``, ``DBSCAN``,
    ``SpectralClustering``, ``SpectralEmbedding``, ...

    Parameters
    ----------
    mode
        "distance": the entries of the graph are distances, n_neighbors + 1 in each row, because a sample is a
        neighbour of itself. "connectivity": ones, n_neighbors in each row.

    The other parameters and the attributes are those of :class:`KithNeighbors`.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from sklearn.pipeline import make_pipeline
    >>> from kith.sklearn import KithTransformer
    >>> X, y = load_digits(return_X_y=True)
    >>> model = make_pipeline(KithTransformer(n_neighbors=5), KNeighborsClassifier(5, metric="precomputed"))
    >>> bool(model.fit(X[:1500], y[:1500]).score(X[1500:], y[1500:]) > 0.9)
    True
    """

    def __init__(
        self,
        *,
        mode: Mode = "distance",
        n_neighbors: int = 5,
        metric: str = "euclidean",
        algorithm: str = "forest",
        n_trees: Optional[int] = None,
        search_k: int = -1,
        recall: Optional[float] = None,
        n_jobs: Optional[int] = None,
        random_state: Any = None,
    ) -> None:
        super().__init__(
            n_neighbors=n_neighbors,
            metric=metric,
            algorithm=algorithm,
            n_trees=n_trees,
            search_k=search_k,
            recall=recall,
            n_jobs=n_jobs,
            random_state=random_state,
        )
        self.mode = mode

    def fit(self, X: Any, y: Any = None) -> KithTransformer:
        """Index the rows of ``X``, (n_samples, n_features), dense or sparse. ``y`` is not used."""
        _check_mode(self.mode)
        return super().fit(X, y)

    def transform(self, X: Any) -> Any:
        """The graph from the rows of ``X`` to the samples of fit, a CSR matrix, (rows, n_samples_fit).

        The entries of a row stand in the order of their distances, as scikit-learn's estimators want them. After
        ``set_output(transform="pandas")``: a data frame with sparse columns, for small sets of samples.
        """
        check_is_fitted(self)
        _check_mode(self.mode)
        k = _count("n_neighbors", self.n_neighbors) + (self.mode == "distance")
        distances, ids = self._near(X, k)
        graph = self._graph(distances, ids, self.mode)
        if _get_output_config("transform", self)["dense"] != "pandas":
            return graph
        # scikit-learn has no container for sparse results; pandas does.
        from pandas import DataFrame

        # pandas 3.0 takes what a sparse matrix does not store for missing; filling that stores nothing more.
        return DataFrame.sparse.from_spmatrix(graph, index=getattr(X, "index", None)).fillna(0)

    @property
    def _n_features_out(self) -> int:
        return int(self.n_samples_fit_)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
