"""What the files of a fund say beside their content: names, order, times, and what is missing.

The same for the audit and for `Fund.verify`, which looks at the chain alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fundledger.findings import Finding
from fundledger.ledger.clock import ahead, ahead_of
from fundledger.ledger.door import Disk, Snapshot
from fundledger.ledger.journal import FOLDER, SEGMENT_PATH, Line, Torn, segment_path
from fundledger.ledger.record import LINE_HEAD, Record
from fundledger.ledger.text import BOOK
from fundledger.ledger.traces import elsewhere, given_up_by, gone, left_behind, lost

_OF_GIT = frozenset({".gitattributes", ".gitignore", ".gitkeep"})


class Witness:
    """Sees every line of a journal pass, and says in the end what it found."""

    def __init__(self, fund: str, snapshot: Snapshot, now: str) -> None:
        """Take what the files looked like, and what the audit's own clock says."""
        self._fund = fund
        self._snapshot = snapshot
        self._now = now
        self._latest = ahead_of(now)
        self._month = ""
        self._wrong_month = ""
        self._known = snapshot.note.known.digest
        self._accounted = not self._known
        self._records = 0
        self._ahead = False
        self._findings: list[Finding] = []

    def see(self, line: Line, record: Record) -> None:
        """Take in the next line, whose digest holds, with its record."""
        self._records += 1
        if line.digest == self._known:
            self._accounted = True
        if line.segment != self._month or record.at[:7] != self._month:
            self._see_month(line.segment, record.at[:7])
        if record.at > self._latest and not self._ahead:
            self._ahead = True
            self._findings.append(ahead(record.at, self._now, record.sequence, self._fund))
        if record.kind == "loss":
            self._give_up(record)
        if not line.ended:
            path = segment_path(line.segment)
            self._findings.append(Finding("FL621", path, {"segment": path}, self._fund))

    def _see_month(self, segment: str, month: str) -> None:
        self._month = max(self._month, month)
        if segment not in {self._month, self._wrong_month}:
            self._wrong_month = segment
            self._findings.append(elsewhere(self._fund, segment, self._month, self._records))

    def see_torn(self, torn: Torn) -> None:
        """Take in what follows the last whole line."""
        path = segment_path(torn.segment)
        details = {"segment": path, "offset": torn.start, "bytes": len(torn.rest)}
        self._findings.append(Finding("FL604", path, details, self._fund))

    def leave(self) -> None:
        """Look at no more, so that nothing of what follows is missed."""
        self._accounted = True

    def _give_up(self, record: Record) -> None:
        if given_up_by(record) == self._known:
            self._accounted = True
        details = {
            "since": record.body.get("since") or record.sequence,
            "known": record.body.get("known"),
            "reason": record.body.get("reason"),
            "actor": record.actor,
        }
        self._findings.append(Finding("FL623", self._fund, details, self._fund, record.sequence))

    def findings(self) -> list[Finding]:
        """Return all that was found, the journal having been read to its end."""
        if not self._records:
            return [*self._findings, without_journal(self._fund, self._snapshot)]
        if not self._accounted:
            return [*self._findings, lost(self._fund, self._snapshot.note.known)]
        return self._findings


def without_journal(fund: str, snapshot: Snapshot) -> Finding:
    """Return what is said of a fund without a record: it is new, or its journal is gone.

    A segment that holds nothing is left by a first record that was cut short, and then there is a
    note that says so.
    """
    known = snapshot.note.known
    if known.sequence:
        return gone(fund, "known", str(known.sequence))
    found = left_behind(snapshot.names)
    if found is None or (found[0] == "segments" and snapshot.note.state):
        return Finding("FL618", fund, {}, fund)
    return gone(fund, *found)


def in_journal(disk: Disk, fund: str, snapshot: Snapshot) -> Iterator[Finding]:
    """The journal's folder holds the segments of months, plain files, and nothing else."""
    beside = f"{FOLDER}/"
    for name in snapshot.strange:
        if name == FOLDER or name.startswith(beside):
            yield Finding("FL603", name, {"file": name}, fund)
    for name in snapshot.names:
        if name.startswith(beside) and not SEGMENT_PATH.fullmatch(name):
            lines = disk.read(name, 0, len(LINE_HEAD)) == LINE_HEAD
            yield Finding("FL619" if lines else "FL603", name, {"file": name}, fund, gates=lines)


def in_ledgers(ledgers: Path, funds: tuple[str, ...]) -> Iterator[Finding]:
    """Below `ledgers/` stand the directories of the funds in the rules, and nothing else."""
    if not ledgers.is_dir():
        return
    for path in sorted(ledgers.iterdir()):
        if path.is_symlink():
            reason = "" if path.name in funds else "link"
        elif path.is_dir():
            reason = "" if path.name in funds else "books" if _has_books(path) else "directory"
        else:
            reason = "" if path.name in _OF_GIT and path.is_file() else "file"
        if reason:
            yield Finding("FL104", f"ledgers/{path.name}", {"reason": reason})


def _has_books(folder: Path) -> bool:
    return any((folder / name).exists() for name in (FOLDER, BOOK))
