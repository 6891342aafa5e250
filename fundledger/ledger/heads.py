"""The last record of a journal, as the closings of the other funds name it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from fundledger.ledger.door import Disk
from fundledger.ledger.journal import last_line, record_of_line, segments
from fundledger.ledger.note import Known, read_note


class ReadableDisk(Disk, Protocol):
    """A disk that can be read while writers are kept out."""

    def reading(self, timeout_seconds: float) -> AbstractContextManager[bytes]:
        """Keep writers out, writing nothing; gives the note that the last of them left."""


def last_durable(disk: ReadableDisk, timeout_seconds: float) -> Known | None:
    """Return the last record of a journal that is known to be durable; `NOTHING` without a record.

    By the note of its last writer; where there is none, nobody wrote here since the files were
    copied, and the last line counts if it is whole.  None where neither can be read.

    Raises:
        Busy: FL906, a writer held the fund for too long.

    """
    with disk.reading(timeout_seconds) as data:
        note = read_note(data)
        names = segments(disk)
        if note.known.sequence or not names:
            return note.known
        segment, start, line = last_line(disk, names)
        found = None if data else record_of_line(line)
        if found is None:
            return None
        digest, record = found
        return Known(record.sequence, digest, segment, start, start + len(line))
