"""Mending a journal's end after a writer stopped halfway: cut, keep what was cut, write anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from fundledger.findings import Finding
from fundledger.ledger.books import Head
from fundledger.ledger.door import Disk
from fundledger.ledger.journal import broken, is_torn, last_digest, segment_path, segments
from fundledger.ledger.record import chained

STATE = ".state"
QUARANTINE = f"{STATE}/quarantine"


def mend_tail(disk: Disk, fund: str, known: Head) -> list[Finding]:
    """Rewrite the last segment up to its last whole line into a new inode.

    After a failed fsync only new bytes in a new inode are sure to reach the disk (Rebello et al.,
    ATC '20).  `known` is the head that was acknowledged here last, as far as anybody remembers.

    Raises:
        JournalBroken: FL602, what follows the last good line is no unfinished commit.

    """
    names = segments(disk)
    if not names:
        return _lost(fund, known) if known.segment else []
    active = names[-1]
    path = segment_path(active)
    data = disk.read(path)
    good = _whole(data, last_digest(disk, fund, names[:-1]))
    rest = data[good:]
    beyond = (known.segment, known.offset) > (active, good)
    findings = []
    if rest:
        if beyond or not is_torn(rest):
            raise broken(fund, active, good, known.sequence if beyond else 0)
        mark = hashlib.sha256(rest).hexdigest()[:16]
        disk.make_folder(QUARANTINE)
        disk.settle(QUARANTINE)
        disk.replace(f"{QUARANTINE}/{active}-{good}-{mark}", rest)
        details = {"segment": path, "offset": good, "bytes": len(rest)}
        findings.append(Finding("FL604", path, details, fund))
    elif beyond:
        findings += _lost(fund, known)
    disk.replace(path, data[:good])
    return findings


def _whole(data: bytes, digest: str) -> int:
    """Return how many bytes of a segment are lines that follow from each other."""
    good = 0
    for line in _lines(data):
        found = chained(line, digest)
        if found is None:
            break
        digest = found[0]
        good += len(line)
    return good


def _lost(fund: str, known: Head) -> list[Finding]:
    """The journal ends before a line that was acknowledged on this machine."""
    return [Finding("FL616", fund, {"known": known.sequence}, fund, known.sequence)]


def _lines(data: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(data):
        end = data.find(b"\n", start) + 1 or len(data)
        yield data[start:end]
        start = end
