"""The total at the foot of a table: the one row in which a formula says nothing that is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fundledger.bank.problems import Problems
    from fundledger.bank.tables import Cell, Sheet

_CELL = re.compile(r"[A-Z]+(\d+)", re.ASCII)

Foot = Callable[[Iterable["Cell"]], bool]
"""Whether the cells of a row say that it is a total."""


def sheets_without_formulas(data: bytes, problems: Problems, foot: Foot | None) -> Sequence[Sheet]:
    """Return the sheets of a workbook that was looked at, with no formula but in its total.

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
    """Whether these rows of the one sheet that holds something are the total at its foot alone."""
    filled = [found for sheet in sheets if (found := [row for row in sheet.rows if row.filled()])]
    if len(filled) != 1:
        return False
    last = filled[0][-1]
    return set(rows) == {last.number} and foot(last.cell(index) for index in last.filled())
