"""Emergency advances (应急预付): each is settled with papers in time, and never for more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fundledger.checks.catalogue import Gates, Hits, Layout, check
from fundledger.ledger.books import Books
from fundledger.ledger.chart import ADVANCE
from fundledger.ledger.entry import Entry
from fundledger.ledger.tables import Advanced

_SETTLING = frozenset({"advance-settle", "advance-return"})


@check("FL344", Gates.NEVER)
def papers_overdue(books: Books, as_of: date) -> Hits:
    """An emergency advance is settled with its papers, or given back, within the days allowed."""
    limit_days = books.charter.controls.emergency_papers_days
    for one in books.open_advances(as_of):
        age_days = (as_of - date.fromisoformat(one.since)).days
        if age_days > limit_days:
            details = {"original": one.ref, "since": one.since, "days": limit_days}
            yield one.ref, {**details, "age_days": age_days, "amount_fen": one.amount_fen}


def _concerns(layout: Layout) -> bool:
    settles = layout.event in _SETTLING or layout.corrects or layout.reverses
    return settles and layout.has(ADVANCE)


@check("FL345", Gates.ALWAYS, concerns=_concerns)
def settles_no_advance(new: Entry, books: Books) -> Hits:
    """A settlement names the standing advance that it settles, and is no more than is open of it.

    Nothing is reversed that others settle.
    """
    voucher = new.voucher
    moved_fen = sum(p.signed_fen for p in voucher.postings if p.account == ADVANCE)
    if voucher.reverses:
        one = books.advance_of(voucher.reverses)
        if one is not None and one.left_fen < 0:
            yield voucher.reverses, _told("settled", voucher.reverses, -one.left_fen)
        return
    if moved_fen > 0:
        if not voucher.approval:
            yield voucher.corrects or "", _told("undecided", voucher.corrects or "", moved_fen)
        return
    named = voucher.corrects or ""
    ref = books.settled_by(new.ref)
    paid = books.advance_of(ref) if ref else None
    if paid is None:
        yield named, _told("missing" if named else "unnamed", named, -moved_fen)
        return
    for reason, fen in _unfit(ref, paid, new, books):
        yield ref, _told(reason, ref, fen or -moved_fen)


def _told(reason: str, original: str, amount_fen: int) -> dict[str, str | int]:
    return {"reason": reason, "original": original or "-", "amount_fen": amount_fen}


def _unfit(ref: str, paid: Advanced, new: Entry, books: Books) -> Iterator[tuple[str, int]]:
    """Yield why a voucher cannot settle an advance, and by how many fen; 0 for all of it."""
    if books.undone[ref] is not None:
        yield "undone", 0
        return
    if new.day < paid.day:
        yield "before", 0
    if paid.left_fen < 0:
        yield "beyond", -paid.left_fen
    below_fen = min(paid.lines.values(), default=0)
    if below_fen < 0 <= paid.left_fen:
        yield "other-line", -below_fen
    kept = new.day[:4] == paid.day[:4] or books.charter.fund.carry_over == "keep"
    wrong = "Lapsed" if kept else "Available"
    if any(account.budget_kind == wrong for account in new.accounts):
        yield ("kept" if kept else "not-kept"), 0
