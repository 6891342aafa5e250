"""Where deciding turns: the last fen, the first day, and what a figure says that it rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from fundledger.budget import Decision
from fundledger.budget.annual import (
    UntoldError,
    known_steps,
    months_without_list,
    recent_heads,
)
from fundledger.budget.derive import Derivation, accepted_gap, derived, discontinued
from fundledger.budget.facts import Facts, Heads, Season, Standard
from fundledger.budget.inputs import LineKey, Need
from fundledger.budget.lines import in_percent
from fundledger.budget.model import Step
from fundledger.budget.standards import standards_of
from fundledger.charter import Rate, Uplift, load_budget_rules
from fundledger.charter.budget import OwnStep
from fundledger.office import Office
from support.budgets import RULES, declared, funded, need, office_at, paid, proposed
from support.offices import ILLNESS

RULES_OF_BUDGET = load_budget_rules(RULES)
JOBLESS = ("CASC", "UnempHardship")
FUND = "low-income"


def rate(amount_fen: int, begins: str, until: str | None = None) -> Rate:
    return Rate.model_validate(
        {
            "slug": "some-rate",
            "zh": "标准",
            "en": "rate",
            "category": "CASC:Dibao",
            "amount_fen": amount_fen,
            "unit": "person-month",
            "source": "例文",
            "verified": True,
            "from": date.fromisoformat(begins),
            "until": date.fromisoformat(until) if until else None,
        }
    )


def uplift(basis_points: int, begins: str) -> Uplift:
    return Uplift.model_validate(
        {
            "rate": "some-rate",
            "basis_points": basis_points,
            "source": "例文",
            "from": date.fromisoformat(begins),
        }
    )


def by_month(*rates: Rate, uplifts: tuple[Uplift, ...] = ()) -> dict[str, Standard]:
    return {one.month: one for one in standards_of("some-rate", rates, uplifts, 2026)}


def test_a_month_takes_the_rate_of_its_first_day() -> None:
    """What begins on the second of April counts from May on; what begins on the first, at once."""
    found = by_month(
        rate(100_00, "2025-01-01", "2026-04-01"),
        rate(110_00, "2026-04-02", "2026-06-30"),
        rate(120_00, "2026-07-01"),
    )

    fen = {month: found[f"2026-{month:02d}"].amount_fen for month in (1, 4, 5, 6, 7, 12)}
    assert fen == {1: 100_00, 4: 100_00, 5: 110_00, 6: 110_00, 7: 120_00, 12: 120_00}
    assert not any(one.assumed for one in found.values())


def test_of_two_rates_that_hold_the_later_one_counts_in_whichever_order_they_stand() -> None:
    first, second = rate(100_00, "2025-01-01"), rate(120_00, "2026-07-01")
    for rates in ((first, second), (second, first)):
        found = by_month(*rates)
        fen = [found[month].amount_fen for month in ("2026-06", "2026-07")]
        assert fen == [Fraction(100_00), Fraction(120_00)]


def test_a_rise_is_assumed_no_more_once_a_rate_is_published_from_its_day_on() -> None:
    rises = (uplift(500, "2027-07-01"),)
    assumed = by_month(rate(100_00, "2025-01-01"), uplifts=rises)
    published = by_month(
        rate(100_00, "2025-01-01", "2027-06-30"), rate(103_00, "2027-07-01"), uplifts=rises
    )

    assert assumed["2027-06"] == Standard("2027-06", Fraction(100_00))
    assert assumed["2027-07"] == Standard("2027-07", Fraction(105_00), assumed=True)
    assert published["2027-07"] == Standard("2027-07", Fraction(103_00))


def test_rises_that_follow_each_other_are_each_taken_once() -> None:
    rises = (uplift(1_000, "2027-07-01"), uplift(500, "2026-07-01"))
    found = by_month(rate(100_00, "2025-01-01"), uplifts=rises)

    assert found["2026-12"].amount_fen == 105_00
    assert found["2027-12"].amount_fen == Fraction(115_50)


def test_without_a_rate_in_any_one_month_there_is_no_standard() -> None:
    assert by_month(rate(100_00, "2026-01-02")) == {}
    assert by_month(rate(100_00, "2025-01-01", "2027-11-30")) == {}


def asked(amount_fen: int, **more: object) -> Need:
    return replace(
        Need(
            key=LineKey(FUND, *ILLNESS),
            row=4,
            households=1,
            persons=1,
            standard_fen=amount_fen,
            times=1,
            amount_fen=amount_fen,
            basis="例文〔2026〕1号",
            explanation="O 一次性",
            evidence="",
            evidenced_fen=0,
            handler="S10",
            head="部门负责人",
            declared=date(2026, 9, 15),
        ),
        **more,  # type: ignore[arg-type]
    )


def of_a_year(actual_fen: int) -> Facts:
    return Facts(2026, 12, "journal", actual_fen)


def gap_of(actual_fen: int, needed: Need, *, rigid: bool = False) -> tuple[Decision, Step]:
    figure = derived(
        of_a_year(actual_fen),
        needed,
        pattern="monthly",
        rigid=rigid,
        rules=RULES_OF_BUDGET,
        declared_in="2027/CASC.xlsx",
    )
    (gap,) = [step for step in figure.steps if step.name == "accepted-gap"]
    return figure.decision, gap


def test_what_cost_one_fen_is_not_new_and_what_cost_nothing_is() -> None:
    assert gap_of(1, asked(100_00))[0] is Decision.CAPPED
    assert gap_of(0, asked(100_00))[0] is Decision.NEW
    assert gap_of(-1, asked(100_00))[0] is Decision.NEW
    assert gap_of(0, asked(0))[0] is Decision.AS_DECLARED


@pytest.mark.parametrize(
    ("actual_fen", "need_fen", "rigid", "names"),
    [
        (0, 100_00, False, ["need_fen", "gap_fen", "basis"]),
        (100_00, 0, False, ["need_fen", "gap_fen", "explanation"]),
        (100_00, 0, True, ["need_fen", "gap_fen", "explanation"]),
        (100_00, 120_00, True, ["need_fen", "gap_fen"]),
        (0, 0, True, ["need_fen", "gap_fen"]),
        *(
            (
                *(100_00, need_fen, False),
                [
                    *("need_fen", "gap_fen", "evidenced_share"),
                    *("tolerance_basis_points", "cap_basis_points"),
                ],
            )
            for need_fen in (90_00, 120_00)
        ),
    ],
)
def test_the_gap_says_what_it_was_decided_by(
    actual_fen: int,
    need_fen: int,
    rigid: bool,  # noqa: FBT001 - of a case
    names: list[str],
) -> None:
    """New: the document; discontinued: why; at discretion: the evidence, tolerance and cap."""
    needed = asked(need_fen, evidence="名单", evidenced_fen=need_fen // 4)
    _, gap = gap_of(actual_fen, needed, rigid=rigid)

    inputs = dict(gap.inputs)
    assert list(inputs) == names
    assert (inputs["need_fen"], inputs["gap_fen"]) == (need_fen, str(need_fen - actual_fen))
    assert gap.source == "2027/CASC.xlsx row 4, journal"
    expected = {
        "basis": needed.basis,
        "explanation": needed.explanation,
        "evidenced_share": "1/4",
        "tolerance_basis_points": RULES_OF_BUDGET.tolerance_basis_points,
        "cap_basis_points": RULES_OF_BUDGET.cap_basis_points,
    }
    assert {name: said for name, said in inputs.items() if name in expected} == {
        name: said for name, said in expected.items() if name in names
    }


@pytest.mark.parametrize(
    ("gap_fen", "accepted_fen", "formula"),
    [
        (Fraction(1), Fraction(1, 5), "min(D, max(t * B0, e * D), c * B0)"),
        (Fraction(1, 10), Fraction(1, 10), "min(D, max(t * B0, e * D), c * B0)"),
        (Fraction(0), Fraction(0), "N - B0"),
        (Fraction(-1, 2), Fraction(-1, 2), "N - B0"),
    ],
)
def test_only_what_is_above_the_base_is_weighed(
    gap_fen: Fraction, accepted_fen: Fraction, formula: str
) -> None:
    """Four fen were paid; a twentieth of that is a fifth of a fen."""
    assert accepted_gap(gap_fen, Fraction(4), Fraction(0), RULES_OF_BUDGET) == (
        accepted_fen,
        formula,
    )


def test_a_line_that_the_rules_ended_gives_back_its_whole_base() -> None:
    ended = discontinued(of_a_year(123_45), rigid=True, rules=RULES_OF_BUDGET)

    assert (ended.proposed_fen, ended.decision) == (0, Decision.DISCONTINUED)
    assert ended.base_fen == 123_45
    assert {step.name: str(step.amount_fen) for step in ended.steps} == {
        "actual": "12345",
        "accepted-gap": "-12345",
        "rounding": "0",
    }


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (Fraction(79, 1000), "+7.9%"),
        (Fraction(-79, 1000), "-7.9%"),
        (Fraction(1), "+100.0%"),
        (Fraction(-1, 1000), "-0.1%"),
        (Fraction(0), "+0.0%"),
        (Fraction(1, 30), "+3.3%"),
    ],
)
def test_a_change_is_read_in_percent_with_its_sign(share: Fraction, said: str) -> None:
    assert in_percent(share) == said


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return an office that paid for two lines, and not for a third."""
    office = office_at(tmp_path)
    for line in (ILLNESS, JOBLESS):
        funded(office, FUND, line, 40_000_00)
        paid(office, FUND, line, [(date(2026, month, 10), 1_000_00) for month in range(1, 11)])
    return office


def test_only_what_is_asked_anew_needs_a_document(office: Office) -> None:
    """A line that was paid needs none, nor one that asks for nothing."""
    rows = [
        need(FUND, "MajorIllness", 12_000_00, basis=""),
        need(FUND, "UnempHardship", 12_000_00),
        need(FUND, "LowIncome", 0, basis=""),
        need("dibao", "Dibao", 100_00, basis=""),
    ]
    declared(office, "CASC", rows)

    proposal = proposed(office)

    waits = [item.key.category for item in proposal.blocked if item.code == "FL542"]
    assert waits == ["Dibao"]
    assert {line.key.category: line.proposed_fen for line in proposal.lines} == {
        "MajorIllness": 12_000_00,
        "UnempHardship": 12_000_00,
        "LowIncome": 0,
    }


def test_each_line_stands_once_with_its_figure_or_as_waiting(office: Office) -> None:
    """One ended, one waits for a document, one for its unit, one has a figure."""
    path = office.root / "rules" / "funds.toml"
    purpose = 'unit = "CASC", category = "UnempHardship", from = 2025-01-01'
    text = path.read_text(encoding="utf-8")
    assert purpose in text
    ended = text.replace(purpose, f"{purpose}, until = 2026-12-31")
    path.write_text(ended, encoding="utf-8")
    rows = [need(FUND, "MajorIllness", 12_000_00), need("dibao", "Dibao", 100_00, basis="")]
    declared(office, "CASC", rows)

    proposal = proposed(Office(office.root, office.surroundings))

    figured = [line.key for line in proposal.lines]
    waiting = [item.key for item in proposal.blocked]
    assert {(key.category) for key in figured} == {"MajorIllness", "UnempHardship"}
    assert len({*figured, *waiting}) == len(figured) + len(waiting)
    assert LineKey("dibao", "CASC", "Dibao") in waiting


def test_a_year_that_has_passed_has_no_rest() -> None:
    """Twelve months are told as they are, whatever the last ones took."""
    for pattern in ("monthly", "event"):
        facts = Facts(2026, 12, "journal", 100_00, recent_fen=(10_00,) * 12)
        steps = known_steps(facts, pattern, RULES_OF_BUDGET)
        assert [step.amount_fen for step in steps] == [100_00, 0]


NAMES = [f"{year}-{month:02d}" for year in (2026, 2027) for month in range(1, 13)]


def steps_of(facts: Facts) -> dict[str, Fraction]:
    return {one.name: one.amount_fen for one in known_steps(facts, "monthly", RULES_OF_BUDGET)}


@pytest.mark.parametrize("months", [NAMES[:12], NAMES[12:], NAMES[:23], NAMES[1:]])
def test_without_the_standard_of_every_month_of_both_years_it_has_no_effect(
    months: list[str],
) -> None:
    heads = tuple(Heads(month, 10, 9_000_00) for month in NAMES[:10])
    rising = tuple(Standard(month, Fraction(100_00 + at * 100)) for at, month in enumerate(NAMES))
    whole = Facts(2026, 10, "journal", 90_000_00, heads=heads, standards=rising)
    some = tuple(one for one in rising if one.month in months)

    assert "standard" in steps_of(whole)
    assert "standard" not in steps_of(replace(whole, standards=some))


def test_lists_that_pay_nobody_tell_of_no_standard_and_no_people() -> None:
    flat = tuple(Standard(month, Fraction(100_00)) for month in NAMES)
    nobody = Facts(2026, 10, "journal", 5_00, heads=(Heads("2026-03", 0, 0),), standards=flat)

    assert steps_of(nobody) == {"actual": 5_00, "annualisation": 0, "headcount": 0}


def test_months_before_the_cut_off_have_their_own_people_and_those_after_it_the_recent_ones() -> (
    None
):
    """Six months of 10, three of 20, one of 26: the mean of the last three is 22, twice.

    The standard is 100 until June, 200 until December and 300 then: 200 more for 60 person-months,
    100 more for 60 + 26 + 44.
    """
    persons = [*[10] * 6, *[20] * 3, 26]
    heads = tuple(Heads(month, own, 100) for month, own in zip(NAMES, persons, strict=False))
    rates = tuple(
        Standard(month, Fraction(fen))
        for month, fen in zip(NAMES, [*[100_00] * 6, *[200_00] * 6, *[300_00] * 12], strict=True)
    )
    found = steps_of(Facts(2026, 10, "journal", 0, heads=heads, standards=rates))

    assert found["standard"] == 60 * 200_00 + 130 * 100_00


@pytest.mark.parametrize(("months", "mean"), [(1, 6), (2, 9), (3, 12), (4, 18)])
def test_early_in_the_year_the_recent_months_are_those_that_there_were(
    months: int, mean: int
) -> None:
    """6, 12, 18 and 24 people: from April on January counts no more."""
    heads = tuple(Heads(NAMES[at], (at + 1) * 6, 100) for at in range(months))
    facts = Facts(2026, months, "journal", 0, heads=heads)

    assert recent_heads(facts, RULES_OF_BUDGET) == mean


def test_the_grant_is_that_of_the_last_month_in_which_somebody_was_paid() -> None:
    """Two months to come, a mean of 10 / 3 people, 1,000 for each; September paid nobody."""
    heads = (
        Heads("2026-07", 1, 7_000_00),
        Heads("2026-08", 10, 10_000_00),
        Heads("2026-09", 0, 0),
        Heads("2026-10", 0, 0),
    )

    found = steps_of(Facts(2026, 10, "journal", 0, heads=heads))
    assert found["annualisation"] == 2 * Fraction(10, 3) * 1_000_00


@pytest.mark.parametrize("pattern", ["monthly", "event"])
def test_of_months_that_are_not_there_the_mean_is_nothing(pattern: str) -> None:
    months = 10 if pattern == "monthly" else 12
    facts = Facts(2026, months, "journal", 5_00)

    *_, rest = known_steps(facts, pattern, RULES_OF_BUDGET)
    assert (str(rest.amount_fen), dict(rest.inputs)["mean_fen"]) == ("0", "0")


def test_a_round_of_one_fen_is_a_round_and_one_of_nothing_tells_nothing() -> None:
    one = Facts(2026, 10, "journal", 5_00, seasons=(Season("2025", 1, 1),))
    *_, rest = known_steps(one, "seasonal", RULES_OF_BUDGET)
    assert (str(rest.amount_fen), dict(rest.inputs)["share"]) == ("0", "1")

    for accrued_fen, total_fen, share in ((0, 0, "0%"), (19_99, 100_00, "19%")):
        rounds = (Season("2025", accrued_fen, total_fen),)
        with pytest.raises(UntoldError) as caught:
            known_steps(replace(one, seasons=rounds), "seasonal", RULES_OF_BUDGET)
        assert caught.value.code == "FL554"
        assert caught.value.inputs == {"share": share, "rounds": 1, "months": 10}


def codes_of(office: Office, category: str) -> list[str]:
    """Return the codes of what is said of a line, with the row of its form where it has one."""
    found = proposed(Office(office.root, office.surroundings)).findings
    own = [one for one in found if one.subject == f"CASC:{category}" and one.fund == FUND]
    assert {one.details["row"] for one in own if "row" in one.details} <= {4}
    return [one.code for one in own]


def test_a_line_paid_once_misleads_only_where_its_year_is_told_from_months_and_more_is_asked(
    office: Office,
) -> None:
    """One payment in ten months: told of a monthly line that asks for something, and no other."""
    line = ("CASC", "LowIncome")
    funded(office, FUND, line, 40_000_00)
    paid(office, FUND, line, [(date(2026, 8, 10), 6_000_00)])
    declared(office, "CASC", [need(FUND, "LowIncome", 20_000_00)])
    assert "FL553" in codes_of(office, "LowIncome")

    declared(office, "CASC", [need(FUND, "LowIncome", 0)])
    assert "FL553" not in codes_of(office, "LowIncome")

    declared(office, "CASC", [need(FUND, "LowIncome", 20_000_00)])
    path = office.root / "rules" / "budget.toml"
    own = 'unit = "CASC"\ncategory = "LowIncome"\npattern = "{}"'
    rules = path.read_text(encoding="utf-8")
    assert own.format("monthly") in rules
    path.write_text(
        rules.replace(own.format("monthly"), own.format("seasonal"))
        + f'\n[[rest_of_year]]\nfund = "{FUND}"\nunit = "CASC"\ncategory = "LowIncome"\n'
        'after = "2026-10"\namount = "9000.00"\nsource = "例信〔2026〕1号"\n',
        encoding="utf-8",
    )
    assert "FL553" not in codes_of(office, "LowIncome")


def test_what_is_told_of_a_change_names_the_row_of_the_form(office: Office) -> None:
    declared(office, "CASC", [need(FUND, "MajorIllness", 90_000_00, explanation="")])

    findings = proposed(office).findings
    (leap,) = [one for one in findings if one.code in {"FL544", "FL551"}]
    assert (leap.subject, leap.details["row"]) == ("CASC:MajorIllness", 4)


def test_a_line_that_has_a_budget_and_was_not_paid_waits_if_nobody_declares_it(
    office: Office,
) -> None:
    funded(office, FUND, ("CASC", "LowIncome"), 40_000_00)
    declared(office, "CASC", [need(FUND, "MajorIllness", 12_000_00)])

    blocked = {item.key.category: item.code for item in proposed(office).blocked}
    assert (blocked["LowIncome"], blocked["UnempHardship"]) == ("FL541", "FL541")


def test_a_reserve_is_whole_fen(office: Office) -> None:
    path = office.root / "rules" / "budget.toml"
    rules = path.read_text(encoding="utf-8")
    path.write_text(
        rules.replace("[reserve_basis_points]\nvalue = 0", "[reserve_basis_points]\nvalue = 77"),
        encoding="utf-8",
    )
    declared(office, "CASC", [need(FUND, "MajorIllness", 12_000_00)])

    totals = proposed(Office(office.root, office.surroundings)).totals
    (own,) = [one for one in totals if one.fund == FUND]
    assert (own.reserve_fen, type(own.reserve_fen)) == (92_40, int)


def test_the_rule_of_a_gap_says_whom_it_leaves_out_where_a_limit_decides() -> None:
    twice = asked(2_000_00, persons=10, standard_fen=200_00, duplicate_persons=1)

    assert gap_of(1_000_00, twice)[1].rule == "min(D - K, max(t * B0, e * (D - K)), c * B0) + K"
    assert gap_of(1_000_00, asked(2_000_00))[1].rule == "min(D, max(t * B0, e * D), c * B0)"
    assert gap_of(2_000_00, twice)[1].rule == "N - B0"


def test_the_last_step_that_leaves_nothing_of_the_base_is_named() -> None:
    own = tuple(
        OwnStep.model_validate(
            {
                "slug": slug, "name_zh": "减", "name_en": "less", "type": "fixed",
                "place": "before-gap", "category": "MajorIllness", "amount": amount,
                "source": "例财〔2026〕5号", "from": date(2027, 1, 1),
            }
        )
        for slug, amount in (("first", "-400.00"), ("second", "-600.00"), ("third", "0.00"))
    )  # fmt: skip

    def told(count: int) -> Derivation:
        return derived(
            of_a_year(1_000_00),
            asked(500_00),
            pattern="monthly",
            rigid=False,
            rules=RULES_OF_BUDGET,
            declared_in="",
            own=own[:count],
        )

    assert told(1).base_fen == 600_00
    for count, last in ((2, "second"), (3, "third")):
        with pytest.raises(UntoldError) as caught:
            told(count)
        assert (caught.value.code, caught.value.inputs["step"]) == ("FL561", last)


def test_only_the_last_months_are_asked_for_a_list() -> None:
    heads = tuple(Heads(f"2026-{at:02d}", 3, 300_00) for at in (1, 3, 4, 5, 6, 7, 8, 9, 10))
    facts = Facts(2026, 10, "journal", 27_00, heads=heads)

    assert months_without_list(facts, RULES_OF_BUDGET) == ()
    lacking = replace(facts, heads=heads[:-2])
    assert months_without_list(lacking, RULES_OF_BUDGET) == ("2026-09", "2026-10")
