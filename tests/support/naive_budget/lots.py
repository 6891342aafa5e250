"""What a line will have left, by the year that its money comes from, the oldest used first."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from support.naive_budget.ledger import Ledger, Line

Lots = dict[int, Fraction]


class Accounts:
    """The balances of the budget accounts of one line, day by day."""

    def __init__(self, ledger: Ledger, line: Line, on: date) -> None:
        """Take the vouchers through a day."""
        self.vouchers = [voucher for voucher in ledger.vouchers if voucher.date <= on]
        self.line = line

    def fen(self, year: int, kind: str, *, closing: bool | None = False) -> int:
        """Return a balance, without what a year end took from it; or only that."""
        name = f"Equity:Budget:{year}:{kind}:{self.line[0]}:{self.line[1]}"
        return sum(
            posting.signed_fen
            for voucher in self.vouchers
            for posting in voucher.postings
            if posting.account == name and (voucher.closing and voucher.date.month == 12) is closing
        )

    def ended(self, year: int) -> bool:
        """Whether the year was ended."""
        return any(v.closing and v.date == date(year, 12, 31) for v in self.vouchers)

    def lots(self, last: int) -> Lots:
        """Return what the line has left in a year, by the year of its money."""
        lots: Lots = {}
        for year in sorted({voucher.date.year for voucher in self.vouchers} | {last}):
            if year > last:
                break
            if not self.ended(year - 1):
                lots = {}
            more = -self.fen(year, "BroughtForward") - sum(lots.values(), Fraction(0))
            if more > 0:
                lots[year - 1] = lots.get(year - 1, Fraction(0)) + more
            else:
                take(lots, -more)
            given = -self.fen(year, "Approved") - self.fen(year, "Provisional")
            lots[year] = lots.get(year, Fraction(0)) + given
            take(lots, Fraction(self.fen(year, "Expended") + self.fen(year, "Lapsed")))
            if year < last:
                take(lots, Fraction(self.fen(year, "Lapsed", closing=True)), newest=True)
        return lots


def take(lots: Lots, fen: Fraction, *, newest: bool = False) -> None:
    """Take so much out of lots, the oldest first."""
    for year in sorted(lots, reverse=newest):
        part = min(lots[year], fen)
        lots[year] -= part
        fen -= part


def carried_over(accounts: Accounts, year: int, rest: Fraction, least_year: int) -> int:
    """Return what a line will likely have left at the end of a year, that the next may use.

    `rest` is what the rest of the year takes; money of before `least_year` is a surplus by then.
    """
    lots = accounts.lots(year)
    left = accounts.fen(year, "Available") - rest
    take(lots, accounts.fen(year, "Encumbered") + max(rest, Fraction(0)))
    take(lots, Fraction(accounts.fen(year, "Unallotted")), newest=True)
    sound = sum((fen for lot, fen in lots.items() if lot >= least_year), Fraction(0))
    return max(0, int(min(left, sound)))
