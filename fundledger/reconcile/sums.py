"""Open items of which one is the sum of several on the other side: one batch, booked otherwise.

Several are looked for that stand one after the other on one day, as those of a batch do; of a few
dozen amounts some would add up to almost anything.  Nothing is matched by it, for sums agree by
chance; who is about to book an amount again is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from fundledger.findings import Finding
from fundledger.reconcile.model import Item

_SHOWN = 6


def about_sums(items: Iterable[Item], window_days: int) -> Iterator[Finding]:
    """Yield FL872 for each open item that is the sum of two or more others within the window."""
    every = tuple(items)
    days: dict[tuple[bool, bool, date], list[Item]] = {}
    for item in sorted(every, key=_place):
        days.setdefault((item.of_book, item.signed_fen > 0, item.date), []).append(item)
    for one in every:
        near = [
            (abs((day - one.date).days), day, others)
            for (of_book, received, day), others in days.items()
            if of_book is not one.of_book and received is (one.signed_fen > 0)
        ]
        found = next(
            (
                run
                for apart, _, others in sorted(near, key=lambda day: day[:2])
                if apart <= window_days and (run := _run_of(one.amount_fen, others))
            ),
            (),
        )
        if found:
            shown = "、".join(item.ref for item in found[:_SHOWN])
            if len(found) > _SHOWN:
                shown += f" … {found[-1].ref}"
            details = {"ref": one.ref, "date": one.date, "many": shown, "count": len(found)}
            yield Finding("FL872", one.ref, details, amount_fen=one.amount_fen)


def _place(item: Item) -> tuple[str, int]:
    """Return what an item is ordered by: a voucher's number, or the row of a statement."""
    before, _, number = item.ref.replace(":", "-").rpartition("-")
    return before, int(number) if number.isdecimal() else 0


def _run_of(amount_fen: int, items: Sequence[Item]) -> Sequence[Item]:
    """Return two or more items, one after the other, that add up to an amount; or none."""
    start = sum_fen = 0
    for end, item in enumerate(items, 1):
        sum_fen += item.amount_fen
        while sum_fen > amount_fen:
            sum_fen -= items[start].amount_fen
            start += 1
        if sum_fen == amount_fen and end - start > 1:
            return items[start:end]
    return ()
