"""Carry-over by lots: how old it is, what is a surplus and from when, and what is told of it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from fundledger.budget import Disposal, FundLots, fund_lots
from fundledger.charter import FundCharter
from fundledger.fund import Fund, open_fund
from fundledger.ledger import drafts
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from support.offices import DIBAO, ILLNESS, Clock, charter_values, draft, granted, numbered_keys


@pytest.fixture
def fund(tmp_path: Path) -> Fund:
    """Return a fund that got 100 yuan in each of 2023 to 2026, and paid 20, 60, 70 and 10."""
    since = "2023-01-01"
    values = charter_values(
        opened=since,
        sources=[{"slug": "District", "zh": "区级", "en": "district", "from": since}],
        purposes=[{"unit": "CASC", "category": DIBAO[1], "from": since}],
    )
    clock = Clock(datetime(2027, 2, 1, 9, 0, tzinfo=SHANGHAI))
    charter = FundCharter.model_validate(values)
    fund = open_fund(tmp_path / "dibao", charter, Surroundings(clock, numbered_keys()))
    for year, paid_fen in ((2023, 20_00), (2024, 60_00), (2025, 70_00), (2026, 10_00)):
        granted(fund, 100_00, year)
        fund.record(draft(drafts.expense(year, DIBAO, paid_fen), date(year, 5, 6), "expense"))
        if year < 2026:
            for month in ("01", "05"):
                fund.close(f"{year}-{month}", actor="S02")
            fund.close_year(year, actor="S02", maker="S03", reviewer="S01")
    return fund


def lots_on(fund: Fund, day: date) -> FundLots:
    return fund_lots(fund.books(), day, fund.charter)


def rows(lots: FundLots) -> list[tuple[int, int, int, Disposal | None]]:
    return [
        (lot.origin, lot.open_fen, lots.age_years(lot), lots.disposal(lot)) for lot in lots.lots
    ]


def test_of_any_day_the_open_lots_are_known_with_their_ages(fund: Fund) -> None:
    """80 of 2023 are left, then 20; in 2025 those are paid and 50 of 2024; in 2026 10 more."""
    assert rows(lots_on(fund, date(2024, 12, 31))) == [
        (2023, 20_00, 1, Disposal.CARRY),
        (2024, 100_00, 0, Disposal.CURRENT),
    ]
    assert rows(lots_on(fund, date(2025, 5, 5))) == [
        (2023, 20_00, 2, Disposal.LAST_YEAR),
        (2024, 100_00, 1, Disposal.CARRY),
        (2025, 100_00, 0, Disposal.CURRENT),
    ]
    assert rows(lots_on(fund, date(2025, 12, 31))) == [
        (2023, 0, 2, None),
        (2024, 50_00, 1, Disposal.CARRY),
        (2025, 100_00, 0, Disposal.CURRENT),
    ]
    assert rows(lots_on(fund, date(2026, 11, 30)))[0] == (2024, 40_00, 2, Disposal.LAST_YEAR)


def test_two_years_unused_make_a_surplus_from_a_day_on(fund: Fund) -> None:
    """What is left of 2024 on 1 January 2027 is a surplus: of 2025 and 2026 it was not used."""
    now = lots_on(fund, date(2026, 11, 30))
    (lot, *_) = now.lots

    assert now.surplus_from(lot) == date(2027, 1, 1)
    assert now.surplus_fen(lot) == 0
    assert [(one.code, one.amount_fen) for one in now.findings] == [("FL593", 40_00)]
    assert "2027-01-01" in now.findings[0].sentence("zh")

    later = lots_on(fund, date(2027, 1, 1))
    assert later.surplus_fen(later.lots[0]) == 40_00
    assert later.disposal(later.lots[0]) is Disposal.SURPLUS
    assert [(one.code, one.amount_fen) for one in later.findings] == [
        ("FL415", 40_00),
        ("FL593", 100_00),
    ]


def test_what_is_surrendered_is_of_the_oldest_lot_and_told_no_more(fund: Fund) -> None:
    """`check` tells the same surplus by the same lots, and once it went back none."""
    for month in ("01", "05"):
        fund.close(f"2026-{month}", actor="S02")
    fund.close_year(2026, actor="S02", maker="S03", reviewer="S01")
    granted(fund, 100_00, 2027)
    given_back = drafts.surplus_surrendered(2027, DIBAO, 30_00)
    fund.record(draft(given_back, date(2027, 1, 20), "surrender"))

    found = lots_on(fund, date(2027, 1, 20))
    assert rows(found)[0] == (2024, 10_00, 3, Disposal.SURPLUS)
    assert found.lots[0].given_back_fen == 30_00
    assert ("FL415", 10_00) in [
        (one.code, one.amount_fen) for one in fund.check(date(2027, 1, 20)).findings
    ]


def test_a_fund_without_a_budget_has_no_lots(tmp_path: Path) -> None:
    charter = FundCharter.model_validate(charter_values())
    clock = Clock(datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI))
    fund = open_fund(tmp_path / "dibao", charter, Surroundings(clock))
    fund.record(draft(drafts.allocation("District", 1_00)))

    assert lots_on(fund, date(2026, 12, 1)).as_json()["lots"] == []
    assert ILLNESS not in lots_on(fund, date(2026, 12, 1)).lines
