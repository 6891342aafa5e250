"""A payment list to be reviewed: nobody on it is paid for the same anywhere else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from fundledger.ledger.batches.batch import Batch, Parent
from fundledger.ledger.batches.files import Problem, Shelf, lines_in
from fundledger.ledger.batches.paylist import (
    LineTotal,
    PaymentLine,
    line_id,
    number_of,
    reissued,
    root_of,
    totals_of,
)
from fundledger.ledger.batches.states import LineState, Standing
from fundledger.ledger.bodies import BatchBody

PREPARE = "prepare"


def said_totals(body: BatchBody) -> dict[str, LineTotal]:
    """Return the totals that a body says, by `Unit:Category`."""
    return {
        f"{unit}:{category}": LineTotal(payments, fen)
        for unit, category, payments, fen in body.totals
    }


def prepared(
    shelf: Shelf, body: BatchBody, *, sequence: int, actor: str, day: str
) -> tuple[Batch | None, list[Problem]]:
    """Return the batch that a list makes, or everything that is wrong with it.

    Raises:
        Unfit: FL751, a list is not there or not as it was.

    """
    if shelf.batch(body.batch) is not None:
        return None, [Problem("FL750", body.batch, _said("there", body))]
    lines = lines_in(shelf, body.lines)
    totals = {f"{unit}:{cat}": total for (unit, cat), total in totals_of(lines).items()}
    problems: list[Problem] = []
    if totals != said_totals(body) or not lines:
        problems.append(Problem("FL752", body.batch, {"reason": "totals"}))
    if not body.document:
        problems.append(Problem("FL759", body.batch, {"step": body.step}))
    if body.on > day:
        problems.append(Problem("FL750", body.batch, _said("day", body)))
    standing = earlier_lines(shelf, lines)
    parents: dict[str, Parent] = {}
    for line in lines:
        own = line_id(shelf.fund, line.unit, line.category, line.period, line.person)
        if root_of(line.line) != own:
            problems.append(Problem("FL752", line.line, {"reason": "id"}))
            continue
        earlier = standing.get(own, [])
        problem = _unfit_line(line, earlier, body)
        if problem is not None:
            problems.append(problem)
        elif body.kind == "reissue":
            last = _last(earlier)
            parents[line.line] = Parent(last.batch, last.line.line, last.standing)
    if problems:
        return None, problems
    return Batch(
        id=body.batch,
        sequence=sequence,
        kind=body.kind,
        list=body.lines,
        document=body.document,
        maker=actor,
        prepared_on=body.on,
        totals=totals,
        parents=parents,
    ), []


def _said(reason: str, body: BatchBody) -> dict[str, str | int]:
    state = str(LineState.PLANNED)
    return {"reason": reason, "step": body.step, "batch": body.batch, "state": state}


class Earlier(NamedTuple):
    """A line that was listed before for the same entitlement, and how it stands."""

    batch: str
    line: PaymentLine
    standing: Standing


def earlier_lines(shelf: Shelf, lines: Iterable[PaymentLine]) -> dict[str, list[Earlier]]:
    """Return the lines that earlier lists have for the entitlements of these, by root.

    Raises:
        Unfit: FL751, a list is not there or not as it was.

    """
    roots = {root_of(line.line) for line in lines}
    keys = {(line.unit, line.category, line.period) for line in lines}
    names = dict.fromkeys(name for key in sorted(keys) for name in shelf.batches_of(*key))
    found: dict[str, list[Earlier]] = {}
    for name in names:
        batch = shelf.batch(name)
        if batch is None:
            continue
        for line in lines_in(shelf, batch.list):
            root = root_of(line.line)
            if root in roots:
                found.setdefault(root, []).append(Earlier(name, line, batch.standing(line.line)))
    return found


def next_id(root: str, earlier: Iterable[Earlier]) -> str:
    """Return the id of the next line for an entitlement: no two lines of a fund share one."""
    last = max((one.line.line for one in earlier), key=number_of, default="")
    return reissued(last) if last else root


def _last(earlier: Iterable[Earlier]) -> Earlier:
    """Return the latest line that was not dropped before anything was sent."""
    kept = [one for one in earlier if one.standing.state is not LineState.DROPPED]
    return max(kept, key=lambda one: number_of(one.line.line))


def _unfit_line(line: PaymentLine, earlier: list[Earlier], body: BatchBody) -> Problem | None:
    """Return why a line cannot be prepared beside those that were listed before it."""
    if line.line != next_id(root_of(line.line), earlier):
        return Problem("FL752", line.line, {"reason": "number"})
    kept = [one for one in earlier if one.standing.state is not LineState.DROPPED]
    if body.kind == "payment":
        for one in kept:
            if one.standing.live:
                details = {"other": one.line.line, "batch": one.batch, "state": one.standing.state}
                return Problem("FL753", line.line, details)
        return None
    if not kept:
        return Problem("FL757", line.line, {"reason": "nothing", "other": ""})
    last = _last(kept)
    reason = ""
    if last.standing.owed_by_bank:
        reason = "not-credited"
    elif not last.standing.may_be_paid_again:
        reason = "state"
    elif line.amount_fen != last.line.amount_fen:
        reason = "amount"
    elif line.account == last.line.account and not body.reconfirmed:
        reason = "account"
    details = {"reason": reason, "other": last.line.line, "state": last.standing.state}
    return Problem("FL757", line.line, details) if reason else None
