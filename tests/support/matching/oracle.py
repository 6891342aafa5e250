"""A slow and clear matcher, written from the rules alone: what the SQL must find, in plain Python.

It knows nothing of the SQL: it looks at every line and every bank row together, one tier after
the other, and takes what is bound together by candidates as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from fundledger.matching import Limits
from support.matching import Batch, Line, Row
from support.matching.credits import Credits
from support.matching.facts import Found, failed, lines_named


class Oracle(Credits):
    """One world, matched step by step."""

    def run(self) -> Found:
        self.at_once()
        self.by_line_id()
        self.debits = [
            row
            for row in self.bank
            if row.signed_fen < 0
            and not lines_named(row)
            and len(self.names_batch[row]) < 2
            and row not in self.used
        ]
        self.singly()
        self.differing()
        self.lumps()
        self.proposals()
        self.residuals()
        self.credits()
        self.loose_credits()
        self.rest()
        return self.found

    def rest(self) -> None:
        for row in self.bank:
            if row.signed_fen < 0 and row not in self.used:
                self.tell("bank-debit-without-book", None, row)
        for line in self.lines:
            if self.awaited(line) and line not in self.debit and line not in self.decided:
                self.tell(self.aged(line), line, None)
        for line, row in self.debit.items():
            if line.sent_on is None or row.on < line.sent_on:
                self.tell("paid-before-approval", line, row)
            elif row.on > line.sent_on + timedelta(days=self.limits.late_days):
                self.tell("late", line, row)
        for line, row in self.credit.items():
            if not failed(line) and line.credited_on is None:
                self.tell("return-not-booked", line, row)
        self.both_paid()

    def both_paid(self) -> None:
        """Lines of one root that were paid and did not come back."""
        kept = [
            ln
            for ln in self.lines
            if (ln in self.debit or (ln.debited_on is not None and not failed(ln)))
            and ln.credited_on is None
            and ln not in self.credit
        ]
        for line in kept:
            if any(other != line and other.line[:14] == line.line[:14] for other in kept):
                self.tell("parent-and-reissue-both-paid", line, self.debit.get(line))

    def aged(self, line: Line) -> str:
        assert line.sent_on
        age = (self.as_of - line.sent_on).days
        if line.sent_on.year < self.as_of.year:
            return "book-without-bank-cross-year"
        for most, name in ((3, "0-3"), (10, "4-10"), (30, "11-30"), (90, "31-90")):
            if age <= most:
                return f"book-without-bank-{name}"
        return "book-without-bank-over-90"


def matched_by_hand(
    lines: Iterable[Line],
    bank: Iterable[Row],
    batches: Iterable[Batch],
    as_of: date,
    limits: Limits,
) -> Found:
    """Return what the rules make of a world."""
    return Oracle(lines, bank, batches, as_of, limits).run()
