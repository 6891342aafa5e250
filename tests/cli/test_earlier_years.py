"""An earlier year's payment is corrected by what happened, without the names of accounts."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from fundledger.ledger.surroundings import SHANGHAI
from support.offices import Clock, numbered_keys
from support.terminals import PAPERS, Terminal

NOW = datetime(2027, 2, 2, 9, 30, tzinfo=SHANGHAI)
SAID = ("--date", "2027-01-20", "--narration", "更正上年低保金", *PAPERS)
CORRECT = ("correct", "dibao", "2026-03-0004")


@pytest.fixture
def later(kept: Path, tmp_path: Path) -> Terminal:
    """The office of the March vouchers, in the year after."""
    shutil.copytree(kept, tmp_path / "office")
    return Terminal(tmp_path / "office", Clock(NOW), numbered_keys("L"))


def test_what_came_back_goes_to_the_prior_year_adjustment(later: Terminal) -> None:
    before = later.bytes()
    page = later.done(*CORRECT, "--overpaid", "100.00", *SAID, "--dry-run")
    assert later.bytes() == before

    (voucher,) = later.json(*CORRECT, "--overpaid", "100.00", *SAID)["vouchers"]

    assert "以前年度盈余调整" in page
    assert voucher["corrects"] == "2026-03-0004"
    assert [(p["account"], p["side"], p["amount_fen"]) for p in voucher["postings"]] == [
        ("Assets:Bank:Dedicated", "debit", 100_00),
        ("Equity:PriorYearAdjustment", "credit", 100_00),
    ]


def test_what_was_paid_too_little_takes_its_lines_budget_along(later: Terminal) -> None:
    signed = ("--by", "S07", "--maker", "S03", "--reviewer", "S01")
    for month in range(3, 12):
        later.done("close", "dibao", f"2026-{month:02}", "--by", "S07")
    later.done("close", "dibao", "2026", "--year-end", *signed)

    (voucher,) = later.json(*CORRECT, "--underpaid", "100.00", *SAID)["vouchers"]

    assert [(p["account"], p["side"]) for p in voucher["postings"]] == [
        ("Equity:PriorYearAdjustment", "debit"),
        ("Equity:Budget:2027:BroughtForward:CASC:Dibao", "debit"),
        ("Assets:Bank:Dedicated", "credit"),
        ("Equity:Budget:2027:Available:CASC:Dibao", "credit"),
    ]


def test_a_voucher_that_paid_no_line_must_be_told_one(later: Terminal) -> None:
    allocation = ("correct", "dibao", "2026-03-0001", "--underpaid", "1.00", *SAID)

    assert "FL922 错误：没有写 --line" in later.run(*allocation).stderr
    assert "FL922" not in later.run(*allocation, "--line", "CASC:Dibao").stderr


def test_it_is_said_in_one_way_and_of_an_earlier_year(later: Terminal) -> None:
    for more, code in (
        (("expense", "--overpaid", "1.00"), "FL947"),
        (("--overpaid", "1.00", "--underpaid", "1.00"), "FL947"),
        (("--overpaid", "1.00", "--debit", "1002=1.00"), "FL947"),
        (("--overpaid", "1.00", "--date", "2026-12-20"), "FL968"),
        ((), "FL922"),
    ):
        result = later.run(*CORRECT, *SAID, *more)
        assert result.exit_code == 2, more
        assert code in result.stderr
        assert result.stderr.endswith("未记账。\n")
