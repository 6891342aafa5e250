"""What a supervisor wants: exceptions by class, age and unit, and the share that was found."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fundledger.ledger.bodies import OpenItem
    from fundledger.reconcile.model import Adjustment
    from fundledger.reconcile.payments import Comparison
    from fundledger.reconcile.rows import Told

AGES = ((3, "0-3"), (10, "4-10"), (30, "11-30"), (90, "31-90"))
_OLDEST = "over-90"
_OPEN = "book-without-bank"
_ELSEWHERE = frozenset({"bank-debit-without-book", "bank-credit-without-book"})
"""Told as open items of the account, where a voucher that is of no batch may explain them."""


class Group(NamedTuple):
    """Exceptions of one class, age and unit: how many, and the fen of their lines or rows."""

    name: str
    age: str
    unit: str
    payments: int
    amount_fen: int


class Share(NamedTuple):
    """How many payments were found at the bank of those that were looked for, and their fen."""

    found: int
    found_fen: int
    missing: int
    missing_fen: int


def rolled_up(comparison: Comparison) -> tuple[Group, ...]:
    """Return the exceptions of payments by class, age and unit; `-` where no line is named."""
    counts: Counter[tuple[str, str, str]] = Counter()
    sums: Counter[tuple[str, str, str]] = Counter()
    for told in comparison.told:
        if told.name in _ELSEWHERE:
            continue
        line = comparison.register.lines.get(told.line)
        name = _OPEN if told.name.startswith(_OPEN) else told.name
        key = (name, age_of(told.age_days), line.of.unit if line is not None else "-")
        counts[key] += 1
        sums[key] += _fen(told, comparison)
    return tuple(Group(*key, count, sums[key]) for key, count in sorted(counts.items()))


def share_of_found(comparison: Comparison) -> Share:
    """Return what was found of the payments that the bank may have moved in these days."""
    lines = comparison.register.lines
    found = {pair.line for pair in comparison.pairs}
    missing = {told.line for told in comparison.told if told.name.startswith(_OPEN)} - found
    return Share(
        len(found),
        sum(lines[name].of.amount_fen for name in found),
        len(missing),
        sum(lines[name].of.amount_fen for name in missing),
    )


def cleared(before: tuple[OpenItem, ...], adjustment: Adjustment) -> int:
    """Return how many of the items that were open when it was signed last are open no more."""
    marks = {mark for item in adjustment.items for mark in item.marks}
    still = marks | {mark.partition("/")[0] for mark in marks}
    return sum(still.isdisjoint(item.refs) for item in before)


def age_of(days: int) -> str:
    """Return the class of an age, such as `4-10`."""
    return next((name for most, name in AGES if days <= most), _OLDEST)


def _fen(told: Told, comparison: Comparison) -> int:
    line = comparison.register.lines.get(told.line)
    if line is not None:
        return line.of.amount_fen
    return abs(told.row.signed_fen) if told.row is not None else 0
