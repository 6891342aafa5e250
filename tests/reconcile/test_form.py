"""The form of a reconciliation that a clerk prints, signs and hands in."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime

import python_calamine

from fundledger.bank import BankLine, Statement
from fundledger.reconcile import Adjustment, BookLine, reconcile
from fundledger.report.adjustment import Heading, Signature, adjustment_workbook

HEADING = Heading("示例街道办事处", "示例基金", "示例银行")
CREATED = datetime(2026, 4, 1, 9, 0)  # noqa: DTZ001 - a file's property has no zone
ACCOUNT = "3100000000000000101"


def adjustment(*, opening_fen: int = 0) -> Adjustment:
    """Return a reconciliation with each kind of open item, one of them ambiguous."""
    lines = (
        BankLine(2, date(2026, 3, 2), "in", 123456),
        BankLine(3, date(2026, 3, 9), "out", 700, summary="=工本费"),
        BankLine(4, date(2026, 3, 21), "in", 34, summary="结息"),
        BankLine(5, date(2026, 3, 22), "out", 50),
    )
    closing_fen = opening_fen + 123456 - 700 + 34 - 50
    statement = Statement(
        "m.csv", "m", ACCOUNT, date(2026, 3, 1), date(2026, 3, 31), opening_fen, closing_fen, lines
    )
    book = [
        BookLine(date(2026, 3, 2), "2026-03-0001", 123456, "拨款"),
        BookLine(date(2026, 3, 22), "2026-03-0002", -50, "甲"),
        BookLine(date(2026, 3, 22), "2026-03-0003", -50, "乙"),
        BookLine(date(2026, 3, 31), "2026-03-0004", 300, "捐赠"),
    ]
    return reconcile(statement, ACCOUNT, book, 123456 - 100 + 300)


def cells(data: bytes) -> list[list[object]]:
    """Return the cells of the first sheet."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [list(row) for row in book.get_sheet_by_index(0).to_python()]


def row_of(rows: list[list[object]], word: str) -> list[object]:
    """Return the row that has a cell beginning with `word`."""
    return next(row for row in rows if any(str(cell).startswith(word) for cell in row))


def test_both_sides_come_to_the_same_balance() -> None:
    rows = cells(adjustment_workbook(adjustment(), HEADING, created=CREATED))
    opening = row_of(rows, "单位银行存款日记账余额")
    assert (opening[4], opening[9]) == (1236.56, 1227.40)
    assert row_of(rows, "加：银行已收单位未收（1 笔）")[4::5] == [0.34, 3.0]
    assert row_of(rows, "减：银行已付单位未付（1 笔）")[4::5] == [7.0, 0.5]
    assert row_of(rows, "调节后余额")[4::5] == [1229.9, 1229.9]
    assert row_of(rows, "差额：无")[9] == 0


def test_a_side_with_fewer_items_is_padded_and_no_findings_need_no_second_sheet() -> None:
    lines = (BankLine(2, date(2026, 3, 2), "in", 100),)
    statement = Statement("m.csv", "m", ACCOUNT, date(2026, 3, 1), date(2026, 3, 31), 0, 100, lines)
    book = [
        BookLine(date(2026, 3, 2), "2026-03-0001", 100, "拨款"),
        BookLine(date(2026, 3, 30), "2026-03-0002", -70, "一笔摘要很长的支出，长到要占两行"),
    ]
    agreed = reconcile(statement, ACCOUNT, book, 30)
    assert agreed.settled
    data = adjustment_workbook(agreed, HEADING, created=CREATED)
    item = row_of(cells(data), "2026-03-0002")
    assert item[:5] == [""] * 5
    assert item[9] == 0.7
    sheets = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    assert sheets == ["银行存款余额调节表"]


def test_a_difference_is_shown() -> None:
    rows = cells(adjustment_workbook(adjustment(opening_fen=1), HEADING, created=CREATED))
    assert row_of(rows, "差额（应为零）")[9] == 0.01


def test_items_carry_date_text_and_age_and_say_when_they_are_not_known() -> None:
    rows = cells(adjustment_workbook(adjustment(), HEADING, created=CREATED))
    item = row_of(rows, "m.csv:4")
    assert item[:5] == ["m.csv:4", "2026-03-21", "结息", 10, 0.34]
    assert row_of(rows, "2026-03-0002 | 2026-03-0003（其中之一")[5:][3:] == [9, 0.5]


def test_the_form_names_office_fund_account_and_day_and_has_places_to_sign() -> None:
    words = str(cells(adjustment_workbook(adjustment(), HEADING, created=CREATED)))
    for word in ("示例街道办事处", "示例基金", "示例银行", ACCOUNT, "2026年3月31日"):
        assert word in words
    for word in ("编制：", "复核：", "日期："):
        assert word in words


def test_a_signed_form_says_who_signed_when_and_as_which_record() -> None:
    signature = Signature("S01 审核岗", "2026-04-02", 7)
    data = adjustment_workbook(adjustment(), HEADING, created=CREATED, signature=signature)
    assert row_of(cells(data), "账上签字")[0] == (
        "账上签字：S01 审核岗　　2026年4月2日　　日记账第 7 号记录（对账单余额同时登记）"
    )
    unsigned = adjustment_workbook(adjustment(), HEADING, created=CREATED)
    assert "账上签字" not in str(cells(unsigned))


def test_a_text_that_begins_like_a_formula_stays_a_text() -> None:
    data = adjustment_workbook(adjustment(), HEADING, created=CREATED)
    assert row_of(cells(data), "m.csv:3")[2] == "=工本费"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_it_prints_on_one_page_across_in_landscape() -> None:
    data = adjustment_workbook(adjustment(), HEADING, created=CREATED)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        assert b"Print_Area" in archive.read("xl/workbook.xml")
    assert b'orientation="landscape"' in sheet
    assert b'fitToHeight="0"' in sheet


def test_the_same_reconciliation_gives_the_same_bytes() -> None:
    first = adjustment_workbook(adjustment(), HEADING, created=CREATED)
    assert adjustment_workbook(adjustment(), HEADING, created=CREATED) == first


def test_the_second_sheet_says_what_was_found() -> None:
    data = adjustment_workbook(adjustment(), HEADING, created=CREATED)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = book.get_sheet_by_name("核对情况").to_python()
    assert rows[0][0] == "银行存款余额调节表：核对情况"
    for word in ("示例街道办事处", "示例基金", ACCOUNT, "2026年3月31日"):
        assert word in str(rows[1][0])
    assert [row[0] for row in rows[2:]] == ["代码", "FL862", "FL861", "FL863"]


def test_the_second_sheet_names_a_voucher_that_may_be_written_wrong() -> None:
    lines = (BankLine(2, date(2026, 3, 3), "in", 12_435_60),)
    statement = Statement(
        "m.csv", "m", ACCOUNT, date(2026, 3, 1), date(2026, 3, 31), 0, 12_435_60, lines
    )
    book = [BookLine(date(2026, 3, 3), "2026-03-0001", 12_345_60, "捐赠")]
    done = reconcile(statement, ACCOUNT, book, 12_345_60)
    data = adjustment_workbook(done, HEADING, created=CREATED)
    found = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = found.get_sheet_by_name("核对情况").to_python()
    assert [row[0] for row in rows[3:]] == ["FL862", "FL873"]
    assert "相邻两位数字颠倒" in str(rows[4][2])


def test_what_was_found_and_what_to_do_is_not_cut_by_the_height_of_its_row() -> None:
    data = adjustment_workbook(adjustment(), HEADING, created=CREATED)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    heights = {
        int(row): float(ht) for row, ht in re.findall(r'<row r="(\d+)"[^>]* ht="(\S+?)"', sheet)
    }
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = book.get_sheet_by_name("核对情况").to_python()

    for number, row in enumerate(rows[3:], 4):
        long = max(len(str(row[2])) / 36, len(str(row[3])) / 26)
        assert heights[number] >= 14 * long, row
    assert max(heights[number] for number in range(4, 7)) > 30
    assert {str(row[1]) for row in rows[3:]} <= {"错误", "警告", "提示"}


def test_every_page_has_title_fund_and_day() -> None:
    data = adjustment_workbook(adjustment(), HEADING, created=CREATED)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.read("xl/workbook.xml").decode()
    assert "银行存款余额调节表!$1:$5<" in names
    assert "核对情况!$1:$3<" in names


def test_a_signed_form_says_so_where_it_is_signed_and_an_amount_keeps_off_the_label() -> None:
    signature = Signature("S01 审核岗", "2026-04-02", 7)
    data = adjustment_workbook(adjustment(), HEADING, created=CREATED, signature=signature)
    places = row_of(cells(data), "编制：")
    assert (places[0], places[3], places[7]) == ("编制：S01 审核岗", "复核：", "日期：2026年4月2日")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        styles = archive.read("xl/styles.xml").decode()
    assert 'horizontal="right" vertical="center" indent="1"' in styles


def test_the_form_says_what_was_set_off_inside_the_book() -> None:
    book = [
        BookLine(date(2026, 3, 2), "2026-03-0001", 80),
        BookLine(date(2026, 3, 9), "2026-03-0002", -80, reverses="2026-03-0001"),
    ]
    statement = Statement("m.csv", "m", ACCOUNT, date(2026, 3, 1), date(2026, 3, 31), 0, 0, ())
    done = reconcile(statement, ACCOUNT, book, 0)
    assert row_of(cells(adjustment_workbook(done, HEADING, created=CREATED)), "账内")[0] == (
        "账内红字对冲 1 组，不列未达：2026-03-0001 与 2026-03-0002。"
    )
