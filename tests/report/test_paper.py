"""Vouchers on paper: what another voucher is to one is called by its name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fundledger.ledger import drafts
from fundledger.ledger.voucher import numbered
from fundledger.report.paper import voucher_paper
from support.offices import DIBAO, draft, fund_at, granted

PAID = "2026-03-0001"


@pytest.mark.parametrize(
    ("event", "zh", "en"),
    [
        ("interfund", f"付款凭证：{PAID}", f"Paid by: {PAID}"),
        ("correction", f"订正原凭证：{PAID}", f"Corrects: {PAID}"),
    ],
)
def test_a_claim_shows_the_payment_that_it_rests_on(
    tmp_path: Path, event: str, zh: str, en: str
) -> None:
    fund = fund_at(tmp_path)
    granted(fund)
    lines = drafts.claimed(2026, DIBAO, "Union", 5_00)
    voucher = numbered(draft(lines, date(2026, 3, 9), event, corrects=PAID), 2)
    chart = fund.books().accounts

    assert [line for line in voucher_paper(voucher, chart, "zh") if PAID in line] == [zh]
    assert [line for line in voucher_paper(voucher, chart, "en") if PAID in line] == [en]
