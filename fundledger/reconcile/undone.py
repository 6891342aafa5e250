"""Money of payments that was booked and never moved: both vouchers cancel, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from fundledger.findings import Finding
from fundledger.ledger.batches.shares import share_name, voucher_of
from fundledger.ledger.batches.states import BATCH_EVENT, UNDOES
from fundledger.reconcile.match import Entry, Ref
from fundledger.reconcile.model import BookLine, Item, SetOff

if TYPE_CHECKING:
    from fundledger.reconcile.register import Register

_EVENTS = frozenset(f"{BATCH_EVENT}{step}" for step in UNDOES)


def set_off_undone(
    entries: Iterable[Entry], register: Register
) -> tuple[list[Entry], tuple[SetOff, ...]]:
    """Return the entries that are left, and what cancels of payments that were booked in error.

    A voucher of several lines is taken apart where one of them was undone, and so is the one that
    undid it.  What was open when it was signed last takes part; where the bank had the money by
    then, the red copy stays open.
    """
    given = list(entries)
    there = {entry.refs[0].mark for entry in given if len(entry.refs) == 1}
    pairs = {
        red: first
        for red, first in register.undone.items()
        if all(not there.isdisjoint({name, voucher_of(name)}) for name in (red, first))
    }
    apart = {voucher_of(name) for pair in pairs.items() for name in pair}
    left: dict[str, Entry] = {}
    kept = []
    for entry in given:
        mark = entry.refs[0].mark
        if len(entry.refs) > 1:
            kept.append(entry)
        else:
            left.update(parts_of(entry, register) if mark in apart else {mark: entry})
    found = []
    for red, first in sorted(pairs.items()):
        if red in left and first in left:
            one, other = left.pop(first), left.pop(red)
            found.append(SetOff(one.date, first, other.date, red, one.signed_fen))
    return [*left.values(), *kept], tuple(found)


def undone_and_open(items: Iterable[Item], lines: Mapping[str, BookLine]) -> Iterator[Finding]:
    """Yield FL847 for what took back a voucher that is not open itself: the bank had that.

    `lines` is the book by reference.
    """
    for item in items:
        vouchers = [lines.get(voucher_of(mark)) for mark in item.marks if item.of_book]
        if any(one is not None and one.event in _EVENTS for one in vouchers):
            details = {"ref": item.ref, "date": item.date}
            yield Finding("FL847", item.ref, details, amount_fen=item.amount_fen)


def parts_of(entry: Entry, register: Register) -> dict[str, Entry]:
    """Return a voucher's entry as one for each line of it, by the names of its parts."""
    (ref,) = entry.refs
    sign = 1 if entry.signed_fen > 0 else -1
    found = {}
    for line in register.shares[ref.mark]:
        mark = share_name(ref.mark, line)
        fen = sign * register.lines[line].of.amount_fen
        found[mark] = replace(entry, refs=(Ref(mark, mark),), signed_fen=fen)
    return found
