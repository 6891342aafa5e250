"""What was paid on time and in full (如期足额情况表), as a workbook for the conference."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from fundledger.budget.form import lines_of
from fundledger.ledger.batches.timely import WHOLE, Paid, Tally, summed_tallies

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

_TITLE = "救助资金如期足额拨付情况表"
_FONT = "宋体"
_MONEY = "#,##0.00"
_RATE = "0.00%"
_NOTES = (
    "注：1. 应发：已批准的笔数和金额，每人每类每月只计一次；补发的以补发为准，撤销的不计。"
    "2. 如期率＝应付日前（含当日）扣款且已付到的÷应付日已过的；足额率＝已付到的÷应发的。"
    "3. 失败、退汇、冲账和结果不明的计为未付。"
)
_COLUMNS = (
    ("基金", 16),
    ("月份", 9),
    ("部门", 22),
    ("救助类别", 24),
    ("应付日", 11),
    ("应发\n笔数", 7),
    ("应发金额", 15),
    ("已付\n笔数", 7),
    ("已付金额", 15),
    ("如期率\n（笔数）", 9),
    ("如期率\n（金额）", 9),
    ("足额率\n（笔数）", 9),
    ("足额率\n（金额）", 9),
    ("未付金额", 14),
    ("不再发放\n金额", 14),
)
_DAY = "日期：　　　　年　　月　　日"
_LAST = len(_COLUMNS) - 1
_LINE_POINTS = 15
_TEXTS = 5
_HEAD_ROW = 2


class Stated(NamedTuple):
    """A row as it is shown: fund, unit and category by the names people use, and its figures."""

    fund: str
    unit: str
    category: str
    paid: Paid


def timeliness_workbook(
    rows: Sequence[Stated], office: str, as_of: date, *, created: datetime
) -> bytes:
    """Return the table as the bytes of an .xlsx; the same input gives the same bytes.

    `created` is the time that the file states.
    """
    import xlsxwriter  # noqa: PLC0415 - heavy, and only workbooks need it

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": _TITLE, "author": office, "created": created})
        _Sheet(book).write(rows, office, as_of)
    return stream.getvalue()


class _Sheet:
    """The one sheet, written from the top down."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._sheet = book.add_worksheet("如期足额")

    def _format(self, **properties: Any) -> Format:  # noqa: ANN401 - the library's own words
        base = {"font_name": _FONT, "font_size": 10, "valign": "vcenter"}
        return self._book.add_format({**base, **properties})

    def write(self, rows: Sequence[Stated], office: str, as_of: date) -> None:
        """Write the table and set it up for the printer."""
        sheet = self._sheet
        title = self._format(bold=True, font_size=16, align="center")
        sheet.set_row(0, 30)
        sheet.merge_range(0, 0, 0, _LAST, _TITLE, title)
        until = f"截至：{as_of.year}年{as_of.month}月{as_of.day}日"
        sheet.merge_range(1, 0, 1, 8, f"编制单位：{office}　　{until}", self._format())
        sheet.merge_range(1, 9, 1, _LAST, "金额单位：元", self._format(align="right"))
        head = self._format(border=1, bold=True, bg_color="#EDEDED", align="center", text_wrap=True)
        sheet.set_row(_HEAD_ROW, 30)
        for column, (words, width) in enumerate(_COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(_HEAD_ROW, column, words, head)
        row = _HEAD_ROW + 1
        for one in rows:
            due = one.paid.due_on.isoformat() if one.paid.due_on else "未定"
            texts = (one.fund, one.paid.month, one.unit, one.category, due)
            self._row(row, texts, one.paid.tally, strong=False)
            row += 1
        total = summed_tallies(one.paid.tally for one in rows)
        self._row(row, ("合计", "", "", "", ""), total, strong=True)
        note = self._format(font_size=9, text_wrap=True, valign="top")
        sheet.set_row(row + 1, 32)
        sheet.merge_range(row + 1, 0, row + 1, _LAST, _NOTES, note)
        signed = "".join(f"{words}：　　　　　　　　" for words in ("编制", "复核", "负责人"))
        sheet.set_row(row + 2, 30)
        sheet.merge_range(row + 2, 0, row + 2, _LAST, f"{signed}{_DAY}", self._format())
        self._print_setup(row + 2)

    def _row(self, row: int, texts: Sequence[str], tally: Tally, *, strong: bool) -> None:
        look: dict[str, Any] = {"border": 1, "bold": strong}
        text = self._format(**look, text_wrap=True)
        count = self._format(**look, align="right")
        money = self._format(**look, align="right", num_format=_MONEY)
        rate = self._format(**look, align="right", num_format=_RATE)
        filled = 1
        for column, words in enumerate(texts):
            self._sheet.write_string(row, column, words, text)
            filled = max(filled, lines_of(words, _COLUMNS[column][1] - 1, 20))
        self._sheet.set_row(row, _LINE_POINTS * filled)
        figures: list[tuple[int | float | None, Format]] = [
            (tally.approved.payments, count),
            (tally.approved.amount_fen / 100, money),
            (tally.paid.payments, count),
            (tally.paid.amount_fen / 100, money),
            *((_rate(share), rate) for share in (*tally.timely, *tally.full)),
            (tally.open.amount_fen / 100, money),
            (tally.given_up.amount_fen / 100, money),
        ]
        for column, (figure, style) in enumerate(figures, _TEXTS):
            if figure is None:
                self._sheet.write_string(row, column, "—", count)
            else:
                self._sheet.write_number(row, column, figure, style)

    def _print_setup(self, last_row: int) -> None:
        sheet = self._sheet
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, last_row, _LAST)
        sheet.repeat_rows(0, _HEAD_ROW)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        sheet.freeze_panes(_HEAD_ROW + 1, 0)
        sheet.hide_gridlines(2)


def _rate(basis_points: int | None) -> float | None:
    return None if basis_points is None else basis_points / WHOLE
