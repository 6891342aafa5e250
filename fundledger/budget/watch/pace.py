"""How much of a year's budget should be spent by a day: by the marks, and by earlier years.

Both are told for the ends of months, and in between in proportion to the days, exactly.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import TYPE_CHECKING

from fundledger.budget.annual import WHOLE_BASIS_POINTS, YEAR_MONTHS
from fundledger.budget.spending import Spent, seasons

if TYPE_CHECKING:
    from fundledger.charter.budget import ExecutionMark

Shares = Sequence[Fraction]
"""What of a year is spent by the end of month 0 (nothing), 1 … 12 (all of it)."""


def months_passed(year: int, day: date) -> Fraction:
    """Return the months of a year that have passed at the end of a day: 9 on 30 September."""
    if day.year != year:
        return Fraction(YEAR_MONTHS if day.year > year else 0)
    return day.month - 1 + Fraction(day.day, monthrange(year, day.month)[1])


def time_progress(marks: Iterable[ExecutionMark], months: Fraction) -> Fraction:
    """Return the share that should be spent (序时进度) after so many months.

    Nothing is due when the year begins; between marks it rises evenly; after the last mark it
    stands.
    """
    due = {mark.month: Fraction(mark.basis_points, WHOLE_BASIS_POINTS) for mark in marks}
    points = sorted({0: Fraction(0), **due}.items())
    for (month, share), (after, then) in pairwise(points):
        if months <= after:
            return share + (then - share) * (months - month) / (after - month)
    return points[-1][1]


def shares_of_earlier_years(spent: Mapping[str, Spent], first: str, year: int) -> Shares | None:
    """Return what share was spent by the end of each month, over all earlier years together.

    Counted are the years that the books have whole since the month `first`, without one-offs; None
    where there is none, or nothing was spent in them.
    """
    shares = [Fraction(0)]
    for month in range(1, YEAR_MONTHS + 1):
        rounds = seasons(spent, first, f"{year}-{month:02d}")
        total_fen = sum(one.total_fen for one in rounds)
        if total_fen <= 0:
            return None
        shares.append(Fraction(sum(one.accrued_fen for one in rounds), total_fen))
    return shares


def share_after(shares: Shares, months: Fraction) -> Fraction:
    """Return the share after so many months, evenly between the ends of two of them."""
    whole = int(months)
    if whole == months:
        return shares[whole]
    return shares[whole] + (shares[whole + 1] - shares[whole]) * (months - whole)


def span_after(shares: Shares, months: Fraction) -> tuple[Fraction, Fraction]:
    """Return the least and the most of the shares at the ends of the month that is running."""
    ends = shares[floor(months)], shares[ceil(months)]
    return min(ends), max(ends)
