"""Watching a budget: how far it is used, how far it should be, how the year ends, what is told.

The figures are worked by hand in the docstrings.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.budget import FundStatus, LineStatus, OfficeStatus, Outlook, Used, budget_status
from fundledger.budget.annual import UntoldError, known_steps
from fundledger.budget.facts import Facts, Season
from fundledger.budget.spending import Spent
from fundledger.budget.watch.forecast import outlook
from fundledger.budget.watch.pace import (
    months_passed,
    share_after,
    shares_of_earlier_years,
    span_after,
    time_progress,
)
from fundledger.budget.watch.plain import fund_json, office_json
from fundledger.budget.watch.warn import in_points, warnings_of
from fundledger.charter import load_budget_rules
from fundledger.ledger import drafts
from fundledger.office import Office
from support.budgets import RULES, funded, office_at, paid, voucher

RULES_OF_BUDGET = load_budget_rules(RULES)
MARKS = RULES_OF_BUDGET.marks
FUND = "low-income"
ILLNESS = ("CASC", "MajorIllness")
LOW_INCOME = ("CASC", "LowIncome")
JOBLESS = ("CASC", "UnempHardship")


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (date(2025, 12, 31), Fraction(0)),
        (date(2026, 1, 31), Fraction(25, 300)),
        (date(2026, 3, 31), Fraction(25, 100)),
        (date(2026, 4, 15), Fraction(25, 100) + Fraction(25, 100) * Fraction(1, 2) / 3),
        (date(2026, 10, 31), Fraction(835, 1000)),
        (date(2026, 11, 30), Fraction(92, 100)),
        (date(2026, 12, 31), Fraction(95, 100)),
        (date(2027, 1, 1), Fraction(95, 100)),
    ],
)
def test_between_the_marks_the_time_progress_rises_evenly(day: date, share: Fraction) -> None:
    """By the end of October: 75 % in September, 92 % in November, so 83.5 %."""
    assert time_progress(MARKS, months_passed(2026, day)) == share


@given(st.dates(date(2026, 1, 1), date(2026, 12, 30)))
def test_no_day_is_due_less_than_the_day_before(day: date) -> None:
    after = day + timedelta(days=1)

    assert months_passed(2026, day) < months_passed(2026, after)
    assert time_progress(MARKS, months_passed(2026, day)) <= time_progress(
        MARKS, months_passed(2026, after)
    )


def test_earlier_years_are_told_by_month_and_only_where_they_are_whole() -> None:
    """In 2024 60 of 100 were spent in January and 40 in March, in 2025 all 100 in February."""
    spent = {
        "2024-01": Spent(60, 0),
        "2024-03": Spent(40, 0),
        "2025-02": Spent(150, 50),
        "2026-01": Spent(70, 0),
    }

    shares = shares_of_earlier_years(spent, "2024-01", 2026)
    assert shares is not None
    assert shares[:4] == [0, Fraction(60, 200), Fraction(160, 200), 1]
    assert share_after(shares, months_passed(2026, date(2026, 2, 14))) == Fraction(110, 200)
    assert span_after(shares, months_passed(2026, date(2026, 2, 14))) == (
        Fraction(60, 200),
        Fraction(160, 200),
    )
    assert shares_of_earlier_years(spent, "2024-02", 2026) == [Fraction(0)] * 2 + [Fraction(1)] * 11
    assert shares_of_earlier_years(spent, "2025-02", 2026) is None
    assert shares_of_earlier_years({"2025-02": Spent(50, 50)}, "2025-01", 2026) is None


def seen(  # noqa: PLR0913 - what a forecast rests on
    facts: Facts,
    pattern: str,
    then: Used,
    now: Used,
    day: date,
    *,
    shares: Sequence[Fraction] | None = None,
) -> Outlook:
    """Return the outlook of a line that stood so at the cut-off and stands so on the day."""
    return outlook(facts, pattern, RULES_OF_BUDGET, then=then, now=now, day=day, shares=shares)


def test_a_monthly_line_runs_dry_on_the_day_that_its_pace_says() -> None:
    """Ten months of 100 are paid; two of 100 are to come, and 140 are left.

    November takes 100 of them; the other 40 last for 12.4 of December's 31 days at 100 / 31 a day:
    on the 13th they do not suffice.
    """
    facts = Facts(2026, 10, "journal", 1000, recent_fen=(100, 100, 100))
    used = Used(approved_fen=1140, available_fen=90, unallotted_fen=50, expended_fen=1000)

    found = seen(facts, "monthly", used, used, date(2026, 10, 31))
    assert found.forecast_fen == 1200
    assert found.to_come == (("2026-11", Fraction(100)), ("2026-12", Fraction(100)))
    assert found.dry_on == date(2026, 12, 13)


def test_what_the_running_month_has_taken_already_is_not_expected_again() -> None:
    """On 10 November 60 of the month's 100 are paid or encumbered; 40 and then 100 are to come.

    Of 130 the 40 of November are taken first, and 90 last until 28 December (27.9 days).
    """
    facts = Facts(2026, 10, "journal", 1000, recent_fen=(100, 100, 100))
    then = Used(approved_fen=1200, available_fen=200, expended_fen=1000)
    now = Used(approved_fen=1190, available_fen=130, expended_fen=1040, encumbered_fen=20)

    found = seen(facts, "monthly", then, now, date(2026, 11, 10))
    assert found.to_come == (("2026-11", Fraction(40)), ("2026-12", Fraction(100)))
    assert found.forecast_fen == 1200
    assert found.dry_on == date(2026, 12, 28)


def test_what_is_encumbered_at_the_cut_off_is_paid_besides() -> None:
    """Encumbered money left the available budget: it is forecast, and needs nothing more."""
    facts = Facts(2026, 11, "journal", 1000, encumbered_fen=30, recent_fen=(100,) * 3)
    used = Used(approved_fen=1130, available_fen=100, expended_fen=1000, encumbered_fen=30)

    found = seen(facts, "monthly", used, used, date(2026, 11, 30))
    assert found.forecast_fen == 1130
    assert found.dry_on is None


def test_a_line_may_run_dry_in_the_running_month() -> None:
    """On 10 November 60 of 100 are paid, 30 are left: at 40 in 20 days they last 15 days more."""
    facts = Facts(2026, 10, "journal", 1000, recent_fen=(100, 100, 100))
    then = Used(approved_fen=1090, available_fen=90, expended_fen=1000)
    now = Used(approved_fen=1090, available_fen=30, expended_fen=1060)

    assert seen(facts, "monthly", then, now, date(2026, 11, 10)).dry_on == date(2026, 11, 26)


def test_what_came_back_or_was_paid_in_the_running_month_changes_no_month_to_come() -> None:
    """Of November's 100 come 20 back: 100 are expected still.  Are 500 paid, it is never less."""
    facts = Facts(2026, 10, "journal", 1000, recent_fen=(100, 100, 100))
    then = Used(approved_fen=2000, available_fen=1000, expended_fen=1000)
    back = Used(approved_fen=2000, available_fen=1020, expended_fen=980)
    more = Used(approved_fen=2000, available_fen=500, expended_fen=1500)
    day = date(2026, 11, 10)

    every = (("2026-11", Fraction(100)), ("2026-12", Fraction(100)))
    assert seen(facts, "monthly", then, back, day).to_come == every
    paid_ahead = seen(facts, "monthly", then, more, day)
    assert paid_ahead.to_come == (("2026-11", Fraction(0)), ("2026-12", Fraction(100)))
    assert paid_ahead.forecast_fen == 1500


def test_what_is_encumbered_when_the_year_ends_is_carried_and_not_spent() -> None:
    facts = Facts(2026, 12, "journal", 1000, recent_fen=(100,) * 3)
    used = Used(approved_fen=1130, available_fen=100, expended_fen=1000, encumbered_fen=30)

    assert seen(facts, "monthly", used, used, date(2026, 12, 31)).forecast_fen == 1000


def test_a_monthly_line_is_spread_evenly_whatever_earlier_years_were() -> None:
    shares = [Fraction(0)] * 12 + [Fraction(1)]
    facts = Facts(2026, 10, "journal", 1000, recent_fen=(100, 100, 100))
    used = Used(approved_fen=1150, available_fen=150, expended_fen=1000)

    found = seen(facts, "monthly", used, used, date(2026, 10, 31), shares=shares)
    assert found.to_come == (("2026-11", Fraction(100)), ("2026-12", Fraction(100)))


def test_a_seasonal_line_is_spread_as_earlier_years_were() -> None:
    """In earlier years 40 % were spent by June, all the rest in November: 300 more after 200.

    With 299 left it lasts until the last day of November and not over it.
    """
    shares = [Fraction(0)] * 6 + [Fraction(2, 5)] * 5 + [Fraction(1)] * 2
    facts = Facts(2026, 6, "journal", 200, seasons=(Season("2025", 40, 100),))
    used = Used(approved_fen=499, available_fen=299, expended_fen=200)

    found = seen(facts, "seasonal", used, used, date(2026, 6, 30), shares=shares)
    assert found.forecast_fen == 500
    assert dict(found.to_come) == {
        f"2026-{month:02d}": 300 if month == 11 else 0 for month in range(7, 13)
    }
    assert found.dry_on == date(2026, 11, 30)


@pytest.mark.parametrize("pattern", ["seasonal", "event"])
def test_what_the_pattern_does_not_tell_is_not_guessed(pattern: str) -> None:
    with pytest.raises(UntoldError):
        seen(Facts(2026, 6, "journal", 200), pattern, Used(), Used(), date(2026, 6, 30))


def test_a_line_is_dry_at_once_where_more_is_spent_than_there_was() -> None:
    facts = Facts(2026, 12, "journal", 200)
    used = Used(approved_fen=100, available_fen=-1)

    assert seen(facts, "monthly", used, used, date(2026, 12, 31)).dry_on == date(2026, 12, 31)


@given(
    st.integers(1, 11),
    st.lists(st.integers(0, 10**9), min_size=3, max_size=3),
    st.integers(0, 10**10),
)
def test_a_line_runs_dry_where_and_only_where_the_year_takes_more(
    months: int, recent: list[int], left_fen: int
) -> None:
    """The rest is the proposal's own, spread whole; one fen more never brings the day nearer."""
    facts = Facts(2026, months, "journal", 500, recent_fen=tuple(recent))
    used = Used(approved_fen=500 + left_fen, available_fen=left_fen, expended_fen=500)
    more = Used(approved_fen=501 + left_fen, available_fen=left_fen + 1, expended_fen=500)
    day = date(2026, months + 1, 1) - timedelta(days=1)

    found = seen(facts, "monthly", used, used, day)
    (rest,) = (
        step.amount_fen
        for step in known_steps(facts, "monthly", RULES_OF_BUDGET)
        if step.name == "annualisation"
    )
    assert sum(fen for _, fen in found.to_come) == rest
    assert found.forecast_fen == 500 + rest
    assert (found.dry_on is not None) is (rest > left_fen)
    later = seen(facts, "monthly", more, more, day).dry_on
    if found.dry_on is not None:
        assert day < found.dry_on <= (later or date(2026, 12, 31))


def watched(office: Office, day: date, funds: Sequence[str] = (FUND,)) -> OfficeStatus:
    return budget_status(office, funds, 2026, day)


def told(status: OfficeStatus) -> list[tuple[str, str, int | None]]:
    """Return what is found; every sentence is whole in both languages."""
    for finding in status.findings:
        for language in ("zh", "en"):
            assert "?" not in finding.sentence(language) + finding.remedy(language)
    return [
        (one.code, one.subject, one.amount_fen) for one in status.findings if one.code != "FL547"
    ]


def spent(office: Office, line: drafts.Line, months: Sequence[int], each_fen: int) -> None:
    paid(office, FUND, line, [(date(2026, month, 10), each_fen) for month in months])


def line_of(status: OfficeStatus, category: str) -> LineStatus:
    (fund,) = status.funds
    return next(line for line in fund.lines if line.place.key.category == category)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_at(tmp_path)


def test_an_entitlement_that_runs_dry_is_an_error_another_line_a_warning(office: Office) -> None:
    """Six months of 1,000 of 9,000: 3,000 are left for six more, and last until September ends.

    So on 1 October a fen more is needed than there is; 3,000 are lacking by the end of the year.
    """
    for line in (LOW_INCOME, JOBLESS):
        funded(office, FUND, line, 9_000_00)
        spent(office, line, range(1, 7), 1_000_00)

    status = watched(office, date(2026, 6, 30))
    assert told(status) == [
        ("FL588", "CASC:LowIncome", 3_000_00),
        ("FL587", "CASC:UnempHardship", 3_000_00),
    ]
    assert {line.outlook.dry_on for line in status.funds[0].lines} == {date(2026, 10, 1)}
    assert status.funds[0].dry_on == date(2026, 10, 1)
    assert status.funds[0].forecast_fen == status.forecast_fen == 24_000_00


def test_a_line_behind_or_ahead_of_the_time_progress_is_told_beyond_the_limit(
    office: Office,
) -> None:
    """In June half is due: 40 % are just ten points behind, a fen less is told; 60 % are the same.

    All is paid in January and February, so that the last months take nothing and no line runs dry.
    """
    for line, fen in ((LOW_INCOME, 400_00), (ILLNESS, 399_99), (JOBLESS, 600_00)):
        funded(office, FUND, line, 1_000_00)
        spent(office, line, [1], fen)
    assert told(watched(office, date(2026, 6, 30))) == [("FL585", "CASC:MajorIllness", None)]

    spent(office, JOBLESS, [2], 1)
    assert told(watched(office, date(2026, 6, 30))) == [
        ("FL585", "CASC:MajorIllness", None),
        ("FL586", "CASC:UnempHardship", None),
    ]
    found = watched(office, date(2026, 6, 30)).findings
    (first,) = (finding for finding in found if finding.code == "FL585")
    assert "慢 10.0 个百分点" in first.sentence("zh")
    assert "the time progress is 50.0%" in first.sentence("en")


def test_late_in_the_year_what_will_be_left_is_told(office: Office) -> None:
    """80 a month of 1,000 until October: 960 by the end of the year, 40 left; of 70, 160 left.

    That is told from October on, and then not that the line is behind.
    """
    for line, fen in ((LOW_INCOME, 80_00), (ILLNESS, 70_00)):
        funded(office, FUND, line, 1_000_00)
        spent(office, line, range(1, 11), fen)

    assert told(watched(office, date(2026, 10, 31))) == [("FL589", "CASC:MajorIllness", 160_00)]
    assert "FL589" not in {code for code, _, _ in told(watched(office, date(2026, 9, 30)))}


def test_more_spent_than_budgeted_is_told_before_anything_else(office: Office) -> None:
    """80 were spent of what is 70 now: no act may come to that, but a journal may say it."""
    funded(office, FUND, LOW_INCOME, 100_00)
    spent(office, LOW_INCOME, [1, 2], 40_00)
    line = LineStatus(
        place=line_of(watched(office, date(2026, 2, 28)), "LowIncome").place,
        used=Used(approved_fen=70_00, available_fen=-10_00, expended_fen=80_00),
        progress=Fraction(1, 6),
        own=None,
        own_range=None,
        outlook=Outlook(dry_on=date(2026, 2, 28)),
    )

    (finding,) = warnings_of(line, date(2026, 2, 28), RULES_OF_BUDGET)
    assert (finding.code, finding.amount_fen) == ("FL590", 10_00)


def test_what_was_given_back_is_not_left_and_just_the_limit_is_not_told(office: Office) -> None:
    """Of 1,000 in October 900 are forecast: 100 are left, just a tenth; of 899.99 a fen more.

    Where 50 of it were surrendered, 50.01 are left.
    """
    funded(office, FUND, LOW_INCOME, 100_00)
    place = line_of(watched(office, date(2026, 2, 28)), "LowIncome").place

    def codes(forecast_fen: int, given_back_fen: int) -> list[tuple[str, int | None]]:
        line = LineStatus(
            place=place,
            used=Used(approved_fen=1_000_00, expended_fen=835_00, given_back_fen=given_back_fen),
            progress=Fraction(835, 1000),
            own=None,
            own_range=None,
            outlook=Outlook(forecast_fen=Fraction(forecast_fen)),
        )
        found = warnings_of(line, date(2026, 10, 31), RULES_OF_BUDGET)
        return [(finding.code, finding.amount_fen) for finding in found]

    assert codes(900_00, 0) == []
    assert codes(899_99, 0) == [("FL589", 100_01)]
    assert codes(899_99, 50_00) == []


def test_the_forecast_goes_by_the_whole_months_before_the_day(office: Office) -> None:
    """In 2026 half was paid in January and half in November.  In 2027 500 in January: 1,000.

    What is paid in February before its end is no part of what a round had taken by January.
    """
    path = office.root / "rules" / "budget.toml"
    rules = path.read_text(encoding="utf-8")
    path.write_text(rules.replace('pattern = "monthly"', 'pattern = "seasonal"'), encoding="utf-8")
    funded(office, FUND, ILLNESS, 1_000_00)
    spent(office, ILLNESS, [1, 11], 500_00)
    funded(office, FUND, ILLNESS, 1_000_00, year=2027)
    paid(office, FUND, ILLNESS, [(date(2027, 1, 10), 500_00), (date(2027, 2, 10), 50_00)])

    status = budget_status(office, (FUND,), 2027, date(2027, 2, 15))
    found = line_of(status, "MajorIllness").outlook
    assert found.forecast_fen == 1_000_00
    assert dict(found.to_come)["2027-11"] == 500_00
    assert found.dry_on is not None  # 450 are left of 500 that November takes


def test_a_line_is_held_against_its_own_earlier_years_where_there_are_any(office: Office) -> None:
    """In 2026 all was paid in January; in 2027 too, so that 100 % in February is no haste.

    The other line was paid in June, and is not behind in February with nothing; in January any
    share between nothing and all is in pace with the first.
    """
    for line, month in ((LOW_INCOME, 1), (ILLNESS, 6)):
        funded(office, FUND, line, 1_000_00)
        spent(office, line, [month], 1_000_00)
    for line in (LOW_INCOME, ILLNESS):
        funded(office, FUND, line, 1_000_00, year=2027)
    paid(office, FUND, LOW_INCOME, [(date(2027, 1, 10), 990_00)])

    status = budget_status(office, (FUND,), 2027, date(2027, 2, 28))
    assert line_of(status, "LowIncome").own == 1
    assert line_of(status, "MajorIllness").own == 0
    assert line_of(status, "LowIncome").own_deviation == Fraction(-1, 100)
    assert [code for code, _, _ in told(status) if code in {"FL585", "FL586"}] == []
    january = budget_status(office, (FUND,), 2027, date(2027, 1, 12))
    assert line_of(january, "LowIncome").own_range == (Fraction(0), Fraction(1))
    assert [code for code, _, _ in told(january) if code in {"FL585", "FL586"}] == []


def test_what_cannot_be_told_says_why(office: Office) -> None:
    """Before a month has passed, for a day that lies ahead, and where the pattern does not tell."""
    funded(office, FUND, LOW_INCOME, 1_000_00)
    spent(office, LOW_INCOME, [1], 100_00)

    def why(day: date) -> str:
        found = line_of(watched(office, day), "LowIncome").outlook
        assert (found.forecast_fen, found.dry_on) == (None, None)
        assert found.untold is not None
        assert "?" not in found.untold.sentence("zh") + found.untold.sentence("en")
        return found.untold.code

    assert why(date(2026, 1, 30)) == "FL591"
    assert why(date(2027, 3, 2)) == "FL592"
    path = office.root / "rules" / "budget.toml"
    rules = path.read_text(encoding="utf-8")
    for pattern, code in (("seasonal", "FL554"), ("event", "FL555")):
        of_pattern = rules.replace('pattern = "monthly"', f'pattern = "{pattern}"')
        path.write_text(of_pattern, encoding="utf-8")
        assert why(date(2026, 6, 30)) == code
    status = watched(office, date(2026, 6, 30))
    assert status.funds[0].forecast_fen is None
    assert status.forecast_fen is None


def test_of_a_year_that_is_over_nothing_is_warned_of(office: Office) -> None:
    funded(office, FUND, LOW_INCOME, 1_000_00)
    spent(office, LOW_INCOME, [1], 100_00)

    status = budget_status(office, (FUND,), 2026, date(2027, 2, 1))
    assert told(status) == []
    assert line_of(status, "LowIncome").outlook.forecast_fen == 100_00


def test_the_adjusted_budget_counts_what_was_added_taken_and_moved(office: Office) -> None:
    """1,000, 200 more, 50 less, 300 moved to the other line, that had 100."""
    for line, fen in ((LOW_INCOME, 1_000_00), (ILLNESS, 100_00)):
        funded(office, FUND, line, fen)
    on = date(2026, 2, 2)
    office.fund(FUND).record(
        (
            voucher(drafts.adoption(2026, LOW_INCOME, 200_00), on, "supplement"),
            voucher(drafts.reduction(2026, LOW_INCOME, 50_00), on, "reduction"),
            voucher(drafts.virement(2026, LOW_INCOME, ILLNESS, 300_00), on, "virement"),
        )
    )

    status = watched(office, date(2026, 2, 28))
    assert line_of(status, "LowIncome").used == Used(
        approved_fen=850_00, unallotted_fen=150_00, available_fen=700_00
    )
    assert line_of(status, "MajorIllness").used.adjusted_fen == 400_00
    assert status.used.adjusted_fen == 1_250_00


def test_all_funds_are_told_each_in_a_row_with_their_sums(office: Office) -> None:
    funded(office, FUND, LOW_INCOME, 1_000_00)
    funded(office, "dibao", ("CASC", "Dibao"), 500_00)

    status = watched(office, date(2026, 3, 31), office.fund_ids)
    plain = office_json(status)
    assert [fund["fund"] for fund in plain["funds"]] == list(office.fund_ids)
    assert plain["total"]["adjusted_fen"] == 1_500_00
    assert plain["total"]["adjusted_fen"] == sum(fund["adjusted_fen"] for fund in plain["funds"])
    assert plain["progress_basis_points"] == 2500
    empty = next(fund for fund in status.funds if fund.fund == "union")
    assert (empty.lines, empty.used.rate, empty.deviation, empty.dry_on) == ((), None, None, None)
    of_one = fund_json(watched(office, date(2026, 3, 31)))
    assert [line["line"] for line in of_one["lines"]] == ["CASC:LowIncome"]
    assert of_one["lines"][0]["rest"]["rule"] == "(12 - m) * F3"
    assert isinstance(status.funds[0], FundStatus)


def test_rules_from_before_the_warnings_go_by_the_usual_limits(office: Office) -> None:
    path = office.root / "rules" / "budget.toml"
    parts = path.read_text(encoding="utf-8").split("\n\n")
    path.write_text("\n\n".join(one for one in parts if "[watch_" not in one), encoding="utf-8")

    old = load_budget_rules(office.root / "rules")
    for name in type(old).model_fields:
        if name.startswith("watch_"):
            assert getattr(old, name) == getattr(RULES_OF_BUDGET, name)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (Fraction(1, 8), "12.5"),
        (Fraction(-1, 2000), "-0.1"),
        (Fraction(-1, 2001), "0.0"),
        (Fraction(0), "0.0"),
        (Fraction(1), "100.0"),
    ],
)
def test_points_are_told_to_one_decimal(share: Fraction, said: str) -> None:
    assert in_points(share) == said
