"""The yearly budget from its two sources: what was spent, and what the units declare to need.

Source: 联席会议职责 三(九): 依据上一年度实际救助列支情况和相关职能部门提供的当年度需要经费数确定
当年度预算.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.budget.basis import Basis
from fundledger.budget.duplicates import without_duplicates
from fundledger.budget.guards import (
    bank_differs,
    guarded,
    one_offs_of_nothing,
    overrides_of_nothing,
    rests_of_other_months,
)
from fundledger.budget.history import FundHistory, Progress, cut_off, reading
from fundledger.budget.inputs import (
    Declaration,
    LineKey,
    Names,
    Place,
)
from fundledger.budget.lines import Drafted, draft, unit_missing
from fundledger.budget.model import BookHead, Proposal, Provenance
from fundledger.budget.needs import read_needs
from fundledger.budget.places import place_of, places_of, remits_of
from fundledger.budget.totals import fund_totals, other_sources_of
from fundledger.checks.child import uncollected
from fundledger.earlier import earlier
from fundledger.findings import Finding, by_weight
from fundledger.ledger.given import expect, is_day, is_path, is_year
from fundledger.office import Office
from fundledger.reader import Reader

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules, Charter

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
    sources = gathered(office, year, as_of=as_of, needs_dir=needs_dir, progress=progress)
    return derived_from(sources, office.budget_rules)


@dataclass(frozen=True, slots=True)
class Sources:
    """All that a proposal is derived from, but for the rules of the derivation.

    Which vouchers are one-offs and which lines are seasonal, `books` has from the rules they were
    read with; rules that are tried out change neither.
    """

    year: int
    as_of: date
    cut_off: date
    months: int
    charter: Charter
    declarations: tuple[Declaration, ...]
    declared_before: tuple[Declaration, ...]
    books: Mapping[str, FundHistory]
    provenance: Provenance


@uncollected()
def gathered(  # noqa: PLR0913 - as many as `propose` has, and how far to read
    office: Office,
    year: int,
    *,
    as_of: date | None = None,
    needs_dir: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    records: Mapping[str, int] | None = None,
) -> Sources:
    """Read books and needs as `propose` does, and raise as it does.

    `records` says how many records of each journal to read, where it is not all of them.
    """
    today = office.surroundings.now().date()
    as_of = as_of or today
    until, months = cut_off(year, as_of, today)
    charter, rules = office.charter, office.budget_rules
    folder = needs_folder(office, year, needs_dir)
    funds: list[Reader] = [office.fund(fund.id) for fund in charter.funds]
    if records is not None:
        funds = [earlier(fund, records.get(fund.id, 0)) for fund in funds]
    with reading(funds, year - 1, until, progress, rules=rules) as histories:
        remits = remits_of(charter, places_of(charter, rules, year))
        declarations = read_needs(folder, remits, year, today)
        before = _declared_before(charter, rules, folder, year, today)
        books = histories()
    return Sources(
        year=year,
        as_of=as_of,
        cut_off=until,
        months=months,
        charter=charter,
        declarations=declarations,
        declared_before=before,
        books=books,
        provenance=Provenance(
            books=tuple(BookHead(book.fund, book.records, book.head) for book in books.values()),
            needs=(
                *((item.file, item.sha256) for item in declarations if item.sha256),
                *((f"{year - 1}/{item.file}", item.sha256) for item in before if item.sha256),
            ),
            rules=rule_digests(office),
        ),
    )


def derived_from(sources: Sources, rules: BudgetRules) -> Proposal:
    """Return the budget that books and needs give by these rules."""
    charter, books = sources.charter, sources.books
    places = places_of(charter, rules, sources.year)
    declarations, repeated = without_duplicates(
        sources.declarations, places, charter, rules, sources.year
    )
    places.update(_forgotten(books, places, charter, rules))
    basis = Basis(
        year=sources.year,
        months=sources.months,
        charter=charter,
        rules=rules,
        declarations=declarations,
        declared_before={
            need.key: need.amount_fen for item in sources.declared_before for need in item.needs
        },
        books=books,
    )
    drafted = Drafted()
    for place in places.values():
        draft(place, basis, drafted)
    found = {line.key: tuple(guarded(line, basis)) for line in drafted.lines}
    lines = tuple(
        replace(line, warned=beside) if (beside := _beside(found[line.key])) else line
        for line in drafted.lines
    )
    findings = [
        *(finding for book in books.values() for finding in book.findings),
        *(unit_missing(item) for item in declarations if not item.sha256),
        *repeated,
        *drafted.findings,
        *overrides_of_nothing(basis, drafted),
        *one_offs_of_nothing(basis, sources.cut_off),
        *rests_of_other_months(basis),
        *(finding for place in places.values() for finding in bank_differs(place, basis)),
        *(finding for of_line in found.values() for finding in of_line),
    ]
    others = other_sources_of(charter, rules, sources.year)
    return Proposal(
        office=Names(charter.office.zh, charter.office.en),
        year=sources.year,
        as_of=sources.as_of,
        cut_off=sources.cut_off,
        months=sources.months,
        lines=lines,
        blocked=tuple(drafted.blocked),
        totals=fund_totals(books, drafted.lines, drafted.blocked, rules, others),
        declarations=declarations,
        places=places,
        findings=tuple(sorted(findings, key=by_weight)),
        provenance=sources.provenance,
    )


def needs_folder(office: Office, year: int, needs_dir: str | os.PathLike[str] | None) -> Path:
    """Return where the declared needs of a year lie."""
    return office.root / "rules" / "needs" / str(year) if needs_dir is None else Path(needs_dir)


def rule_digests(office: Office) -> tuple[tuple[str, str], ...]:
    """Return the files of `rules/` by name, with their digests."""
    rules = sorted((office.root / "rules").glob("*.toml"))
    return tuple((path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in rules)


def _beside(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return the codes of what makes a figure hard to compare."""
    return tuple(f.code for f in findings if f.code in _BESIDE)


def _forgotten(
    books: Mapping[str, FundHistory],
    places: Mapping[LineKey, Place],
    charter: Charter,
    rules: BudgetRules,
) -> dict[LineKey, Place]:
    """Return the lines that books hold and the rules no longer name: they have ended."""
    keys = (LineKey(fund, *line) for fund, book in books.items() for line in sorted(book.lines))
    return {key: place_of(key, charter, rules, in_force=False) for key in keys if key not in places}


def _declared_before(
    charter: Charter, rules: BudgetRules, folder: Path, year: int, today: date
) -> tuple[Declaration, ...]:
    """Return what was declared for the year before, where those workbooks are still there."""
    before = folder.parent / str(year - 1)
    if folder.name != str(year) or not before.is_dir():
        return ()
    remits = remits_of(charter, places_of(charter, rules, year - 1))
    return read_needs(before, remits, year - 1, today, every=False)
