"""An earlier year's payment is corrected by what happened, without the names of accounts."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from fundledger.ledger.surroundings import SHANGHAI
from support.calls import instead
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

    beyond = later.run(*CORRECT, "--underpaid", "90000.00", *SAID)
    assert (
        "的上年结转在 2027-01-20 有 69,900.00 元，本次要减 90,000.00 元，最多可减 69,900.00 元。"
        in (beyond.stderr)
    )
    assert "用该类别的上年结转补付，不超过结转数" in beyond.stderr


@pytest.mark.parametrize("option", ["--overpaid", "--underpaid"])
def test_what_paid_nothing_was_not_paid_too_much_or_too_little(
    later: Terminal, option: str
) -> None:
    for ref, event in (("2026-03-0001", "拨款到账"), ("2026-03-0005", "银行手续费")):
        said = (option, "1.00", *(("--line", "CASC:Dibao") if option == "--underpaid" else ()))
        result = later.run("correct", "dibao", ref, *said, *SAID)
        assert result.exit_code == 2
        assert f"FL969 错误：凭证 {ref}（{event}）没有付出支出" in result.stderr
    missing = later.run("correct", "dibao", "2026-03-0099", option, "1.00", *SAID)
    assert missing.exit_code == 2
    assert "FL911 错误：基金 dibao 中没有凭证“2026-03-0099”。" in missing.stderr


def test_of_a_voucher_that_paid_several_lines_the_one_is_asked_for(office: Terminal) -> None:
    fund, names = "low-income", ("LowIncome", "TradRelief")
    said = ("--date", "2026-03-26", "--narration", "两项一并发放", *PAPERS)
    allocation = ("record", fund, "allocation", "--amount", "100.00", "--source", "District")
    office.done(*allocation, *said)
    for act, name in ((act, name) for act in ("adopt", "allot") for name in names):
        office.done("budget", act, fund, "--line", f"CASC:{name}=50.00", *said)
    moves = (
        ("--debit", "Expenses:CASC:{}=5.00"),
        ("--credit", "1002=5.00"),
        ("--debit", "Equity:Budget:2026:Expended:CASC:{}=5.00"),
        ("--credit", "Equity:Budget:2026:Available:CASC:{}=5.00"),
    )
    typed = [word.format(name) for name in names for move in moves for word in move]
    (paid,) = office.json("record", fund, "expense", *typed, *said)["vouchers"]
    later = Terminal(office.root, Clock(NOW), numbered_keys("M"))
    correct = ("correct", fund, paid["ref"], "--underpaid", "1.00", *SAID, "--dry-run")

    asked = later.run(*correct)
    named = later.run(*correct, "--line", "CASC:TradRelief")

    assert asked.exit_code == 2
    assert "FL922 错误：没有写 --line（原凭证付了 CASC:LowIncome（" in asked.stderr
    assert "FL922" not in named.stderr
    assert "CASC:TradRelief" in named.stderr  # of the year not yet carried forward


def test_it_is_said_in_one_way_and_of_an_earlier_year(later: Terminal) -> None:
    for more, code, told in (
        (("expense", "--overpaid", "1.00"), "FL947", "EVENT 不能与 --overpaid 同时"),
        (("--overpaid", "1.00", "--underpaid", "1.00"), "FL947", "--underpaid 不能与 --overpaid"),
        (("--overpaid", "1.00", "--debit", "1002=1.00"), "FL947", "--credit 不能与 --overpaid"),
        (("--overpaid", "1.00", "--amount", "5"), "FL947", "--amount 不能与 --overpaid 同时"),
        (("--underpaid", "1.00", "--settle"), "FL947", "--settle 不能与 --underpaid 同时"),
        (("--overpaid", "1.00", "--line", "CASC:Dibao"), "FL924", "不用写 --line"),
        (("--overpaid", "1.00", "--date", "2026-12-20"), "FL968", "凭证 2026-03-0004 属于 2026 年"),
        ((), "FL922", "没有写 EVENT"),
    ):
        result = later.run(*instead((*CORRECT, *SAID), *more))
        assert result.exit_code == 2, more
        assert f"{code} 错误：" in result.stderr
        assert told in result.stderr
        assert result.stderr.splitlines()[-1].startswith("未记账")
