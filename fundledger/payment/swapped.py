"""Columns of a list under one another's headings: told once, and not in every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from types import MappingProxyType
from typing import Any

from fundledger.findings import Finding, Severity
from fundledger.payment.cells import ListCells, Reading
from fundledger.tables import Filled
from fundledger.tables.unfit import SWAPPED, unread

_MOST = 9, 10
"""Of so many rows in so many the same must hold: one or two may be wrong for a reason of theirs."""

_READ: Mapping[str, Callable[[Reading], Any]] = MappingProxyType(
    {
        "name": Reading.name,
        "number": Reading.identity,
        "category": Reading.category,
        "period": Reading.period,
        "amount": Reading.amount_fen,
        "account": Reading.account,
    }
)
"""The columns that do not take just any text."""


def swapped(
    file: str, rows: Sequence[Filled], cells: ListCells, wrong: Sequence[Finding]
) -> list[Finding]:
    """Return what is wrong with a list of which two columns stand under each other's headings.

    That is so if one of them is wrong in nearly all rows, and both hold once they are exchanged.
    What is wrong in other columns is told besides; the list is empty if no columns are swapped.
    """
    told = {finding.subject for finding in wrong}
    fields = [field for field in _READ if rows and field in rows[0].places]
    failing = {
        field for field in fields if _nearly_all(str(row.places[field]) in told for row in rows)
    }
    for one, other in combinations(fields, 2):
        if failing & {one, other} and _nearly_all(_fits(row, cells, one, other) for row in rows):
            places = [rows[0].places[field] for field in (one, other)]
            names = [f"{place.column}“{place.heading}”" for place in places]
            theirs = {str(row.places[field]) for row in rows for field in (one, other)}
            found = unread(file, SWAPPED, one=names[0], other=names[1], count=len(rows))
            return [found, *(finding for finding in wrong if finding.subject not in theirs)]
    return []


def _nearly_all(held: Iterable[bool]) -> bool:
    every = list(held)
    most, of = _MOST
    return sum(every) * of >= len(every) * most


def _fits(row: Filled, cells: ListCells, one: str, other: str) -> bool:
    """Whether what stands in two columns of a row holds once it is exchanged."""
    exchanged = {**row.cells, one: row.cells[other], other: row.cells[one]}
    reading = Reading(Filled(row.number, exchanged, row.places), cells)
    read = [_READ[field](reading) for field in (one, other)]
    wrong = any(finding.severity is Severity.ERROR for finding in reading.findings)
    return None not in read and not wrong
