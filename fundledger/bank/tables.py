"""Rows and cells of a file, whatever the format: workbooks and delimited text alike."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeAlias

from fundledger.bank.problems import Problems

Cell: TypeAlias = str | float | bool | date | datetime | time

DELIMITERS = ("\t", ",", "|", ";")
_PADDING = " \t\r\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
_AS_FORMULA = re.compile(r'="([^"]*)"')
_EMPTY = frozenset(("-", "--", "—", "——"))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, from 1, and its cells; an empty cell is an empty text."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, index: int | None) -> Cell:
        """Return a cell; an empty text where the row is shorter or the column absent."""
        return self.cells[index] if index is not None and index < len(self.cells) else ""

    def filled(self) -> list[int]:
        """Return the indexes of the cells that hold something."""
        return [index for index, cell in enumerate(self.cells) if cell != ""]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of rows; `merged` are the (first row, last row) numbers of merged ranges."""

    name: str
    rows: tuple[Row, ...]
    merged: tuple[tuple[int, int], ...] = ()


def clean(cell: Cell) -> Cell:
    """Return a cell without padding; text written `="…"` unwrapped, and `-` as empty."""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return float(cell)
    if not isinstance(cell, str):
        return cell
    text = cell.strip(_PADDING)
    if match := _AS_FORMULA.fullmatch(text):
        text = match.group(1).strip(_PADDING)
    text = text.removeprefix("'")
    return "" if text in _EMPTY else text


def text_of(data: bytes, encoding: str | None, problems: Problems) -> tuple[str, bool]:
    """Return the text of `data`, and whether its encoding still needs header words as proof.

    Strict UTF-8, or UTF-16 with its mark, or else GB18030, in which nearly all bytes are some
    text: the caller takes it only if known header words appear.
    """
    if encoding is not None:
        try:
            return data.decode(encoding).removeprefix("\ufeff"), False
        except (UnicodeDecodeError, LookupError):
            problems.stop("FL809", encoding=encoding)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), False
        except UnicodeDecodeError:
            problems.stop("FL809", encoding="UTF-16")
    try:
        return data.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030"), True
    except UnicodeDecodeError:
        problems.stop("FL809", encoding="UTF-8/GB18030")


def delimited(text: str, delimiter: str, problems: Problems) -> Sheet:
    """Return the rows of delimited text; row numbers are the lines where they begin."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = []
    line = 1
    try:
        for cells in reader:
            rows.append(Row(line, tuple(clean(cell) for cell in cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.stop("FL808", reason=f"{error} (line {line})")
    return Sheet("", tuple(rows))


def workbook(data: bytes, problems: Problems) -> Sequence[Sheet]:
    """Return the sheets of a workbook that has passed the guards of its format."""
    import python_calamine  # noqa: PLC0415 - heavy, and only workbooks need it

    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return [_sheet(book.get_sheet_by_name(name)) for name in book.sheet_names]
    except Exception as error:  # noqa: BLE001 - the reader's ways to fail are its own
        problems.stop("FL808", reason=type(error).__name__)
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        problems.stop("FL808", reason="panic")


def _sheet(sheet: object) -> Sheet:
    raw = sheet.to_python(skip_empty_area=False)  # type: ignore[attr-defined]
    merged = sheet.merged_cell_ranges or ()  # type: ignore[attr-defined]
    rows = tuple(
        Row(number, tuple(clean(cell) for cell in cells)) for number, cells in enumerate(raw, 1)
    )
    return Sheet(
        sheet.name,  # type: ignore[attr-defined]
        rows,
        tuple((first[0] + 1, last[0] + 1) for first, last in merged),
    )
