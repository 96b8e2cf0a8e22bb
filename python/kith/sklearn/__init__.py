"""Kith as scikit-learn's estimators: graphs of nearest neighbours for pipelines, and the neighbours themselves.

Needs scikit-learn 1.6 or later, which brings SciPy.
"""

try:
    import sklearn as _sklearn  # noqa: F401
except ImportError as error:
    raise ImportError("kith.sklearn needs scikit-learn 1.6 or later: pip install 'kith[sklearn]'") from error

from ._neighbors import KithNeighbors
from ._transformer import KithTransformer

__all__ = ["KithNeighbors", "KithTransformer"]
