"""A reason says why somebody was not paid, so that what was paid has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundledger.errors import InputInvalid
from fundledger.ledger.batches.outcomes import Outcome
from support.paying import Payments, entitlement


def test_what_was_paid_has_no_reason_why_not(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    batch, lines = payments.sent([entitlement(number, 100_00) for number in range(3)])
    failed, unknown, paid = (
        Outcome(line, said, "2026-03-11", 100_00, "AC04")
        for line, said in zip(lines, ("failed", "unknown", "paid"), strict=True)
    )
    with pytest.raises(InputInvalid) as caught:
        payments.step(batch, "result", "2026-03-11", [failed, unknown, paid])
    told = [(one.code, one.details["field"]) for one in caught.value.findings]
    assert told == [("FL909", "outcomes[2].reason")]
    assert payments.batch(batch).by_state().keys() == {"exported"}

    payments.step(batch, "result", "2026-03-11", [failed, unknown, paid._replace(reason="")])
    books = payments.fund.books()
    stands = [(books.standing_of(line).state, books.standing_of(line).reason) for line in lines]
    assert stands == [("failed", "AC04"), ("unknown", "AC04"), ("paid", "")]
