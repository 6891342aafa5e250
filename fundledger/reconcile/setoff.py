"""Red ink inside the book: a voucher and its reversal cancel there, and the bank knows neither."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from fundledger.reconcile.match import Entry
from fundledger.reconcile.model import BookLine, SetOff


def set_off(
    entries: Iterable[Entry], lines: Mapping[str, BookLine]
) -> tuple[list[Entry], tuple[SetOff, ...]]:
    """Return the book entries that are left for the bank, and what cancels inside the book.

    A red copy cancels the voucher that it reverses where that takes part, as a posting of these
    days or as an item that was open before.  Where the bank had that one already, the red copy
    cancels the right voucher in its place, if both are of one amount.  `lines` is the book by
    reference.  Of competing entries that were carried, the one that is reversed was the open one.
    """
    left: list[Entry | None] = [*sorted(entries)]
    naming: dict[str, list[int]] = defaultdict(list)
    righting: dict[str, list[int]] = defaultdict(list)
    reds: list[tuple[int, str]] = []
    for index, entry in enumerate(left):
        if entry is None:
            continue
        for ref in entry.refs:
            naming[ref.mark].append(index)
        line = lines.get(entry.refs[0].mark) if len(entry.refs) == 1 else None
        if line is not None and line.reverses:
            reds.append((index, line.reverses))
        while line is not None and line.corrects:
            righting[line.corrects].append(index)
            line = lines.get(line.corrects)
    pairs: list[SetOff] = []
    for partners in (naming, righting):
        for index, mark in reds:
            red = left[index]
            for other in partners.get(mark, ()):
                partner = left[other]
                if red and partner and partner.signed_fen == -red.signed_fen:
                    left[index] = left[other] = None
                    _strike(left, naming[mark], mark, partner)
                    pairs.append(_pair(partner, red, mark))
                    break
    return [entry for entry in left if entry is not None], tuple(sorted(pairs))


def _strike(left: list[Entry | None], places: Sequence[int], mark: str, partner: Entry) -> None:
    """Take a voucher that is settled off the competitors of the entry that it was taken for."""
    for place in places:
        entry = left[place]
        if entry is not None and entry.refs == partner.refs and len(entry.refs) > 1:
            left[place] = replace(entry, refs=tuple(r for r in entry.refs if r.mark != mark))


def _pair(partner: Entry, red: Entry, reversed_ref: str) -> SetOff:
    marks = [ref.mark for ref in partner.refs]
    ref = reversed_ref if reversed_ref in marks else partner.refs[0].shown
    return SetOff(partner.date, ref, red.date, red.refs[0].shown, partner.signed_fen)
