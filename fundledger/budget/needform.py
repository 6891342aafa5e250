"""The form of declared needs as a workbook: what a unit fills in and hands to the finance owner."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundledger.budget import form
from fundledger.ledger.given import expect, is_day, is_fen, is_path, is_text, is_year

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_MONEY = "#,##0.00_ "
_WIDTHS = (16, 13, 18, 8, 8, 11, 8, 15, 18, 24, 18, 13, 9, 11, 11)
_EMPTY_ROWS = 3
_LAST = len(form.HEADINGS) - 1
_NOTES = (
    "注：1. 需求金额＝对象人数×补助标准×月(次)数，请填数值，不要用公式。",
    "　　2. 资金填代码或全称，救助类别填规范名称；同一资金、同一类别只填一行。",
    "　　3. 经办人、部门负责人填岗位或工号，不填姓名；表内不得出现身份证号、电话和银行卡号。",
    "　　4. 不再安排的类别填人数 0 并在测算说明中写明理由；新增类别须填文号。",
    "　　5. 佐证材料只证明需求的一部分的，填其中有佐证金额；不填为全部。",
    "　　6. 人数与发放清单不符的，测算说明以原因代码开头，如“H 新增对象”。",
)
_FOOT_ROWS = len(_NOTES) + 2
_GAP = "　" * 12
_SIGNATURE = f"经办（岗位）：{_GAP}部门负责人（岗位）：{_GAP}日期：　　　　年　　月　　日"


@dataclass(frozen=True, slots=True)
class NeedRow:
    """What one row of the form says; `fund` is an id, `category` a slug or Chinese name.

    The needed amount is persons times standard times `times`.  `handler` and `head` are posts
    or staff codes, never names of people.  `evidenced_fen` of it are backed by the evidence; 0 is
    all of it, where evidence is named.
    """

    fund: str
    category: str
    households: int
    persons: int
    standard_fen: int
    times: int
    handler: str
    head: str
    declared: date
    basis: str = ""
    explanation: str = ""
    evidence: str = ""
    evidenced_fen: int = 0

    @property
    def amount_fen(self) -> int:
        """Persons times standard times months or rounds."""
        return self.persons * self.standard_fen * self.times


def write_need(
    path: str | os.PathLike[str],
    unit: str,
    year: int,
    rows: Sequence[NeedRow],
    created: datetime,
) -> None:
    """Write a unit's form for `year` to `path`; the same input gives the same bytes.

    `unit` is the unit's slug or Chinese name, `created` the time that the file states.

    Raises:
        InputInvalid: FL909, an argument is of another type, or a field of a row.

    """
    expect(
        path=is_path(path),
        unit=is_text(unit),
        year=is_year(year),
        created=isinstance(created, datetime),
        rows=isinstance(rows, (tuple, list)),
    )
    expect(**dict.fromkeys(_untyped(rows), False))
    Path(path).write_bytes(need_workbook(unit, year, rows, created))


def _untyped(rows: Sequence[object]) -> Iterator[str]:
    """Yield what is no row, and the fields of rows that are of another type, by their places."""
    for at, row in enumerate(rows):
        if not isinstance(row, NeedRow):
            yield f"rows[{at}]"
            continue
        for field in fields(row):
            value = getattr(row, field.name)
            sound = {"int": is_fen, "str": is_text, "date": is_day}[str(field.type)]
            if not sound(value):
                yield f"rows[{at}].{field.name}"


def need_workbook(unit: str, year: int, rows: Sequence[NeedRow], created: datetime) -> bytes:
    """Return the form as the bytes of an .xlsx."""
    import xlsxwriter  # noqa: PLC0415 - heavy, and only workbooks need it

    stream = io.BytesIO()
    title = form.TITLE.format(year=year)
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": title, "author": unit, "created": created})
        sheet = book.add_worksheet(form.SHEET)
        _write_head(book, sheet, title, unit)
        last = _write_rows(book, sheet, unit, rows)
        _write_foot(book, sheet, last, sum(row.amount_fen for row in rows))
        _set_up(sheet, last)
    return stream.getvalue()


def _format(book: Workbook, **properties: Any) -> Any:  # noqa: ANN401 - the library's own words
    return book.add_format(
        {
            "font_name": form.FONT,
            "font_size": 9,
            "valign": "vcenter",
            "text_wrap": True,
            **properties,
        }
    )


def _write_head(book: Workbook, sheet: Worksheet, title: str, unit: str) -> None:
    big = _format(book, bold=True, font_size=16, align="center", text_wrap=False)
    plain = _format(book, text_wrap=False)
    head = _format(book, bold=True, border=1, align="center", bg_color="#EDEDED")
    sheet.merge_range(0, 0, 0, _LAST, title, big)
    sheet.merge_range(1, 0, 1, 6, f"申报单位：{unit}", plain)
    right = _format(book, align="right", text_wrap=False)
    sheet.merge_range(1, 7, 1, _LAST, "金额单位：元", right)
    sheet.set_row(0, 30)
    sheet.set_row(2, 30)
    for column, (heading, width) in enumerate(zip(form.HEADINGS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, heading, head)


def _write_rows(book: Workbook, sheet: Worksheet, unit: str, rows: Sequence[NeedRow]) -> int:
    """Write the rows and room for some more; return the index of the row after them."""
    text = _format(book, border=1)
    whole = _format(book, border=1, num_format="#,##0_ ")
    money = _format(book, border=1, num_format=_MONEY)
    day = _format(book, border=1, num_format="yyyy-mm-dd", align="center")
    at = form.HEADING_ROW
    for at, row in enumerate(rows, form.HEADING_ROW):
        for column, words in enumerate((unit, row.fund, row.category)):
            sheet.write_string(at, column, words, text)
        sheet.write_number(at, 3, row.households, whole)
        sheet.write_number(at, 4, row.persons, whole)
        sheet.write_number(at, 5, row.standard_fen / 100, money)
        sheet.write_number(at, 6, row.times, whole)
        sheet.write_number(at, 7, row.amount_fen / 100, money)
        words_after = {8: row.basis, 9: row.explanation, 10: row.evidence, 12: row.handler}
        words_after[13] = row.head
        for column, words in words_after.items():
            sheet.write_string(at, column, words, text)
        if row.evidenced_fen:
            sheet.write_number(at, 11, row.evidenced_fen / 100, money)
        else:
            sheet.write_blank(at, 11, None, money)
        texts = dict(enumerate((unit, row.fund, row.category))) | words_after
        lines = max(form.lines_of(words, _WIDTHS[column]) for column, words in texts.items())
        sheet.set_row(at, 14 * lines + 6)
        sheet.write_datetime(at, _LAST, datetime.combine(row.declared, datetime.min.time()), day)
    first_empty = at + 1 if rows else form.HEADING_ROW
    numbers = (whole, whole, money, whole, money)
    styles = (*[text] * 3, *numbers, *[text] * 3, money, text, text, day)
    for empty in range(first_empty, first_empty + _EMPTY_ROWS):
        sheet.set_row(empty, 20)
        for column, style in enumerate(styles):
            sheet.write_blank(empty, column, None, style)
    _validate(sheet, form.HEADING_ROW, first_empty + _EMPTY_ROWS - 1)
    return first_empty + _EMPTY_ROWS


def _validate(sheet: Worksheet, first: int, last: int) -> None:
    """Let the workbook itself refuse what the reader would refuse."""
    for columns, kind, words in (
        ((3, 4, 6), "integer", "请填写不小于 0 的整数。"),
        ((5, 7, 11), "decimal", "请填写不小于 0 的金额（元），至多两位小数。"),
    ):
        for column in columns:
            sheet.data_validation(
                first,
                column,
                last,
                column,
                {
                    "validate": kind,
                    "criteria": ">=",
                    "value": 0,
                    "error_title": "数据有误",
                    "error_message": words,
                },
            )


def _write_foot(book: Workbook, sheet: Worksheet, at: int, total_fen: int) -> None:
    strong = _format(book, bold=True, border=1, bg_color="#F7F7F7")
    money = _format(book, bold=True, border=1, num_format=_MONEY, bg_color="#F7F7F7")
    sheet.set_row(at, 20)
    for column in range(_LAST + 1):
        sheet.write_blank(at, column, None, strong)
    sheet.write_string(at, 0, form.TOTAL, strong)
    sheet.write_number(at, form.HEADINGS.index(form.AMOUNT), total_fen / 100, money)
    plain = _format(book, text_wrap=False, font_size=9)
    for offset, words in enumerate(_NOTES, 1):
        sheet.write_string(at + offset, 0, words, plain)
    sheet.set_row(at + _FOOT_ROWS, 24)
    sheet.write_string(at + _FOOT_ROWS, 0, _SIGNATURE, _format(book, text_wrap=False))


def _set_up(sheet: Worksheet, at: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, at + _FOOT_ROWS, _LAST)
    sheet.repeat_rows(form.HEADING_ROW - 1)
    sheet.freeze_panes(form.HEADING_ROW, 3)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.hide_gridlines(2)
