"""What a year owes for the years before it is none of its own, whatever becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from fundledger.budget.facts import NOTHING_OWED, Owed
from fundledger.budget.history import fund_history
from fundledger.budget.movements import Movements
from fundledger.budget.owed import due_by_month, owed_before
from fundledger.budget.spending import memo_of, spent_by_month
from fundledger.ledger import drafts
from fundledger.ledger.voucher import Draft, Voucher, credit, debit, numbered
from fundledger.office import Office
from fundledger.reader import Reader
from support.budgets import RULES
from support.offices import DIBAO, ILLNESS, draft, granted
from support.paying import CASHIER, MAKER, REVIEWER, Payments, entitlement, pseudonym, year_closed

END = date(2026, 12, 31)


def vouchers(*many: Draft) -> list[Voucher]:
    return [numbered(one, number) for number, one in enumerate(many, 1)]


def test_only_what_is_encumbered_at_an_opening_was_owed_for_the_year_before() -> None:
    day = date(2026, 1, 1)
    brought = drafts.budget_account(2026, "BroughtForward", DIBAO)
    many = [
        draft(
            (debit(drafts.budget_account(2026, kind, line), fen), credit(brought, fen)), day, event
        )
        for kind, line, event, fen in (
            ("Encumbered", DIBAO, "opening", 3_00),
            ("Encumbered", DIBAO, "year-opening", 4_00),
            ("Encumbered", ILLNESS, "year-opening", 5_00),
            ("Available", DIBAO, "year-opening", 6_00),
        )
    ]
    later = draft(drafts.encumbrance(2026, DIBAO, 9_00), date(2026, 2, 1), "encumber")
    owed = {DIBAO: Owed(7_00), ILLNESS: Owed(5_00)}

    assert owed_before(Movements(vouchers(*many, later), END), 2026) == owed
    assert owed_before(Movements(vouchers(*many, later), END), 2025) == {}
    assert owed_before(Movements(vouchers(*many), date(2025, 12, 31)), 2026) == {}


@pytest.mark.parametrize(("released_fen", "of_before_fen"), [(2_00, 2_00), (9_00, 7_00)])
def test_what_is_released_is_of_the_opening_first(released_fen: int, of_before_fen: int) -> None:
    account = drafts.budget_account(2026, "Encumbered", DIBAO)
    brought = drafts.budget_account(2026, "BroughtForward", DIBAO)
    opening = draft((debit(account, 7_00), credit(brought, 7_00)), date(2026, 1, 1), "opening")
    free = draft(drafts.release(2026, DIBAO, released_fen), date(2026, 2, 1), "release")

    assert owed_before(Movements(vouchers(opening, free), END), 2026) == {
        DIBAO: Owed(7_00, 0, of_before_fen)
    }


def test_what_was_owed_when_an_earlier_year_was_opened_is_not_asked() -> None:
    many = [
        draft(
            (
                debit(drafts.budget_account(year, "Encumbered", DIBAO), fen),
                credit(drafts.budget_account(year, "BroughtForward", DIBAO), fen),
            ),
            date(year, 1, 1),
            "year-opening",
        )
        for year, fen in ((2025, 5_00), (2026, 7_00))
    ]
    free = draft(drafts.release(2026, DIBAO, 1_00), date(2026, 2, 1), "release")

    assert owed_before(Movements(vouchers(*many, free), END), 2026) == {DIBAO: Owed(7_00, 0, 1_00)}


def test_a_correction_that_was_forged_to_correct_itself_ends() -> None:
    paid = draft(drafts.expense(2026, DIBAO, 5_00), date(2026, 3, 5), "expense")
    forged = replace(paid, event="correction", corrects="2026-03-0001")
    movements = Movements(vouchers(forged), END)

    assert owed_before(movements, 2026) == {}
    assert due_by_month(movements, {DIBAO}) == {}


def test_what_a_batch_gave_up_is_not_released_a_second_time() -> None:
    account = drafts.budget_account(2026, "Encumbered", DIBAO)
    brought = drafts.budget_account(2026, "BroughtForward", DIBAO)
    lapsed = drafts.budget_account(2026, "Lapsed", DIBAO)
    many = vouchers(
        draft(drafts.encumbrance(2025, DIBAO, 3_00), date(2025, 12, 1), "batch-approve"),
        draft((debit(account, 7_00), credit(brought, 7_00)), date(2026, 1, 1), "opening"),
        draft((debit(lapsed, 3_00), credit(account, 3_00)), date(2026, 2, 1), "batch-cancel"),
        draft(drafts.release(2026, DIBAO, 9_00), date(2026, 3, 1), "release"),
    )

    assert owed_before(Movements(many, date(2026, 1, 31)), 2026) == {DIBAO: Owed(7_00)}
    assert owed_before(Movements(many, date(2026, 2, 1)), 2026) == {DIBAO: Owed(7_00, 0, 3_00)}
    assert owed_before(Movements(many, END), 2026) == {DIBAO: Owed(7_00, 0, 7_00)}


class Turn(NamedTuple):
    """A fund over the turn of a year, and the batches that were paid, late and given up."""

    payments: Payments
    paid: str
    late: str
    given_up: str


def at_the_turn(root: Path) -> Turn:
    """Return a fund that owes two payments of 2026 when that year is over, and has paid one."""
    payments = Payments(root)
    made = [
        payments.sent([entitlement(person, (person + 1) * 100_00, "2026-12")], "2026-12-20")
        for person in range(3)
    ]
    (paid, paid_lines), (late, late_lines), (given_up, lines) = made
    payments.result(paid, "2026-12-22", {paid_lines[0]: "paid"})
    payments.named(paid, "debit", "2026-12-22", paid_lines)
    payments.result(late, "2026-12-22", {late_lines[0]: "paid"})
    payments.result(given_up, "2026-12-22", {lines[0]: "failed"})
    year_closed(payments.fund)
    return Turn(payments, paid, late, given_up)


NEW_YEAR_END = date(2027, 12, 31)


def own_fen(payments: Payments) -> int:
    """What 2027 itself took: paid, less what was owed for 2026, and what is due."""
    history = fund_history(payments.fund, 2027, NEW_YEAR_END)
    line = history.lines[DIBAO]
    before = history.owed_before.get(DIBAO, NOTHING_OWED)
    return line.actual_fen - before.amount_fen + line.encumbered_fen


def lines_of(payments: Payments, batch: str) -> list[str]:
    return [line.line for line in payments.lines(batch)]


def test_what_was_owed_for_the_year_before_is_none_of_this_year_paid_or_not(
    tmp_path: Path,
) -> None:
    payments, _, late, given_up = at_the_turn(tmp_path)
    assert own_fen(payments) == 0

    payments.named(late, "debit", "2027-01-05", lines_of(payments, late))
    assert own_fen(payments) == 0

    payments.named(given_up, "cancel", "2027-01-06", lines_of(payments, given_up))
    assert own_fen(payments) == 0
    history = fund_history(payments.fund, 2027, NEW_YEAR_END)
    assert history.owed_before == {DIBAO: Owed(500_00, 0, 300_00)}
    assert history.lines[DIBAO].actual_fen == 200_00


@pytest.mark.parametrize("step", ["return", "take-back"])
def test_what_the_year_before_paid_and_is_paid_again_is_none_of_this_year(
    step: str, tmp_path: Path
) -> None:
    payments, paid, late, given_up = at_the_turn(tmp_path)
    payments.named(given_up, "cancel", "2027-01-06", lines_of(payments, given_up))
    payments.named(late, "debit", "2027-01-05", lines_of(payments, late))
    (line,) = lines_of(payments, paid)
    payments.named(paid, step, "2027-01-10", [line])
    assert own_fen(payments) == 0

    again = payments.reissue({line: pseudonym("A", "another")}, "2027-01-11")
    payments.step(again, "approve", "2027-01-12")
    payments.step(again, "export", "2027-01-12")
    assert own_fen(payments) == 0
    (reissued,) = lines_of(payments, again)
    payments.named(again, "debit", "2027-01-13", [reissued])
    payments.result(again, "2027-01-13", {reissued: "paid"})
    assert own_fen(payments) == 0
    history = fund_history(payments.fund, 2027, NEW_YEAR_END)
    assert history.owed_before == {DIBAO: Owed(500_00, 100_00, 300_00)}
    assert history.lines[DIBAO].actual_fen == 300_00


def test_what_came_back_of_the_year_before_and_never_did_is_as_if_it_had_not(
    tmp_path: Path,
) -> None:
    payments, paid, _, _ = at_the_turn(tmp_path)
    (line,) = lines_of(payments, paid)
    payments.named(paid, "return", "2027-01-10", [line])
    payments.named(paid, "undo-return", "2027-01-11", [line])

    assert own_fen(payments) == 0
    history = fund_history(payments.fund, 2027, NEW_YEAR_END)
    assert history.owed_before == {DIBAO: Owed(500_00)}


def test_what_this_year_gives_up_of_its_own_was_not_owed_before(tmp_path: Path) -> None:
    payments, *_ = at_the_turn(tmp_path)
    granted(payments.fund, 1_000_00, 2027)
    batch, lines = payments.sent([entitlement(9, 70_00, "2027-01")], "2027-01-20")
    assert own_fen(payments) == 70_00

    payments.result(batch, "2027-01-22", {lines[0]: "failed"})
    payments.named(batch, "cancel", "2027-01-23", lines)
    assert own_fen(payments) == 0


@pytest.mark.parametrize("year", [2026, 2027])
def test_an_advance_that_comes_back_was_owed_before_only_if_it_is_of_the_year_before(
    year: int, tmp_path: Path
) -> None:
    payments = Payments(tmp_path)
    fund = payments.fund

    def advances() -> str:
        on = date(year, 12 if year == 2026 else 2, 20)
        given = draft(drafts.advance(year, DIBAO, 80_00), on, "advance", cashier=CASHIER)
        return fund.record(given).refs[0]

    advance = advances() if year == 2026 else ""
    year_closed(fund)
    granted(fund, 1_000_00, 2027)
    advance = advance or advances()
    assert own_fen(payments) == (0 if year == 2026 else 80_00)

    unused = drafts.advance_returned(2027, DIBAO, 80_00)
    back = draft(unused, date(2027, 3, 1), "advance-return", corrects=advance, cashier=CASHIER)
    (ref,) = fund.record(back).refs
    assert own_fen(payments) == 0
    fund.reverse(ref, on=date(2027, 3, 2), maker=MAKER, reviewer=REVIEWER)
    assert own_fen(payments) == (0 if year == 2026 else 80_00)


def encumbered_alone(payments: Payments, fen: int, on: date) -> None:
    """Encumber something outside of batches."""
    payments.fund.record(draft(drafts.encumbrance(on.year, DIBAO, fen), on, "encumber"))


def released(payments: Payments, fen: int, on: date) -> str:
    (ref,) = payments.fund.record(draft(drafts.release(on.year, DIBAO, fen), on, "release")).refs
    return ref


def test_what_batches_hold_of_an_opening_is_never_what_is_released(tmp_path: Path) -> None:
    """500 are held by batches when 2027 begins; the 900 of 2027 itself are released again."""
    payments, *_ = at_the_turn(tmp_path)
    granted(payments.fund, 1_000_00, 2027)
    encumbered_alone(payments, 900_00, date(2027, 1, 5))
    assert own_fen(payments) == 900_00

    released(payments, 900_00, date(2027, 1, 6))
    assert own_fen(payments) == 0


def test_what_is_corrected_is_what_it_corrects(tmp_path: Path) -> None:
    """Of 700 that were owed, 300 are released, which is corrected to 200."""
    payments = Payments(tmp_path)
    encumbered_alone(payments, 700_00, date(2026, 12, 1))
    year_closed(payments.fund)
    ref = released(payments, 300_00, date(2027, 1, 5))
    assert own_fen(payments) == 0

    wrong = payments.fund.books().voucher(ref)
    assert wrong is not None
    day = date(2027, 1, 6)
    right = draft(drafts.release(2027, DIBAO, 200_00), day, "correction", corrects=ref)
    payments.fund.record((drafts.reversal(wrong, day, MAKER, REVIEWER), right))
    assert own_fen(payments) == 0
    history = fund_history(payments.fund, 2027, NEW_YEAR_END)
    assert history.owed_before == {DIBAO: Owed(700_00, 0, 200_00)}


def months_fen(fund: Reader, year: int, until: date) -> dict[tuple[str, str], int]:
    """What the months of a year add up to, as each line came to owe it."""
    vouchers = list(fund.vouchers())
    spent = spent_by_month(Movements(vouchers, until))
    due = due_by_month(Movements(vouchers, until), {*spent, DIBAO})
    lines = {*spent, *due}
    months = {line: {**dict.fromkeys(due.get(line, {}), 0)} for line in lines}
    for line in lines:
        for month, own in spent.get(line, {}).items():
            months[line][month] = own.fen
        for month, fen in due.get(line, {}).items():
            months[line][month] += fen
    return {line: sum(fen for at, fen in own.items() if at[:4] == str(year))
            for line, own in months.items()}  # fmt: skip


@pytest.mark.parametrize(
    ("year", "until"), [(2025, date(2025, 12, 31)), (2026, date(2026, 10, 31))]
)
def test_the_months_as_they_came_to_be_owed_are_what_the_year_itself_took(
    year: int, until: date
) -> None:
    """A - R at the opening + R at the cut-off, line by line of the example's funds."""
    office = Office(RULES.parent)
    for name in office.fund_ids:
        fund = office.fund(name)
        history = fund_history(fund, year, until)
        free = {
            memo.line
            for one in fund.vouchers()
            if one.event == "release"
            for posting in one.postings
            if (memo := memo_of(posting.account))
        }
        own = months_fen(fund, year, until)
        for line, of_line in history.lines.items():
            before = history.owed_before.get(line, NOTHING_OWED)
            took_fen = of_line.actual_fen - before.amount_fen + of_line.encumbered_fen
            assert line in free or own.get(line, 0) == took_fen


def test_they_are_it_over_the_turn_of_a_year_too(tmp_path: Path) -> None:
    payments, paid, late, given_up = at_the_turn(tmp_path)
    assert months_fen(payments.fund, 2026, date(2026, 12, 31)) == {DIBAO: 600_00}
    payments.named(given_up, "cancel", "2027-01-06", lines_of(payments, given_up))
    payments.named(late, "debit", "2027-01-07", lines_of(payments, late))
    payments.named(paid, "return", "2027-01-08", lines_of(payments, paid))
    granted(payments.fund, 1_000_00, 2027)
    payments.sent([entitlement(9, 70_00, "2027-01")], "2027-01-20")

    assert months_fen(payments.fund, 2027, NEW_YEAR_END) == {DIBAO: 70_00}


def test_what_comes_due_after_a_day_is_not_due_by_then(tmp_path: Path) -> None:
    payments, _, late, given_up = at_the_turn(tmp_path)
    payments.named(late, "debit", "2027-01-05", lines_of(payments, late))
    payments.named(given_up, "cancel", "2027-01-06", lines_of(payments, given_up))
    vouchers = list(payments.fund.vouchers())
    for day in (date(2026, 12, 19), date(2026, 12, 20), date(2026, 12, 22), date(2027, 1, 5)):
        known = [one for one in vouchers if one.date <= day]
        assert due_by_month(Movements(vouchers, day), {DIBAO}) == due_by_month(
            Movements(known, NEW_YEAR_END), {DIBAO}
        )
    assert due_by_month(Movements(vouchers, NEW_YEAR_END), set()) == {}
