"""From what was paid to the comparable base: arrears, the rest of the year, standard and heads.

Exact amounts in fen, step by step.  Source: domain rules of the proposal, formula steps 1 to 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from fundledger.budget.facts import Facts, Heads, Standard
from fundledger.budget.model import Step, exact_sum

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules

YEAR_MONTHS = 12
WHOLE_BASIS_POINTS = 10_000

ACTUAL = "actual"
ONE_OFFS = "one-offs"
OPENING = "arrears-paid"
CLOSING = "arrears-due"
ANNUALISATION = "annualisation"
STANDARD = "standard"
HEADCOUNT = "headcount"


PAID_IN_A_YEAR = frozenset({ACTUAL, ONE_OFFS, OPENING, CLOSING, ANNUALISATION})
"""The steps that tell what was paid for twelve months, as heads and standard were."""


class UntoldError(Exception):
    """The rest of a year cannot be told: `code` is of the finding, `inputs` what there is."""

    def __init__(self, code: str, **inputs: int | str) -> None:
        """Keep both."""
        super().__init__(code)
        self.code = code
        self.inputs = inputs


def known_steps(facts: Facts, pattern: str, rules: BudgetRules) -> tuple[Step, ...]:
    """Return the steps from what was paid (A) to the comparable base (B0).

    Raises:
        UntoldError: FL554, too little of the round has passed, or there was none before; FL584, the
            books begin after it did; FL555, an event has too few months behind it.

    """
    paid = paid_steps(facts)
    if not facts.begun:
        return (*paid, Step(ANNUALISATION, Fraction(0), "not begun", facts.source))
    if facts.last_month < YEAR_MONTHS and not _months_left(facts):
        return (*paid, Step(ANNUALISATION, Fraction(0), "ended", facts.source))
    if facts.rest_fen is not None:
        rest_fen = Fraction(facts.rest_fen)
        rest = Step(ANNUALISATION, rest_fen, "as stated", facts.rest_source)
    else:
        paid_fen = exact_sum(step.amount_fen for step in paid)
        rest = _OF_PATTERNS[pattern](facts, paid_fen, rules)
    if pattern != "monthly" or not facts.heads:
        return (*paid, rest)
    known = (*paid, rest, *_standard(facts, rules))
    annual_fen = exact_sum(step.amount_fen for step in known)
    return (*known, _headcount(facts, annual_fen, rules))


def _months_left(facts: Facts) -> int:
    return max(facts.last_month - facts.months, 0)


def to_come_fen(rest: Step, months: int) -> Fraction:
    """Return what a line is still to take after so many months, of the step that tells a year.

    What the year paid for the next round is told there but was spent.  What its round took before
    the year is to come again, for the next one.
    """
    return without_next_round(rest.amount_fen, dict(rest.inputs).get("turned_fen", 0), months)


def without_next_round(rest_fen: Fraction, turned_fen: int | str, months: int) -> Fraction:
    """Return what of a rest is to come after so many months: not what the next round took of V."""
    if months == YEAR_MONTHS:
        return Fraction(0)
    return rest_fen - min(Fraction(turned_fen), Fraction(0))


def person_months(facts: Facts, rules: BudgetRules) -> Fraction:
    """Return the person-months of the year: those of its lists, and the recent mean for the rest.

    PM = sum PM_k + (12 - m) * H3.
    """
    counted = sum(month.persons for month in facts.heads)
    return counted + (YEAR_MONTHS - facts.months) * recent_heads(facts, rules)


def recent_heads(facts: Facts, rules: BudgetRules) -> Fraction:
    """Return the mean headcount of the last months; a month without a list has nobody."""
    return _mean_heads(facts.heads, year_months(facts.year, facts.months)[-rules.recent_months :])


@lru_cache(maxsize=256)
def _mean_heads(heads: tuple[Heads, ...], months: tuple[str, ...]) -> Fraction:
    """Return the mean headcount of months; it is asked for many times of a line, one by one."""
    return Fraction(sum(one.persons for one in heads if one.month in months), len(months))


def months_without_list(facts: Facts, rules: BudgetRules) -> tuple[str, ...]:
    """Return those of the recent months that no payment list pays, though others are paid."""
    listed = {month.month for month in facts.heads if month.persons}
    recent = year_months(facts.year, facts.months)[-rules.recent_months :]
    return tuple(month for month in recent if month not in listed) if listed else ()


@lru_cache(maxsize=64)
def year_months(year: int, months: int) -> tuple[str, ...]:
    """Return the first months of a year, such as `2026-01`."""
    return tuple(f"{year}-{month:02d}" for month in range(1, months + 1))


def paid_steps(facts: Facts) -> tuple[Step, ...]:
    """Return A, and what makes A1 of it: one-offs out, arrears of the year before out, due in."""
    year: tuple[str, int | str] = ("year", facts.year)
    months: tuple[str, int | str] = ("months", facts.months)
    before, left_out = facts.before, facts.left_out
    owed: list[tuple[str, int | str]] = [("opening_fen", before.opening_fen)]
    if left_out.opening_fen:
        owed.append(("one_offs_due_fen", left_out.opening_fen))
    if before.came_back_fen:
        owed.append(("came_back_fen", before.came_back_fen))
    if before.released_fen:
        owed.append(("released_fen", before.released_fen))
    once: tuple[tuple[str, int | str], ...] = (("vouchers", ", ".join(left_out.vouchers)),)
    due: list[tuple[str, int | str]] = [("encumbered_fen", facts.encumbered_fen)]
    if left_out.due_fen:
        due.append(("one_offs_due_fen", left_out.due_fen))
    every = (
        Step(ACTUAL, Fraction(facts.actual_fen), "A", facts.source, (year, months)),
        Step(ONE_OFFS, Fraction(-facts.one_off_fen), "-O", facts.source, once),
        Step(OPENING, Fraction(-facts.opening_fen), "-R_open", facts.source, tuple(owed)),
        Step(CLOSING, Fraction(facts.closing_fen), "+R_close", facts.source, tuple(due)),
    )
    return tuple(step for step in every if step.name == ACTUAL or step.amount_fen)


def _monthly(facts: Facts, paid_fen: Fraction, rules: BudgetRules) -> Step:
    """Return (12 - m) months of the recent heads at the last month's average grant.

    Without payment lists the recent months' mean stands for each of the rest.
    """
    del paid_fen
    left = _months_left(facts)
    inputs: tuple[tuple[str, int | str], ...]
    if not facts.heads:
        recent = facts.recent_fen[-rules.recent_months :]
        mean_fen = Fraction(sum(recent), len(recent)) if recent else Fraction(0)
        inputs = (("months_left", left), ("mean_fen", str(mean_fen)))
        return Step(ANNUALISATION, left * mean_fen, "(12 - m) * F3", facts.source, inputs)
    heads = recent_heads(facts, rules)
    last = max((month for month in facts.heads if month.persons), default=None)
    grant_fen = Fraction(last.amount_fen, last.persons) if last else Fraction(0)
    inputs = (("months_left", left), ("recent_heads", str(heads)), ("grant_fen", str(grant_fen)))
    return Step(ANNUALISATION, left * heads * grant_fen, "(12 - m) * H3 * g", facts.source, inputs)


def _seasonal(facts: Facts, paid_fen: Fraction, rules: BudgetRules) -> Step:
    """Return what is lacking of A1 / s(m), with s(m) the share by then of the earlier rounds.

    Of a round over the turn of the year it is (A1 + V) / s(m), with V what it took beyond this one.
    """
    turned_fen = facts.turned_fen
    if turned_fen is None:
        raise UntoldError("FL584", months=facts.months)
    rule = "(A1 + V) / s(m) - A1" if turned_fen else "A1 / s(m) - A1"
    more: tuple[tuple[str, int | str], ...] = (("turned_fen", turned_fen),) if turned_fen else ()
    if facts.round_over or facts.months == YEAR_MONTHS:
        inputs = (("share", "1"), *more)
        return Step(ANNUALISATION, Fraction(turned_fen), rule, facts.source, inputs)
    total_fen = sum(season.total_fen for season in facts.seasons)
    accrued_fen = sum(season.accrued_fen for season in facts.seasons)
    share = Fraction(accrued_fen, total_fen) if total_fen > 0 else Fraction(0)
    if not share or share < Fraction(rules.seasonal_least_basis_points, WHOLE_BASIS_POINTS):
        said = f"{share * 100 // 1}%"
        raise UntoldError("FL554", share=said, rounds=len(facts.seasons), months=facts.months)
    rounds = ", ".join(season.name for season in facts.seasons)
    inputs = (("share", str(share)), ("rounds", rounds), ("total_fen", total_fen), *more)
    rest_fen = (paid_fen + turned_fen) / share - paid_fen
    return Step(ANNUALISATION, rest_fen, rule, facts.source, inputs)


def _event(facts: Facts, paid_fen: Fraction, rules: BudgetRules) -> Step:
    """Return (12 - m) months of the mean of the last ones, without one-offs."""
    del paid_fen
    recent = facts.recent_fen[-rules.event_months :]
    left = _months_left(facts)
    if left and len(recent) < rules.event_least_months:
        raise UntoldError("FL555", months=len(recent), least=rules.event_least_months)
    mean_fen = Fraction(sum(recent), len(recent)) if recent else Fraction(0)
    inputs = (("months_left", left), ("mean_fen", str(mean_fen)), ("mean_months", len(recent)))
    return Step(ANNUALISATION, left * mean_fen, "(12 - m) * E24", facts.source, inputs)


_OF_PATTERNS: Mapping[str, Callable[[Facts, Fraction, BudgetRules], Step]] = {
    "monthly": _monthly,
    "seasonal": _seasonal,
    "event": _event,
}


def _standard(facts: Facts, rules: BudgetRules) -> Iterator[Step]:
    """Yield PM * (S_t - S_t-1): each the mean of its months, the year before by person-months.

    Nothing of a line that follows no published standard.
    """
    before = [one for one in facts.standards if one.month[:4] == str(facts.year)]
    after = [one for one in facts.standards if one.month[:4] == str(facts.year + 1)]
    weights = _weights(facts, rules)
    total = exact_sum(weights.values())
    if not total or len(before) != YEAR_MONTHS or len(after) != YEAR_MONTHS:
        return
    source = "rules/rates.toml"
    was_fen = exact_sum(one.amount_fen * weights[one.month] for one in before) / total
    is_fen = _mean(after)
    inputs: tuple[tuple[str, int | str], ...] = (
        ("person_months", str(total)),
        ("standard_before_fen", str(was_fen)),
        ("standard_fen", str(is_fen)),
        ("assumed_from", min((one.month for one in after if one.assumed), default="")),
    )
    if any(one.assumed for one in after):
        source += ", rules/budget.toml"
    yield Step(STANDARD, total * (is_fen - was_fen), "PM * (S_t - S_t-1)", source, inputs)


def _weights(facts: Facts, rules: BudgetRules) -> dict[str, Fraction | int]:
    """Return the person-months of each month of the year: counted, or the recent mean."""
    counted = {month.month: month.persons for month in facts.heads}
    months = year_months(facts.year, YEAR_MONTHS)
    recent = recent_heads(facts, rules)
    passed = set(months[: facts.months])
    return {month: counted.get(month, 0) if month in passed else recent for month in months}


def _mean(standards: Sequence[Standard]) -> Fraction:
    return exact_sum(one.amount_fen for one in standards) / len(standards)


def _headcount(facts: Facts, annual_fen: Fraction, rules: BudgetRules) -> Step:
    """Return (A2 + standard) * (12 * H_t / PM - 1); H_t is told from the lists, never declared."""
    total = person_months(facts, rules)
    heads = recent_heads(facts, rules)
    rule = "(A2 + S) * (12 * H_t / PM - 1)"
    inputs: tuple[tuple[str, int | str], ...] = (
        ("person_months", str(total)),
        ("heads", str(heads)),
    )
    change_fen = annual_fen * (YEAR_MONTHS * heads / total - 1) if total else Fraction(0)
    return Step(HEADCOUNT, change_fen, rule, facts.source, inputs)
