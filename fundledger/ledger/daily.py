"""Balances by account, now and at the end of every day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fundledger.ledger.chart import Group
from fundledger.ledger.entry import Head
from fundledger.ledger.tables import Tables

HEADROOM = "#headroom"
"""Money that may still be allotted, kept like an account: cover less authority (see FL505)."""


class Daily:
    """What each account holds, in fen with beancount's sign, and what moved it on each day.

    `reserves` are what was left of an account at the last look at its days: the sign, the lowest
    balance less all that went since, and the first day looked at.
    """

    def __init__(self, tables: Tables) -> None:
        """Take the balances that the tables hold."""
        self.head = Head()
        self._day = ""
        self._morning_fen: dict[str, int] = {}
        self._moved: set[Group] = set()
        self.balances = tables.table("balances")
        self.days = tables.table("days")
        self.reserves = tables.table("reserves")
        self.months = tables.table("months")

    def _settle(self, day: str = "") -> None:
        """Put the totals of the day at hand into the table of days; go on with `day`."""
        month = self._day[:7]
        self.days.fetch(f"{name}@{month}" for name in self._morning_fen)
        self.reserves.fetch(self._morning_fen)
        for name, before_fen in self._morning_fen.items():
            key = f"{name}@{month}"
            month_days = self.days[key]
            moved_fen = self.balances[name] - before_fen
            month_days[self._day] = month_days.get(self._day, 0) + moved_fen
            self.days[key] = month_days
            if self.reserves[name] is not None:
                sign, left_fen, since = self.reserves[name]
                self.reserves[name] = [sign, left_fen + min(sign * moved_fen, 0), since]
        self._forget_day()
        self._day = day

    def _begin_day(self, group: Group) -> None:
        """Keep what these accounts held before the first voucher of the day that moves them."""
        self._moved.add(group)
        names = (*group.names, HEADROOM) if group.covering else group.names
        self.balances.fetch(names)
        for name in names:
            if name not in self._morning_fen:
                self._morning_fen[name] = self.balances[name]

    def _forget_day(self) -> None:
        """Drop what the day at hand moved, without putting it anywhere."""
        self._morning_fen.clear()
        self._moved.clear()
        self._day = ""

    def settle(self) -> None:
        """Bring all tables up to what was posted, before they are stored."""
        self._settle()

    def fen(self, account: str, on: date | None = None) -> int:
        """Return an account's balance, now or at a day's end; 0 for any other name."""
        total: int = self.balances[account]
        if on is None:
            return total
        return total - sum(fen for day, fen in self._later(account, on) if day > on.isoformat())

    def dip(self, account: str, since: date, sign: int = 1) -> tuple[int, str] | None:
        """Return what `lowest` does if that is below zero, else None.

        Days are looked at only when what was left at the last look, less all that went since, does
        not suffice.
        """
        day = since.isoformat()
        kept = self.reserves[account]
        if kept is not None and kept[0] == sign and kept[2] <= day:
            now_fen = self.balances[account]
            moved_fen = sign * (now_fen - self._morning_fen.get(account, now_fen))
            if kept[1] + min(moved_fen, 0) >= 0:
                return None
        self._settle(self._day)  # from here on, what goes is measured against what is kept
        lowest, when = self.lowest(account, since, sign)
        self.reserves[account] = [sign, lowest, day]
        return (lowest, when) if lowest < 0 else None

    def lowest(self, account: str, since: date, sign: int = 1) -> tuple[int, str]:
        """Return an account's lowest balance at the end of a day or a later one, and that day.

        With a `sign` of -1 the balance is taken the other way round, credit positive.
        """
        running: int = sign * self.balances[account]
        lowest, when = running, since.isoformat()
        if when >= self.head.last_day:
            return lowest, when
        first = when
        reached = ""
        for day, fen in self._later(account, since):
            if day < first:
                break
            if running <= lowest:
                lowest, when = running, day
            running -= sign * fen
            reached = day
        if reached != first and running <= lowest:
            lowest, when = running, first
        return lowest, when

    def _later(self, account: str, since: date) -> Iterator[tuple[str, int]]:
        self._settle()
        keys = [f"{account}@{month}" for month in _back(self.head.last_day[:7], since)]
        self.days.fetch(keys)
        for key in keys:
            yield from sorted(self.days[key].items(), reverse=True)

    def moves(self, account: str, on: date) -> list[str]:
        """Return the days up to `on` on which an account moved, in order."""
        self._settle()
        months = sorted(month for month, _ in self.months.rows())
        days = (day for month in months for day in self.days[f"{account}@{month}"])
        return sorted(day for day in days if day <= on.isoformat())


def _back(month: str, since: date) -> Iterator[str]:
    """Yield a month and those before it, back to that of a day."""
    first = since.isoformat()[:7]
    while month >= first:
        yield month
        year, number = int(month[:4]), int(month[5:])
        month = f"{year - (number == 1):04d}-{(number - 2) % 12 + 1:02d}"
