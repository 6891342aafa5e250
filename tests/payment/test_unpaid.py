"""Approved and unpaid (应付未付): reissues too, and what failed and was left."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fundledger.errors import Refused
from fundledger.reconcile import sign, try_out
from support.paidbank import Bank
from support.paying import Payments, entitlement, pseudonym

ON = date.fromisoformat


@pytest.fixture
def payments(tmp_path: Path) -> Payments:
    """A fund that pays a month until its 20th, and once more within ten days."""
    due_day = [{"from": "2025-01-01", "day": 20, "source": "示例"}]
    return Payments(tmp_path, controls={"reissue_days": 10, "due_day": due_day})


def sent(payments: Payments, period: str = "2026-03") -> tuple[str, list[str]]:
    """Send three payments of 500.00 on the 10th."""
    return payments.sent([entitlement(n, period=period) for n in range(3)])


def told(payments: Payments, as_of: str) -> list[tuple[str, str, object, int | None]]:
    """Return batch, due day, number and fen of what is told."""
    found = payments.fund.check(as_of=ON(as_of)).findings
    return [
        (one.subject, str(one.details["due"]), one.details["count"], one.amount_fen)
        for one in found
        if one.code == "FL799"
    ]


def test_what_failed_is_in_progress_for_the_days_of_a_reissue(payments: Payments) -> None:
    """It failed on the 15th: due once more by the 25th."""
    batch, lines = sent(payments)
    payments.result(
        batch, "2026-03-15", dict(zip(lines, ["failed", "failed", "paid"], strict=True))
    )

    assert told(payments, "2026-03-25") == []
    assert told(payments, "2026-03-26") == [(batch, "2026-03-25", 2, 1000_00)]
    payments.named(batch, "cancel", "2026-03-26", lines[:2])
    assert told(payments, "2026-03-31") == []


def test_what_the_bank_keeps_of_a_failure_is_not_the_offices_to_pay(payments: Payments) -> None:
    """Debited and failed, it can be neither reissued nor cancelled before it is credited back."""
    batch, lines = sent(payments)
    payments.step(batch, "debit", "2026-03-11")
    payments.result(batch, "2026-03-15", dict.fromkeys(lines, "failed"))

    assert told(payments, "2026-04-30") == []
    payments.step(batch, "credit-back", "2026-04-30")
    assert told(payments, "2026-05-10") == []
    assert told(payments, "2026-05-11") == [(batch, "2026-05-10", 3, 1500_00)]


def test_what_failed_before_its_due_day_is_due_by_then_at_least(payments: Payments) -> None:
    batch, lines = sent(payments, "2026-04")
    payments.result(batch, "2026-03-15", dict.fromkeys(lines, "failed"))

    assert told(payments, "2026-04-20") == []
    assert told(payments, "2026-04-21") == [(batch, "2026-04-20", 3, 1500_00)]


def returned(payments: Payments) -> tuple[str, list[str]]:
    """Have all of them debited and paid, and two come back on the 18th."""
    batch, lines = sent(payments)
    payments.step(batch, "debit", "2026-03-11")
    payments.result(batch, "2026-03-12", dict.fromkeys(lines, "paid"))
    payments.named(batch, "return", "2026-03-18", lines[:2])
    return batch, lines


def test_for_what_came_back_its_payee_is_looked_for(payments: Payments) -> None:
    returned(payments)

    assert told(payments, "2026-04-30") == []
    assert "FL796" in {one.code for one in payments.fund.check(as_of=ON("2026-04-30")).findings}


def test_a_reissue_is_due_with_what_it_pays_once_more(payments: Payments) -> None:
    """Prepared it is nobody's yet; approved and never sent, or sent and not answered, it counts."""
    _, lines = returned(payments)
    again = payments.reissue({lines[0]: pseudonym("A", "other")}, "2026-03-20")
    (new,) = payments.lines(again)
    assert told(payments, "2026-03-31") == []

    payments.step(again, "approve", "2026-03-20")
    assert told(payments, "2026-03-28") == []
    unpaid = [(again, "2026-03-28", 1, 500_00)]
    assert told(payments, "2026-03-29") == unpaid
    payments.step(again, "export", "2026-03-21")
    assert told(payments, "2026-03-29") == unpaid
    payments.step(again, "debit", "2026-03-22")
    assert told(payments, "2026-03-29") == []
    payments.result(again, "2026-03-23", {new.line: "failed"})
    payments.step(again, "credit-back", "2026-03-23")
    assert told(payments, "2026-04-02") == []
    assert told(payments, "2026-04-03") == [(again, "2026-04-02", 1, 500_00)]


def test_of_a_reissue_each_payment_has_its_own_day(payments: Payments) -> None:
    """One came back on the 18th; another failed on the 15th, and is due on the 25th."""
    batch, lines = sent(payments)
    payments.named(batch, "debit", "2026-03-11", lines[:1])
    payments.result(batch, "2026-03-15", dict(zip(lines, ["paid", "failed", "paid"], strict=True)))
    payments.named(batch, "return", "2026-03-18", lines[:1])
    accounts = {line: pseudonym("A", f"{line} other") for line in lines[:2]}
    again = payments.reissue(accounts, "2026-03-20")
    payments.step(again, "approve", "2026-03-20")

    days = [(again, "2026-03-25", 1, 500_00), (again, "2026-03-28", 1, 500_00)]
    assert told(payments, "2026-03-28") == days[:1]
    assert told(payments, "2026-03-31") == days


def test_what_the_bank_does_not_know_has_its_own_time(payments: Payments) -> None:
    batch, lines = sent(payments)
    payments.result(batch, "2026-03-15", dict.fromkeys(lines, "unknown"))

    assert told(payments, "2026-04-30") == []


def test_where_no_month_has_a_due_day_nothing_is_told(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    batch, lines = sent(payments)
    payments.result(batch, "2026-03-15", dict.fromkeys(lines, "failed"))

    assert told(payments, "2026-12-31") == []


def test_a_month_is_not_signed_until_it_is_paid_again_or_given_up(payments: Payments) -> None:
    batch, lines = sent(payments)
    payments.result(
        batch, "2026-03-15", dict(zip(lines, ["failed", "unknown", "unknown"], strict=True))
    )
    march = Bank(payments).month("2026-03", [])
    trial = try_out(payments.fund, [march])
    assert "FL799" in {finding.code for finding in trial.adjustment.findings}
    with pytest.raises(Refused):
        sign(payments.fund, trial, actor="S05")

    payments.named(batch, "cancel", "2026-04-01", lines[:1])
    sign(payments.fund, try_out(payments.fund, [march]), actor="S05")


def test_a_list_that_is_gone_is_left_to_the_audit(payments: Payments, tmp_path: Path) -> None:
    _, lines = returned(payments)
    again = payments.reissue({lines[0]: pseudonym("A", "other")}, "2026-03-20")
    payments.step(again, "approve", "2026-03-20")
    assert told(payments, "2026-03-31")
    (tmp_path / "dibao" / "lists" / f"{payments.batch(again).list}.csv").unlink()

    assert told(payments, "2026-03-31") == []
