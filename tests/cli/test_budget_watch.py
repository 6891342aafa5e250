"""Watching a budget from the command line: how it is used, and what was carried over."""

from __future__ import annotations

from support.terminals import Terminal


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
