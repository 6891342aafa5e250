"""What there is to see of records that the journal does not hold: whether it was cut or lost."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fundledger.errors import JournalBroken
from fundledger.findings import Finding
from fundledger.ledger.batches.paylist import FOLDER as LISTS
from fundledger.ledger.door import Disk
from fundledger.ledger.journal import (
    FOLDER,
    last_line,
    misnamed,
    record_of_line,
    segment_path,
    segments,
)
from fundledger.ledger.note import Known
from fundledger.ledger.record import Record, frame
from fundledger.ledger.text import BALANCES, BOOK

YEAR = re.compile(r"\d{4}", re.ASCII)
_BOOKS = re.compile(rf"\d{{4}}/\d{{2}}\.beancount|{BOOK}|{BALANCES}", re.ASCII)
_LISTS = re.compile(rf"{LISTS}/.+", re.ASCII)
_SEGMENTS = re.compile(rf"{FOLDER}/\d{{4}}-\d{{2}}\.jsonl", re.ASCII)


def hold_known(disk: Disk, fund: str, known: Known, *, giving_up: bool = False) -> bool:
    """Return whether the journal holds the record that is known, or says that it is given up.

    Raises:
        JournalBroken: FL616, FL617, it does not, unless that is what is being said; FL620, it does
            in another file.

    """
    if not known.sequence or _stands(disk, known) or _given_up(disk, known):
        return True
    names = segments(disk)
    if not names:
        raise JournalBroken(gone(fund, "known", str(known.sequence)))
    for name in names:
        if _holds(disk, name, known.digest):
            raise JournalBroken(elsewhere(fund, name, known.segment, known.sequence))
    if not giving_up:
        raise JournalBroken(lost(fund, known))
    return False


def _holds(disk: Disk, segment: str, digest: str) -> bool:
    path = segment_path(segment)
    frames = map(frame, disk.lines(path, 0, disk.size(path) or 0))
    return any(framed is not None and framed[0] == digest for framed in frames)


def _stands(disk: Disk, known: Known) -> bool:
    """Whether the line stands where it stood; its line end may have been lost."""
    path = segment_path(known.segment)
    if (disk.size(path) or 0) <= known.start:
        return False
    line = disk.read(path, known.start, known.end)
    if len(line) == known.end - known.start - 1:
        line += b"\n"
    framed = frame(line)
    return framed is not None and framed[0] == known.digest


def gave_up(disk: Disk, known: Known) -> bool:
    """Whether any record of the journal says that the one that is known was lost.

    For a process that was at work all the while, after others went on without it.
    """
    said = b'"digest":"%b"' % known.digest.encode()
    for name in segments(disk):
        path = segment_path(name)
        for line in disk.lines(path, 0, disk.size(path) or 0):
            if b'"kind":"loss"' in line and said in line:
                return True
    return False


def _given_up(disk: Disk, known: Known) -> bool:
    """Whether the journal's last record says that the one that is known was lost.

    It is the last one when the writer stopped before it left a note of its own.
    """
    _, _, line = last_line(disk, segments(disk))
    found = record_of_line(line)
    return found is not None and given_up_by(found[1]) == known.digest


def given_up_by(record: Record) -> str:
    """Return the digest of the record that this one gives up as lost; empty for any other."""
    return str(record.body.get("digest", "")) if record.kind == "loss" else ""


def hold_names(disk: Disk, fund: str) -> None:
    """Hold the names in the journal's folder against those of segments.

    Raises:
        JournalBroken: FL619, lines of a journal stand under a name that is no month's.

    """
    strange = misnamed(disk)
    if strange:
        raise JournalBroken([Finding("FL619", name, {"file": name}, fund) for name in strange])


def hold_beginning(disk: Disk, fund: str) -> None:
    """Hold a journal without a record against books and lists, which are only there after one.

    Raises:
        JournalBroken: FL617, there are books, or lists.

    """
    top = disk.names("")
    names = [
        *top,
        *(
            f"{folder}/{name}"
            for folder in top
            if YEAR.fullmatch(folder) or folder == LISTS
            for name in disk.names(folder)
        ),
    ]
    found = left_behind(names)
    if found is not None:
        raise JournalBroken(gone(fund, *found))


def left_behind(names: Iterable[str]) -> tuple[str, str] | None:
    """Return what among a fund's files is only there after a record: its kind, the first name."""
    for kind, pattern in (("books", _BOOKS), ("lists", _LISTS), ("segments", _SEGMENTS)):
        found = sorted(filter(pattern.fullmatch, names))
        if found:
            return kind, found[0]
    return None


def lost(fund: str, known: Known) -> Finding:
    """Return that the journal ends before a record that was acknowledged here."""
    details = {"known": known.sequence, "digest": known.digest[:12]}
    return Finding("FL616", fund, details, fund, known.sequence, gates=True)


def elsewhere(fund: str, segment: str, month: str, sequence: int) -> Finding:
    """Return that a record stands in the file of another month than that in which it was made."""
    path = segment_path(segment)
    return Finding("FL620", path, {"segment": path, "month": month}, fund, sequence, gates=True)


def gone(fund: str, reason: str, what: str) -> Finding:
    """Return that there is no journal although there was one, and what says so."""
    return Finding("FL617", fund, {"reason": reason, "what": what}, fund, gates=True)
