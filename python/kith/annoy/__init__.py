"""Annoy over Kith's forest.

``Annoy`` (= ``AnnoyIndex``) is ``annoy.AnnoyIndex``, name for name. ``Index`` is the high-level index that
scikit-plots' users know: an estimator with arrays, labels, pickling, bundles and plots.
"""

from .._core import Annoy
from ._index import Index
from ._mixins import (
    CompressMode,
    EstimatorMixin,
    IndexIOMixin,
    MetaMixin,
    NDArrayMixin,
    PickleMixin,
    PickleMode,
    PlottingMixin,
    VectorOpsMixin,
)

AnnoyIndex = Annoy

__all__ = [
    "Annoy",
    "AnnoyIndex",
    "CompressMode",
    "EstimatorMixin",
    "Index",
    "IndexIOMixin",
    "MetaMixin",
    "NDArrayMixin",
    "PickleMixin",
    "PickleMode",
    "PlottingMixin",
    "VectorOpsMixin",
]
