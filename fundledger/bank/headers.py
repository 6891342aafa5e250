"""Which column of a statement holds what, by the words that banks use."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from fundledger.bank.problems import Problems, letters, shown
from fundledger.bank.tables import Cell, Row, Sheet

HEADER_WITHIN_ROWS = 60
_ENOUGH_ROLES = 3
_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_UNIT = re.compile(r"\((?:人民币)?(?:元|人民币|cny|rmb)\)$")


@dataclass(frozen=True, slots=True)
class Words:
    """The data of `headers.toml`: ranked words by column, joined columns, labels and values."""

    columns: Mapping[str, tuple[frozenset[str], ...]]
    join: Mapping[str, frozenset[str]]
    labels: Mapping[str, frozenset[str]]
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Header:
    """The header row of a table: its row number, its words and the column index of each role."""

    row: int
    words: tuple[str, ...]
    columns: Mapping[str, int]
    join: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """The index of the last column with a header word."""
        return max(index for index, word in enumerate(self.words) if word)

    def label(self, index: int) -> str:
        """Return how a person finds the column: its header word, or its letter."""
        word = self.words[index] if index < len(self.words) else ""
        return shown(word) or letters(index)


def plain(cell: Cell) -> str:
    """Return a cell as a word to compare: NFKC, no white space, no unit, lower case."""
    if not isinstance(cell, str):
        return ""
    word = _SPACE.sub("", unicodedata.normalize("NFKC", cell)).lower()
    return _UNIT.sub("", word)


@cache
def words() -> Words:
    """Return the words that this house knows, from the data file beside this module."""
    text = resources.files(__package__).joinpath("headers.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return Words(
        columns={
            role: tuple(frozenset(plain(word) for word in rank) for rank in ranks)
            for role, ranks in table["columns"].items()
        },
        join={role: frozenset(map(plain, known)) for role, known in table["join"].items()},
        labels={role: frozenset(map(plain, known)) for role, known in table["labels"].items()},
        words={role: tuple(map(plain, known)) for role, known in table["words"].items()},
    )


def roles_of(row: Row) -> frozenset[str]:
    """Return the roles that the words of a row name."""
    present = {plain(cell) for cell in row.cells} - {""}
    return frozenset(
        role for role, ranks in words().columns.items() if any(rank & present for rank in ranks)
    )


def find_header(sheet: Sheet) -> Row | None:
    """Return the first row that reads like the header of a statement's table, if any does."""
    for row in sheet.rows[:HEADER_WITHIN_ROWS]:
        roles = roles_of(row)
        if len(roles) >= _ENOUGH_ROLES and roles & {"in", "out", "amount", "balance"}:
            return row
    return None


def map_header(row: Row, problems: Problems) -> Header:
    """Return where each role stands; adds FL811 for a missing and FL812 for a doubled column."""
    texts = tuple(plain(cell) for cell in row.cells)
    shown_words = tuple(_SPACE.sub("", cell) if isinstance(cell, str) else "" for cell in row.cells)
    columns: dict[str, int] = {}
    for role, ranks in words().columns.items():
        if role == "time":
            continue
        for rank in ranks:
            found = [index for index, text in enumerate(texts) if text in rank]
            if len(found) > 1:
                named = "、".join(f"{letters(i)} {shown_words[i]}" for i in found)
                problems.add("FL812", row=row.number, column=named)
            if found:
                columns[role] = found[0]
                break
    for rank in words().columns["time"]:
        for index, text in enumerate(texts):
            if text in rank and index != columns.get("date"):
                columns.setdefault("time", index)
    join = {
        role: tuple(index for index, text in enumerate(texts) if text in known)
        for role, known in words().join.items()
    }
    _complain(row, columns, problems)
    return Header(row.number, shown_words, columns, join)


def _complain(row: Row, columns: Mapping[str, int], problems: Problems) -> None:
    if "date" not in columns:
        problems.add("FL811", row=row.number, column=_allowed("date"))
    if "amount" in columns and columns.keys() & {"in", "out"}:
        both = [columns[role] for role in ("amount", "in", "out") if role in columns]
        problems.add("FL812", row=row.number, column="、".join(map(letters, sorted(both))))
    if "amount" not in columns:
        for role in ("out", "in"):
            if role not in columns:
                problems.add("FL811", row=row.number, column=_allowed(role))


def _allowed(role: str) -> str:
    ranks: Sequence[frozenset[str]] = words().columns[role]
    return "/".join(sorted(word for rank in ranks for word in rank))
