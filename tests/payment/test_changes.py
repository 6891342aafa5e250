"""Who is gone is whom no batch of the month pays."""

from __future__ import annotations

from pathlib import Path

from fundledger.payment.changes import changes_of
from support.paying import Payments, entitlement, pseudonym


def test_whom_another_batch_pays_is_not_gone_until_that_payment_is_given_up(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    payments.sent([entitlement(one, period="2026-02") for one in (1, 2)])
    first = payments.prepare([entitlement(1)], "2026-03-20")

    def gone() -> tuple[str, ...]:
        (found,) = changes_of(payments.batch(first), payments.fund.books())
        return found.dropped

    assert gone() == (pseudonym("P", 2),)
    other, (line,) = payments.sent([entitlement(2)], "2026-03-20")
    assert gone() == ()
    payments.result(other, "2026-03-21", {line: "failed"})
    assert gone() == ()
    payments.named(other, "cancel", "2026-03-22", [line])
    assert gone() == (pseudonym("P", 2),)
