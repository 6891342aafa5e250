"""Who was paid last month and is on no list of this one is told, unless it is known why."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundledger.ledger.batches.outcomes import Outcome
from fundledger.payment.gone import gone_without_reason
from support.offices import ILLNESS
from support.paying import Payments, entitlement, pseudonym

FEBRUARY, MARCH, APRIL = "2026-02", "2026-03", "2026-04"


@pytest.fixture
def payments(tmp_path: Path) -> Payments:
    return Payments(tmp_path)


def sent(payments: Payments, *people: int, period: str = FEBRUARY) -> tuple[str, list[str]]:
    """Send a list of a month to the bank, which takes the sum; return its lines by person."""
    batch, lines = payments.sent([entitlement(one, period=period) for one in people])
    payments.step(batch, "debit", "2026-03-11")
    of = {line.person: line.line for line in payments.lines(batch)}
    assert sorted(of.values()) == sorted(lines)
    return batch, [of[pseudonym("P", one)] for one in people]


def paid(payments: Payments, *people: int, period: str = FEBRUARY) -> tuple[str, list[str]]:
    batch, lines = sent(payments, *people, period=period)
    payments.result(batch, "2026-03-12", dict.fromkeys(lines, "paid"))
    return batch, lines


def listed(payments: Payments, *people: int, period: str = MARCH) -> str:
    return payments.prepare([entitlement(one, period=period) for one in people], "2026-03-20")


def told(payments: Payments, batch: str) -> list[tuple[object, object]]:
    books = payments.fund.books()
    return [
        (one.details["count"], one.details["people"])
        for one in gone_without_reason(payments.batch(batch), books)
    ]


def named(*people: int) -> str:
    return ", ".join(sorted(pseudonym("P", one) for one in people))


def test_who_was_paid_and_is_not_listed_is_told_once_for_the_month(payments: Payments) -> None:
    paid(payments, 1, 2, 3)
    batch = listed(payments, 2, 4)
    (found,) = gone_without_reason(payments.batch(batch), payments.fund.books())

    assert (found.code, found.subject, found.gates) == ("FL350", batch, False)
    assert found.severity.value == "note"
    assert "2026-02 领到 CASC:Dibao 款项的 2 人不在 2026-03 的任何清单中" in found.sentence("zh")
    assert told(payments, batch) == [(2, named(1, 3))]


def test_of_many_three_are_named_and_all_are_counted(payments: Payments) -> None:
    paid(payments, 1, 2, 3, 4, 5)

    (found,) = told(payments, listed(payments, 5))
    assert (found[0], str(found[1]).count("P-"), str(found[1])[-3:]) == (4, 3, ", …")


def test_who_is_debited_counts_as_paid_before_the_bank_says_it(payments: Payments) -> None:
    sent(payments, 1, 2)

    assert told(payments, listed(payments, 1)) == [(1, named(2))]


def test_who_is_on_another_list_of_the_month_is_not_gone(payments: Payments) -> None:
    paid(payments, 1, 2)
    first = listed(payments, 1)
    second = listed(payments, 2)

    assert told(payments, first) == told(payments, second) == []
    payments.step(second, "reject", "2026-03-21")
    assert told(payments, first) == [(1, named(2))]
    assert told(payments, second) == []


def test_a_line_that_was_withdrawn_of_a_list_is_a_reason(payments: Payments) -> None:
    paid(payments, 1, 2)
    batch = listed(payments, 1, 2)
    payments.step(batch, "approve", "2026-03-20")
    gone = [line.line for line in payments.lines(batch) if line.person == pseudonym("P", 2)]
    payments.named(batch, "withdraw", "2026-03-20", gone)

    assert told(payments, batch) == []


def test_what_was_asked_back_of_the_month_before_is_a_reason(payments: Payments) -> None:
    batch, lines = paid(payments, 1, 2)
    payments.named(batch, "claim-back", "2026-03-13", [lines[1]])

    assert told(payments, listed(payments, 1)) == []


@pytest.mark.parametrize("step", ["cancel", "unclaimed"])
def test_what_was_given_up_of_the_month_before_is_a_reason(payments: Payments, step: str) -> None:
    batch, lines = paid(payments, 1, 2)
    payments.step(batch, "return", "2026-03-13", [_came_back(lines[1])])
    payments.named(batch, step, "2026-03-14", [lines[1]])

    assert told(payments, listed(payments, 1)) == []


def test_what_was_paid_once_more_is_paid(payments: Payments) -> None:
    batch, lines = paid(payments, 1, 2)
    payments.step(batch, "return", "2026-03-13", [_came_back(lines[1])])
    again = payments.reissue({lines[1]: pseudonym("A", 9)}, "2026-03-14")
    payments.step(again, "approve", "2026-03-14")
    payments.step(again, "export", "2026-03-14")
    next_list = listed(payments, 1)
    assert told(payments, next_list) == []

    payments.step(again, "debit", "2026-03-15")
    assert told(payments, next_list) == [(1, named(2))]


def test_what_is_paid_once_more_leaves_nobody_out(payments: Payments) -> None:
    paid(payments, 1, 2)
    batch, lines = paid(payments, 1, period=MARCH)
    payments.step(batch, "return", "2026-03-13", [_came_back(lines[0])])
    again = payments.reissue({lines[0]: pseudonym("A", 9)}, "2026-03-14")

    assert told(payments, batch) == [(1, named(2))]
    assert told(payments, again) == []


@pytest.mark.parametrize("period", [FEBRUARY, APRIL])
def test_only_the_month_before_counts(payments: Payments, period: str) -> None:
    paid(payments, 1, 2, period=MARCH if period == FEBRUARY else FEBRUARY)

    assert told(payments, listed(payments, 1, period=period)) == []


def test_another_category_has_people_of_its_own(payments: Payments) -> None:
    paid(payments, 1, 2)
    other = payments.prepare([entitlement(3, period=MARCH, line=ILLNESS)], "2026-03-20")

    assert told(payments, other) == []


def _came_back(line: str) -> Outcome:
    return Outcome(line, "return", "2026-03-13", 500_00, "AC04")
