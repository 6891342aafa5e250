"""How a line's year will end by its pattern, and the day on which it runs dry at that pace.

The rest of the year is the annualisation of the proposal (`budget/annual.py`), spread over the
months to come: evenly, or of a seasonal line as earlier years were.  Within a month it is spread
evenly over the days.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from fundledger.budget.annual import ANNUALISATION, YEAR_MONTHS, known_steps, to_come_fen
from fundledger.budget.model import Step, whole_fen

if TYPE_CHECKING:
    from fundledger.budget.facts import Facts
    from fundledger.budget.watch.figures import Used
    from fundledger.budget.watch.pace import Shares
    from fundledger.charter import BudgetRules
    from fundledger.findings import Finding


@dataclass(frozen=True, slots=True)
class Outlook:
    """How the year will end: what is told, or why nothing is (`untold`); exact fen.

    `forecast_fen` is what will have been spent: paid until the last whole month, encumbered then,
    and what the rest of the year takes (`rest`); never less than what is spent by now.
    `to_come` is by month what is still expected after the day, `dry_on` the first day on which it
    comes to more than what may still be spent; None where that lasts until the end of the year.
    """

    forecast_fen: Fraction | None = None
    rest: Step | None = None
    to_come: tuple[tuple[str, Fraction], ...] = ()
    dry_on: date | None = None
    untold: Finding | None = None

    @property
    def whole_fen(self) -> int | None:
        """The forecast in whole fen, half up."""
        return None if self.forecast_fen is None else whole_fen(self.forecast_fen)


def outlook(  # noqa: PLR0913 - what a forecast rests on
    facts: Facts,
    pattern: str,
    rules: BudgetRules,
    *,
    then: Used,
    now: Used,
    day: date,
    shares: Shares | None,
) -> Outlook:
    """Return how a line's year will end, from its facts until the last whole month before a day.

    `then` is how the line stood at the end of that month, `now` how it stands on the day; `shares`
    are how earlier years ran.  What is encumbered when the year ends is carried, not spent.

    Raises:
        UntoldError: FL554, FL555, FL584, its pattern does not tell the rest of the year.

    """
    (rest,) = (s for s in known_steps(facts, pattern, rules) if s.name == ANNUALISATION)
    rest_fen = max(to_come_fen(rest, facts.months), Fraction(0))
    owed_fen = then.encumbered_fen if facts.months < YEAR_MONTHS else 0
    base_fen = then.expended_fen + owed_fen
    left = range(facts.months + 1, facts.last_month + 1)
    months = _by_month(rest_fen, left, shares if pattern == "seasonal" else None)
    if day.year == facts.year and months:
        since_fen = now.expended_fen + now.encumbered_fen - base_fen
        months[0] = max(months[0] - max(since_fen, 0), Fraction(0))
    first = facts.months + 1
    named = tuple((f"{facts.year}-{first + at:02d}", fen) for at, fen in enumerate(months))
    return Outlook(
        forecast_fen=max(base_fen + rest_fen, Fraction(now.expended_fen)),
        rest=rest,
        to_come=named,
        dry_on=_dry_on(now.means_fen, named, day) if day.year == facts.year else None,
    )


def _by_month(rest_fen: Fraction, left: Sequence[int], shares: Shares | None) -> list[Fraction]:
    """Return what each month to come takes of the rest of the year."""
    weights = [max(shares[at] - shares[at - 1], Fraction(0)) for at in left] if shares else []
    if not any(weights):
        weights = [Fraction(1)] * len(left)
    return [rest_fen * weight / sum(weights) for weight in weights]


def _dry_on(means_fen: int, months: Sequence[tuple[str, Fraction]], day: date) -> date | None:
    """Return the first day after `day` on which more is taken than there is; `day` if it is so."""
    if means_fen < 0:
        return day
    left_fen = Fraction(means_fen)
    for month, fen in months:
        year, at = int(month[:4]), int(month[5:])
        first = max(date(year, at, 1), day + timedelta(days=1))
        days = monthrange(year, at)[1] - first.day + 1
        if fen > left_fen:
            return first + timedelta(days=floor(left_fen * days / fen))
        left_fen -= fen
    return None
