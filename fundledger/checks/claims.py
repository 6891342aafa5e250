"""Claims between funds (串户): each rests on the voucher by which this fund paid."""

from __future__ import annotations

from collections.abc import Iterator

from fundledger.checks.catalogue import Gates, Hits, Layout, check
from fundledger.checks.corrections import posted_before
from fundledger.ledger.books import Books
from fundledger.ledger.chart import (
    ASSET_SUSPENSE,
    BANK,
    CASH,
    DUE_FROM_FUND,
    EXPENSES,
    PRIOR_YEAR_ADJUSTMENT,
    Role,
)
from fundledger.ledger.entry import Entry
from fundledger.ledger.voucher import Voucher

_PAID_FROM = frozenset({BANK, CASH, ASSET_SUSPENSE})


def _concerns(layout: Layout) -> bool:
    if layout.event in {"interfund", "correction"}:
        return layout.has(Role.DUE_FROM_FUND, debit=True)
    return layout.reverses


@check("FL341", Gates.ALWAYS, concerns=_concerns)
def claim_of_no_payment(new: Entry, books: Books) -> Hits:
    """A claim on another fund names the standing voucher that paid for it, and is no more."""
    voucher = new.voucher
    if voucher.reverses:
        refs, claimed_fen = _claimed(voucher.reverses, new, books)
        if refs:
            yield voucher.reverses, _told("claimed", voucher.reverses, claimed_fen, refs)
        return
    named = voucher.corrects
    paid = posted_before(named, new, books) if named else None
    claim_fen = sum(p.signed_fen for p in voucher.postings if _claim(p.account, p.signed_fen))
    if voucher.event == "correction":
        if paid is not None and paid.event == "opening":
            if not voucher.approval:
                yield paid.ref, _told("undecided", paid.ref, claim_fen)
            return
        paid = _behind(paid, books)
    reason = _unpaid(paid, voucher, books)
    if paid is None or reason:
        original = paid.ref if paid is not None else named or ""
        yield original, _told(reason, original, claim_fen)
    else:
        yield from _beyond(paid, new, books)


def _beyond(paid: Voucher, new: Entry, books: Books) -> Hits:
    """Yield where claims come to more than the payment: on a line, or in all once it is past."""
    if new.voucher.date.year == paid.date.year:
        accounts = sorted({p.account for p in new.voucher.postings if _aid(p.account)})
        left_fen = {account: _left_fen(account, paid, new, books) for account in accounts}
    else:
        left_fen = {paid.ref: _left_later_fen(paid, new, books)}
    for subject, fen in left_fen.items():
        if fen < 0:
            yield subject, _told("beyond", paid.ref, -fen)


def _told(
    reason: str, original: str, amount_fen: int, claims: list[str] | None = None
) -> dict[str, str | int]:
    return {
        "reason": reason,
        "original": original,
        "amount_fen": amount_fen,
        "claims": ", ".join(claims or ()),
    }


def _claim(account: str, signed_fen: int) -> bool:
    return signed_fen > 0 and account.startswith(DUE_FROM_FUND)


def _aid(account: str) -> bool:
    return account.startswith(EXPENSES)


def _raises_claim(voucher: Voucher) -> bool:
    """Whether a voucher raises a claim on another fund."""
    return any(_claim(p.account, p.signed_fen) for p in voucher.postings)


def _behind(paid: Voucher | None, books: Books) -> Voucher | None:
    """Return the payment behind a claim that is put right, or the voucher itself if it is none."""
    seen: set[str] = set()
    while paid is not None and _raises_claim(paid) and paid.corrects and paid.ref not in seen:
        seen.add(paid.ref)
        paid = books.voucher(paid.corrects)
    return paid


def _unpaid(paid: Voucher | None, voucher: Voucher, books: Books) -> str:
    """Return why a claim cannot rest on a voucher, or an empty text."""
    if paid is None:
        return "missing" if voucher.corrects else "unnamed"
    spent = any(_aid(p.account) and p.signed_fen > 0 for p in paid.postings)
    left = any(p.account in _PAID_FROM and p.signed_fen < 0 for p in paid.postings)
    if paid.event not in {"expense", "correction"} or not (spent and left):
        return "not-payment"
    if books.undone[paid.ref] is not None:
        return "undone"
    if paid.date > voucher.date:
        return "before-payment"
    if voucher.event == "interfund" and paid.date.year != voucher.date.year:
        return "other-year"
    return ""


def resting(ref: str, new: Entry, books: Books) -> Iterator[Voucher]:
    """Yield every standing voucher that corrects or claims one; those of the record are at hand."""
    own = {voucher.ref: voucher for voucher in new.record.vouchers}
    for by in books.righted(ref):
        voucher = own.get(by) or books.voucher(by)
        if voucher is not None:
            yield voucher


def _left_fen(account: str, paid: Voucher, new: Entry, books: Books) -> int:
    """Return what a voucher paid on an expense account, less every standing claim on it."""
    vouchers = (paid, *resting(paid.ref, new, books))
    return sum(p.signed_fen for v in vouchers for p in v.postings if p.account == account)


def _left_later_fen(paid: Voucher, new: Entry, books: Books) -> int:
    """Return what a voucher of an earlier year paid, less all that was taken back of it since.

    What rests on a claim, or on another correction of it, rests on the payment behind it.
    """
    found = {paid.ref: paid}
    following = [paid.ref]
    while following:
        for voucher in resting(following.pop(), new, books):
            if voucher.ref not in found:
                found[voucher.ref] = voucher
                following.append(voucher.ref)
    postings = [p for voucher in found.values() for p in voucher.postings]
    return sum(
        p.signed_fen for p in postings if _aid(p.account) or p.account == PRIOR_YEAR_ADJUSTMENT
    )


def _claimed(ref: str, new: Entry, books: Books) -> tuple[list[str], int]:
    """Return the standing claims of earlier records that rest on a voucher, and their fen."""
    own = {voucher.ref for voucher in new.record.vouchers}
    earlier = [v for v in resting(ref, new, books) if v.ref not in own and _raises_claim(v)]
    postings = [p for v in earlier for p in v.postings]
    fen = sum(p.signed_fen for p in postings if _claim(p.account, p.signed_fen))
    return [voucher.ref for voucher in earlier], fen
