"""A list that is a one-off leaves the base as if it had never been, whatever becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import product
from pathlib import Path

import pytest

from fundledger.budget.facts import NOTHING_LEFT_OUT, NOTHING_OWED
from fundledger.budget.history import fund_history
from fundledger.budget.inputs import History
from fundledger.budget.spending import came_due
from fundledger.charter import load_budget_rules
from fundledger.charter.budget import LinePattern, OneOff
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.surroundings import SHANGHAI
from support.budgets import RULES
from support.offices import DIBAO, Clock, draft, granted
from support.paying import CASHIER, Payments, entitlement, pseudonym, year_closed

Told = tuple[int, Mapping[str, int]]
THEN, LATE, NEVER = "2026-12-12", "2027-01-05", ""
SOLD = "2027-02-10"
BECOMES = ("", "return", "reissue", "undo-debit", "give up")
SEASONAL = LinePattern.model_validate(
    {"unit": DIBAO[0], "category": DIBAO[1], "pattern": "seasonal", "from": date(2025, 1, 1)}
)


def opened(root: Path) -> Payments:
    """Return a fund that owes a regular payment at the turn of the year."""
    payments = Payments(root, clock=Clock(datetime(2028, 3, 1, 9, 0, tzinfo=SHANGHAI)))
    payments.sent([entitlement(1, 30_00, "2026-12")], "2026-12-09")
    return payments


def turned(payments: Payments) -> None:
    """Close the year, open the next one, and spend what is regular in it."""
    year_closed(payments.fund)
    granted(payments.fund, 1_000_000_00, 2027)
    (late,) = (one for one in payments.batches() if one.prepared_on == "2026-12-09")
    payments.named(late.id, "debit", "2027-01-20", [one.line for one in payments.lines(late.id)])
    payments.expense("2027-03-01", 500_00)


def once_paid(payments: Payments, days: Sequence[str], becomes: Sequence[str]) -> frozenset[str]:
    """Pay a list that is a one-off, each line on its day, over the turn of the year.

    Returns the vouchers that paid it.
    """
    people = [entitlement(100 + at, (at + 1) * 1_000_00, "2026-12") for at, _ in enumerate(days)]
    once, _ = payments.sent(people, "2026-12-10")
    by_person = {one.person: one.line for one in payments.lines(once)}
    lines = [by_person[one.person] for one in people]

    def debited(day: str) -> None:
        due = [line for line, own in zip(lines, days, strict=True) if own == day]
        if due:
            payments.named(once, "debit", day, due)

    debited(THEN)
    said = {line: "paid" if own else "failed" for line, own in zip(lines, days, strict=True)}
    payments.result(once, "2026-12-13", said)
    turned(payments)
    debited(LATE)
    refs = frozenset(
        one.ref
        for one in payments.fund.vouchers()
        if one.event == "batch-debit" and one.date.isoformat() in {THEN, LATE}
    )
    for line, paid, after in zip(lines, days, becomes, strict=True):
        if not paid:
            payments.named(once, "cancel", SOLD, [line])
        elif after == "undo-debit":
            payments.named(once, "undo-debit", SOLD, [line])
        elif after:
            payments.named(once, "return", SOLD, [line])
        if paid and after == "give up":
            payments.named(once, "cancel", "2027-02-12", [line])
    again = [
        ln
        for ln, paid, after in zip(lines, days, becomes, strict=True)
        if paid and after == "reissue"
    ]
    if again:
        accounts = {line: pseudonym("A", 900 + at) for at, line in enumerate(again)}
        batch = payments.reissue(accounts, "2027-02-15")
        payments.step(batch, "approve", "2027-02-16")
        payments.step(batch, "export", "2027-02-16")
        own = [one.line for one in payments.lines(batch)]
        payments.named(batch, "debit", "2027-02-18", own)
        payments.result(batch, "2027-02-18", dict.fromkeys(own, "paid"))
    return refs


def told(
    fund: Fund, year: int, until: date, named: frozenset[str]
) -> tuple[int, Mapping[str, int]]:
    """Return what a year itself took without one-offs (A1), and what came due by month."""
    one_offs = tuple(
        OneOff(fund=fund.id, voucher=ref, reason="例", document="例信〔2026〕12号")
        for ref in sorted(named)
    )
    rules = load_budget_rules(RULES).model_copy(
        update={"one_offs": one_offs, "patterns": (SEASONAL,)}
    )
    history = fund_history(fund, year, until, rules)
    line = history.lines.get(DIBAO, History())
    spent = history.spent.get(DIBAO, {})
    once_fen = sum(one.one_off_fen for month, one in spent.items() if month[:4] == str(year))
    owed = history.owed_before.get(DIBAO, NOTHING_OWED)
    aside = history.left_out.get(DIBAO, NOTHING_LEFT_OUT)
    own_fen = (
        line.actual_fen
        - once_fen
        - (owed.amount_fen - aside.opening_fen)
        + (line.encumbered_fen - aside.due_fen)
    )
    came = came_due(spent, history.due.get(DIBAO, {}))
    by_month = {month: one.fen - one.one_off_fen for month, one in came.items()}
    return own_fen, {month: fen for month, fen in by_month.items() if fen}


YEARS = ((2026, date(2026, 12, 31)), (2027, date(2027, 1, 31)), (2027, date(2027, 12, 31)))
PLANS = [
    *(((THEN,), (after,)) for after in BECOMES),
    *(((LATE,), (after,)) for after in BECOMES),
    ((THEN, LATE, NEVER), ("", "", "")),
    ((THEN, THEN, LATE), ("reissue", "return", "reissue")),
    ((LATE, THEN, NEVER), ("undo-debit", "give up", "")),
]
EVERY_PLAN = [
    (days, becomes)
    for days in product((THEN, LATE, NEVER), repeat=2)
    for becomes in product(BECOMES, repeat=2)
    if any(days)
]


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    payments = opened(tmp_path_factory.mktemp("without"))
    turned(payments)
    return [told(payments.fund, *year, frozenset()) for year in YEARS]


def holds(root: Path, days: Sequence[str], becomes: Sequence[str], without: Sequence[Told]) -> None:
    """A list is told as a one-off from the first month on whose vouchers are named."""
    payments = opened(root)
    named = once_paid(payments, days, becomes)
    for year, expected in zip(YEARS, without, strict=True):
        if any(day and day <= year[1].isoformat() for day in days):
            assert told(payments.fund, *year, named) == expected


@pytest.mark.parametrize(("days", "becomes"), PLANS)
def test_a_list_that_is_a_one_off_is_as_if_it_had_never_been(
    tmp_path: Path, without: Sequence[Told], days: Sequence[str], becomes: Sequence[str]
) -> None:
    holds(tmp_path, days, becomes, without)


@pytest.mark.soak
@pytest.mark.parametrize(("days", "becomes"), EVERY_PLAN)
def test_every_list_of_two_that_is_a_one_off_is_as_if_it_had_never_been(
    tmp_path: Path, without: Sequence[Told], days: Sequence[str], becomes: Sequence[str]
) -> None:
    holds(tmp_path, days, becomes, without)


@pytest.mark.parametrize("settled_fen", [(30_00, 0), (30_00, 20_00), (0, 20_00), (30_00, 50_00)])
@pytest.mark.parametrize("back_fen", [0, 25_00])
def test_an_advance_that_is_a_one_off_is_as_if_it_had_never_been(
    tmp_path: Path, without: Sequence[Told], settled_fen: tuple[int, int], back_fen: int
) -> None:
    """80 are advanced, and settled in both years; what was not used came back, or is to come."""
    payments = opened(tmp_path)
    fund = payments.fund

    def moved(on: date, event: str, postings: object, advance: str) -> None:
        fund.record(draft(postings, on, event, corrects=advance, cashier=CASHIER))  # type: ignore[arg-type]

    given = draft(drafts.advance(2026, DIBAO, 80_00), date(2026, 12, 5), "advance", cashier=CASHIER)
    (advance,) = fund.record(given).refs
    first_fen, second_fen = settled_fen
    if first_fen:
        settled = drafts.advance_settled(2026, DIBAO, first_fen)
        moved(date(2026, 12, 20), "advance-settle", settled, advance)
    turned(payments)
    if second_fen:
        settled = drafts.advance_settled(2027, DIBAO, second_fen)
        moved(date(2027, 2, 20), "advance-settle", settled, advance)
    if back_fen and first_fen + second_fen + back_fen <= 80_00:
        back = drafts.advance_returned(2027, DIBAO, back_fen)
        moved(date(2027, 2, 21), "advance-return", back, advance)

    assert [told(fund, *year, frozenset({advance})) for year in YEARS] == without


def test_a_reissue_that_alone_is_a_one_off_is_left_out_once(tmp_path: Path) -> None:
    """Three are paid 1,000 to 3,000; the first comes back, and is paid again as a one-off."""
    payments = opened(tmp_path)
    turned(payments)
    people = [entitlement(100 + at, (at + 1) * 1_000_00, "2027-02") for at in range(3)]
    batch, lines = payments.sent(people, "2027-02-03")
    payments.named(batch, "debit", "2027-02-04", lines)
    payments.result(batch, "2027-02-04", dict.fromkeys(lines, "paid"))
    before_fen, _ = told(payments.fund, *YEARS[2], frozenset())
    back = lines[0]
    (fen,) = (one.amount_fen for one in payments.lines(batch) if one.line == back)
    payments.named(batch, "return", "2027-02-10", [back])
    again = payments.reissue({back: pseudonym("A", 900)}, "2027-02-15")
    payments.step(again, "approve", "2027-02-16")
    payments.step(again, "export", "2027-02-16")
    (line,) = (one.line for one in payments.lines(again))
    payments.named(again, "debit", "2027-02-18", [line])
    refs = {one.ref for one in payments.fund.vouchers() if one.date == date(2027, 2, 18)}

    assert told(payments.fund, *YEARS[2], frozenset())[0] == before_fen
    assert told(payments.fund, *YEARS[2], frozenset(refs))[0] == before_fen - fen
