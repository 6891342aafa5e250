"""Vouchers that say the same are told, however the words were typed, and however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.findings import Finding
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.twins import plain_narration
from fundledger.ledger.voucher import Draft
from support.offices import draft, fund_at
from support.paying import Payments, entitlement


@pytest.fixture
def fund(tmp_path: Path) -> Iterator[Fund]:
    found = fund_at(tmp_path)
    yield found
    found.close_files()


def gift(narration: str) -> Draft:
    return replace(draft(drafts.donation(5_00)), narration=narration)


def twins(fund: Fund) -> list[Finding]:
    return [finding for finding in fund.check().findings if finding.code == "FL343"]


@pytest.mark.parametrize("again", ["收到3月捐款 ", "收到 3 月捐款", "收到３月捐款"])
def test_blanks_and_widths_do_not_make_another_narration(fund: Fund, again: str) -> None:
    fund.record(gift("收到3月捐款"))

    receipt = fund.record(gift(again))

    told = fund.twins([voucher for record in fund.records() for voucher in record.vouchers][-1:])
    assert [(f.voucher, f.details["refs"]) for f in told] == [(receipt.refs[0], "2026-03-0001")]
    assert [(f.voucher, f.details["refs"]) for f in twins(fund)] == [
        (receipt.refs[0], "2026-03-0001")
    ]


def test_another_word_does(fund: Fund) -> None:
    fund.record(gift("收到3月捐款"))
    fund.record(gift("收到4月捐款"))

    assert twins(fund) == []


def test_the_last_of_many_is_told_like_the_first(fund: Fund) -> None:
    fund.record([gift("收到捐款")] * 3_002 + [gift("末笔"), gift("末 笔")])

    assert [(f.voucher, f.details["count"]) for f in twins(fund)] == [
        ("2026-03-3002", 3_002),
        ("2026-03-3004", 2),
    ]


def test_payments_of_one_batch_that_are_alike_are_no_twins(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    batch, lines = payments.sent([entitlement("one"), entitlement("another")])
    for line in lines:
        payments.named(batch, "debit", "2026-03-11", [line])
    debits = [v for v in payments.fund.vouchers() if v.event == "batch-debit"]

    assert debits[0].postings == debits[1].postings
    assert payments.fund.twins(debits[1:]) == []
    assert twins(payments.fund) == []
    payments.fund.close_files()


@given(st.text())
def test_a_plain_narration_is_what_normal_forms_make_it(text: str) -> None:
    assert plain_narration(text) == "".join(normalize("NFKC", text).split())


def test_every_sign_alone_is_what_normal_forms_make_it() -> None:
    signs = map(chr, [*range(0xD800), *range(0xE000, 0x110000)])

    assert [s for s in signs if plain_narration(s) != "".join(normalize("NFKC", s).split())] == []
