"""A budget proposal as the workbook that goes to the joint conference, and as rows for a screen."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundledger.budget import Blocked, Documents, Proposal
from fundledger.budget.form import FONT, lines_of
from fundledger.money import display_fen
from fundledger.report.forms import (
    Cell,
    Column,
    Fen,
    Form,
    Points,
    Row,
    Share,
    forms,
    items,
    line_name,
)
from fundledger.report.proposal_notes import Section, sections
from fundledger.report.proposal_words import decision, reason_blocked

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_MONEY = "#,##0.00_ ;[Red]-#,##0.00_ "
_FORMATS = {
    "money": _MONEY,
    "share": "0.0%_ ;[Red]-0.0%_ ",
    "rate": "0.00%_ ",
    "points": "+0.0_ ;[Red]-0.0_ ;0.0_ ",
    "whole": "#,##0_ ",
}
_LINK = "#1A4F8A"
_HALF_POINTS = 21  # 五号, which the widest form shrinks to no less than eight points on its paper
_LINE_POINTS = 16  # what the fonts that stand in for 宋体 need, too
_A4, _A3 = 9, 8
_HEADING_ROW = 2
_NOTE_WIDTHS = (17, 22, 26, 17, 17, 17, 17, 26)


def write_proposal(
    proposal: Proposal, path: Path, created: datetime, beside: Documents | None = None
) -> None:
    """Write the proposal to `path`; the same input gives the same bytes."""
    path.write_bytes(proposal_workbook(proposal, created, beside))


def proposal_workbook(
    proposal: Proposal, created: datetime, beside: Documents | None = None
) -> bytes:
    """Return the workbook's bytes: the forms, the derivation, and on what all of it rests.

    `created` is the time that the file states.  The forms of what stands `beside` the proposal are
    left out without it.
    """
    import xlsxwriter  # noqa: PLC0415 - heavy, and only workbooks need it

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        title = f"{proposal.year}年度社会救助资金预算建议"
        book.set_properties({"title": title, "author": proposal.office.zh, "created": created})
        every = forms(proposal, beside)
        places = {form.sheet: _first_rows(form) for form in every}
        for form in every:
            _Sheet(book, form.sheet).form(form, proposal, places)
        _Sheet(book, "说明").notes(f"{title}编制说明", sections(proposal, beside))
    return stream.getvalue()


def _first_rows(form: Form) -> dict[str, int]:
    """Return the number that a sheet gives to the first row of each line of a form."""
    found: dict[str, int] = {}
    for number, row in enumerate(form.rows, _HEADING_ROW + 2):
        if row.line:
            found.setdefault(row.line, number)
    return found


def proposal_table(
    proposal: Proposal, language: str
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return headings and rows for a screen: one row a line, with a row for each fund's sum."""
    headings = (
        ("资金", "类别", "上年列支", "可比测算", "申报", "建议", "结转安排", "待议", "依据")
        if language == "zh"
        else (
            *("Fund", "Line", "Paid", "Comparable", "Need", "Proposed", "Carried", "Put off"),
            "Why",
        )
    )
    rows: list[tuple[str, ...]] = []
    for item in items(proposal):
        place = item.place
        head = (place.key.fund, line_name(place, language), display_fen(item.history.actual_fen))
        need = display_fen(item.need.amount_fen) if item.need else ""
        if isinstance(item, Blocked):
            rows.append((*head, "", need, "", "", "", reason_blocked(item.code, language)))
            continue
        base_fen = item.shown_base_fen
        deferred = display_fen(item.deferred_fen) if item.deferred_fen else ""
        rows.append(
            (
                *(*head, display_fen(base_fen), need, display_fen(item.proposed_fen)),
                *(display_fen(item.carry_over_fen), deferred, decision(item, language)),
            )
        )
    return headings, rows


def fund_table(proposal: Proposal, language: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return headings and rows for a screen: what each fund needs and asks for.

    Other sources have a column where there are any.
    """
    zh = language == "zh"
    others = any(total.other_sources for total in proposal.totals)
    headings = (
        *(("资金", "名称", "需求合计") if zh else ("Fund", "Name", "Need")),
        *(("预备金", "可用结转") if zh else ("Reserve", "Carried")),
        *(("其他来源" if zh else "Other",) if others else ()),
        *(("申请拨款", "暂缺项") if zh else ("Request", "Waiting")),
    )
    rows = []
    for total in proposal.totals:
        fens = [total.need_fen, total.reserve_fen, total.carry_over_fen]
        fens += [total.other_sources_fen] if others else []
        figures = map(display_fen, (*fens, total.request_fen))
        waiting = str(total.blocked) if total.blocked else ""
        rows.append((total.fund, total.names.name(language), *figures, waiting))
    return headings, rows


class _Sheet:
    """One sheet, written from the top down."""

    def __init__(self, book: Workbook, name: str) -> None:
        self._book = book
        self._sheet: Worksheet = book.add_worksheet(name)
        self._styles: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._row = 0

    def _style(self, **properties: Any) -> Format:  # noqa: ANN401 - the library's own words
        key = tuple(sorted(properties.items()))
        if key not in self._styles:
            plain = {"font_name": FONT, "font_size": _HALF_POINTS / 2, "valign": "vcenter"}
            self._styles[key] = self._book.add_format({**plain, **properties})
        return self._styles[key]

    def _cell_style(self, kind: str, *, strong: bool, leads: bool = False) -> Format:
        properties: dict[str, Any] = {"border": 1}
        if leads:
            properties["font_color"] = _LINK
        if strong:
            properties |= {"bold": True, "bg_color": "#F2F2F2"}
        if kind in _FORMATS:
            properties |= {"num_format": _FORMATS[kind], "shrink": True}
        else:
            properties["text_wrap"] = True
        if kind == "centre":
            properties["align"] = "center"
        return self._style(**properties)

    def form(self, form: Form, proposal: Proposal, places: Mapping[str, Mapping[str, int]]) -> None:
        """Write one form and set it up for the printer; `places` has the lines of each sheet."""
        self._head(form, proposal)
        for row in form.rows:
            lines = 1
            for index, (column, cell) in enumerate(zip(form.columns, row.cells, strict=True)):
                to = _led(form, row, index, places)
                style = self._cell_style(column.kind, strong=row.sum, leads=bool(to))
                if to and cell is not None:
                    # What is written into the cell afterwards stays what it is, and keeps the link.
                    self._sheet.write_url(self._row, index, to, style)
                if row.above and isinstance(cell, Fen):
                    self._add_up(index, row.above, cell, style)
                else:
                    self._write(index, cell, style)
                if isinstance(cell, str):
                    lines = max(lines, _lines(cell, column.width))
            self._sheet.set_row(self._row, _LINE_POINTS * lines + 4)
            self._row += 1
        self._sign(form)
        self._set_up(len(form.columns) - 1, paper=_A3 if form.large else _A4)
        self._sheet.repeat_rows(_HEADING_ROW)
        self._sheet.freeze_panes(_HEADING_ROW + 1, form.fixed)

    def _head(self, form: Form, proposal: Proposal) -> None:
        last = len(form.columns) - 1
        title = self._style(bold=True, font_size=16, align="center")
        self._sheet.set_row(0, 32)
        self._sheet.merge_range(0, 0, 0, last, form.title, title)
        total = sum(column.width for column in form.columns)
        middle = min(_column_at(form.columns, total * 2 // 3), last - 1)
        until = (
            f"数据截至：{proposal.as_of.isoformat()}"
            f"（上年账簿计至 {proposal.cut_off.isoformat()}，{proposal.months} 个月）"
            if form.until is None
            else f"账簿计至：{form.until.isoformat()}"
        )
        said = "\n".join((f"编制单位：{proposal.office.zh}　　{until}", *form.notes))
        self._sheet.merge_range(1, 0, 1, middle, said, self._style(text_wrap=True))
        room = sum(column.width for column in form.columns[: middle + 1])
        self._sheet.set_row(1, _LINE_POINTS * _lines(said, room) + 2)
        unit = self._style(align="right", valign="bottom")
        if middle + 1 < last:
            self._sheet.merge_range(1, middle + 1, 1, last, "金额单位：元", unit)
        else:
            self._sheet.write_string(1, last, "金额单位：元", unit)
        style = self._heading_style()
        lines = 1
        for index, column in enumerate(form.columns):
            self._sheet.set_column(index, index, column.width)
            self._sheet.write_string(_HEADING_ROW, index, column.heading, style)
            lines = max(lines, _lines(column.heading, column.width))
        self._sheet.set_row(_HEADING_ROW, _LINE_POINTS * lines + 6)
        self._row = _HEADING_ROW + 1

    def _heading_style(self) -> Format:
        return self._style(bold=True, border=1, align="center", text_wrap=True, bg_color="#EDEDED")

    def _write(self, column: int, cell: Cell, style: Format) -> None:
        if isinstance(cell, Fen):
            self._sheet.write_number(self._row, column, cell.fen / 100, style)
        elif isinstance(cell, Points):
            self._sheet.write_number(self._row, column, float(100 * cell.share), style)
        elif isinstance(cell, Share):
            self._sheet.write_number(self._row, column, float(cell.share), style)
        elif isinstance(cell, int):
            self._sheet.write_number(self._row, column, cell, style)
        elif cell:
            self._sheet.write_string(self._row, column, cell, style)
        else:
            self._sheet.write_blank(self._row, column, None, style)

    def _add_up(self, column: int, above: int, cell: Fen, style: Format) -> None:
        """Write the sum of the rows above, with its value for readers that do not calculate."""
        from xlsxwriter.utility import xl_range  # noqa: PLC0415 - heavy, see proposal_workbook

        cells = xl_range(self._row - above, column, self._row - 1, column)
        formula = f"=SUBTOTAL(9,{cells})"
        self._sheet.write_formula(self._row, column, formula, style, cell.fen / 100)

    def _sign(self, form: Form) -> None:
        """Write the places to sign, spread over the width of the form."""
        self._row += 1
        self._sheet.set_row(self._row, 30)
        total = sum(column.width for column in form.columns)
        start = -1
        for n, words in enumerate(form.signatures):
            # Each has a column of its own, where a wide one takes the room of two of them too.
            start = max(_column_at(form.columns, total * n // len(form.signatures)), start + 1)
            self._sheet.write_string(self._row, start, words, self._style(font_size=11))

    def notes(self, title: str, parts: Sequence[Section]) -> None:
        """Write the sheet of explanations: paragraphs and small tables one below the other."""
        last = len(_NOTE_WIDTHS) - 1
        for index, width in enumerate(_NOTE_WIDTHS):
            self._sheet.set_column(index, index, width)
        self._sheet.set_row(0, 32)
        big = self._style(bold=True, font_size=16, align="center")
        self._sheet.merge_range(0, 0, 0, last, title, big)
        self._row = 2
        for part in parts:
            self._section(part, last)
        self._set_up(last, paper=_A4)
        self._sheet.freeze_panes(1, 0)

    def _section(self, part: Section, last: int) -> None:
        self._sheet.merge_range(
            self._row, 0, self._row, last, part.title, self._style(bold=True, font_size=11)
        )
        self._sheet.set_row(self._row, _LINE_POINTS + 4)
        self._row += 1
        for paragraph in part.paragraphs:
            style = self._style(text_wrap=True)
            self._sheet.merge_range(self._row, 0, self._row, last, paragraph, style)
            lines = _lines(paragraph, sum(_NOTE_WIDTHS))
            self._sheet.set_row(self._row, _LINE_POINTS * lines + 2)
            self._row += 1
        if part.rows:
            self._spanned(part.headings, part.spans, heading=True)
            for row in part.rows:
                self._spanned(row, part.spans)
        self._row += 1

    def _spanned(
        self, cells: Sequence[Cell], spans: Sequence[int], *, heading: bool = False
    ) -> None:
        """Write a row whose cells each take some columns of the grid."""
        start, lines = 0, 1
        for cell, span in zip(cells, spans, strict=True):
            kind = "money" if isinstance(cell, Fen) else "text"
            style = self._heading_style() if heading else self._cell_style(kind, strong=False)
            if span > 1:
                self._sheet.merge_range(self._row, start, self._row, start + span - 1, "", style)
            self._write(start, cell, style)
            if isinstance(cell, str):
                width = sum(_NOTE_WIDTHS[start : start + span])
                lines = max(lines, _lines(cell, width))
            start += span
        self._sheet.set_row(self._row, _LINE_POINTS * lines + 4)
        self._row += 1

    def _set_up(self, last: int, *, paper: int) -> None:
        sheet = self._sheet
        sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, self._row, last)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        sheet.hide_gridlines(2)


def _lines(text: str, width: int) -> int:
    """Return for how many lines a row needs the height: a printer may have less room for a line.

    So each is a narrow character shorter than it looks.
    """
    return lines_of(text, width - 1, _HALF_POINTS)


def _led(form: Form, row: Row, column: int, places: Mapping[str, Mapping[str, int]]) -> str:
    """Return where a cell leads, or nothing."""
    sheet = form.leading.get(column, "")
    number = places.get(sheet, {}).get(row.line)
    return f"internal:'{sheet}'!A{number}" if number else ""


def _column_at(columns: Sequence[Column], distance: int) -> int:
    """Return the column in which a point lies, `distance` narrow characters from the left."""
    for index, column in enumerate(columns):
        if distance < column.width:
            return index
        distance -= column.width
    return len(columns) - 1
