"""A bank's answer taken apart: what is said of the batch, its rows, and its line of totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fundledger.tables.tabular import letters

if TYPE_CHECKING:
    from fundledger.bank.tables import Cell


class Spot(NamedTuple):
    """A cell and where it stands, as people find it; `field` says what it is."""

    field: str
    cell: Cell
    place: str

    def __repr__(self) -> str:
        return f"Spot({self.field}, {self.place})"


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row about one payment: its cells by field."""

    number: int
    place: str
    spots: Mapping[str, Spot]


@dataclass(frozen=True, slots=True)
class Answer:
    """The parts of an answer; `aside` are the letters of columns that nobody asked for."""

    head: tuple[Spot, ...]
    rows: tuple[AnswerRow, ...]
    total: tuple[Spot, ...] = ()
    aside: tuple[str, ...] = ()


def row_place(file: str, row: int) -> str:
    """Return a row as sentences show it."""
    return f"{file} [{row}]"


def cell_place(file: str, row: int, index: int, named: str) -> str:
    """Return a cell as sentences show it, by its spreadsheet name and its heading or field."""
    return f"{file} {letters(index)}{row} [{named}]"
