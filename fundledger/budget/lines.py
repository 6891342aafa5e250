"""One line of a budget: derived from both sources, or blocked and named, never filled in."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from fundledger.budget.annual import (
    ANNUALISATION,
    WHOLE_BASIS_POINTS,
    UntoldError,
    months_without_list,
    recent_heads,
    to_come_fen,
)
from fundledger.budget.basis import Basis
from fundledger.budget.carried import due_back_fen, usable_carry_over
from fundledger.budget.derive import Derivation, derived, discontinued, overridden
from fundledger.budget.facts import Facts
from fundledger.budget.inputs import (
    Declaration,
    History,
    LineKey,
    Need,
    Place,
)
from fundledger.budget.model import (
    Blocked,
    Decision,
    Line,
    exact_sum,
)
from fundledger.budget.own_steps import steps_for
from fundledger.budget.reasons import codes_of, is_numbered, reason_code
from fundledger.findings import Finding

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules


class Drafted(NamedTuple):
    """What came of a line: a figure, or why it is blocked, or neither; and what was found."""

    line: Line | None = None
    blocked: Blocked | None = None
    findings: tuple[Finding, ...] = ()


def unit_missing(declaration: Declaration) -> Finding:
    """Return the finding on a unit that handed in nothing."""
    details = {
        "unit": declaration.unit,
        "unit_zh": declaration.names.zh,
        "unit_en": declaration.names.en,
        "file": declaration.file,
    }
    return Finding("FL540", declaration.file, details)


def draft(place: Place, basis: Basis) -> Drafted:
    """Derive one line, or block it, or leave it out if neither source knows it."""
    key = place.key
    history = basis.books[key.fund].lines.get((key.unit, key.category), History())
    facts = basis.facts(place, history)
    need = basis.need(key)
    known = bool(history.actual_fen or history.adjusted_fen)
    if not place.in_force:
        if not known:
            return Drafted()
        ended = discontinued(facts, rigid=place.rigid, rules=basis.rules)
        return Drafted(_line(place, ended, history, None))
    if need is None:
        declaration = basis.declaration(key.unit)
        if declaration is not None and not declaration.sha256:
            return Drafted(blocked=Blocked(place, "FL540", history))
        if not known:
            return Drafted(findings=(named("FL548", place),))
        waits = named("FL541", place)
        return Drafted(None, Blocked(place, waits.code, history), (waits,))
    return _of_need(place, need, facts, history, basis)


def _of_need(place: Place, need: Need, facts: Facts, history: History, basis: Basis) -> Drafted:
    """Derive a line that is declared, or block it."""
    waiting = _waits(place, need, facts, basis.rules)
    if waiting is not None:
        found = (waiting, *lists_missing(place, facts, basis.rules))
        return Drafted(None, Blocked(place, waiting.code, history, need), found)
    figure = _told(place, need, facts, basis)
    if isinstance(figure, Finding):
        return Drafted(None, Blocked(place, figure.code, history, need), (figure,))
    by_hand = basis.override(place.key)
    if by_hand is not None:
        figure = overridden(figure, by_hand)
    carried_fen = min(figure.proposed_fen, _kept_fen(place.key, figure, history, basis))
    return Drafted(_line(place, figure, history, need, carried_fen))


def _told(place: Place, need: Need, facts: Facts, basis: Basis) -> Derivation | Finding:
    """Return the figure of a declared line, or what it waits for: a document, or what is untold."""
    without_number = not is_numbered(need.basis)
    try:
        figure = derived(
            facts,
            need,
            pattern=place.pattern,
            rigid=place.rigid,
            rules=basis.rules,
            declared_in=f"{basis.year}/{place.key.unit}.xlsx",
            own=steps_for(place.key, basis.rules, basis.year),
        )
    except UntoldError as untold:
        if without_number and need.amount_fen and facts.actual_fen <= 0:
            return named("FL542", place, amount_fen=need.amount_fen)
        return named(untold.code, place, amount_fen=None, **untold.inputs)
    if without_number and figure.decision is Decision.NEW:
        return named("FL542", place, amount_fen=need.amount_fen)
    return figure


def _kept_fen(key: LineKey, figure: Derivation, history: History, basis: Basis) -> int:
    """Return what a line will likely have left of last year's money, where its fund keeps that."""
    if not basis.keeps(key.fund):
        return 0
    rest_fen = exact_sum(
        to_come_fen(step, basis.months) for step in figure.steps if step.name == ANNUALISATION
    )
    lots = basis.books[key.fund].lots.get((key.unit, key.category), ())
    used_fen = history.encumbered_fen + max(rest_fen, Fraction(0))
    limit_years = basis.charter.controls.carry_over_years
    due_fen = due_back_fen(lots, used_fen, basis.year, limit_years)
    return usable_carry_over(history.available_fen, rest_fen, due_fen)


def heads_apart(need: Need, facts: Facts, rules: BudgetRules) -> Fraction | None:
    """Return by which share the declared persons lie off the recent heads of the payment lists.

    None where the lists of the last months pay nobody, or nothing is declared.
    """
    heads = recent_heads(facts, rules) if facts.heads else Fraction(0)
    return need.persons / heads - 1 if heads and need.amount_fen else None


def _waits(place: Place, need: Need, facts: Facts, rules: BudgetRules) -> Finding | None:
    """Return what a declared line waits for: why its heads are none of the lists."""
    apart = heads_apart(need, facts, rules) if place.rigid else None
    tied = Fraction(rules.headcount_tie_basis_points, WHOLE_BASIS_POINTS)
    if apart is None or abs(apart) <= tied or reason_code(need, rules):
        return None
    return of_heads("FL556", place, need, facts, rules, codes=codes_of(rules))


def of_heads(
    code: str, place: Place, need: Need, facts: Facts, rules: BudgetRules, **more: str
) -> Finding:
    """Return a finding on how many persons are declared, and how many the lists pay."""
    heads = recent_heads(facts, rules)
    return named(
        code,
        place,
        row=need.row,
        persons=need.persons,
        heads=str(round(heads)),
        percent=in_percent(need.persons / heads - 1),
        **more,  # type: ignore[arg-type]  # none of them is an amount
    )


def lists_missing(place: Place, facts: Facts, rules: BudgetRules) -> Iterator[Finding]:
    """Yield FL596 where a month without a list counts as nobody, among those that have some."""
    months = months_without_list(facts, rules)
    if months and place.pattern == "monthly":
        yield named("FL596", place, found=", ".join(months), months=rules.recent_months)


def in_percent(share: Fraction) -> str:
    """Return a change as people read it, such as `+7.9%`."""
    tenths = round(share * 1000)
    return f"{'-' if tenths < 0 else '+'}{abs(tenths) // 10}.{abs(tenths) % 10}%"


def named(code: str, place: Place, *, amount_fen: int | None = None, **details: object) -> Finding:
    """Return a finding on a line, which its sentence names in both languages."""
    key = place.key
    names = {
        "unit_zh": place.unit.zh,
        "unit_en": place.unit.en,
        "category_zh": place.category.zh,
        "category_en": place.category.en,
    }
    return Finding(code, key.line, {**names, **details}, key.fund, amount_fen=amount_fen)


def _line(
    place: Place, figure: Derivation, history: History, need: Need | None, carried_fen: int = 0
) -> Line:
    return Line(
        place=place,
        decision=figure.decision,
        history=history,
        need=need,
        base_fen=figure.base_fen,
        steps=figure.steps,
        proposed_fen=figure.proposed_fen,
        carry_over_fen=carried_fen,
        overridden=figure.overridden,
    )
