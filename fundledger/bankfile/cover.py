"""The sheet that goes with a bank file: what it pays, its digest, and places to sign."""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from fundledger.bankfile.order import PaymentOrder, expect_order
from fundledger.bankfile.render import BankFile
from fundledger.ledger.given import expect
from fundledger.money import capitals, display_fen

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

_FONT = "宋体"
TITLE = "银行代发交接单"
_NOTE = "注：上传网银前后各核对一次笔数、金额和摘要值；摘要值不同的文件不是审批的文件，不得上传。"
_SIGNERS = ("制单", "复核", "出纳", "审批")
_WIDTHS = (14, 24, 14, 28)
_LAST = len(_WIDTHS) - 1
_LINE_POINTS = 18
_DIGEST_PART = 16


def cover_sheet(file: BankFile, order: PaymentOrder) -> bytes:
    """Return one A4 page as the bytes of an .xlsx; the same file and order give the same bytes.

    The digest stands in groups, for a person compares it by eye.

    Raises:
        InputInvalid: FL909, the file or the order is none, or a field of the order is of another
            type.

    """
    expect(file=isinstance(file, BankFile))
    expect_order(order)
    import xlsxwriter  # noqa: PLC0415 - heavy, and only workbooks need it

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": TITLE, "created": datetime.combine(order.on, time())})
        _Cover(book, file, order).write()
    return stream.getvalue()


class _Cover:
    """The page, written from the top down."""

    def __init__(self, book: Workbook, file: BankFile, order: PaymentOrder) -> None:
        self._book = book
        self._sheet = book.add_worksheet("交接单")
        self._file = file
        self._order = order
        self._row = 0
        self._label = self._format(border=1, bg_color="#EDEDED", align="center")
        self._value = self._format(border=1, text_wrap=True, indent=1)

    def _format(self, **properties: Any) -> Format:  # noqa: ANN401 - the library's own words
        base = {"font_name": _FONT, "font_size": 11, "valign": "vcenter"}
        return self._book.add_format({**base, **properties})

    def write(self) -> None:
        """Write the page and set it up for the printer."""
        file, order = self._file, self._order
        sheet = self._sheet
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.set_row(0, 36)
        title = self._format(bold=True, font_size=18, align="center")
        sheet.merge_range(0, 0, 0, _LAST, TITLE, title)
        self._row = 2
        day = f"{order.on.year}年{order.on.month}月{order.on.day}日"
        self._two("资金代号", order.fund, "发放日期", day)
        self._one("批次号", order.batch)
        self._one("付款户名", order.payer_name)
        self._one("付款账号", order.payer_account)
        self._one("用途", order.purpose)
        self._two("总笔数", f"{file.count} 笔", "总金额（元）", display_fen(file.amount_fen))
        self._one("大写金额", capitals(file.amount_fen))
        self._one("文件名", file.name)
        self._one("文件摘要值\nSHA-256", _grouped(file.sha256))
        self._signatures()
        style = self._format(font_size=9, text_wrap=True)
        sheet.set_row(self._row, 30)
        sheet.merge_range(self._row, 0, self._row, _LAST, _NOTE, style)
        self._print_setup()

    def _one(self, label: str, value: str) -> None:
        """Write a label and a value over the rest of the line, as high as its text."""
        lines = max(_lines_of(value), label.count("\n") + 1)
        self._sheet.set_row(self._row, _LINE_POINTS * lines + 8)
        style = (
            self._label
            if "\n" not in label
            else self._format(border=1, bg_color="#EDEDED", align="center", text_wrap=True)
        )
        self._sheet.write_string(self._row, 0, label, style)
        self._sheet.merge_range(self._row, 1, self._row, _LAST, "", self._value)
        self._sheet.write_string(self._row, 1, value, self._value)
        self._row += 1

    def _two(self, left: str, left_value: str, right: str, right_value: str) -> None:
        self._sheet.set_row(self._row, _LINE_POINTS + 8)
        for column, (text, style) in enumerate(
            (
                (left, self._label),
                (left_value, self._value),
                (right, self._label),
                (right_value, self._value),
            )
        ):
            self._sheet.write_string(self._row, column, text, style)
        self._row += 1

    def _signatures(self) -> None:
        """Leave places for four signatures with their days, two a line."""
        self._row += 1
        for at in range(0, len(_SIGNERS), 2):
            self._sheet.set_row(self._row, 44)
            for column, role in zip((0, 2), _SIGNERS[at : at + 2], strict=True):
                self._sheet.write_string(self._row, column, role, self._label)
                self._sheet.write_string(
                    self._row, column + 1, "　　　　　　年　　月　　日", self._signed()
                )
            self._row += 1
        self._row += 1

    def _signed(self) -> Format:
        return self._format(border=1, align="right", valign="bottom", font_size=10)

    def _print_setup(self) -> None:
        sheet = self._sheet
        sheet.set_portrait()
        sheet.set_paper(9)
        sheet.set_margins(left=0.7, right=0.7, top=0.8, bottom=0.7)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 1)
        sheet.print_area(0, 0, self._row, _LAST)
        sheet.hide_gridlines(2)


def _lines_of(text: str) -> int:
    """Return how many lines a value fills; Chinese counts double, and a line is never filled up."""
    length = sum(1 if sign.isascii() else 2 for sign in text)
    return -(-length // (sum(_WIDTHS[1:]) - 10))


def _grouped(digest: str) -> str:
    parts = range(0, len(digest), _DIGEST_PART)
    return " ".join(digest[at : at + _DIGEST_PART] for at in parts)
