"""What a fund asks for moves by lines that are told, and by its reserve, and by nothing else."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import floor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.budget import Proposal, compared_of, difference, propose, what_if
from fundledger.budget.compare import Difference
from fundledger.budget.covering import covering
from fundledger.budget.kept import (
    KeptBlocked,
    KeptLine,
    KeptProposal,
    KeptProvenance,
    KeptStep,
    KeptTotal,
)
from fundledger.office import Office
from fundledger.report.proposal_changes import difference_told
from support.budgets import (
    AS_OF,
    ILLNESS,
    KEY,
    LOW_INCOME,
    YEAR,
    changed,
    declared,
    funded,
    need,
    proposed,
    ruled,
    three_lines_at,
)

FUND = KEY.fund


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return an office whose line for illness has 7,000 more than the year takes."""
    office = three_lines_at(tmp_path / "office")
    funded(office, FUND, ILLNESS, 7_000_00)
    return office


def compared(was: Proposal, now: Proposal) -> Difference:
    found = difference(compared_of(was), compared_of(now))
    assert_explained(found)
    return found


def assert_explained(found: Difference) -> None:
    """A fund's request moved by the appropriations of the lines that are told, and its reserve."""
    moved: Counter[str] = Counter()
    for line in found.lines:
        moved[line.fund] += (line.now_appropriation_fen or 0) - (line.was_appropriation_fen or 0)
    for total in found.totals:
        moved[total.fund] += (total.now_reserve_fen or 0) - (total.was_reserve_fen or 0)
        moved[total.fund] -= (total.now_request_fen or 0) - (total.was_request_fen or 0)
    assert set(moved.values()) <= {0}


def test_money_that_came_to_a_line_is_told_though_its_figure_stands(office: Office) -> None:
    was = proposed(office)
    funded(office, FUND, ILLNESS, 1_000_00)

    found = compared(was, proposed(office))

    (line,) = found.lines
    assert (line.was_fen, line.now_fen, line.steps) == (50_400_00, 50_400_00, ())
    assert (line.was_carry_over_fen, line.now_carry_over_fen) == (7_000_00, 8_000_00)
    assert (line.was_appropriation_fen, line.now_appropriation_fen) == (43_400_00, 42_400_00)
    assert [(one.name, one.was, one.now) for one in line.carry_over_inputs] == [
        ("available_fen", 15_000_00, 16_000_00)
    ]
    assert line.rests_on == (f"book {FUND}",)
    (total,) = found.totals
    assert (total.was_carry_over_fen, total.now_carry_over_fen) == (7_000_00, 8_000_00)
    assert difference_told(found, "zh")[:4] == [
        "low-income/CASC:MajorIllness 大重病患者  50,400.00",
        "    结转安排 7,000.00 → 8,000.00 (+1,000.00)：可用指标 15,000.00 → 16,000.00",
        "    当年拨款 43,400.00 → 42,400.00 (-1,000.00)",
        "    依据不同：账簿 low-income",
    ]
    assert difference_told(found, "zh")[4] == (
        "资金 low-income  需求合计 199,400.00；结转安排 7,000.00 → 8,000.00 (+1,000.00)；"
        "申请拨款 192,400.00 → 191,400.00 (-1,000.00)"
    )
    assert (
        "carry-over 7,000.00 → 8,000.00 (+1,000.00): available 15,000.00 → 16,000.00"
        in (difference_told(found, "en")[1])
    )


def test_lines_whose_carry_over_moved_are_told_though_the_fund_asks_for_as_much(
    office: Office, tmp_path: Path
) -> None:
    """The same 500 are of another line in the books of another office."""
    other = Office(shutil.copytree(office.root, tmp_path / "other"), office.surroundings)
    funded(office, FUND, ILLNESS, 500_00)
    funded(other, FUND, LOW_INCOME, 500_00)

    found = compared(proposed(office), proposed(other))

    assert {(one.line, one.was_carry_over_fen, one.now_carry_over_fen) for one in found.lines} == {
        ("CASC:LowIncome", 0, 500_00),
        ("CASC:MajorIllness", 7_500_00, 7_000_00),
    }
    assert found.totals == ()
    assert not found.nothing


def test_what_the_rest_of_the_year_takes_is_the_reason(office: Office) -> None:
    was = proposed(office)
    stated = (
        f'[[rest_of_year]]\nfund = "{FUND}"\nunit = "CASC"\ncategory = "MajorIllness"\n'
        'after = "2026-10"\namount = "9000.00"\nsource = "例财〔2026〕5号"\n'
    )

    found = compared(was, proposed(ruled(office, stated)))

    (line,) = found.lines
    assert (line.was_carry_over_fen, line.now_carry_over_fen) == (7_000_00, 6_000_00)
    assert [(one.name, one.was, one.now) for one in line.carry_over_inputs] == [
        ("to_come_fen", "800000", "900000")
    ]
    told = "\n".join(difference_told(found, "zh"))
    assert "结转安排 7,000.00 → 6,000.00 (-1,000.00)：年内尚需 8,000.00 → 9,000.00" in told


def test_a_lot_that_became_a_surplus_is_the_reason(office: Office) -> None:
    was = proposed(office)
    place = "[carry_over_years]\nvalue = 2"
    changed(office.root / "rules" / "controls.toml", place, "2", "0")

    found = compared(was, proposed(Office(office.root, office.surroundings)))

    (line,) = found.lines
    assert (line.was_fen, line.now_fen) == (50_400_00, 50_400_00)
    assert [(one.name, one.was, one.now) for one in line.carry_over_inputs] == [
        ("not_carried_fen", None, 7_000_00)
    ]
    assert line.rests_on == ("rule controls.toml",)
    told = "\n".join(difference_told(found, "zh"))
    assert "结转安排 7,000.00 → 0.00 (-7,000.00)：结余上缴或年末收回 - → 7,000.00" in told


def test_a_figure_that_binds_the_carry_over_is_the_reason_in_what_is_tried(office: Office) -> None:
    """So much is left of illness that it covers the whole figure, which a tolerance raises."""
    funded(office, FUND, ILLNESS, 50_000_00)

    was, now = what_if(office, YEAR, ["tolerance_basis_points=800"], as_of=AS_OF)
    found = compared(was, now)

    (line,) = found.lines
    assert (line.was_carry_over_fen, line.now_carry_over_fen) == (50_400_00, 51_800_00)
    assert (line.was_appropriation_fen, line.now_appropriation_fen) == (0, 0)
    assert [(one.name, one.was, one.now) for one in line.carry_over_inputs] == [
        ("beyond_figure_fen", 6_600_00, 5_200_00)
    ]
    assert "超出建议数而不用 6,600.00 → 5,200.00" in "\n".join(difference_told(found, "zh"))


def test_a_reserve_is_told_with_its_fund(office: Office) -> None:
    was, now = what_if(office, YEAR, ["reserve_basis_points=200"], as_of=AS_OF)
    found = compared(was, now)

    assert found.lines == ()
    (total,) = found.totals
    assert (total.was_reserve_fen, total.now_reserve_fen) == (0, 1_488_00)
    assert "其中预备金 0.00 → 1,488.00 (+1,488.00)；申请拨款" in difference_told(found, "zh")[0]


def test_a_line_that_waits_now_gives_its_carry_over_up(office: Office) -> None:
    was = proposed(office)
    declared(office, "CASC", [need(FUND, "LowIncome", 125_000_00)])

    found = compared(was, proposed(office))

    (line,) = (one for one in found.lines if one.line == "CASC:MajorIllness")
    assert (line.was_carry_over_fen, line.now_carry_over_fen) == (7_000_00, None)
    assert line.carry_over_inputs == ()
    assert "    结转安排 7,000.00 → -" in difference_told(found, "zh")


def test_what_the_year_paid_for_the_next_round_is_not_to_come() -> None:
    """V is in the step that tells twelve months; below nothing it was spent already."""
    was = line(60_000, 20_000, 10_000, rest="5000", turned_fen=3_000)
    now = line(60_000, 20_000, 10_000, rest="5000", turned_fen="-1000")

    found = difference(whole([was], 0), whole([now], 0))

    assert [(one.name, one.was, one.now) for one in found.lines[0].carry_over_inputs] == [
        ("to_come_fen", "5000", "6000")
    ]


def test_of_a_year_that_is_over_nothing_is_to_come() -> None:
    assert covering(line(100, 50, 0, rest="30"), 12)["to_come_fen"] == "0"
    assert covering(line(100, 50, 0, rest="30"), 11)["to_come_fen"] == "30"


def test_a_year_that_takes_less_than_nothing_leaves_no_more_than_is_available() -> None:
    assert covering(line(100, 50, 0, rest="-1"), 10) == {"available_fen": 50, "to_come_fen": "0"}


def test_the_example_offices_years_explain_what_each_fund_asks_for() -> None:
    office = Office(Path(__file__).parents[2])
    days = [date(2026, 7, 31), date(2026, 9, 30), AS_OF]
    proposals = [propose(office, YEAR, as_of=day) for day in days]

    for was, now in pairwise(proposals):
        found = compared(was, now)
        assert [one for one in found.totals if one.was_carry_over_fen != one.now_carry_over_fen]


# Any two proposals, made without an office.


def line(  # noqa: PLR0913 - all that decides on it, by name
    proposed_fen: int,
    available_fen: int,
    due_fen: int,
    *,
    rest: str,
    turned_fen: int | str = 0,
    name: str = "U:A",
) -> KeptLine:
    """Return a line whose carry-over is told as a proposal tells it."""
    inputs: dict[str, int | str] = {"turned_fen": turned_fen} if turned_fen else {}
    exact = Fraction(rest)
    to_come_fen = max(Fraction(0), exact - min(Fraction(turned_fen), Fraction(0)))
    left_fen = max(0, floor(available_fen - to_come_fen) - due_fen)
    steps = (
        KeptStep("annualisation", floor(exact), rest, "", "", inputs),
        KeptStep("rounding", proposed_fen - floor(exact), str(proposed_fen - exact), "", "", {}),
    )
    return KeptLine(
        fund="a",
        line=name,
        name_zh="",
        name_en="",
        decision="rigid",
        need_fen=proposed_fen,
        proposed_fen=proposed_fen,
        carry_over_fen=min(proposed_fen, left_fen),
        available_fen=available_fen,
        steps=steps,
    )


def whole(items: Sequence[KeptLine | KeptBlocked], reserve_fen: int) -> KeptProposal:
    lines = tuple(one for one in items if isinstance(one, KeptLine))
    need_fen = sum(one.proposed_fen for one in lines) + reserve_fen
    carried_fen = sum(one.carry_over_fen for one in lines)
    request_fen = max(0, need_fen - carried_fen)
    return KeptProposal(
        year=YEAR,
        as_of=AS_OF,
        months=10,
        lines=lines,
        blocked=tuple(one for one in items if isinstance(one, KeptBlocked)),
        funds=(KeptTotal("a", reserve_fen, need_fen, carried_fen, request_fen),) if items else (),
        provenance=KeptProvenance((), {}, {}),
    )


_fen = st.sampled_from([0, 1, 50, 100, 101])
_items = [
    st.none()
    | st.just(KeptBlocked("a", name, "", "", "FL541"))
    | st.builds(line, _fen, _fen, _fen, rest=st.sampled_from(["-1", "0", "1/3", "50"]),
                turned_fen=st.sampled_from([0, 1, "1", -1]), name=st.just(name))
    for name in ("U:A", "U:B")
]  # fmt: skip
_wholes = st.builds(
    lambda items, reserve_fen: whole(
        [one for one in items if one], reserve_fen if any(items) else 0
    ),
    st.tuples(*_items),
    _fen,
)


@given(was=_wholes, now=_wholes)
def test_whatever_moves_is_told_and_why(was: KeptProposal, now: KeptProposal) -> None:
    found = difference(was, now)

    assert_explained(found)
    for one in found.lines:
        if None not in {one.was_carry_over_fen, one.now_carry_over_fen}:
            moved = one.was_carry_over_fen != one.now_carry_over_fen
            assert bool(one.carry_over_inputs) is moved
    for language in ("zh", "en"):
        assert "?" not in "".join(difference_told(found, language))
