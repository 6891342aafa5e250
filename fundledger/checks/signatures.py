"""Signed reconciliations (银行存款余额调节表): what one says is proved by the books alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from fundledger.checks.catalogue import Gates, Hits, check
from fundledger.checks.redink import red_copy, set_off
from fundledger.ledger.asserted import Signed, reconciliation, short_refs
from fundledger.ledger.batches.shares import Share, shares_of, voucher_of, was_sent
from fundledger.ledger.bodies import OpenItem, ReconciliationBody
from fundledger.ledger.books import Books
from fundledger.ledger.chart import BANK
from fundledger.ledger.record import Record

Group = tuple[int, frozenset[str]]
"""The signed fen of an open item and the lines that may be it; several items may share both."""


@check("FL324", Gates.ALWAYS)
def signed_out_of_turn(record: Record, books: Books) -> Hits:
    """A reconciliation follows one that stands, of an earlier day, whose book is as it was."""
    signed = _signed(record, books)
    if signed is None:
        return
    body, stood = signed.body, signed.stood
    reasons = []
    after = _after(signed, books)
    if body.after and after is None:
        reasons.append("after")
    falling = stood[stood.index(body.after) + 1 :] if after else stood if not body.after else ()
    if body.replaces != next(iter(falling), 0):
        reasons.append("replaces")
    if after is not None:
        if body.date <= after.body.date:
            reasons.append("day")
        if books.fen(body.account, after.body.date) != after.body.booked_fen:
            reasons.append("behind")
    kept = stood[: len(stood) - len(falling)]
    if set(body.statements) & {digest for one in kept for digest in _statements(one, books)}:
        reasons.append("used")
    for reason in reasons:
        yield body.account, {"reason": reason, "after": body.after, "date": body.date.isoformat()}


@check("FL325", Gates.ALWAYS)
def signed_with_another_book(record: Record, books: Books) -> Hits:
    """The book balance that is signed is the books' at the end of that day."""
    signed = _signed(record, books)
    if signed is None:
        return
    body = signed.body
    booked_fen = books.fen(body.account, body.date)
    if booked_fen != body.booked_fen:
        yield (
            body.account,
            {
                "date": body.date.isoformat(),
                "signed_fen": body.booked_fen,
                "booked_fen": booked_fen,
                "amount_fen": booked_fen - body.booked_fen,
            },
        )


@check("FL326", Gates.ALWAYS)
def signed_with_a_difference(record: Record, books: Books) -> Hits:
    """The open items explain, to the fen, what is between statement and book."""
    signed = _signed(record, books)
    if signed is None:
        return
    body = signed.body
    apart_fen = body.amount_fen - body.booked_fen
    if apart_fen != body.explained_fen:
        yield (
            body.account,
            {
                "date": body.date.isoformat(),
                "apart_fen": apart_fen,
                "explained_fen": body.explained_fen,
                "amount_fen": apart_fen - body.explained_fen,
            },
        )


@check("FL327", Gates.ALWAYS)
def signed_item_false(record: Record, books: Books) -> Hits:
    """An open item is in the books as it says, or a line of these statements, or was open before.

    What the bank paid and the book has not (FL861) is booked before anybody signs; a voucher and
    its red copy cancel inside the book, and neither is open.
    """
    signed = _signed(record, books)
    if signed is None:
        return
    body = signed.body
    after = _after(signed, books)
    seen = _Seen(body, after, books)
    for item in body.items:
        reason = _false(item, seen) or _beyond(item, seen)
        if reason:
            details: dict[str, Any] = {
                "ref": short_refs(item.refs),
                "date": item.date.isoformat(),
                "reason": reason,
                "amount_fen": item.amount_fen,
            }
            yield short_refs(item.refs), details


@check("FL329", Gates.ALWAYS)
def decided_of_nothing(record: Record, books: Books) -> Hits:
    """A decision is of a row of these statements, once, and of a line that was sent, once."""
    signed = _signed(record, books)
    if signed is None:
        return
    body = signed.body
    rows = Counter(one.row for one in body.decided)
    lines = Counter(one.line for one in body.decided if one.line)
    for one in body.decided:
        reason = ""
        if one.row.partition(":")[0] not in body.statements:
            reason = "statement"
        elif rows[one.row] > 1 or lines[one.line] > 1:
            reason = "twice"
        elif one.line and not was_sent(one.line, books):
            reason = "line"
        if reason:
            yield short_refs((one.row,)), {"reason": reason, "line": one.line or "-"}


def _signed(record: Record, books: Books) -> Signed | None:
    return reconciliation(books, record.sequence) if record.kind == "reconciliation" else None


def _after(signed: Signed, books: Books) -> Signed | None:
    """Return the reconciliation that this one follows, if it stood when this was signed."""
    after = signed.body.after
    return reconciliation(books, after) if after in signed.stood else None


def _statements(sequence: int, books: Books) -> Sequence[str]:
    signed = reconciliation(books, sequence)
    return signed.body.statements if signed else ()


class _Seen:
    """A signed reconciliation with what its items are held against, each looked up once."""

    def __init__(self, body: ReconciliationBody, after: Signed | None, books: Books) -> None:
        self.body = body
        self.after = after
        self.books = books
        self.counts = Counter(_group(item) for item in body.items)
        self.shares = shares_of({ref for item in body.items for ref in item.refs}, books)
        self.groups: dict[tuple[int, str], set[frozenset[str]]] = defaultdict(set)
        for fen, refs in self.counts:
            for ref in refs:
                self.groups[fen, ref].add(refs)
        self.before: dict[str, list[OpenItem]] = defaultdict(list)
        for item in after.body.items if after else ():
            for ref in item.refs:
                self.before[ref].append(item)
        self.whole = {ref for item in body.items for ref in item.refs if "/" not in ref}
        self.whole_before = {refs for refs, items in self.before.items() if len(items[0].refs) == 1}
        self.lines = Counter(
            (item.kind, ref.partition("/")[2]) for item in body.items for ref in item.refs
        )

    def carried(self, item: OpenItem) -> list[OpenItem]:
        """Return what was open before and may be this item."""
        found = {id(one): one for ref in item.refs for one in self.before.get(ref, ())}
        return [
            one
            for one in found.values()
            if one.kind == item.kind and one.amount_fen == item.amount_fen
        ]

    def twice(self, item: OpenItem) -> bool:
        """Whether a line is open under two names, or a voucher in whole and in part."""
        return any(
            voucher_of(ref) in self.whole or self.lines[item.kind, ref.partition("/")[2]] > 1
            for ref in item.refs
            if "/" in ref
        )


def _group(item: OpenItem) -> Group:
    return item.signed_fen, frozenset(item.refs)


def _false(item: OpenItem, seen: _Seen) -> str:
    """Return what is false of an item by itself, or an empty text."""
    body, after = seen.body, seen.after
    wrong = {
        "bank-out": item.kind == "bank-out",
        "late": item.date > body.date,
        "twice": len(set(item.refs)) < len(item.refs),
        "often": seen.twice(item),
        "voucher": len(item.refs) > 1 and any("/" in ref for ref in item.refs),
    }
    if any(wrong.values()):
        return next(reason for reason, holds in wrong.items() if holds)
    carried = seen.carried(item)
    known = {ref for earlier in carried for ref in earlier.refs}
    days = {earlier.date for earlier in carried}
    for ref in item.refs:
        day, reason = None, ""
        if item.of_book and set_off(ref, item, body, after, seen.books):
            reason = "set-off"
        elif ref not in known:
            day, reason = _fresh(ref, item, seen)
            day = day or item.date
            if not reason and after is not None and day <= after.body.date:
                reason = "" if voucher_of(ref) in seen.whole_before and "/" in ref else "settled"
        if reason:
            return reason
        if day is not None:
            days.add(day)
    return "" if item.date in days else "date"


def _fresh(ref: str, item: OpenItem, seen: _Seen) -> tuple[date | None, str]:
    """Return the day of a line that is open for the first time, and what is false of it."""
    body, books = seen.body, seen.books
    if not item.of_book:
        return None, "" if ref.partition(":")[0] in body.statements else "statement"
    if "/" in ref:
        return _share(seen.shares.get(ref), item, body)
    voucher = books.voucher(ref) if ":" not in ref else None
    if voucher is None:
        return None, "voucher"
    if not _postings(ref, item, body, books):
        return voucher.date, "amount"
    return voucher.date, "late" if voucher.date > body.date else ""


def _share(
    share: Share | None, item: OpenItem, body: ReconciliationBody
) -> tuple[date | None, str]:
    """Return the day of the part of a batch's voucher that is open, and what is false of it."""
    if share is None or body.account != BANK:
        return None, "voucher"
    day = date.fromisoformat(share.on)
    if share.signed_fen != item.signed_fen:
        return day, "amount"
    return day, "late" if day > body.date else ""


def _postings(ref: str, item: OpenItem, body: ReconciliationBody, books: Books) -> int:
    """Return how often a voucher moves the account by the item's fen; a part of one does once."""
    if "/" in ref:
        return 1
    voucher = books.voucher(ref) if ":" not in ref else None
    return sum(
        posting.account == body.account and posting.signed_fen == item.signed_fen
        for posting in (voucher.postings if voucher else ())
    )


def _beyond(item: OpenItem, seen: _Seen) -> str:
    """Return `often` if more items are open than there are lines for them, or lines are shared."""
    mine = _group(item)
    if any(seen.groups[mine[0], ref] - {mine[1]} for ref in mine[1]):
        return "often"
    carried = seen.carried(item)
    known = {ref for earlier in carried for ref in earlier.refs}
    gone = {ref for ref in known - mine[1] if item.of_book and red_copy(ref, seen.body, seen.books)}
    if not known - gone <= mine[1]:
        return "often"
    lines = (
        len(carried)
        - len(gone)
        + sum(
            _postings(ref, item, seen.body, seen.books) if item.of_book else 1
            for ref in mine[1] - known
        )
    )
    return "often" if seen.counts[mine] > lines else ""
