"""What the bank took and has to give back, or has to be explained: open by amount, from vouchers.

No voucher names the debit that it clears.  So a debit is cleared by a credit of its amount, and
where other amounts were credited nobody knows what is left, until the account is even again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fundledger.ledger.batches.states import BATCH_EVENT
from fundledger.ledger.chart import ASSET_SUSPENSE, DUE_FROM_BANK, DUE_FROM_OFFICE

if TYPE_CHECKING:
    from fundledger.ledger.voucher import Voucher

WAITS = (ASSET_SUSPENSE, DUE_FROM_BANK, DUE_FROM_OFFICE)
_AWAITED = frozenset({ASSET_SUSPENSE, DUE_FROM_BANK})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A debit of one account that no credit cleared; not `sure` where a part of it may be.

    `ref` is empty where others of its amount were cleared, and not known which.
    """

    account: str
    date: date
    ref: str
    amount_fen: int
    sure: bool = True


def keeping(vouchers: Iterable[Voucher], kept: list[Voucher]) -> Iterator[Voucher]:
    """Yield vouchers, and keep those that open or clear what waits."""
    for voucher in vouchers:
        if any(posting.account in WAITS for posting in voucher.postings):
            kept.append(voucher)
        yield voucher


def waiting(vouchers: Iterable[Voucher]) -> tuple[Waiting, ...]:
    """Return what is open of these vouchers, each with its red copy if it has one."""
    given = sorted(vouchers, key=lambda voucher: voucher.date)
    undone = {voucher.reverses for voucher in given}
    stands = [one for one in given if not one.reverses and one.ref not in undone]
    return tuple(one for account in WAITS for one in _open(account, stands))


def suspended_fen(vouchers: Iterable[Voucher], until: date) -> frozenset[int]:
    """Return the amounts that, on a day, the bank may still have to give back."""
    found = waiting(voucher for voucher in vouchers if voucher.date <= until)
    return frozenset(one.amount_fen for one in found if one.account in _AWAITED)


def _open(account: str, vouchers: Iterable[Voucher]) -> list[Waiting]:
    layers: list[Waiting] = []
    loose_fen = 0
    for voucher in vouchers:
        if account == DUE_FROM_BANK and voucher.event.startswith(BATCH_EVENT):
            continue  # What failed is given back by its batch.
        for posting in voucher.postings:
            if posting.account != account:
                continue
            fen = posting.signed_fen
            alike = [one for one in layers if one.amount_fen == -fen]
            if fen > 0:
                layers.append(Waiting(account, voucher.date, voucher.ref, fen))
            elif alike:
                layers.remove(alike[0])
                layers = [_unnamed(one) if one in alike else one for one in layers]
            else:
                loose_fen -= fen
            if sum(one.amount_fen for one in layers) == loose_fen:
                layers, loose_fen = [], 0
    return [_unsure(one) if loose_fen else one for one in layers]


def _unnamed(one: Waiting) -> Waiting:
    return Waiting(one.account, one.date, "", one.amount_fen)


def _unsure(one: Waiting) -> Waiting:
    return Waiting(one.account, one.date, one.ref, one.amount_fen, sure=False)
