"""Mending a journal's end after a writer stopped halfway: cut, keep what was cut, write anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from fundledger.findings import Finding
from fundledger.ledger.door import Disk
from fundledger.ledger.journal import broken, ended, is_torn, last_digest, segment_path, segments
from fundledger.ledger.record import chained
from fundledger.ledger.traces import hold_beginning

STATE = ".state"
QUARANTINE = f"{STATE}/quarantine"


def mend_tail(disk: Disk, fund: str) -> list[Finding]:
    """Rewrite the last segment up to its last whole line into a new inode.

    A last line that lacks nothing but its line end is whole, and gets it.  After a failed fsync
    only new bytes in a new inode are sure to reach the disk (Rebello et al., ATC '20).

    Raises:
        JournalBroken: FL602, what follows the last good line is no unfinished commit; FL617, not
            one line is good, and there are books.

    """
    names = segments(disk)
    if not names:
        return []
    active = names[-1]
    path = segment_path(active)
    data = disk.read(path)
    good = _whole(data, last_digest(disk, fund, names[:-1]))
    rest = data[good:]
    if rest and not is_torn(rest):
        raise broken(fund, active, good, 0)
    if not good and len(names) == 1:
        hold_beginning(disk, fund)
    findings = []
    if rest:
        mark = hashlib.sha256(rest).hexdigest()[:16]
        disk.make_folder(QUARANTINE)
        disk.settle(QUARANTINE)
        disk.replace(f"{QUARANTINE}/{active}-{good}-{mark}", rest)
        details = {"segment": path, "offset": good, "bytes": len(rest)}
        findings.append(Finding("FL604", path, details, fund))
    kept = data[:good]
    if good and ended(kept) != kept:
        kept = ended(kept)
        findings.append(Finding("FL621", path, {"segment": path}, fund))
    disk.replace(path, kept)
    return findings


def _whole(data: bytes, digest: str) -> int:
    """Return how many bytes of a segment are lines that follow from each other."""
    good = 0
    for line in _lines(data):
        found = chained(ended(line), digest)
        if found is None:
            break
        digest = found[0]
        good += len(line)
    return good


def _lines(data: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(data):
        end = data.find(b"\n", start) + 1 or len(data)
        yield data[start:end]
        start = end
