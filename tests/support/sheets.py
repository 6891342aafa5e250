"""Workbooks as they are read back: sheets, rows, money and links."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from html import unescape
from typing import Any

from python_calamine import CalamineWorkbook

HEADING_ROW = 2


def sheets(data: bytes) -> dict[str, list[list[Any]]]:
    """Return the rows of every sheet by its name."""
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }


def fen(cell: object) -> int | None:
    """Return the money in a cell, None of an empty one."""
    assert not isinstance(cell, str) or cell == ""
    return None if cell == "" else round(float(cell) * 100)  # type: ignore[arg-type]


def body(rows: Sequence[list[Any]]) -> list[list[Any]]:
    """Return the rows of a form that begin with a number."""
    return [row for row in rows[HEADING_ROW + 1 :] if isinstance(row[0], float)]


def sheet_xml(data: bytes) -> dict[str, str]:
    """Return the XML of every sheet by its name."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        return {
            name: book.read(f"xl/worksheets/sheet{number}.xml").decode()
            for number, name in enumerate(names, 1)
        }


def links(xml: str) -> dict[str, tuple[str, int]]:
    """Return where each linked cell of a sheet leads: a sheet, and the number of its row."""
    found = {}
    for cell, place in re.findall(r'<hyperlink ref="([A-Z]+\d+)" location="([^"]+)"', xml):
        sheet, _, target = unescape(place).partition("!")
        found[cell] = (sheet.strip("'"), int(target.lstrip("A")))
    return found


def sums(xml: str) -> list[tuple[str, int, int, float]]:
    """Return of each sum of a sheet its column, its row, how many rows it adds up, and its value.

    It is held on the way that the rows which are no sums come to the value.
    """
    values = {
        (column, int(row)): float(value)
        for column, row, value in re.findall(
            r'<c r="([A-Z]+)(\d+)" s="\d+">(?:<f>[^<]*</f>)?<v>([^<]*)</v>', xml
        )
    }
    found = re.findall(
        r'<c r="([A-Z]+)(\d+)"[^>]*><f>SUBTOTAL\(9,([A-Z]+)(\d+)(?::[A-Z]+(\d+))?\)</f>', xml
    )
    totals = {(column, int(row)) for column, row, *_ in found}
    told = []
    for column, row, of_column, first, upto in found:
        last = upto or first
        assert (of_column, int(last)) == (column, int(row) - 1)
        added = sum(
            values.get((column, number), 0)
            for number in range(int(first), int(last) + 1)
            if (column, number) not in totals
        )
        assert round(added, 2) == values[column, int(row)], (column, row)
        told.append((column, int(row), int(last) - int(first) + 1, values[column, int(row)]))
    return told


def room(xml: str) -> dict[tuple[int, int], int]:
    """Return how many narrow characters a cell has room for, by its row and column from 0.

    A merged cell has that of its columns; all others are by the column alone, in row -1.
    """
    wide = {
        column: int(float(width))
        for first, last, width in re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', xml)
        for column in range(int(first) - 1, int(last))
    }
    found = {(-1, column): width for column, width in wide.items()}
    for first, row, last in re.findall(r'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)\d+"', xml):
        columns = range(_column(first), _column(last) + 1)
        found[int(row) - 1, columns[0]] = sum(wide[column] for column in columns)
    return found


def heights(xml: str) -> dict[int, float]:
    """Return the heights of the rows that have one of their own, in points, by rows from 0."""
    found = re.findall(r'<row r="(\d+)"[^>]* ht="([\d.]+)"', xml)
    return {int(row) - 1: float(points) for row, points in found}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
