"""The total at the foot of a unit's list may be a formula; no other cell may."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from fundledger.errors import InputInvalid
from fundledger.payment import UnitList, read_unit_list
from support.offices import charter
from support.unitlists import HEAD, row, write_list

ROWS = [row(serial) for serial in range(1, 5)]
AMOUNT = HEAD.index("金额")


def read(
    folder: Path, saved: object, *, word: str = "合计", in_row: int = 5, after: str = ""
) -> UnitList:
    """Read a list with a formula in its total or in another row, with the value saved for it."""
    path = folder / "名单.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, cells in enumerate((HEAD, *ROWS)):
            for column, cell in enumerate(cells):
                sheet.write(at, column, cell)
        sheet.write_string(5, 1, word)
        sheet.write_number(5, AMOUNT, 6040)
        sheet.write_formula(in_row, AMOUNT, "=SUM(G2:G5)", None, saved)
        if after:
            sheet.write_string(6, 1, after)
    return read_unit_list(path, charter(), "CASC", date(2026, 3, 5))


@pytest.mark.parametrize("saved", [6040, "6040", ""])
def test_a_total_may_be_a_formula_whatever_was_saved_with_it(tmp_path: Path, saved: object) -> None:
    found = read(tmp_path, saved)
    assert (len(found.entries), found.amount_fen) == (4, 6040_00)


def test_what_a_formula_came_to_is_held_against_the_rows(tmp_path: Path) -> None:
    with pytest.raises(InputInvalid) as refusal:
        read(tmp_path, 6000)
    (found,) = refusal.value.findings
    assert (found.code, found.subject) == ("FL737", "名单.xlsx G6 [金额]")


@pytest.mark.parametrize(
    ("word", "in_row", "after"), [("合计", 2, ""), ("某甲", 5, ""), ("合计", 5, "某甲")]
)
def test_a_formula_elsewhere_is_refused(tmp_path: Path, word: str, in_row: int, after: str) -> None:
    with pytest.raises(InputInvalid) as refusal:
        read(tmp_path, 6040, word=word, in_row=in_row, after=after)
    assert refusal.value.codes == ("FL937",)


@pytest.mark.parametrize("column", ["居委", "户名"])
def test_a_row_with_a_person_in_it_is_not_the_total(tmp_path: Path, column: str) -> None:
    """Whatever stands in another cell: else somebody would be left out without a word."""
    last = row(5, **{column: "合计", "金额": ""})
    path = write_list(tmp_path / "名单.xlsx", [*ROWS, last])
    with pytest.raises(InputInvalid) as refusal:
        read_unit_list(path, charter(), "CASC", date(2026, 3, 5))
    assert "FL734" in refusal.value.codes
