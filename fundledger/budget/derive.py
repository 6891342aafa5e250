"""From what was spent and what is declared to the figure of a line, step by step.

Each effect is one step with an exact amount; the steps of a line add up to its figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from fundledger.budget.annual import WHOLE_BASIS_POINTS, UntoldError, known_steps, paid_steps
from fundledger.budget.facts import Facts
from fundledger.budget.inputs import Need
from fundledger.budget.model import (
    HALF,
    OWN,
    Decision,
    Overridden,
    Step,
    exact_sum,
)
from fundledger.budget.own_steps import AFTER_GAP, BEFORE_GAP, with_own

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules
    from fundledger.charter.budget import Override, OwnStep

ACCEPTED_GAP = "accepted-gap"
OVERRIDE = "override"
DUPLICATES = "duplicates"
ROUNDING = "rounding"


@dataclass(frozen=True, slots=True)
class Derivation:
    """The figure of a line in whole fen, its exact base, and the steps that lead to it."""

    decision: Decision
    base_fen: Fraction
    steps: tuple[Step, ...]
    proposed_fen: int
    overridden: Overridden | None = None


def derived(  # noqa: PLR0913 - both sources, and by keyword how the line is treated
    facts: Facts,
    need: Need,
    *,
    pattern: str,
    rigid: bool,
    rules: BudgetRules,
    declared_in: str,
    own: Sequence[OwnStep] = (),
) -> Derivation:
    """Return the figure of a declared line; `own` are the steps that the rules add for it.

    A line without a comparable base is new and gets its need; so does an entitlement (足额到位).
    At discretion a need above the base is accepted as far as `accepted_gap` goes.

    Raises:
        UntoldError: FL554, FL555, FL584, what the rest of the year takes is not to be told from the
            books; FL561, nor a step that the rules add, or it leaves nothing of the base, or less
            than nothing in all.

    """
    told = known_steps(facts, pattern, rules)
    known = with_own(told, own, BEFORE_GAP, facts, rules)
    base_fen = exact_sum(step.amount_fen for step in known)
    if base_fen <= 0 < exact_sum(step.amount_fen for step in told):
        raise UntoldError("FL561", step=known[-1].name.removeprefix(OWN), reason="below")
    gap_fen = need.amount_fen - base_fen
    twice = duplicates(need, declared_in)
    twice_fen = need.duplicates_fen
    if base_fen <= 0:
        decision = Decision.NEW if need.amount_fen else Decision.AS_DECLARED
        accepted_fen, rule = gap_fen, "N - B0"
    elif not need.amount_fen:
        decision, accepted_fen, rule = Decision.DISCONTINUED, gap_fen, "0 - B0"
    elif rigid:
        decision, accepted_fen, rule = Decision.RIGID, gap_fen, "N - B0"
    else:
        accepted_fen, rule = accepted_gap(gap_fen - twice_fen, base_fen, evidenced(need), rules)
        if twice and rule != "N - B0":
            rule = "min(D - K, max(t * B0, e * (D - K)), c * B0) + K"
        accepted_fen += twice_fen
        decision = Decision.AS_DECLARED if accepted_fen == gap_fen else Decision.CAPPED
    inputs: list[tuple[str, int | str]] = [("need_fen", need.amount_fen), ("gap_fen", str(gap_fen))]
    if decision is Decision.NEW:
        inputs.append(("basis", need.basis))
    elif decision is Decision.DISCONTINUED:
        inputs.append(("explanation", need.explanation))
    elif not rigid:
        inputs += [
            ("evidenced_share", str(evidenced(need))),
            ("tolerance_basis_points", rules.tolerance_basis_points),
            ("cap_basis_points", rules.cap_basis_points),
        ]
    gap = Step(
        ACCEPTED_GAP,
        accepted_fen,
        rule,
        f"{declared_in} row {need.row}, {facts.source}",
        tuple(inputs),
    )
    steps = with_own((*known, gap, *twice), own, AFTER_GAP, facts, rules)
    if exact_sum(step.amount_fen for step in steps) < 0:
        last = next(step.name for step in reversed(steps) if step.name.startswith(OWN))
        raise UntoldError("FL561", step=last.removeprefix(OWN), reason="below")
    return _rounded(decision, base_fen, steps, rigid=rigid, rules=rules)


def overridden(figure: Derivation, override: Override) -> Derivation:
    """Return the figure that was decided by hand, with the computed one beside it.

    What a document decides is not rounded: the last step is there, and nothing.
    """
    *steps, _ = figure.steps
    exact_fen = exact_sum(step.amount_fen for step in steps)
    inputs: tuple[tuple[str, int | str], ...] = (
        ("decided_fen", override.amount_fen),
        ("computed_fen", figure.proposed_fen),
        ("actor", override.actor),
        ("explanation", override.reason),
        ("basis", override.document),
    )
    source = "rules/budget.toml"
    by_hand = Step(OVERRIDE, override.amount_fen - exact_fen, "by hand", source, inputs)
    rounding = Step(ROUNDING, Fraction(0), "not rounded", source)
    kept = Overridden(
        figure.proposed_fen,
        figure.decision,
        override.actor,
        override.reason,
        override.document,
    )
    return replace(
        figure,
        decision=Decision.OVERRIDDEN,
        steps=(*steps, by_hand, rounding),
        proposed_fen=override.amount_fen,
        overridden=kept,
    )


def duplicates(need: Need, declared_in: str) -> tuple[Step, ...]:
    """Return the step that takes off who is declared twice; none where nobody is.

    The accepted gap has them in it and this step takes them out again, so that tolerance, evidence
    and cap are those of the need without them.
    """
    if not need.duplicate_persons:
        return ()
    inputs = (
        ("persons", need.duplicate_persons),
        ("need_standard_fen", need.standard_fen),
        ("times", need.times),
        ("declared_with", ", ".join(need.duplicates_with)),
    )
    source = f"{declared_in} row {need.row}, rules/units.toml"
    return (Step(DUPLICATES, Fraction(-need.duplicates_fen), "-K", source, inputs),)


def discontinued(facts: Facts, *, rigid: bool, rules: BudgetRules) -> Derivation:
    """Return the figure of a line whose purpose the rules have ended: nothing.

    What the rest of the year would have taken is nothing to compare with.
    """
    known = paid_steps(facts)
    base_fen = exact_sum(step.amount_fen for step in known)
    gap = Step(ACCEPTED_GAP, -base_fen, "0 - B0", "rules/funds.toml")
    return _rounded(Decision.DISCONTINUED, base_fen, (*known, gap), rigid=rigid, rules=rules)


def accepted_gap(
    gap_fen: Fraction, base_fen: Fraction, share: Fraction, rules: BudgetRules
) -> tuple[Fraction, str]:
    """Return how much of a gap is accepted at discretion, in exact fen, and by which formula.

    All of a gap that is not above nought; else min(gap, max(tolerance * base, share * gap),
    cap * base), where `share` of the gap is backed by documents.
    """
    if gap_fen <= 0:
        return gap_fen, "N - B0"
    tolerance = Fraction(rules.tolerance_basis_points, WHOLE_BASIS_POINTS)
    cap = Fraction(rules.cap_basis_points, WHOLE_BASIS_POINTS)
    accepted_fen = min(gap_fen, max(tolerance * base_fen, share * gap_fen), cap * base_fen)
    return accepted_fen, "min(D, max(t * B0, e * D), c * B0)"


def evidenced(need: Need) -> Fraction:
    """Return the share of a need that documents or a named list back."""
    return Fraction(need.evidenced_fen, need.amount_fen) if need.amount_fen else Fraction(0)


def _rounded(
    decision: Decision,
    base_fen: Fraction,
    steps: tuple[Step, ...],
    *,
    rigid: bool,
    rules: BudgetRules,
) -> Derivation:
    exact_fen = exact_sum(step.amount_fen for step in steps)
    unit_fen = rules.rounding_unit_fen
    direction = rules.rounding_rigid if rigid else rules.rounding_discretionary
    units = exact_fen / unit_fen
    proposed_fen = (ceil(units) if direction == "up" else floor(units + HALF)) * unit_fen
    rounding = Step(
        ROUNDING,
        proposed_fen - exact_fen,
        direction,
        "rules/budget.toml",
        (("unit_fen", unit_fen),),
    )
    return Derivation(decision, base_fen, (*steps, rounding), proposed_fen)
