"""What a workbook's cells are beside their values: formulas, errors, and which are merged."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from xml.parsers import expat

Place: TypeAlias = tuple[int, int]
"""A row as the workbook counts it, from 1, and the index of a column, from 0."""

_CELL = re.compile(r"([A-Z]{1,3})(\d{1,9})", re.ASCII)
_MACROS = b"macroEnabled"
_TYPES = "[Content_Types].xml"


@dataclass(slots=True)
class Marks:
    """Of one sheet: the formulas by place, the error cells, and the merged ranges by corners."""

    formulas: dict[Place, str] = field(default_factory=dict)
    errors: set[Place] = field(default_factory=set)
    merged: list[tuple[Place, Place]] = field(default_factory=list)


def marks_of(data: bytes) -> Mapping[str, Marks]:
    """Return the marks of each sheet by its name, of a workbook that has passed its guards."""
    from fundledger.bank.hidden import sheets_in  # noqa: PLC0415 - only workbooks need it

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = frozenset(archive.namelist())
        return {
            sheet: _Scan().marks_in(archive.read(member))
            for sheet, _, member in sheets_in(archive, names)
        }


def says_macros(data: bytes) -> bool:
    """Tell whether a workbook calls itself one with macros (.xlsm), whatever its file's name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return _TYPES in archive.namelist() and _MACROS in archive.read(_TYPES)


def place_of(cell: str) -> Place | None:
    """Return the place of a cell such as `B12`; None for what is no cell."""
    found = _CELL.fullmatch(cell)
    return None if found is None else _place(found)


def _place(found: re.Match[str]) -> Place:
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column - 1


class _Scan:
    """One sheet, read element by element; of most cells nobody asks where they are."""

    def __init__(self) -> None:
        self._marks = Marks()
        self._row = 0
        self._named: re.Match[str] | None = None
        self._after = 0
        self._formula: list[str] = []
        self._shared = ""
        self._masters: dict[str, tuple[Place, str]] = {}
        self._parser = expat.ParserCreate()

    def marks_in(self, content: bytes) -> Marks:
        """Return the marks of a sheet's XML, which was parsed once and found sound."""
        self._parser.StartElementHandler = self._start
        self._parser.Parse(content, True)  # noqa: FBT003 - the last part; expat takes it by place
        return self._marks

    @property
    def _at(self) -> Place:
        """The place of the cell: as it says, or so many after the last of its row that does."""
        row, column = (self._row, -1) if self._named is None else _place(self._named)
        return (row, column) if not self._after else (self._row, column + self._after)

    def _start(self, name: str, said: Mapping[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            found = _CELL.fullmatch(said.get("r", ""))
            if found is None:
                self._after += 1
            else:
                self._named, self._after = found, 0
            if said.get("t") == "e":
                self._marks.errors.add(self._at)
        elif tag == "row":
            number = said.get("r", "")
            self._row = int(number) if number.isdecimal() else self._row + 1
            self._named, self._after = None, 0
        elif tag == "f":
            self._formula = []
            self._shared = said.get("si", "") if said.get("t") == "shared" else ""
            self._parser.CharacterDataHandler = self._formula.append
            self._parser.EndElementHandler = self._end
        elif tag == "mergeCell":
            first, _, last = said.get("ref", "").partition(":")
            corners = place_of(first), place_of(last or first)
            if corners[0] is not None and corners[1] is not None:
                self._marks.merged.append((corners[0], corners[1]))

    def _end(self, name: str) -> None:
        """Take in a formula at its end; until the next one nobody asks for ends and texts."""
        if name.rpartition(":")[2] != "f":
            return
        self._parser.CharacterDataHandler = self._parser.EndElementHandler = None
        text = "".join(self._formula)
        if self._shared and text:
            self._masters[self._shared] = self._at, text
        elif self._shared and self._shared in self._masters:
            text = _moved(*self._masters[self._shared], self._at)
        self._marks.formulas[self._at] = text


def _moved(of: Place, formula: str, to: Place) -> str:
    """Return what a formula that was filled down from one cell says in another of its column."""
    if of[1] != to[1]:
        return ""
    down = to[0] - of[0]
    return _CELL.sub(lambda found: f"{found[1]}{int(found[2]) + down}", formula)
