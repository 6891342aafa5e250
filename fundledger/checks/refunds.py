"""Donations that go back to their donors: never more than each gave, in the ink of its year."""

from __future__ import annotations

from collections.abc import Iterable

from fundledger.checks.catalogue import Gates, Hits, Layout, check
from fundledger.checks.claims import resting
from fundledger.checks.corrections import posted_before
from fundledger.ledger.books import Books
from fundledger.ledger.chart import DONATION, PRIOR_YEAR_ADJUSTMENT
from fundledger.ledger.entry import Entry
from fundledger.ledger.voucher import Voucher

_REFUND = "donor-refund"
_GIVEN = frozenset({DONATION, PRIOR_YEAR_ADJUSTMENT})


def _concerns(layout: Layout) -> bool:
    return layout.event == _REFUND or (layout.reverses and layout.has(DONATION))


@check("FL347", Gates.ALWAYS, concerns=_concerns)
def refund_of_no_donation(new: Entry, books: Books) -> Hits:
    """A refund names the standing donation that it gives back, and is no more than is left of it.

    A donation that was refunded is not reversed.
    """
    voucher = new.voucher
    if voucher.reverses:
        refunds = [v for v in resting(voucher.reverses, new, books) if v.event == _REFUND]
        if refunds:
            yield voucher.reverses, _told("refunded", voucher.reverses, _given_fen(refunds))
        return
    named = voucher.corrects or ""
    donation = posted_before(named, new, books) if named else None
    reason = _unfit(donation, new, books)
    if donation is None or reason:
        yield named, _told(reason, named, _given_fen([voucher]))
        return
    left_fen = -_given_fen([donation, *resting(named, new, books)])
    if left_fen < 0:
        yield named, _told("beyond", named, -left_fen)


def _told(reason: str, original: str, amount_fen: int) -> dict[str, str | int]:
    return {"reason": reason, "original": original or "-", "amount_fen": amount_fen}


def _given_fen(vouchers: Iterable[Voucher]) -> int:
    """Return what vouchers take back of donations; what they take in is below zero."""
    return sum(p.signed_fen for v in vouchers for p in v.postings if p.account in _GIVEN)


def _unfit(donation: Voucher | None, new: Entry, books: Books) -> str:
    """Return why a voucher cannot be refunded, or an empty text."""
    if donation is None:
        return "missing" if new.voucher.corrects else "unnamed"
    taken = any(p.account == DONATION and p.signed_fen < 0 for p in donation.postings)
    if donation.event == "reversal" or not taken:  # what undoes a refund is no gift
        return "not-donation"
    if books.undone[donation.ref] is not None:
        return "undone"
    if donation.date > new.voucher.date:
        return "before"
    own_year = donation.date.year == new.voucher.date.year
    if (DONATION in new.names) is not own_year:
        return "own-year" if own_year else "other-year"
    return ""
