"""The steps that an office adds to the derivation in `rules/budget.toml`, without Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from fundledger.budget.annual import WHOLE_BASIS_POINTS, UntoldError, recent_heads
from fundledger.budget.facts import Facts
from fundledger.budget.inputs import LineKey, Names
from fundledger.budget.model import OWN, Step, exact_sum

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules
    from fundledger.charter.budget import OwnStep

BEFORE_GAP, AFTER_GAP = "before-gap", "after-gap"

_Inputs = tuple[tuple[str, int | str], ...]
_Told = tuple[Fraction, str, _Inputs, str]


def steps_for(key: LineKey, rules: BudgetRules, year: int) -> tuple[OwnStep, ...]:
    """Return the steps that the rules add for a line in a budget year, in the order of the file."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return tuple(
        one
        for one in rules.steps
        if one.is_for(*key) and one.from_date <= last and (one.until is None or one.until >= first)
    )


def with_own(
    steps: tuple[Step, ...], own: Iterable[OwnStep], place: str, facts: Facts, rules: BudgetRules
) -> tuple[Step, ...]:
    """Return the steps with those added that stand in that place; each knows all before it.

    Raises:
        UntoldError: FL561, one goes by the heads of a line that has no payment lists.

    """
    for one in own:
        if one.place == place:
            before_fen = exact_sum(step.amount_fen for step in steps)
            amount_fen, rule, inputs, source = _OF_TYPES[one.type](one, before_fen, facts, rules)
            step = Step(f"{OWN}{one.slug}", amount_fen, rule, source, inputs, Names(one.zh, one.en))
            steps = (*steps, step)
    return steps


def _source(own: OwnStep) -> str:
    return f"rules/budget.toml: {own.source}"


def _fixed(own: OwnStep, before_fen: Fraction, facts: Facts, rules: BudgetRules) -> _Told:
    del before_fen, facts, rules
    return Fraction(own.amount_fen or 0), "as stated", (), _source(own)


def _share(own: OwnStep, before_fen: Fraction, facts: Facts, rules: BudgetRules) -> _Told:
    del facts, rules
    share = own.basis_points or 0
    inputs: _Inputs = (("share_basis_points", share), ("before_fen", str(before_fen)))
    return before_fen * Fraction(share, WHOLE_BASIS_POINTS), "b * before", inputs, _source(own)


def _per_person(own: OwnStep, before_fen: Fraction, facts: Facts, rules: BudgetRules) -> _Told:
    del before_fen
    if not facts.heads:
        raise UntoldError("FL561", step=own.slug, reason="heads")
    heads, each_fen, times = recent_heads(facts, rules), own.amount_fen or 0, own.months or 0
    inputs: _Inputs = (
        ("each_fen", each_fen),
        ("recent_heads", str(heads)),
        ("step_months", times),
    )
    return each_fen * heads * times, "a * H3 * k", inputs, f"{_source(own)}, {facts.source}"


_OF_TYPES: Mapping[str, Callable[[OwnStep, Fraction, Facts, BudgetRules], _Told]] = {
    "fixed": _fixed,
    "share": _share,
    "per-person": _per_person,
}
