"""What a form is made of: cells of plain values, in columns and rows.

A cell is text, a whole number, `Fen`, a `Share`, `Points`, or None where nothing is derived yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final, Literal, NamedTuple, TypeAlias

SIGNATURES: Final = (
    *("制表：", "审核：", "分管领导：", "联席会议审议意见："),
    "日期：　　　年　　月　　日",
)
SHORT_SIGNATURES: Final = ("制表：", "审核：", "日期：　　　年　　月　　日")


class Fen(NamedTuple):
    """Money in fen."""

    fen: int


class Share(NamedTuple):
    """A part of something: 1 is all of it."""

    share: Fraction


class Points(NamedTuple):
    """How far a share lies from another, to be shown in percentage points."""

    share: Fraction


Cell: TypeAlias = str | int | Fen | Share | Points | None
Kind: TypeAlias = Literal["text", "centre", "money", "share", "rate", "points", "whole"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a form: its heading, its width in narrow characters, what stands in it."""

    heading: str
    width: int
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a form; a `sum` row stands out, and adds up the money of so many rows above it.

    Sums among those rows are not added once more.  `line` is the budget line that it is about, by
    which rows of one form lead to those of another.
    """

    cells: tuple[Cell, ...]
    sum: bool = False
    above: int = 0
    line: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One form: the name of its sheet, its title, columns, rows, and the places to sign.

    Its columns `leading` lead each to the first row of the same line in the sheet named there; they
    are of numbers, for some programs do not wrap a text that leads somewhere.
    `until` is the day that it is told through, where that is not the proposal's cut-off; `notes`
    stand under its title.
    """

    sheet: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    signatures: tuple[str, ...]
    large: bool = False
    fixed: int = 4
    until: date | None = None
    leading: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
