"""A table of budget lines with their amounts, such as an approved budget."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.cli.named import Line, line_named
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.tables.cells import amount_in, text_in
from fundledger.tables.tabular import Heading, read_table

if TYPE_CHECKING:
    from fundledger.charter import FundCharter

HEADINGS = (
    Heading("line", ("部门类别", "部门:类别", "预算科目", "line"), needed=True),
    Heading("amount_fen", ("金额", "金额(元)", "批复数", "核定数", "amount"), needed=True),
    Heading("remark", ("备注", "序号", "remark", "no.")),
)


def read_lines(path: Path, charter: FundCharter) -> list[tuple[Line, int]]:
    """Return each line of the table with its fen.

    Raises:
        InputInvalid: everything that is wrong with it, each with its row and column.

    """
    wrong: list[Finding] = []
    found = []
    for row in read_table(path, HEADINGS).rows:
        places = {field: str(place) for field, place in row.places.items()}
        line = amount_fen = None
        for field in ("line", "amount_fen"):
            try:
                cell = row.cells.get(field, "")
                if cell == "":
                    wrong.append(Finding("FL935", places[field]))
                elif field == "line":
                    line = line_named(text_in(cell, places[field]), charter, places[field])
                else:
                    amount_fen = amount_in(cell, places[field])
            except InputInvalid as error:
                wrong += error.findings
        if line is not None and amount_fen is not None:
            found.append((line, amount_fen))
    if wrong:
        raise InputInvalid(wrong)
    return found
