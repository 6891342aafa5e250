"""What is said of a bad cell, file or option fits it: its place, how it looks, and the cure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from support.tables import GOOD, HEAD, write_csv, write_xlsx
from support.terminals import Terminal

ROW = ("2026-03-06", "低保金", "直接支付", "700.00", "CASC:Dibao", "", "1", "S03", "S01", "S06")
CELLS: tuple[tuple[str, Any, str, str], ...] = (
    ("日期", 46336, "FL937 错误：a.xlsx A2 [日期] 的内容不能采用：46336 是未设日期", "日期格式"),
    ("日期", "2026-03-05 10:30", "a.xlsx A2 [日期]", "去掉时刻，只填日期"),
    ("摘要", 12.0, "a.xlsx B2 [摘要] 的内容不能采用：不是文字", "改为一行文字"),
    ("业务", 7, "a.xlsx C2 [业务] 的业务“7”", "可用的业务"),
    ("金额", -800, "a.xlsx D2 [金额] 的金额“-800”不大于零", "大于零"),
    ("金额", 0, "a.xlsx D2 [金额] 的金额“0”不大于零", "大于零"),
    ("金额", "=1+1", "a.xlsx D2 [金额] 的内容不能采用：是公式", "改为数值"),
    ("金额", "=SUM(D1:D2)", "a.xlsx D2 [金额]", "合计行请删去"),
    ("附件", "１", "a.xlsx G2 [附件]“１”不是张数", "半角数字"),
)


@pytest.mark.parametrize(("heading", "cell", "said", "cure"), CELLS)
def test_a_bad_cell_is_shown_as_it_looks_with_a_cure_that_fits(
    office: Terminal,
    heading: str,
    cell: Any,  # noqa: ANN401 - as a clerk fills it
    said: str,
    cure: str,
) -> None:
    row = [cell if word == heading else value for word, value in zip(HEAD, ROW, strict=True)]
    path = write_xlsx(office.root / "a.xlsx", [row])

    result = office.run("record", "dibao", "--from", str(path))

    assert result.exit_code == 1
    assert said in result.stderr
    assert cure in result.stderr


def test_a_bare_day_number_of_a_text_file_is_told_likewise(
    office: Terminal, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", [("46336", *ROW[1:]), ("123456", *ROW[1:])])

    found = office.json("record", "dibao", "--from", str(path), code=1)["findings"]

    assert [finding["code"] for finding in found] == ["FL937", "FL903"]


def _workbook(path: Path, shape: str) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for _ in range(2 if shape == "two" else 1):
            sheet = book.add_worksheet()
            for number, row in enumerate((HEAD, ROW, ROW)):
                for column, cell in enumerate(row):
                    sheet.write(number, column, cell)
        if shape == "merged":
            sheet.merge_range(1, 4, 2, 4, "CASC:Dibao")
        if shape == "row":
            sheet.set_row(2, None, None, {"hidden": True})
        if shape == "sheet":
            other = book.add_worksheet()
            other.write(0, 0, "x")
            other.hide()
    return path


@pytest.mark.parametrize(
    ("shape", "said", "cure"),
    [
        ("merged", "第 2 行有合并的单元格", "处理：取消合并并逐行填写；"),
        ("row", "有隐藏的行，其中有内容：第 3 行", "处理：取消隐藏（或清除筛选）并核对；"),
        ("sheet", "是隐藏的，其中有内容", "处理：取消隐藏并核对；"),
        ("two", "有几张表都像要读的表", "处理：只留要记的一张，删去其余"),
    ],
)
def test_a_workbook_that_cannot_be_read_says_what_is_to_be_done_in_it(
    office: Terminal, tmp_path: Path, shape: str, said: str, cure: str
) -> None:
    page = office.run(
        "record", "dibao", "--from", str(_workbook(tmp_path / "a.xlsx", shape))
    ).stderr

    assert said in page
    assert cure in page
    assert "不带宏" not in page


def test_an_unknown_option_is_answered_by_all_that_there_are(office: Terminal) -> None:
    page = office.run("reverse", "dibao", "2026-03-0001", "--narration", "x").stderr
    near = office.run("record", "dibao", "expense", "--naration", "x").stderr

    listed = "--date、--maker、--reviewer、--key、--dry-run、--yes、--format；"
    assert f"可用的有：{listed}" in page
    assert "可用的有：--narration、--amount、--source、" in near
    assert "不写 --narration" in office.done("reverse", "--help")


def test_a_table_of_good_rows_still_passes_beside_them(office: Terminal, tmp_path: Path) -> None:
    rows = [(*row[:6], 2.0, *row[7:]) for row in GOOD]
    path = write_xlsx(tmp_path / "a.xlsx", rows)

    vouchers = office.json("record", "dibao", "--from", str(path))["vouchers"]

    assert {voucher["attachments"] for voucher in vouchers} == {2}


@pytest.mark.parametrize("sheets", [0, 2])
def test_a_formula_where_no_one_table_has_headings_is_named_by_its_cell(
    office: Terminal, tmp_path: Path, sheets: int
) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for _ in range(max(sheets, 1)):
            sheet = book.add_worksheet()
            for column, word in enumerate(HEAD if sheets else ()):
                sheet.write(0, column, word)
            sheet.write(1, 3, "=1+1")

    page = office.run("record", "dibao", "--from", str(path)).stderr

    assert page.startswith("FL937 错误：a.xlsx D2 的内容不能采用：是公式。")
