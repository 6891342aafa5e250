"""What happens at the example office, read from `office.toml` beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from typing import Any

from fundledger.example.courses import Courses, load_courses
from fundledger.money import parse_fen


@dataclass(frozen=True, slots=True)
class Round:
    """Aid paid once a year: so many persons, each the same sum in fen."""

    month: int
    day: int
    persons: int
    standard_fen: int
    whom: str


@dataclass(frozen=True, slots=True)
class NeedPlan:
    """What the unit declares for the next year: the persons in per cent of this year's, and why.

    `evidenced` is the share in per cent that its evidence backs.  A line that was never paid gives
    `persons`, `standard_fen` and `times` itself.
    """

    percent: int = 100
    persons: int = 0
    standard_fen: int = 0
    times: int = 0
    basis: str = ""
    explanation: str = ""
    evidence: str = ""
    evidenced: int = 100


@dataclass(frozen=True, slots=True)
class LinePlan:
    """How one line of a fund pays: `monthly`, in `rounds` or as an `event` comes.

    `standard_fen` holds until `raised_on`; a line with a `rate` takes `share` per cent of it.
    Event lines pay `per_month` times between two sums in fen, and may set the money aside first.
    What is `batched` is paid person by person in batches; all else by one voucher each time.
    """

    unit: str
    category: str
    pattern: str
    what: str
    first: date
    last: date
    need: NeedPlan
    persons: int = 0
    rate: str = ""
    share: int = 100
    standard_fen: int = 0
    raised_on: date = date.max
    raised_fen: int = 0
    day: int = 10
    per_month: tuple[int, int] = (0, 0)
    sums_fen: tuple[int, int] = (0, 0)
    encumbers: bool = False
    batched: bool = False
    rounds: tuple[Round, ...] = ()

    @property
    def line(self) -> tuple[str, str]:
        """Unit and category."""
        return (self.unit, self.category)


@dataclass(frozen=True, slots=True)
class FundPlan:
    """How one fund's money comes in: every so many months, in shares of a hundred by source."""

    id: str
    every_months: int
    shares: Mapping[str, int]
    opening_fen: int
    lines: tuple[LinePlan, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which the office works."""

    holidays: tuple[tuple[date, date], ...]

    def works(self, day: date) -> bool:
        """Whether the office works on `day`."""
        holiday = any(first <= day <= last for first, last in self.holidays)
        return day.isoweekday() <= 5 and not holiday  # noqa: PLR2004 - Friday

    def from_day(self, day: date) -> date:
        """Return `day`, or the next day on which the office works."""
        while not self.works(day):
            day += timedelta(days=1)
        return day

    def next_after(self, day: date, count: int = 1) -> date:
        """Return the `count`-th working day after `day`."""
        for _ in range(count):
            day = self.from_day(day + timedelta(days=1))
        return day

    def in_month(self, year: int, month: int, count: int) -> date:
        """Return the `count`-th working day of a month."""
        return self.next_after(date(year, month, 1) - timedelta(days=1), count)


@dataclass(frozen=True, slots=True)
class Plan:
    """All that happens: from the first year to the last day that is in the books."""

    first_year: int
    last_day: date
    calendar: Calendar
    funds: Mapping[str, FundPlan]
    courses: Mapping[str, Courses]

    def batched(self, fund: str) -> Mapping[tuple[str, str], LinePlan]:
        """Return the lines of a fund that are paid in batches."""
        return {line.line: line for line in self.funds[fund].lines if line.batched}

    def place(self, fund: str, line: tuple[str, str]) -> int:
        """Return the number of a line among all that are paid in batches, from 1."""
        every = [(one.id, other) for one in self.funds.values() for other in self.batched(one.id)]
        return every.index((fund, line)) + 1


def load_plan() -> Plan:
    """Return the plan of the example office."""
    text = resources.files(__package__).joinpath("office.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    first_year, last_day = table["first_year"], table["last_day"]
    holidays = tuple((item["from"], item["until"]) for item in table["holidays"])
    funds = [_fund(item, first_year, last_day) for item in table["fund"]]
    by_id = {fund.id: fund for fund in funds}
    return Plan(first_year, last_day, Calendar(holidays), by_id, load_courses())


def _fund(table: Mapping[str, Any], first_year: int, last_day: date) -> FundPlan:
    whole = (date(first_year, 1, 1), date(last_day.year, 12, 31))
    return FundPlan(
        id=table["id"],
        every_months=table["every_months"],
        shares=table["shares"],
        opening_fen=parse_fen(table["opening"]),
        lines=tuple(_line(item, *whole) for item in table["line"]),
    )


def _line(table: Mapping[str, Any], first: date, last: date) -> LinePlan:
    unit, _, category = table["line"].partition(":")
    raised = table.get("raised", {})
    low, high = table.get("sums", ("0", "0"))
    fewest, most = table.get("per_month", (0, 0))
    return LinePlan(
        unit=unit,
        category=category,
        pattern=table["pattern"],
        what=table["what"],
        first=table.get("from", first),
        last=table.get("until", last),
        need=_need(table["need"]),
        persons=table.get("persons", 0),
        rate=table.get("rate", ""),
        share=table.get("share", 100),
        standard_fen=parse_fen(table.get("standard", "0")),
        raised_on=raised.get("from", date.max),
        raised_fen=parse_fen(raised.get("standard", "0")),
        day=table.get("day", 10),
        per_month=(fewest, most),
        sums_fen=(parse_fen(low), parse_fen(high)),
        encumbers=table.get("encumbers", False),
        batched=table.get("batched", False),
        rounds=tuple(
            Round(
                item["month"],
                item["day"],
                item["persons"],
                parse_fen(item["standard"]),
                item["whom"],
            )
            for item in table.get("rounds", ())
        ),
    )


def _need(table: Mapping[str, Any]) -> NeedPlan:
    values = dict(table)
    values["standard_fen"] = parse_fen(values.pop("standard", "0"))
    return NeedPlan(**values)
