"""Balances by account, now and at the end of every day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from fundledger.ledger.entry import Head
from fundledger.ledger.tables import Tables

HEADROOM = "#headroom"
"""Money that may still be allotted, kept like an account: cover less authority (see FL505)."""


class Daily:
    """What each account holds, in fen with beancount's sign, and what moved it on each day."""

    def __init__(self, tables: Tables) -> None:
        """Take the balances that the tables hold."""
        self.head = Head()
        self._day = ""
        self._today: defaultdict[str, int] = defaultdict(int)
        self.balances = tables.table("balances")
        self.days = tables.table("days")
        self.months = tables.table("months")

    def _settle(self, day: str = "") -> None:
        """Put the totals of the day at hand into the table of days; go on with `day`."""
        for name, total_fen in self._today.items():
            key = f"{name}@{self._day[:7]}"
            month_days = self.days[key]
            month_days[self._day] = month_days.get(self._day, 0) + total_fen
            self.days[key] = month_days
        self._today.clear()
        self._day = day

    def settle(self) -> None:
        """Bring all tables up to what was posted, before they are stored."""
        self._settle()

    def fen(self, account: str, on: date | None = None) -> int:
        """Return an account's balance, now or at a day's end; 0 for any other name."""
        total: int = self.balances[account]
        if on is None:
            return total
        return total - sum(fen for day, fen in self._later(account, on) if day > on.isoformat())

    def lowest(self, account: str, since: date, sign: int = 1) -> tuple[int, str]:
        """Return an account's lowest end-of-day balance from a day on, in fen, and its day.

        With a `sign` of -1 the balance is taken the other way round, credit positive.
        """
        running: int = sign * self.balances[account]
        lowest, when = running, since.isoformat()
        if when >= self.head.last_day:
            return lowest, when
        for day, fen in self._later(account, since):
            if day < since.isoformat():
                break
            if running <= lowest:
                lowest, when = running, day
            running -= sign * fen
        return lowest, when

    def _later(self, account: str, since: date) -> Iterator[tuple[str, int]]:
        self._settle()
        month = self.head.last_day[:7]
        first = since.isoformat()[:7]
        while month >= first:
            days = self.days[f"{account}@{month}"]
            yield from sorted(days.items(), reverse=True)
            year, number = int(month[:4]), int(month[5:])
            month = f"{year - (number == 1):04d}-{(number - 2) % 12 + 1:02d}"

    def moves(self, account: str, on: date) -> list[str]:
        """Return the days up to `on` on which an account moved, in order."""
        self._settle()
        months = sorted(month for month, _ in self.months.rows())
        days = (day for month in months for day in self.days[f"{account}@{month}"])
        return sorted(day for day in days if day <= on.isoformat())
