"""The vouchers of a fund as lines of its bank account, each with what it reverses or corrects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from fundledger.ledger.chart import BANK
from fundledger.ledger.given import expect
from fundledger.ledger.voucher import Voucher
from fundledger.reconcile.model import BookLine

if TYPE_CHECKING:
    from fundledger.fund import Fund
    from fundledger.ledger.asserted import Signed
    from fundledger.ledger.record import Record


def book_lines(vouchers: Iterable[Voucher]) -> list[BookLine]:
    """Return the postings to the dedicated account, each with what it reverses or corrects.

    Raises:
        InputInvalid: FL909, they are no vouchers.

    """
    expect(vouchers=isinstance(vouchers, Iterable))
    since: dict[str, date] = {}
    book = []
    for voucher in vouchers:
        expect(vouchers=isinstance(voucher, Voucher))
        corrected = (voucher.corrects or "") if voucher.event == "correction" else ""
        day = since.get(corrected)
        if day is None or day.year != voucher.date.year:
            day = None
        since[voucher.ref] = day or voucher.date
        book += [
            BookLine(
                voucher.date,
                voucher.ref,
                posting.signed_fen,
                voucher.narration,
                voucher.reverses or "",
                corrected,
                day,
                voucher.event,
            )
            for posting in voucher.postings
            if posting.account == BANK
        ]
    return book


def vouchers_of(
    fund: Fund, of_batches: list[Record], signed: Iterable[tuple[Signed, list[str]]]
) -> Iterator[Voucher]:
    """Yield the vouchers of a fund, and keep the records of its batches.

    Kept are also, with each of the `signed` ones, those that were dated behind it after it was
    made.
    """
    behind = [(one.sequence, one.body.date, kept) for one, kept in signed]
    for record in fund.records():
        if record.kind == "batch":
            of_batches.append(record)
        for sequence, until, kept in behind:
            if record.sequence > sequence:
                kept += [voucher.ref for voucher in record.vouchers if voucher.date <= until]
        yield from record.vouchers
