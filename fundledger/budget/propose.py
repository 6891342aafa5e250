"""The yearly budget from its two sources: what was spent, and what the units declare to need.

Source: 联席会议职责 三(九): 依据上一年度实际救助列支情况和相关职能部门提供的当年度需要经费数确定
当年度预算.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from fundledger.budget.basis import Basis
from fundledger.budget.duplicates import without_duplicates
from fundledger.budget.guards import (
    bank_differs,
    guarded,
    one_offs_of_nothing,
    overrides_of_nothing,
    rests_of_other_months,
)
from fundledger.budget.history import FundHistory, Progress
from fundledger.budget.inputs import LineKey, Names, Place
from fundledger.budget.lines import Drafted, draft, unit_missing
from fundledger.budget.model import Proposal
from fundledger.budget.places import place_of, places_of
from fundledger.budget.sources import Declared, Sources, reading_both
from fundledger.budget.totals import fund_totals, other_sources_of
from fundledger.checks.child import uncollected
from fundledger.findings import Finding, by_weight
from fundledger.ledger.given import expect, is_day, is_path, is_year
from fundledger.office import Office

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules

_BESIDE = frozenset({"FL544", "FL550", "FL551", "FL553"})


@uncollected()
def propose(
    office: Office,
    year: int,
    *,
    as_of: date | None = None,
    needs_dir: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Proposal:
    """Return the budget for `year` that the books and the declared needs give.

    Actuals are those of `year` - 1 in whole months up to `as_of` (today if None).  Needs are the
    workbooks in `needs_dir`, by default `rules/needs/<year>`.  A line with a source missing is
    blocked and named, never filled in.  `progress` is told fund, funds done and funds in all.

    Raises:
        InputInvalid: FL549, no whole month of the year before has passed; FL552, `as_of` lies
            ahead; FL909, an argument is of another type.
        NeedInvalid: FL510 to FL538, FL567 to FL571, FL597, everything that is wrong in any
            workbook.
        CharterInvalid, JournalBroken: the rules or a journal do not hold.

    """
    expect(
        office=isinstance(office, Office),
        year=is_year(year),
        as_of=as_of is None or is_day(as_of),
        needs_dir=needs_dir is None or is_path(needs_dir),
    )
    with reading_both(office, year, as_of=as_of, needs_dir=needs_dir, progress=progress) as (
        declared,
        histories,
    ):
        deriving = _Deriving(declared, office.budget_rules)
        for book in histories():
            deriving.take(book)
    return deriving.proposal()


def derived_from(sources: Sources, rules: BudgetRules) -> Proposal:
    """Return the budget that books and needs give by these rules."""
    deriving = _Deriving(sources.declared, rules)
    for book in sources.books.values():
        deriving.take(book)
    return deriving.proposal()


class _Looked(NamedTuple):
    """One line of the rules, derived; what is to be told of its figure, and of the bank."""

    drafted: Drafted
    guarded: tuple[Finding, ...]
    bank: tuple[Finding, ...]


class _Deriving:
    """A proposal as it comes about, fund by fund, in whatever order their books are read."""

    def __init__(self, declared: Declared, rules: BudgetRules) -> None:
        """Begin with what is declared, and no books."""
        charter, year = declared.charter, declared.year
        self._declared = declared
        self._places = places_of(charter, rules, year)
        self._declarations, self._repeated = without_duplicates(
            declared.declarations, self._places, charter, rules, year
        )
        self._of_fund: dict[str, list[Place]] = {fund.id: [] for fund in charter.funds}
        for place in self._places.values():
            self._of_fund[place.key.fund].append(place)
        self._books: dict[str, FundHistory] = {}
        self._basis = Basis(
            year=year,
            months=declared.months,
            charter=charter,
            rules=rules,
            declarations=self._declarations,
            declared_before={
                need.key: need.amount_fen
                for item in declared.declared_before
                for need in item.needs
            },
            books=self._books,
        )
        self._looked: dict[LineKey, _Looked] = {}

    def take(self, book: FundHistory) -> None:
        """Derive the lines of a fund, whose books these are."""
        self._books[book.fund] = book
        self._of_fund[book.fund] += self._forgotten(book)
        for place in self._of_fund[book.fund]:
            self._looked[place.key] = _looked(place, self._basis)

    def proposal(self) -> Proposal:
        """Return what came of it, once the books of all funds were taken."""
        declared, basis, rules = self._declared, self._basis, self._basis.rules
        books = {fund: self._books[fund] for fund in self._of_fund}
        known = {place.key: place for places in self._of_fund.values() for place in places}
        places = {**self._places, **known}
        every = [self._looked[key] for key in places]
        lines = tuple(one.drafted.line for one in every if one.drafted.line is not None)
        blocked = tuple(one.drafted.blocked for one in every if one.drafted.blocked is not None)
        findings = [
            *(finding for book in books.values() for finding in book.findings),
            *(unit_missing(item) for item in self._declarations if not item.sha256),
            *self._repeated,
            *(finding for one in every for finding in one.drafted.findings),
            *overrides_of_nothing(basis, lines, blocked),
            *one_offs_of_nothing(basis, declared.cut_off),
            *rests_of_other_months(basis),
            *(finding for one in every for finding in one.bank),
            *(finding for one in every for finding in one.guarded),
        ]
        office = declared.charter.office
        others = other_sources_of(declared.charter, rules, declared.year)
        return Proposal(
            office=Names(office.zh, office.en),
            year=declared.year,
            as_of=declared.as_of,
            cut_off=declared.cut_off,
            months=declared.months,
            lines=lines,
            blocked=blocked,
            totals=fund_totals(books, lines, blocked, rules, others),
            declarations=self._declarations,
            places=places,
            findings=tuple(sorted(findings, key=by_weight)),
            provenance=Sources(declared, books).provenance,
        )

    def _forgotten(self, book: FundHistory) -> list[Place]:
        """Return the lines that books hold and the rules no longer name: they have ended."""
        basis = self._basis
        keys = (LineKey(book.fund, *line) for line in sorted(book.lines))
        return [
            place_of(key, basis.charter, basis.rules, in_force=False)
            for key in keys
            if key not in self._places
        ]


def _looked(place: Place, basis: Basis) -> _Looked:
    """Return a line derived; what makes its figure hard to compare is told beside it."""
    drafted = draft(place, basis)
    bank = tuple(bank_differs(place, basis))
    if drafted.line is None:
        return _Looked(drafted, (), bank)
    found = tuple(guarded(drafted.line, basis))
    if beside := tuple(one.code for one in found if one.code in _BESIDE):
        drafted = drafted._replace(line=replace(drafted.line, warned=beside))
    return _Looked(drafted, found, bank)
