"""A payment list to be reviewed: nobody on it is paid for the same anywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

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
    if shelf.as_recorded and body.kind == "payment":
        return _batch(body, said_totals(body), {}, sequence, actor), []
    if shelf.batch(body.batch) is not None:
        return None, [Problem("FL750", body.batch, _said("there", body))]
    lines = lines_in(shelf, body.lines)
    totals = {f"{unit}:{cat}": total for (unit, cat), total in totals_of(lines).items()}
    problems: list[Problem] = []
    figures = len(lines), sum(line.amount_fen for line in lines)
    if (
        not lines
        or totals != said_totals(body)
        or figures != (body.payments, body.amount_fen)
        or body.batch != shelf.next_batch_id(body.on[:7])
        or (body.reconfirmed and body.kind == "payment")
    ):
        problems.append(Problem("FL752", body.batch, {"reason": "totals"}))
    if not body.document:
        problems.append(Problem("FL759", body.batch, {"step": body.step}))
    if body.on > day:
        problems.append(Problem("FL750", body.batch, _said("day", body, f" {body.on} > {day}")))
    parents, unfit = _each_line(shelf, lines, body)
    problems += unfit
    if problems:
        return None, problems
    return _batch(body, totals, parents, sequence, actor), []


def _batch(
    body: BatchBody,
    totals: dict[str, LineTotal],
    parents: dict[str, Parent],
    sequence: int,
    actor: str,
) -> Batch:
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
    )


def _said(reason: str, body: BatchBody, when: str = "") -> dict[str, str | int]:
    state = str(LineState.PLANNED)
    said = {"reason": reason, "step": body.step, "batch": body.batch, "state": state}
    return {**said, "when": when}


def _each_line(
    shelf: Shelf, lines: list[PaymentLine], body: BatchBody
) -> tuple[dict[str, Parent], list[Problem]]:
    """Return the parents of a reissue's lines, and what is wrong with any line of a list."""
    standing = earlier_lines(shelf, lines)
    elsewhere = _by_other_units(shelf, lines) if body.kind == "payment" else {}
    if body.kind == "payment" and not standing and not elsewhere and _are_sound(shelf.fund, lines):
        return {}, []
    parents: dict[str, Parent] = {}
    problems: list[Problem] = []
    seen: dict[tuple[str, str, str], PaymentLine] = {}
    for line in lines:
        key = (line.person, line.category, line.period)
        twin = seen.setdefault(key, line)
        own = line_id(shelf.fund, line.unit, line.category, line.period, line.person)
        earlier = standing.get(own, [])
        problem = None
        if twin is not line:
            said = {"other": twin.line, "batch": body.batch, "state": str(LineState.PLANNED)}
            problem = Problem("FL753", line.line, said)
        elif root_of(line.line) != own:
            problem = Problem("FL752", line.line, {"reason": "id"})
        # a payment that was never listed before is fit, as nearly every one is
        elif earlier or body.kind != "payment" or line.line != own:
            problem = _unfit_line(line, earlier, body)
        if problem is None and key in elsewhere:
            problem = _live(line, elsewhere[key])
        if problem is not None:
            problems.append(problem)
        elif body.kind == "reissue":
            last = _last(earlier)
            parents[line.line] = Parent(last.batch, last.line.line, last.standing)
    return parents, problems


def _are_sound(fund: str, lines: list[PaymentLine]) -> bool:
    """Whether lines that were never listed before are fit, as nearly all are: none needs a look."""
    return len(
        {(person, category, period) for _, person, _, _, category, period, _, _ in lines}
    ) == len(lines) and all(
        name == line_id(fund, unit, category, period, person)
        for name, person, _, unit, category, period, _, _ in lines
    )


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
    batches = _batches_before(shelf, {(line.category, line.period) for line in lines})
    if not batches:
        return {}
    roots = {root_of(line.line) for line in lines}
    found: dict[str, list[Earlier]] = {}
    for one in _listed_in(shelf, batches):
        root = root_of(one.line.line)
        if root in roots:
            found.setdefault(root, []).append(one)
    return found


def _batches_before(shelf: Shelf, keys: Iterable[tuple[str, str]]) -> list[Batch]:
    """Return the batches with earlier lists of these categories and periods: mostly none."""
    names = dict.fromkeys(name for key in sorted(keys) for name in shelf.batches_of(*key))
    return [batch for name in names if (batch := shelf.batch(name)) is not None]


def _listed_in(shelf: Shelf, batches: Iterable[Batch]) -> Iterator[Earlier]:
    for batch in batches:
        for line in lines_in(shelf, batch.list):
            yield Earlier(batch.id, line, batch.standing(line.line))


def _by_other_units(
    shelf: Shelf, lines: Sequence[PaymentLine]
) -> dict[tuple[str, str, str], Earlier]:
    """Return who is paid for the same category and period on another unit's list."""
    units: dict[tuple[str, str, str], str] = {}
    found = {}
    for one in live_lines(shelf, lines):
        units = units or {_paid_for(line): line.unit for line in lines}
        key = _paid_for(one.line)
        if units[key] != one.line.unit:
            found[key] = one
    return found


class Wanted(Protocol):
    """What a line is to pay: to whom, of what, for which month."""

    @property
    def person(self) -> str:
        """The pseudonym."""

    @property
    def category(self) -> str:
        """The category."""

    @property
    def period(self) -> str:
        """The month."""


def live_lines(shelf: Shelf, wanted: Iterable[Wanted]) -> Iterator[Earlier]:
    """Yield the lines of earlier lists that pay any of this and count, whichever unit's.

    Raises:
        Unfit: FL751, a list is not there or not as it was.

    """
    every = list(wanted)
    batches = _batches_before(shelf, {(one.category, one.period) for one in every})
    if not batches:
        return
    keys = {_paid_for(one) for one in every}
    for one in _listed_in(shelf, batches):
        if _paid_for(one.line) in keys and one.standing.live:
            yield one


def _paid_for(one: Wanted) -> tuple[str, str, str]:
    return one.person, one.category, one.period


def next_id(root: str, earlier: Sequence[Earlier]) -> str:
    """Return the id of the next line for an entitlement: no two lines of a fund share one."""
    if not earlier:
        return root
    return reissued(max((one.line.line for one in earlier), key=number_of))


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
        return next((_live(line, one) for one in kept if one.standing.live), None)
    if not kept:
        return Problem("FL757", line.line, {"reason": "nothing", "other": ""})
    last = _last(kept)
    holds = {
        "not-credited": not last.standing.owed_by_bank,
        "state": last.standing.may_be_paid_again,
        "amount": line.amount_fen == last.line.amount_fen,
        "household": line.household == last.line.household,
        "day": body.on >= last.standing.last_on,
        "account": body.reconfirmed or line.account not in {one.line.account for one in kept},
    }
    reason = next((reason for reason, held in holds.items() if not held), "")
    details = {"reason": reason, "other": last.line.line, "state": last.standing.state}
    return Problem("FL757", line.line, details) if reason else None


def _live(line: PaymentLine, one: Earlier) -> Problem:
    details = {"other": one.line.line, "batch": one.batch, "state": one.standing.state}
    return Problem("FL753", line.line, details)
