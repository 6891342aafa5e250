"""The smallest cases of `tests/matching/cases`, as they are read and as their results are shown."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from support.matching import Batch, Line, Outcome, Row

CASES = sorted((Path(__file__).parents[2] / "matching" / "cases").iterdir())


def cells(text: str, columns: int) -> list[list[str]]:
    """The cells of a table: blanks stand between, - is nothing, the last may have blanks."""
    return [
        ["" if cell.strip() == "-" else cell.strip() for cell in line.split(None, columns - 1)]
        for line in text.strip().splitlines()
    ]


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def read(case: Path) -> tuple[list[Line], list[Row], list[Batch]]:
    told = tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))
    lines = [
        Line(line, batch, account, person, int(fen), day(sent), state, day(out), day(back), receipt)
        for line, batch, account, person, fen, sent, state, out, back, receipt in cells(
            told.get("lines", ""), 10
        )
    ]
    rows = [
        Row(statement, int(row), date.fromisoformat(on), int(fen), *rest)
        for statement, row, on, fen, *rest in cells(told.get("bank", ""), 8)
    ]
    batches = [
        Batch(batch, date.fromisoformat(on), int(count), int(fen))
        for batch, on, count, fen in cells(told.get("batches", ""), 4)
    ]
    return lines, rows, batches


def shown(outcome: Outcome) -> str:
    """The tables that are not empty, columns under each other, - for nothing."""
    parts = []
    for name in ("matches", "ambiguous", "proposals", "exceptions"):
        rows = getattr(outcome, name)
        if rows:
            table = [list(rows[0]), *([plain(cell) for cell in row.values()] for row in rows)]
            widths = [max(map(len, column)) for column in zip(*table, strict=True)]
            parts += [name, *(aligned(row, widths) for row in table), ""]
    return "\n".join(parts)


def aligned(row: Iterable[str], widths: Iterable[int]) -> str:
    cells_ = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return ("  " + "  ".join(cells_)).rstrip()


def plain(cell: object) -> str:
    if isinstance(cell, bool):
        return "H" if cell else "-"
    return "-" if cell is None or cell == "" else str(cell)
