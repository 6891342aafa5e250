"""Money of payments that was booked and never moved: both vouchers cancel, line by line."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from fundledger.findings import Finding
from fundledger.ledger.batches.shares import share_name, voucher_of
from fundledger.ledger.batches.states import BATCH_EVENT, UNDOES
from fundledger.reconcile.match import Entry, Ref
from fundledger.reconcile.model import BookLine, Item, SetOff

if TYPE_CHECKING:
    from fundledger.reconcile.register import Register

_EVENTS = frozenset(f"{BATCH_EVENT}{step}" for step in UNDOES)


class SetAside(NamedTuple):
    """The entries that are left for the bank, those that are of no row of it, and what cancels.

    `anew` are those of the latter that were booked in the place of what the bank had.
    """

    left: list[Entry]
    aside: list[Entry]
    pairs: tuple[SetOff, ...]
    anew: frozenset[str] = frozenset()


def set_off_undone(entries: Iterable[Entry], register: Register) -> SetAside:
    """Cancel what was booked of payments in error with what took it back, line by line.

    A voucher of several lines is taken apart where one of them was undone, and so is the one that
    undid it.  Where the first is not open, for the bank had it when that was signed, what was
    booked anew in its place cancels.  What is left of those that undo is of no row of the bank.
    """
    given = list(entries)
    there = {entry.refs[0].mark for entry in given if len(entry.refs) == 1}
    reds = {red: one for red, one in register.undone.items() if _open(red, there)}
    cancels = {red: one.first for red, one in reds.items() if _open(one.first, there)}
    again = set()
    for red in sorted(reds.keys() - cancels.keys()):
        line = red.partition("/")[2]
        anew = share_name(register.vouchers.get((line, reds[red].way), ""), line)
        if _open(anew, there):
            cancels[red] = anew
            again.add(anew)
    apart = {voucher_of(name) for name in (*reds, *cancels.values())}
    left: dict[str, Entry] = {}
    kept = []
    for entry in given:
        mark = entry.refs[0].mark
        if len(entry.refs) > 1:
            kept.append(entry)
        else:
            left.update(parts_of(entry, register) if mark in apart else {mark: entry})
    found = []
    for red, first in sorted(cancels.items()):
        if red in left and first in left:
            one, other = left.pop(first), left.pop(red)
            found.append(SetOff(one.date, first, other.date, red, one.signed_fen))
    aside = [left.pop(red) for red in sorted(reds) if red in left]
    return SetAside([*left.values(), *kept], aside, tuple(found), frozenset(again))


def _open(name: str, there: Container[str]) -> bool:
    """Whether a part of a voucher is open, by itself or in the whole."""
    return name in there or voucher_of(name) in there


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
    """Return a voucher's entry as one for each line of it, by the names of its parts.

    A part of one, and a voucher of which the lines are not known, are as they are.
    """
    (ref,) = entry.refs
    if ref.mark not in register.shares:
        return {ref.mark: entry}
    sign = 1 if entry.signed_fen > 0 else -1
    found = {}
    for line in register.shares[ref.mark]:
        mark = share_name(ref.mark, line)
        fen = sign * register.lines[line].of.amount_fen
        found[mark] = replace(entry, refs=(Ref(mark, mark),), signed_fen=fen)
    return found
