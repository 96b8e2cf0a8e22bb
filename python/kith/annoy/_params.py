"""The parameters of the high-level index and what each may be."""

from __future__ import annotations

import os
from typing import Any, Optional

from .. import _core
from .._numbers import integer as integer
from .._numbers import shown

#: In the order of the constructor, with the defaults.
DEFAULTS: dict[str, Any] = {
    "f": None,
    "metric": None,
    "n_neighbors": 5,
    "n_trees": -1,
    "n_jobs": -1,
    "l1_ratio": 0.0,
    "seed": None,
    "verbose": None,
    "prefault": None,
    "schema_version": None,
    "on_disk_path": None,
}

MAX_F = 2**31 - 1


def _at_least(name: str, value: object, least: int) -> int:
    number = integer(name, value)
    if number < least:
        raise ValueError(f"{name} must be at least {least}, not {number}")
    return number


def _all_or_at_least_one(name: str, value: object, meaning: str) -> int:
    number = integer(name, value)
    if number == 0 or number < -1:
        raise ValueError(f"{name} must be -1 ({meaning}) or at least 1, not {number}")
    return number


def f(value: object) -> Optional[int]:
    """None and 0 leave the dimension to the first vector."""
    number = 0 if value is None else _at_least("f", value, 0)
    if number > MAX_F:
        raise ValueError(f"f must be at most {MAX_F}, not {number}")
    return number or None


def metric(value: object) -> Optional[str]:
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError(f"metric must be the name of a metric or None, not {shown(value)}")
    return _core.parse_metric(value.strip())


def n_neighbors(value: object) -> int:
    return _at_least("n_neighbors", value, 1)


def n_trees(value: object) -> int:
    return _all_or_at_least_one("n_trees", value, "as many as take the room of the items")


def n_jobs(value: object) -> int:
    return _all_or_at_least_one("n_jobs", value, "one thread per core")


def l1_ratio(value: object) -> float:
    """Without effect; scikit-plots reserves it."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise TypeError(f"l1_ratio must be a number from 0 to 1, not {shown(value)}") from None
    if not 0 <= number <= 1:
        raise ValueError(f"l1_ratio must be from 0 to 1, not {number}")
    return number


def seed(value: object) -> Optional[int]:
    if value is None:
        return None
    number = integer("seed", value)
    if not 0 <= number < 2**64:
        raise ValueError(f"seed must be from 0 to 2**64 - 1, not {number}")
    return number


def verbose(value: object) -> Optional[int]:
    return None if value is None else max(-2, min(2, integer("verbose", value)))


def prefault(value: object) -> Optional[bool]:
    return None if value is None else bool(value)


def schema_version(value: object) -> Optional[int]:
    """Without effect: every file and pickle says itself what it is."""
    return None if value is None else _at_least("schema_version", value, 0)


def on_disk_path(value: object) -> Optional[str]:
    if value is None:
        return None
    path = os.fsdecode(value)  # type: ignore[arg-type]
    if not path or "\0" in path:
        raise ValueError(f"on_disk_path must name a file, not {path!r}")
    return path


CHECKS = {
    "f": f,
    "metric": metric,
    "n_neighbors": n_neighbors,
    "n_trees": n_trees,
    "n_jobs": n_jobs,
    "l1_ratio": l1_ratio,
    "seed": seed,
    "verbose": verbose,
    "prefault": prefault,
    "schema_version": schema_version,
    "on_disk_path": on_disk_path,
}


def checked(params: dict[str, Any]) -> dict[str, Any]:
    """All of ``params`` in canonical form; nothing is taken over when one of them is wrong."""
    params = dict(params)
    if "random_state" in params:
        if params.get("seed") is not None and params["random_state"] is not None:
            raise TypeError("seed and random_state are two names of one parameter: give one of them")
        state = params.pop("random_state")
        if params.get("seed") is None:
            params["seed"] = state
    unknown = sorted(set(params) - set(CHECKS))
    if unknown:
        raise ValueError(f"unknown parameter {unknown[0]!r}; there are {', '.join(CHECKS)}")
    return {name: CHECKS[name](value) for name, value in params.items()}
