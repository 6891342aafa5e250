"""What the entries of one line say of a year up to its cut-off, and of the years before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from support.naive_budget.ledger import HELD, SPENT, Entry, Ledger, Line


def last_day(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def whole_months(year: int, as_of: date) -> int:
    """Return how many months of a year are over at the end of a day."""
    return sum(1 for month in range(1, 13) if last_day(year, month) <= as_of)


def months_between(first: str, last: str) -> Iterator[str]:
    """Yield the months from one to another, both with them, such as `2026-03`."""
    while first <= last:
        yield first
        year, month = int(first[:4]), int(first[5:])
        first = f"{year + month // 12}-{month % 12 + 1:02d}"


@dataclass(frozen=True)
class Past:
    """One line of one fund, `months` of `year` being over; `named` are one-off vouchers.

    `first` is the first month that both the books and the line have.
    """

    ledger: Ledger
    line: Line
    year: int
    months: int
    named: Collection[str]
    began: str
    since: str

    @property
    def cut_off(self) -> date:
        """The last day that counts."""
        return last_day(self.year, self.months) if self.months else date(self.year - 1, 12, 31)

    @property
    def first(self) -> str:
        """The first month of which the books and the line tell."""
        return max(self.began, self.since)

    def entries(self, kind: str = "") -> list[Entry]:
        """Return what befell the line by the cut-off, of one kind or both."""
        return [
            entry
            for entry in self.ledger.entries
            if entry.line == self.line and entry.day <= self.cut_off and kind in {"", entry.kind}
        ]

    def spent(self) -> list[Entry]:
        """Return what was spent and came back in the year."""
        return [entry for entry in self.entries(SPENT) if entry.day.year == self.year]

    def concerned(self) -> bool:
        """Whether the line had a budget in the year, or was paid."""
        end = f":{self.line[0]}:{self.line[1]}"
        return any(
            posting.account.endswith(end) and posting.account.startswith("Equity:Budget:")
            for voucher in self.ledger.vouchers
            if voucher.date.year == self.year and voucher.date <= self.cut_off
            for posting in voucher.postings
        )

    # What is not to come again.

    def wholly_named(self, batch: str) -> bool:
        """Whether every debit of a batch by the cut-off is a one-off."""
        debits = [ref for on, ref in self.ledger.debits.get(batch, ()) if on <= self.cut_off]
        return bool(debits) and all(ref in self.named for ref in debits)

    def is_one_off(self, entry: Entry) -> bool:
        """Whether an entry is of what is not to come again.

        All that is aside is, and what a voucher spent that is named, with what takes it back or
        puts it right.
        """
        if self.is_aside(entry):
            return True
        if entry.kind == HELD:
            return False
        if entry.batch:
            return entry.voucher in self.named
        return bool(self.ledger.behind[entry.voucher] & set(self.named))

    def is_aside(self, entry: Entry) -> bool:
        """Whether an entry is of a list or an advance that is a one-off as a whole."""
        if entry.batch:
            return self.batch_is_aside(entry.batch)
        return entry.pool.removeprefix("advance ") in self.named

    def batch_is_aside(self, batch: str) -> bool:
        """Whether a list is a one-off: all its debits are named; or it reissues such alone."""
        own = [one for one in self.ledger.payments.values() if one.batch == batch]
        parents = [one.parent for one in own if one.parent is not None]
        if parents:
            return all(self.batch_is_aside(one.batch) for one in parents)
        return self.wholly_named(batch)

    # From what was paid to the comparable base.

    def actual(self) -> int:
        """Return A: what was paid in the year, less what came back."""
        return total(self.spent())

    def one_offs(self) -> int:
        """Return O: what of that is not to come again and was no arrears of years before."""
        own = [e for e in self.spent() if self.is_one_off(e)]
        return total(e for e in own if e.origin >= self.year or self.is_aside(e))

    def arrears_paid(self) -> int:
        """Return R of before: owed since earlier years, and paid in the year or still owed.

        What is encumbered for nothing that is named is taken as one sum: what of it is released is
        of what was there when the year was opened first.
        """
        plain = [e for e in self.entries(HELD) if e.pool == "plain"]
        opening = total(e for e in plain if e.day.year < self.year or e.step == "opening")
        released = -total(e for e in plain if e.day.year == self.year and e.step == "release")
        named = [e for e in (*self.entries(HELD), *self.spent()) if e.pool != "plain"]
        named = [e for e in named if not self.is_aside(e)]
        owed = total(e for e in named if e.origin < self.year)
        return owed + opening - min(max(released, 0), opening)

    def arrears_due(self) -> int:
        """Return R of the cut-off: owed and not paid yet, without what is due for one-offs."""
        held = self.entries(HELD)
        return total(e for e in held if not self.is_aside(e))

    # By months.

    def came_to_be_owed(self, months: Iterable[str]) -> int:
        """Return what came to be owed in some months, paid or not, without one-offs."""
        wanted = set(months)
        own = [e for e in self.entries() if f"{e.day:%Y-%m}" in wanted and e.origin == e.day.year]
        return total(e for e in own if not self.is_one_off(e))

    def recent(self, count: int) -> list[str]:
        """Return the last so many months by the cut-off that books and line have."""
        last = f"{self.cut_off:%Y-%m}"
        return list(months_between(self.first, last))[-count:]

    # By heads.

    def lists(self) -> bool:
        """Whether lists pay anybody of the line in the year."""
        return any(self.paid_to(month) for month in self.own_months())

    def own_months(self) -> list[str]:
        """Return the months of the year by the cut-off."""
        return [f"{self.year}-{month:02d}" for month in range(1, self.months + 1)]

    def paid_to(self, month: str) -> dict[str, int]:
        """Return whom approved lists pay for a month, with how much."""
        found: dict[str, int] = {}
        for payment in self.ledger.payments.values():
            if payment.line != self.line or payment.said.period != month:
                continue
            if self.wholly_named(payment.batch) or self.batch_is_aside(payment.batch):
                continue
            if payment.lived(self.cut_off):
                found[payment.said.person] = payment.said.amount_fen
        return found

    def heads(self, month: str) -> int:
        """Return how many people the lists pay for a month."""
        return len(self.paid_to(month))

    def recent_heads(self, count: int) -> Fraction:
        """Return H: the mean of the heads of the last so many months of the year."""
        return mean([self.heads(month) for month in self.own_months()[-count:]])


def total(entries: Iterable[Entry]) -> int:
    """Return the sum of entries."""
    return sum(entry.fen for entry in entries)


def mean(values: list[int]) -> Fraction:
    """Return the mean of values, of none nothing."""
    return Fraction(sum(values), len(values)) if values else Fraction(0)
