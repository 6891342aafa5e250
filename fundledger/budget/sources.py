"""The two sources of a budget, read: the books of the year before, and what the units declare."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.budget.history import FundHistory, Progress, cut_off, reading
from fundledger.budget.inputs import Declaration
from fundledger.budget.model import BookHead, Provenance
from fundledger.budget.needs import read_needs
from fundledger.budget.places import places_of, remits_of
from fundledger.checks.child import uncollected
from fundledger.earlier import earlier
from fundledger.office import Office
from fundledger.reader import Reader

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules, Charter


@dataclass(frozen=True, slots=True)
class Declared:
    """What the units declare for a year, and of which months of the year before the books count.

    `months` are whole ones, through `cut_off`; `rules` are digests of the files by name.
    """

    year: int
    as_of: date
    cut_off: date
    months: int
    charter: Charter
    declarations: tuple[Declaration, ...]
    declared_before: tuple[Declaration, ...]
    rules: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """All that a proposal is derived from, but for the rules of the derivation.

    Which vouchers are one-offs and which lines are seasonal, `books` has from the rules they were
    read with; rules that are tried out change neither.
    """

    declared: Declared
    books: Mapping[str, FundHistory]

    @property
    def provenance(self) -> Provenance:
        """The journals, needs and rules that were read, by their digests."""
        declared = self.declared
        year = declared.year - 1
        return Provenance(
            books=tuple(
                BookHead(book.fund, book.records, book.head) for book in self.books.values()
            ),
            needs=(
                *((item.file, item.sha256) for item in declared.declarations if item.sha256),
                *(
                    (f"{year}/{item.file}", item.sha256)
                    for item in declared.declared_before
                    if item.sha256
                ),
            ),
            rules=declared.rules,
        )


Histories = Callable[[], Iterator[FundHistory]]
"""Reads the books of each fund that were not read yet, and gives all as they come."""


@contextmanager
def reading_both(  # noqa: PLR0913 - as many as `propose` has, and how far to read
    office: Office,
    year: int,
    *,
    as_of: date | None = None,
    needs_dir: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    records: Mapping[str, int] | None = None,
) -> Iterator[tuple[Declared, Histories]]:
    """Read the needs, with books beside them; gives them and what gives the books.

    `records` says how many records of each journal to read, where it is not all of them.  Raises as
    `propose` does.
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
        declared = Declared(
            year=year,
            as_of=as_of,
            cut_off=until,
            months=months,
            charter=charter,
            declarations=read_needs(folder, remits, year, today),
            declared_before=_declared_before(charter, rules, folder, year, today),
            rules=rule_digests(office),
        )
        yield declared, histories


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
    """Return books and needs as `reading_both` reads them, and raise as it does."""
    with reading_both(
        office, year, as_of=as_of, needs_dir=needs_dir, progress=progress, records=records
    ) as (declared, histories):
        found = {book.fund: book for book in histories()}
    return Sources(declared, {fund.id: found[fund.id] for fund in declared.charter.funds})


def needs_folder(office: Office, year: int, needs_dir: str | os.PathLike[str] | None) -> Path:
    """Return where the declared needs of a year lie."""
    return office.root / "rules" / "needs" / str(year) if needs_dir is None else Path(needs_dir)


def rule_digests(office: Office) -> tuple[tuple[str, str], ...]:
    """Return the files of `rules/` by name, with their digests."""
    rules = sorted((office.root / "rules").glob("*.toml"))
    return tuple((path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in rules)


def _declared_before(
    charter: Charter, rules: BudgetRules, folder: Path, year: int, today: date
) -> tuple[Declaration, ...]:
    """Return what was declared for the year before, where those workbooks are still there."""
    before = folder.parent / str(year - 1)
    if folder.name != str(year) or not before.is_dir():
        return ()
    remits = remits_of(charter, places_of(charter, rules, year - 1))
    return read_needs(before, remits, year - 1, today, every=False)
