"""What stands around the table: account, period, opening and closing balance, unit, currency."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fundledger.bank.cells import NotExact, account_of, amount_fen, day_and_time
from fundledger.bank.layout import Words, by_words, plain
from fundledger.bank.problems import Problems, letters, shown_cell
from fundledger.bank.tables import Cell, Row

_INSIDE = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_PAIR = re.compile(r"([^\s:：,，;；]+)\s*[:：]\s*([^\s,，;；]*(?:,\d{3}[^\s,，;；]*)*)")
_DAY = r"\d{8}|\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日"
_CLOCK = r"(?:\s+\d{1,2}:\d\d(?::\d\d)?)?"
_MONTH = re.compile(r"(\d{4})(?:年(\d{1,2})月份?|[-/](\d{1,2}))", re.ASCII)
_LIKE_DAY = r"(?:20\d\d(?:0[1-9]|1[0-2])[0-3]\d|\d{4}-\d{1,2}-\d{1,2})(?!\d)"
_GROUPS = re.compile(
    rf"([^\s:：,，;；]+)(\s*[:：]\s*)(\d{{1,11}}(?:[\s-]+(?!{_LIKE_DAY})\d{{1,11}})+)(?![\d年])"
)
_PERIOD = re.compile(rf"({_DAY}){_CLOCK}\D{{1,5}}({_DAY})", re.ASCII)


@dataclass(slots=True)
class Stated:
    """What the file says of itself outside its table, each as the rows that say it are met.

    `words` are those by which it says so.
    """

    words: Words = field(default_factory=lambda: by_words().words)
    accounts: dict[str, int] = field(default_factory=dict)
    start: date | None = None
    end: date | None = None
    opening_fen: int | None = None
    closing_fen: int | None = None


def read_label_row(row: Row, stated: Stated, problems: Problems) -> None:
    """Take what a row outside the table states into `stated`; adds what cannot be read."""
    for role, index, value in _labelled(row, stated.words):
        place: dict[str, Any] = {"row": row.number, "column": letters(index)}
        if role == "account":
            _account(value, place, stated, problems)
        elif role == "period":
            _period(value, place, stated, problems)
        elif role in {"start", "end"}:
            _day(role, value, place, stated, problems)
        elif role in {"opening", "closing"}:
            _balance(role, value, place, stated, problems)
        elif plain(value) not in stated.words.words[role]:
            problems.add("FL823", text=shown_cell(value), **place)


def _labelled(row: Row, words: Words) -> Iterator[tuple[str, int, Cell]]:
    filled = row.filled()
    for position, index in enumerate(filled):
        cell = row.cells[index]
        if not isinstance(cell, str):
            continue
        following = filled[position + 1] if position + 1 < len(filled) else None
        role = label_of(cell, words)
        if role:
            if following is not None:
                value = row.cells[following]
                rest = filled[position + 1 :]
                yield role, following, _whole(role, value, row, rest, words)
            continue
        met: set[str] = set()
        for said in (cell, _INSIDE.sub("", cell)):
            text = _grouped(said, words)
            found = [(label_of(label, words), value) for label, value in _PAIR.findall(text)]
            fresh = [(role, value) for role, value in found if role and role not in met and value]
            met.update(role for role, _ in fresh)
            rest = filled[position:]
            yield from (
                (role, index, _whole(role, value, row, rest, words)) for role, value in fresh
            )


def _grouped(text: str, words: Words) -> str:
    """Return a text with the groups of digits behind the label of an account joined.

    A day behind the account is no group of it, and what begins with more than eleven digits is an
    account already.
    """

    def joined(match: re.Match[str]) -> str:
        label, colon, groups = match.groups()
        if label_of(label, words) != "account":
            return match.group()
        return label + colon + re.sub(r"[\s-]", "", groups)

    return _GROUPS.sub(joined, text)


def _whole(role: str, value: Cell, row: Row, rest: Sequence[int], words: Words) -> Cell:
    """Return a value; of a period all of it, which may go on in the cells behind its first day."""
    if role != "period":
        return value
    texts = []
    for place, index in enumerate(rest):
        cell = row.cells[index]
        if place and label_of(cell, words):
            break
        if isinstance(cell, date):
            texts.append(f"{cell:%Y-%m-%d}")
        elif isinstance(cell, float) and cell.is_integer():
            texts.append(str(int(cell)))
        else:
            texts.append(str(cell))
    joined = " ".join(texts)
    start = joined.find(value) if isinstance(value, str) else 0
    match = _PERIOD.match(joined[max(start, 0) :].strip()) if value != "" else None
    return match.group() if match else value


def label_of(cell: Cell, words: Words) -> str | None:
    """Return the role of a cell that is a label, with or without its colon; else nothing."""
    label = plain(cell).rstrip(":")
    return next((role for role, known in words.labels.items() if label in known), None)


def _account(value: Cell, place: dict[str, Any], stated: Stated, problems: Problems) -> None:
    try:
        number = account_of(value)
    except NotExact:
        problems.add("FL821", **place)
        return
    except ValueError:
        problems.add("FL832", text=shown_cell(value), **place)
        return
    if number and "*" not in number:
        stated.accounts.setdefault(number, place["row"])


def _period(value: Cell, place: dict[str, Any], stated: Stated, problems: Problems) -> None:
    match = _PERIOD.search(value) if isinstance(value, str) else None
    first, last = match.groups() if match else (value, value)
    try:
        stated.start, stated.end = _month(value) or (day_and_time(first)[0], day_and_time(last)[0])
    except ValueError:
        problems.add("FL818", text=shown_cell(value), **place)


def _month(value: Cell) -> tuple[date, date] | None:
    """Return the first and last day of a period that is a month, such as 2026年11月.

    Raises:
        ValueError: no such month.

    """
    match = _MONTH.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    start = day_and_time(f"{match[1]}-{match[2] or match[3]}-1")[0]
    return start, start.replace(day=monthrange(start.year, start.month)[1])


def _day(role: str, value: Cell, place: dict[str, Any], stated: Stated, problems: Problems) -> None:
    try:
        setattr(stated, role, day_and_time(value)[0])
    except ValueError:
        problems.add("FL818", text=shown_cell(value), **place)


def _balance(
    role: str, value: Cell, place: dict[str, Any], stated: Stated, problems: Problems
) -> None:
    try:
        setattr(stated, f"{role}_fen", amount_fen(value))
    except ValueError:
        problems.add("FL816", text=shown_cell(value), **place)
