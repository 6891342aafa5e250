"""Rows of statements as payments are compared with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from fundledger.bank import BankLine

LINE_ID = re.compile(r"(?<![0-9A-Za-z-])L-[A-Z2-7]{12}(?:-[1-9][0-9]?)?(?![0-9A-Za-z-])", re.ASCII)
"""The id of a line as a word."""

Decisions = Mapping[str, str]
"""Lines by the marks of rows, '' for a row that is no payment of a batch."""


class Row(NamedTuple):
    """A row of a statement: how the journal names it, and how people do."""

    mark: str
    shown: str
    on: date
    signed_fen: int
    red: bool = False


BankRow: TypeAlias = "tuple[Row, BankLine, str, str]"
"""A row, what its statement says of it, and the account and name as they are compared."""


def together(names: Iterable[str]) -> str:
    """Return one word for several lines or batches that one sum is of."""
    return "+".join(sorted(names))
