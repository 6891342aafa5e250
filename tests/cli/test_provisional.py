"""Before its approval a line has no more than it spent in the same months of last year."""

from __future__ import annotations

import pytest

import fundledger
from support.terminals import PAPERS, Terminal

LINE = "CASC:Dibao"
STAGE = ("budget", "stage", "dibao", "2027")
BY = ("--document-number", "例财〔2026〕31号", "--by")
GIVE = ("budget", "provisional", "dibao")
APPROVAL = (
    *("--document-number", "例财〔2027〕8号", "--resolution", "例联〔2027〕2号", "--by", "S08"),
    *("--maker", "S03", "--reviewer", "S01", "--attachments", "2"),
)


def dated(day: str) -> tuple[str, ...]:
    return ("--date", day, *PAPERS)


@pytest.fixture
def january(office: Terminal) -> Terminal:
    """April 2027, the budget declared; last year's books have 30,000.00 spent on 10 March."""
    office.clock.advance(days=180)
    office.done(*STAGE, "declared", "--date", "2026-12-01", *BY, "S10", "--line", f"{LINE}=90000")
    return office


def status(office: Terminal) -> dict[str, int]:
    (line,) = office.json("budget", "status", "dibao", "--year", "2027")["lines"]
    became = ("encumbered", "expended", "available", "unallotted", "given_back", "carried_forward")
    assert line["adjusted_fen"] == sum(line[f"{name}_fen"] for name in became)
    shown = ("approved", "provisional", "unallotted", "available")
    return {name: line[f"{name}_fen"] for name in shown}


def provisional(office: Terminal) -> int:
    with fundledger.open(office.root) as opened:
        return opened.fund("dibao").books().fen(f"Equity:Budget:2027:Provisional:{LINE}")


def test_it_is_capped_by_the_same_months_and_the_approval_takes_it_in(january: Terminal) -> None:
    refused = january.run(*GIVE, *dated("2027-02-03"))
    assert (refused.exit_code, "FL583" in refused.stderr) == (2, True), refused.output

    shown = january.done(*GIVE, *dated("2027-03-02"), "--dry-run")
    assert "上年同期列支" in shown
    found = january.json(*GIVE, *dated("2027-03-02"), "--line", f"{LINE}=20000.00")
    (line,) = found["lines"]
    assert (line["spent_fen"], line["amount_fen"], line["left_fen"]) == (
        30_000_00,
        20_000_00,
        10_000_00,
    )
    beyond = january.run(*GIVE, *dated("2027-03-02"), "--line", f"{LINE}=10000.01")
    assert (beyond.exit_code, "FL581" in beyond.stderr) == (1, True)
    assert "超出上年同期" in beyond.stderr
    january.done(*GIVE, *dated("2027-03-03"))
    given = {"approved": 0, "provisional": 30_000_00}
    assert status(january) == {**given, "unallotted": 30_000_00, "available": 0}
    assert provisional(january) == -30_000_00
    january.done("budget", "allot", "dibao", "--line", f"{LINE}=15000.00", *dated("2027-03-03"))
    january.record("expense", "15000.00", "--line", LINE, day="2027-03-04")
    (fund,) = january.json("budget", "lots", "dibao")["funds"]
    lots = {lot["origin"]: (lot["income_fen"], lot["open_fen"]) for lot in fund["lots"]}
    assert lots[2027] == (30_000_00, 15_000_00)

    for stage, by in (("controlled", "S07"), ("revised", "S10")):
        said = ("--date", "2027-03-05", *BY, by, "--line", f"{LINE}=88000.00")
        january.done(*STAGE, stage, *said)
    approval = (*STAGE, "approved", "--date", "2027-04-01", *APPROVAL)
    less = january.run(*approval, "--line", f"{LINE}=14999.99")
    assert (less.exit_code, "FL506" in less.stderr) == (1, True)
    january.done(*approval, "--line", f"{LINE}=88000.00")

    taken_in = {"approved": 88_000_00, "provisional": 0}
    assert status(january) == {**taken_in, "unallotted": 73_000_00, "available": 0}
    assert provisional(january) == 0
    later = january.run(*GIVE, *dated("2027-04-20"), "--line", f"{LINE}=1.00")
    assert (later.exit_code, "已经批复" in later.stderr) == (1, True)
    audit = january.json("check", "dibao", code=1)  # the year before is not closed
    assert [one["code"] for one in audit["findings"] if one["code"].startswith("FL5")] == []


def test_the_status_says_what_of_the_budget_is_not_approved_yet(january: Terminal) -> None:
    """Of the fund and of all funds, on the days from when it is given; never of an approved one."""
    january.done(*GIVE, *dated("2027-03-02"), "--line", f"{LINE}=20000.00")

    for which in ((), ("dibao",)):
        said = ("budget", "status", *which, "--year", "2027", "--as-of")
        note = f"批复前指标 dibao：调整后预算中 20,000.00 尚未批复（{LINE} 20,000.00）"
        assert note in january.done(*said, "2027-03-02").splitlines()
        english = january.done("--lang", "en", *said, "2027-03-31")
        assert f"dibao: 20,000.00 of the adjusted budget ({LINE} 20,000.00)" in english
        assert "批复前指标" not in january.done(*said, "2027-03-01")
    assert "批复前指标" not in january.done("budget", "status", "--year", "2026")
    every = january.json("budget", "status", "--year", "2027")
    assert every["total"]["provisional_fen"] == every["total"]["adjusted_fen"] == 20_000_00


def test_a_budget_that_nobody_prepares_has_none(office: Terminal) -> None:
    office.clock.advance(days=180)
    before = office.bytes()

    result = office.run(*GIVE, *dated("2027-03-02"))

    assert (result.exit_code, "FL581" in result.stderr) == (1, True)
    assert "没有登记任何阶段" in result.stderr
    assert {n: b for n, b in office.bytes().items() if ".state" not in n} == {
        n: b for n, b in before.items() if ".state" not in n
    }


def test_what_was_given_in_error_is_reversed_and_given_again(january: Terminal) -> None:
    january.done(*GIVE, *dated("2027-03-02"))
    ref = "2027-03-0001"
    signed = ("--maker", "S03", "--reviewer", "S01")
    january.done("reverse", "dibao", ref, "--date", "2027-03-03", *signed)
    assert provisional(january) == 0

    january.done(*GIVE, *dated("2027-03-04"), "--line", f"{LINE}=1.00")
    assert provisional(january) == -1_00


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--line", f"{LINE}=0"), "FL928"),
        (("--line", "CASC:LowIncome=1.00"), "FL923"),
        (("--line", f"{LINE}=1", "--line", f"{LINE}=1"), "FL579"),
    ],
)
def test_a_line_that_cannot_be_meant_is_named(
    january: Terminal, more: tuple[str, ...], code: str
) -> None:
    result = january.run(*GIVE, *dated("2027-03-02"), *more)

    assert (result.exit_code, code in result.stderr) == (2, True), result.output


def test_a_year_that_ends_unapproved_is_closed_like_any_other(january: Terminal) -> None:
    january.done(*GIVE, *dated("2027-03-02"))
    january.done("budget", "allot", "dibao", "--line", f"{LINE}=15000.00", *dated("2027-03-03"))
    january.record("expense", "14000.00", "--line", LINE, day="2027-03-04")
    january.clock.advance(days=300)
    for year, months in ((2026, ("03",)), (2027, ("01", "03"))):
        for month in months:
            january.done("close", "dibao", f"{year}-{month}", "--by", "S05")
        signed = ("--by", "S05", "--maker", "S03", "--reviewer", "S01")
        january.done("close", "dibao", str(year), "--year-end", *signed)

    assert provisional(january) == -30_000_00
    codes = {one["code"] for one in january.json("check", "dibao", code=1)["findings"]}
    assert {code for code in codes if code.startswith(("FL3", "FL5", "FL6"))} == set()
