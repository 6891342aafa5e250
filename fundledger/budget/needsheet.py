"""The workbook of declared needs as it is drawn: what can be filled in, what is computed, notes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from fundledger.budget import form
from fundledger.budget.needaside import Reference, draw_named, draw_reference
from fundledger.budget.needpen import MONEY, TOTAL, WHOLE, Pen, choose, set_up

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_WIDTHS = (12, 14, 14, 7, 7, 10, 6, 13, 15, 20, 14, 12, 8, 9, 11)
_EMPTY_ROWS = 3
_LEAST_LINES = 2
_LAST = len(form.HEADINGS) - 1
_LAST_LETTER = "H"
_NOTES = (
    "注：1. 只填浅黄色单元格，填数值，不用公式；需求金额＝对象人数×补助标准×月(次)数，自动计算。",
    "　　2. 同一资金、同一类别只填一行；整行不填的，视为未申报该项。",
    "　　3. 经办人、部门负责人填岗位或工号，不填姓名；表内不得出现身份证号、电话和银行卡号。",
    "　　4. 不再安排的类别填人数 0 并在测算说明中写明理由；新增类别须填文号。",
    "　　5. 佐证材料只证明需求的一部分的，填其中有佐证金额；不填为全部。",
    "　　6. 人数与清单不符、应保项目增减较大的，测算说明以原因代码开头，如“S 提标”“H 新增”。",
    "　　7. “对象名单”可不填；填的，人数须与对象人数相同，只填对象代码。",
)
_FOOT_ROWS = len(_NOTES) + 2
_GAP = "　" * 12
_SIGNATURE = f"经办（岗位）：{_GAP}部门负责人（岗位）：{_GAP}日期：　　　　年　　月　　日"
_WHOLE, _AMOUNT = "请填写不小于 0 的整数。", "请填写不小于 0 的金额（元），至多两位小数。"
_HINT_CHARACTERS = 255


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the form; what is not filled in yet is None or empty.

    `figures` are households, persons, standard in fen and times; `texts` basis, explanation and
    evidence; `posts` the handler's and the head's.  `hint` stands beside the figures when one of
    them is picked.
    """

    fund: str
    category: str
    figures: tuple[int | None, ...] = (None,) * 4
    amount_fen: int | None = None
    texts: tuple[str, ...] = ("",) * 3
    evidenced_fen: int = 0
    posts: tuple[str, ...] = ("",) * 2
    declared: date | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Sheets:
    """All that a unit's workbook says; with a `reference` it is an empty form to be filled in."""

    unit: str
    year: int
    created: datetime
    rows: tuple[Row, ...]
    named: tuple[tuple[str, str, str], ...] = ()
    reference: Reference | None = None


def form_workbook(sheets: Sheets) -> bytes:
    """Return the form as the bytes of an .xlsx; the same input gives the same bytes.

    Only the cells to be filled in can be changed; the sheets are protected without a password.
    """
    import xlsxwriter  # noqa: PLC0415 - heavy, and only workbooks need it

    stream = io.BytesIO()
    title = form.TITLE.format(year=sheets.year)
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": title, "author": sheets.unit, "created": sheets.created})
        pen, known = Pen(book, sheets.unit), sheets.reference
        _Needs(pen, book.add_worksheet(form.SHEET), sheets).draw(title)
        if sheets.named or known is not None:
            aside = book.add_worksheet(form.NAMED)
            draw_named(pen, aside, sheets.year, sheets.named, known)
        if known is not None:
            draw_reference(pen, book.add_worksheet(form.REFERENCE), sheets.year, known)
    return stream.getvalue()


class _Needs:
    """The form itself: what is to be filled in is open, what is known or computed is not."""

    def __init__(self, pen: Pen, sheet: Worksheet, sheets: Sheets) -> None:
        self._pen = pen
        self._sheet = sheet
        self._sheets = sheets

    def draw(self, title: str) -> None:
        """Draw all of it."""
        pen, sheet = self._pen, self._sheet
        pen.title(sheet, title, _LAST)
        sheet.merge_range(1, 7, 1, _LAST, "金额单位：元", pen.plain(align="right"))
        pen.headings(sheet, form.HEADINGS, _WIDTHS)
        first = form.HEADING_ROW
        at = first
        for at, row in enumerate(self._sheets.rows, first):
            self._row(at, row)
        spare = at + 1 if self._sheets.rows else first
        for at in range(spare, spare + _EMPTY_ROWS):
            self._row(at, Row("", ""))
        last = spare + _EMPTY_ROWS - 1
        self._validate(first, last)
        if self._sheets.reference is not None:
            for column in (1, 2):
                choose(
                    sheet, (spare, column, last, column), self._sheets.reference.column(column - 1)
                )
        self._foot(last + 1)
        sheet.print_area(0, 0, last + 1 + _FOOT_ROWS, _LAST)
        set_up(sheet, landscape=True)
        sheet.freeze_panes(form.HEADING_ROW, 3)

    def _row(self, at: int, row: Row) -> None:
        """Draw a row: what is to be filled in is open, what is known or computed is not."""
        fixed = bool(row.fund)
        words = {1: row.fund, 2: row.category, **dict(enumerate(row.texts, 8))}
        words |= {0: self._sheets.unit if fixed else "", **dict(enumerate(row.posts, 12))}
        for column, text in words.items():
            known = fixed and column <= 2  # noqa: PLR2004 - unit, fund and category
            style = self._pen.boxed() if known else self._pen.input()
            if text:
                self._sheet.write_string(at, column, text, style)
            else:
                self._sheet.write_blank(at, column, None, style)
        for column, figure in enumerate(row.figures, 3):
            money = column == form.HEADINGS.index(form.STANDARD)
            style = self._pen.input(num_format=MONEY if money else WHOLE)
            number = figure if figure is None or not money else figure / 100
            self._number(at, column, number, style)
        evidenced = row.evidenced_fen / 100 if row.evidenced_fen else None
        self._number(at, 11, evidenced, self._pen.input(num_format=MONEY))
        day = self._pen.input(num_format="yyyy-mm-dd", align="center")
        if row.declared is None:
            self._sheet.write_blank(at, _LAST, None, day)
        else:
            moment = datetime.combine(row.declared, datetime.min.time())
            self._sheet.write_datetime(at, _LAST, moment, day)
        computed = self._pen.boxed(num_format=MONEY, bg_color=TOTAL)
        value = "" if row.amount_fen is None else row.amount_fen / 100
        self._sheet.write_formula(at, 7, f"={form.product_formula(at + 1)}", computed, value)
        lines = max(form.lines_of(text, _WIDTHS[column]) for column, text in words.items())
        self._sheet.set_row(at, 14 * max(lines, _LEAST_LINES if fixed else 1) + 6)
        self._hint(at, row.hint)

    def _number(self, at: int, column: int, number: float | None, style: Format) -> None:
        if number is None:
            self._sheet.write_blank(at, column, None, style)
        else:
            self._sheet.write_number(at, column, number, style)

    def _hint(self, at: int, hint: str) -> None:
        """Show what is known of the year before where a figure is filled in."""
        shown: Mapping[str, str] = (
            {"input_title": "上年情况", "input_message": hint[:_HINT_CHARACTERS]} if hint else {}
        )
        for column in (3, 4, 6):
            self._sheet.data_validation(
                at, column, at, column, {**_least("integer", _WHOLE), **shown}
            )
        self._sheet.data_validation(at, 5, at, 5, {**_least("decimal", _AMOUNT), **shown})

    def _validate(self, first: int, last: int) -> None:
        """Let the workbook itself refuse what the reader would refuse."""
        self._sheet.data_validation(first, 11, last, 11, _least("decimal", _AMOUNT))
        self._sheet.data_validation(
            *(first, _LAST, last, _LAST),
            {
                "validate": "date",
                "criteria": ">=",
                "value": date(self._sheets.year - 2, 1, 1),
                "error_title": "数据有误",
                "error_message": f"请填写日期，如 {self._sheets.year - 1}-09-15。",
            },
        )

    def _foot(self, at: int) -> None:
        style = {"bold": True, "bg_color": TOTAL}
        self._sheet.set_row(at, 20)
        for column in range(_LAST + 1):
            self._sheet.write_blank(at, column, None, self._pen.boxed(**style))
        self._sheet.write_string(at, 0, form.TOTAL, self._pen.boxed(**style))
        known = [row.amount_fen for row in self._sheets.rows if row.amount_fen is not None]
        total = f"=SUM({_LAST_LETTER}{form.HEADING_ROW + 1}:{_LAST_LETTER}{at})"
        value = sum(known) / 100 if known else ""
        self._sheet.write_formula(at, 7, total, self._pen.boxed(num_format=MONEY, **style), value)
        for offset, words in enumerate(_NOTES, 1):
            self._sheet.write_string(at + offset, 0, words, self._pen.plain())
        self._sheet.set_row(at + _FOOT_ROWS, 24)
        self._sheet.write_string(at + _FOOT_ROWS, 0, _SIGNATURE, self._pen.plain())


def _least(kind: str, words: str) -> dict[str, Any]:
    return {
        "validate": kind,
        "criteria": ">=",
        "value": 0,
        "error_title": "数据有误",
        "error_message": words,
    }
