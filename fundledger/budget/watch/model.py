"""What watching a budget tells: lines, funds, and the office, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from fundledger.budget.watch.figures import Used, used_together
from fundledger.findings import Finding, by_weight

if TYPE_CHECKING:
    from fundledger.budget.inputs import Names, Place
    from fundledger.budget.watch.forecast import Outlook


@dataclass(frozen=True, slots=True)
class LineStatus:
    """One line: how it is used, how it should be, how the year will end.

    `progress` is the time progress (序时进度), `own` the share that earlier whole years had spent
    by then, None where there are none; within a month it lies anywhere in `own_range`, for earlier
    years are known by their months.
    """

    place: Place
    used: Used
    progress: Fraction
    own: Fraction | None
    own_range: tuple[Fraction, Fraction] | None
    outlook: Outlook

    @property
    def deviation(self) -> Fraction | None:
        """How far the rate lies ahead of the time progress, as a share; None without a budget."""
        return self.used.ahead_of(self.progress)

    @property
    def own_deviation(self) -> Fraction | None:
        """How far the rate lies ahead of the line's earlier years; None if there are none."""
        return self.used.ahead_of(self.own)


@dataclass(frozen=True, slots=True)
class FundStatus:
    """One fund: its lines, and all of them together.

    `own` is what the fund's earlier whole years had spent by then.  Its forecast is that of all
    lines, None if one of them cannot be told; `dry_on` the day on which the first line runs dry.
    """

    fund: str
    names: Names
    lines: tuple[LineStatus, ...]
    progress: Fraction
    own: Fraction | None
    findings: tuple[Finding, ...]

    @property
    def used(self) -> Used:
        """The sums of its lines."""
        return used_together(line.used for line in self.lines)

    @property
    def deviation(self) -> Fraction | None:
        """How far the rate lies ahead of the time progress, as a share; None without a budget."""
        return self.used.ahead_of(self.progress)

    @property
    def forecast_fen(self) -> int | None:
        """What will have been spent by the end of the year; None if a line cannot be told."""
        return together(line.outlook.whole_fen for line in self.lines)

    @property
    def dry_on(self) -> date | None:
        """The first day on which one of its lines runs dry."""
        return min((d for line in self.lines if (d := line.outlook.dry_on)), default=None)


@dataclass(frozen=True, slots=True)
class OfficeStatus:
    """How a year's budget is used on a day: one fund after another, as asked for."""

    year: int
    as_of: date
    progress: Fraction
    funds: tuple[FundStatus, ...]

    @property
    def used(self) -> Used:
        """The sums of all funds."""
        return used_together(fund.used for fund in self.funds)

    @property
    def deviation(self) -> Fraction | None:
        """How far the rate lies ahead of the time progress, as a share; None without a budget."""
        return self.used.ahead_of(self.progress)

    @property
    def forecast_fen(self) -> int | None:
        """What will have been spent by the end of the year; None if a line cannot be told."""
        return together(fund.forecast_fen for fund in self.funds)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found in all of them, the gravest first."""
        found = [finding for fund in self.funds for finding in fund.findings]
        return tuple(sorted(found, key=by_weight))


def together(every: Iterable[int | None]) -> int | None:
    """Return a sum, None if a part of it is not known."""
    listed = list(every)
    known = [one for one in listed if one is not None]
    return sum(known) if len(known) == len(listed) else None
