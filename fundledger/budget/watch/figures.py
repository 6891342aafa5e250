"""What the budget accounts of a year say of each line on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import TYPE_CHECKING

from fundledger.ledger.chart import SOURCE_KINDS

if TYPE_CHECKING:
    from datetime import date

    from fundledger.ledger.books import Books

_FIELDS = {
    "Approved": "approved_fen",
    "Provisional": "provisional_fen",
    "BroughtForward": "brought_forward_fen",
    "Unallotted": "unallotted_fen",
    "Available": "available_fen",
    "Encumbered": "encumbered_fen",
    "Expended": "expended_fen",
    "Lapsed": "given_back_fen",
    "CarriedForward": "carried_forward_fen",
}


@dataclass(frozen=True, slots=True)
class Used:
    """How a line of a year's budget, or several together, are used; all in fen.

    `approved_fen` counts supplements, reductions and virements; `provisional_fen` was given before
    the approval and is not taken in by it yet.  `expended_fen` is net of returns; `given_back_fen`
    was surrendered, or lapsed at the year's end, `carried_forward_fen` went into the next year.
    """

    approved_fen: int = 0
    provisional_fen: int = 0
    brought_forward_fen: int = 0
    unallotted_fen: int = 0
    available_fen: int = 0
    encumbered_fen: int = 0
    expended_fen: int = 0
    given_back_fen: int = 0
    carried_forward_fen: int = 0

    @property
    def adjusted_fen(self) -> int:
        """The adjusted budget (调整后预算): approved, given before it, and brought forward.

        In books that hold it is what became of it, to the fen: expended, encumbered, available, not
        allotted, given back, and carried forward (FL503).
        """
        return self.approved_fen + self.provisional_fen + self.brought_forward_fen

    @property
    def means_fen(self) -> int:
        """What may still be spent: available, and approved but not allotted yet."""
        return self.available_fen + self.unallotted_fen

    def ahead_of(self, share: Fraction | None) -> Fraction | None:
        """Return how far the rate lies ahead of a share; None where there is one of them not."""
        return None if self.rate is None or share is None else self.rate - share

    @property
    def rate(self) -> Fraction | None:
        """The execution rate (执行率): expended of the adjusted budget; None without one."""
        return Fraction(self.expended_fen, self.adjusted_fen) if self.adjusted_fen > 0 else None


def used_together(every: Iterable[Used]) -> Used:
    """Return the sums of several lines."""
    listed = list(every)
    sums = {field.name: sum(getattr(one, field.name) for one in listed) for field in fields(Used)}
    return Used(**sums)


def used_by_line(books: Books, year: int, day: date) -> dict[tuple[str, str], Used]:
    """Return how each line of a year's budget is used at the end of a day, by unit and category."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    if books.chart is None:
        return {}
    for name in books.account_names():
        account = books.accounts.account(name)
        if account.kind == "budget" and account.year == year:
            line = found.setdefault((account.unit, account.category), {})
            if field := _FIELDS.get(account.budget_kind):
                sign = -1 if account.budget_kind in SOURCE_KINDS else 1
                line[field] = line.get(field, 0) + sign * books.fen(name, day)
    return {line: Used(**kinds) for line, kinds in sorted(found.items())}
