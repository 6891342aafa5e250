"""Watching a budget from the command line: how it is used, and what was carried over."""

from __future__ import annotations

import re

from support.terminals import PAPERS, Terminal


def test_the_status_of_all_funds_is_a_row_each_and_of_one_a_row_for_each_line(
    office: Terminal,
) -> None:
    """100,000 of dibao, 30,000 of it paid in March, with which the books begin."""
    office.record("allocation", "200000.00", "--source", "District", day="2026-03-12")
    line = ("--line", "CASC:Dibao=200000.00", "--date", "2026-03-12", *PAPERS)
    office.done("budget", "supplement", "dibao", *line)
    one = office.done("budget", "status", "dibao", "--as-of", "2026-03-31")
    assert "CASC:Dibao" in one
    assert "序时进度 25.0%" in one
    every = office.done("budget", "status", "--as-of", "2026-03-31")
    assert "CASC:Dibao" not in every
    assert "300,000.00" in every

    told = office.json("budget", "status", "--as-of", "2026-03-31")
    assert told["total"]["expended_fen"] == 30_000_00
    assert told["total"]["rate_basis_points"] == 1_000
    assert told["total"]["deviation_basis_points"] == -1_500
    two = office.json("budget", "status", "dibao", "union", "--as-of", "2026-03-31")
    assert [fund["fund"] for fund in two["funds"]] == ["dibao", "union"]
    assert office.json("budget", "status", "dibao", "--year", "2027")["lines"] == []


def test_what_was_given_back_or_carried_is_shown_where_there_is_any(office: Terminal) -> None:
    """Of 100,000 are 30,000 paid: at its end the year carries 70,000, and 50 not allotted lapse."""
    office.clock.advance(days=365)
    line = ("--line", "CASC:Dibao=50.00", "--date", "2026-03-12", *PAPERS)
    office.done("budget", "supplement", "dibao", *line)
    before = office.done("budget", "status", "dibao", "--as-of", "2026-03-31")
    assert "上缴收回" not in before
    assert "结转下年" not in before
    for month in range(3, 12):
        office.done("close", "dibao", f"2026-{month:02d}", "--by", "S07", "--yes")
    signed = ("--by", "S07", "--maker", "S03", "--reviewer", "S01", "--yes")
    office.done("close", "dibao", "2026", "--year-end", *signed)

    ended = ("budget", "status", "dibao", "--as-of", "2026-12-31")
    (found,) = office.json(*ended)["lines"]
    assert (found["given_back_fen"], found["carried_forward_fen"]) == (50_00, 70_000_00)
    assert re.search(r"上缴收回 +结转下年 ", office.done(*ended))
    assert re.search(r"given back +carried forward ", office.done("--lang", "en", *ended))
    every = office.done("budget", "status", "--as-of", "2026-12-31").splitlines()
    for name in ("dibao", "合计"):
        (row,) = [text for text in every if text.startswith(f"{name} ")]
        assert re.search(r" 0\.00 +0\.00 +50\.00 +70,000\.00 ", row)


def test_what_is_not_told_has_its_reason_below_the_table(office: Terminal) -> None:
    line = ("--line", "CASC:Dibao=100.00", "--date", "2026-03-03", *PAPERS)
    office.done("budget", "supplement", "dibao", *line)

    zh = office.done("budget", "status", "dibao", "--as-of", "2026-01-20")
    en = office.done("--lang", "en", "budget", "status", "dibao", "--as-of", "2026-01-20")
    assert "未预计 dibao CASC:Dibao (FL591)：" in zh
    assert "Not told: dibao CASC:Dibao (FL591): " in en


def test_an_entitlement_that_will_run_dry_is_told(office: Terminal) -> None:
    """69,999 more are paid in April: a yuan is left, and the pace takes more than that."""
    office.record("expense", "69999.00", "--line", "CASC:Dibao", day="2026-03-11")

    said = office.done("budget", "status", "dibao", "--as-of", "2026-03-31")
    assert "FL588" in said
    assert "2026-04-01" in said


def test_the_lots_are_shown_by_fund_and_of_one_fund_by_line(office: Terminal) -> None:
    one = office.done("budget", "lots", "dibao", "--as-of", "2026-03-31")
    assert "形成年度" in one
    assert "当年资金" in one

    (fund,) = office.json("budget", "lots", "dibao", "--as-of", "2026-03-31")["funds"]
    (lot,) = fund["lots"]
    assert fund["open_fen"] == lot["open_fen"] == 70_000_00
    assert (lot["income_fen"], lot["spent_fen"]) == (100_000_00, 30_000_00)
    assert (lot["origin"], lot["age_years"], lot["disposal"]) == (2026, 0, "current")
    assert lot["surplus_from"] == "2029-01-01"
    assert fund["lines"] == [{"line": "CASC:Dibao", "lots": [lot]}]
    every = office.json("budget", "lots")["funds"]
    assert [one["open_fen"] for one in every if one["fund"] != "dibao"] == [0] * (len(every) - 1)
    assert office.run("budget", "lots", "nosuch").exit_code == 2
