"""A fund's journal as it lies on disk: segments by month, one line a commit, one chain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from msgspec import Struct

from fundledger.errors import JournalBroken
from fundledger.findings import Finding
from fundledger.ledger.door import Disk
from fundledger.ledger.record import (
    LINE_HEAD,
    Place,
    Record,
    chained,
    decode_record,
    frame,
    genesis,
)

FOLDER = "journal"
_SEGMENT = re.compile(r"\d{4}-(0[1-9]|1[0-2])\.jsonl", re.ASCII)
SEGMENT_PATH = re.compile(rf"{FOLDER}/{_SEGMENT.pattern}", re.ASCII)
TEMPORARY = re.compile(r"\..+\.new", re.ASCII)
_TAIL_BYTES = 1 << 16
PROGRESS_EVERY = 100  # lines after which a reader of many tells how far it is


class Line(Struct, frozen=True, gc=False):
    """One line whose digest holds: where it stands, its record's bytes, its digest.

    `ended` is false for a last line that lacks its line end and nothing else.
    """

    segment: str
    start: int
    end: int
    content: bytes
    digest: str
    ended: bool = True


@dataclass(frozen=True, slots=True)
class Torn:
    """What follows the last whole line of the last segment: a commit that was never finished."""

    segment: str
    start: int
    rest: bytes


def segment_path(segment: str) -> str:
    """Return the file of a segment."""
    return f"{FOLDER}/{segment}.jsonl"


def segments(disk: Disk) -> list[str]:
    """Return the journal's segments, such as `2026-03`, in order, up to the last with a line in it.

    A segment whose only line was cut stays behind empty; the one before it is the active one.
    """
    names = [name[:7] for name in disk.names(FOLDER) if _SEGMENT.fullmatch(name)]
    while names and not disk.size(segment_path(names[-1])):
        names.pop()
    return names


def misnamed(disk: Disk) -> list[str]:
    """Return the files beside the segments that hold lines of a journal, under whatever name."""
    others = [name for name in disk.names(FOLDER) if not _SEGMENT.fullmatch(name)]
    paths = [f"{FOLDER}/{name}" for name in others if not TEMPORARY.fullmatch(name)]
    return [path for path in paths if disk.read(path, 0, len(LINE_HEAD)) == LINE_HEAD]


def broken(
    fund: str, segment: str, offset: int, sequence: int, reason: str = "chain"
) -> JournalBroken:
    """Return the error for a line whose digest does not hold, or that is no record (`content`)."""
    path = segment_path(segment)
    details = {"segment": path, "offset": offset, "expected": sequence, "reason": reason}
    return JournalBroken(Finding("FL602", segment_path(segment), details, fund, sequence))


def is_torn(rest: bytes) -> bool:
    """Whether bytes after the last good line are an unfinished write, not an edited line.

    A line is written up to its end, so what has a line end was once whole, unless a power loss
    left zeros in it.
    """
    return b"\n" not in rest[:-1] and (not rest.endswith(b"\n") or b"\0" in rest)


def ended(line: bytes) -> bytes:
    """Return a line with its line end, which may be all that a last line lacks."""
    return line if line.endswith(b"\n") else line + b"\n"


def scan(
    disk: Disk,
    fund: str,
    sizes: Mapping[str, int],
    after: tuple[str, int, str, int] | None = None,
    *,
    trusted: bool = False,
) -> Iterator[Line | Torn]:
    """Yield the journal's lines in order, each checked against the chain.

    `sizes` bounds each segment; `after` is the (segment, offset, digest, sequence) of the last
    line that is known already.  `trusted` takes each line's word for its digest, for a second
    reader beside one that does not.  A torn tail comes last, as `Torn`.

    Raises:
        JournalBroken: FL602, at the first line whose digest does not follow the one before.

    """
    first, offset, digest, sequence = after or ("", 0, genesis(fund), 0)
    names = [name for name in sorted(sizes) if name >= first and sizes[name]]
    for name in names:
        start = offset if name == first else 0
        for line in disk.lines(segment_path(name), start, sizes[name]):
            sequence += 1
            found = frame(line) if trusted else chained(line, digest)
            end = start + len(line)
            whole = found is not None
            if found is None:
                if name == names[-1]:
                    found = chained(ended(line), digest)
                if found is None and name == names[-1]:
                    rest = disk.read(segment_path(name), start, sizes[name])
                    if is_torn(rest):
                        yield Torn(name, start, rest)
                        return
                if found is None:
                    raise broken(fund, name, start, sequence)
            digest = found[0]
            yield Line(name, start, end, found[1], digest, whole)
            start = end


def record_of(line: Line, fund: str, sequence: int, *, trusted: bool = False) -> Record:
    """Return the record of a line, which must be the next in sequence.

    Raises:
        JournalBroken: FL602, the line's JSON is not a record or its sequence jumps.

    """
    try:
        record = decode_record(line.content, trusted=trusted)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise broken(fund, line.segment, line.start, sequence, "content") from error
    if record.sequence != sequence:
        raise broken(fund, line.segment, line.start, sequence, "content")
    return record


def sizes_of(disk: Disk) -> dict[str, int]:
    """Return the length in bytes of every segment."""
    return {name: disk.size(segment_path(name)) or 0 for name in segments(disk)}


def last_line(disk: Disk, names: list[str]) -> tuple[str, int, bytes]:
    """Return the last line of these segments, whole or not: its segment, offset and bytes."""
    for name in reversed(names):
        path = segment_path(name)
        size = disk.size(path) or 0
        if size:
            start = _line_start(disk, path, size - 1)
            return name, start, disk.read(path, start, size)
    return "", 0, b""


def recent_lines(disk: Disk, length: int) -> Iterator[bytes]:
    """Yield the lines that the journal's last bytes are part of, the latest segment's first."""
    for name in reversed(segments(disk)):
        if length <= 0:
            return
        path = segment_path(name)
        size = disk.size(path) or 0
        start = max(0, size - length)
        yield from disk.lines(path, _line_start(disk, path, start), size)
        length -= size - start


def _line_start(disk: Disk, path: str, offset: int) -> int:
    """Return where the line begins in which a byte of a segment stands."""
    length = _TAIL_BYTES
    while offset:
        before = disk.read(path, max(0, offset - length), offset)
        found = before.rfind(b"\n")
        if found >= 0 or length >= offset:
            return offset - len(before) + found + 1
        length *= 4
    return 0


def record_of_line(line: bytes) -> tuple[str, Record] | None:
    """Return the digest that a whole line claims, and its record; None if it is no such line."""
    framed = frame(line)
    if framed is None:
        return None
    try:
        return framed[0], decode_record(framed[1])
    except ValueError:
        return None


def last_digest(disk: Disk, fund: str, names: list[str]) -> str:
    """Return the digest that the last line of these segments claims, which must be whole."""
    name, start, line = last_line(disk, names)
    if not line:
        return genesis(fund)
    framed = frame(line)
    if framed is None:
        raise broken(fund, name, start, 0)
    return framed[0]


def record_at(disk: Disk, place: Place) -> Record:
    """Return the record in whose line a voucher stands."""
    path = segment_path(place.segment)
    line = next(iter(disk.lines(path, place.offset, disk.size(path) or 0)), b"")
    found = record_of_line(ended(line))
    if found is None:
        raise broken("", place.segment, place.offset, 0)
    return found[1]


def digest_of(disk: Disk, sequence: int, place: Place | None = None) -> str:
    """Return the digest of the line with a sequence, which is the head of the chain after it.

    Without a place of one of its vouchers it is looked for from the end.
    """
    begins = b'{"sequence":%d,' % sequence
    names = [place.segment] if place else reversed(segments(disk))
    for name in names:
        path = segment_path(name)
        for line in disk.lines(path, place.offset if place else 0, disk.size(path) or 0):
            framed = frame(ended(line))
            if framed is not None and framed[1].startswith(begins):
                return framed[0]
            if place:
                break
    where = place.segment if place else ""
    raise broken("", where, place.offset if place else 0, sequence)
