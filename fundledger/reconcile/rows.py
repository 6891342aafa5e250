"""Rows of statements as payments are compared with them, and what the matching says of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from fundledger.bank import BankLine
    from fundledger.ledger.batches.states import Way

LINE_ID = re.compile(r"(?<![0-9A-Za-z-])L-[A-Z2-7]{12}(?:-[1-9][0-9]?)?(?![0-9A-Za-z-])", re.ASCII)
"""The id of a line as a word."""

Decisions = Mapping[str, str]
"""Lines by the marks of rows, '' for a row that is no payment of a batch."""


NOBODY = "-"
"""Whom a row pays that a person knows to be no payment of a batch."""

OPEN = "book-without-bank-"
"""What the names of classes begin with that tell of a line without a row, by age."""

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")


def plain_said(text: str) -> str:
    """Return what a row says as ids and numbers are looked for in it: NFKC, capitals, one dash."""
    return unicodedata.normalize("NFKC", text).translate(_DASHES).upper()


class Row(NamedTuple):
    """A row of a statement: how the journal names it, and how people do."""

    mark: str
    shown: str
    on: date
    signed_fen: int
    red: bool = False


BankRow: TypeAlias = "tuple[Row, BankLine, str, str]"
"""A row, what its statement says of it, and the account and name as they are compared."""


class Pair(NamedTuple):
    """A line and the row in which the bank moved its money; `days` since it was sent."""

    tier: str
    line: str
    row: Row
    days: int
    reasons: str

    @property
    def way(self) -> Way:
        """Whether the money left the account, or came back."""
        return "in" if self.row.signed_fen > 0 else "out"


class Told(NamedTuple):
    """An exception as the matching tells it: see docs/matching.md for its classes."""

    row: Row | None
    name: str
    team: str
    line: str
    batch: str
    diff_fen: int
    age_days: int
    detail: str
