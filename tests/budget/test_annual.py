"""From what was paid to the comparable base, by what a line is: its heads, its rounds, its events.

The figures are worked by hand in the comments.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.budget.annual import UntoldError, known_steps, person_months
from fundledger.budget.annual import to_come_fen as to_come
from fundledger.budget.facts import Facts, Heads, LeftOut, Owed, Season, Standard
from fundledger.charter import load_budget_rules
from support.budgets import RULES

RULES_OF_BUDGET = load_budget_rules(RULES)
FEN = st.integers(min_value=0, max_value=10**12)


def months(year: int, *persons: int, each_fen: int = 1_000_00) -> tuple[Heads, ...]:
    """Return the months of a year that lists pay, from January on."""
    return tuple(
        Heads(f"{year}-{month:02d}", count, count * each_fen)
        for month, count in enumerate(persons, 1)
    )


def standards(first_fen: int, then_fen: int, last_fen: int) -> tuple[Standard, ...]:
    """Return a standard that changes on 1 July 2026, and is assumed to change on 1 July 2027."""
    fen = [first_fen] * 6 + [then_fen] * 12 + [last_fen] * 6
    names = [f"{year}-{month:02d}" for year in (2026, 2027) for month in range(1, 13)]
    return tuple(
        Standard(name, Fraction(own), assumed=at >= 18)
        for at, (name, own) in enumerate(zip(names, fen, strict=True))
    )


def steps(facts: Facts, pattern: str) -> dict[str, Fraction]:
    return {one.name: one.amount_fen for one in known_steps(facts, pattern, RULES_OF_BUDGET)}


def test_a_monthly_line_takes_the_recent_heads_at_the_last_average_grant() -> None:
    """Ten months of 1,000 a head; the last three have 10, 11 and 12 people, 11 on average.

    PM = 9 * 7 + 10 + 11 + 12 + 2 * 11 = 118; the rest is 2 * 11 * 1,000 = 22,000.
    Headcount: (96,000 + 22,000) * (12 * 11 / 118 - 1) = 118,000 * 14 / 118 = 14,000.
    """
    heads = months(2026, *[9] * 7, 10, 11, 12)
    facts = Facts(2026, 10, "journal", 96_000_00, heads=heads)

    assert person_months(facts, RULES_OF_BUDGET) == 118
    assert steps(facts, "monthly") == {
        "actual": 96_000_00,
        "annualisation": 22_000_00,
        "headcount": 14_000_00,
    }


def test_a_rate_that_rises_in_july_counts_for_the_months_that_had_it() -> None:
    """Ten people all along, 1,500 until June, 1,600 from July on, 1,680 from July 2027 on.

    The year before cost on average (6 * 1,500 + 6 * 1,600) / 12 = 1,550 a head and month; the next
    one (6 * 1,600 + 6 * 1,680) / 12 = 1,640.  120 person-months * 90 = 10,800; as many people as
    before, so that the headcount changes nothing.
    """
    heads = months(2026, *[10] * 10)
    facts = Facts(
        2026, 10, "journal", 100_000_00, heads=heads, standards=standards(1500_00, 1600_00, 1680_00)
    )

    found = steps(facts, "monthly")
    assert found["standard"] == 10_800_00
    assert found["headcount"] == 0
    (step,) = [
        one for one in known_steps(facts, "monthly", RULES_OF_BUDGET) if one.name == "standard"
    ]
    assert dict(step.inputs) == {
        "person_months": "120",
        "standard_before_fen": "155000",
        "standard_fen": "164000",
        "assumed_from": "2027-07",
    }
    assert step.source == "rules/rates.toml, rules/budget.toml"


def test_the_standard_before_is_weighted_by_the_months_that_had_people() -> None:
    """Nobody until June, ten from July on: all of them at 1,600, (6 * 1,600 + 6 * 1,600) / 12."""
    heads = tuple(one for one in months(2026, *[0] * 6, 10, 10, 10, 10) if one.persons)
    facts = Facts(
        2026, 10, "journal", 40_000_00, heads=heads, standards=standards(1500_00, 1600_00, 1600_00)
    )

    assert steps(facts, "monthly")["standard"] == 0


def test_a_month_without_a_list_has_nobody() -> None:
    heads = tuple(one for one in months(2026, *[3] * 10) if one.month != "2026-09")
    facts = Facts(2026, 10, "journal", 27_000_00, heads=heads)

    assert person_months(facts, RULES_OF_BUDGET) == 27 + 2 * 2


def test_without_lists_the_last_months_stand_for_the_rest() -> None:
    """(3,000 + 3,300 + 3,600) / 3 = 3,300, twice."""
    recent = (*[2_000_00] * 7, 3_000_00, 3_300_00, 3_600_00)
    facts = Facts(2026, 10, "journal", 23_900_00, recent_fen=recent)

    assert steps(facts, "monthly") == {"actual": 23_900_00, "annualisation": 6_600_00}


def test_one_offs_and_arrears_of_the_year_before_leave_and_arrears_due_come_in() -> None:
    facts = Facts(
        2026,
        12,
        "journal",
        100_000_00,
        one_off_fen=5_000_00,
        before=Owed(2_000_00),
        encumbered_fen=3_000_00,
    )

    assert steps(facts, "monthly") == {
        "actual": 100_000_00,
        "one-offs": -5_000_00,
        "arrears-paid": -2_000_00,
        "arrears-due": 3_000_00,
        "annualisation": 0,
    }


def test_what_is_due_for_one_offs_comes_in_nowhere() -> None:
    left_out = LeftOut(("2026-03-0007",), due_fen=1_000_00)
    facts = Facts(2026, 12, "journal", 9_000_00, encumbered_fen=3_000_00, left_out=left_out)
    step = known_steps(facts, "monthly", RULES_OF_BUDGET)[1]

    assert (step.name, int(step.amount_fen)) == ("arrears-due", 2_000_00)
    assert step.inputs == (("encumbered_fen", 3_000_00), ("one_offs_due_fen", 1_000_00))


def test_what_was_owed_before_for_one_offs_leaves_with_them() -> None:
    left_out = LeftOut(("2026-03-0007",), opening_fen=500_00)
    facts = Facts(2026, 12, "j", 9_000_00, before=Owed(2_000_00), left_out=left_out)
    step = known_steps(facts, "monthly", RULES_OF_BUDGET)[1]

    assert (step.name, int(step.amount_fen)) == ("arrears-paid", -1_500_00)
    assert step.inputs == (("opening_fen", 2_000_00), ("one_offs_due_fen", 500_00))


@pytest.mark.parametrize("last_month", [0, 5, 6])
@pytest.mark.parametrize("pattern", ["monthly", "seasonal", "event"])
def test_a_line_that_has_ended_takes_nothing_more(pattern: str, last_month: int) -> None:
    facts = Facts(2026, 6, "j", 60_00, recent_fen=(10_00,) * 24, last_month=last_month)
    *_, rest = known_steps(facts, pattern, RULES_OF_BUDGET)

    assert (int(rest.amount_fen), rest.rule) == (0, "ended")


@pytest.mark.parametrize("pattern", ["monthly", "event"])
def test_a_line_that_ends_in_the_year_takes_its_last_months(pattern: str) -> None:
    facts = Facts(2026, 6, "j", 60_00, recent_fen=(10_00,) * 24, last_month=8)

    assert steps(facts, pattern)["annualisation"] == 20_00


def test_what_came_back_of_years_before_is_owed_again_and_what_was_released_is_not() -> None:
    before = Owed(2_000_00, came_back_fen=300_00, released_fen=500_00)
    facts = Facts(2026, 12, "journal", 100_000_00, before=before)
    (step,) = (
        one for one in known_steps(facts, "monthly", RULES_OF_BUDGET) if one.rule == "-R_open"
    )

    assert step.amount_fen == -1_800_00
    assert step.inputs == (
        ("opening_fen", 2_000_00),
        ("came_back_fen", 300_00),
        ("released_fen", 500_00),
    )


def test_a_round_is_told_from_what_earlier_ones_had_taken_by_then() -> None:
    """80 % and 70 % of equal rounds had accrued by October: 30,000 / 0.75 = 40,000."""
    rounds = (Season("2025", 8_000_00, 10_000_00), Season("2024", 7_000_00, 10_000_00))
    facts = Facts(2026, 10, "journal", 30_000_00, seasons=rounds)

    assert steps(facts, "seasonal") == {"actual": 30_000_00, "annualisation": 10_000_00}


def test_a_round_over_the_turn_of_the_year_is_told_whole() -> None:
    """30,000 were paid this year and 10,000 before it: 40,000 / 0.8 = 50,000, so 20,000 more."""
    rounds = (Season("2025", 8_000_00, 10_000_00),)
    facts = Facts(2026, 3, "journal", 30_000_00, seasons=rounds, turned_fen=10_000_00)

    assert steps(facts, "seasonal") == {"actual": 30_000_00, "annualisation": 20_000_00}
    (_, rest) = known_steps(facts, "seasonal", RULES_OF_BUDGET)
    assert rest.rule == "(A1 + V) / s(m) - A1"
    assert dict(rest.inputs)["turned_fen"] == 10_000_00


def test_once_a_round_is_over_it_is_what_it_was_without_the_next() -> None:
    """Of the 30,000 paid by November 12,000 are for the next round; 10,000 were paid before."""
    facts = Facts(2026, 11, "journal", 30_000_00, turned_fen=-2_000_00, round_over=True)

    assert steps(facts, "seasonal") == {"actual": 30_000_00, "annualisation": -2_000_00}


@pytest.mark.parametrize("pattern", ["monthly", "seasonal", "event"])
def test_a_line_that_has_not_begun_is_told_by_its_need_alone(pattern: str) -> None:
    facts = Facts(2026, 10, "journal", 0, begun=False, turned_fen=None)

    assert steps(facts, pattern) == {"actual": 0, "annualisation": 0}


@pytest.mark.parametrize(
    ("turned_fen", "months", "over", "to_come_fen"),
    [
        pytest.param(10_000_00, 3, False, 20_000_00, id="10,000 of it, and of the next as much"),
        pytest.param(10_000_00, 10, True, 10_000_00, id="over: the next takes as much before 2027"),
        pytest.param(-2_000_00, 11, True, 0, id="over, and the next took 2,000 more already"),
        pytest.param(10_000_00, 12, True, 0, id="the year is over"),
    ],
)
def test_what_a_round_took_before_the_year_is_to_come_again_for_the_next(
    turned_fen: int, months: int, to_come_fen: int, *, over: bool
) -> None:
    """30,000 were paid in the year: 50,000 in all where 80 % had been taken by then."""
    rounds = (Season("2025", 8_000_00, 10_000_00),)
    facts = Facts(
        2026, months, "j", 30_000_00, seasons=rounds, turned_fen=turned_fen, round_over=over
    )
    rest = known_steps(facts, "seasonal", RULES_OF_BUDGET)[-1]

    assert to_come(rest, months) == to_come_fen


def test_of_a_round_that_began_before_the_books_nothing_is_told() -> None:
    rounds = (Season("2025", 8_000_00, 10_000_00),)
    for months, over in ((3, False), (11, True), (12, True)):
        facts = Facts(
            2026, months, "j", 30_000_00, seasons=rounds, turned_fen=None, round_over=over
        )
        with pytest.raises(UntoldError) as caught:
            steps(facts, "seasonal")
        assert caught.value.code == "FL584"


@pytest.mark.parametrize(
    "rounds", [(), (Season("2025", 1_999_99, 10_000_00),), (Season("2025", 0, 0),)]
)
def test_too_little_of_a_round_tells_nothing(rounds: tuple[Season, ...]) -> None:
    facts = Facts(2026, 10, "journal", 30_000_00, seasons=rounds)

    with pytest.raises(UntoldError) as caught:
        steps(facts, "seasonal")
    assert caught.value.code == "FL554"


def test_a_fifth_of_a_round_is_enough_and_a_whole_year_needs_none() -> None:
    facts = Facts(2026, 10, "journal", 2_00, seasons=(Season("2025", 2_000_00, 10_000_00),))
    assert steps(facts, "seasonal")["annualisation"] == 8_00
    assert steps(Facts(2026, 12, "journal", 2_00), "seasonal")["annualisation"] == 0


def test_events_are_told_from_two_years_and_from_one_at_least() -> None:
    """24 months of 100 and 200 by turns: the mean is 150, twice; older ones do not count."""
    recent = (999_00, *[100_00, 200_00] * 12)
    facts = Facts(2026, 10, "journal", 1_500_00, recent_fen=recent)
    assert steps(facts, "event") == {"actual": 1_500_00, "annualisation": 300_00}

    for count, told in ((12, True), (11, False)):
        few = Facts(2026, 10, "journal", 1_500_00, recent_fen=(150_00,) * count)
        if told:
            assert steps(few, "event")["annualisation"] == 300_00
        else:
            with pytest.raises(UntoldError, match="FL555"):
                steps(few, "event")


@pytest.mark.parametrize("pattern", ["monthly", "seasonal", "event"])
def test_what_somebody_says_of_the_rest_stands_with_its_source(pattern: str) -> None:
    facts = Facts(2026, 10, "journal", 5_00, rest_fen=7_00, rest_source="例信〔2026〕9号")

    *_, last = known_steps(facts, pattern, RULES_OF_BUDGET)
    assert (last.name, last.source) == ("annualisation", "例信〔2026〕9号")
    assert last.amount_fen == 7_00


@given(
    actual_fen=FEN,
    more_fen=st.integers(min_value=1, max_value=10**6),
    persons=st.lists(st.integers(min_value=1, max_value=500), min_size=10, max_size=10),
)
def test_one_more_fen_paid_moves_the_actual_and_its_share_of_the_headcount_alone(
    actual_fen: int, more_fen: int, persons: list[int]
) -> None:
    heads = months(2026, *persons)
    before, after = (
        steps(Facts(2026, 10, "journal", fen, heads=heads), "monthly")
        for fen in (actual_fen, actual_fen + more_fen)
    )

    moved = {name: after[name] - before[name] for name in before}
    total = person_months(Facts(2026, 10, "journal", 0, heads=heads), RULES_OF_BUDGET)
    recent = Fraction(sum(persons[-3:]), 3)
    assert moved == {
        "actual": more_fen,
        "annualisation": 0,
        "headcount": more_fen * (12 * recent / total - 1),
    }


@given(scale=st.integers(min_value=1, max_value=50), persons=st.integers(1, 400), fen=FEN)
def test_as_many_people_all_along_need_as_much_again(scale: int, persons: int, fen: int) -> None:
    """However many there are: twelve months at the same grant, and no effect of the headcount."""
    heads = months(2026, *[persons * scale] * 10, each_fen=fen)
    paid_fen = sum(one.amount_fen for one in heads)
    found = steps(Facts(2026, 10, "journal", paid_fen, heads=heads), "monthly")

    assert sum(found.values()) == 12 * persons * scale * fen
    assert found["headcount"] == 0
