"""A disk that watches the order of a commit, and one whose process is killed half-way."""

from __future__ import annotations

import os
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from fundledger.ledger.disk import RealDisk

KILLED, FAILED = 9, 5
# The second change of a commit is the journal's line, the fourth or so the first book's text.
DEATHS = tuple(
    (at, when)
    for at in (1, 2, 2, 3, 4, 4, 5, 6, 7)
    for when in ("before", "half", "short", "after")
    if at not in {1, 3} or when in {"before", "after"}
)


class WatchedDisk(RealDisk):
    """A real disk that knows which bytes of the journal nobody made durable yet."""

    def __init__(self, root: Path) -> None:
        """Watch nothing yet."""
        super().__init__(root)
        self.unsynced: set[str] = set()
        self._dirty = False

    def set_flag(self, note: bytes) -> None:
        """Leave a note, and remember whether it warns of a writer at work."""
        super().set_flag(note)
        self._dirty = note.startswith(b"dirty")

    def append(self, name: str, data: bytes) -> None:
        """Append; to the journal only after the note that warns of it."""
        if name.startswith("journal/"):
            assert self._dirty, "the journal grows without a note for whoever comes after a kill"
            if self.size(name) is None:
                self.unsynced.add("journal")
            self.unsynced.add(name)
        super().append(name, data)

    def fsync(self, name: str) -> None:
        """Make a file durable."""
        super().fsync(name)
        self.unsynced.discard(name)

    def fsync_folder(self, folder: str) -> None:
        """Make the names in a folder durable."""
        super().fsync_folder(folder)
        self.unsynced.discard(folder)


class DyingDisk(RealDisk):
    """A disk whose process ends in the change number `at`: before, half-way or after it.

    `short` leaves out the last byte only.
    """

    def __init__(self, root: Path, at: int, when: str) -> None:
        """Count down from `at`."""
        super().__init__(root)
        self._left = at
        self._when = when

    def _change(self, change: Callable[[], None], half: Callable[[], None]) -> None:
        self._left -= 1
        if self._left == 0 and self._when in {"half", "short"}:
            half()
        if self._left == 0 and self._when != "after":
            os._exit(KILLED)
        change()
        if self._left == 0:
            os._exit(KILLED)

    def append(self, name: str, data: bytes) -> None:
        """Append, perhaps half of it, perhaps all but the line's end."""
        cut = len(data) - 1 if self._when == "short" else len(data) // 2
        self._change(
            lambda: RealDisk.append(self, name, data),
            lambda: RealDisk.append(self, name, data[:cut]),
        )

    def replace(self, name: str, data: bytes) -> None:
        """Replace, perhaps leaving half of a temporary file."""
        folder, _, last = name.rpartition("/")
        temporary = f"{folder}/.{last}.new" if folder else f".{last}.new"

        def half() -> None:
            (self.root / temporary).write_bytes(data[: len(data) // 2])

        self._change(lambda: RealDisk.replace(self, name, data), half)

    def fsync(self, name: str) -> None:
        """Sync."""
        self._change(lambda: RealDisk.fsync(self, name), _nothing)

    def fsync_folder(self, folder: str) -> None:
        """Sync the names of a folder."""
        self._change(lambda: RealDisk.fsync_folder(self, folder), _nothing)

    def set_flag(self, note: bytes) -> None:
        """Leave a note."""
        self._change(lambda: RealDisk.set_flag(self, note), _nothing)


def _nothing() -> None:
    return


def in_killed_child(work: Callable[[], object]) -> int:
    """Do some work in a child process; return how it ended."""
    with warnings.catch_warnings():
        # The child runs our own code only and leaves by _exit; a fork beside threads is safe here.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _work(work)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _work(work: Callable[[], object]) -> NoReturn:
    code = FAILED
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - nothing of the parent's may run in the child
        traceback.print_exc()
    finally:
        os._exit(code)
