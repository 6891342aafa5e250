"""On time and in full, read line by line: every entitlement by the last line approved for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from fundledger.ledger.batches.paylist import number_of, root_of
from support.payouts.naive import Stands

Due = Callable[[str, str], date | None]
"""Until when a month of a budget line is due."""

Figures = tuple[tuple[int, int], ...]
"""Payments and fen: approved, paid, due, on time, given up."""


def read(lines: Iterable[Stands], due_on: Due, as_of: date) -> dict[tuple[str, str, str], Figures]:
    """Return the figures of each month, unit and category."""
    last: dict[str, Stands] = {}
    for one in sorted(lines, key=lambda one: number_of(one.line.line)):
        if one.state not in {"planned", "dropped"}:
            last[root_of(one.line.line)] = one
    figures: dict[tuple[str, str, str], list[list[int]]] = {}
    for one in last.values():
        line = one.line
        key = (line.period, line.unit, line.category)
        own = figures.setdefault(key, [[0, 0] for _ in range(5)])
        until = due_on(f"{line.unit}:{line.category}", line.period)
        holds = (
            True,
            _paid(one),
            until is not None and until < as_of,
            until is not None
            and until < as_of
            and _paid(one)
            and bool(one.debited_on)
            and date.fromisoformat(one.debited_on) <= until,
            one.state in {"cancelled", "unclaimed", "remitted"},
        )
        for part, held in zip(own, holds, strict=True):
            part[0] += held
            part[1] += line.amount_fen if held else 0
    return {key: tuple((n, fen) for n, fen in own) for key, own in figures.items()}


def _paid(one: Stands) -> bool:
    if one.state == "exported":
        return one.debited
    return one.state in {"paid", "recoverable", "recovered", "written-off"}
