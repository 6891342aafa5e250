"""The aid that a fund pays in a year, as the plan and a seeded chance have it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TYPE_CHECKING

from fundledger.example.plan import Calendar, FundPlan, LinePlan

if TYPE_CHECKING:
    from fundledger.charter import Rate

MONTHS = range(1, 13)
EVENT_DAYS = (11, 26)
_HUNDRED_YUAN = 100_00
_DIME = 10


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment of aid: its day, line, sum in fen, what it is for, and how many it reaches.

    `standard_fen` is what one of them gets in the mean, where they are paid month by month.
    """

    day: date
    plan: LinePlan
    amount_fen: int
    narration: str
    persons: int
    standard_fen: int = 0

    @property
    def line(self) -> tuple[str, str]:
        """Unit and category."""
        return self.plan.line


@dataclass(frozen=True, slots=True)
class Giver:
    """What payments are made from: the calendar, the published rates, and the fund's own chance."""

    calendar: Calendar
    rates: tuple[Rate, ...]
    chance: Random

    def payments(self, fund: FundPlan, year: int) -> tuple[Payment, ...]:
        """Return all payments of a fund in a year, in the order of their days."""
        found = [payment for line in fund.lines for payment in self._line(line, year)]
        return tuple(sorted(found, key=lambda payment: (payment.day, payment.line)))

    def _line(self, line: LinePlan, year: int) -> Iterator[Payment]:
        makers = {"monthly": self._monthly, "rounds": self._rounds, "event": self._events}
        for payment in makers[line.pattern](line, year):
            if line.first <= payment.day <= line.last:
                yield payment

    def _monthly(self, line: LinePlan, year: int) -> Iterator[Payment]:
        for month in MONTHS:
            day = self.calendar.from_day(date(year, month, line.day))
            persons = self._about(line.persons)
            standard_fen = self.standard_fen(line, day)
            amount_fen = persons * standard_fen
            if line.share < 100:  # noqa: PLR2004 - per cent: incomes are topped up, so sums are odd
                amount_fen -= self.chance.randrange(persons * _HUNDRED_YUAN // 20)
            yield Payment(
                day,
                line,
                amount_fen // _DIME * _DIME,
                f"发放{year}年{month}月{line.what}{persons}人",
                persons,
                standard_fen,
            )

    def standard_fen(self, line: LinePlan, day: date) -> int:
        """Return what one person gets on a day: of the published rate, or the line's own."""
        if not line.rate:
            return line.raised_fen if day >= line.raised_on else line.standard_fen
        rate = next(rate for rate in self.rates if rate.slug == line.rate and rate.holds(day))
        return rate.amount_fen * line.share // 100

    def _rounds(self, line: LinePlan, year: int) -> Iterator[Payment]:
        for item in line.rounds:
            persons = self._about(item.persons)
            yield Payment(
                self.calendar.from_day(date(year, item.month, item.day)),
                line,
                persons * item.standard_fen,
                f"{year}年{line.what}（{item.whom}）{persons}人",
                persons,
            )

    def _events(self, line: LinePlan, year: int) -> Iterator[Payment]:
        fewest, most = line.per_month
        low_fen, high_fen = line.sums_fen
        for month in MONTHS:
            times = self.chance.randrange(fewest, most + 1)
            days = sorted(self.chance.randrange(*EVENT_DAYS) for _ in range(times))
            for number, day in enumerate(days, 1):
                steps = (high_fen - low_fen) // _HUNDRED_YUAN
                yield Payment(
                    self.calendar.from_day(date(year, month, day)),
                    line,
                    low_fen + self.chance.randrange(steps + 1) * _HUNDRED_YUAN,
                    f"{line.what}（{year}年{month}月第{number}批）",
                    1,
                )

    def _about(self, persons: int) -> int:
        """Return the persons of one month: up to three in a hundred more or fewer."""
        give = persons * 3 // 100
        return persons + self.chance.randrange(-give, give + 1)
