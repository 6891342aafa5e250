"""What a workbook's cells are beside their values: formulas, errors, and which are merged."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
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
    if found is None:
        return None
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found.group(2)), column - 1


class _Scan:
    """One sheet, read element by element."""

    def __init__(self) -> None:
        self._marks = Marks()
        self._row = 0
        self._at: Place = (0, -1)
        self._formula: list[str] | None = None
        self._shared = ""
        self._masters: dict[str, tuple[Place, str]] = {}

    def marks_in(self, content: bytes) -> Marks:
        """Return the marks of a sheet's XML, which was parsed once and found sound."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._bare(self._start)
        parser.EndElementHandler = lambda tag: self._end(tag.rpartition(":")[2])
        parser.CharacterDataHandler = self._text
        parser.Parse(content, True)  # noqa: FBT003 - the last part; expat takes it by place
        return self._marks

    @staticmethod
    def _bare(
        start: Callable[[str, Mapping[str, str]], None],
    ) -> Callable[[str, Mapping[str, str]], None]:
        return lambda tag, said: start(tag.rpartition(":")[2], said)

    def _start(self, tag: str, said: Mapping[str, str]) -> None:
        if tag == "row":
            number = said.get("r", "")
            self._row = int(number) if number.isdecimal() else self._row + 1
            self._at = self._row, -1
        elif tag == "c":
            self._at = place_of(said.get("r", "")) or (self._row, self._at[1] + 1)
            if said.get("t") == "e":
                self._marks.errors.add(self._at)
        elif tag == "f":
            self._formula = []
            self._shared = said.get("si", "") if said.get("t") == "shared" else ""
        elif tag == "mergeCell":
            first, _, last = said.get("ref", "").partition(":")
            corners = place_of(first), place_of(last or first)
            if corners[0] is not None and corners[1] is not None:
                self._marks.merged.append((corners[0], corners[1]))

    def _text(self, text: str) -> None:
        if self._formula is not None:
            self._formula.append(text)

    def _end(self, tag: str) -> None:
        if tag != "f" or self._formula is None:
            return
        text, self._formula = "".join(self._formula), None
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
