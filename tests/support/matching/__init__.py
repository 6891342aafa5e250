"""Payment lines, bank rows and batches as a test writes them, and what is made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from fundledger.matching import Limits, connect, load, match

AS_OF = date(2026, 4, 30)


@dataclass(frozen=True)
class Line:
    """One payment line; its fields are the columns of the table."""

    line: str
    batch: str
    account: str
    person: str
    amount_fen: int
    sent_on: date | None
    state: str = "exported"
    debited_on: date | None = None
    credited_on: date | None = None
    receipt: str = ""


@dataclass(frozen=True)
class Row:
    """One row of a bank's statement."""

    statement: str
    row: int
    on: date
    signed_fen: int
    serial: str = ""
    account: str = ""
    person: str = ""
    memo: str = ""

    @property
    def fen(self) -> int:
        return abs(self.signed_fen)


@dataclass(frozen=True)
class Batch:
    """One batch as it was sent."""

    batch: str
    sent_on: date
    count: int
    amount_fen: int


@dataclass(frozen=True)
class Outcome:
    """The four tables, each row a mapping of columns, in order of all columns."""

    matches: list[dict[str, Any]]
    ambiguous: list[dict[str, Any]]
    proposals: list[dict[str, Any]]
    exceptions: list[dict[str, Any]]


class Desk:
    """One connection that many small worlds are matched in."""

    def __init__(self) -> None:
        """Connect once: it takes longer than a small world."""
        self.connection = connect(threads=1)

    def match(
        self,
        lines: Iterable[Line],
        bank: Iterable[Row],
        batches: Iterable[Batch] = (),
        *,
        as_of: date = AS_OF,
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> Outcome:
        load(self.connection, "lines", map(astuple, lines))
        load(self.connection, "bank", map(astuple, bank))
        load(self.connection, "batches", map(astuple, batches))
        match(self.connection, as_of=as_of, limits=limits)
        return self.outcome()

    def again(self, *, as_of: date = AS_OF) -> Outcome:
        """Match once more what was loaded last."""
        match(self.connection, as_of=as_of)
        return self.outcome()

    def outcome(self) -> Outcome:
        return Outcome(*map(self.rows, ("matches", "ambiguous", "proposals", "exceptions")))

    def rows(self, table: str) -> list[dict[str, Any]]:
        found = self.connection.execute(f"SELECT * FROM {table} ORDER BY ALL")  # noqa: S608
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
