"""Bank statements (银行对账单) as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class BankLine:
    """One line of a statement, seen from the fund: `in` raises the account, `out` lowers it.

    The bank writes 借 and 贷 from its own side, where our deposit is its debt: the bank's 借 is
    money out for us and our 贷 1002.  `row` is the row or text line of the file, from 1;
    `amount_fen` is positive; `summary` is the bank's own 摘要, `text` everything it says of the
    line, people's names included, and therefore not for the books.  `red` is the bank's red ink
    (冲正): a negative figure in the column of the other direction, which takes back a line there.
    Of a lump of several payments `text` says what holds for all of them.
    """

    row: int
    date: date
    direction: str
    amount_fen: int
    balance_fen: int | None = None
    counterparty: str = ""
    counterparty_account: str = ""
    summary: str = ""
    text: str = ""
    serial: str = ""
    time: time | None = None
    red: bool = False

    @property
    def signed_fen(self) -> int:
        """The change of the account in fen, positive for money in."""
        return self.amount_fen if self.direction == "in" else -self.amount_fen


@dataclass(frozen=True, slots=True)
class Statement:
    """What a bank says of one account over a period, lines in the order they happened.

    `name` is the file's name without its directory and `sha256` the digest of its bytes, by which
    the same file is known again; `account` is absent if the file does not say it or masks it.
    `start` and `end` are those of the file, or else (`stated_period` is false) the days of the
    first and last line.
    """

    name: str
    sha256: str
    account: str | None
    start: date
    end: date
    opening_fen: int
    closing_fen: int
    lines: tuple[BankLine, ...]
    stated_period: bool = False
