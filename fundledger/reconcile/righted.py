"""Red ink for what the bank had already, and the step of a batch that stands in its place.

A payment that nobody knew again was booked beside its batch, and signed with its row.  Once it is
reversed and debited as what it is, in a later month, the bank has neither: its row is behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from fundledger.ledger.batches.states import BATCH_EVENT
from fundledger.reconcile.match import Entry, Rest
from fundledger.reconcile.model import SetOff
from fundledger.reconcile.undone import parts_of

if TYPE_CHECKING:
    from fundledger.reconcile.model import BookLine
    from fundledger.reconcile.register import Register


class _Red(NamedTuple):
    """The open red copy of a voucher of no batch, and the day of that."""

    entry: Entry
    since: date


def righted(
    rests: Iterable[Rest], lines: Mapping[str, BookLine], register: Register
) -> tuple[tuple[Rest, ...], tuple[SetOff, ...]]:
    """Return what of the book is open still, and the red copies that payments took the place of.

    Of one amount red copies and payments have to be as many, and nothing else of that amount may be
    open: else it is not known which payment the bank had, and all of them stay open.
    """
    given = tuple(rests)
    corrected = {line.corrects for line in lines.values()}
    reds: dict[int, list[_Red]] = defaultdict(list)
    others: dict[int, list[Entry]] = defaultdict(list)
    parts: dict[int, list[Entry]] = defaultdict(list)
    doubtful: set[int] = set()
    for rest in given:
        for entry in rest.entries:
            red = _red(entry, lines, corrected)
            if rest.count < len(rest.entries) or len(entry.refs) > 1:
                doubtful.add(abs(entry.signed_fen))
            elif red is not None:
                reds[-entry.signed_fen].append(red)
            else:
                others[entry.signed_fen].append(entry)
                for part in _parts(entry, register):
                    parts[part.signed_fen].append(part)
    taken: dict[str, _Red] = {}
    for fen, of_fen in reds.items():
        until = max(red.since for red in of_fen).isoformat()
        found = [*others[fen], *parts[fen]]
        fits = all(_sent_by(entry, until, register) for entry in found)
        if fits and len(found) == len(of_fen) and abs(fen) not in doubtful:
            pairs = zip(sorted(found), sorted(of_fen), strict=True)
            taken |= {entry.refs[0].mark: red for entry, red in pairs}
    if not taken and not doubtful:
        return _as_one(given, [red for of_fen in reds.values() for red in of_fen], register)
    return _without(given, taken, register) if taken else (given, ())


def _as_one(
    rests: tuple[Rest, ...], reds: Sequence[_Red], register: Register
) -> tuple[tuple[Rest, ...], tuple[SetOff, ...]]:
    """Set off all red copies with the only payment that is open, if they come to it.

    So it is with what was paid short, booked as unexplained, and paid up later.
    """
    marks = {red.entry.refs[0].mark for red in reds}
    others = [entry for rest in rests for entry in rest.entries if entry.refs[0].mark not in marks]
    until = max((red.since for red in reds), default=date.min).isoformat()
    whole = len(reds) > 1 and len(others) == 1 and _sent_by(others[0], until, register)
    if not whole or others[0].signed_fen != -sum(red.entry.signed_fen for red in reds):
        return rests, ()
    (own,) = others
    pairs = (_pair(replace(own, signed_fen=-red.entry.signed_fen), red.entry) for red in reds)
    return (), tuple(sorted(pairs))


def _red(entry: Entry, lines: Mapping[str, BookLine], corrected: Container[str]) -> _Red | None:
    line = lines.get(entry.refs[0].mark)
    original = lines.get(line.reverses) if line is not None else None
    if original is None or original.event.startswith(BATCH_EVENT) or original.ref in corrected:
        return None
    return _Red(entry, original.date)


def _parts(entry: Entry, register: Register) -> list[Entry]:
    """Return a voucher's entry as one for each line of it, if they are several."""
    several = len(register.shares.get(entry.refs[0].mark, ())) > 1
    return [*parts_of(entry, register).values()] if several else []


def _sent_by(entry: Entry, until: str, register: Register) -> bool:
    """Whether an entry pays lines of a batch that the bank was sent by a day."""
    names = register.paid_by(entry.refs[0].mark)
    return names is not None and all(register.lines[name].sent_on <= until for name in names)


def _without(
    rests: Iterable[Rest], taken: Mapping[str, _Red], register: Register
) -> tuple[tuple[Rest, ...], tuple[SetOff, ...]]:
    gone = {red.entry.refs[0].mark for red in taken.values()}
    left: list[Rest] = []
    pairs: list[SetOff] = []
    for rest in rests:
        if rest.count < len(rest.entries) or len(rest.entries[0].refs) > 1:
            left.append(rest)
            continue
        for entry in rest.entries:
            parts = _parts(entry, register)
            apart = any(part.refs[0].mark in taken for part in parts)
            for one in parts if apart else (entry,):
                red = taken.get(one.refs[0].mark)
                if red is not None:
                    pairs.append(_pair(one, red.entry))
                elif one.refs[0].mark not in gone:
                    left.append(Rest((one,), 1))
    return tuple(left), tuple(sorted(pairs))


def _pair(entry: Entry, red: Entry) -> SetOff:
    shown = entry.refs[0].shown
    return SetOff(entry.date, shown, red.date, red.refs[0].shown, entry.signed_fen)
