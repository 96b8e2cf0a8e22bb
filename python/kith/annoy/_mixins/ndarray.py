"""Items as arrays, sparse matrices and data frames."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, Optional

import numpy as np
from numpy.typing import NDArray

from .. import _params
from .._base import Base
from .._rows import as_matrix, column_names


class NDArrayMixin(Base):
    """add_items, to_numpy, to_pandas and to_scipy_csr."""

    def add_items(
        self,
        X: Any,
        ids: Any = None,
        *,
        start_id: Optional[int] = None,
        accept_sparse: Any = "toarray",
        ensure_all_finite: Any = True,
        copy: bool = False,
        dtype: Any = np.float32,
        order: Any = "C",
        check_unique_ids: bool = True,
        feature_names: Any = None,
    ) -> NDArray[np.int64]:
        """Add the rows of ``X`` as items ``ids``, or from ``start_id`` on (default: after the last); gives the ids.

        accept_sparse, ensure_all_finite, copy, dtype and order are there for code written for scikit-plots and
        change nothing: sparse rows are taken, NaN and infinity refused, X is not written to and kept as float32.
        """
        if self._engine is not None and self._engine.is_built:
            raise RuntimeError("the index is built: call unbuild() before adding to it")
        matrix = as_matrix(X, self._params["f"])
        if ids is not None and start_id is not None:
            raise TypeError("ids and start_id exclude each other")
        if ids is None:
            first = self.get_n_items() if start_id is None else _params.integer("start_id", start_id)
            ids = np.arange(first, first + len(matrix))
        ids = np.asarray(ids)
        if ids.ndim != 1 or ids.dtype.kind not in "iu":
            raise TypeError("ids must be a sequence of whole numbers")
        if len(ids) != len(matrix):
            raise ValueError(f"there are {len(ids)} ids for {len(matrix)} rows of X")
        if check_unique_ids and len(np.unique(ids)) != len(ids):
            raise ValueError("an id stands twice in ids")
        names = tuple(feature_names) if feature_names is not None else column_names(X)
        engine = self._engine if self._engine is not None else self._made(matrix.shape[1])
        added: NDArray[np.int64] = engine.add(matrix, ids)
        self._adopt(engine)
        if names is not None:
            self._feature_names = names
        return added

    def get_item_vectors(
        self,
        ids: Any = None,
        *,
        dtype: Any = np.float32,
        start: int = 0,
        stop: Optional[int] = None,
        n_rows: Optional[int] = None,
        return_ids: bool = False,
        validate_vector_len: bool = True,
    ) -> Any:
        """The vectors of ``ids``, or of all ids that were added from ``start`` to before ``stop``.

        n_rows and validate_vector_len are there for code written for scikit-plots; neither is needed.
        """
        wanted = self._chosen(ids, start, stop)
        if self._engine is None or not len(wanted):
            vectors = np.empty((0, self._params["f"] or 0), np.float32)
        else:
            vectors = self._engine.vectors(wanted)
        vectors = vectors.astype(dtype, copy=False)
        return (vectors, wanted) if return_ids else vectors

    def to_numpy(self, ids: Any = None, **options: Any) -> Any:
        """As get_item_vectors."""
        return self.get_item_vectors(ids, **options)

    def iter_item_vectors(
        self, ids: Any = None, *, start: int = 0, stop: Optional[int] = None, with_ids: bool = True, dtype: Any = None
    ) -> Iterator[Any]:
        """One vector at a time, read in blocks."""
        wanted = self._chosen(ids, start, stop)
        for first in range(0, len(wanted), 1024):
            block = wanted[first : first + 1024]
            vectors = self.get_item_vectors(block, dtype=dtype or np.float32)
            yield from zip(block.tolist(), vectors) if with_ids else vectors

    def to_scipy_csr(self, ids: Any = None, **options: Any) -> Any:
        """What get_item_vectors gives, as a SciPy CSR matrix; with ``return_ids`` a tuple of it and the ids."""
        from scipy.sparse import csr_matrix

        found = self.get_item_vectors(ids, **options)
        return (csr_matrix(found[0]), found[1]) if isinstance(found, tuple) else csr_matrix(found)

    def to_pandas(
        self,
        ids: Any = None,
        *,
        dtype: Any = np.float32,
        start: int = 0,
        stop: Optional[int] = None,
        id_location: Literal["index", "column", "both", "none"] = "index",
        id_name: str = "id",
        columns: Any = None,
        n_rows: Optional[int] = None,
        validate_vector_len: bool = True,
    ) -> Any:
        """The vectors as a data frame, its columns named as at fit(), or feature_0, feature_1, …"""
        if id_location not in ("index", "column", "both", "none"):
            raise ValueError(f"id_location must be 'index', 'column', 'both' or 'none', not {id_location!r}")
        import pandas as pd

        vectors, wanted = self.get_item_vectors(ids, dtype=dtype, start=start, stop=stop, return_ids=True)
        names = columns if columns is not None else self._feature_names
        if names is None:
            names = [f"feature_{i}" for i in range(vectors.shape[1])]
        frame = pd.DataFrame(vectors, columns=list(names))
        if id_location in ("index", "both"):
            frame.index = pd.Index(wanted, name=id_name)
        if id_location in ("column", "both"):
            frame.insert(0, id_name, wanted)
        return frame

    def _chosen(self, ids: Any, start: int, stop: Optional[int]) -> NDArray[np.int64]:
        if ids is None:
            if self._engine is None:
                return np.empty(0, np.int64)
            everything = self._engine.ids()
            return everything[(everything >= start) & (everything < (self.get_n_items() if stop is None else stop))]
        chosen = np.asarray(ids if hasattr(ids, "__len__") else list(ids))
        if chosen.size and chosen.dtype.kind not in "iu":
            raise TypeError("ids must be whole numbers")
        return chosen.astype(np.int64)
