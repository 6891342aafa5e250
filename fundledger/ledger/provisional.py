"""Authority to spend before a year's budget is approved: no more than the same months of last year.

Source: 预算法 art. 54: until then what must be paid is measured by the same time of last year.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from fundledger.ledger.lines import Line
from fundledger.ledger.voucher import BUDGET_ROOT

if TYPE_CHECKING:
    from fundledger.ledger.books import Books


class Room(NamedTuple):
    """What a line spent in the same months of last year, and what it was given already, in fen."""

    spent_fen: int
    given_fen: int

    @property
    def left_fen(self) -> int:
        """What it may still be given."""
        return max(self.spent_fen - self.given_fen, 0)


def given_before_approval(books: Books, year: int) -> dict[Line, int]:
    """Return what lines have of a year's budget before its approval, in fen; none that has none."""
    root = f"{BUDGET_ROOT}{year}:Provisional:"
    found = {name: -books.fen(name) for name in books.account_names() if name.startswith(root)}
    return {_line(name): fen for name, fen in found.items() if fen}


def room_of(books: Books, line: Line, day: date) -> Room:
    """Return what one line may be given for the months up to that of a day."""
    tail = ":".join(line)
    last = _month_end(day.year - 1, day.month)
    spent_fen = books.fen(f"{BUDGET_ROOT}{day.year - 1}:Expended:{tail}", last)
    return Room(spent_fen, -books.fen(f"{BUDGET_ROOT}{day.year}:Provisional:{tail}"))


def rooms(books: Books, day: date) -> dict[Line, Room]:
    """Return, for each line that spent last year or was given something, what it may be given."""
    roots = (f"{BUDGET_ROOT}{day.year - 1}:Expended:", f"{BUDGET_ROOT}{day.year}:Provisional:")
    lines = {_line(name) for name in books.account_names() if name.startswith(roots)}
    found = {line: room_of(books, line, day) for line in sorted(lines)}
    return {line: room for line, room in found.items() if room.spent_fen or room.given_fen}


def _line(account: str) -> Line:
    *_, unit, category = account.split(":")
    return unit, category


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
