"""Numbers as arguments; what cannot be is named with what would be right."""

from __future__ import annotations

import operator
from typing import Optional

#: As search_k: effort that leaves no item out.
EVERYTHING = 2**62


def integer(name: str, value: object, least: Optional[int] = None) -> int:
    """``value`` as an int; TypeError for what is no whole number, ValueError for one below ``least``."""
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {shown(value)}") from None
    if least is not None and number < least:
        raise ValueError(f"{name} must be {least} or more, not {number}")
    return number


def number(name: str, value: object) -> float:
    """``value`` as a float; TypeError for what is no number."""
    if not isinstance(value, (str, bytes)):
        try:
            return float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            pass
    raise TypeError(f"{name} must be a number, not {shown(value)}")


def shown(value: object) -> str:
    """A value with its type, for an error."""
    text = repr(value)
    text = text if len(text) <= 60 else text[:60] + "…"
    return text if value is None else f"{text} ({type(value).__name__})"
