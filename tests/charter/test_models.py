"""What the values of a charter are, and that a journal can keep them."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from fundledger import charter as charter_names
from fundledger.charter import Charter, Dated, FundCharter, Purpose, Rate, load_charter
from fundledger.errors import NotFound

RULES = Path(__file__).resolve().parents[2] / "rules"

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
periods = st.tuples(days, st.none() | st.integers(0, 2000)).map(
    lambda drawn: Dated(
        from_date=drawn[0],
        until=None if drawn[1] is None else drawn[0] + timedelta(days=drawn[1]),
    )
)


@pytest.fixture(scope="module")
def charter() -> Charter:
    return load_charter(RULES)


@pytest.mark.parametrize("fund_id", [fund.id for fund in load_charter(RULES).funds])
def test_a_fund_charter_comes_back_from_a_journal_as_it_went_in(
    charter: Charter, fund_id: str
) -> None:
    kept = charter.fund_charter(fund_id)
    line = json.dumps(kept.model_dump(mode="json", by_alias=True), ensure_ascii=False)
    back = FundCharter.model_validate(json.loads(line))

    assert back == kept
    assert json.dumps(back.model_dump(mode="json", by_alias=True), ensure_ascii=False) == line


def test_a_journal_keeps_money_as_whole_fen_and_days_as_text(charter: Charter) -> None:
    line = charter.fund_charter("dibao").model_dump(mode="json", by_alias=True)

    assert line["controls"]["approval_threshold_fen"] == 50_000_00
    assert line["fund"]["purposes"] == [
        {"from": "2025-01-01", "until": None, "unit": "CASC", "category": "Dibao"}
    ]


def test_a_fund_charter_holds_its_own_units_and_the_name_of_every_other_fund(
    charter: Charter,
) -> None:
    emergency = charter.fund_charter("emergency")

    assert [unit.slug for unit in emergency.units] == ["CSO"]
    assert {category.unit for category in emergency.categories} == {"CSO", "Joint"}
    assert {"Emergency", "Vagrant"} <= {category.slug for category in emergency.categories}
    assert emergency.funds == {
        fund.id: fund.component for fund in charter.funds if fund.id != "emergency"
    }
    assert emergency.account_codes["Assets:Bank:Dedicated"] == "1002"


def test_a_fund_that_does_not_exist_is_named_with_those_that_do(charter: Charter) -> None:
    for ask in (charter.fund, charter.fund_charter):
        with pytest.raises(NotFound) as caught:
            ask("dibaow")

        (finding,) = caught.value.findings
        assert finding.code == "FL030"
        assert "dibao, tekun" in finding.remedy("zh")


def test_a_fact_holds_on_its_first_day_and_on_its_last() -> None:
    fact = Purpose(
        unit="CASC", category="Dibao", from_date=date(2025, 1, 1), until=date(2025, 6, 30)
    )

    assert not fact.holds(date(2024, 12, 31))
    assert fact.holds(date(2025, 1, 1))
    assert fact.holds(date(2025, 6, 30))
    assert not fact.holds(date(2025, 7, 1))


def test_a_fact_without_an_end_holds_on() -> None:
    fact = Purpose.model_validate({"unit": "CASC", "category": "Dibao", "from": "2025-01-01"})

    assert fact.holds(date.max)


@given(periods, periods, days)
def test_two_facts_meet_when_a_day_has_both(one: Dated, other: Dated, day: date) -> None:
    first = max(one.from_date, other.from_date)

    assert one.meets(other) is other.meets(one)
    assert one.meets(other) is (one.holds(first) and other.holds(first))
    if one.holds(day) and other.holds(day):
        assert one.meets(other)


@given(periods, periods)
def test_two_facts_that_do_not_meet_follow_each_other(one: Dated, other: Dated) -> None:
    if not one.meets(other):
        ends = [fact.until for fact in (one, other) if fact.until is not None]

        assert min(ends) < max(one.from_date, other.from_date)


@pytest.mark.parametrize(
    "change",
    [
        {"amount_fen": 1595.0},
        {"amount_fen": "1595.001"},
        {"amount_fen": True},
        {"amount_fen": 0},
        {"from": 20250101},
        {"from": "2025-1-1"},
        {"from": "2025-01-01T00:00:00"},
        {"verified": "yes"},
        {"category": "CASC"},
        {"zh": "两\n行"},
        {"zh": "倒\u202e序"},
        {"slug": "dibao\n"},
        {"more": 1},
    ],
    ids=str,
)
def test_nothing_is_taken_for_what_it_only_looks_like(change: dict[str, Any]) -> None:
    rate = {
        "slug": "dibao",
        "zh": "低保",
        "en": "dibao",
        "category": "CASC:Dibao",
        "amount_fen": 1595_00,
        "unit": "person-month",
        "source": "notice",
        "verified": False,
        "from": "2024-07-01",
    }
    assert Rate.model_validate(rate).amount_fen == 1595_00

    with pytest.raises(ValidationError):
        Rate.model_validate({**rate, **change})


def test_a_charter_does_not_change(charter: Charter) -> None:
    with pytest.raises(ValidationError):
        charter.funds[0].closed = date(2026, 1, 1)  # type: ignore[misc]


def test_a_post_has_a_role_only_while_it_holds(charter: Charter) -> None:
    maker = next(post for post in charter.staff if post.code == "S03")

    assert maker.has("maker", date(2026, 1, 1))
    assert not maker.has("maker", date(2024, 12, 31))
    assert not maker.has("reviewer", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("on", "inside"),
    [
        (date(2025, 11, 30), False),
        (date(2025, 12, 1), True),
        (date(2026, 1, 1), True),
        (date(2026, 3, 5), True),
        (date(2026, 3, 6), False),
    ],
)
def test_the_festival_round_spans_the_turn_of_the_year(
    charter: Charter, on: date, *, inside: bool
) -> None:
    assert charter.controls.festival(on) is inside


def test_a_festival_round_may_lie_within_a_year(charter: Charter) -> None:
    spring = charter.controls.model_copy(update={"festival_window": ("01-10", "02-20")})

    assert [spring.festival(date(2026, month, 15)) for month in (1, 2, 3, 12)] == [
        *(True, True),
        *(False, False),
    ]


def test_every_name_of_the_package_is_there_and_no_other() -> None:
    assert [name for name in charter_names.__all__ if not hasattr(charter_names, name)] == []
    assert charter_names.__all__ == sorted(charter_names.__all__, key=sorted_as_isort)
    assert not hasattr(charter_names, "Fonds")


def sorted_as_isort(name: str) -> tuple[int, str]:
    """Constants first, then classes, then functions, as the linter wants them."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_to_import_the_charter_does_not_load_pydantic() -> None:
    code = "import sys, fundledger.charter; sys.exit('pydantic' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
