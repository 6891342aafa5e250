"""How far a fold has come, and a voucher as the checks see it."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct

from fundledger.ledger.chart import Account, Group
from fundledger.ledger.record import Record
from fundledger.ledger.voucher import Posting, Voucher


@dataclass(slots=True)
class Head:
    """How far the fold has come: the last line's sequence, digest, time, segment and end."""

    sequence: int = 0
    digest: str = ""
    at: str = ""
    segment: str = ""
    line_start: int = 0
    offset: int = 0
    last_day: str = ""
    closed_through: str = ""
    began: bool = False


class Entry(Struct, frozen=True, gc=False):
    """A voucher as the checks see it: with its record, and with what each account means.

    `signatures` are the day of the record and who signed, in the order of `conduct.ROLES`;
    `previous_number` and what follows it is what the books said just before the voucher.
    """

    voucher: Voucher
    record: Record
    signatures: tuple[str | None, ...]
    group: Group
    day: str
    ref: str
    previous_number: int
    closed_through: str
    began: bool
    undone_by: str | None
    corrected: tuple[int, int] = (0, 0)

    @property
    def names(self) -> tuple[str, ...]:
        """The account of each posting."""
        return self.group.names

    @property
    def accounts(self) -> tuple[Account, ...]:
        """What the account of each posting means."""
        return self.group.accounts

    @property
    def lines(self) -> tuple[tuple[Posting, Account], ...]:
        """Each posting with what its account means."""
        return tuple(zip(self.voucher.postings, self.group.accounts, strict=True))

    @property
    def month(self) -> str:
        """The voucher's accounting period, such as `2026-03`."""
        return self.day[:7]
