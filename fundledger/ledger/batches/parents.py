"""A reissue and the lines that it pays once more: they move together, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import structs

from fundledger.ledger.batches.batch import Apart, Batch, moved
from fundledger.ledger.batches.files import Problem, Shelf
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.batches.states import LineState


def approved_year(shelf: Shelf, batch: Batch, line: str) -> str:
    """Return the year in which what a line pays became an expense: that of its first approval."""
    while batch.kind == "reissue":
        parent = batch.parents[line]
        found = shelf.batch(parent.batch)
        if found is None or found.sequence >= batch.sequence:
            break
        batch, line = found, parent.line
    return batch.approved_on[:4]


def parent_states(shelf: Shelf, batch: Batch, outcomes: Iterable[Outcome]) -> list[Problem]:
    """Return which lines do not stand any more as they did when their reissue was prepared."""
    problems = []
    for outcome in outcomes:
        parent = batch.parents.get(outcome.line)
        found = shelf.batch(parent.batch) if parent is not None else None
        if parent is None or found is None or found.standing(parent.line) != parent.standing:
            details = {"reason": "state", "other": parent.line if parent is not None else ""}
            problems.append(Problem("FL757", outcome.line, details))
    return problems


def changed_parents(
    shelf: Shelf, batch: Batch, changes: Mapping[str, Apart], *, restored: bool
) -> list[Batch]:
    """Return the batches of the lines that these pay once more, with those lines reissued.

    Or, where the reissue was withdrawn before it was sent, `restored` to how they stood.
    """
    by_batch: dict[str, dict[str, Apart]] = {}
    for line, own in changes.items():
        parent = batch.parents.get(line)
        if parent is not None:
            state = parent.standing.state if restored else LineState.REISSUED
            standing = structs.replace(parent.standing, state=state)
            of_parent = by_batch.setdefault(parent.batch, {})
            of_parent[parent.line] = structs.replace(own, standing=standing)
    found = ((shelf.batch(name), lines) for name, lines in by_batch.items())
    return [moved(one, lines) for one, lines in found if one is not None]
