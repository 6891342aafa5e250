"""Totals and subtotals of a table: the rows in which a formula says nothing that is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fundledger.bank.problems import Problems
    from fundledger.bank.tables import Cell, Sheet

_CELL = re.compile(r"[A-Z]+(\d+)", re.ASCII)

TOTAL, SUBTOTAL, SIGNED = "total", "subtotal", "signed"
"""What a row may be that is none of those which a table is about: sums of them, and who signs."""

Foot = Callable[[Iterable["Cell"]], str]
"""Gives for the cells of a row what it is of these, or an empty text."""


def foot_of(kinds: Sequence[str]) -> int | None:
    """Return which row is the total, if it is the last but for those that are signed."""
    for at in range(len(kinds) - 1, -1, -1):
        if kinds[at] != SIGNED:
            return at if kinds[at] == TOTAL else None
    return None


def sheets_without_formulas(data: bytes, problems: Problems, foot: Foot | None) -> Sequence[Sheet]:
    """Return the sheets of a workbook that was looked at, with no formula but in its sums.

    Raises:
        StatementInvalid: what stands among the `problems` already, or that it cannot be read.

    """
    from fundledger.bank.problems import Problems  # noqa: PLC0415 - beside the readers
    from fundledger.bank.tables import workbook  # noqa: PLC0415 - as above

    cells = [_CELL.fullmatch(str(one.details.get("cell", ""))) for one in problems.found()]
    formulas = all(one.code == "FL814" for one in problems.found()) and all(cells)
    if not problems or foot is None or not formulas:
        problems.refuse()
        return workbook(data, problems)
    sheets = workbook(data, Problems(problems.name))
    if not _all_in_foot(sheets, (int(cell[1]) for cell in cells if cell), foot):
        problems.refuse()
    return sheets


def _all_in_foot(sheets: Sequence[Sheet], rows: Iterable[int], foot: Foot) -> bool:
    """Whether these rows of the one sheet that holds something are its total and subtotals."""
    filled = [found for sheet in sheets if (found := [row for row in sheet.rows if row.filled()])]
    if len(filled) != 1:
        return False
    kinds = [foot(row.cell(index) for index in row.filled()) for row in filled[0]]
    total = foot_of(kinds)
    sums = {
        row.number
        for at, (row, kind) in enumerate(zip(filled[0], kinds, strict=True))
        if kind == SUBTOTAL or at == total
    }
    return sums.issuperset(rows)
