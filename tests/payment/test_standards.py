"""Who is to get more than the published standard of the month is told, and nobody is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundledger.charter import load_charter
from fundledger.payment.standards import (
    Due,
    above_ceiling,
    above_standard,
    ceiling_fen,
    standard_fen,
)

RATES = load_charter(Path(__file__).parents[2] / "rules").rates


@pytest.mark.parametrize(
    ("line", "period", "amount_fen"),
    [
        ("CSO:Tekun", "2024-06", None),
        ("CSO:Tekun", "2024-07", 2_075_00),
        ("CSO:Disabled", "2025-06", 410_00),
        ("CSO:Disabled", "2025-07", 450_00),
        # Of adults and minors the higher one.
        ("CASC:Dibao", "2026-03", 1_730_00),
        ("CASC:MajorIllness", "2026-03", None),
    ],
)
def test_the_standard_is_the_highest_that_holds_for_the_month(
    line: str, period: str, amount_fen: int | None
) -> None:
    assert standard_fen(RATES, line, period) == amount_fen


def test_a_standard_of_a_household_or_a_time_is_none_of_a_person_and_month() -> None:
    others = [
        rate.model_copy(update={"unit": unit})
        for rate in RATES
        for unit in ("household-month", "person-time", "household-time")
    ]

    assert standard_fen(others, "CSO:Tekun", "2026-03") is None


def test_lines_above_it_are_told_together_by_budget_line_and_month() -> None:
    dues = [
        Due("[4]", "CSO:Tekun", "2026-03", 2_075_00),
        Due("[5]", "CSO:Tekun", "2026-03", 2_075_01),
        Due("[6]", "CSO:Tekun", "2026-04", 4_150_00),
        Due("[7]", "CSO:Tekun", "2026-03", 9_000_00),
        Due("[8]", "CASC:MajorIllness", "2026-03", 90_000_00),
    ]
    march, april = above_standard("名单.xlsx", dues, RATES)

    assert (march.code, march.subject, march.gates) == ("FL707", "名单.xlsx", False)
    assert (march.details["count"], march.details["places"]) == (2, "[5], [7]")
    assert march.amount_fen == 9_000_00
    assert "CSO:Tekun 2026-03 高于每人每月最高标准 2,075.00 元，最多的 9,000.00 元" in (
        march.sentence("zh")
    )
    assert (april.details["period"], april.details["count"]) == ("2026-04", 1)


def test_of_very_many_the_first_are_named_and_all_are_counted() -> None:
    dues = [Due(f"[{row}]", "CSO:Tekun", "2026-03", 3_000_00) for row in range(1, 23)]
    (found,) = above_standard("名单.xlsx", dues, RATES)

    assert found.details["count"] == 22
    assert str(found.details["places"]).endswith("[19], [20], …")


CEILINGS = [
    RATES[0].model_copy(
        update={"category": "CSO:Tekun", "unit": "household-month", "amount_fen": 3_000_00}
    )
]


def test_the_ceiling_is_the_highest_standard_of_a_household_and_month() -> None:
    assert ceiling_fen(RATES, "CSO:Tekun", "2026-03") is None
    (rate,) = CEILINGS
    assert ceiling_fen(CEILINGS, "CSO:Tekun", rate.from_date.strftime("%Y-%m")) == 3_000_00
    assert ceiling_fen(CEILINGS, "CSO:Tekun", "2026-03") is None


def test_households_above_their_ceiling_are_told_together_by_budget_line_and_month() -> None:
    month = CEILINGS[0].from_date.strftime("%Y-%m")
    dues = [
        Due("[4]", "CSO:Tekun", month, 1_500_00, "一"),
        Due("[5]", "CSO:Tekun", month, 1_500_00, "二"),
        Due("[6]", "CSO:Tekun", month, 1_500_00, "一"),
        Due("[7]", "CSO:Tekun", month, 1_500_01, "二"),
        Due("[8]", "CSO:Tekun", month, 9_000_00, ""),
        Due("[9]", "CSO:Tekun", "2026-03", 9_000_00, "二"),
        Due("[10]", "CASC:Dibao", month, 9_000_00, "三"),
        Due("[11]", "CSO:Tekun", month, 4_000_00, "三"),
    ]
    (found,) = above_ceiling("名单.xlsx", dues, CEILINGS)

    assert (found.code, found.subject, found.gates) == ("FL720", "名单.xlsx", False)
    assert (found.details["count"], found.details["places"]) == (2, "[5] + [7], [11]")
    assert found.amount_fen == 4_000_00
    assert f"2 户 CSO:Tekun {month} 合计高于每户每月最高标准 3,000.00 元" in found.sentence("zh")
