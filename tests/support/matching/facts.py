"""What the slow matcher knows of a world, and what it has found so far."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from fundledger.matching import Limits
from support.matching import Batch, Line, Row

LINE_ID = re.compile(r"L-[A-Z2-7]{12}(?:-[1-9][0-9]?)?", re.ASCII)
_BATCH = re.compile(r"B[0-9]{4}-[0-9]{2}-[0-9]{3,6}", re.ASCII)
WORDS = re.compile(r"[0-9A-Za-z-]+", re.ASCII)
SENT_AND_OPEN = {"exported", "unknown", "paid"}
CLASSES = {
    "ambiguous",
    "bank-credit-without-book",
    "bank-debit-without-book",
    "late",
    "line-debited-twice",
    "lump-residual",
    "many-to-one",
    "one-to-many",
    "over-paid",
    "paid-before-approval",
    "parent-and-reissue-both-paid",
    "partial-return",
    "proposal",
    "return-not-booked",
    "return-of-unknown-payment",
    "short-paid",
    *(
        f"book-without-bank-{age}"
        for age in ("0-3", "4-10", "11-30", "31-90", "over-90", "cross-year")
    ),
}
"""Every class of exceptions that docs/matching.md tells of."""

AFTER_FAILURE = {"reissued", "cancelled", "unclaimed", "remitted"}


Match = tuple[str, str, str, str, int, int]
Told = tuple[str, str, str, str, int | None, int | None]


@dataclass
class Found:
    """Matches (tier, line, batch, statement, row, fen), proposals and exceptions.

    An exception is (class, line, batch, statement, row, difference in fen).
    """

    matches: set[Match] = field(default_factory=set)
    proposals: set[tuple[str, str, int]] = field(default_factory=set)
    told: list[Told] = field(default_factory=list)


def words(row: Row) -> set[str]:
    return set(WORDS.findall(row.memo))


def lines_named(row: Row) -> set[str]:
    return {word for word in words(row) if LINE_ID.fullmatch(word)}


def failed(line: Line) -> bool:
    return line.state == "failed" or (line.state in AFTER_FAILURE and line.debited_on is None)


class Facts:
    """One world: its three tables, and what is open, matched, decided and told."""

    def __init__(
        self,
        lines: Iterable[Line],
        bank: Iterable[Row],
        batches: Iterable[Batch],
        as_of: date,
        limits: Limits,
    ) -> None:
        """Look at a world of which nothing is matched yet."""
        self.lines, self.bank, self.batches = list(lines), list(bank), list(batches)
        self.as_of, self.limits = as_of, limits
        self.by_id = {line.line: line for line in self.lines}
        known = {line.batch for line in self.lines} | {batch.batch for batch in self.batches}
        self.names_batch = {
            row: {
                word
                for word in words(row) | {row.serial}
                if word and (word in known or _BATCH.fullmatch(word))
            }
            for row in self.bank
        }
        self.first = min((row.on for row in self.bank), default=date.min)
        self.found = Found()
        self.debit: dict[Line, Row] = {}
        self.alone: dict[Line, Row] = {}
        self.credit: dict[Line, Row] = {}
        self.open_lines = list(self.lines)
        self.decided: set[Line] = set()
        self.used: set[Row] = set()
        self.lumped: set[Line] = set()
        self.debits: list[Row] = []
        self.left: list[Row] = []
        self.out: list[Line] = []

    def awaited(self, line: Line) -> bool:
        if line.sent_on is None or self.settled(line):
            return False
        return line.state in SENT_AND_OPEN or line.debited_on is not None

    def settled(self, line: Line) -> bool:
        return line.debited_on is not None and line.debited_on < self.first

    def in_window(self, line: Line, row: Row) -> bool:
        if not self.awaited(line) or line.sent_on is None:
            return False
        return line.sent_on <= row.on <= line.sent_on + timedelta(days=self.limits.window_days)

    def batch_of(self, row: Row) -> str:
        return next(iter(self.names_batch[row]), "")

    def sent_of(self, batch: str) -> list[Line]:
        return [ln for ln in self.lines if ln.batch == batch and ln.sent_on is not None]

    def to_nobody(self, row: Row) -> bool:
        accounts = {ln.account for ln in self.lines} - {""}
        people = {ln.person for ln in self.lines} - {""}
        return row.account not in accounts and row.person not in people

    def out_day(self, line: Line) -> date | None:
        return self.debit[line].on if line in self.debit else line.debited_on

    def later(self, line: Line, row: Row) -> bool:
        day = self.out_day(line)
        return day is not None and day <= row.on

    def soon(self, line: Line, row: Row) -> bool:
        day = self.out_day(line)
        return day is not None and day <= row.on <= day + timedelta(days=self.limits.return_days)

    def pair(self, tier: str, line: Line, row: Row, *, alone: bool = True) -> None:
        self.debit[line] = row
        if alone:
            self.alone[line] = row
        self.used.add(row)
        self.found.matches.add(
            (tier, line.line, line.batch, row.statement, row.row, line.amount_fen)
        )

    def tell(
        self, kind: str, line: Line | None, row: Row | None, difference: int | None = None
    ) -> None:
        if row is not None:
            self.used.add(row)
        self.found.told.append(
            (
                kind,
                line.line if line else "",
                line.batch if line else "",
                row.statement if row else "",
                row.row if row else None,
                difference,
            )
        )

    def close(self) -> None:
        self.open_lines = [
            ln for ln in self.open_lines if ln not in self.decided and ln not in self.debit
        ]
        self.debits = [row for row in self.debits if row not in self.used]
