"""Progress of long calls: a tqdm bar where tqdm is installed, else a line on standard error; or your own function."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple, Optional, Union

__all__ = ["Progress", "ProgressOption", "reporter"]


class Progress(NamedTuple):
    """How far a long call has come."""

    stage: str
    done: int
    total: int  #: 0 when not known
    seconds: float  #: since the stage began
    seconds_left: float  #: negative when not known
    detail: str


#: ``False`` for silence, ``True`` for a bar, or a function of one :class:`Progress` that may return False to stop.
ProgressOption = Union[bool, Callable[[Progress], object], None]


class _Line:
    """One line on standard error, rewritten as the work goes on."""

    def __init__(self) -> None:
        self._shown = 0.0
        self._stage = ""

    def __call__(self, now: Progress) -> None:
        finished = now.total > 0 and now.done >= now.total
        if now.stage == self._stage and not finished and time.monotonic() - self._shown < 0.2:
            return
        if self._stage and now.stage != self._stage:
            sys.stderr.write("\n")
        self._stage, self._shown = now.stage, time.monotonic()
        share = f"{100 * now.done / now.total:3.0f}%" if now.total else f"{now.done:,}"
        left = f", {now.seconds_left:.0f} s left" if now.seconds_left >= 0 else ""
        detail = f", {now.detail}" if now.detail else ""
        sys.stderr.write(f"\r{now.stage} {share}{detail}{left}\x1b[K")
        sys.stderr.flush()

    def close(self) -> None:
        if self._stage:
            sys.stderr.write("\n")


class _Bar:
    """tqdm, one bar per stage."""

    def __init__(self, tqdm: Any) -> None:
        self._tqdm = tqdm
        self._bar: Any = None
        self._stage = ""

    def __call__(self, now: Progress) -> None:
        if now.stage != self._stage:
            self.close()
            self._stage = now.stage
            self._bar = self._tqdm(total=now.total or None, desc=now.stage, unit_scale=True)
        self._bar.set_postfix_str(now.detail, refresh=False)
        self._bar.update(now.done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


class reporter:
    """A context in which a progress option is the function that the library calls, or None for silence."""

    def __init__(self, option: ProgressOption) -> None:
        self._display: Any = None
        self._function: Any = None
        if option is True:
            self._display = self._function = _display()
        elif callable(option):
            self._function = option
        elif option is not None and option is not False:
            raise TypeError(f"progress must be a bool or a function, not {type(option).__name__}")

    def __enter__(self) -> Optional[Callable[..., object]]:
        function = self._function
        if function is None:
            return None
        return lambda *fields: function(Progress(*fields))

    def __exit__(self, *_: object) -> None:
        if self._display is not None:
            self._display.close()


def _display() -> Any:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _Line()
    return _Bar(tqdm)
