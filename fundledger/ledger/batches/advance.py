"""What a record makes of batches: which lines a step takes, and what is moved by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec import structs

from fundledger.ledger.batches.batch import Apart, Batch, Facts, moved, rebased
from fundledger.ledger.batches.effect import (
    after_step,
    amiss,
    dated,
    first_day,
    since_when,
    unfit_outcome,
    with_undone,
)
from fundledger.ledger.batches.files import (
    Problem,
    Shelf,
    Unfit,
    facts_of,
    hold_list,
    lines_in,
    outcomes_in,
    some_facts_of,
)
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.batches.parents import approved_year, changed_parents, parent_states
from fundledger.ledger.batches.paylist import number_of, root_of
from fundledger.ledger.batches.prepare import PREPARE, earlier_lines, prepared, said_totals
from fundledger.ledger.batches.received import is_as_sent
from fundledger.ledger.batches.states import STEPS, UNDOES, LineState, Standing, Step
from fundledger.ledger.bodies import BatchBody

_FEW = 50
"""Of a list that has so many times more lines, those that a step names are looked up one by one."""

_BEFORE_SENDING = frozenset({LineState.PLANNED, LineState.APPROVED})


class Move(NamedTuple):
    """Lines of one unit and category that go from one standing to another on a day.

    `amount_fen` is what is moved; `approved` the year in which it became an expense; `parent` how
    the line stood that a reissue pays once more.
    """

    on: str
    unit: str
    category: str
    before: Standing
    after: Standing
    approved: str
    parent: Standing | None
    payments: int
    amount_fen: int


class Advance(NamedTuple):
    """What a record makes of batches, what it moves, and why it cannot stand, if it cannot."""

    batches: tuple[Batch, ...] = ()
    moves: tuple[Move, ...] = ()
    problems: tuple[Problem, ...] = ()


def advance(shelf: Shelf, body: BatchBody, *, sequence: int, actor: str, day: str) -> Advance:
    """Return what a record that says `body` makes of the batches; nothing is changed in `shelf`.

    `day` is that of the record.  With a problem nothing moves.
    """
    try:
        if body.step == PREPARE:
            batch, problems = prepared(shelf, body, sequence=sequence, actor=actor, day=day)
            return Advance((batch,)) if batch is not None else Advance(problems=tuple(problems))
        return _stepped(shelf, body, sequence, actor, day)
    except Unfit as unfit:
        return Advance(_unread(shelf, body, sequence, actor), (), (unfit.problem,))


def _unread(shelf: Shelf, body: BatchBody, sequence: int, actor: str) -> tuple[Batch, ...]:
    """Return the batch of a record whose files cannot be read: from here on nothing is known of it.

    No such record passes the gate; it stands in a journal whose lists were lost or changed.
    """
    batch = shelf.batch(body.batch)
    if batch is None and body.step == PREPARE:
        batch = Batch(
            id=body.batch,
            sequence=sequence,
            kind=body.kind,
            list=body.lines,
            document=body.document,
            maker=actor,
            prepared_on=body.on,
            totals=said_totals(body),
        )
    return () if batch is None else (structs.replace(batch, unread=True),)


def _stepped(shelf: Shelf, body: BatchBody, sequence: int, actor: str, day: str) -> Advance:
    batch, step = shelf.batch(body.batch), STEPS.get(body.step)
    if batch is None or step is None:
        reason = "no-batch" if batch is None else "no-step"
        said = {"reason": reason, "step": body.step, "batch": body.batch, "state": "none"}
        said["when"] = ""
        return Advance(problems=(Problem("FL750", body.batch, said),))
    if batch.unread:
        raise Unfit(Problem("FL751", batch.id, {"reason": "unread"}))
    hold_list(shelf, batch)
    problems = list(_out_of_order(batch, step, body, actor, day))
    if problems:
        return Advance(problems=tuple(problems))
    if body.lines:
        outcomes = outcomes_in(shelf, body.lines)
        done = _named(shelf, batch, step, outcomes, body, day)
    else:
        outcomes = []
        done = _unnamed(shelf, batch, step, body)
    first = [dated(one, step, body, actor) for one in done.batches[:1]]
    if step.slug in UNDOES:
        first = [with_undone(one, batch, step, outcomes, sequence) for one in first]
    return done._replace(batches=(*first, *done.batches[1:]))


def _out_of_order(
    batch: Batch, step: Step, body: BatchBody, actor: str, day: str
) -> Iterator[Problem]:
    """Yield what is wrong with a step whatever lines it takes."""
    if step.grounds and not body.document:
        yield Problem("FL759", batch.id, {"step": step.slug})
    if step.slug == "approve" and actor == batch.maker:
        yield Problem("FL754", batch.id, {"staff": actor})
    sent = batch.exported_on if step.before - _BEFORE_SENDING else ""
    since = max(batch.prepared_on, batch.approved_on, batch.refused_on, sent)
    if not since <= body.on <= day:
        when = _outside(body.on, since, day)
        yield Problem("FL750", batch.id, _said("day", batch, step, body.on, when))
    if (body.lines and step.whole) or (step.named and not body.lines):
        yield Problem("FL750", batch.id, _said("lines", batch, step, body.on))
    stated = body.receipt is not None and step.slug != "accept"
    if body.totals or body.reconfirmed or body.kind != "payment" or stated:
        yield Problem("FL752", batch.id, {"reason": "figures"})
    done = batch.accepted_on and (body.receipt is None or is_as_sent(batch))
    if step.slug == "accept" and done:
        yield Problem("FL750", batch.id, _said("state", batch, step, body.on))


def _said(reason: str, batch: Batch, step: Step, on: str, when: str = "") -> dict[str, str | int]:
    said: dict[str, str | int] = {"reason": reason, "step": step.slug, "batch": batch.id}
    return {**said, "state": str(batch.state), "on": on, "when": when}


def _outside(on: str, since: str, day: str) -> str:
    """Return a day and the first or last one allowed, as a sentence has them behind the words."""
    return f" {on} < {since}" if on < since else f" {on} > {day}"


def _unnamed(shelf: Shelf, batch: Batch, step: Step, body: BatchBody) -> Advance:
    """Take every line that the step takes; what takes the whole batch leaves dropped ones alone."""
    taken, left = [], 0
    why: set[tuple[str, str]] = set()
    for standing, key, total in batch.groups():
        if step.takes_unnamed(standing):
            taken.append((standing, key, total))
        elif standing.state is not LineState.DROPPED:
            left += total.payments
            reason = amiss(step, standing)
            why.add((reason, since_when(reason, standing)))
    standings = {standing for standing, _, _ in taken}
    since = max((first_day(batch, step, one) for one in standings), default="")
    if body.on < since:
        said = _said("day", batch, step, body.on, _outside(body.on, since, body.on))
        return Advance(problems=(Problem("FL750", batch.id, said),))
    if not taken or (step.whole and left):
        reasons = {reason for reason, _ in why}
        reason, when = max(why) if len(reasons) == 1 else ("state", "")
        said = _said(reason, batch, step, body.on, when)
        return Advance(problems=(Problem("FL750", batch.id, said),))
    count = sum(total.payments for _, _, total in taken)
    fen = sum(total.amount_fen for _, _, total in taken)
    if (count, fen) != (body.payments, body.amount_fen):
        return Advance(problems=(Problem("FL752", batch.id, {"reason": "figures"}),))
    if batch.kind == "reissue" and step.slug in {"approve", "withdraw"}:
        facts = facts_of(shelf, batch)
        outcomes = [
            Outcome(line, step.slug, body.on, own.amount_fen)
            for line, own in facts.items()
            if step.takes(batch.standing(line))
        ]
        return _each(shelf, batch, step, outcomes, facts)
    outcome = Outcome("", step.slug, body.on, 0)
    after = {standing: after_step(step, standing, outcome, 0) for standing in standings}
    year = batch.approved_on[:4]
    moves = tuple(
        Move(body.on, *_line_of(key), standing, after[standing], year, None, *total)
        for standing, key, total in taken
    )
    return Advance((_all_moved(batch, step, body.on),), moves)


def _line_of(key: str) -> tuple[str, str]:
    unit, _, category = key.partition(":")
    return unit, category


def _all_moved(batch: Batch, step: Step, on: str) -> Batch:
    """Return the batch with every line moved that the step takes; the list is not asked for."""
    outcome = Outcome("", step.slug, on, 0)

    def after(standing: Standing) -> Standing:
        return after_step(step, standing, outcome, 0) if step.takes_unnamed(standing) else standing

    base = after(batch.base)
    apart = {
        line: structs.replace(one, standing=after(one.standing))
        for line, one in batch.apart.items()
    }
    return structs.replace(
        batch, base=base, apart={line: one for line, one in apart.items() if one.standing != base}
    )


def _named(  # noqa: PLR0913, PLR0917 - a step and all that it rests on
    shelf: Shelf, batch: Batch, step: Step, outcomes: list[Outcome], body: BatchBody, day: str
) -> Advance:
    """Take the lines that a file of outcomes names."""
    figures = len(outcomes), sum(outcome.amount_fen for outcome in outcomes)
    if not outcomes or figures != (body.payments, body.amount_fen):
        return Advance(problems=(Problem("FL752", batch.id, {"reason": "figures"}),))
    few = len(outcomes) * _FEW <= batch.total.payments
    names = [outcome.line for outcome in outcomes]
    facts = some_facts_of(shelf, batch, names) if few else facts_of(shelf, batch)
    problems = []
    for outcome in outcomes:
        reason = unfit_outcome(batch, step, outcome, facts.get(outcome.line), day)
        if reason:
            said = _said(reason, batch, step, outcome.on)
            if outcome.line in facts:
                standing = batch.standing(outcome.line)
                said["state"] = str(standing.state)
                said["when"] = since_when(reason, standing)
                if reason == "day":
                    said["when"] = _outside(outcome.on, first_day(batch, step, standing), day)
            problems.append(Problem("FL750", outcome.line, said))
    if step.slug == "remit" and not problems:
        problems = [*_paid_anew(shelf, batch, outcomes)]
    if problems:
        return Advance(problems=tuple(problems))
    return _each(shelf, batch, step, outcomes, facts)


def _paid_anew(shelf: Shelf, batch: Batch, outcomes: Iterable[Outcome]) -> Iterator[Problem]:
    """Yield unclaimed lines whose payee came after all, and was paid out of what they left."""
    named = {outcome.line for outcome in outcomes}
    lines = [line for line in lines_in(shelf, batch.list) if line.line in named]
    earlier = earlier_lines(shelf, lines)
    for line in lines:
        for one in earlier.get(root_of(line.line), ()):
            later = number_of(one.line.line) > number_of(line.line)
            if later and one.standing.state is not LineState.DROPPED:
                details = {"other": one.line.line, "batch": one.batch, "state": one.standing.state}
                yield Problem("FL753", line.line, details)


def _each(
    shelf: Shelf,
    batch: Batch,
    step: Step,
    outcomes: Iterable[Outcome],
    facts: Mapping[str, Facts],
) -> Advance:
    """Move lines one by one; those that a reissue pays once more move with its approval."""
    ties = step.slug in {"approve", "withdraw"}
    problems = parent_states(shelf, batch, outcomes) if step.slug == "approve" else []
    if problems:
        return Advance(problems=tuple(problems))
    changes: dict[str, Apart] = {}
    sums: dict[tuple[str, str, str, Standing, Standing, str, Standing | None], list[int]] = {}
    for outcome in outcomes:
        own, before = facts[outcome.line], batch.standing(outcome.line)
        after = after_step(step, before, outcome, own.amount_fen)
        changes[outcome.line] = Apart(after, *own)
        parent = batch.parents.get(outcome.line) if ties else None
        year = approved_year(shelf, batch, outcome.line)
        stood = parent.standing if parent is not None else None
        total = sums.setdefault(
            (outcome.on, own.unit, own.category, before, after, year, stood), [0, 0]
        )
        total[0] += 1
        total[1] += outcome.amount_fen
    own_batch = moved(batch, changes)
    if len(facts) == batch.total.payments:
        own_batch = rebased(own_batch, facts)
    parents = changed_parents(shelf, batch, changes, restored=step.slug == "withdraw")
    moves = tuple(Move(*key, *total) for key, total in sums.items())
    return Advance((own_batch, *(parents if ties else ())), moves)
