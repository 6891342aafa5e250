"""How many people the payment lists pay, by budget line and month, and what they get."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fundledger.budget.facts import Heads
from fundledger.errors import Refused
from fundledger.findings import Finding
from fundledger.ledger.batches.files import Unfit, lines_in
from fundledger.ledger.batches.states import NO_EXPENSE

if TYPE_CHECKING:
    from datetime import date

    from fundledger.ledger.batches.paylist import PaymentLine
    from fundledger.ledger.books import Books


def heads_by_line(books: Books, until: date) -> dict[tuple[str, str], tuple[Heads, ...]]:
    """Return the persons and fen of each month that lists pay, by unit and category.

    Counted are the lines of batches that were approved by a day, each person once a month.

    Raises:
        Refused: FL751, a list is not there, or not as it was.

    """
    people: dict[tuple[str, str, str], set[str]] = {}
    sums: dict[tuple[str, str, str], int] = {}
    try:
        for line in _counted(books, until):
            key = line.unit, line.category, line.period
            people.setdefault(key, set()).add(line.person)
            sums[key] = sums.get(key, 0) + line.amount_fen
    except Unfit as unfit:
        said = unfit.problem
        raise Refused(Finding(said.code, said.subject, said.details, books.fund)) from unfit
    found: dict[tuple[str, str], list[Heads]] = {}
    for (unit, category, month), persons in sorted(people.items()):
        own = Heads(month, len(persons), sums[unit, category, month])
        found.setdefault((unit, category), []).append(own)
    return {line: tuple(months) for line, months in found.items()}


def last_persons(books: Books, until: date) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return who is paid in the last month that lists pay, by unit and category, as pseudonyms.

    Raises:
        Refused: FL751, a list is not there, or not as it was.

    """
    found: dict[tuple[str, str], tuple[str, set[str]]] = {}
    try:
        for line in _counted(books, until):
            key = line.unit, line.category
            month, persons = found.get(key, ("", set()))
            if line.period > month:
                month, persons = line.period, set()
            if line.period == month:
                persons.add(line.person)
            found[key] = month, persons
    except Unfit as unfit:
        said = unfit.problem
        raise Refused(Finding(said.code, said.subject, said.details, books.fund)) from unfit
    return {key: tuple(sorted(persons)) for key, (_, persons) in found.items()}


def _counted(books: Books, until: date) -> Iterator[PaymentLine]:
    for batch in books.batches():
        if batch.approved_on and batch.approved_on <= until.isoformat():
            for line in lines_in(books, batch.list):
                if batch.standing(line.line).state not in NO_EXPENSE:
                    yield line
