"""The outturn of a year from the command line."""

from __future__ import annotations

from support.terminals import Terminal


def test_each_fund_has_a_row_and_what_is_left_is_on_the_account(office: Terminal) -> None:
    shown = office.done("budget", "outturn", "2026", "--as-of", "2026-03-31")
    assert "年末结余" in shown
    assert "相符，尚未调节" in shown

    every = office.json("budget", "outturn", "2026", "--as-of", "2026-03-31")["funds"]
    (own,) = (one for one in every if one["fund"] == "dibao")
    assert own["closing_fen"] == own["appropriated_fen"] - own["spent_fen"] > 0
    assert own["bank_fen"] == own["closing_fen"] + own["owed_fen"] - own["claims_fen"]
    assert [one["apart_fen"] for one in every] == [0] * len(every)
    assert own["signed_on"] is None


def test_a_year_that_has_not_begun_is_refused(office: Terminal) -> None:
    for words in (("2098",), ("2026", "--as-of", "2025-12-31")):
        refused = office.run("budget", "outturn", *words)
        assert refused.exit_code == 2
        assert "FL978" in refused.output
