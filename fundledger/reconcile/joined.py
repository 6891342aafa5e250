"""Vouchers of batches and rows of the bank that are the same money, by the lines that they pay.

A clerk books the debit of a batch in one voucher, and the bank writes a row for each payee, or the
other way round: by amounts alone the two would never meet.  A voucher of which the bank has a part
is taken apart into its lines; each is then found, or open, by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from fundledger.ledger.batches.shares import share_name, voucher_of
from fundledger.reconcile.match import Entry, Ref

if TYPE_CHECKING:
    from fundledger.reconcile.payments import Comparison, Pair
    from fundledger.reconcile.register import Register


class Joined(NamedTuple):
    """A row of the bank and the booked payments that it is the sum of."""

    bank: Entry
    book: tuple[Entry, ...]
    tier: str


def join(
    bank: Sequence[Entry],
    book: Sequence[Entry],
    earlier: Sequence[Entry],
    payments: Comparison,
) -> tuple[list[Entry], list[Entry], list[Entry], tuple[Joined, ...]]:
    """Return what is left of the bank, the book and what came `earlier`, and what was joined.

    A row is joined with the lines that it pays if the books have all of them, and they come to its
    amount.  What is left knows whom it pays, so that nothing is matched by its amount with what
    went to somebody else.
    """
    register = payments.register
    rows = _by_mark(bank)
    before = {ref.mark for entry in earlier for ref in entry.refs}
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
    for ref in sorted(apart & taken_apart.keys()):
        taken_apart.update(_lines_of(taken_apart.pop(ref), register))
    found = []
    for mark, names in sorted(booked.items()):
        if all(name in taken_apart for name in names):
            entries = tuple(taken_apart.pop(name) for name in names)
            found.append(Joined(rows.pop(mark), entries, by_row[mark][0].tier))
    left_rows = [
        *(replace(entry, payees=payments.payees.get(mark)) for mark, entry in rows.items()),
        *(entry for entry in bank if len(entry.refs) > 1),
    ]
    left_book = [
        *(replace(entry, payees=_payees(mark, register)) for mark, entry in taken_apart.items()),
        *(entry for entry in (*book, *earlier) if len(entry.refs) > 1),
    ]
    now: list[Entry] = []
    then: list[Entry] = []
    for entry in left_book:
        came_before = voucher_of(entry.refs[0].mark) in before
        (then if came_before else now).append(entry)
    return left_rows, now, then, tuple(found)


def _payees(mark: str, register: Register) -> frozenset[str] | None:
    """Return whom an entry of the book pays: nobody alone if several, and None of no batch."""
    lines = register.paid_by(mark)
    if lines is None:
        return None
    accounts = [register.lines[name].of.account for name in lines if name in register.lines]
    return frozenset(accounts) if len(accounts) == 1 else frozenset()


def _met_in_part(
    rows: Mapping[str, Entry], book: Mapping[str, Entry], payments: Comparison
) -> set[str]:
    """Return the vouchers of which a row that is left may be a part: its payee's, of its amount."""
    parts = {
        (account, entry.signed_fen)
        for mark, entry in rows.items()
        for account in payments.payees.get(mark, ())
    }
    register = payments.register
    found = set()
    for ref in register.shares.keys() & book.keys():
        sign = 1 if book[ref].signed_fen > 0 else -1
        lines = (register.lines[name].of for name in register.shares[ref])
        if any((line.account, sign * line.amount_fen) in parts for line in lines):
            found.add(ref)
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


def _lines_of(entry: Entry, register: Register) -> dict[str, Entry]:
    """Return a voucher's entry as one for each line of it."""
    (ref,) = entry.refs
    sign = 1 if entry.signed_fen > 0 else -1
    found = {}
    for line in register.shares[ref.mark]:
        mark = share_name(ref.mark, line)
        fen = sign * register.lines[line].of.amount_fen
        found[mark] = replace(entry, refs=(Ref(mark, mark),), signed_fen=fen)
    return found
