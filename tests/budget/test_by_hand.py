"""What an office decides by hand, and the steps that it adds, stand beside what is derived."""

from __future__ import annotations

import io
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from fundledger.budget import Decision, Line, Proposal
from fundledger.budget.annual import UntoldError
from fundledger.budget.derive import Derivation, derived, overridden
from fundledger.budget.facts import Facts, Heads
from fundledger.budget.inputs import (
    History,
    Names,
    Need,
    Place,
)
from fundledger.budget.own_steps import steps_for
from fundledger.charter import load_budget_rules
from fundledger.charter.budget import Override, OwnStep
from fundledger.errors import CharterInvalid
from fundledger.office import Office
from fundledger.report.proposal import proposal_table, proposal_workbook
from support.budgets import (
    CREATED,
    ILLNESS,
    JOBLESS,
    KEY,
    LOW_INCOME,
    ONE_OFF,
    RULES_OF_BUDGET,
    declared,
    line_of,
    need,
    need_of,
    proposed,
    ruled,
    rules_refused,
    three_lines_at,
)

FUND = "low-income"
OVERRIDE = """
[[override]]
fund = "low-income"
unit = "CASC"
category = "MajorIllness"
year = 2027
amount = "55555.55"
actor = "S07"
reason = "已与区级核对"
document = "例会纪〔2026〕9号"
"""
STEP = """
[[step]]
slug = "winter-heating"
name_zh = "冬季取暖"
name_en = "winter heating"
type = "fixed"
place = "before-gap"
fund = "low-income"
unit = "CASC"
category = "MajorIllness"
amount = "12000.00"
source = "例财〔2026〕5号"
from = 2027-01-01
"""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return three_lines_at(tmp_path)


def illness(proposal: Proposal) -> Line:
    return line_of(proposal, "MajorIllness")


def told(proposal: Proposal) -> list[tuple[str, str]]:
    """Return code and subject of each finding on what was decided; their sentences are whole."""
    found = []
    for one in proposal.findings:
        if one.code in {"FL558", "FL559", "FL560", "FL561"}:
            for language in ("zh", "en"):
                assert "?" not in one.sentence(language) + one.remedy(language)
            found.append((one.code, one.subject))
    return found


def test_what_is_decided_by_hand_stands_beside_what_is_derived(office: Office) -> None:
    """Derived are 50,400.00 of the 60,000 declared; the document says 55,555.55, to the fen."""
    line = illness(proposed(ruled(office, OVERRIDE)))

    assert (line.decision, line.proposed_fen) == (Decision.OVERRIDDEN, 55_555_55)
    assert (line.computed_decision, line.computed_fen) == (Decision.CAPPED, 50_400_00)
    assert line.deferred_fen == 4_444_45
    *_, by_hand, rounding = line.steps
    assert (by_hand.name, by_hand.amount_fen) == ("override", Fraction(5_155_55))
    assert (rounding.name, rounding.amount_fen) == ("rounding", Fraction(0))
    assert dict(by_hand.inputs) == {
        "decided_fen": 55_555_55,
        "computed_fen": 50_400_00,
        "actor": "S07",
        "explanation": "已与区级核对",
        "basis": "例会纪〔2026〕9号",
    }
    assert sum(step.amount_fen for step in line.steps) == line.proposed_fen


def test_the_override_is_seen_on_paper_and_in_json(office: Office) -> None:
    proposal = proposed(ruled(office, OVERRIDE))
    (plain,) = [
        one
        for one in proposal.as_json()["lines"]  # type: ignore[attr-defined]
        if one["line"] == "CASC:MajorIllness"
    ]
    cells = cells_of(proposal)
    _, rows = proposal_table(proposal, "zh")

    assert "手工核定（测算 50,400.00）" in {row[-1] for row in rows}
    assert (plain["proposed_fen"], plain["computed_fen"]) == (55_555_55, 50_400_00)
    assert plain["overridden"]["document"] == "例会纪〔2026〕9号"
    said = "手工核定（测算 50,400.00 元；S07 依 例会纪〔2026〕9号：已与区级核对），待议 4,444.45 元"
    assert said in cells
    assert "手工核定" in cells


def cells_of(proposal: Proposal) -> set[str]:
    """Return the texts of every cell of the workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(proposal_workbook(proposal, CREATED)))
    return {
        str(cell)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    }


def test_of_another_year_it_is_nothing(office: Office) -> None:
    before = proposed(office).as_json()["lines"]

    after = proposed(ruled(office, OVERRIDE.replace("2027", "2028")))

    assert after.as_json()["lines"] == before
    assert told(after) == []


def test_a_source_that_is_missing_is_not_made_up_by_hand(office: Office) -> None:
    (office.root / "rules" / "needs" / "2027" / "CASC.xlsx").unlink()

    proposal = proposed(ruled(office, OVERRIDE))

    assert ("low-income", "CASC:MajorIllness", "FL540") in {
        (one.key.fund, one.key.line, one.code) for one in proposal.blocked
    }
    assert told(proposal) == [("FL559", "CASC:MajorIllness")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            'category = "MajorIllness"',
            'category = "TradRelief"',
        ),  # paid by nobody, declared by none
        ('category = "MajorIllness"', 'category = "Dibao"'),  # of another fund
    ],
)
def test_what_is_decided_for_no_line_is_told(office: Office, old: str, new: str) -> None:
    before = proposed(office).as_json()["lines"]

    proposal = proposed(ruled(office, OVERRIDE.replace(old, new)))

    assert [code for code, _ in told(proposal)] == ["FL558"]
    assert proposal.as_json()["lines"] == before


LESS = """
[[step]]
slug = "less"
name_zh = "压减"
name_en = "less"
type = "fixed"
place = "after-gap"
fund = "low-income"
unit = "CASC"
category = "LowIncome"
amount = "-5000.00"
source = "例财〔2026〕6号"
from = 2027-01-01
"""
NOTHING_TO_COMPARE = LESS.replace("after-gap", "before-gap").replace("LowIncome", "MajorIllness")


def test_an_entitlement_that_the_rules_give_less_is_pointed_out(
    office: Office,
) -> None:
    proposal = proposed(ruled(office, LESS))

    assert told(proposal) == [("FL560", "CASC:LowIncome")]
    assert line_of(proposal, "LowIncome").proposed_fen == 120_000_00


@pytest.mark.parametrize(("amount", "waits"), [("47999.99", False), ("48000.00", True)])
def test_a_step_of_the_rules_that_leaves_nothing_to_compare_lifts_no_cap(
    office: Office, amount: str, *, waits: bool
) -> None:
    """48,000 are the base: with nothing left of it the line would be new, and its need accepted."""
    declared(office, "CASC", [need(KEY.fund, "MajorIllness", 60_000_00)])
    proposal = proposed(ruled(office, NOTHING_TO_COMPARE.replace("-5000.00", f"-{amount}")))

    found = [one for one in proposal.findings if one.code == "FL561"]
    assert bool(found) == waits
    if found:
        assert "可比测算数不再大于零" in found[0].sentence("zh")
    else:
        assert line_of(proposal, "MajorIllness").decision == "capped"


@pytest.mark.parametrize("key", ["recent_months", "event_months"])
def test_no_month_is_no_mean(office: Office, key: str) -> None:
    path = office.root / "rules" / "budget.toml"
    text = path.read_text(encoding="utf-8")
    old = {"recent_months": "value = 3", "event_months": "value = 24"}[key]
    path.write_text(text.replace(f"[{key}]\n{old}", f"[{key}]\nvalue = 0"), encoding="utf-8")

    with pytest.raises(CharterInvalid):
        _ = Office(office.root, office.surroundings).budget_rules


@pytest.mark.parametrize(("amount", "codes"), [("124999.99", ["FL560"]), ("125000.00", [])])
def test_an_entitlement_that_is_given_less_by_hand_is_pointed_out(
    office: Office, amount: str, codes: list[str]
) -> None:
    by_hand = OVERRIDE.replace("MajorIllness", "LowIncome").replace("55555.55", amount)

    assert [code for code, _ in told(proposed(ruled(office, by_hand)))] == codes


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ('actor = "S07"\n', 'actor = "S99"\n', [("FL020", "override[1].actor")]),
        ('actor = "S07"\n', "", [("FL006", "override[1].actor")]),
        ('reason = "已与区级核对"\n', "", [("FL006", "override[1].reason")]),
        ('reason = "已与区级核对"\n', 'reason = ""\n', [("FL013", "override[1].reason")]),
        ('document = "例会纪〔2026〕9号"\n', "", [("FL006", "override[1].document")]),
        ('fund = "low-income"', 'fund = "low"', [("FL020", "override[1].fund")]),
        ('category = "MajorIllness"', 'category = "None"', [("FL020", "override[1].category")]),
        ('amount = "55555.55"', 'amount = "-1.00"', [("FL011", "override[1].amount")]),
        ('amount = "55555.55"', "amount = 55555.55", [("FL009", "override[1].amount")]),
        ("\n[[over", f"{OVERRIDE}[[over", [("FL021", "override[2].category")]),
    ],
)
def test_an_override_that_does_not_hold_is_rules_refused(
    office: Office, old: str, new: str, codes: list[tuple[str, str]]
) -> None:
    assert old in OVERRIDE

    assert rules_refused(ruled(office, OVERRIDE.replace(old, new))) == codes


def test_a_step_of_the_rules_raises_the_base(office: Office) -> None:
    """48,000 + 12,000 is what was declared: nothing is put off any more."""
    line = illness(proposed(ruled(office, STEP)))

    names = [step.name for step in line.steps]
    assert names[-3:] == ["own:winter-heating", "accepted-gap", "rounding"]
    step = line.steps[-3]
    assert step.names is not None
    assert (step.names.zh, step.amount_fen) == ("冬季取暖", Fraction(12_000_00))
    assert step.source == "rules/budget.toml: 例财〔2026〕5号"
    assert line.base_fen == line.proposed_fen == 60_000_00


def test_a_step_of_the_rules_is_seen_on_paper(office: Office) -> None:
    """T1 has no column for it, so that its remark says what the base holds beside them."""
    cells = cells_of(proposed(ruled(office, STEP)))

    assert "冬季取暖" in cells
    assert "按申报数安排，另计 冬季取暖 12,000.00" in cells


def test_what_has_ended_is_given_nothing_by_hand(office: Office) -> None:
    """Money for a purpose that the rules have ended is no figure to decide on (专款专用)."""
    path = office.root / "rules" / "funds.toml"
    rules = path.read_text(encoding="utf-8")
    own = 'category = "MajorIllness"'
    at = rules.index(own, rules.index('id = "low-income"'))
    end = rules.index("}", at)
    ended = f"{rules[:end].rstrip()}, until = 2026-12-31 {rules[end:]}"
    path.write_text(ended, encoding="utf-8")
    rows = {"LowIncome": 125_000_00, "UnempHardship": 24_000_00}
    declared(office, "CASC", [need(FUND, name, fen) for name, fen in rows.items()])

    proposal = proposed(ruled(office, OVERRIDE))

    assert illness(proposal).proposed_fen == 0
    assert told(proposal) == [("FL558", "CASC:MajorIllness")]


def test_a_step_after_the_gap_comes_on_top(office: Office) -> None:
    """50,400 are accepted; 10 % of that are 5,040, and rounded to whole hundreds 55,400."""
    share = STEP.replace("fixed", "share").replace("before-gap", "after-gap")
    line = illness(
        proposed(ruled(office, share.replace('amount = "12000.00"', "basis_points = 1000")))
    )

    assert [step.amount_fen for step in line.steps[-2:]] == [5_040_00, -40_00]
    assert line.base_fen == 48_000_00
    assert line.proposed_fen == 55_400_00
    assert dict(line.steps[-2].inputs) == {"share_basis_points": 1000, "before_fen": "5040000"}


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("from = 2027-01-01", "from = 2027-12-31", {"MajorIllness"}),
        ("from = 2027-01-01", "from = 2028-01-01", set()),
        ("from = 2027-01-01", "from = 2026-01-01\nuntil = 2026-12-31", set()),
        ("from = 2027-01-01", "from = 2026-01-01\nuntil = 2027-01-01", {"MajorIllness"}),
        ('category = "MajorIllness"\n', "", {"MajorIllness", "UnempHardship", "LowIncome"}),
        ('unit = "CASC"\ncategory = "MajorIllness"\n', "",
         {"MajorIllness", "UnempHardship", "LowIncome"}),
        ('fund = "low-income"\nunit = "CASC"\n', "", {"MajorIllness"}),
    ],
)  # fmt: skip
def test_a_step_is_for_the_lines_and_years_that_it_names(
    office: Office, old: str, new: str, lines: set[str]
) -> None:
    assert old in STEP

    proposal = proposed(ruled(office, STEP.replace(old, new)))

    assert lines == {
        line.key.category
        for line in proposal.lines
        if any(step.name.startswith("own:") for step in line.steps)
    }


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ('type = "fixed"', 'type = "lookup"', [("FL008", "step[1].type")]),
        ('source = "例财〔2026〕5号"\n', "", [("FL006", "step[1].source")]),
        ('amount = "12000.00"\n', "", [("FL006", "step[1].amount")]),
        ('type = "fixed"', 'type = "share"', [("FL007", "step[1].amount")]),
        ('type = "fixed"', 'type = "per-person"', [("FL006", "step[1].months")]),
        ('amount = "12000.00"', 'amount = "1.00"\nmonths = 2', [("FL007", "step[1].months")]),
        ('place = "before-gap"\n', "", [("FL006", "step[1].place")]),
        ('fund = "low-income"\nunit = "CASC"\ncategory = "MajorIllness"\n', "",
         [("FL006", "step[1].fund")]),
        ('category = "MajorIllness"', 'category = "Dibao"', [("FL562", "step[1]")]),
        ('unit = "CASC"\ncategory = "MajorIllness"\n', 'unit = "Union"\n', [("FL562", "step[1]")]),
        ('fund = "low-income"', 'fund = "low"', [("FL562", "step[1]")]),
        ("from = 2027-01-01", "from = 2020-01-01\nuntil = 2020-12-31", [("FL562", "step[1]")]),
        ("\n[[step", f"{STEP}[[step", [("FL022", "step[2]")]),
    ],
)  # fmt: skip
def test_a_step_that_does_not_hold_is_rules_refused(
    office: Office, old: str, new: str, codes: list[tuple[str, str]]
) -> None:
    assert old in STEP

    assert rules_refused(ruled(office, STEP.replace(old, new))) == codes


def test_a_line_waits_for_a_step_that_goes_by_heads_it_has_none_of(office: Office) -> None:
    by_heads = STEP.replace("fixed", "per-person").replace("from =", "months = 3\nfrom =")

    proposal = proposed(ruled(office, by_heads))

    assert told(proposal) == [("FL561", "CASC:MajorIllness")]
    assert "FL561" in {one.code for one in proposal.blocked}


def test_a_line_waits_where_a_step_leaves_less_than_nothing(office: Office) -> None:
    off = STEP.replace("before-gap", "after-gap")
    by_a_fen = off.replace("12000.00", "-50400.01")

    assert told(proposed(ruled(office, by_a_fen))) == [("FL561", "CASC:MajorIllness")]


# The laws: whatever the books, the needs, the steps and what is decided, a line adds up to the fen.

MONEY = st.integers(min_value=0, max_value=10**12)
HEADS = st.lists(st.integers(min_value=0, max_value=500), min_size=10, max_size=10)
OWN = st.builds(
    lambda kind, place, amount_fen, share, months: OwnStep(
        slug="own-step",
        zh="自定",
        en="own",
        type=kind,
        place=place,
        fund=KEY.fund,
        source="a paper",
        amount_fen=None if kind == "share" else amount_fen,
        basis_points=share if kind == "share" else None,
        months=months if kind == "per-person" else None,
        from_date=date(2027, 1, 1),
    ),
    st.sampled_from(["fixed", "share", "per-person"]),
    st.sampled_from(["before-gap", "after-gap"]),
    st.integers(min_value=-(10**9), max_value=10**9),
    st.integers(min_value=-10_000, max_value=20_000),
    st.integers(min_value=1, max_value=12),
)


def facts_of(actual_fen: int, heads: list[int]) -> Facts:
    months = tuple(
        Heads(f"2026-{month:02d}", persons, persons * 777_01)
        for month, persons in enumerate(heads, 1)
    )
    return Facts(2026, 10, "journal", actual_fen, heads=months, recent_fen=(7, 11, 13))


def figure_of(facts: Facts, asked: Need, own: list[OwnStep], *, rigid: bool) -> Derivation | None:
    """Return the figure, or None where a step of the rules leaves less than nothing."""
    try:
        return derived(
            facts, asked, pattern="monthly", rigid=rigid, rules=RULES_OF_BUDGET,
            declared_in="CASC.xlsx", own=own,
        )  # fmt: skip
    except UntoldError as untold:
        assert (untold.code, untold.inputs["reason"]) == ("FL561", "below")  # noqa: PT017 - a law
        return None


@given(MONEY, MONEY, HEADS, st.lists(OWN, max_size=3), st.booleans(), st.none() | MONEY)
def test_steps_overrides_and_rounding_add_up_to_the_figure(  # noqa: PLR0913, PLR0917 - what is at random
    actual_fen: int,
    need_fen: int,
    heads: list[int],
    own: list[OwnStep],
    rigid: bool,  # noqa: FBT001 - at random
    decided_fen: int | None,
) -> None:
    figure = figure_of(facts_of(actual_fen, heads), need_of(need_fen), own, rigid=rigid)
    if figure is None:
        return
    plain = figure
    if decided_fen is not None:
        figure = overridden(plain, override_of(decided_fen))

        assert figure.proposed_fen == decided_fen
        assert figure.overridden is not None
        assert figure.overridden.computed_fen == plain.proposed_fen
        assert figure.steps[: len(plain.steps) - 1] == plain.steps[:-1]

    assert sum(step.amount_fen for step in figure.steps) == figure.proposed_fen >= 0
    assert sum(line_from(figure).shown_fen()) == figure.proposed_fen
    before = [step.amount_fen for step in figure.steps]
    names = [step.name for step in figure.steps]
    assert (names[-1], names.count("rounding")) == ("rounding", 1)
    assert sum(before[: names.index("accepted-gap")], Fraction(0)) == figure.base_fen


def test_a_step_a_person_takes_the_recent_heads() -> None:
    """200.00 a person for three months; the last three months had 58, 60 and 62 people."""
    own = OwnStep(
        slug="winter-heating",
        zh="冬季取暖",
        en="winter heating",
        type="per-person",
        place="before-gap",
        fund=KEY.fund,
        amount_fen=200_00,
        months=3,
        source="例财〔2026〕5号",
        from_date=date(2027, 1, 1),
    )
    facts = facts_of(1_000_000_00, [50] * 7 + [58, 60, 62])

    figure = figure_of(facts, need_of(1_000_000_00), [own], rigid=True)

    assert figure is not None
    (step,) = [step for step in figure.steps if step.names]
    assert step.amount_fen == 200_00 * 60 * 3
    assert dict(step.inputs) == {"each_fen": 200_00, "recent_heads": "60", "step_months": 3}
    assert step.source == "rules/budget.toml: 例财〔2026〕5号, journal"


@given(MONEY, MONEY, HEADS, st.lists(OWN, max_size=3))
def test_an_entitlement_gets_its_need_and_what_the_rules_add_after_the_gap(
    actual_fen: int, need_fen: int, heads: list[int], own: list[OwnStep]
) -> None:
    figure = figure_of(facts_of(actual_fen, heads), need_of(need_fen), own, rigid=True)
    if figure is None:
        return
    names = [step.name for step in figure.steps]
    added = figure.steps[names.index("accepted-gap") + 1 : -1]

    exact_fen = need_fen + sum(step.amount_fen for step in added)
    assert 0 <= figure.proposed_fen - exact_fen < 100_00


def line_from(figure: Derivation) -> Line:
    name = Names("名", "name")
    place = Place(
        KEY, name, name, name, rigid=False, in_force=True, functional_code="", sources=name
    )
    return Line(
        place=place,
        decision=figure.decision,
        history=History(),
        need=None,
        base_fen=figure.base_fen,
        steps=figure.steps,
        proposed_fen=figure.proposed_fen,
        overridden=figure.overridden,
    )


def override_of(amount_fen: int) -> Override:
    return Override(
        fund=KEY.fund,
        unit=KEY.unit,
        category=KEY.category,
        year=2027,
        amount_fen=amount_fen,
        actor="S07",
        reason="a reason",
        document="例会纪〔2026〕9号",
    )


def test_steps_are_taken_in_the_order_of_the_file(office: Office) -> None:
    """A share is of all that stands before it, so what is written later knows what is earlier."""
    share = (
        STEP.replace("fixed", "share")
        .replace('amount = "12000.00"', "basis_points = 1000")
        .replace("winter-heating", "summer")
    )
    first = illness(proposed(ruled(office, STEP + share)))
    rules = load_budget_rules(office.root / "rules")

    assert [one.slug for one in steps_for(KEY, rules, 2027)] == ["winter-heating", "summer"]
    assert [step.amount_fen for step in first.steps if step.names] == [12_000_00, 6_000_00]
    declared(office, "CASC", [need(FUND, "MajorIllness", 60_000_00)])
    assert {LOW_INCOME, JOBLESS, ILLNESS} >= {line.key[1:] for line in proposed(office).lines}


REST = """
[[rest_of_year]]
fund = "low-income"
unit = "CASC"
category = "MajorIllness"
after = "2026-10"
amount = "9000.00"
source = "例信〔2026〕1号"
"""


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        (ONE_OFF.format(voucher="2026-03-0001") * 2, [("FL021", "one_off[2].voucher")]),
        (ONE_OFF.format(voucher="2026/3"), [("FL014", "one_off[1].voucher")]),
        (ONE_OFF.format(voucher="2026-03-0001").replace("low-", "l-"),
         [("FL020", "one_off[1].fund")]),
        (REST * 2, [("FL021", "rest_of_year[2].category")]),
        (REST.replace("low-income", "dibao"), [("FL562", "rest_of_year[1]")]),
        (REST.replace("2026-10", "2020-10"), [("FL562", "rest_of_year[1]")]),
        (OVERRIDE.replace("S07", "S03"), [("FL594", "override[1].actor")]),
    ],
)  # fmt: skip
def test_what_is_said_twice_for_no_line_or_by_whom_it_may_not_is_rules_refused(
    office: Office, more: str, codes: list[tuple[str, str]]
) -> None:
    assert rules_refused(ruled(office, more)) == codes


def test_what_a_step_puts_on_top_accepts_nothing_of_a_need(office: Office) -> None:
    """60,000 are declared, 50,400 accepted; 12,000 more for heating leave 9,600 to be discussed."""
    assert illness(proposed(office)).deferred_fen == 9_600_00

    more = STEP.replace("before-gap", "after-gap")
    line = illness(proposed(ruled(office, more)))
    assert (line.proposed_fen, line.deferred_fen) == (62_400_00, 9_600_00)
