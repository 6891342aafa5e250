"""A unit whose list does not come, after two months in which it came, is told from its day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fundledger.charter import FundCharter
from fundledger.fund import open_fund
from fundledger.ledger.surroundings import Surroundings
from support.offices import granted, numbered_keys
from support.paying import Payments, entitlement, paying_charter

Values = dict[str, Any]

LAST = date(2026, 4, 10)
"""The list day of March, by a rule that says the 10th of the month after."""

RULE = {"from": "2025-01-01", "day": 10, "months_after": 1, "source": "示例"}


def paying(root: Path, rules: Sequence[Values] = (RULE,), **controls: object) -> Payments:
    """Return a fund whose rules say until when lists come; `until` ends what it pays."""
    payments = Payments(root, granted_fen=0)
    payments.fund.close_files()
    values = paying_charter().model_dump(mode="json", by_alias=True)
    values["fund"]["purposes"][0]["until"] = controls.pop("until", None)
    values["controls"] |= {"list_day": list(rules), **controls}
    surroundings = Surroundings(payments.clock, numbered_keys(root.name))
    payments.fund = open_fund(root / "dibao", FundCharter.model_validate(values), surroundings)
    granted(payments.fund, 1_000_00)
    return payments


def told(payments: Payments, as_of: date = date(2026, 4, 30)) -> list[tuple[str, object, object]]:
    found = payments.fund.check(as_of).findings
    return [
        (one.subject, one.details["month"], one.details["days"])
        for one in found
        if one.code == "FL710"
    ]


def listed(payments: Payments, *months: str) -> list[str]:
    return [payments.prepare([entitlement(1, period=month)]) for month in months]


def test_it_is_told_from_the_day_after_the_list_day(tmp_path: Path) -> None:
    payments = paying(tmp_path)
    listed(payments, "2026-01", "2026-02")

    assert told(payments, LAST) == []
    assert told(payments, date(2026, 4, 11)) == [("CASC:Dibao", "2026-03", 1)]
    assert told(payments, date(2026, 12, 31)) == [("CASC:Dibao", "2026-03", 265)]
    listed(payments, "2026-03")
    assert told(payments) == []


@pytest.mark.parametrize(
    ("months", "missing"),
    [
        (("2026-01",), []),
        (("2026-02",), []),
        (("2025-12", "2026-02"), []),
        (("2025-11", "2025-12"), ["2026-01"]),
        (("2025-11", "2025-12", "2026-02"), ["2026-01"]),
        (("2025-10", "2025-11", "2026-01", "2026-02"), ["2025-12", "2026-03"]),
    ],
)
def test_two_months_before_must_have_one(
    tmp_path: Path, months: Sequence[str], missing: list[str]
) -> None:
    payments = paying(tmp_path)
    listed(payments, *months)

    assert [month for _, month, _ in told(payments)] == missing


def test_a_list_that_was_rejected_is_none(tmp_path: Path) -> None:
    payments = paying(tmp_path)
    *_, last = listed(payments, "2026-01", "2026-02", "2026-03")
    payments.step(last, "reject", "2026-03-11")

    assert told(payments) == [("CASC:Dibao", "2026-03", 20)]


def test_where_no_rule_says_a_day_nobody_looks(tmp_path: Path) -> None:
    payments = paying(tmp_path, rules=())
    listed(payments, "2026-01", "2026-02")

    assert told(payments) == []


def test_of_rounds_and_of_what_has_ended_no_list_is_waited_for(tmp_path: Path) -> None:
    rounds = paying(tmp_path / "rounds", festival_lines=["CASC:Dibao"])
    ended = paying(tmp_path / "ended", until="2026-02-28")
    for payments in (rounds, ended):
        listed(payments, "2026-01", "2026-02")

        assert told(payments) == []


def test_a_charter_without_list_days_is_written_as_before_there_were_any(tmp_path: Path) -> None:
    def written(name: str, rules: Sequence[Values]) -> object:
        charter = paying(tmp_path / name, rules).fund.charter
        values = charter.model_dump(mode="json", by_alias=True)
        return len(values["controls"].get("list_day", "nothing"))

    assert written("none", ()) == len("nothing")
    assert written("one", (RULE,)) == 1
