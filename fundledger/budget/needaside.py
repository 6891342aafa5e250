"""The sheets behind the form of needs: the persons' codes, and what is known of the year before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fundledger.budget import form
from fundledger.budget.needpen import MONEY, WHOLE, Pen, choose, set_up

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_NAMED_WIDTHS = (26, 26, 22)
_NAMED_ROWS = 5000
_SHOWN_ROWS = 20
_SPARE_ROWS = 3
_CODE = "填发放清单上的对象代码：P- 加 12 位字母数字。不填姓名和证件号码。"


@dataclass(frozen=True, slots=True)
class Reference:
    """What is known of the year before, one row a line: fund and category first, then figures.

    A number is an `int`, an amount a `float` of yuan with fen, for display alone.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]
    note: str

    def column(self, number: int) -> str:
        """Return the range in which its funds (0) or categories (1) stand, for a list to pick."""
        top, bottom = form.HEADING_ROW + 1, form.HEADING_ROW + len(self.rows)
        letter = "AB"[number]
        return f"='{form.REFERENCE}'!${letter}${top}:${letter}${bottom}"


def draw_named(
    pen: Pen,
    sheet: Worksheet,
    year: int,
    named: Sequence[tuple[str, str, str]],
    known: Reference | None,
) -> None:
    """Draw the sheet of the persons' codes, which may stay empty."""
    first, last = form.HEADING_ROW, len(form.NAMED_HEADINGS) - 1
    pen.title(sheet, form.NAMED_TITLE.format(year=year), last)
    pen.headings(sheet, form.NAMED_HEADINGS, _NAMED_WIDTHS)
    for column, width in enumerate(_NAMED_WIDTHS):
        sheet.set_column(column, column, width, pen.plain(locked=False))
    cell = pen.input()
    for at in range(first, first + max(_SHOWN_ROWS, len(named) + _SPARE_ROWS)):
        for column in range(last + 1):
            sheet.write_blank(at, column, None, cell)
    for at, person in enumerate(named, first):
        for column, word in enumerate(person):
            sheet.write_string(at, column, word, cell)
    end = first + max(_NAMED_ROWS, len(named)) - 1
    if known is not None:
        for column in (0, 1):
            choose(sheet, (first, column, end, column), known.column(column))
    check = f'=AND(LEN(C{first + 1})=14,LEFT(C{first + 1},2)="P-")'
    sheet.data_validation(
        *(first, last, end, last),
        {"validate": "custom", "value": check, "error_message": _CODE, "input_message": _CODE},
    )
    set_up(sheet, landscape=False)
    sheet.freeze_panes(first, 0)


def draw_reference(pen: Pen, sheet: Worksheet, year: int, known: Reference) -> None:
    """Draw what is known of the year before the one that is budgeted, to look at."""
    last = len(known.headings) - 1
    pen.title(sheet, f"{year - 1}年度情况（供填报参考，不读回）", last)
    sheet.merge_range(1, 4, 1, last, "金额单位：元", pen.plain(align="right"))
    pen.headings(sheet, known.headings, (26, 26, *[12] * (last - 1)))
    text, figure, money = pen.boxed(), pen.boxed(num_format=WHOLE), pen.boxed(num_format=MONEY)
    at = form.HEADING_ROW
    for at, cells in enumerate(known.rows, form.HEADING_ROW):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(at, column, cell, text)
            elif cell is None:
                sheet.write_blank(at, column, None, text)
            else:
                style = money if isinstance(cell, float) else figure
                sheet.write_number(at, column, cell, style)
    sheet.write_string(at + 1, 0, known.note, pen.plain())
    sheet.print_area(0, 0, at + 1, last)
    set_up(sheet, landscape=True)
    sheet.freeze_panes(form.HEADING_ROW, 2)
