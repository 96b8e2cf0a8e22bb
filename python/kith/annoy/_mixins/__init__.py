"""What the high-level index can do, one file per theme."""

from .estimator import EstimatorMixin
from .io import IndexIOMixin
from .meta import MetaMixin
from .ndarray import NDArrayMixin
from .pickle import CompressMode, PickleMixin, PickleMode
from .plotting import PlottingMixin
from .vectors import VectorOpsMixin

__all__ = [
    "CompressMode",
    "EstimatorMixin",
    "IndexIOMixin",
    "MetaMixin",
    "NDArrayMixin",
    "PickleMixin",
    "PickleMode",
    "PlottingMixin",
    "VectorOpsMixin",
]
