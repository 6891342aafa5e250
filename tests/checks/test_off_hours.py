"""What is recorded at weekends or at night is counted by month and person, if the office asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from fundledger.charter import FundCharter
from fundledger.findings import Finding
from fundledger.fund import open_fund
from fundledger.ledger import drafts
from fundledger.ledger.surroundings import Surroundings
from support.offices import Clock, charter_values, draft, numbered_keys

HOURS = ("07:00", "20:00")


def kept_under(hours: tuple[str, str] | None) -> FundCharter:
    values = charter_values()
    values["controls"]["office_hours"] = hours
    return FundCharter.model_validate(values)


def told(
    root: Path,
    *times: str,
    hours: tuple[str, str] | None = HOURS,
    makers: Sequence[str] = (),
) -> list[Finding]:
    """Return what an audit tells, later, of two vouchers recorded at each of these times."""
    clock = Clock()
    fund = open_fund(root / "dibao", kept_under(hours), Surroundings(clock, numbered_keys()))
    for number, time in enumerate(times):
        clock.now = datetime.fromisoformat(time)
        maker = makers[number] if makers else "S03"
        fund.record([draft(drafts.donation(number + fen), maker=maker) for fen in (100, 200)])
    clock.advance(days=30)
    found = [finding for finding in fund.check().findings if finding.code == "FL334"]
    fund.close_files()
    return found


@pytest.mark.parametrize(
    ("time", "off"),
    [
        ("2026-03-06T06:59:59+08:00", True),
        ("2026-03-06T07:00:00+08:00", False),
        ("2026-03-06T20:00:59+08:00", False),
        ("2026-03-06T20:01:00+08:00", True),
        ("2026-03-07T12:00:00+08:00", True),
        ("2026-03-08T12:00:00+08:00", True),
        ("2026-03-09T12:00:00+08:00", False),
        # On machines of another zone it is another time, or another day.
        ("2026-03-06T07:00:00+00:00", False),
        ("2026-03-06T22:00:00+00:00", True),
        ("2026-03-09T01:00:00+13:00", True),
        ("2026-03-08T23:30:00+00:00", False),
    ],
)
def test_weekends_and_nights_of_shanghai_are_off(tmp_path: Path, time: str, off: bool) -> None:  # noqa: FBT001
    assert [finding.details["count"] for finding in told(tmp_path, time)] == [2] * off


def test_each_month_and_person_is_told_once_with_how_many_and_never_gates(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        "2026-03-07T12:00:00+08:00",
        "2026-03-10T12:00:00+08:00",
        "2026-03-21T12:00:00+08:00",
        "2026-03-21T12:00:00+08:00",
        "2026-04-11T12:00:00+08:00",
        makers=["S03", "S03", "S03", "S06", "S03"],
    )

    assert [
        (f.subject, f.details["month"], f.details["count"], f.details["at"][:10], f.gates)
        for f in found
    ] == [
        ("S03", "2026-03", 4, "2026-03-07", False),
        ("S06", "2026-03", 2, "2026-03-21", False),
        ("S03", "2026-04", 2, "2026-04-11", False),
    ]
    assert {finding.severity.value for finding in found} == {"note"}


def test_an_office_that_says_no_hours_is_not_looked_at(tmp_path: Path) -> None:
    assert told(tmp_path, "2026-03-07T23:00:00+08:00", hours=None) == []


@pytest.mark.parametrize("hours", [("20:00", "07:00"), ("07:00", "07:00"), ("7:00", "20:00")])
def test_hours_begin_before_they_end(hours: tuple[str, str]) -> None:
    with pytest.raises(ValidationError, match="such as"):
        kept_under(hours)


def test_a_charter_without_hours_is_written_as_before_there_were_any() -> None:
    def written(hours: tuple[str, str] | None) -> object:
        values = kept_under(hours).model_dump(mode="json", by_alias=True)
        return values["controls"].get("office_hours", "nothing")

    assert written(None) == "nothing"
    assert written(HOURS) == ["07:00", "20:00"]
