"""Which column of a statement holds what, by the words that banks use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fundledger.bank.layout import Layout, by_words, plain, without_space
from fundledger.bank.problems import Problems, letters, shown
from fundledger.bank.tables import Row, Sheet

HEADER_WITHIN_ROWS = 60
_ENOUGH_ROLES = 3


@dataclass(frozen=True, slots=True)
class Header:
    """The header row of a table: its row number, its words and the column index of each role."""

    row: int
    words: tuple[str, ...]
    columns: Mapping[str, int]
    join: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    layout: Layout = field(default_factory=by_words)

    @property
    def last(self) -> int:
        """The index of the last column with a header word."""
        return max(index for index, word in enumerate(self.words) if word)

    def label(self, index: int) -> str:
        """Return how a person finds the column: its header word, or its letter."""
        word = self.words[index] if index < len(self.words) else ""
        return shown(word) or letters(index)


def roles_of(row: Row, layout: Layout) -> frozenset[str]:
    """Return the roles that the words of a row name."""
    present = {plain(cell) for cell in row.cells} - {""}
    known = layout.words.columns
    return frozenset(role for role, ranks in known.items() if any(rank & present for rank in ranks))


def missing(row: Row, layout: Layout) -> list[str]:
    """Return a bank's own name of each column that it always has and that this row has not."""
    present = {plain(cell) for cell in row.cells}
    return [words[0] for words in layout.needed if present.isdisjoint(map(plain, words))]


def find_header(sheet: Sheet, layout: Layout) -> Row | None:
    """Return the first row that reads like the header of a statement's table, if any does.

    In a bank's layout it is the first that has all columns which must be there.
    """
    for row in sheet.rows[:HEADER_WITHIN_ROWS]:
        if layout.id:
            if not missing(row, layout):
                return row
            continue
        roles = roles_of(row, layout)
        if len(roles) >= _ENOUGH_ROLES and roles & {"in", "out", "amount", "balance"}:
            return row
    return None


def map_header(row: Row, layout: Layout, problems: Problems) -> Header:
    """Return where each role stands; adds FL811 for a missing and FL812 for a doubled column."""
    texts = tuple(plain(cell) for cell in row.cells)
    shown_words = tuple(without_space(cell) if isinstance(cell, str) else "" for cell in row.cells)
    columns: dict[str, int] = {}
    for role, ranks in layout.words.columns.items():
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
    for rank in layout.words.columns.get("time", ()):
        for index, text in enumerate(texts):
            if text in rank and index != columns.get("date"):
                columns.setdefault("time", index)
    join = {
        role: tuple(index for index, text in enumerate(texts) if text in known)
        for role, known in layout.words.join.items()
    }
    if layout.id:
        join["memo"] = _said_besides(texts, layout, {*columns.values(), *join["summary"]})
    _complain(row, columns, layout, problems)
    return Header(row.number, shown_words, columns, join, layout)


def _said_besides(texts: Sequence[str], layout: Layout, read: set[int]) -> tuple[int, ...]:
    """Return all columns of a bank's layout that are neither read otherwise nor to be ignored."""
    return tuple(
        index
        for index, text in enumerate(texts)
        if text and index not in read and text not in layout.ignored
    )


def _complain(row: Row, columns: Mapping[str, int], layout: Layout, problems: Problems) -> None:
    if "date" not in columns:
        problems.add("FL811", row=row.number, column=_allowed("date", layout))
    if "amount" in columns and columns.keys() & {"in", "out"}:
        both = [columns[role] for role in ("amount", "in", "out") if role in columns]
        problems.add("FL812", row=row.number, column="、".join(map(letters, sorted(both))))
    if "amount" not in columns:
        for role in ("out", "in"):
            if role not in columns:
                problems.add("FL811", row=row.number, column=_allowed(role, layout))


def _allowed(role: str, layout: Layout) -> str:
    ranks: Sequence[frozenset[str]] = layout.words.columns.get(role, ())
    return "/".join(sorted(word for rank in ranks for word in rank))
