"""The standard of a line month by month: as published, or where it is not yet, as assumed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from fundledger.budget.annual import WHOLE_BASIS_POINTS, YEAR_MONTHS
from fundledger.budget.facts import Standard

if TYPE_CHECKING:
    from fundledger.charter import Rate
    from fundledger.charter.budget import Uplift


def standards_of(
    slug: str, rates: Iterable[Rate], uplifts: Iterable[Uplift], year: int
) -> tuple[Standard, ...]:
    """Return the standard of each month of `year` and the one after it, in fen a person-month.

    A month takes what holds on its first day.  Where the last published rate is without a
    successor, each uplift from its day on raises it once.  Nothing if a month has no rate.
    """
    own = sorted((rate for rate in rates if rate.slug == slug), key=lambda rate: rate.from_date)
    rises = sorted((one for one in uplifts if one.rate == slug), key=lambda one: one.from_date)
    months = [date(at, month, 1) for at in (year, year + 1) for month in range(1, YEAR_MONTHS + 1)]
    found = [_on(day, own, rises) for day in months]
    return tuple(one for one in found if one is not None) if None not in found else ()


def _on(day: date, rates: Sequence[Rate], uplifts: Sequence[Uplift]) -> Standard | None:
    holding = [rate for rate in rates if rate.holds(day)]
    if not holding:
        return None
    rate = holding[-1]
    amount_fen = Fraction(rate.amount_fen)
    rises = [one for one in uplifts if one.holds(day) and one.from_date > rate.from_date]
    for rise in rises:
        amount_fen *= 1 + Fraction(rise.basis_points, WHOLE_BASIS_POINTS)
    return Standard(f"{day:%Y-%m}", amount_fen, assumed=bool(rises))
