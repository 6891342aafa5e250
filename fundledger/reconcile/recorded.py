"""A reconciliation as the journal records it, and what the next one takes from there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fundledger.errors import NotFound
from fundledger.findings import Finding
from fundledger.ledger.asserted import Signed, short_refs
from fundledger.ledger.batches.shares import voucher_of
from fundledger.ledger.bodies import Decided, OpenItem, ReconciliationBody
from fundledger.ledger.chart import BANK
from fundledger.reconcile.model import Adjustment, Carried, Item, Kind

if TYPE_CHECKING:
    from fundledger.ledger.books import Books
    from fundledger.reconcile.payments import Comparison

_SHOWN = 3


def body_of(
    adjustment: Adjustment,
    after: Signed | None,
    replaces: Signed | None,
    payments: Comparison | None,
) -> ReconciliationBody:
    """Return what the record of a reconciliation says."""
    decided = payments.decided if payments is not None else {}
    items = [
        OpenItem(item.kind.value, item.date, item.amount_fen, item.marks)
        for item in adjustment.items
    ]
    return ReconciliationBody(
        account=BANK,
        date=adjustment.as_of,
        amount_fen=adjustment.bank_fen,
        booked_fen=adjustment.book_fen,
        statements=adjustment.digests,
        items=tuple(sorted(items, key=lambda item: (item.kind, item.date, item.refs))),
        after=after.sequence if after else 0,
        replaces=replaces.sequence if replaces else 0,
        decided=tuple(Decided(*one) for one in sorted(decided.items())),
    )


def place_of(chain: list[Signed], digests: set[str], replaces: int | None, fund: str) -> int:
    """Return how many of the signed reconciliations come before the statements."""
    for number, signed in enumerate(chain):
        if signed.sequence == replaces or (
            replaces is None and set(signed.body.statements) == digests
        ):
            return number
    if replaces is not None:
        standing = [f"{signed.sequence} ({signed.body.date})" for signed in chain[-_SHOWN:]]
        details = {"record": replaces, "standing": ", ".join(standing) or "-"}
        raise NotFound(Finding("FL865", str(replaces), details, fund))
    return len(chain)


def decided_before(books: Books, digests: set[str]) -> dict[str, str]:
    """Return what was decided of these statements whenever they were signed, the last word."""
    every = [(int(number), said[0].decided) for number, said in books.signed.rows() if said]
    return {
        one.row: one.line
        for _, decided in sorted(every)
        for one in decided
        if one.row.partition(":")[0] in digests
    }


def carried_from(before: list[Signed], books: Books, later: frozenset[str]) -> Carried | None:
    """Return what the last of these hands on, with the words that the books have for it."""
    if not before:
        return None
    body = before[-1].body
    used = sorted({digest for signed in before for digest in signed.body.statements})
    items = tuple(_item(item, body.date, books) for item in body.items)
    return Carried(body.date, body.amount_fen, body.booked_fen, items, tuple(used), later)


def _item(item: OpenItem, day: date, books: Books) -> Item:
    shown = tuple(short_refs((ref,)) for ref in item.refs)
    vouchers = [books.voucher(voucher_of(ref)) for ref in item.refs if item.of_book]
    texts = {voucher.narration for voucher in vouchers if voucher is not None}
    return Item(
        kind=Kind(item.kind),
        date=item.date,
        ref=short_refs(item.refs),
        signed_fen=item.signed_fen,
        text=texts.pop() if len(texts) == 1 else "",
        age_days=(day - item.date).days,
        candidates=shown if len(shown) > 1 else (),
        marks=item.refs,
    )
