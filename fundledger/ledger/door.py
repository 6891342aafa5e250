"""What the journal asks of a file system, so that a power-loss model can stand in for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from fundledger.ledger.note import NO_NOTE, Note


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A fund's files at one moment: lengths of what only grows, contents of what is replaced.

    `strange` are links and special files; `open_to_all` is what every user of the machine may
    write of the directory itself and of the journal; `interrupted` says that a writer left
    without finishing; `note` is what the last holder of the lock left.
    """

    segments: Mapping[str, int]
    books: Mapping[str, int]
    contents: Mapping[str, bytes]
    names: tuple[str, ...]
    strange: tuple[str, ...]
    interrupted: bool
    note: Note = NO_NOTE
    open_to_all: tuple[str, ...] = ()


class Disk(Protocol):
    """What the journal asks of a file system; names are relative to the fund's directory."""

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder, in order; none when there is no such folder."""

    def size(self, name: str) -> int | None:
        """Return a file's length in bytes, or None when there is no such file."""

    def read(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        """Return the bytes of a file from `start` up to `end`."""

    def lines(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """Yield the lines of a file between two offsets; the last may lack its line end."""

    def append(self, name: str, data: bytes) -> None:
        """Write all of `data` at the end of a file, creating it."""

    def fsync(self, name: str) -> None:
        """Make the content of a file durable."""

    def fsync_folder(self, folder: str) -> None:
        """Make the names in a folder durable."""

    def replace(self, name: str, data: bytes) -> None:
        """Put a new file in a name's place, all or nothing, and make it durable."""

    def sweep(self, folder: str) -> None:
        """Remove from a folder what an interrupted `replace` left there."""

    def make_folder(self, folder: str) -> None:
        """Create a folder, durably, unless it is there."""

    def settle(self, folder: str) -> None:
        """Make the names durable that lead to a folder, whoever created them."""

    def boot(self) -> str:
        """Return what names this start of the machine; another one after every power loss."""

    def flag(self) -> bytes:
        """Return the note that the last holder of the lock left."""

    def set_flag(self, note: bytes) -> None:
        """Leave a note for the next holder; it need not survive a power loss."""
