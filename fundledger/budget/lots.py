"""The carry-over of a fund by lots (结转结余情况表, T4): how old each is, and what is a surplus.

Source: 预算法 art. 42: what was carried over for two years running and is not used goes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from fundledger.budget.inputs import Names
from fundledger.checks.run import on_book
from fundledger.checks.standing import carried_too_long
from fundledger.findings import Finding, by_weight
from fundledger.ledger.lots import Lot, lots_by_line, merged

if TYPE_CHECKING:
    from fundledger.charter import FundCharter
    from fundledger.ledger.books import Books


class Disposal(StrEnum):
    """What is to become of a lot (处理意见), by its age."""

    CURRENT = "current"
    CARRY = "carry"
    LAST_YEAR = "last-year"
    SURPLUS = "surplus"


@dataclass(frozen=True, slots=True)
class FundLots:
    """The lots of one fund in the year of a day, as they stand at its end; amounts in fen.

    `limit_years` is for how many years money may be carried over; `lines` has the lots of each
    line, by unit and category.
    """

    fund: str
    names: Names
    as_of: date
    limit_years: int
    lines: Mapping[tuple[str, str], tuple[Lot, ...]]
    findings: tuple[Finding, ...]

    @property
    def lots(self) -> tuple[Lot, ...]:
        """The lots of all lines together, one for each year of origin."""
        return merged(lot for lots in self.lines.values() for lot in lots)

    @property
    def open_fen(self) -> int:
        """What the fund has left of all lots."""
        return sum(lot.open_fen for lot in self.lots)

    def age_years(self, lot: Lot) -> int:
        """Return how many turns of a year the lot has been carried over."""
        return self.as_of.year - lot.origin

    def surplus_fen(self, lot: Lot) -> int:
        """Return what of the lot is a surplus (结余) by now, to be given back."""
        return max(lot.open_fen, 0) if self.age_years(lot) > self.limit_years else 0

    def surplus_from(self, lot: Lot) -> date:
        """Return the first day on which what is left of the lot is a surplus."""
        return date(lot.origin + self.limit_years + 1, 1, 1)

    def disposal(self, lot: Lot) -> Disposal | None:
        """Return what is to become of what is left; None where nothing is."""
        age_years = self.age_years(lot)
        if lot.open_fen <= 0:
            return None
        if age_years > self.limit_years:
            return Disposal.SURPLUS
        if age_years == self.limit_years:
            return Disposal.LAST_YEAR
        return Disposal.CARRY if age_years else Disposal.CURRENT

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values: ASCII keys, amounts in whole fen, days in ISO form."""
        return {
            "fund": self.fund,
            "as_of": self.as_of.isoformat(),
            "carry_over_years": self.limit_years,
            "open_fen": self.open_fen,
            "surplus_fen": sum(self.surplus_fen(lot) for lot in self.lots),
            "lots": [self._lot(lot) for lot in self.lots],
            "lines": [
                {"line": ":".join(line), "lots": [self._lot(lot) for lot in lots]}
                for line, lots in self.lines.items()
            ],
            "findings": [finding.as_json() for finding in self.findings],
        }

    def _lot(self, lot: Lot) -> dict[str, Any]:
        disposal = self.disposal(lot)
        return {
            "origin": lot.origin,
            "or_before": lot.or_before,
            "opening_fen": lot.opening_fen,
            "income_fen": lot.income_fen,
            "spent_fen": lot.spent_fen,
            "given_back_fen": lot.given_back_fen,
            "open_fen": lot.open_fen,
            "age_years": self.age_years(lot),
            "surplus_fen": self.surplus_fen(lot),
            "surplus_from": self.surplus_from(lot).isoformat(),
            "disposal": disposal.value if disposal is not None else None,
        }


def fund_lots(books: Books, as_of: date, charter: FundCharter) -> FundLots:
    """Return the lots of a fund's books as they stand at the end of a day.

    `charter` is what the rules say of the fund now; books go by what their journal says, if it
    says anything yet.

    Findings: FL415, a line has a surplus (the same that `check` tells); FL593, a lot is in its
    last year.
    """
    begun = books.chart is not None
    charter = books.charter if begun else charter
    own = FundLots(
        fund=books.fund,
        names=Names(charter.fund.zh, charter.fund.en),
        as_of=as_of,
        limit_years=charter.controls.carry_over_years,
        lines=lots_by_line(books, as_of) if begun else {},
        findings=(),
    )
    if not begun:
        return own
    found = [*on_book(books, as_of, (carried_too_long,)), *_in_their_last_year(own)]
    return replace(own, findings=tuple(sorted(found, key=by_weight)))


def _in_their_last_year(own: FundLots) -> list[Finding]:
    found = []
    for (unit, category), lots in own.lines.items():
        for lot in lots:
            if own.disposal(lot) is Disposal.LAST_YEAR:
                details = {
                    "unit": unit,
                    "category": category,
                    "origin": lot.origin,
                    "since": own.surplus_from(lot).isoformat(),
                }
                subject = f"{unit}:{category}"
                found.append(Finding("FL593", subject, details, own.fund, amount_fen=lot.open_fen))
    return found
