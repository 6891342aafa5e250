"""The vouchers of a fund through a day, with what they moved on each account, month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from fundledger.ledger.voucher import Voucher

ByAccount = Mapping[str, int]
"""What was moved on accounts, in fen; a debit is above zero."""


class Movements:
    """What is recorded of a fund through the day `until`, added up once for all who ask.

    By month such as `2026-03` and by account: `closings` end a year, `corrections` are those of a
    year before their own, and `usual` is everything else.  The order of the vouchers is nothing.
    """

    def __init__(self, vouchers: Iterable[Voucher], until: date) -> None:
        """Take the vouchers, and leave out those after the day."""
        self.until = until
        self.vouchers = tuple([voucher for voucher in vouchers if voucher.date <= until])
        self.usual: dict[str, dict[str, int]] = {}
        self.corrections: dict[str, dict[str, int]] = {}
        self.closings: dict[str, dict[str, int]] = {}
        for voucher in self.vouchers:
            if voucher.event == "year-end":
                months = self.closings
            elif corrects_an_earlier_year(voucher):
                months = self.corrections
            else:
                months = self.usual
            month = voucher.month
            sums = months.get(month)
            if sums is None:
                sums = months[month] = defaultdict(int)
            for posting in voucher.postings:
                sums[posting.account] += posting.signed_fen

    @cached_property
    def by_ref(self) -> dict[str, Voucher]:
        """The vouchers by their numbers."""
        return {voucher.ref: voucher for voucher in self.vouchers}

    @cached_property
    def months(self) -> list[str]:
        """The months of the vouchers, in order."""
        return sorted({*self.usual, *self.corrections, *self.closings})

    @cached_property
    def closed_fen(self) -> ByAccount:
        """What closings moved on each account."""
        return _added(self.closings.values())

    @cached_property
    def net_fen(self) -> ByAccount:
        """What was moved on each account in all."""
        return _added((self._open_fen, self.closed_fen))

    def before_closing_fen(self, year: int) -> ByAccount:
        """Return what was moved on each account in all, but for the closing of a year."""
        others = (sums for month, sums in self.closings.items() if int(month[:4]) != year)
        return _added((self._open_fen, *others))

    def months_of(self, accounts: Collection[str]) -> set[str]:
        """Return the months in which one of these accounts was moved."""
        months = (self.usual, self.corrections, self.closings)
        return {
            month
            for kind in months
            for month, sums in kind.items()
            if any(account in sums for account in accounts)
        }

    @cached_property
    def _open_fen(self) -> ByAccount:
        return _added((*self.usual.values(), *self.corrections.values()))


def moved_fen(vouchers: Iterable[Voucher]) -> dict[str, int]:
    """Return what vouchers moved on each account, in fen; a debit is above zero."""
    sums: dict[str, int] = defaultdict(int)
    for voucher in vouchers:
        for posting in voucher.postings:
            sums[posting.account] += posting.signed_fen
    return sums


def _added(every: Iterable[ByAccount]) -> ByAccount:
    sums: dict[str, int] = defaultdict(int)
    for one in every:
        for account, fen in one.items():
            sums[account] += fen
    return sums


def corrects_an_earlier_year(voucher: Voucher) -> bool:
    """Whether a voucher corrects one of a year before its own."""
    corrected = voucher.corrects if voucher.event == "correction" else None
    return corrected is not None and int(corrected[:4]) < voucher.date.year
