"""The index as an estimator: fit, transform, parameters, and what scikit-learn asks of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Optional, TypeVar

import numpy as np

from .. import _params
from .._base import _checked_labels
from .._rows import as_matrix, column_names
from .vectors import VectorOpsMixin

Self = TypeVar("Self", bound="EstimatorMixin")


class EstimatorMixin(VectorOpsMixin):
    """fit, transform, get_params and set_params."""

    def fit(
        self: Self,
        X: Any = None,
        y: Any = None,
        *,
        y_map: Optional[Mapping[int, Any]] = None,
        n_trees: Optional[int] = None,
        n_jobs: Optional[int] = None,
        reset: bool = True,
        start_index: Optional[int] = None,
        missing_value: Optional[float] = None,
        feature_names: Any = None,
    ) -> Self:
        """Index the rows of ``X``; without X, build what was added.

        ``reset=False`` appends to what is there, from ``start_index`` on (default: after the last item). Labels come
        as ``y``, one per row, or ``y_map``, by id. When anything is wrong the index stays as it was.
        """
        if y is not None and y_map is not None:
            raise TypeError("y and y_map are two ways to give labels: use one of them")
        trees = self._params["n_trees"] if n_trees is None else _params.n_trees(n_trees)
        jobs = self._params["n_jobs"] if n_jobs is None else _params.n_jobs(n_jobs)
        if X is None:
            if y is not None:
                raise ValueError("y without X: set the attribute y instead")
            return self.build(trees, jobs)
        # A refit may change the dimension that the first fit found out, but not one that is still to be filled.
        known = None if reset and not self._empty() else self._params["f"]
        matrix = as_matrix(X, known, missing_value)
        first = 0 if reset else self.get_n_items()
        if start_index is not None:
            first = _params.integer("start_index", start_index)
            if first < 0:
                raise ValueError(f"start_index must be at least 0, not {first}")
        names = self._checked_names(feature_names, X, matrix.shape[1], reset)
        labels = {} if reset else dict(self._labels)
        if y is not None:
            y = list(y)
            if len(y) != len(matrix):
                raise ValueError(f"y has {len(y)} labels for {len(matrix)} rows of X")
            labels.update((first + i, label) for i, label in enumerate(y) if label is not None)
        if y_map is not None:
            labels.update(_checked_labels(y_map, first + len(matrix)))
        engine = self._made(matrix.shape[1])
        if not reset and self._engine is not None and not self._empty():
            kept = self._engine.ids()
            engine.add(self._engine.vectors(kept), kept)
        engine.add(matrix, np.arange(first, first + len(matrix)))
        self._grow(engine, trees, jobs)
        self._adopt(engine)
        self._labels, self._feature_names = labels, names
        return self

    def _checked_names(self, names: Any, X: Any, f: int, reset: bool) -> Optional[tuple[str, ...]]:
        if names is None:
            found = column_names(X)
            return found if reset or found is not None else self._feature_names
        if isinstance(names, str):
            raise TypeError("feature_names must be a sequence of names, not one str")
        given: tuple[str, ...] = tuple(names)
        if len(given) != f or not all(isinstance(name, str) for name in given):
            raise ValueError(f"feature_names must be {f} names; found {len(given)} entries")
        if not reset and self._feature_names is not None and given != self._feature_names:
            raise ValueError("feature_names differ from those of the items that are there")
        return given

    def transform(
        self,
        X: Any,
        n_neighbors: Optional[int] = None,
        search_k: int = -1,
        include_distances: bool = False,
        return_labels: bool = False,
        y_fill_value: Any = None,
        input_type: Literal["vector", "item"] = "vector",
        output_type: Literal["item", "vector"] = "item",
        exclude_self: bool = False,
        exclude_items: Any = None,
        missing_value: Optional[float] = None,
    ) -> Any:
        """The neighbours of every row of ``X`` (``input_type="item"``: of every id in X).

        An array of ids, (rows, n_neighbors), or with ``output_type="vector"`` of their vectors, (rows, n_neighbors,
        f). With distances, labels or both: a tuple of the array and these.
        """
        if input_type not in ("vector", "item"):
            raise ValueError(f"input_type must be 'vector' or 'item', not {input_type!r}")
        self._built_engine()
        k = self._params["n_neighbors"] if n_neighbors is None else _params.n_neighbors(n_neighbors)
        if input_type == "item":
            ids, distances = self._of_items(X, k, search_k, exclude_self, exclude_items)
        else:
            matrix = as_matrix(X, self._params["f"], missing_value)
            ids, distances = self._of_vectors(matrix, k, search_k, exclude_self, exclude_items)
        results: list[Any] = [self._output(ids, output_type)]
        if include_distances:
            results.append(distances)
        if return_labels:
            labels = [[self._labels.get(i, y_fill_value) for i in row] for row in ids.tolist()]
            results.append(labels)
        return results[0] if len(results) == 1 else tuple(results)

    def fit_transform(
        self,
        X: Any,
        y: Any = None,
        n_trees: Optional[int] = None,
        n_jobs: Optional[int] = None,
        reset: bool = True,
        start_index: Optional[int] = None,
        missing_value: Optional[float] = None,
        feature_names: Any = None,
        n_neighbors: Optional[int] = None,
        search_k: int = -1,
        include_distances: bool = False,
        return_labels: bool = False,
        y_fill_value: Any = None,
        *,
        y_map: Optional[Mapping[int, Any]] = None,
        **transform: Any,
    ) -> Any:
        """``fit`` and then ``transform`` of the same rows."""
        self.fit(
            X,
            y,
            y_map=y_map,
            n_trees=n_trees,
            n_jobs=n_jobs,
            reset=reset,
            start_index=start_index,
            missing_value=missing_value,
            feature_names=feature_names,
        )
        return self.transform(
            X,
            n_neighbors,
            search_k,
            include_distances,
            return_labels,
            y_fill_value,
            missing_value=missing_value,
            **transform,
        )

    # Parameters

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The constructor's arguments. Making an index from them touches no file."""
        if not isinstance(deep, (bool, np.bool_)):
            raise TypeError(f"deep must be a bool, not {type(deep).__name__}")
        return dict(self._params)

    def set_params(self: Self, **params: Any) -> Self:
        """Change parameters, all of them or, when one is wrong, none. f and metric are fixed once there are items."""
        checked = _params.checked(params)
        if not self._empty():
            for name in ("f", "metric"):
                if name in checked and checked[name] != self._params[name]:
                    raise ValueError(
                        f"{name} is {self._params[name]!r} for the items that are there; "
                        f"rebuild(metric=...) makes another index, unload() drops the items"
                    )
            if checked.get("on_disk_path") not in (None, self._params["on_disk_path"], self._path):
                raise ValueError("on_disk_path comes before the first item: call unload() first")
        elif {"f", "metric", "on_disk_path"} & set(checked):
            self._engine = None
        self._params.update(checked)
        return self

    # What scikit-learn reads

    @property
    def n_features_in_(self) -> int:
        if self._empty():
            raise AttributeError("n_features_in_ is there after fit() or the first add_item()")
        return int(self._params["f"])

    n_features_ = n_features_in_

    @property
    def n_features_out_(self) -> int:
        if self.get_n_trees() == 0:
            raise AttributeError("n_features_out_ is there after build() or fit()")
        return int(self._params["n_neighbors"])

    @property
    def feature_names_in_(self) -> tuple[str, ...]:
        if self._feature_names is None:
            raise AttributeError("feature_names_in_ is there after fit() with names")
        return self._feature_names

    def get_feature_names_out(self, input_features: Any = None) -> tuple[str, ...]:
        """Names for the columns of transform(): neighbor_0, neighbor_1, …"""
        if input_features is not None and self._feature_names is not None:
            if tuple(input_features) != self._feature_names:
                raise ValueError("input_features differ from feature_names_in_")
        return tuple(f"neighbor_{i}" for i in range(self.n_features_out_))

    def __sklearn_is_fitted__(self) -> bool:
        return self.get_n_trees() > 0

    def __sklearn_clone__(self: Self) -> Self:
        return type(self)(**{**self._params, "on_disk_path": None})

    def __sklearn_tags__(self) -> Any:
        try:
            from sklearn.utils import InputTags, Tags, TargetTags, TransformerTags
        except ImportError:
            return {"requires_y": False}
        return Tags(
            estimator_type="transformer",
            target_tags=TargetTags(required=False),
            transformer_tags=TransformerTags(),
            input_tags=InputTags(sparse=True),
        )
