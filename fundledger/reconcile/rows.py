"""Rows of statements as payments are compared with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from fundledger.bank import BankLine

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
