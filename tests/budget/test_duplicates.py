"""A person whom two units declare is taken off the later need, explained, or pointed out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.budget import Decision, Line, LineKey, NeedRow, Proposal
from fundledger.budget.derive import derived
from fundledger.budget.duplicates import without_duplicates
from fundledger.budget.facts import Facts
from fundledger.budget.inputs import (
    Declaration,
    History,
    Names,
    Need,
)
from fundledger.budget.places import places_of
from fundledger.charter import load_budget_rules, load_charter
from fundledger.findings import Finding
from fundledger.office import Office
from fundledger.report.proposal import proposal_workbook
from support.budgets import (
    CREATED,
    RULES,
    SOUND,
    YEAR,
    declared,
    funded,
    office_at,
    paid,
    proposed,
)

CHARTER, BUDGET = load_charter(RULES), load_budget_rules(RULES)
PLACES = places_of(CHARTER, BUDGET, YEAR)
LOW, TEKUN = LineKey("low-income", "CASC", "LowIncome"), LineKey("tekun", "CSO", "Tekun")
DIBAO, CHILD = LineKey("dibao", "CASC", "Dibao"), LineKey("children", "CSO", "ChildDifficulty")
MONTHS = [date(2026, month, 10) for month in range(1, 11)]


def need(key: LineKey, who: str, day: int = 15, explanation: str = "按名单") -> Need:
    """Return a need of 100 yuan a person, ten times, of the persons by their letters."""
    return Need(
        key=key,
        row=4,
        households=len(who),
        persons=len(who),
        standard_fen=100_00,
        times=10,
        amount_fen=len(who) * 1000_00,
        basis="例文〔2026〕1号",
        explanation=explanation,
        evidence="名单",
        evidenced_fen=len(who) * 1000_00,
        handler="S10",
        head="S11",
        declared=date(2026, 9, day),
        named=frozenset(f"P-{letter * 12}" for letter in who),
    )


def deduplicated(*needs: Need, year: int = YEAR) -> tuple[dict[LineKey, Need], list[Finding]]:
    by_unit: dict[str, list[Need]] = {}
    for one in needs:
        by_unit.setdefault(one.key.unit, []).append(one)
    declarations = [
        Declaration(unit, Names(unit, unit), f"{unit}.xlsx", "1" * 64, tuple(own))
        for unit, own in by_unit.items()
    ]
    found, findings = without_duplicates(declarations, PLACES, CHARTER, BUDGET, year)
    return {one.key: one for item in found for one in item.needs}, list(findings)


def told(findings: list[Finding]) -> list[tuple[str, str, int, int | None]]:
    return [(one.code, one.subject, one.details["persons"], one.amount_fen) for one in findings]


def test_who_is_declared_twice_leaves_the_later_need_at_its_own_standard() -> None:
    later = replace(need(TEKUN, "BCD", day=16), standard_fen=70_00, amount_fen=2100_00)

    found, findings = deduplicated(need(LOW, "ABC"), later)

    assert (found[TEKUN].duplicate_persons, found[TEKUN].duplicates_fen) == (2, 1400_00)
    assert found[TEKUN].duplicates_with == ("low-income CASC:LowIncome",)
    assert found[LOW].duplicate_persons == 0
    assert told(findings) == [("FL572", "CSO:Tekun", 2, 1400_00)]
    for language in ("zh", "en"):
        said = findings[0].sentence(language)
        assert "?" not in said
        assert "P-" not in said
    assert "社区事务受理服务中心“低收入家庭”（low-income）" in findings[0].sentence("zh")


def test_the_need_that_was_declared_first_keeps_its_persons() -> None:
    found, findings = deduplicated(need(LOW, "ABC", day=17), need(TEKUN, "BCD", day=16))

    assert found[LOW].duplicate_persons == 2
    assert [one.subject for one in findings] == ["CASC:LowIncome"]


def test_an_explanation_that_begins_with_d_keeps_them_and_is_told() -> None:
    found, findings = deduplicated(
        need(LOW, "ABC"), need(TEKUN, "BCD", day=16, explanation="D 四季度转入特困")
    )

    assert found[TEKUN].duplicate_persons == 0
    assert told(findings) == [("FL539", "CSO:Tekun", 2, 2000_00)]


def test_two_units_lines_that_do_not_exclude_each_other_are_pointed_out() -> None:
    found, findings = deduplicated(need(DIBAO, "AB"), need(CHILD, "BC"))

    assert [one.duplicate_persons for one in found.values()] == [0, 0]
    assert told(findings) == [("FL573", "CSO:ChildDifficulty", 1, 1000_00)]


def test_a_group_that_only_asks_for_a_look_takes_nobody_off() -> None:
    schooling = next(key for key in PLACES if key.line == "Charity:EduAid")

    found, findings = deduplicated(need(CHILD, "AB"), need(schooling, "B", day=16))

    assert found[schooling].duplicate_persons == 0
    assert [one.code for one in findings] == ["FL573"]


def test_lines_of_one_unit_are_held_against_each_other_where_they_exclude_each_other() -> None:
    illness = LineKey("low-income", "CASC", "MajorIllness")

    found, findings = deduplicated(need(DIBAO, "AB"), need(illness, "AB"), need(LOW, "B", day=16))

    assert found[LOW].duplicate_persons == 1
    assert found[illness].duplicate_persons == 0
    assert told(findings) == [("FL572", "CASC:LowIncome", 1, 1000_00)]


def test_who_leaves_one_need_leaves_it_once_and_is_not_held_against_another() -> None:
    found, findings = deduplicated(
        need(DIBAO, "A"), need(LOW, "A", day=16), need(TEKUN, "A", day=17)
    )

    assert [found[key].duplicate_persons for key in (DIBAO, LOW, TEKUN)] == [0, 1, 1]
    assert [(one.subject, one.details["other_en"].split('"')[1]) for one in findings] == [
        ("CASC:LowIncome", PLACES[DIBAO].category.en),
        ("CSO:Tekun", PLACES[DIBAO].category.en),
    ]


def test_lines_exclude_each_other_as_long_as_the_rules_say_so() -> None:
    group = next(one for one in CHARTER.overlap_groups if one.exclusive)
    ended = group.model_copy(update={"until": date(YEAR - 1, 12, 31)})
    charter = CHARTER.model_copy(update={"overlap_groups": (ended,)})
    item = Declaration("CASC", Names("", ""), "", "1", (need(DIBAO, "A"), need(LOW, "A")))

    (found,), findings = without_duplicates([item], PLACES, charter, BUDGET, YEAR)

    assert [one.duplicate_persons for one in found.needs] == [0, 0]
    assert findings == ()


@given(
    st.lists(
        st.tuples(st.sampled_from((DIBAO, LOW, TEKUN, CHILD)), st.sets(st.sampled_from("ABCDEFG"))),
        unique_by=lambda one: one[0],
        min_size=1,
    ),
    st.randoms(use_true_random=False),
)
def test_whoever_is_named_is_paid_for_once_of_lines_that_exclude_each_other(
    wanted: list[tuple[LineKey, set[str]]], random: Random
) -> None:
    needs = [
        need(key, "".join(sorted(who)), day=1 + 5 * number)
        for number, (key, who) in enumerate(wanted)
    ]
    shuffled = list(needs)
    random.shuffle(shuffled)

    found, findings = deduplicated(*needs)
    again, told_again = deduplicated(*shuffled)

    assert found == again
    assert sorted(told(findings)) == sorted(told(told_again))
    group = [found[key] for key, _ in wanted if key != CHILD]
    named = {person for one in group for person in one.named}
    assert sum(one.persons - one.duplicate_persons for one in group) == len(named)
    lost = sum(one.details["persons"] for one in findings if one.code == "FL572")
    assert lost == sum(one.duplicate_persons for one in found.values())


def spent(actual_fen: int) -> Facts:
    return Facts(year=2026, months=12, source="journal x#1 abc", actual_fen=actual_fen)


@given(
    actual_fen=st.integers(0, 10**9),
    heads=st.tuples(st.integers(1, 500), st.integers(0, 500)),
    standard_fen=st.integers(1, 10**5),
    share=st.integers(0, 100),
    treatment=st.sampled_from(("rigid", "discretionary")),
)
def test_what_is_declared_twice_counts_as_if_it_had_not_been_declared(
    actual_fen: int, heads: tuple[int, int], standard_fen: int, share: int, treatment: str
) -> None:
    """The steps still add up, and the figure is that of the need without those persons.

    Evidence is a share of what is declared, so it is the same share of what is left.
    """
    persons = heads[0]
    twice = min(heads[1], persons - 1)
    amount_fen = persons * standard_fen * 100
    whole = replace(
        need(LOW, ""),
        persons=persons,
        standard_fen=standard_fen,
        times=100,
        amount_fen=amount_fen,
        evidenced_fen=amount_fen * share // 100,
    )
    left = replace(
        whole,
        persons=persons - twice,
        amount_fen=amount_fen - twice * standard_fen * 100,
        evidenced_fen=(amount_fen - twice * standard_fen * 100) * share // 100,
    )
    facts = spent(actual_fen)
    rigid = treatment == "rigid"
    said = {"pattern": "monthly", "rigid": rigid, "rules": BUDGET, "declared_in": "x"}

    with_them = derived(facts, replace(whole, duplicate_persons=twice), **said)  # type: ignore[arg-type]
    without = derived(facts, left, **said)  # type: ignore[arg-type]

    assert sum(step.amount_fen for step in with_them.steps) == with_them.proposed_fen
    assert with_them.proposed_fen == without.proposed_fen
    assert with_them.decision == without.decision
    names = [step.name for step in with_them.steps]
    assert names[-2:] == (["duplicates", "rounding"] if twice else ["accepted-gap", "rounding"])
    if twice:
        assert with_them.steps[-2].amount_fen == -twice * standard_fen * 100


def test_the_cap_is_that_of_the_need_without_those_who_are_declared_twice() -> None:
    """Base 10,000; 20 persons of 1,000 are declared and 5 of them twice: 15,000 are looked at."""
    some = replace(need(LOW, "ABCDEFGHIJKLMNOPQRST"), duplicate_persons=5)

    found = derived(
        spent(10_000_00), some, pattern="monthly", rigid=False, rules=BUDGET, declared_in="x"
    )

    shown = {step.name: step.amount_fen for step in found.steps}
    assert shown["accepted-gap"] == 1_500_00 + 5_000_00
    assert shown["duplicates"] == -5_000_00
    assert (found.proposed_fen, found.decision) == (11_500_00, Decision.CAPPED)


ROW = replace(SOUND, times=10, standard_fen=100_00, basis="例文〔2026〕1号")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return an office whose two units declare persons who may have one of two statuses."""
    office = office_at(tmp_path)
    for fund, line in (("low-income", LOW[1:]), ("tekun", TEKUN[1:])):
        funded(office, fund, line, 12_000_00)
        paid(office, fund, line, [(on, 1_000_00) for on in MONTHS])
    return office


def named(row: NeedRow, fund: str, category: str, who: str, day: int) -> NeedRow:
    codes = tuple(f"P-{letter * 12}" for letter in who)
    said = {"fund": fund, "category": category, "persons": len(who), "named": codes}
    return replace(row, **said, declared=date(2026, 9, day))  # type: ignore[arg-type]


def line_of(proposal: Proposal, key: LineKey) -> Line:
    return next(line for line in proposal.lines if line.key == key)


def test_a_proposal_takes_them_off_in_a_step_and_tells_of_it(office: Office) -> None:
    declared(office, "CASC", [named(ROW, "low-income", "LowIncome", "ABCDEFGHIJ", 10)])
    declared(office, "CSO", [named(ROW, "tekun", "Tekun", "IJKLMNOPQR", 11)])

    proposal = proposed(office)

    line = line_of(proposal, TEKUN)
    shown = dict(zip([step.name for step in line.steps], line.shown_fen(), strict=True))
    assert shown["duplicates"] == -2_000_00
    assert line.proposed_fen == 8_000_00
    assert sum(line.shown_fen()) == line.proposed_fen
    assert line_of(proposal, LOW).proposed_fen == 10_000_00
    (finding,) = [one for one in proposal.findings if one.code == "FL572"]
    assert (finding.fund, finding.amount_fen) == ("tekun", 2_000_00)
    said = str(proposal.as_json())
    assert "P-" not in said
    assert "'named': 10" in said
    assert proposal_workbook(proposal, CREATED.replace(tzinfo=None)).startswith(b"PK")


def test_what_is_put_off_is_without_them() -> None:
    """26 persons of 1,000 are declared, 6 of them twice; the cap is 13,800."""
    everybody = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    illness = LineKey("low-income", "CASC", "MajorIllness")
    assert not PLACES[illness].rigid
    line = Line(
        PLACES[illness],
        Decision.CAPPED,
        history=History(),
        need=replace(need(illness, everybody), duplicate_persons=6),
        base_fen=Fraction(12_000_00),
        steps=(),
        proposed_fen=13_800_00,
    )

    assert line.deferred_fen == 26_000_00 - 6_000_00 - 13_800_00


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({"from_date": date(YEAR, 12, 31)}, True),
        ({"from_date": date(YEAR + 1, 1, 1)}, False),
        ({"until": date(YEAR, 1, 1)}, True),
        ({"until": date(YEAR - 1, 12, 31)}, False),
    ],
)
def test_lines_exclude_each_other_in_each_year_that_the_group_meets(
    change: dict[str, date], *, holds: bool
) -> None:
    group = next(one for one in CHARTER.overlap_groups if one.exclusive)
    charter = CHARTER.model_copy(update={"overlap_groups": (group.model_copy(update=change),)})
    needs = need(LOW, "AB"), need(TEKUN, "BC", day=16)
    declarations = [
        Declaration(one.key.unit, Names("", ""), f"{one.key.unit}.xlsx", "1" * 64, (one,))
        for one in needs
    ]
    _, findings = without_duplicates(declarations, PLACES, charter, BUDGET, YEAR)

    assert [one.code for one in findings] == ["FL572" if holds else "FL573"]


def test_whom_three_lines_declare_stays_with_the_first_and_both_others_name_it() -> None:
    illness = LineKey("low-income", "CASC", "MajorIllness")
    found, _ = deduplicated(need(LOW, "ABC"), need(TEKUN, "BC", day=16), need(illness, "C", day=17))

    taken = {key.category: one.duplicate_persons for key, one in found.items()}
    assert taken["LowIncome"] == 0
    assert taken["Tekun"] == 2
    assert all(
        one.duplicates_with == ("low-income CASC:LowIncome",)
        for one in found.values()
        if one.duplicate_persons
    )
