"""The example office's rules say what the conference's mandate says, and nothing is left unpaid."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from fundledger.charter import BudgetRules, Charter, Controls, load_budget_rules, load_charter
from fundledger.charter.accounts import FIXED
from fundledger.ledger.chart import FIXED_NAMES, Chart

from .conftest import Spoil

RULES = Path(__file__).resolve().parents[2] / "rules"
TODAY = date(2026, 10, 31)

REMITS = {
    "CASC": "Dibao LowIncome TradRelief IllnessExp MajorIllness ReturneeSubsidy UnempHardship "
    "SevDisUnemp",
    "Union": "ModelWorker RetiredWorker UnionMember TenKJobs InlandReturnee MedMutual",
    "Women": "RedBanner GynSevere WFTemp HardshipChild WomenCare",
    "Youth": "VolunteerAid LeagueActivity",
    "CSO": "LoneElder Orphan ChildDifficulty SpecialCare Vagrant Tekun TradReliefElig Disabled",
    "Party": "PartyMember PartyAid",
    "Justice": "Released CommCorrect LegalAid",
    "Petition": "PetitionHH XJReturnee",
    "CSec": "",
    "Charity": "EduAid MedAid DisAid PovAid",
}


@pytest.fixture(scope="module")
def charter() -> Charter:
    return load_charter(RULES)


@pytest.fixture(scope="module")
def budget() -> BudgetRules:
    return load_budget_rules(RULES)


def money_lines(charter: Charter) -> set[str]:
    return {c.line for c in (*charter.categories, *charter.joint_rounds) if c.money}


def test_the_ten_units_of_the_mandate_stand_in_its_order(charter: Charter) -> None:
    assert [unit.slug for unit in charter.units] == list(REMITS)
    assert [unit.clause for unit in charter.units] == [f"三({n})" for n in "一二三四五六七八九十"]


def test_every_unit_has_the_categories_of_the_mandate_and_no_other(charter: Charter) -> None:
    remits: dict[str, list[str]] = {unit.slug: [] for unit in charter.units}
    for category in charter.categories:
        remits[category.unit].append(category.slug)

    assert remits == {unit: slugs.split() for unit, slugs in REMITS.items()}


def test_34_categories_are_paid_in_money_5_are_services_and_1_is_a_function(
    charter: Charter,
) -> None:
    kinds = Counter(category.kind for category in charter.categories)

    assert kinds["C"] + kinds["D"] == 34
    assert kinds["S"] == 5
    assert kinds["F"] == 1
    assert {c.slug for c in charter.joint_rounds} == {"Festival", "Emergency", "Visit"}


def test_whatever_is_paid_in_money_is_a_purpose_of_some_open_fund(charter: Charter) -> None:
    payable = {
        purpose.line
        for fund in charter.funds
        if fund.closed is None
        for purpose in fund.purposes
        if purpose.holds(TODAY)
    }

    assert payable == money_lines(charter)


def test_money_that_is_legally_distinct_is_kept_in_distinct_funds(charter: Charter) -> None:
    asked = "dibao tekun low-income emergency disability children festival lottery union party"

    assert {*asked.split(), "charity"} <= {fund.id for fund in charter.funds}
    assert charter.fund("union").regime == "union"
    assert charter.fund("party").regime == "party-dues"
    assert charter.fund("charity").regime == "nonprofit"
    assert charter.fund("lottery").functional_code.startswith("229")
    for one, other in combinations(charter.funds, 2):
        assert one.bank_account.number != other.bank_account.number


def test_only_money_outside_the_treasury_keeps_its_interest(charter: Charter) -> None:
    treasury = {fund.id for fund in charter.funds if fund.regime == "government"}

    assert treasury == {fund.id for fund in charter.funds if fund.interest == "remit"}


def test_every_regime_gives_a_code_to_every_kind_of_account(charter: Charter) -> None:
    government = set(charter.regime("government").codes) - {"Income:Appropriation:Line"}

    for regime in charter.regimes:
        assert government <= set(regime.codes), regime.slug


def test_the_six_overlap_groups_name_what_one_person_may_draw_twice(charter: Charter) -> None:
    groups = {group.slug: group for group in charter.overlap_groups}

    assert sorted(groups) == ["G1", "G2", "G3", "G4", "G5", "G6"]
    assert [slug for slug, group in groups.items() if group.exclusive] == ["G6"]
    assert set(groups["G6"].categories) == {"CASC:Dibao", "CASC:LowIncome", "CSO:Tekun"}
    assert {line for group in groups.values() for line in group.categories} <= money_lines(charter)


def test_the_staff_can_make_review_post_pay_and_audit_apart(charter: Charter) -> None:
    held = Counter(role.role for post in charter.staff for role in post.roles if role.holds(TODAY))

    assert held["maker"] >= 2
    assert held["reviewer"] >= 2
    assert all(held[role] for role in ("poster", "cashier", "chief", "approver", "auditor"))


def test_each_limit_of_the_controls_and_the_budget_has_its_source(
    charter: Charter, budget: BudgetRules
) -> None:
    for rules in (charter.controls, budget):
        sourced = {entry.name for entry in rules.sources}
        fields = {name.removesuffix("_fen") for name in type(rules).model_fields}
        lists = {
            "patterns",
            "marks",
            "reasons",
            "uplifts",
            "one_offs",
            "other_sources",
            "overrides",
            "rests",
            "steps",
            "targets",
            "sources",
            "from_date",
            "until",
        }

        unsaid = {"due_days", "list_days", "office_hours", "amount_tolerance"}
        assert sourced == fields - lists - unsaid
    assert charter.controls.office_hours is None
    assert charter.controls.list_days == ()
    assert [rule.whose for rule in charter.controls.due_days if not rule.source] == []


def test_the_payments_of_a_month_are_due_until_a_day_of_it(charter: Charter) -> None:
    assert charter.controls.due_on("CASC:Dibao", "2026-02") == date(2026, 2, 25)
    assert charter.controls.due_on("CASC:Dibao", "2024-12") is None
    assert [rule.verified for rule in charter.controls.due_days] == [False]


def test_no_notice_names_those_whose_aid_says_what_they_would_keep_to_themselves(
    charter: Charter,
) -> None:
    hidden = set(charter.controls.notice_in_sum or ())

    assert {line for line in money_lines(charter) if line.startswith(("Justice:", "Petition:"))} < (
        hidden
    )
    assert {"CSO:Orphan", "CSO:ChildDifficulty", "Women:GynSevere"} < hidden
    assert charter.controls.notice_least_people == 3


@pytest.mark.parametrize(
    "narration", ["按联席会议纪要拨付", "联席会议办公室代发", "孤老助餐补贴", "学生营养午餐补助"]
)
def test_words_of_office_cost_do_not_hit_what_aid_is_called(
    charter: Charter, narration: str
) -> None:
    assert [word for word in charter.controls.office_cost_words if word in narration] == []


@pytest.mark.parametrize("narration", ["支付会议费", "公务车加油", "工作餐", "购办公用品"])
def test_words_of_office_cost_hit_office_costs(charter: Charter, narration: str) -> None:
    assert [word for word in charter.controls.office_cost_words if word in narration]


@pytest.mark.parametrize(
    ("slug", "on", "amount_fen"),
    [
        ("dibao", date(2022, 6, 30), 1330_00),
        ("dibao", date(2022, 7, 1), 1420_00),
        ("disabled-living", date(2025, 6, 30), 410_00),
        ("disabled-living", date(2025, 7, 1), 450_00),
        ("disabled-living-near", date(2026, 10, 31), 320_00),
    ],
)
def test_a_standard_changes_on_the_first_of_july(
    charter: Charter, slug: str, on: date, amount_fen: int
) -> None:
    assert [r.amount_fen for r in charter.rates if r.slug == slug and r.holds(on)] == [amount_fen]


def test_a_standard_that_is_not_confirmed_says_so(charter: Charter) -> None:
    dibao = [rate for rate in charter.rates if rate.slug == "dibao"]

    assert {rate.from_date.year: rate.verified for rate in dibao} == {
        2021: True,
        2022: False,
        2023: False,
        2024: False,
    }


def test_the_budget_is_derived_by_the_figures_of_the_method(budget: BudgetRules) -> None:
    assert budget.tolerance_basis_points == 500
    assert budget.cap_basis_points == 1500
    assert budget.rounding_unit_fen == 100_00
    assert (budget.rounding_rigid, budget.rounding_discretionary) == ("up", "half-up")
    assert (budget.treatment_entitlement, budget.treatment_discretion) == (
        "rigid",
        "discretionary",
    )
    assert budget.change_guard_basis_points == 3000
    assert budget.headcount_guard_basis_points == 1000
    assert (budget.watch_behind_basis_points, budget.watch_ahead_basis_points) == (1000, 1000)
    assert (budget.watch_left_from_month, budget.watch_left_basis_points) == (10, 1000)
    assert "".join(reason.code for reason in budget.reasons) == "SHOTNXCDE"
    assert [(mark.month, mark.basis_points) for mark in budget.marks] == [
        (3, 2500),
        (6, 5000),
        (9, 7500),
        (11, 9200),
        (12, 9500),
    ]


def test_every_category_paid_in_money_has_one_pattern_through_the_year(
    charter: Charter, budget: BudgetRules
) -> None:
    told = [pattern.line for pattern in budget.patterns if pattern.holds(TODAY)]

    assert sorted(told) == sorted(money_lines(charter))


def test_every_control_is_read() -> None:
    modules = (RULES.parent / "fundledger").rglob("*.py")
    source = "\n".join(path.read_text(encoding="utf-8") for path in modules)
    limits = Controls.model_fields.keys() - {"from_date", "until", "sources"}
    unread = {name for name in limits if not re.search(rf"\.{name}\b", source)}

    assert unread == set()


def test_every_account_of_every_fund_has_a_code_and_a_title(charter: Charter) -> None:
    assert {*FIXED} == FIXED_NAMES.keys()
    for fund in charter.funds:
        chart = Chart(charter.fund_charter(fund.id), "")
        names = [
            *FIXED_NAMES,
            *(f"Income:Appropriation:{source.slug}" for source in fund.sources),
            *(f"Expenses:{purpose.line}" for purpose in fund.purposes),
            *("Assets:DueFrom:Fund:Union", "Liabilities:DueTo:Fund:Union"),
        ]
        assert [name for name in names if not chart.code(name) or not chart.title(name)] == []
    union = Chart(charter.fund_charter("union"), "")
    assert (union.code(FIXED[0]), union.title(FIXED[0])) == ("102", "银行存款")


def test_there_is_no_tolerance_of_amounts_unless_the_rules_have_one(
    rules: Path, spoil: Spoil
) -> None:
    """It is left out of the charter where it is none, so that journals stay as they are."""
    exact = load_charter(rules).controls
    assert exact.amount_tolerance_fen == 0
    assert "amount_tolerance_fen" not in exact.model_dump(mode="json", by_alias=True)

    old = "[aged_item_days]\n"
    spoil("controls.toml", old, f'[amount_tolerance]\nvalue = "0.50"\nsource = "例规"\n\n{old}')
    some = load_charter(rules).controls
    assert some.amount_tolerance_fen == 50
    assert some.model_dump(mode="json", by_alias=True)["amount_tolerance_fen"] == 50
