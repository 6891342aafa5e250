"""Open items of which one is the sum of several on the other side: one batch, booked otherwise.

Nothing is matched by it, for sums agree by chance; who is about to book an amount again is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fundledger.findings import Finding
from fundledger.reconcile.model import Item

_MOST_ITEMS = 60
_MOST_SUMS = 20_000
_SHOWN = 6


def about_sums(items: Iterable[Item], window_days: int) -> Iterator[Finding]:
    """Yield FL872 for each open item that is the sum of two or more others within the window."""
    every = tuple(items)
    for one in every:
        others = [
            other
            for other in every
            if other.of_book is not one.of_book
            and (other.signed_fen > 0) is (one.signed_fen > 0)
            and other.amount_fen < one.amount_fen
            and abs((other.date - one.date).days) <= window_days
        ]
        nearest = sorted(others, key=lambda other: (abs((other.date - one.date).days), other.ref))
        found = _adding_up(one.amount_fen, nearest[:_MOST_ITEMS])
        if found:
            shown = "、".join(item.ref for item in found[:_SHOWN])
            details = {
                "ref": one.ref,
                "date": one.date,
                "many": shown if len(found) <= _SHOWN else f"{shown} …",
                "count": len(found),
            }
            yield Finding("FL872", one.ref, details, amount_fen=one.amount_fen)


def _adding_up(amount_fen: int, items: Sequence[Item]) -> list[Item]:
    """Return items that add up to an amount, the nearest first; none, or where too many could."""
    same_day = [item for item in items if item.date == items[0].date]
    if len(same_day) > 1 and sum(item.amount_fen for item in same_day) == amount_fen:
        return same_day
    reached: dict[int, tuple[int, int]] = {0: (0, -1)}
    for position, item in enumerate(items):
        for before_fen in tuple(reached):
            sum_fen = before_fen + item.amount_fen
            if sum_fen <= amount_fen and sum_fen not in reached:
                reached[sum_fen] = (before_fen, position)
        if amount_fen in reached:
            return _back(amount_fen, reached, items)
        if len(reached) > _MOST_SUMS:
            return []
    return []


def _back(
    amount_fen: int, reached: dict[int, tuple[int, int]], items: Sequence[Item]
) -> list[Item]:
    found = []
    while amount_fen:
        amount_fen, position = reached[amount_fen]
        found.append(items[position])
    return found[::-1]
