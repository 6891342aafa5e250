"""What stands for payments is moved by batches alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fundledger.errors import Refused
from fundledger.ledger import drafts
from fundledger.ledger.voucher import Posting
from support.guarded import FEN, led_to
from support.offices import DIBAO, draft
from support.paying import (
    CASHIER,
    Payments,
)


@pytest.fixture
def payments(tmp_path: Path) -> Payments:
    return Payments(tmp_path)


BANK = "Assets:Bank:Dedicated"


ENCUMBERED = "Equity:Budget:2026:Encumbered:CASC:Dibao"


HELD: Mapping[str, tuple[str, ...]] = {
    "Liabilities:SubsidyPayable": ("approve",),
    "Liabilities:InTransit": ("approve", "export"),
    "Liabilities:Returned": ("approve", "export", "debit", "paid", "return"),
    "Assets:DueFrom:Bank": ("approve", "export", "debit", "failed"),
    "Assets:Receivable:Recovery": ("approve", "export", "debit", "paid", "claim-back"),
}


@pytest.mark.parametrize("account", HELD)
@pytest.mark.parametrize("fen", [FEN, 1])
def test_no_voucher_beside_takes_from_a_control_account(
    account: str, fen: int, tmp_path: Path
) -> None:
    payments = Payments(tmp_path)
    led_to(payments, HELD[account])
    sign = 1 if account.startswith("Liabilities:") else -1
    postings = (Posting(account, sign * fen), Posting(BANK, -sign * fen))
    entry = draft(postings, date(2026, 3, 12), "transfer", cashier=CASHIER)

    assert taken(payments, entry) == [(account, FEN, fen)]


@pytest.mark.parametrize("account", HELD)
def test_what_stands_for_no_payment_is_not_told_as_one(account: str, payments: Payments) -> None:
    sign = 1 if account.startswith("Liabilities:") else -1
    postings = (Posting(account, sign), Posting(BANK, -sign))

    assert taken(payments, draft(postings, date(2026, 3, 12), "transfer", cashier=CASHIER)) == []


def taken(payments: Payments, entry: Any) -> list[tuple[object, object, object]]:  # noqa: ANN401 - drafts
    """Return what FL797 tells of a voucher: the account, what it must hold, and what is short."""
    with pytest.raises(Refused) as caught:
        payments.fund.record(entry)
    return [
        (one.details["account"], one.details["needed_fen"], one.details["amount_fen"])
        for one in caught.value.findings
        if one.code == "FL797"
    ]


def test_nothing_beside_releases_what_is_set_aside_for_payments(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    led_to(payments, ["approve"])
    entry = draft(drafts.release(2026, DIBAO, 1), date(2026, 3, 12), "release")

    assert taken(payments, entry) == [(ENCUMBERED, FEN, 1)]


def test_nothing_beside_releases_what_is_set_aside_for_an_advance(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    day = date(2026, 3, 5)
    payments.fund.record(draft(drafts.advance(2026, DIBAO, 70_00), day, "advance", cashier=CASHIER))
    entry = draft(drafts.release(2026, DIBAO, 1), date(2026, 3, 12), "release")
    assert taken(payments, entry) == [(ENCUMBERED, 70_00, 1)]

    led_to(payments, ["approve"])
    assert taken(payments, entry) == [(ENCUMBERED, FEN + 70_00, 1)]


def test_what_was_set_aside_beside_may_be_released(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    led_to(payments, ["approve"])
    day = date(2026, 3, 12)
    payments.fund.record(draft(drafts.encumbrance(2026, DIBAO, 5_00), day, "encumber"))

    over = draft(drafts.release(2026, DIBAO, 5_01), day, "release")
    assert taken(payments, over) == [(ENCUMBERED, FEN, 1)]
    payments.fund.record(draft(drafts.release(2026, DIBAO, 5_00), day, "release"))
