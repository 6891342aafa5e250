"""Corrections: red ink within the year, blue ink after it (会计基础工作规范 art. 51(5))."""

from __future__ import annotations

from collections import Counter

from fundledger.checks.catalogue import Gates, Hits, check
from fundledger.checks.events import unfit
from fundledger.ledger.books import Books
from fundledger.ledger.chart import PRIOR_YEAR_ADJUSTMENT, Role
from fundledger.ledger.entry import Entry
from fundledger.ledger.events import (
    EVENTS,
    OF_AN_EARLIER_YEAR,
    RESTING,
    WITHIN_THE_YEAR,
    fitting,
)
from fundledger.ledger.voucher import Posting, Voucher


def posted_before(ref: str, new: Entry, books: Books) -> Voucher | None:
    """Return the voucher that `ref` names, if an earlier record posted it."""
    place = books.places[ref]
    if place is None or tuple(place)[:2] == tuple(books.places[new.ref])[:2]:
        return None
    return books.voucher(ref)


@check("FL306", Gates.ALWAYS, concerns=lambda layout: layout.reverses or layout.event == "reversal")
def bad_reversal(new: Entry, books: Books) -> Hits:
    """A red-ink reversal mirrors one posted voucher of its year, once (art. 51(5))."""
    voucher = new.voucher
    if voucher.event != "reversal" and not voucher.reverses:
        return
    original = posted_before(voucher.reverses, new, books) if voucher.reverses else None
    reason = ""
    if voucher.event != "reversal" or original is None:
        reason = "missing"
    elif original.event == "reversal" or original.closing:
        reason = "not-reversible"
    elif new.undone_by is not None:
        reason = "already-reversed"
    elif original.date.year != voucher.date.year:
        reason = "other-year"
    elif original.date > voucher.date:
        reason = "before-original"
    elif Counter(map(_red_copy, original.postings)) != Counter(voucher.postings):
        reason = "not-mirrored"
    if reason:
        yield voucher.reverses or "", {"reason": reason, "original": voucher.reverses or ""}


@check(
    "FL313", Gates.ALWAYS, concerns=lambda layout: layout.corrects or layout.event == "correction"
)
def bad_correction(new: Entry, books: Books) -> Hits:
    """A voucher is corrected once: in its year after the red copy, later through the adjustment."""
    voucher = new.voucher
    claim = any(a.role == Role.DUE_FROM_FUND and posting.signed_fen > 0 for posting, a in new.lines)
    if voucher.event in RESTING and (claim or voucher.event != "interfund"):
        return
    original = posted_before(voucher.corrects, new, books) if voucher.corrects else None
    if voucher.event != "correction" or original is None:
        yield voucher.corrects or "", {"reason": "missing", "original": voucher.corrects or ""}
        return
    undone_by = books.undone[original.ref]
    reason = ""
    if original.event == "reversal" or original.closing:
        reason = "not-correctable"
    elif original.date > voucher.date:
        reason = "before-original"
    elif original.date.year == voucher.date.year:
        reason = _within_the_year(original, undone_by, new, books)
    elif undone_by is not None:
        reason = "already-reversed"
    else:
        reason = _of_an_earlier_year(original, new, books)
    if reason:
        yield original.ref, {"reason": reason, "original": original.ref}


def _within_the_year(original: Voucher, undone_by: str | None, new: Entry, books: Books) -> str:
    """Return what is wrong with the right voucher in the place of one of its year."""
    forms = WITHIN_THE_YEAR
    if original.event == "opening":
        forms = EVENTS["opening"].forms
    if undone_by is None:
        return "not-reversed"
    if new.corrected[0] and _in_its_place(original.ref, new, books):
        return "already-corrected"
    if unfit(forms, new.voucher.event, new, books):
        return "of-no-event"
    return "" if any(not [*f.apart(new.lines)] for f in fitting(forms, new.lines)) else "sums-apart"


def _in_its_place(ref: str, new: Entry, books: Books) -> bool:
    """Whether a voucher was already put right when `new` came; a claim that rests on it is not it.

    A correction that was reversed is followed to what took its place.
    """
    own = {voucher.ref: voucher for voucher in new.record.vouchers}
    refs = [*own]
    later = refs[refs.index(new.ref) :]
    seen = {ref, *later}
    following = [ref]
    while following:
        for by in books.corrected[following.pop()]:
            voucher = None if by in seen else own.get(by) or books.voucher(by)
            if voucher is None or voucher.event != "correction":
                continue
            if books.undone[by] is None or books.undone[by] in later:
                return True
            seen.add(by)
            following.append(by)
    return False


def _red_copy(posting: Posting) -> Posting:
    """Return the line that undoes one, on the same side in the other ink."""
    return Posting(posting.account, -posting.signed_fen, not posting.red)


def _of_an_earlier_year(original: Voucher, new: Entry, books: Books) -> str:
    """Return what is wrong with a blue voucher that corrects one of an earlier year."""
    accounts = [books.accounts.account(posting.account) for posting in original.cny]
    spent = {(a.unit, a.category) for a in accounts if a.role == Role.EXPENSE}
    touched = {(a.unit, a.category) for _, a in new.lines if a.kind == "budget"}
    original_fen = sum(posting.signed_fen for posting in original.cny if posting.signed_fen > 0)
    adjusted = [p for p in new.voucher.postings if p.account == PRIOR_YEAR_ADJUSTMENT]
    moved_fen = sum(posting.signed_fen for posting in adjusted)
    fits = fitting(OF_AN_EARLIER_YEAR, new.lines)
    wrong = {
        "red-in-later-year": any(posting.red for posting in new.voucher.postings),
        "current-year-account": any(a.kind in {"expense", "income"} for _, a in new.lines),
        "not-through-adjustment": not moved_fen or not fits,
        "without-budget": bool(spent) and moved_fen > 0 and not touched,
        "other-line": not touched <= spent,
        "sums-apart": all([*form.apart(new.lines)] for form in fits),
        "beyond-original": abs(moved_fen) + new.corrected[1] > original_fen,
    }
    return next((reason for reason, holds in wrong.items() if holds), "")
