"""Write the books of the example office, the same bytes for the same rules and seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import fundledger
from fundledger.errors import InputInvalid
from fundledger.example.batches import Batches
from fundledger.example.courses import Courses
from fundledger.example.desk import Act, Clock, Desk, crew_of
from fundledger.example.needs import JOINT, write_needs
from fundledger.example.payments import Giver, Payment
from fundledger.example.plan import Plan, load_plan
from fundledger.example.statements import Bank
from fundledger.example.stories import stories_of
from fundledger.example.year import Year
from fundledger.findings import Finding
from fundledger.ledger.surroundings import Surroundings

if TYPE_CHECKING:
    from fundledger.charter import Charter

SEED = 2026
Progress = Callable[[str, int, int], None]


def build(root: Path, seed: int = SEED, progress: Progress | None = None) -> None:
    """Write `ledgers/` and `rules/needs/` into the office at `root`, which has its rules.

    All funds go through the days together, so that a closing sees the other funds as they were.
    `progress` is told fund, acts done and acts in all.

    Raises:
        InputInvalid: FL950, there are ledgers already; nothing was written.
        NotFound: FL912, there are no rules.
        CharterInvalid: FL0xx, the rules do not hold.

    """
    plan = load_plan()
    clock = Clock()
    numbers = count(1)
    office = fundledger.open(root, Surroundings(clock, lambda: f"example-{next(numbers):05d}"))
    if any((office.root / "ledgers").glob("*/*")):
        raise InputInvalid(Finding("FL950", "ledgers", {"path": "ledgers"}))
    charter = office.charter
    last: dict[str, Sequence[Payment]] = {}
    acts: list[tuple[Act, Desk]] = []
    for fund_id in office.fund_ids:
        giver = Giver(plan.calendar, charter.rates, Random(f"{seed} {fund_id}"))  # noqa: S311 - a tale
        years = range(plan.first_year, plan.last_day.year + 1)
        payments = {year: giver.payments(plan.funds[fund_id], year) for year in years}
        last[fund_id] = payments[plan.last_day.year]
        fund = office.fund(fund_id)
        line_fund = charter.fund(fund_id).channel == "line"
        desk = Desk(fund, crew_of(charter.staff, int(line_fund)), clock)
        acts += ((act, desk) for act in acts_of(office, plan, fund_id, payments, seed))
    acts.sort(key=lambda one: (one[0].day, one[0].step))
    for done, (act, desk) in enumerate(acts):
        if progress is not None:
            progress(desk.fund.id, done, len(acts))
        act.do(desk, act.day)
    office.close_files()
    folder = office.root / "rules" / "needs" / str(plan.last_day.year + 1)
    write_needs(folder, plan, _names(charter), last)


def _names(charter: Charter) -> dict[str, str]:
    """Return the Chinese names of units, funds and lines."""
    lines = (*charter.categories, *charter.joint_rounds)
    return {
        **{unit.slug: unit.zh for unit in charter.units},
        JOINT: "联席会议",
        **{fund.id: fund.zh for fund in charter.funds},
        **{line.line: line.zh for line in lines},
    }


def acts_of(
    office: fundledger.Office,
    plan: Plan,
    fund_id: str,
    payments: Mapping[int, Sequence[Payment]],
    seed: int,
) -> list[Act]:
    """Return all that happens in a fund through the last day, in its order."""
    stories = stories_of(fund_id)
    acts = [act for story in stories for act in story.acts]
    bank = Bank.of(office, plan, fund_id, seed)
    for year in payments:
        acts += Year(
            number=year,
            plan=plan.funds[fund_id],
            fund=office.charter.fund(fund_id),
            calendar=plan.calendar,
            payments=payments[year],
            wants=tuple(want for story in stories for want in story.wants),
            approval_from_fen=office.charter.controls.approval_threshold_fen,
            bank=bank,
        ).acts()
    lines = plan.batched(fund_id)
    if lines:
        every = (payment for year in payments.values() for payment in year)
        acts += Batches(
            fund=fund_id,
            places={line: plan.place(fund_id, line) for line in lines},
            calendar=plan.calendar,
            courses=plan.courses.get(fund_id, Courses({}, ())),
            payments=[payment for payment in every if payment.plan.batched],
        ).acts()
    told = [act for act in acts if act.day <= plan.last_day]
    return sorted(told, key=lambda act: (act.day, act.step))
