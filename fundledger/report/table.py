"""Tables for a screen whose Chinese characters are two columns wide; nothing but text in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

GAP = "  "
NARROWEST = 8
READABLE = 12
_WIDEST_WORD = 20
_NOT_LAST = frozenset("（《「『“‘(")
_NOT_FIRST = frozenset("，。、；：！？）》」』”’…,.;:!?)")
_WIDE = frozenset("WF")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, whether figures stand to the right, whether long text may wrap.

    Where a screen is too narrow, those that it can spare are left out, the greatest number first.
    """

    heading: str
    right: bool = False
    wraps: bool = False
    spare: int = 0


def width(text: str) -> int:
    """Return how many columns of a terminal `text` takes.

    Wide and full-width characters take two, combining marks and other invisible ones none.
    Source: Unicode Standard Annex 11, East Asian Width.
    """
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Return `text` filled with spaces to `columns`, on its left if it stands to the right."""
    space = " " * max(0, columns - width(text))
    return space + text if right else text + space


def centred(text: str, columns: int) -> str:
    """Return `text` in the middle of `columns`, without spaces after it."""
    return " " * max(0, (columns - width(text)) // 2) + text


def wrapped(text: str, columns: int) -> list[str]:
    """Return `text` in lines of at most `columns`; at least one line.

    Lines break at spaces and beside wide characters, but not before a closing mark or behind an
    opening one; the path of an account behind its colons.  A longer word is cut, at the capital
    of a word within it if there is one.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if width(line) + width(piece.rstrip(" ")) <= columns:
            line += piece
            continue
        if line.strip(" "):
            lines.append(line.rstrip(" "))
        line = piece.lstrip(" ")
        while width(line) > columns:
            head = _head(line, columns)
            lines.append(head)
            line = line[len(head) :]
    lines.append(line.rstrip(" "))
    return lines


def _head(text: str, columns: int) -> str:
    """Return as much of the beginning as fits, and at least one character."""
    taken = capital = 0
    for index, character in enumerate(text):
        taken += _width(character)
        if taken > columns and index:
            return text[: capital or index]
        if index and character.isupper() and text[index - 1].islower():
            capital = index
    return text


def _pieces(text: str) -> Iterator[str]:
    """Yield what must stay on one line: a word with its spaces, a wide character with its mark."""
    piece = ""
    for character in text:
        wide = unicodedata.east_asian_width(character) in _WIDE
        after_space = piece.endswith(" ") and character != " "
        beside_wide = bool(piece) and (wide or _ends_wide(piece)) and character != " "
        in_path = piece[-1:] == ":" and character.isascii() and character.isalnum()
        bound = character in _NOT_FIRST or piece[-1:] in _NOT_LAST
        if piece and (after_space or beside_wide or in_path) and not bound:
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _ends_wide(piece: str) -> bool:
    return unicodedata.east_asian_width(piece[-1]) in _WIDE


def fitting(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], limit: int | None
) -> tuple[int, ...]:
    """Return which columns a screen of `limit` columns has room for, by their places."""
    kept = list(range(len(columns)))
    if limit is None:
        return tuple(kept)
    body = list(rows)
    natural = _natural(columns, body)
    least = [
        min(natural[index], max(_longest(body, index), READABLE))
        if column.wraps
        else natural[index]
        for index, column in enumerate(columns)
    ]
    while sum(least[index] for index in kept) + len(GAP) * (len(kept) - 1) > limit:
        first = max(kept, key=lambda index: columns[index].spare)
        if not columns[first].spare:
            break
        kept.remove(first)
    return tuple(kept)


def _longest(rows: Iterable[Sequence[str]], index: int) -> int:
    """Return how wide a column is whose words, unless they are very long, are not cut."""
    found = [width(piece.rstrip(" ")) for row in rows for piece in _pieces(row[index])]
    return min(max(found, default=0), _WIDEST_WORD)


def table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    *,
    limit: int | None = None,
    least: int = 0,
    total: Sequence[str] | None = None,
) -> list[str]:
    """Return the lines of a table: headings, a rule, the rows, and a last row of totals.

    With a `limit` of columns, the columns that may wrap give way; without one nothing does.  The
    last of them is widened to fill `least` columns.  No line ends in spaces.
    """
    body = [list(row) for row in rows]
    last = [] if total is None else [list(total)]
    widths = _widths(columns, [*body, *last], limit)
    stretching = [index for index, column in enumerate(columns) if column.wraps]
    if stretching:
        widths[stretching[-1]] += max(0, least - sum(widths) - len(GAP) * (len(widths) - 1))
    rule = GAP.join("-" * columns_wide for columns_wide in widths)
    lines = [*_lines(columns, [column.heading for column in columns], widths), rule]
    for row in body:
        lines += _lines(columns, row, widths)
    if last:
        lines.append(rule)
        lines += _lines(columns, last[0], widths)
    return lines


def _widths(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], limit: int | None
) -> list[int]:
    widths = _natural(columns, rows)
    if limit is None:
        return widths
    over = sum(widths) + len(GAP) * (len(widths) - 1) - limit
    if over <= 0:
        return widths
    words = [max(_longest(rows, i), NARROWEST) if c.wraps else 0 for i, c in enumerate(columns)]
    for floors in (words, [NARROWEST] * len(columns)):
        while over > 0:
            able = [i for i, c in enumerate(columns) if c.wraps and widths[i] > floors[i]]
            if not able:
                break
            widths[max(able, key=lambda index: widths[index])] -= 1
            over -= 1
    return widths


def _natural(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[int]:
    return [
        max([width(column.heading), *(width(row[index]) for row in rows)])
        for index, column in enumerate(columns)
    ]


def _lines(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    cells = [
        wrapped(text, columns_wide) if width(text) > columns_wide else [text]
        for text, columns_wide in zip(row, widths, strict=True)
    ]
    for index in range(max(len(cell) for cell in cells)):
        parts = [
            pad(cell[index] if index < len(cell) else "", columns_wide, right=column.right)
            for column, cell, columns_wide in zip(columns, cells, widths, strict=True)
        ]
        yield GAP.join(parts).rstrip(" ")
