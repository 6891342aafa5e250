"""Sums of a batch whose lines the bank took one by one too: what of them is booked as unexplained.

The rows that name lines are taken for these.  So the sum is left, and names no line; and what the
bank took once more waits in the books, in vouchers that name no batch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from fundledger.findings import Finding
from fundledger.ledger.batches.shares import share_name, voucher_of
from fundledger.reconcile.items import named
from fundledger.reconcile.joined import IN_PARTS, Joined
from fundledger.reconcile.match import Entry, Rest

if TYPE_CHECKING:
    from datetime import date

    from fundledger.reconcile.match import Matching, Pair
    from fundledger.reconcile.model import BookLine
    from fundledger.reconcile.payments import Comparison
    from fundledger.reconcile.register import Register

_UNEXPLAINED = "unknown-debit"


class OnceMore(NamedTuple):
    """A sum that is a voucher of its batch, and the lines of it that have rows of their own too."""

    row: Entry
    batch: str
    lines: tuple[str, ...]
    amount_fen: int


def sums_once_more(
    matching: Matching, book: tuple[Rest, ...], payments: Comparison, lines: Mapping[str, BookLine]
) -> tuple[tuple[Rest, ...], tuple[Rest, ...], tuple[Joined, ...], tuple[OnceMore, ...]]:
    """Return what is left of the bank and the `book`, and the sums that pay what was unexplained.

    Such a sum names its batch, says of nobody to whom it went, and is one voucher of that batch to
    the fen, near its day; each line of that voucher has its own row, or is left in the book.  What
    is left of these vouchers and all that is unexplained come to the sums, to the fen, and what is
    unexplained lies near them or the rows of those lines: else it is not known whose it is.
    """
    found = {}
    for rest in matching.bank:
        for entry in rest.entries if rest.count == len(rest.entries) else ():
            if voucher := _voucher_of_sum(entry, payments, lines):
                found[entry.refs] = entry, voucher
    vouchers = [voucher for _, voucher in found.values()]
    if not found or len(set(vouchers)) != len(vouchers):
        return matching.bank, book, (), ()
    register = payments.register
    parts = {share_name(ref, line) for ref in vouchers for line in register.shares[ref]}
    of_book = [rest for rest in book if all(_may_be(entry, parts, lines) for entry in rest.entries)]
    every = [entry for rest in of_book for entry in rest.entries]
    left = {line for entry in every for line in register.paid_by(entry.refs[0].mark) or ()}
    sums = [_once_more(row, voucher, left, register) for row, voucher in found.values()]
    own_rows = {pair.line: pair.row.on for pair in payments.pairs if pair.way == "out"}
    unexplained = [entry for entry in every if _waits(entry, lines)]
    rows = [one.row for one in sums]
    days = [row.date for row in rows]
    days += [own_rows[line] for one in sums for line in one.lines if line in own_rows]
    known = (
        all(one.lines and own_rows.keys() >= {*one.lines} for one in sums)
        and all(_near(entry, days) for entry in unexplained)
        and sum(row.signed_fen for row in rows) == _total_fen(of_book)
    )
    if not known:
        return matching.bank, book, (), ()
    taken = {pair.book.refs for pair in matching.pairs}
    entries = tuple(sorted(entry for entry in every if entry.refs not in taken))
    bank_left = tuple(
        rest for rest in matching.bank if found.keys().isdisjoint(one.refs for one in rest.entries)
    )
    book_left = tuple(rest for rest in book if rest not in of_book)
    return bank_left, book_left, (Joined(tuple(sorted(rows)), entries, IN_PARTS),), tuple(sums)


def told_of_sums(
    sums: Iterable[OnceMore],
    pairs: Iterable[Pair],
    payments: Comparison,
    lines: Mapping[str, BookLine],
) -> Iterator[Finding]:
    """Yield FL897 for each sum of a batch that is, at least in part, what the bank took once more.

    Of the `pairs` those are, of whose batch each line that was sent has its own row.
    """
    every = list(sums)
    known = {pair.row.mark for pair in payments.pairs}
    for pair in pairs:
        batch = "" if pair.bank.refs[0].mark in known else _named_by(pair.bank, payments)
        sent = _sent(batch, payments.register) if batch else ()
        if _waits(pair.book, lines) and sent and _whole(sent, payments):
            every.append(OnceMore(pair.bank, batch, tuple(sent), -pair.bank.signed_fen))
    for one in every:
        details: dict[str, object] = {
            "line": named(sorted(one.lines)),
            "batch": one.batch,
            "ref": one.row.refs[0].shown,
            "date": one.row.date,
            "bank_fen": one.amount_fen,
        }
        yield Finding("FL897", one.batch, details, amount_fen=one.amount_fen)


def _voucher_of_sum(row: Entry, payments: Comparison, lines: Mapping[str, BookLine]) -> str:
    """Return the only debit of several lines of its batch that a sum is, near its day; else ''."""
    batch = _named_by(row, payments)
    if not batch:
        return ""
    register = payments.register
    by_voucher: dict[str, list[str]] = defaultdict(list)
    for (line, way), ref in register.vouchers.items():
        if way == "out" and register.lines[line].batch == batch:
            by_voucher[ref].append(line)
    found = [
        ref
        for ref, of_ref in by_voucher.items()
        if len(of_ref) > 1
        and ref in lines
        and sum(register.lines[line].of.amount_fen for line in of_ref) == -row.signed_fen
        and abs((lines[ref].date - row.date).days) <= row.reach_days
        and row.date.isoformat() >= register.lines[of_ref[0]].sent_on
    ]
    return found[0] if len(found) == 1 else ""


def _once_more(row: Entry, voucher: str, left: Iterable[str], register: Register) -> OnceMore:
    own = {line for (line, way), ref in register.vouchers.items() if (ref, way) == (voucher, "out")}
    twice = tuple(sorted(own.difference(left)))
    fen = sum(register.lines[line].of.amount_fen for line in twice)
    return OnceMore(row, register.lines[min(own)].batch, twice, fen)


def _named_by(row: Entry, payments: Comparison) -> str:
    """Return the batch that a row names, which says of nobody to whom it went; else nothing."""
    mark = row.refs[0].mark
    known = len(row.refs) == 1 and row.signed_fen < 0 and mark in payments.anonymous
    return payments.sums.get(mark, "") if known else ""


def _may_be(entry: Entry, parts: Iterable[str], lines: Mapping[str, BookLine]) -> bool:
    """Whether an entry is a part of these vouchers, or waits to be explained."""
    return len(entry.refs) == 1 and (entry.refs[0].mark in parts or _waits(entry, lines))


def _waits(entry: Entry, lines: Mapping[str, BookLine]) -> bool:
    """Whether an entry is an unexplained debit, whichever of its references it is."""
    found = [lines.get(voucher_of(ref.mark)) for ref in entry.refs]
    return all(one is not None and one.event == _UNEXPLAINED and not one.reverses for one in found)


def _sent(batch: str, register: Register) -> list[str]:
    return [one.of.line for one in register.sent() if one.batch == batch]


def _whole(sent: Iterable[str], payments: Comparison) -> bool:
    """Whether each of these lines has its row, or was debited before the statements."""
    there = {pair.line for pair in payments.pairs if pair.way == "out"}
    standings = {line: payments.register.lines[line].standing for line in sent}
    return all(
        line in there or "" < standing.debited_on < payments.start
        for line, standing in standings.items()
    )


def _near(one: Entry, days: Iterable[date]) -> bool:
    return any(abs((one.date - day).days) <= one.reach_days for day in days)


def _total_fen(rests: Iterable[Rest]) -> int:
    return sum(rest.entries[0].signed_fen * rest.count for rest in rests)
