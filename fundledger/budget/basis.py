"""All that the lines of a budget are derived from: books, needs and rules, by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fundledger.budget.annual import (
    YEAR_MONTHS,
    year_months,
)
from fundledger.budget.facts import NOTHING_LEFT_OUT, NOTHING_OWED, Facts, Standard
from fundledger.budget.history import FundHistory
from fundledger.budget.inputs import (
    Declaration,
    History,
    LineKey,
    Need,
    Place,
)
from fundledger.budget.spending import Spent, came_due, recent, seasons, turned
from fundledger.budget.standards import standards_of

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules, Charter
    from fundledger.charter.budget import Override


@dataclass(frozen=True, slots=True)
class Basis:
    """All that the lines are derived from."""

    year: int
    months: int
    charter: Charter
    rules: BudgetRules
    declarations: Sequence[Declaration]
    declared_before: Mapping[LineKey, int]
    books: Mapping[str, FundHistory]
    _needs: Mapping[LineKey, Need] = field(init=False, repr=False, compare=False)
    _keeping: frozenset[str] = field(init=False, repr=False, compare=False)
    _facts: dict[LineKey, Facts] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _standards: dict[str, tuple[Standard, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Have the needs at hand by their lines, and which funds keep what is left of a year."""
        needs = {need.key: need for item in self.declarations for need in item.needs}
        object.__setattr__(self, "_needs", needs)
        keeping = frozenset(one.id for one in self.charter.funds if one.carry_over == "keep")
        object.__setattr__(self, "_keeping", keeping)

    def need(self, key: LineKey) -> Need | None:
        """Return what was declared for a line."""
        return self._needs.get(key)

    def keeps(self, fund: str) -> bool:
        """Whether a fund keeps what is left of a year."""
        return fund in self._keeping

    def override(self, key: LineKey) -> Override | None:
        """Return what was decided by hand for a line in this year."""
        return next(
            (
                one
                for one in self.rules.overrides
                if (one.fund, one.unit, one.category, one.year) == (*key, self.year)
            ),
            None,
        )

    def declaration(self, unit: str) -> Declaration | None:
        """Return the declaration of a unit; None for a unit without a line in force."""
        return next((item for item in self.declarations if item.unit == unit), None)

    def facts(self, place: Place, history: History) -> Facts:
        """Return what a line spent, by heads and months, and where in which journal that stands."""
        found = self._facts.get(place.key)
        if found is None:
            found = self._facts[place.key] = self._facts_of(place, history)
        return found

    def _rounds(
        self, place: Place, accrued: Mapping[str, Spent], first: str, last: str
    ) -> dict[str, Any]:
        """Return what the rounds of a seasonal line say, as it came to owe it; else nothing."""
        if place.pattern != "seasonal":
            return {}
        begun = self.books[place.key.fund].first_month
        return {
            "seasons": seasons(accrued, first, last, place.round_from),
            "turned_fen": turned(accrued, begun, last, place.round_from),
            "round_over": self.months >= (place.round_from - 1 or YEAR_MONTHS),
        }

    def _facts_of(self, place: Place, history: History) -> Facts:
        key = place.key
        book = self.books[key.fund]
        line = key.unit, key.category
        year, last = self.year - 1, f"{self.year - 1}-{self.months:02d}"
        spent = book.spent.get(line, {})
        accrued = came_due(spent, book.due.get(line, {}))
        first = max(book.first_month, place.since)
        months = year_months(year, self.months)
        rest = next(
            (
                one
                for one in self.rules.rests
                if (one.fund, one.unit, one.category, one.after) == (*key, last)
            ),
            None,
        )
        return Facts(
            year=year,
            months=self.months,
            source=f"journal {key.fund}#{book.records} {book.head[:12]}",
            actual_fen=history.actual_fen,
            begun=place.since <= last,
            last_month=_last_month(place, year),
            one_off_fen=sum(spent[month].one_off_fen for month in months if month in spent),
            before=book.owed_before.get(line, NOTHING_OWED),
            left_out=book.left_out.get(line, NOTHING_LEFT_OUT),
            encumbered_fen=history.encumbered_fen,
            heads=tuple(one for one in book.heads.get(line, ()) if one.month in months),
            standards=self._standards_of(place.rate, year) if place.rate else (),
            **self._rounds(place, accrued, first, last),
            recent_fen=recent(accrued, last, first, self.rules.event_months),
            rest_fen=rest.amount_fen if rest is not None else None,
            rest_source=rest.source if rest is not None else "",
        )

    def _standards_of(self, rate: str, year: int) -> tuple[Standard, ...]:
        found = self._standards.get(rate)
        if found is None:
            found = standards_of(rate, self.charter.rates, self.rules.uplifts, year)
            self._standards[rate] = found
        return found


def _last_month(place: Place, year: int) -> int:
    """Return the last month of a year in which a line may be paid; 0 if it ended before."""
    if not place.until or place.until > f"{year}-{YEAR_MONTHS}":
        return YEAR_MONTHS
    return int(place.until[5:]) if place.until[:4] == str(year) else 0
