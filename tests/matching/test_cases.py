"""One small case for each tier and each class of exception, and what is made of it, to be read.

`cases/<name>/case.toml` has the tables, `result.txt` what comes of them; `REFRESH_GOLDENS=1 pytest
tests/matching` writes the latter anew, to be read before it is committed.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from fundledger.matching import statements
from support.matching import AS_OF, Batch, Desk, Line, Outcome, Row
from support.matching.facts import CLASSES

CASES = sorted((Path(__file__).parent / "cases").iterdir())


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


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


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_gives_what_stands_beside_it(desk: Desk, case: Path) -> None:
    found = shown(desk.match(*read(case)))
    golden = case / "result.txt"
    if os.environ.get("REFRESH_GOLDENS"):
        golden.write_text(found, encoding="utf-8")

    assert found == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "lump-residual",
        "parent-and-reissue-both-paid",
        "partial-return-by-account",
        "short-paid-by-batch",
        "tier-3-by-name-twice",
        "tier-7-and-a-return",
        "tier-8-contested",
    ],
)
def test_all_statements_give_what_a_matching_gives_that_skips_some(desk: Desk, name: str) -> None:
    case = CASES[0].parent / name
    desk.match(*read(case))
    for table in ("matches", "proposals", "exceptions"):
        desk.connection.execute(f"DELETE FROM {table}")  # noqa: S608 - of this test

    for statement in statements(as_of=AS_OF):
        desk.connection.execute(statement)

    assert shown(desk.outcome()) == (case / "result.txt").read_text(encoding="utf-8")


def test_every_tier_and_every_class_has_a_case() -> None:
    """By what stands beside the cases, which the test above holds."""
    results = [(case / "result.txt").read_text(encoding="utf-8") for case in CASES]
    words = {word for result in results for word in result.split()}

    assert {word for word in words if re.fullmatch(r"T\d", word)} == {f"T{n}" for n in range(1, 10)}
    assert words >= CLASSES
