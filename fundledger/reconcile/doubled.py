"""Sums of a batch whose lines the bank took one by one too: what of them is booked as unexplained.

The rows that name lines are taken for these.  So the sum is left, and names no line; and what the
bank took once more waits in the books, in vouchers that name no batch.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from fundledger.findings import Finding
from fundledger.reconcile.items import named
from fundledger.reconcile.joined import IN_PARTS, Joined
from fundledger.reconcile.match import Entry, Rest

if TYPE_CHECKING:
    from fundledger.reconcile.match import Matching, Pair
    from fundledger.reconcile.model import BookLine
    from fundledger.reconcile.payments import Comparison
    from fundledger.reconcile.register import Register

_UNEXPLAINED = "unknown-debit"


def sums_once_more(
    matching: Matching, book: tuple[Rest, ...], payments: Comparison, lines: Mapping[str, BookLine]
) -> tuple[tuple[Rest, ...], tuple[Rest, ...], tuple[Joined, ...]]:
    """Return what is left of the bank and the `book`, and the sums that pay what was unexplained.

    The sums of all batches, less what is booked of these and left, come to all unexplained debits
    that are left, to the fen and within their days: else it is not known whose these are.  No line
    of such a batch may be without its row or its voucher, for then that is what the sum pays.
    """
    by_batch: dict[str, list[Rest]] = defaultdict(list)
    for rest in matching.bank:
        batches = {_named_by(entry, payments) for entry in rest.entries}
        batch = batches.pop() if len(batches) == 1 and rest.count == len(rest.entries) else ""
        if batch and rest.entries[0].signed_fen < 0:
            by_batch[batch].append(rest)
    if not by_batch:
        return matching.bank, book, ()
    kinds = {
        rest: {_kind(entry, payments.register, lines) for entry in rest.entries} for rest in book
    }
    for batch in list(by_batch):
        of_batch = [rest for rest, kind in kinds.items() if batch in kind]
        if not _whole(batch, of_batch, payments):
            del by_batch[batch]
    sums = [rest for rests in by_batch.values() for rest in rests]
    of_book = [rest for rest, kind in kinds.items() if kind <= {_UNEXPLAINED, *by_batch}]
    every = [entry for rest in of_book for entry in rest.entries]
    unexplained = [entry for entry in every if _waits(entry, lines)]
    near = all(_near(entry, sums) for entry in unexplained)
    if not unexplained or not near or _total_fen(sums) != _total_fen(of_book):
        return matching.bank, book, ()
    paired = {pair.book.refs for pair in matching.pairs}
    entries = [entry for entry in every if entry.refs not in paired]
    found = Joined(
        tuple(sorted(entry for rest in sums for entry in rest.entries)),
        tuple(sorted(entries)),
        IN_PARTS,
    )
    bank_left = tuple(rest for rest in matching.bank if rest not in sums)
    return bank_left, tuple(rest for rest in book if rest not in of_book), (found,)


def told_of_sums(
    joins: Iterable[Joined],
    pairs: Iterable[Pair],
    payments: Comparison,
    lines: Mapping[str, BookLine],
) -> Iterator[Finding]:
    """Yield FL897 for each sum of a batch that is, at least in part, what the bank took once more.

    `joins` are of such sums; of the `pairs` those are, of whose batch each line has its own row.
    """
    for one in joins:
        fen: Counter[str] = Counter()
        for entry in one.bank:
            fen[payments.sums[entry.refs[0].mark]] -= entry.signed_fen
        for entry in one.book:
            fen[_kind(entry, payments.register, lines)] += entry.signed_fen
        by_batch = {payments.sums[entry.refs[0].mark]: entry for entry in one.bank}
        for batch, entry in sorted(by_batch.items()):
            yield _once_more(entry, batch, fen[batch], payments)
    known = {pair.row.mark for pair in payments.pairs}
    for pair in pairs:
        batch = "" if pair.bank.refs[0].mark in known else _named_by(pair.bank, payments)
        if batch and _waits(pair.book, lines) and _whole(batch, (), payments):
            yield _once_more(pair.bank, batch, -pair.bank.signed_fen, payments)


def _once_more(row: Entry, batch: str, fen: int, payments: Comparison) -> Finding:
    of_batch = {
        pair.line for pair in payments.pairs if payments.register.lines[pair.line].batch == batch
    }
    details: dict[str, object] = {
        "line": named(sorted(of_batch)) or "-",
        "batch": batch,
        "ref": row.refs[0].shown,
        "date": row.date,
        "bank_fen": fen,
    }
    return Finding("FL897", batch, details, amount_fen=fen)


def _named_by(row: Entry, payments: Comparison) -> str:
    """Return the batch that a row names, which says of nobody to whom it went; else nothing."""
    mark = row.refs[0].mark
    known = len(row.refs) == 1 and mark in payments.anonymous
    return payments.sums.get(mark, "") if known else ""


def _kind(entry: Entry, register: Register, lines: Mapping[str, BookLine]) -> str:
    """Return the batch whose debit a voucher is, or a word for an unexplained one; else nothing."""
    if _waits(entry, lines):
        return _UNEXPLAINED
    names = register.paid_by(entry.refs[0].mark) or ()
    batches = {register.lines[name].batch for name in names}
    return batches.pop() if len(batches) == 1 and entry.signed_fen < 0 else ""


def _waits(entry: Entry, lines: Mapping[str, BookLine]) -> bool:
    line = lines.get(entry.refs[0].mark)
    return line is not None and line.event == _UNEXPLAINED and not line.reverses


def _whole(batch: str, left: Iterable[Rest], payments: Comparison) -> bool:
    """Whether each line of a batch that was sent has its row, or its voucher, or had it before."""
    register = payments.register
    there = {pair.line for pair in payments.pairs if pair.way == "out"}
    for rest in left:
        for entry in rest.entries:
            there |= {*(register.paid_by(entry.refs[0].mark) or ())}
    return all(
        one.of.line in there or "" < one.standing.debited_on < payments.start
        for one in register.sent()
        if one.batch == batch
    )


def _near(one: Entry, sums: Iterable[Rest]) -> bool:
    rows = (entry for rest in sums for entry in rest.entries)
    return any(
        abs((one.date - row.date).days) <= max(one.reach_days, row.reach_days) for row in rows
    )


def _total_fen(rests: Iterable[Rest]) -> int:
    return sum(rest.entries[0].signed_fen * rest.count for rest in rests)
