"""Vouchers of batches and rows of the bank that are the same money, by the lines that they pay.

A clerk books the debit of a batch in one voucher, and the bank writes a row for each payee, or the
other way round: by amounts alone the two would never meet.  A voucher of which the bank has a part
is taken apart into its lines; each is then found, or open, by itself.  Sums that name a batch, and
together are all that is booked of it and left, are that, though no one knows who is in which.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from fundledger.ledger.batches.shares import share_name, voucher_of
from fundledger.reconcile.inparts import paid_in_parts
from fundledger.reconcile.match import Entry
from fundledger.reconcile.naming import joint_name
from fundledger.reconcile.undone import parts_of

if TYPE_CHECKING:
    from fundledger.reconcile.payments import Comparison
    from fundledger.reconcile.register import Register
    from fundledger.reconcile.rows import Pair


IN_PARTS = "parts"
"""The tier of several sums that are, together, what is booked of a batch."""


class Joined(NamedTuple):
    """Rows of the bank, mostly one, and the booked payments that they are the sum of."""

    bank: tuple[Entry, ...]
    book: tuple[Entry, ...]
    tier: str

    @property
    def in_parts(self) -> bool:
        """Whether it is not known which of the payments is in which of the rows."""
        return self.tier == IN_PARTS


def join(
    bank: Sequence[Entry],
    book: Sequence[Entry],
    earlier: Sequence[Entry],
    payments: Comparison,
    reds: Iterable[str] = (),
) -> tuple[list[Entry], list[Entry], list[Entry], tuple[Joined, ...]]:
    """Return what is left of the bank, the book and what came `earlier`, and what was joined.

    A row is joined with the lines that it pays if the books have all of them, and they come to its
    amount; several rows with the one line that they are the parts of, and with the `reds` that took
    a part of it back which was unexplained.  What is left knows whom it pays, so that nothing is
    matched by its amount with what went to somebody else.
    """
    register = payments.register
    rows = _by_mark(bank)
    before = vouchers_in(earlier)
    taken_apart = _by_mark([*book, *earlier])
    by_row: dict[str, list[Pair]] = defaultdict(list)
    for pair in payments.pairs:
        by_row[pair.row.mark].append(pair)
    booked = {
        mark: names
        for mark, pairs_of in by_row.items()
        if mark in rows and (names := _booked(rows[mark], pairs_of, taken_apart, register))
    }
    apart = {voucher_of(name) for names in booked.values() for name in names}
    apart |= _met_in_part(rows, taken_apart, payments)
    apart |= _met_from_before(bank, taken_apart, register)
    partly = paid_in_parts(rows, taken_apart, payments, reds)
    apart |= {voucher_of(one.share) for one in partly}
    for ref in sorted(apart & taken_apart.keys()):
        taken_apart.update(parts_of(taken_apart.pop(ref), register))
    found = []
    for mark, names in sorted(booked.items()):
        if all(name in taken_apart for name in names):
            entries = tuple(taken_apart.pop(name) for name in names)
            found.append(Joined((rows.pop(mark),), entries, by_row[mark][0].tier))
    for one in partly:
        if {*one.rows} <= rows.keys() and {one.share, *one.reds} <= taken_apart.keys():
            entries = tuple(taken_apart.pop(name) for name in (one.share, *one.reds))
            found.append(Joined(tuple(rows.pop(mark) for mark in one.rows), entries, IN_PARTS))
    found += _in_parts(rows, taken_apart, payments)
    named = frozenset().union(*payments.payees.values())
    left_rows = [
        *(replace(entry, payees=payments.payees.get(mark)) for mark, entry in rows.items()),
        *(entry for entry in bank if len(entry.refs) > 1),
    ]
    left_book = [
        *(
            replace(entry, payees=_payees(mark, register, named))
            for mark, entry in taken_apart.items()
        ),
        *(entry for entry in (*book, *earlier) if len(entry.refs) > 1),
    ]
    now, then = parted(left_book, before)
    return left_rows, now, then, tuple(found)


def vouchers_in(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the vouchers that entries are of, in whole or in part."""
    return frozenset(voucher_of(ref.mark) for entry in entries for ref in entry.refs)


def parted(entries: Iterable[Entry], before: Container[str]) -> tuple[list[Entry], list[Entry]]:
    """Return the entries of these days, and those of vouchers that were `before` them."""
    now: list[Entry] = []
    then: list[Entry] = []
    for entry in entries:
        (then if voucher_of(entry.refs[0].mark) in before else now).append(entry)
    return now, then


def _payees(mark: str, register: Register, named: frozenset[str]) -> frozenset[str] | None:
    """Return whom an entry of the book pays, by all that a row may name; None if of no batch.

    A line that some row names, though in vain, is no part of a sum of its batch.
    """
    names = register.paid_by(mark)
    if names is None:
        return None
    lines = [register.lines[name] for name in names if name in register.lines]
    batches = frozenset(line.batch for line in lines)
    if len(lines) == 1:
        if lines[0].of.line in named:
            batches = frozenset()
        return batches | {lines[0].of.line, lines[0].of.account}
    return (batches if len(batches) == 1 else frozenset()) | {joint_name(names)}


def _met_in_part(
    rows: Mapping[str, Entry], book: Mapping[str, Entry], payments: Comparison
) -> set[str]:
    """Return the vouchers of which a row that is left may be a part: its payee's, of its amount."""
    parts = {
        (whom, entry.signed_fen)
        for mark, entry in rows.items()
        for whom in payments.payees.get(mark, ())
    }
    register = payments.register
    found = set()
    for ref in register.shares.keys() & book.keys():
        sign = 1 if book[ref].signed_fen > 0 else -1
        lines = (register.lines[name].of for name in register.shares[ref])
        if any(
            (whom, sign * line.amount_fen) in parts
            for line in lines
            for whom in (line.line, line.account)
        ):
            found.add(ref)
    return found


def _met_from_before(
    bank: Iterable[Entry], book: Mapping[str, Entry], register: Register
) -> set[str]:
    """Return the vouchers whose lines are rows that were open when it was signed last.

    Of such a row only its amount is known here: all lines of the voucher have to be among them, and
    no row may be the whole of it.
    """
    whole = {entry.signed_fen for entry in bank}
    carried = Counter(entry.signed_fen for entry in bank if entry.carried)
    found = set()
    for ref in register.shares.keys() & book.keys():
        lines = register.shares[ref]
        sign = 1 if book[ref].signed_fen > 0 else -1
        own = Counter(sign * register.lines[line].of.amount_fen for line in lines)
        if len(lines) > 1 and book[ref].signed_fen not in whole and own <= carried:
            found.add(ref)
    return found


def _in_parts(rows: dict[str, Entry], book: dict[str, Entry], payments: Comparison) -> list[Joined]:
    """Take out the sums that name a batch and are all of its debits that is left on both sides.

    None of them may say to whom it went, be less than any one payment, or be of a day before the
    batch was sent.
    """
    register = payments.register
    left: dict[str, list[str]] = defaultdict(list)
    for mark, entry in sorted(book.items()):
        batches = {register.lines[line].batch for line in register.paid_by(mark) or ()}
        if len(batches) == 1 and entry.signed_fen < 0:
            left[batches.pop()].append(mark)
    found = []
    for batch, of_book in sorted(left.items()):
        lines = [register.lines[line] for mark in of_book for line in register.paid_by(mark) or ()]
        least_fen = min(line.of.amount_fen for line in lines)
        marks = [
            mark
            for mark, entry in sorted(rows.items())
            if payments.sums.get(mark) == batch
            and mark in payments.anonymous
            and -entry.signed_fen >= least_fen
            and entry.date.isoformat() >= lines[0].sent_on
        ]
        of_bank_fen = sum(rows[mark].signed_fen for mark in marks)
        if marks and of_bank_fen == sum(book[mark].signed_fen for mark in of_book):
            entries = tuple(book.pop(mark) for mark in of_book)
            found.append(Joined(tuple(rows.pop(mark) for mark in marks), entries, IN_PARTS))
    return found


def _by_mark(entries: Iterable[Entry]) -> dict[str, Entry]:
    return {entry.refs[0].mark: entry for entry in entries if len(entry.refs) == 1}


def _booked(
    row: Entry, pairs: Sequence[Pair], book: Mapping[str, Entry], register: Register
) -> list[str]:
    """Return how the book names the lines that a row pays, if it has them all; else nothing."""
    names = []
    fen = 0
    for pair in pairs:
        ref = register.vouchers.get((pair.line, pair.way), "")
        name = share_name(ref, pair.line)
        if not ref or (ref not in book and name not in book):
            return []
        names.append(name)
        amount_fen = register.lines[pair.line].of.amount_fen
        fen += amount_fen if pair.way == "in" else -amount_fen
    return names if fen == row.signed_fen else []
