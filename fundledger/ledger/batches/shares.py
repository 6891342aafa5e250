"""The part of a batch's voucher that pays one line: what a bank's row may be, and a voucher not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from fundledger.ledger.batches.files import Unfit, some_facts_of

if TYPE_CHECKING:
    from fundledger.ledger.books import Books

Way = Literal["out", "in"]

WAYS: Mapping[str, Way] = {
    "batch-debit": "out",
    "batch-credit-back": "in",
    "batch-return": "in",
    "batch-take-back": "in",
}
"""Which way the events move the account that a bank's rows of payments are compared with."""


class Share(NamedTuple):
    """The day and the fen by which a line moves the account; nothing is known of a lost list."""

    on: str
    signed_fen: int | None


def share_name(voucher: str, line: str) -> str:
    """Return how the part of a voucher that pays one line is named: `2026-03-0007/L-…`."""
    return f"{voucher}/{line}"


def voucher_of(ref: str) -> str:
    """Return the voucher that a reference names, in whole or in part."""
    return ref.partition("/")[0]


def share_of(ref: str, books: Books) -> Share | None:
    """Return the part of a voucher that `share_name` names, or None if it pays no such line."""
    of, _, line = ref.partition("/")
    voucher = books.voucher(of)
    way = WAYS.get(voucher.event) if voucher is not None else None
    batch = books.batch(voucher.narration.partition(" ")[0]) if voucher is not None else None
    if voucher is None or way is None or batch is None:
        return None
    on = voucher.date.isoformat()
    standing = batch.standing(line)
    if not batch.unread and on != (standing.debited_on if way == "out" else standing.credited_on):
        return None
    try:
        facts = None if batch.unread else some_facts_of(books, batch, [line])[line]
    except Unfit:
        facts = None
    except KeyError:
        return None
    if facts is None:
        return Share(on, None)
    return Share(on, facts.amount_fen if way == "in" else -facts.amount_fen)


def was_sent(line: str, books: Books) -> bool:
    """Whether a line is one that the bank was sent; of lists that are lost nothing is denied."""
    for batch in books.batches():
        if batch.unread:
            return True
        try:
            if batch.exported_on and some_facts_of(books, batch, [line]):
                return True
        except Unfit:
            return True
    return False
