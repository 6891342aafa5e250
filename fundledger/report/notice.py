"""The public notice (公示) of batches as the sheet that hangs on the board."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from fundledger.budget.form import lines_of

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

    from fundledger.payment.notice import InSum, Notice

_TITLE = "救助资金发放公示"
_FONT = "宋体"
_MONEY = "#,##0.00"
_COLUMNS = (
    ("序号", 6),
    ("居委会", 20),
    ("姓名", 11),
    ("救助类别", 27),
    ("救助期间", 12),
    ("救助金额（元）", 15),
)
_LAST = len(_COLUMNS) - 1
_LINE_POINTS = 17
_HEAD_ROW = 4


@dataclass(frozen=True, slots=True)
class Board:
    """What stands above and below the list: whose it is, from when to when, whom to call."""

    office: str
    fund: str
    first: date
    last: date
    phone: str
    least: int


def notice_workbook(notice: Notice, board: Board) -> bytes:
    """Return the notice as the bytes of an .xlsx; the same input gives the same bytes."""
    import xlsxwriter  # noqa: PLC0415 - heavy, and only workbooks need it

    stream = io.BytesIO()
    created = datetime.combine(board.first, datetime.min.time())
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": _TITLE, "author": board.office, "created": created})
        _Sheet(book, board).write(notice)
    return stream.getvalue()


class _Sheet:
    """The one sheet, written from the top down."""

    def __init__(self, book: Workbook, board: Board) -> None:
        self._book = book
        self._board = board
        self._sheet = book.add_worksheet("公示")
        self._row = 0
        self._cell = self._format(border=1, text_wrap=True, align="center")
        self._text = self._format(border=1, text_wrap=True)
        self._money = self._format(border=1, align="right", num_format=_MONEY)
        self._head = self._format(border=1, bold=True, bg_color="#EDEDED", align="center")

    def _format(self, **properties: Any) -> Format:  # noqa: ANN401 - the library's own words
        base = {"font_name": _FONT, "font_size": 11, "valign": "vcenter"}
        return self._book.add_format({**base, **properties})

    def write(self, notice: Notice) -> None:
        """Write the notice and set it up for the printer."""
        self._above()
        if notice.named:
            self._heads(tuple(words for words, _ in _COLUMNS))
        for number, one in enumerate(notice.named, 1):
            texts = (one.committee or "—", one.name, one.category, one.month)
            self._line(number, texts, one.amount_fen)
        if notice.named:
            count = f"合计 {len(notice.named)} 笔"
            self._total(count, sum(one.amount_fen for one in notice.named))
        if notice.in_sum:
            self._in_sum(notice.in_sum)
        self._below()
        self._print_setup()

    def _merged(self, words: str, style: Format, height: int = _LINE_POINTS) -> None:
        self._sheet.set_row(self._row, height)
        self._sheet.merge_range(self._row, 0, self._row, _LAST, words, style)
        self._row += 1

    def _above(self) -> None:
        board = self._board
        for column, (_, width) in enumerate(_COLUMNS):
            self._sheet.set_column(column, column, width)
        self._merged(_TITLE, self._format(bold=True, font_size=18, align="center"), 36)
        plain = self._format()
        self._merged(f"发放单位：{board.office}　　资金来源：{board.fund}", plain)
        self._merged(f"公示日期：{_day(board.first)} 至 {_day(board.last)}", plain)
        self._row = _HEAD_ROW

    def _heads(self, words: Sequence[str]) -> None:
        self._sheet.set_row(self._row, 22)
        for column, word in enumerate(words):
            self._sheet.write_string(self._row, column, word, self._head)
        self._row += 1

    def _line(self, number: int, texts: Sequence[str], amount_fen: int | None) -> None:
        filled = 1
        self._sheet.write_number(self._row, 0, number, self._cell)
        for column, words in enumerate(texts, 1):
            self._sheet.write_string(self._row, column, words, self._cell)
            filled = max(filled, lines_of(words, _COLUMNS[column][1] - 1, 22))
        if amount_fen is None:
            self._sheet.write_string(self._row, _LAST, "不公示", self._cell)
        else:
            self._sheet.write_number(self._row, _LAST, amount_fen / 100, self._money)
        self._sheet.set_row(self._row, _LINE_POINTS * filled)
        self._row += 1

    def _total(self, words: str, amount_fen: int) -> None:
        strong = self._format(border=1, bold=True)
        money = self._format(border=1, bold=True, align="right", num_format=_MONEY)
        self._sheet.set_row(self._row, 20)
        self._sheet.merge_range(self._row, 0, self._row, _LAST - 1, words, strong)
        self._sheet.write_number(self._row, _LAST, amount_fen / 100, money)
        self._row += 1

    def _in_sum(self, sums: Sequence[InSum]) -> None:
        """Write what names nobody; of too few people that they are too few and nothing else."""
        self._row += 1
        words = "以下类别依法不公示个人信息，只公示人数和金额"
        self._merged(words, self._format(bold=True), 20)
        self._heads(("序号", "", "人数", "救助类别", "救助期间", "金额合计（元）"))
        self._sheet.merge_range(self._row - 1, 1, self._row - 1, 2, "人数", self._head)
        few = f"少于 {self._board.least} 人"
        for number, one in enumerate(sums, 1):
            row = self._row
            category = f"{one.category}（未成年人）" if one.minors else one.category
            people = few if one.people is None else f"{one.people} 人"
            self._line(number, ("", "", category, one.month), one.amount_fen)
            self._sheet.merge_range(row, 1, row, 2, people, self._cell)

    def _below(self) -> None:
        self._row += 1
        board = self._board
        small = self._format(font_size=10, text_wrap=True, valign="top")
        self._merged(
            f"对公示内容有异议的，请在公示期内反映。监督电话：{board.phone}", self._format(), 22
        )
        note = (
            "注：姓名已作脱敏处理；依照个人信息保护的规定，不公示证件号码、账号、电话、住址、病情和"
            "残疾情况。公示期满由张贴单位撤下。"
        )
        self._merged(note, small, 32)
        right = self._format(align="right")
        self._merged(board.office, right, 24)
        self._merged(_day(board.first), right)

    def _print_setup(self) -> None:
        sheet = self._sheet
        sheet.set_portrait()
        sheet.set_paper(9)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, self._row - 1, _LAST)
        sheet.repeat_rows(_HEAD_ROW)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        sheet.hide_gridlines(2)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
