"""A line's figure follows from what was paid and what is declared, and its steps add up to it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.budget.derive import Derivation, accepted_gap, derived, discontinued
from fundledger.budget.facts import Facts, Heads
from fundledger.budget.inputs import (
    History,
    Names,
    Need,
    Place,
)
from fundledger.budget.model import Decision, Line
from fundledger.charter import load_budget_rules
from support.budgets import KEY, RULES, need_of

RULES_OF_BUDGET = load_budget_rules(RULES)
MONEY = st.integers(min_value=0, max_value=10**13)


def figure(
    actual_fen: int, need_fen: int, *, rigid: bool = False, evidence: str = "", months: int = 10
) -> Derivation:
    """Return the figure of a line that goes on as it did, to the whole fen."""
    rest_fen = actual_fen * 12 // months - actual_fen
    facts = Facts(2026, months, "journal", actual_fen, rest_fen=rest_fen, rest_source="a paper")
    return figured(facts, need_of(need_fen, evidence), rigid=rigid)


def figured(facts: Facts, asked: Need, *, rigid: bool = False) -> Derivation:
    return derived(
        facts,
        asked,
        pattern="monthly",
        rigid=rigid,
        rules=RULES_OF_BUDGET,
        declared_in="CASC.xlsx",
    )


def line(derivation: Derivation, need_fen: int) -> Line:
    name = Names("名", "name")
    place = Place(
        KEY, name, name, name, rigid=False, in_force=True, functional_code="", sources=name
    )
    return Line(
        place=place,
        decision=derivation.decision,
        history=History(),
        need=need_of(need_fen),
        base_fen=derivation.base_fen,
        steps=derivation.steps,
        proposed_fen=derivation.proposed_fen,
    )


# One million yuan in ten months makes a base of 1,200,000; 5 % of it are 60,000, 15 % 180,000.
@pytest.mark.parametrize(
    ("need_fen", "evidence", "decision", "proposed_fen", "deferred_fen"),
    [
        pytest.param(1_100_049_99, "", "as-declared", 1_100_000_00, 0, id="below the base"),
        pytest.param(1_100_050_00, "", "as-declared", 1_100_100_00, 0, id="half goes up"),
        pytest.param(1_200_000_00, "", "as-declared", 1_200_000_00, 0, id="at the base"),
        pytest.param(1_250_000_00, "", "as-declared", 1_250_000_00, 0, id="within tolerance"),
        pytest.param(1_260_000_00, "", "as-declared", 1_260_000_00, 0, id="at tolerance"),
        pytest.param(1_260_000_01, "", "capped", 1_260_000_00, 1, id="a fen past tolerance"),
        pytest.param(1_300_000_00, "", "capped", 1_260_000_00, 40_000_00, id="past tolerance"),
        pytest.param(1_350_000_00, "名单", "as-declared", 1_350_000_00, 0, id="with evidence"),
        pytest.param(1_380_000_00, "名单", "as-declared", 1_380_000_00, 0, id="at the cap"),
        pytest.param(1_500_000_00, "名单", "capped", 1_380_000_00, 120_000_00, id="past the cap"),
    ],
)
def test_at_discretion_a_need_is_accepted_as_far_as_its_evidence_and_the_cap_go(
    need_fen: int, evidence: str, decision: str, proposed_fen: int, deferred_fen: int
) -> None:
    result = figure(1_000_000_00, need_fen, evidence=evidence)

    assert result.base_fen == 1_200_000_00
    assert (result.decision, result.proposed_fen) == (decision, proposed_fen)
    assert line(result, need_fen).deferred_fen == deferred_fen


@pytest.mark.parametrize(
    ("gap_fen", "share", "accepted_fen"),
    [
        (300_000_00, Fraction(1, 2), 150_000_00),
        (400_000_00, Fraction(1, 2), 180_000_00),
        (100_000_00, Fraction(1, 2), 60_000_00),
        (50_000_00, Fraction(0), 50_000_00),
        (-50_000_00, Fraction(0), -50_000_00),
    ],
)
def test_half_the_evidence_carries_half_the_gap_unless_tolerance_or_cap_say_otherwise(
    gap_fen: int, share: Fraction, accepted_fen: int
) -> None:
    accepted, _ = accepted_gap(Fraction(gap_fen), Fraction(1_200_000_00), share, RULES_OF_BUDGET)

    assert accepted == accepted_fen


@pytest.mark.parametrize(
    ("evidenced_fen", "decision", "proposed_fen"),
    [
        (0, Decision.CAPPED, 1_260_000_00),
        (300_000_00, Decision.CAPPED, 1_260_000_00),
        (750_000_00, Decision.CAPPED, 1_350_000_00),
        (900_000_00, Decision.CAPPED, 1_380_000_00),
    ],
)
def test_a_need_of_which_a_part_is_backed_gets_that_part_of_its_gap(
    evidenced_fen: int, decision: Decision, proposed_fen: int
) -> None:
    """Of 1,500,000 half are backed: half the gap of 300,000, up to the cap of 180,000."""
    asked = replace(need_of(1_500_000_00, "名单"), evidenced_fen=evidenced_fen)
    facts = Facts(2026, 12, "journal", 1_200_000_00)

    result = figured(facts, asked)
    assert (result.decision, result.proposed_fen) == (decision, proposed_fen)


def test_an_entitlement_gets_its_need_in_full_and_is_rounded_up() -> None:
    result = figure(1_000_000_00, 9_234_567_89, rigid=True)

    assert (result.decision, result.proposed_fen) == (Decision.RIGID, 9_234_600_00)
    assert [(step.name, int(step.amount_fen)) for step in result.steps] == [
        ("actual", 1_000_000_00),
        ("annualisation", 200_000_00),
        ("accepted-gap", 8_034_567_89),
        ("rounding", 32_11),
    ]


def test_a_line_that_was_not_paid_before_is_new_and_gets_its_need() -> None:
    result = figure(0, 50_000_01, rigid=True)

    assert (result.decision, result.proposed_fen) == (Decision.NEW, 50_100_00)


def test_a_line_that_took_back_more_than_it_paid_has_no_base_and_is_new() -> None:
    result = figure(-1_000_00, 50_000_00)

    assert (result.decision, result.proposed_fen) == (Decision.NEW, 50_000_00)


def test_a_need_of_nothing_discontinues_a_line() -> None:
    for rigid in (True, False):
        result = figure(1_000_000_00, 0, rigid=rigid)

        assert (result.decision, result.proposed_fen) == (Decision.DISCONTINUED, 0)


def test_a_purpose_that_has_ended_gets_nothing() -> None:
    facts = Facts(2026, 7, "journal", 100_01)

    result = discontinued(facts, rigid=False, rules=RULES_OF_BUDGET)

    assert (result.decision, result.proposed_fen) == (Decision.DISCONTINUED, 0)
    assert sum(step.amount_fen for step in result.steps) == 0


def test_a_fraction_of_a_fen_stays_exact_inside_and_the_headcount_takes_the_odd_one() -> None:
    """Seven months, the last three with 1, 1 and 2 people at 100.01: 4 / 3 people on average.

    The rest is 5 * 4 / 3 * 100.01 = 666.7333; PM = 8 + 20 / 3 = 44 / 3, and the headcount effect
    (800.08 + 666.7333) * (16 * 3 / 44 - 1) = 133.3467.
    """
    counts = (1, 1, 1, 1, 1, 1, 2)
    heads = tuple(
        Heads(f"2026-{month:02d}", count, count * 100_01) for month, count in enumerate(counts, 1)
    )
    facts = Facts(2026, 7, "journal", 800_08, heads=heads)

    result = figured(facts, need_of(2_000_00))

    rest, headcount = result.steps[1].amount_fen, result.steps[2].amount_fen
    assert (rest, headcount) == (Fraction(200_020, 3), Fraction(40_004, 3))
    assert result.base_fen == 1_600_16
    assert line(result, 2_000_00).shown_fen() == (800_08, 666_73, 133_35, 80_01, 19_83)


@given(
    actual_fen=st.integers(min_value=-(10**13), max_value=10**13),
    need_fen=MONEY,
    months=st.integers(min_value=1, max_value=12),
    rigid=st.booleans(),
    evidence=st.sampled_from(["", "名单"]),
)
def test_on_every_line_the_steps_add_up_to_the_figure_to_the_fen(
    actual_fen: int, need_fen: int, months: int, *, rigid: bool, evidence: str
) -> None:
    result = figure(actual_fen, need_fen, rigid=rigid, evidence=evidence, months=months)

    assert sum(step.amount_fen for step in result.steps) == result.proposed_fen
    assert sum(line(result, need_fen).shown_fen()) == result.proposed_fen
    assert result.proposed_fen >= 0
    assert result.proposed_fen % RULES_OF_BUDGET.rounding_unit_fen == 0


@given(actual_fen=MONEY, need_fen=MONEY, months=st.integers(min_value=1, max_value=12))
def test_an_entitlement_is_never_cut_and_never_raised_by_a_whole_unit(
    actual_fen: int, need_fen: int, months: int
) -> None:
    result = figure(actual_fen, need_fen, rigid=True, months=months)

    assert 0 <= result.proposed_fen - need_fen < RULES_OF_BUDGET.rounding_unit_fen


@given(
    actual_fen=st.integers(min_value=1, max_value=10**13),
    need_fen=MONEY,
    evidence=st.sampled_from(["", "名单"]),
)
def test_at_discretion_no_more_than_the_cap_is_put_on_the_base(
    actual_fen: int, need_fen: int, evidence: str
) -> None:
    result = figure(actual_fen, need_fen, evidence=evidence)

    unit_fen = RULES_OF_BUDGET.rounding_unit_fen
    most_fen = min(Fraction(need_fen), result.base_fen * Fraction(115, 100))
    assert result.proposed_fen <= most_fen + Fraction(unit_fen, 2)


@given(actual_fen=st.integers(min_value=1, max_value=10**12), need_fen=MONEY)
def test_one_more_fen_paid_moves_no_step_of_an_entitlement_but_base_and_gap(
    actual_fen: int, need_fen: int
) -> None:
    before, after = (
        figure(fen, need_fen, rigid=True, months=12) for fen in (actual_fen, actual_fen + 1)
    )

    moved = {
        old.name: new.amount_fen - old.amount_fen
        for old, new in zip(before.steps, after.steps, strict=True)
    }
    assert after.proposed_fen == before.proposed_fen
    assert moved == {"actual": 1, "annualisation": 0, "accepted-gap": -1, "rounding": 0}


def test_other_rules_give_other_figures() -> None:
    generous = RULES_OF_BUDGET.model_copy(update={"tolerance_basis_points": 1000})
    facts = Facts(2026, 12, "journal", 1_000_000_00)

    result = derived(
        facts,
        need_of(1_090_000_00),
        pattern="monthly",
        rigid=False,
        rules=generous,
        declared_in="CASC.xlsx",
    )

    assert (result.decision, result.proposed_fen) == (Decision.AS_DECLARED, 1_090_000_00)
