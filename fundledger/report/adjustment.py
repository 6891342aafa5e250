"""The bank reconciliation statement (银行存款余额调节表) as the workbook that a clerk hands in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from fundledger.budget.form import lines_of
from fundledger.reconcile import Adjustment, Item, Kind, SetOff

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_MONEY = "#,##0.00;[Red]-#,##0.00"
_FONT = "SimSun"
_HALF = 5
_HEADS = ("凭证号 / 对账单行", "日期", "摘要", "天数", "金额")
_WIDTHS = (22, 11, 17, 6, 15)
_INDENT = 2
_FINDING_WIDTHS = (8, 8, 70, 50)
_LINE_POINTS = 17


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose form it is: the office, the fund and the bank, by the names people use."""

    office: str
    fund: str
    bank: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed it, by code and title, on which day, and the journal's record that says so."""

    by: str
    on: str
    record: int


def adjustment_workbook(
    adjustment: Adjustment,
    heading: Heading,
    *,
    created: datetime,
    signature: Signature | None = None,
) -> bytes:
    """Return the form as the bytes of an .xlsx; the same input gives the same bytes.

    Left the book, right the bank, each with what the other has; below, the difference, and who
    signed it or places to sign.  A second sheet lists the findings.  `created` is the time that the
    file states.
    """
    import xlsxwriter  # noqa: PLC0415 - heavy, and only workbooks need it

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties(
            {"title": "银行存款余额调节表", "author": heading.office, "created": created}
        )
        _Form(book, adjustment, heading, signature).write()
        if adjustment.findings:
            _write_findings(book, adjustment, heading)
    return stream.getvalue()


class _Form:
    """The first sheet, written from the top down."""

    def __init__(
        self,
        book: Workbook,
        adjustment: Adjustment,
        heading: Heading,
        signature: Signature | None,
    ) -> None:
        self._adjustment = adjustment
        self._signature = signature
        self._heading = heading
        self._sheet: Worksheet = book.add_worksheet("银行存款余额调节表")
        self._row = 0
        self._book = book
        self._plain = self._format(border=1, text_wrap=True, indent=1)
        self._centred = self._format(border=1, align="center")
        self._head = self._format(border=1, align="center", bold=True, bg_color="#EDEDED")
        self._strong = self._format(border=1, bold=True, indent=1, bg_color="#F7F7F7")
        self._money = self._format(border=1, num_format=_MONEY, align="right", indent=1)
        self._strong_money = self._format(
            border=1, bold=True, num_format=_MONEY, align="right", indent=1, bg_color="#F7F7F7"
        )

    def _format(self, **properties: Any) -> Format:  # noqa: ANN401 - the library's own words
        return self._book.add_format(
            {"font_name": _FONT, "font_size": 10, "valign": "vcenter", **properties}
        )

    def write(self) -> None:
        """Write the whole form and set it up for the printer."""
        adjustment = self._adjustment
        self._title()
        self._balances(
            "单位银行存款日记账余额", adjustment.book_fen, "银行对账单余额", adjustment.bank_fen
        )
        self._section("加", Kind.BANK_IN, Kind.BOOK_IN)
        self._section("减", Kind.BANK_OUT, Kind.BOOK_OUT)
        self._balances(
            "调节后余额", adjustment.adjusted_book_fen, "调节后余额", adjustment.adjusted_bank_fen
        )
        self._foot()
        self._print_setup()

    def _title(self) -> None:
        last = 2 * _HALF - 1
        title = self._format(bold=True, font_size=16, align="center")
        self._sheet.set_row(0, 30)
        self._sheet.merge_range(0, 0, 0, last, "银行存款余额调节表", title)
        self._sheet.merge_range(
            1,
            0,
            1,
            last,
            f"截止日期：{_chinese(self._adjustment.as_of)}",
            self._format(align="center"),
        )
        left, right = self._format(), self._format(align="right")
        heading = self._heading
        self._sheet.merge_range(
            2, 0, 2, 6, f"编制单位：{heading.office}　　基金：{heading.fund}", left
        )
        self._sheet.merge_range(2, 7, 2, last, "金额单位：元", right)
        account = f"开户银行：{heading.bank}　　专户账号：{self._adjustment.account}"
        self._sheet.merge_range(3, 0, 3, last, account, left)
        for column, width in enumerate(_WIDTHS * 2):
            self._sheet.set_column(column, column, width)
            self._sheet.write_string(4, column, _HEADS[column % _HALF], self._head)
        self._row = 5

    def _balances(self, book: str, book_fen: int, bank: str, bank_fen: int) -> None:
        self._sheet.set_row(self._row, _LINE_POINTS)
        for start, label, fen in ((0, book, book_fen), (_HALF, bank, bank_fen)):
            self._sheet.merge_range(
                self._row, start, self._row, start + _HALF - 2, label, self._strong
            )
            self._number(start + _HALF - 1, fen, self._strong_money)
        self._row += 1

    def _section(self, sign: str, of_bank: Kind, of_book: Kind) -> None:
        left, right = self._adjustment.of_kind(of_bank), self._adjustment.of_kind(of_book)
        self._balances(
            f"{sign}：{of_bank.zh}（{len(left)} 笔）",
            _total_fen(left),
            f"{sign}：{of_book.zh}（{len(right)} 笔）",
            _total_fen(right),
        )
        for pair in zip_longest(left, right):
            lines = 1
            for start, item in zip((0, _HALF), pair, strict=True):
                self._item(start, item)
                if item:
                    texts = ((_ref(item), _WIDTHS[0]), (item.text, _WIDTHS[2]))
                    filled = (lines_of(text, width - _INDENT, 20) for text, width in texts)
                    lines = max(lines, *filled)
            self._sheet.set_row(self._row, _LINE_POINTS * lines)
            self._row += 1

    def _item(self, start: int, item: Item | None) -> None:
        row = self._row
        if item is None:
            for column in range(start, start + _HALF):
                self._sheet.write_blank(row, column, None, self._plain)
            return
        self._sheet.write_string(row, start, _ref(item), self._plain)
        self._sheet.write_string(row, start + 1, item.date.isoformat(), self._centred)
        self._sheet.write_string(row, start + 2, item.text, self._plain)
        self._sheet.write_number(row, start + 3, item.age_days, self._centred)
        self._number(start + 4, item.amount_fen, self._money)

    def _foot(self) -> None:
        last = 2 * _HALF - 1
        difference_fen = self._adjustment.difference_fen
        words = "差额（应为零）" if difference_fen else "差额：无，调节相符"
        self._sheet.merge_range(self._row, 0, self._row, last - 1, words, self._strong)
        self._number(last, difference_fen, self._strong_money)
        self._row += 2
        places = self._format()
        by, day = "", "　　　　年　　月　　日"
        if self._signature is not None:
            by = self._signature.by
            day = _chinese(date.fromisoformat(self._signature.on))
        for column, words in ((0, f"编制：{by}"), (3, "复核："), (7, f"日期：{day}")):
            self._sheet.write_string(self._row, column, words, places)
        self._sheet.set_row(self._row, 28)
        if self._signature is not None:
            self._row += 1
            self._sheet.set_row(self._row, _LINE_POINTS)
            self._sheet.merge_range(self._row, 0, self._row, last, _said(self._signature), places)
        self._set_off("账内红字对冲", self._adjustment.set_off)
        self._set_off("银行冲正对冲", self._adjustment.bank_set_off)
        note = "注：出纳不得编制本表；未达账项不得据此记账，须凭银行回单入账。"
        self._row += 1
        self._sheet.merge_range(self._row, 0, self._row, last, note, self._format(font_size=9))

    def _set_off(self, title: str, pairs: Sequence[SetOff]) -> None:
        if not pairs:
            return
        named = "；".join(f"{pair.ref} 与 {pair.red_ref}" for pair in pairs)
        words = f"{title} {len(pairs)} 组，不列未达：{named}。"
        self._row += 1
        self._sheet.set_row(self._row, _LINE_POINTS * lines_of(words, sum(_WIDTHS * 2)))
        style = self._format(font_size=9, text_wrap=True)
        self._sheet.merge_range(self._row, 0, self._row, 2 * _HALF - 1, words, style)

    def _number(self, column: int, fen: int, style: Format) -> None:
        self._sheet.write_number(self._row, column, fen / 100, style)

    def _print_setup(self) -> None:
        sheet = self._sheet
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, self._row, 2 * _HALF - 1)
        sheet.repeat_rows(0, 4)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        sheet.freeze_panes(5, 0)
        sheet.hide_gridlines(2)


def _write_findings(book: Workbook, adjustment: Adjustment, heading: Heading) -> None:
    sheet = book.add_worksheet("核对情况")
    title = book.add_format({"font_name": _FONT, "font_size": 14, "bold": True, "align": "center"})
    whose = (
        f"编制单位：{heading.office}　　基金：{heading.fund}　　专户账号：{adjustment.account}　　"
        f"截止日期：{_chinese(adjustment.as_of)}"
    )
    plain = book.add_format({"font_name": _FONT, "font_size": 10})
    sheet.set_row(0, 26)
    sheet.merge_range(0, 0, 0, 3, "银行存款余额调节表：核对情况", title)
    sheet.merge_range(1, 0, 1, 3, whose, plain)
    head = book.add_format({"font_name": _FONT, "font_size": 10, "bold": True, "border": 1})
    cell = book.add_format(
        {"font_name": _FONT, "font_size": 10, "border": 1, "text_wrap": True, "valign": "top"}
    )
    heads = ("代码", "程度", "情况", "处理")
    for column, (words, width) in enumerate(zip(heads, _FINDING_WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, words, head)
    for row, finding in enumerate(adjustment.findings, 3):
        texts = (
            finding.code,
            finding.severity.zh,
            finding.sentence("zh"),
            finding.remedy("zh"),
        )
        lines = 1
        for column, (words, width) in enumerate(zip(texts, _FINDING_WIDTHS, strict=True)):
            sheet.write_string(row, column, words, cell)
            lines = max(lines, lines_of(words, width, 20))
        sheet.set_row(row, 14 * lines + 4)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 2)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.freeze_panes(3, 0)


def _said(signature: Signature) -> str:
    day = _chinese(date.fromisoformat(signature.on))
    return (
        f"账上签字：{signature.by}　　{day}　　日记账第 {signature.record} 号记录"
        "（对账单余额同时登记）"
    )


def _ref(item: Item) -> str:
    return f"{item.ref}（其中之一，待指认）" if item.ambiguous else item.ref


def _total_fen(items: Sequence[Item]) -> int:
    return sum(item.amount_fen for item in items)


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
