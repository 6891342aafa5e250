"""Progress of long work, on a terminal only, and only once it has taken a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from fundledger.report.table import pad, width

PATIENCE_SECONDS = 1.0
_EVERY_SECONDS = 0.1
_BAR = 24

Told = Callable[[str, int, int], None]
"""Called with what is worked on, how much is done, and how much there is."""


@contextmanager
def progress(
    stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
) -> Iterator[Told]:
    """Yield what to tell progress to; the line is wiped away at the end."""
    screen = stream or sys.stderr
    if screen is None or not screen.isatty():
        yield _silent
        return
    started = clock()
    shown = 0
    last = started

    def tell(what: str, done: int, total: int) -> None:
        nonlocal shown, last
        now = clock()
        if now - started < PATIENCE_SECONDS or (now - last < _EVERY_SECONDS and shown):
            return
        last = now
        line = _line(what, done, total)
        screen.write("\r" + pad(line, shown))
        screen.flush()
        shown = width(line)

    try:
        yield tell
    finally:
        if shown:
            screen.write("\r" + " " * shown + "\r")
            screen.flush()


def _line(what: str, done: int, total: int) -> str:
    share = min(1.0, done / total) if total else 1.0
    filled = int(share * _BAR)
    return f"[{'#' * filled}{'.' * (_BAR - filled)}] {int(share * 100):3d}% {what}"


def _silent(what: str, done: int, total: int) -> None:
    del what, done, total
