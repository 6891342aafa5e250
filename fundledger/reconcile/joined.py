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
    from fundledger.reconcile.payments import Pair
    from fundledger.reconcile.register import Register


class Joined(NamedTuple):
    """A row of the bank and the booked payments that it is the sum of."""

    bank: Entry
    book: tuple[Entry, ...]
    tier: str


def join(
    bank: Sequence[Entry], book: Sequence[Entry], pairs: Iterable[Pair], register: Register
) -> tuple[list[Entry], list[Entry], tuple[Joined, ...]]:
    """Return the entries that are left on both sides, and what was joined by the lines it pays.

    A row counts if the books have every line that it pays, and they come to its amount.
    """
    rows = _by_mark(bank)
    taken_apart = _by_mark(book)
    by_row: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_row[pair.row.mark].append(pair)
    booked = {
        mark: names
        for mark, pairs_of in by_row.items()
        if mark in rows and (names := _booked(rows[mark], pairs_of, taken_apart, register))
    }
    for ref in sorted({voucher_of(name) for names in booked.values() for name in names}):
        if ref in taken_apart:
            taken_apart.update(_lines_of(taken_apart.pop(ref), register))
    found = []
    for mark, names in sorted(booked.items()):
        entries = tuple(taken_apart.pop(name) for name in names)
        found.append(Joined(rows.pop(mark), entries, by_row[mark][0].tier))
    several = [entry for entry in bank if len(entry.refs) > 1]
    others = [entry for entry in book if len(entry.refs) > 1]
    return [*rows.values(), *several], [*taken_apart.values(), *others], tuple(found)


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
