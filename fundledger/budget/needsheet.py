"""The workbook of declared needs as it is drawn: what can be filled in, what is computed, notes."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from fundledger.budget import form

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_MONEY = "#,##0.00_ "
_WIDTHS = (12, 14, 14, 7, 7, 10, 6, 13, 15, 20, 14, 12, 8, 9, 11)
_NAMED_WIDTHS = (26, 26, 22)
_EMPTY_ROWS = 3
_NAMED_ROWS = 5000
_LEAST_LINES = 2
_LAST = len(form.HEADINGS) - 1
_LAST_LETTER = "H"
_NOTES = (
    "注：1. 只填浅黄色单元格，填数值，不用公式；需求金额＝对象人数×补助标准×月(次)数，自动计算。",
    "　　2. 同一资金、同一类别只填一行；整行不填的，视为未申报该项。",
    "　　3. 经办人、部门负责人填岗位或工号，不填姓名；表内不得出现身份证号、电话和银行卡号。",
    "　　4. 不再安排的类别填人数 0 并在测算说明中写明理由；新增类别须填文号。",
    "　　5. 佐证材料只证明需求的一部分的，填其中有佐证金额；不填为全部。",
    "　　6. 人数与发放清单不符的，测算说明以原因代码开头，如“H 新增对象”。",
    "　　7. “对象名单”可不填；填的，人数须与对象人数相同，只填对象代码。",
)
_FOOT_ROWS = len(_NOTES) + 2
_GAP = "　" * 12
_SIGNATURE = f"经办（岗位）：{_GAP}部门负责人（岗位）：{_GAP}日期：　　　　年　　月　　日"
_INPUT, _FIXED, _HEAD, _TOTAL = "#FFFBE6", "#FFFFFF", "#EDEDED", "#F7F7F7"
_MAY: Final = MappingProxyType({"format_columns": True, "format_rows": True})
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
class Reference:
    """What is known of the year before, one row a line: fund and category first, then figures.

    A number is an `int`, an amount a `float` of yuan with fen, for display alone.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Sheets:
    """All that a unit's workbook says; `funds` and `categories` are what may be picked."""

    unit: str
    year: int
    created: datetime
    rows: tuple[Row, ...]
    named: tuple[tuple[str, str, str], ...] = ()
    funds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
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
        draw = _Draw(book, sheets)
        draw.needs(book.add_worksheet(form.SHEET), title)
        if sheets.named or sheets.reference is not None:
            draw.named(book.add_worksheet(form.NAMED))
        if sheets.reference is not None:
            draw.reference(book.add_worksheet(form.REFERENCE), sheets.reference)
    return stream.getvalue()


class _Draw:
    """The sheets of one workbook, in formats that they share."""

    def __init__(self, book: Workbook, sheets: Sheets) -> None:
        self._book = book
        self._sheets = sheets
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def needs(self, sheet: Worksheet, title: str) -> None:
        """Draw the form itself."""
        _title(self, sheet, title, self._sheets.unit, _LAST)
        sheet.merge_range(1, 7, 1, _LAST, "金额单位：元", self.plain(align="right"))
        self._headings(sheet, form.HEADINGS, _WIDTHS)
        first = form.HEADING_ROW
        at = first
        for at, row in enumerate(self._sheets.rows, first):
            self._row(sheet, at, row)
        spare = at + 1 if self._sheets.rows else first
        for at in range(spare, spare + _EMPTY_ROWS):
            self._row(sheet, at, Row("", ""))
        last = spare + _EMPTY_ROWS - 1
        self._validate(sheet, first, last)
        for column, names in ((1, self._sheets.funds), (2, self._sheets.categories)):
            self._choices(sheet, (spare, column, last), names)
        self._foot(sheet, last + 1)
        sheet.print_area(0, 0, last + 1 + _FOOT_ROWS, _LAST)
        _set_up(sheet, landscape=True)
        sheet.freeze_panes(form.HEADING_ROW, 3)

    def named(self, sheet: Worksheet) -> None:
        """Draw the sheet of the persons' codes, which may stay empty."""
        title = form.NAMED_TITLE.format(year=self._sheets.year)
        last = len(form.NAMED_HEADINGS) - 1
        _title(self, sheet, title, self._sheets.unit, last)
        self._headings(sheet, form.NAMED_HEADINGS, _NAMED_WIDTHS)
        cell = self.boxed(bg_color=_INPUT, locked=False)
        end = form.HEADING_ROW + max(_NAMED_ROWS, len(self._sheets.named)) - 1
        shown = max(20, len(self._sheets.named) + 3)
        for at in range(form.HEADING_ROW, form.HEADING_ROW + shown):
            for column in range(last + 1):
                sheet.write_blank(at, column, None, cell)
        for at, person in enumerate(self._sheets.named, form.HEADING_ROW):
            for column, word in enumerate(person):
                sheet.write_string(at, column, word, cell)
        for column in range(last + 1):
            width = _NAMED_WIDTHS[column]
            sheet.set_column(column, column, width, self.plain(locked=False))
        for column, names in ((0, self._sheets.funds), (1, self._sheets.categories)):
            self._choices(sheet, (form.HEADING_ROW, column, end), names)
        first = form.HEADING_ROW + 1
        check = f'=AND(LEN(C{first})=14,LEFT(C{first},2)="P-")'
        words = "填发放清单上的对象代码：P- 加 12 位字母数字。不填姓名和证件号码。"
        sheet.data_validation(
            *(form.HEADING_ROW, 2, end, 2),
            {"validate": "custom", "value": check, "error_message": words, "input_message": words},
        )
        _set_up(sheet, landscape=False)
        sheet.freeze_panes(form.HEADING_ROW, 0)

    def reference(self, sheet: Worksheet, known: Reference) -> None:
        """Draw what is known of the year before, to look at."""
        last = len(known.headings) - 1
        title = f"{self._sheets.year - 1}年度情况（供填报参考，不读回）"
        _title(self, sheet, title, self._sheets.unit, last)
        sheet.merge_range(1, 4, 1, last, "金额单位：元", self.plain(align="right"))
        widths = (26, 26, *[12] * (last - 1))
        self._headings(sheet, known.headings, widths)
        text, figure = self.boxed(), self.boxed(num_format="#,##0_ ")
        money = self.boxed(num_format=_MONEY)
        at = form.HEADING_ROW
        for at, cells in enumerate(known.rows, form.HEADING_ROW):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(at, column, cell, text)
                elif cell is None:
                    sheet.write_blank(at, column, None, text)
                else:
                    sheet.write_number(
                        at, column, cell, money if isinstance(cell, float) else figure
                    )
        sheet.write_string(at + 1, 0, known.note, self.plain())
        sheet.print_area(0, 0, at + 1, last)
        _set_up(sheet, landscape=True)
        sheet.freeze_panes(form.HEADING_ROW, 2)

    def format(self, **properties: Any) -> Format:  # noqa: ANN401 - the library's own words
        """Return one format for the same properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            usual = {"font_name": form.FONT, "font_size": 9, "valign": "vcenter"}
            self._made[key] = self._book.add_format({**usual, **properties})
        return self._made[key]

    def boxed(self, **properties: Any) -> Format:  # noqa: ANN401 - as above
        """Return the format of a cell of a table."""
        return self.format(border=1, text_wrap=True, **properties)

    def plain(self, **properties: Any) -> Format:  # noqa: ANN401 - as above
        """Return the format of a cell beside the tables."""
        return self.format(**properties)

    def _headings(self, sheet: Worksheet, names: Sequence[str], widths: Sequence[int]) -> None:
        head = self.boxed(bold=True, align="center", bg_color=_HEAD)
        sheet.set_row(form.HEADING_ROW - 1, 30)
        for column, (name, width) in enumerate(zip(names, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(form.HEADING_ROW - 1, column, name, head)

    def _row(self, sheet: Worksheet, at: int, row: Row) -> None:
        """Draw a row: what is to be filled in is open, what is known or computed is not."""
        fixed = bool(row.fund)
        words = {1: row.fund, 2: row.category, **dict(enumerate(row.texts, 8))}
        words |= {0: self._sheets.unit if fixed else "", **dict(enumerate(row.posts, 12))}
        for column, text in words.items():
            known = fixed and column <= 2  # noqa: PLR2004 - unit, fund and category
            style = self.boxed(bg_color=_FIXED) if known else self._open()
            if text:
                sheet.write_string(at, column, text, style)
            else:
                sheet.write_blank(at, column, None, style)
        for column, figure in enumerate(row.figures, 3):
            money = column == form.HEADINGS.index(form.STANDARD)
            style = self._open(num_format=_MONEY if money else "#,##0_ ")
            number = figure if figure is None or not money else figure / 100
            self._number(sheet, at, column, number, style)
        evidenced = row.evidenced_fen / 100 if row.evidenced_fen else None
        self._number(sheet, at, 11, evidenced, self._open(num_format=_MONEY))
        day = self._open(num_format="yyyy-mm-dd", align="center")
        if row.declared is None:
            sheet.write_blank(at, _LAST, None, day)
        else:
            moment = datetime.combine(row.declared, datetime.min.time())
            sheet.write_datetime(at, _LAST, moment, day)
        computed = self.boxed(num_format=_MONEY, bg_color=_TOTAL)
        value = "" if row.amount_fen is None else row.amount_fen / 100
        sheet.write_formula(at, 7, f"={form.product_formula(at + 1)}", computed, value)
        lines = max(form.lines_of(text, _WIDTHS[column]) for column, text in words.items())
        sheet.set_row(at, 14 * max(lines, _LEAST_LINES if fixed else 1) + 6)
        self._hint(sheet, at, row.hint)

    def _open(self, **properties: Any) -> Format:  # noqa: ANN401 - as above
        return self.boxed(bg_color=_INPUT, locked=False, **properties)

    @staticmethod
    def _number(
        sheet: Worksheet, at: int, column: int, number: float | None, style: Format
    ) -> None:
        if number is None:
            sheet.write_blank(at, column, None, style)
        else:
            sheet.write_number(at, column, number, style)

    @staticmethod
    def _hint(sheet: Worksheet, at: int, hint: str) -> None:
        """Show what is known of the year before where a figure is filled in."""
        shown: Mapping[str, str] = (
            {"input_title": "上年情况", "input_message": hint[:_HINT_CHARACTERS]} if hint else {}
        )
        for column in (3, 4, 6):
            sheet.data_validation(at, column, at, column, {**_least("integer", _WHOLE), **shown})
        sheet.data_validation(at, 5, at, 5, {**_least("decimal", _AMOUNT), **shown})

    def _validate(self, sheet: Worksheet, first: int, last: int) -> None:
        """Let the workbook itself refuse what the reader would refuse."""
        sheet.data_validation(first, 11, last, 11, _least("decimal", _AMOUNT))
        sheet.data_validation(
            *(first, _LAST, last, _LAST),
            {
                "validate": "date",
                "criteria": ">=",
                "value": date(self._sheets.year - 2, 1, 1),
                "error_title": "数据有误",
                "error_message": f"请填写日期，如 {self._sheets.year - 1}-09-15。",
            },
        )

    def _choices(self, sheet: Worksheet, where: tuple[int, int, int], names: Sequence[str]) -> None:
        """Let one of some names be picked, which stand in the columns of the reference sheet."""
        if not names or self._sheets.reference is None:
            return
        first, column, last = where
        letter = "A" if names is self._sheets.funds else "B"
        top, bottom = form.HEADING_ROW + 1, form.HEADING_ROW + len(self._sheets.reference.rows)
        sheet.data_validation(
            *(first, column, last, column),
            {
                "validate": "list",
                "source": f"='{form.REFERENCE}'!${letter}${top}:${letter}${bottom}",
                "error_type": "warning",
                "error_title": "数据有误",
                "error_message": "不在本部门可申报的资金或类别之内。",
            },
        )

    def _foot(self, sheet: Worksheet, at: int) -> None:
        style = {"bold": True, "bg_color": _TOTAL}
        sheet.set_row(at, 20)
        for column in range(_LAST + 1):
            sheet.write_blank(at, column, None, self.boxed(**style))
        sheet.write_string(at, 0, form.TOTAL, self.boxed(**style))
        known = [row.amount_fen for row in self._sheets.rows if row.amount_fen is not None]
        total = f"=SUM({_LAST_LETTER}{form.HEADING_ROW + 1}:{_LAST_LETTER}{at})"
        value = sum(known) / 100 if known else ""
        sheet.write_formula(at, 7, total, self.boxed(num_format=_MONEY, **style), value)
        for offset, words in enumerate(_NOTES, 1):
            sheet.write_string(at + offset, 0, words, self.plain())
        sheet.set_row(at + _FOOT_ROWS, 24)
        sheet.write_string(at + _FOOT_ROWS, 0, _SIGNATURE, self.plain())


def _title(draw: _Draw, sheet: Worksheet, title: str, unit: str, last: int) -> None:
    big = draw.plain(bold=True, font_size=16 if last > 2 else 12, align="center")  # noqa: PLR2004
    sheet.merge_range(0, 0, 0, last, title, big)
    sheet.merge_range(1, 0, 1, min(last, 3), f"{form.UNIT_LINE}{unit}", draw.plain())
    sheet.set_row(0, 30)


def _least(kind: str, words: str) -> dict[str, Any]:
    return {
        "validate": kind,
        "criteria": ">=",
        "value": 0,
        "error_title": "数据有误",
        "error_message": words,
    }


def _set_up(sheet: Worksheet, *, landscape: bool) -> None:
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(form.HEADING_ROW - 1)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.hide_gridlines(2)
    sheet.protect("", dict(_MAY))
