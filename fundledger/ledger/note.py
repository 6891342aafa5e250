"""The note in a fund's lock file: whether its last holder finished, and how far the journal was."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import NamedTuple

NOTE_BYTES = 256
_NOTE = re.compile(
    r"(clean|dirty) (\S+)(?: (\d+) ([0-9a-f]{64}) (\d{4}-\d{2}) (\d+) (\d+))?", re.ASCII
)
_NO_BOOT = "-"


class Known(NamedTuple):
    """The last record that is known to be durable: its sequence, digest, and where it stands."""

    sequence: int = 0
    digest: str = ""
    segment: str = ""
    start: int = 0
    end: int = 0


NOTHING = Known()


@dataclass(frozen=True, slots=True)
class Note:
    """What the last holder of the lock left: `clean`, `dirty` or nothing, the boot, the head.

    The head in it was durable before the note was written, so it holds after a power loss too.
    """

    state: str = ""
    boot: str = ""
    known: Known = NOTHING

    def encoded(self) -> bytes:
        """Return the note as it stands in the lock file."""
        words = [self.state, self.boot or _NO_BOOT]
        if self.known.sequence:
            words += map(str, self.known)
        text = " ".join(words)
        return f"{text} {_mark(text)}".encode()


NO_NOTE = Note()


def read_note(data: bytes) -> Note:
    """Return the note in the bytes of a lock file, which may be torn: then nothing is known."""
    text, _, mark = data.decode("ascii", "replace").rstrip().rpartition(" ")
    found = _NOTE.fullmatch(text)
    if found is None or mark != _mark(text):
        return Note("dirty") if data.strip() else NO_NOTE
    state, boot, sequence, digest, segment, start, end = found.groups(default="")
    known = Known(int(sequence), digest, segment, int(start), int(end)) if sequence else NOTHING
    return Note(state, "" if boot == _NO_BOOT else boot, known)


def is_known(known: Known) -> bool:
    """Whether a note can say it: a record's number, a digest, and a place in a month's segment."""
    return read_note(Note("dirty", "", known).encoded()).known == known


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
