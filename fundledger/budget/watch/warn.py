"""Early warnings of a line, by the limits of `rules/budget.toml` (`watch_…`)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from fundledger.budget.annual import WHOLE_BASIS_POINTS
from fundledger.budget.lines import named

if TYPE_CHECKING:
    from datetime import date

    from fundledger.budget.watch.figures import Used
    from fundledger.budget.watch.forecast import Outlook
    from fundledger.budget.watch.model import LineStatus
    from fundledger.charter import BudgetRules
    from fundledger.findings import Finding

_BY = {
    False: {"measure_zh": "序时进度", "measure_en": "the time progress"},
    True: {"measure_zh": "往年同期进度", "measure_en": "what earlier years had spent by then"},
}


def warnings_of(line: LineStatus, as_of: date, rules: BudgetRules) -> Iterator[Finding]:
    """Yield what is to be told of a line within its year.

    FL590, more is spent than there was; else FL587, it runs dry before the year ends, of an
    entitlement FL588; else FL589, late in the year much will be left.  Where none of these is told,
    FL585 and FL586: behind or ahead of the line's own earlier years, or of the time progress if
    there are none.
    """
    place, used, seen = line.place, line.used, line.outlook
    rate = used.rate
    if used.expended_fen > used.adjusted_fen:
        over_fen = used.expended_fen - used.adjusted_fen
        yield named("FL590", place, amount_fen=over_fen)
        return
    if seen.dry_on is not None:
        short_fen = _short_fen(used, seen)
        code = "FL588" if place.rigid else "FL587"
        yield named(code, place, amount_fen=short_fen, date=seen.dry_on.isoformat())
        return
    if rate is None:
        return
    left_fen = _left_fen(used, seen)
    limit_fen = _share(rules.watch_left_basis_points) * used.adjusted_fen
    late = as_of.month >= rules.watch_left_from_month
    if late and left_fen is not None and left_fen > limit_fen:
        share = in_points(Fraction(left_fen, used.adjusted_fen))
        yield named("FL589", place, amount_fen=left_fen, percent=f"{share}%")
        return
    yield from _off_pace(line, rate, rules)


def _off_pace(line: LineStatus, rate: Fraction, rules: BudgetRules) -> Iterator[Finding]:
    least, most = line.own_range or (line.progress, line.progress)
    due = min(max(rate, least), most)
    apart = rate - due
    code = "FL585" if apart < 0 else "FL586"
    behind, ahead = rules.watch_behind_basis_points, rules.watch_ahead_basis_points
    if abs(apart) > _share(behind if apart < 0 else ahead):
        yield named(
            code,
            line.place,
            **_BY[line.own_range is not None],  # type: ignore[arg-type]  # none of them is an amount
            rate=f"{in_points(rate)}%",
            expected=f"{in_points(due)}%",
            points=in_points(abs(apart)),
        )


def in_points(share: Fraction) -> str:
    """Return a share in percentage points as people read it: to one decimal, half away from 0."""
    tenths = (abs(share) * 2000 + 1) // 2
    return f"{'-' if share < 0 and tenths else ''}{tenths // 10}.{tenths % 10}"


def _share(basis_points: int) -> Fraction:
    return Fraction(basis_points, WHOLE_BASIS_POINTS)


def _short_fen(used: Used, seen: Outlook) -> int:
    """Return by how much the rest of the year takes more than there is, up to the next fen."""
    to_come_fen = sum((fen for _, fen in seen.to_come), Fraction(0))
    return -((used.means_fen - to_come_fen) // 1)


def _left_fen(used: Used, seen: Outlook) -> int | None:
    """Return what will likely be left of the budget, down to the fen; None if nothing is told."""
    if seen.forecast_fen is None:
        return None
    return (used.adjusted_fen - used.given_back_fen - seen.forecast_fen) // 1
