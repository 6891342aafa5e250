"""What red ink cancels inside the book by the day of a signed reconciliation, as the books tell."""

from __future__ import annotations

from fundledger.ledger.asserted import Signed
from fundledger.ledger.bodies import OpenItem, ReconciliationBody
from fundledger.ledger.books import Books
from fundledger.ledger.voucher import Voucher


def red_copy(ref: str, body: ReconciliationBody, books: Books) -> Voucher | None:
    """Return the voucher that reverses another one by the day of the reconciliation, or None."""
    by = books.undone[ref]
    voucher = books.voucher(by) if by is not None else None
    return voucher if voucher is not None and voucher.date <= body.date else None


def set_off(
    ref: str, item: OpenItem, body: ReconciliationBody, after: Signed | None, books: Books
) -> bool:
    """Whether a voucher that is said to be open is surely cancelled by another one in the book.

    What is reversed is.  So is a red copy whose original was open, and else both it and the right
    voucher of one amount with it.  Where the books cannot tell whether it was, it is not.
    """
    voucher = books.voucher(ref) if ":" not in ref else None
    if voucher is None:
        return False
    if red_copy(ref, body, books) is not None:
        return True
    original = voucher.reverses or voucher.corrects
    was_open = _was_open(original, after, books) if original else None
    if original is None or was_open is None:
        return False
    if voucher.reverses:
        return was_open or _right(original, item, body, after, books)
    red = red_copy(original, body, books)
    return not was_open and _cancels(red, item, body, after, books)


def _was_open(ref: str, after: Signed | None, books: Books) -> bool | None:
    """Whether a voucher takes part, being of these days or open before; None if not known."""
    voucher = books.voucher(ref)
    if after is None or voucher is None:
        return None
    if voucher.date > after.body.date:
        return True
    holding = [item for item in after.body.items if item.of_book and ref in item.refs]
    if any(len(item.refs) > 1 for item in holding):
        return None
    return bool(holding)


def _right(
    ref: str, item: OpenItem, body: ReconciliationBody, after: Signed | None, books: Books
) -> bool:
    """Whether a voucher in the place of another moves the account against an open item."""
    for by in books.corrected[ref]:
        voucher = books.voucher(by)
        if red_copy(by, body, books) is not None:
            if _right(by, item, body, after, books):
                return True
        elif _cancels(voucher, item, body, after, books):
            return True
    return False


def _cancels(
    voucher: Voucher | None,
    item: OpenItem,
    body: ReconciliationBody,
    after: Signed | None,
    books: Books,
) -> bool:
    """Whether a voucher surely takes part and moves the account against an open item."""
    if voucher is None or voucher.date > body.date or not _was_open(voucher.ref, after, books):
        return False
    return any(
        posting.account == body.account and posting.signed_fen == -item.signed_fen
        for posting in voucher.postings
    )
