"""Standard output: a terminal or not, and what takes no more of it."""

from __future__ import annotations

import errno
import os
import sys
from typing import TextIO

import click


class Unshown(Exception):  # noqa: N818 - the word of the trade
    """Standard output took no more: a full disk, a reader that has left, or none at all."""

    def __init__(self, error: OSError) -> None:
        """Keep what the operating system says of it."""
        super().__init__(str(error))
        self.error = error


def printed(line: str) -> None:
    """Print a line on standard output.

    Raises:
        Unshown: it cannot be written.

    """
    if sys.stdout is None:
        raise Unshown(OSError(errno.EBADF, os.strerror(errno.EBADF)))
    try:
        click.echo(line)
    except OSError as error:
        raise Unshown(error) from error


def flushed() -> None:
    """Bring out all that was printed.

    Raises:
        Unshown: it cannot be written.

    """
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError as error:
        raise Unshown(error) from error


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal; one that was closed is none."""
    return stream is not None and stream.isatty()


def screen_width() -> int | None:
    """Return the columns of the terminal on standard output; None when it is no terminal."""
    if not is_terminal(sys.stdout):
        return None
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return None


def colourful(stream: TextIO | None) -> bool:
    """Whether colour is wanted: a terminal, and no NO_COLOR in the environment."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR")
