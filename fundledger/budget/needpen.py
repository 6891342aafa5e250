"""What the sheets of the form of needs are drawn with: formats, headings, and how they print."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from fundledger.budget import form

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MONEY: Final = "#,##0.00_ "
WHOLE: Final = "#,##0_ "
INPUT, TOTAL, _HEAD = "#FFFBE6", "#F7F7F7", "#EDEDED"
_MAY: Final = MappingProxyType({"format_columns": True, "format_rows": True})
_FEW_COLUMNS = 3


class Pen:
    """One workbook being drawn for a unit, in formats that its sheets share."""

    def __init__(self, book: Workbook, unit: str) -> None:
        """Begin with no format made."""
        self._book = book
        self._unit = unit
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def _format(self, **properties: Any) -> Format:  # noqa: ANN401 - the library's own words
        """Return one format for the same properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            usual = {"font_name": form.FONT, "font_size": 9, "valign": "vcenter"}
            self._made[key] = self._book.add_format({**usual, **properties})
        return self._made[key]

    def boxed(self, **properties: Any) -> Format:  # noqa: ANN401 - as above
        """Return the format of a cell of a table."""
        return self._format(border=1, text_wrap=True, **properties)

    def plain(self, **properties: Any) -> Format:  # noqa: ANN401 - as above
        """Return the format of a cell beside the tables."""
        return self._format(**properties)

    def input(self, **properties: Any) -> Format:  # noqa: ANN401 - as above
        """Return the format of a cell to be filled in, which alone can be changed."""
        return self.boxed(bg_color=INPUT, locked=False, **properties)

    def headings(self, sheet: Worksheet, names: Sequence[str], widths: Sequence[int]) -> None:
        """Write the headings in their row, and make the columns as wide as that."""
        head = self.boxed(bold=True, align="center", bg_color=_HEAD)
        sheet.set_row(form.HEADING_ROW - 1, 30)
        for column, (name, width) in enumerate(zip(names, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(form.HEADING_ROW - 1, column, name, head)

    def title(self, sheet: Worksheet, title: str, last: int) -> None:
        """Write the title and whose form it is over the columns up to the last."""
        big = self.plain(bold=True, font_size=16 if last >= _FEW_COLUMNS else 12, align="center")
        sheet.merge_range(0, 0, 0, last, title, big)
        sheet.merge_range(
            1, 0, 1, min(last, _FEW_COLUMNS), f"{form.UNIT_LINE}{self._unit}", self.plain()
        )
        sheet.set_row(0, 30)


def set_up(sheet: Worksheet, *, landscape: bool) -> None:
    """Make a sheet print on paper as wide as it is, and protect it without a password."""
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


def choose(sheet: Worksheet, where: tuple[int, int, int, int], source: str) -> None:
    """Let one of the names in a range be picked in some cells (first row, column, last ones)."""
    sheet.data_validation(
        *where,
        {
            "validate": "list",
            "source": source,
            "error_type": "warning",
            "error_title": "数据有误",
            "error_message": "不在本部门可申报的资金或类别之内。",
        },
    )
