"""A bank's answer as a table (.xlsx, .xls, .csv): found by its headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from fundledger.bankfile.answer import Answer, AnswerRow, Spot, cell_place, row_place
from fundledger.bankfile.opened import refused, sheets_in
from fundledger.bankfile.profile import ResultLayout
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.tables.tabular import letters, plain
from fundledger.tables.unfit import (
    ABOVE,
    MERGED,
    OTHER_SHEET,
    SHEETS,
)

if TYPE_CHECKING:
    from fundledger.bank.tables import Cell, Row, Sheet

_HEADING_ROWS = 20
_LABELLED = re.compile(r"([^:：]{1,20})[:：]\s*(\S.*)")


def table_answer(data: bytes, name: str, layout: ResultLayout) -> Answer:
    """Return the parts of a table.

    Raises:
        InputInvalid: FL772, FL773, FL788, FL789, FL937, FL939, FL949: all that can be seen.

    """
    sheets, is_text = sheets_in(data, name)
    sheet, at = _found(sheets, layout, name)
    _expect_nothing_else(sheets, sheet, at, layout, name)
    columns, aside = columns_of(sheet.rows[at], layout, name)
    body = [row for row in sheet.rows[at + 1 :] if row.filled()]
    while body and _is_note(body[-1], layout.notes):
        body.pop()
    if is_text:
        expect_width(body, len(sheet.rows[at].cells), name)
    body, total = _parted(body, layout, name)
    if not body:
        raise InputInvalid(Finding("FL939", name))
    return Answer(
        head_of(_head(sheet.rows[:at], layout, name), layout, name),
        tuple(row_of(row, columns, name) for row in body),
        tuple(_total(total, columns, name)),
        aside,
    )


def row_of(row: Row, columns: Mapping[int, tuple[str, str]], name: str) -> AnswerRow:
    """Return a row with its cells by field; `columns` have field and heading by place."""
    spots = {
        field: Spot(field, row.cell(index), cell_place(name, row.number, index, heading))
        for index, (field, heading) in columns.items()
        if field != "other"
    }
    return AnswerRow(row.number, row_place(name, row.number), spots)


def columns_of(
    row: Row, layout: ResultLayout, name: str
) -> tuple[dict[int, tuple[str, str]], tuple[str, ...]]:
    """Return field and heading of each column by its place, and the letters of all others.

    Raises:
        InputInvalid: FL789, a heading stands twice or one that is needed is not there.

    """
    fields = {plain(word): column.field for column in layout.columns for word in column.words}
    columns: dict[int, tuple[str, str]] = {}
    seen: set[str] = set()
    aside, wrong = [], []
    names = [index for index in row.filled() if fields.get(plain(row.cell(index))) == "name"]
    for index in row.filled():
        text = plain(row.cell(index))
        field = fields.get(text)
        # Of two names nobody knows which is the payee's, and an answer rests on neither.
        if field is None or (field == "name" and len(names) > 1):
            aside.append(letters(index))
            continue
        if field in seen and field != "other":
            details = {"reason": "twice", "column": text}
            wrong.append(Finding("FL789", f"{name} {letters(index)}{row.number}", details))
        seen.add(field)
        columns[index] = (field, text)
    for column in layout.columns:
        if column.needed and column.field not in seen:
            details = {"reason": "missing", "column": column.words[0] if column.words else "?"}
            wrong.append(Finding("FL789", name, details))
    if not wrong and not _enough(seen):
        there = "、".join(word for _, word in columns.values())
        wrong.append(Finding("FL789", name, {"reason": "few", "column": there}))
    if wrong:
        raise InputInvalid(wrong)
    return columns, tuple(aside)


def _enough(seen: set[str]) -> bool:
    """Whether rows can be tied to payments and have an outcome and an amount."""
    tied = "line" in seen or {"account", "amount"} <= seen
    return tied and bool(seen & {"status", "paid"}) and bool(seen & {"amount", "paid"})


def head_of(spots: Iterable[Spot], layout: ResultLayout, name: str) -> tuple[Spot, ...]:
    """Return what stands above the rows; what is needed must be there (FL789)."""
    found = tuple(spots)
    fields = {spot.field for spot in found}
    missing = [
        Finding("FL789", name, {"reason": "label", "column": cell.words[0] if cell.words else "?"})
        for cell in layout.head
        if cell.needed and cell.field not in fields
    ]
    if missing:
        raise InputInvalid(missing)
    return found


def expect_width(rows: Sequence[Row], width: int, name: str) -> None:
    """Refuse rows of a text that have more or fewer cells than there are (FL772)."""
    wrong = [
        Finding("FL772", row_place(name, row.number), {"found": len(row.cells), "expected": width})
        for row in rows
        if len(row.cells) != width
    ]
    if wrong:
        raise InputInvalid(wrong)


def is_word(cell: Cell, words: Sequence[str]) -> bool:
    """Whether a cell says one of some words, with or without a colon behind it."""
    known = {plain(word).rstrip(":") for word in words}
    return isinstance(cell, str) and plain(cell).rstrip(":") in known


def _found(sheets: Sequence[Sheet], layout: ResultLayout, name: str) -> tuple[Sheet, int]:
    """Return the sheet with the headings, and which of its rows they are."""
    words = {plain(word) for column in layout.columns for word in column.words}
    found = []
    for sheet in sheets:
        counts = [
            sum(plain(row.cell(at)) in words for at in row.filled())
            for row in sheet.rows[:_HEADING_ROWS]
        ]
        best = max(counts, default=0)
        if best > 1:
            found.append((sheet, counts.index(best)))
    if len(found) > 1:
        raise InputInvalid(refused(name, SHEETS))
    if not found:
        wanted = "、".join(column.words[0] for column in layout.columns if column.field != "other")
        raise InputInvalid(Finding("FL789", name, {"reason": "missing", "column": wanted}))
    return found[0]


def _expect_nothing_else(
    sheets: Sequence[Sheet], sheet: Sheet, at: int, layout: ResultLayout, name: str
) -> None:
    """Refuse rows that nobody would read, and merged cells from the headings down."""
    labels = [word for cell in layout.head for word in cell.words]
    above = [
        row.number
        for row in sheet.rows[:at]
        if len(row.filled()) > 2  # noqa: PLR2004 - a title, or a label with its value
        and not any(_label(row.cell(index), labels) for index in row.filled())
    ]
    if above:
        raise InputInvalid(refused(name, ABOVE, rows=", ".join(map(str, above[:5]))))
    for place, other in enumerate(sheets, 1):
        if other is not sheet and any(row.filled() for row in other.rows):
            raise InputInvalid(refused(name, OTHER_SHEET, place=place))
    head = sheet.rows[at].number
    merged = sorted({first for first, end in sheet.merged if end >= head})
    if merged:
        raise InputInvalid([refused(name, MERGED, row=row) for row in merged])


def _is_note(row: Row, notes: Sequence[str]) -> bool:
    """Whether a row is nothing but one of the bank's remarks."""
    texts = [plain(row.cell(index)) for index in row.filled()]
    return len(texts) == 1 and texts[0].startswith(tuple(map(plain, notes)))


def _label(cell: Cell, labels: Sequence[str]) -> bool:
    """Whether a cell is a label above the rows, alone or with its value behind a colon."""
    found = _LABELLED.fullmatch(cell) if isinstance(cell, str) else None
    return is_word(cell, labels) or (found is not None and is_word(found[1], labels))


def _head(rows: Sequence[Row], layout: ResultLayout, name: str) -> Iterator[Spot]:
    """Yield what stands above the headings: a label and the next cell, or both in one cell."""
    labels = [word for cell in layout.head for word in cell.words]
    for row in rows:
        filled = row.filled()
        for index, after in zip(filled, [*filled[1:], None], strict=True):
            cell = row.cell(index)
            found = _LABELLED.fullmatch(cell) if isinstance(cell, str) else None
            for known in layout.head:
                if is_word(cell, known.words) and after is not None:
                    if _label(row.cell(after), labels):
                        continue
                    place = cell_place(name, row.number, after, known.words[0])
                    yield Spot(known.field, row.cell(after), place)
                elif found is not None and is_word(found[1], known.words):
                    place = cell_place(name, row.number, index, known.words[0])
                    yield Spot(known.field, found[2].strip(), place)


def _parted(rows: list[Row], layout: ResultLayout, name: str) -> tuple[list[Row], Row | None]:
    """Return the rows without the line of totals, and that line, which must be the last.

    Raises:
        InputInvalid: FL773, the profile has one and the file does not; FL788, rows behind it.

    """
    if layout.total is None:
        return rows, None
    words = layout.total.words
    ends = [
        at
        for at, row in enumerate(rows)
        if any(is_word(row.cell(index), words) for index in row.filled())
    ]
    if not ends:
        raise InputInvalid(Finding("FL773", name, {"reason": "total"}))
    if ends[0] != len(rows) - 1:
        number = rows[ends[0] + 1].number if ends[0] + 1 < len(rows) else rows[-1].number
        raise InputInvalid(Finding("FL788", row_place(name, number)))
    return rows[:-1], rows[-1]


def _total(row: Row | None, columns: Mapping[int, tuple[str, str]], name: str) -> Iterator[Spot]:
    """Yield the sums in a line of totals, by the columns under which they stand."""
    if row is None:
        return
    sums = {"amount": "sum", "paid": "paid_sum"}
    for index, (field, heading) in columns.items():
        if field in sums and row.cell(index) != "":
            place = cell_place(name, row.number, index, heading)
            yield Spot(sums[field], row.cell(index), place)
