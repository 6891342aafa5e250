"""What was moved between the lines of a budget is listed from the journal, with its reason."""

from __future__ import annotations

from datetime import date

import pytest

from fundledger.ledger.virements import virements
from fundledger.ledger.voucher import Voucher, credit, debit
from support.terminals import PAPERS, SIGNED, Terminal

DATED = ("--date", "2026-03-02", *PAPERS)
MOVED = ("--from", "CASC:LowIncome", "--to", "CASC:IllnessExp", "--amount", "100.00")
REASON = ("--reason", "就医支出增加")
VIREMENT = ("budget", "virement", "low-income")


@pytest.fixture
def low_income(empty: Terminal) -> Terminal:
    """An office whose low-income fund has two lines with 600.00 and 400.00 allotted."""
    said = ("--amount", "1000.00", "--source", "District", "--narration", "拨款", *DATED)
    empty.done("record", "low-income", "allocation", *said)
    shares = ("--line", "CASC:LowIncome=600.00", "--line", "CASC:IllnessExp=400.00", *DATED)
    empty.done("budget", "adopt", "low-income", *shares)
    empty.done("budget", "allot", "low-income", *shares)
    return empty


def test_each_is_listed_with_its_reason_decision_and_day(low_income: Terminal) -> None:
    low_income.done(*VIREMENT, *MOVED, *REASON, *DATED)
    more = ("--narration", "二季度调剂", "--reason", "又增：住院")
    low_income.done(*VIREMENT, *MOVED[:-1], "50.00", *more, *DATED)

    found = low_income.json("budget", "virements", "low-income", "--year", "2026")

    row, second = found["virements"]
    assert row == {
        "voucher": "2026-03-0004",
        "on": "2026-03-02",
        "giver": "CASC:LowIncome",
        "giver_zh": row["giver_zh"],
        "giver_en": row["giver_en"],
        "taker": "CASC:IllnessExp",
        "taker_zh": row["taker_zh"],
        "taker_en": row["taker_en"],
        "amount_fen": 100_00,
        "reason": "就医支出增加",
        "approval": "例财〔2026〕1号",
        "undone_by": "",
    }
    assert (second["reason"], second["amount_fen"]) == ("又增：住院", 50_00)
    shown = low_income.done("budget", "virements", "low-income")
    assert all(word in shown for word in ("调出类别", "就医支出增加", "例财〔2026〕1号", "150.00"))
    assert low_income.json("budget", "virements", "low-income", "--year", "2025")["virements"] == []
    assert "没有调剂" in low_income.done("budget", "virements", "dibao")


def test_what_was_reversed_says_so_and_is_not_in_the_total(low_income: Terminal) -> None:
    low_income.done(*VIREMENT, *MOVED, *REASON, *DATED)
    low_income.done("reverse", "low-income", "2026-03-0004", "--date", "2026-03-03", *SIGNED)

    (row,) = low_income.json("budget", "virements", "low-income")["virements"]
    assert row["undone_by"] == "2026-03-0005"
    shown = low_income.done("budget", "virements", "low-income")
    assert "2026-03-0005 已冲销" in shown
    assert "0.00" in shown.splitlines()[-1]


def test_between_funds_nothing_is_moved_and_the_sentence_says_why(low_income: Terminal) -> None:
    before = low_income.bytes()
    there = ("--from", "CASC:LowIncome", "--to", "CASC:Dibao", "--amount", "1.00")

    for lang, said in (("zh", "基金之间不能调剂"), ("en", "never between funds")):
        result = low_income.run(*VIREMENT, *there, *REASON, *DATED, lang=lang)
        assert (result.exit_code, "FL580" in result.stderr) == (2, True)
        assert said in result.stderr
        assert "dibao" in result.stderr
    assert low_income.bytes() == before


def test_none_is_moved_without_a_reason(low_income: Terminal) -> None:
    result = low_income.run(*VIREMENT, *MOVED, *DATED)

    assert (result.exit_code, "--reason" in result.stderr) == (2, True)


def test_several_givers_and_takers_are_paired_in_order_to_the_fen() -> None:
    root = "Equity:Budget:2026:Approved:CASC:"
    postings = (
        debit(f"{root}A", 5),
        debit(f"{root}B", 2),
        credit(f"{root}C", 4),
        credit(f"{root}D", 3),
    )
    day = date(2026, 5, 4)
    voucher = Voucher(1, day, "调剂", "virement", "S03", "S01", 1, postings, approval="例〔1〕")

    found = virements([voucher], 2026)

    assert [(one.giver[1], one.taker[1], one.amount_fen) for one in found] == [
        ("A", "C", 4),
        ("A", "D", 1),
        ("B", "D", 2),
    ]
    assert {one.reason for one in found} == {"调剂"}
