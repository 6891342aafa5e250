"""Progress of long work, on a terminal only, and only once it has taken a second."""

from __future__ import annotations

import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

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
        from fundledger.report.table import pad, width  # noqa: PLC0415 - help needs none of it

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


@contextmanager
def waiting(
    what: str, stream: TextIO | None = None, patience_seconds: float = PATIENCE_SECONDS
) -> Iterator[None]:
    """Show that something goes on and for how long, where nobody can say how far it has come."""
    screen = stream or sys.stderr
    if screen is None or not screen.isatty():
        yield
        return
    ended = threading.Event()
    shown = False

    def show() -> None:
        nonlocal shown
        for count in itertools.count(1):
            if ended.wait(patience_seconds):
                return
            shown = True
            screen.write(f"\r{what} {int(count * patience_seconds)} s")
            screen.flush()

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        if shown:
            screen.write("\r\x1b[K")
            screen.flush()


def _line(what: str, done: int, total: int) -> str:
    share = min(1.0, done / total) if total else 1.0
    filled = int(share * _BAR)
    return f"[{'#' * filled}{'.' * (_BAR - filled)}] {int(share * 100):3d}% {what}"


def _silent(what: str, done: int, total: int) -> None:
    del what, done, total
