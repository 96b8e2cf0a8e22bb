"""What searches return."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Neighbors(NamedTuple):
    """The neighbours of one query (one dimension) or of many (one row per query), nearest first.

    A row with fewer than ``k`` neighbours ends in ids of -1 and distances of NaN.
    """

    ids: NDArray[np.int64]
    distances: NDArray[np.float32]

