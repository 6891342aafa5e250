"""What a step makes of a line and of a batch, and whether it may be about that line at all."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from fundledger.ledger.batches.batch import Batch, Facts, Undone
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.batches.states import RESULTS, UNDOES, LineState, Standing, Step
from fundledger.ledger.bodies import BatchBody

_UNANSWERED = frozenset({LineState.EXPORTED, LineState.UNKNOWN})
_OF_ANSWERED = frozenset({"credit-back", "return", "take-back", "claim-back"})
"""Steps of what the bank has answered for, paid or failed."""


def unfit_outcome(batch: Batch, step: Step, outcome: Outcome, facts: Facts | None, day: str) -> str:
    """Return why a step cannot take a line, or an empty text."""
    if facts is None:
        return "no-line"
    standing = batch.standing(outcome.line)
    same = step.slug == "result" and RESULTS.get(outcome.outcome) is standing.state
    words = RESULTS if step.slug == "result" else (step.slug,)
    if same or not step.takes(standing):
        reason = amiss(step, standing)
    elif outcome.outcome not in words:
        reason = "outcome"
    elif not first_day(batch, step, standing) <= outcome.on <= day:
        reason = "day"
    else:
        reason = "" if _fits(step, outcome.amount_fen, standing, facts) else "amount"
    return reason


def first_day(batch: Batch, step: Step, standing: Standing) -> str:
    """Return the first day on which a step can befall a line that was sent."""
    since = max(batch.exported_on, batch.approved_on)
    if step.slug not in {"debit", "result"}:  # the bank tells of money and outcome in any order
        since = max(since, standing.last_on, batch.refused_on)
    return since


def amiss(step: Step, standing: Standing) -> str:
    """Return why a line that stands so is not taken: where its cash is, or else its state."""
    if standing.state in _UNANSWERED and step.slug in _OF_ANSWERED:
        return "not-answered"
    if standing.state in step.before:
        match step.slug:
            case "debit" | "refuse" if standing.debited_on:
                return "debited"
            case "cancel" | "unclaimed" if standing.owed_by_bank:
                return "not-back"
            case "credit-back" | "undo-debit" if standing.credited_on:
                return "credited"
            case "return" | "take-back" | "claim-back" | "credit-back" | "undo-debit" if (
                not standing.debited_on
            ):
                return "not-debited"
    return "state"


def since_when(reason: str, standing: Standing) -> str:
    """Return the day of what `amiss` says, as a sentence has it behind the words."""
    debited = f" {standing.debited_on}"
    on = {"debited": debited, "not-back": debited, "credited": f" {standing.credited_on}"}
    return on.get(reason, "")


def _fits(step: Step, amount_fen: int, standing: Standing, facts: Facts) -> bool:
    """Whether a step may be about this much of a line: of most it is the whole."""
    left_fen = standing.claimed_fen - standing.settled_fen
    match step.slug:
        case "claim-back":
            return amount_fen <= facts.amount_fen - standing.claimed_fen
        case "recover":
            return amount_fen <= left_fen
        case "write-off":
            return amount_fen == left_fen
    return amount_fen == facts.amount_fen


def after_step(step: Step, before: Standing, outcome: Outcome, whole_fen: int) -> Standing:
    """Return how a line of so much stands after a step: its state, its cash, what is asked back."""
    state, on = step.after or before.state, outcome.on
    match step.slug:
        case "result":
            state, reason = RESULTS[outcome.outcome], outcome.reason
            turned_on = on if state is LineState.FAILED else before.turned_on
            after = structs.replace(before, state=state, reason=reason, turned_on=turned_on)
        case "debit":
            after = structs.replace(before, debited_on=on)
        case "credit-back":
            after = structs.replace(before, credited_on=on)
        case "return" | "take-back":
            reason = outcome.reason
            after = structs.replace(before, state=state, credited_on=on, reason=reason)
        case "undo-debit":
            after = structs.replace(before, debited_on="")
        case "undo-credit-back" | "undo-return":
            reason = before.reason if state is before.state else ""
            after = structs.replace(before, state=state, credited_on="", reason=reason)
        case "claim-back":
            claimed_fen = before.claimed_fen + outcome.amount_fen
            after = structs.replace(before, state=state, claimed_fen=claimed_fen, turned_on=on)
        case "recover" | "write-off":
            after = _settled(step, before, outcome, whole_fen)
        case _:
            after = structs.replace(before, state=state, reason=outcome.reason or before.reason)
    return after


def _settled(step: Step, before: Standing, outcome: Outcome, whole_fen: int) -> Standing:
    """Return how a line stands after some of what is asked back came in or was written off.

    Once that is settled the line is written off, or recovered if all of it came in; where only a
    part was asked back it is paid, as to the rest.
    """
    settled_fen = before.settled_fen + outcome.amount_fen
    state = before.state
    if settled_fen == before.claimed_fen:
        whole = settled_fen == whole_fen or step.slug == "write-off"
        state = step.after or state if whole else LineState.PAID
    return structs.replace(before, state=state, settled_fen=settled_fen, turned_on=outcome.on)


def dated(batch: Batch, step: Step, body: BatchBody, actor: str) -> Batch:
    """Return the batch with the day of what befell it as a whole."""
    match step.slug:
        case "approve":
            return structs.replace(batch, approved_on=body.on, approver=actor)
        case "export":
            return structs.replace(batch, exported_on=body.on, refused_on="", file=body.document)
        case "accept":
            return structs.replace(batch, accepted_on=body.on, receipt=body.receipt)
        case "refuse":
            return structs.replace(
                batch, refused_on=body.on, exported_on="", accepted_on="", file="", receipt=None
            )
    return batch


def with_undone(
    after: Batch, before: Batch, step: Step, outcomes: Iterable[Outcome], sequence: int
) -> Batch:
    """Return the batch with the moves noted that a step takes back, each by the day it was of."""
    way = UNDOES[step.slug]
    stood = ((outcome.line, before.standing(outcome.line)) for outcome in outcomes)
    undone = (
        Undone(line, way, one.debited_on if way == "out" else one.credited_on, sequence)
        for line, one in stood
    )
    return structs.replace(after, undone=(*after.undone, *undone))
