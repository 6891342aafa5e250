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


@pytest.mark.parametrize("word", ["合计", "小计", "制表人", "审核：", "单位（盖章）", "日期"])
@pytest.mark.parametrize("column", ["序号", "姓名", "居委", "户名"])
def test_a_row_with_a_person_in_it_is_not_the_total(tmp_path: Path, column: str, word: str) -> None:
    """Whatever stands in another cell: else somebody would be left out without a word."""
    last = row(5, **{column: word, "金额": ""})
    for more in ({}, {"身份证号": ""}, {"银行账号": ""}, {"身份证号": 3.1e17, "银行账号": ""}):
        own = [{**dict(zip(HEAD, last, strict=True)), **more}[word] for word in HEAD]
        path = write_list(tmp_path / "名单.xlsx", [ROWS[0], own, *ROWS[1:]])
        with pytest.raises(InputInvalid) as refusal:
            read_unit_list(path, charter(), "CASC", date(2026, 3, 5))
        assert "名单.xlsx G5 [金额]" in [one.subject for one in refusal.value.findings]


@pytest.mark.parametrize("changes", [{"居委": "小计"}, {"户名": "合计"}, {"开户行": "审核"}])
def test_who_is_named_without_any_number_is_told_and_not_taken_for_a_sum(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    last = row(5, 身份证号="", 银行账号="", **changes)
    path = write_list(tmp_path / "名单.xlsx", [*ROWS, last])
    with pytest.raises(InputInvalid) as refusal:
        read_unit_list(path, charter(), "CASC", date(2026, 3, 5))
    assert set(refusal.value.codes) == {"FL701", "FL711"}


def beneath(word: str, amount: object = "", column: str = "姓名") -> list[object]:
    """Return a row that is nobody's."""
    return [word if name == column else amount if name == "金额" else "" for name in HEAD]


SIGNED: list[list[object]] = [
    ["制表人：某甲", "", "", "审核：某乙", "", "", "", "", "负责人：", ""],
    ["", "制表人", "某甲", "", "审核人", "某乙", "", "", "", ""],
    ["单位（盖章）", *[""] * 9],
    ["", "某街道办事处（公章）", *[""] * 8],
    ["", "", "", "", "", "", "日期：2026年3月5日", "", "", ""],
    ["", "", "", "", "", "", "", "2026年3月5日", "", ""],
]


def test_subtotals_and_who_signs_are_no_people(tmp_path: Path) -> None:
    first, second = [*ROWS[:2], beneath("小计", 3020)], [*ROWS[2:], beneath("本页合计", 3020.0)]
    rows: list[list[object]] = [*first, *second]
    rows += [beneath("累计小计", 6040), beneath("合计", 6040, "序号"), *SIGNED]
    path = write_list(tmp_path / "名单.xlsx", rows)
    found = read_unit_list(path, charter(), "CASC", date(2026, 3, 5))

    assert [entry.row for entry in found.entries] == [4, 5, 7, 8]
    for at, place, stated, count in ((2, "G6", 3021, 2), (5, "G9", 3019, 2), (7, "G11", 6041, 4)):
        wrong = [list(cells) for cells in rows]
        wrong[at][AMOUNT] = stated
        write_list(path, wrong)
        with pytest.raises(InputInvalid) as refusal:
            read_unit_list(path, charter(), "CASC", date(2026, 3, 5))
        (off,) = refusal.value.findings
        assert (off.code, off.subject) == ("FL737", f"名单.xlsx {place} [金额]")
        assert off.details["count"] == count


@pytest.mark.parametrize("amount", [1510, "1,510.00", 1510.5])
def test_a_row_of_who_signs_that_holds_an_amount_is_told(tmp_path: Path, amount: object) -> None:
    path = write_list(tmp_path / "名单.xlsx", [*ROWS, beneath("审核", amount, "序号")])
    with pytest.raises(InputInvalid) as refusal:
        read_unit_list(path, charter(), "CASC", date(2026, 3, 5))
    assert "名单.xlsx C8 [身份证号]" in [one.subject for one in refusal.value.findings]


def test_a_total_with_people_behind_it_is_none(tmp_path: Path) -> None:
    path = write_list(tmp_path / "名单.xlsx", [*ROWS[:3], beneath("合计", 4530), ROWS[3]])
    with pytest.raises(InputInvalid) as refusal:
        read_unit_list(path, charter(), "CASC", date(2026, 3, 5))
    assert {one.subject for one in refusal.value.findings} >= {"名单.xlsx C7 [身份证号]"}


def test_sums_and_who_signs_may_be_merged_and_formulas(tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, cells in enumerate((HEAD, *ROWS)):
            for column, cell in enumerate(cells):
                sheet.write(at, column, cell)
        for at, word in enumerate(("小计", "合计"), 5):
            sheet.merge_range(at, 0, at, 4, word)
            sheet.write_formula(at, AMOUNT, "=SUM(G2:G5)", None, 6040)
        sheet.merge_range(7, 0, 7, 4, "制表人：某甲")
        sheet.write_string(7, 7, "审核：某乙")
    assert read_unit_list(path, charter(), "CASC", date(2026, 3, 5)).amount_fen == 6040_00
