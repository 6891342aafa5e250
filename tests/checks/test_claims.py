"""Claims on other funds: each rests on a payment that stands, and on no more than it spent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fundledger.errors import Refused
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.chart import (
    BANK,
    CARRIED_FORWARD,
    DUE_FROM_FUND,
    PRIOR_YEAR_ADJUSTMENT,
)
from fundledger.ledger.voucher import Draft, credit, debit, numbered
from support.offices import DIBAO, LATE, draft, fund_at, granted

GRANT, PAID, SMALL = "2026-01-0001", "2026-03-0001", "2026-03-0002"
UNION = f"{DUE_FROM_FUND}Union"


@pytest.fixture
def fund(tmp_path: Path) -> Iterator[Fund]:
    """A fund that paid 30.00 and 9.00 on a line, on 5 March."""
    found = fund_at(tmp_path)
    granted(found)
    for fen in (30_00, 9_00):
        found.record(draft(drafts.expense(2026, DIBAO, fen), date(2026, 3, 5), "expense"))
    yield found
    found.close_files()


def claim(fen: int, paid_by: str | None = PAID, on: date = date(2026, 3, 9)) -> Draft:
    postings = drafts.claimed(2026, DIBAO, "Union", fen)
    return draft(postings, on, "interfund", corrects=paid_by)


def reason(fund: Fund, *many: Draft) -> list[str]:
    found = fund.examine(many)
    return [f.details["reason"] for f in found if f.code == "FL341"]


def red(fund: Fund, ref: str, on: date = date(2026, 3, 10)) -> Draft:
    original = fund.books().voucher(ref)
    assert original is not None
    return drafts.reversal(original, on, "S03", "S01")


def test_a_claim_names_a_payment_that_stands_before_it(fund: Fund) -> None:
    assert reason(fund, claim(1, None)) == ["unnamed"]
    assert reason(fund, claim(1, "2026-03-0099")) == ["missing"]
    assert reason(fund, claim(1, GRANT)) == ["not-payment"]
    assert reason(fund, claim(1, on=date(2026, 3, 4))) == ["before-payment"]
    assert reason(fund, claim(30_00)) == []
    fund.record(red(fund, PAID))
    assert reason(fund, claim(1, on=date(2026, 3, 11))) == ["undone"]


def test_a_claim_without_its_payment_is_told_in_whole_sentences(fund: Fund) -> None:
    def said(draft: Draft) -> tuple[str, str]:
        (told,) = [f for f in fund.examine(draft) if f.code == "FL341"]
        assert "例如 2026-03-0007；用 fundledger journal dibao 查找" in told.remedy("zh")
        return told.sentence("zh"), told.sentence("en")

    unnamed_zh, unnamed_en = said(claim(1, None))
    assert unnamed_zh == (
        "凭证 2026-03-0003（0.01 元）与付款凭证（未写明）不合：列应收须写明本基金付款的是哪张凭证。"
    )
    assert unnamed_en == (
        "The voucher 2026-03-0003 (0.01 yuan) does not go with the payment (none named): "
        "a claim names the voucher by which this fund paid."
    )
    missing_zh, missing_en = said(claim(1, "2026-03-0099"))
    assert missing_zh.endswith("与付款凭证（2026-03-0099）不合：此前没有记过这张凭证。")
    assert missing_en.endswith("the payment (2026-03-0099): no such voucher was recorded before.")


def test_claims_on_one_payment_come_to_no_more_than_it(fund: Fund) -> None:
    assert reason(fund, claim(30_01)) == ["beyond"]
    assert reason(fund, claim(20_00), claim(10_01)) == ["beyond", "beyond"]
    fund.record(claim(20_00))
    assert reason(fund, claim(10_01)) == ["beyond"]
    assert reason(fund, claim(9_00, SMALL)) == []

    fund.reverse("2026-03-0003", on=date(2026, 3, 10), maker="S03", reviewer="S01")
    assert reason(fund, claim(30_00)) == []


def test_a_claim_that_is_put_right_rests_on_the_same_payment(fund: Fund) -> None:
    fund.record(claim(20_00))
    right = replace(claim(30_01), corrects=None)
    with pytest.raises(Refused) as caught:
        fund.correct("2026-03-0003", right)
    assert {f.code for f in caught.value.findings if f.gates} == {"FL341"}

    fund.correct("2026-03-0003", replace(claim(29_00), corrects=None))
    assert reason(fund, claim(1_01)) == ["beyond"]
    assert reason(fund, claim(1_00)) == []


def test_nothing_else_is_put_right_into_a_claim(fund: Fund) -> None:
    for ref, why in ((PAID, "undone"), ("2026-01-0001", "not-payment")):
        right = replace(claim(1), event="correction", corrects=ref)
        assert reason(fund, red(fund, ref), right) == [why]


def test_a_payment_on_which_a_claim_rests_is_not_reversed(fund: Fund) -> None:
    fund.record(claim(20_00))
    fund.record(claim(5_00))
    assert reason(fund, red(fund, PAID)) == ["claimed"]
    (told,) = [f for f in fund.examine(red(fund, PAID)) if f.code == "FL341"]
    assert told.sentence("zh") == (
        "凭证 2026-03-0005（25.00 元）与付款凭证（2026-03-0001）不合："
        "以它为依据的应收其他基金尚未冲销，不能冲销它；应收凭证：2026-03-0003, 2026-03-0004。"
    )
    assert told.sentence("en").endswith("reversed before them: 2026-03-0003, 2026-03-0004.")
    claims = (red(fund, "2026-03-0003"), red(fund, "2026-03-0004"))
    assert reason(fund, *claims, red(fund, PAID)) == []


def test_a_payment_with_claims_was_not_corrected_before(fund: Fund) -> None:
    fund.record(claim(20_00))
    right = draft(drafts.expense(2026, DIBAO, 29_00), date(2026, 3, 12), "expense")
    with pytest.raises(Refused) as caught:
        fund.correct(PAID, right)
    assert [f.details["reason"] for f in caught.value.findings if f.gates] == ["claimed"]

    fund.correct("2026-03-0003", replace(claim(10_00), corrects=None))
    with pytest.raises(Refused) as caught:
        fund.correct(PAID, right)
    assert [f.details["reason"] for f in caught.value.findings if f.gates] == ["claimed"]


def test_a_claim_that_was_put_right_is_not_put_right_again(fund: Fund) -> None:
    fund.record(claim(20_00))
    fund.correct("2026-03-0003", replace(claim(10_00), corrects=None))
    again = replace(claim(5_00), event="correction", corrects="2026-03-0003")
    found = fund.examine(again)
    assert [f.details["reason"] for f in found if f.code == "FL313"] == ["already-corrected"]


def test_two_vouchers_of_one_record_do_not_both_correct_one(fund: Fund) -> None:
    right = draft(
        drafts.expense(2026, DIBAO, 8_00), date(2026, 3, 12), "correction", corrects=SMALL
    )
    undoing = drafts.reversal(numbered(right, 4), date(2026, 3, 13), "S03", "S01")
    for many in ((right, right), (right, right, undoing)):
        found = fund.examine((red(fund, SMALL), *many))
        assert [f.voucher for f in found if f.code == "FL313"] == ["2026-03-0005"]


def test_what_is_claimed_of_an_earlier_year_rests_on_a_payment_too(fund: Fund) -> None:
    later = date(2027, 2, 3)
    lines = (debit(UNION, 30_00), credit(PRIOR_YEAR_ADJUSTMENT, 30_00))
    assert reason(fund, claim(1, on=later)) == ["other-year"]
    assert reason(fund, draft(lines, later, "correction", corrects=GRANT)) == ["not-payment"]
    assert reason(fund, draft(lines, later, "correction", corrects=PAID)) == []

    fund.record(claim(20_00))
    found = fund.examine(draft(lines, later, "correction", corrects=PAID))
    assert [f.details["reason"] for f in found if f.code == "FL313"] == ["beyond-original"]


def test_what_is_settled_names_no_payment(fund: Fund) -> None:
    fund.record(claim(20_00))
    back = (debit(BANK, 20_00), credit(UNION, 20_00))
    named = draft(back, date(2026, 3, 12), "interfund", corrects=PAID)
    assert "FL313" in [f.code for f in fund.examine(named)]
    fund.record(replace(named, corrects=None))
    assert [f.code for f in fund.check(LATE.date()).findings if f.gates] == []


def test_a_voucher_whose_correction_was_corrected_is_corrected_only_once(fund: Fund) -> None:
    right = draft(drafts.expense(2026, DIBAO, 29_00), date(2026, 3, 12), "expense")
    fund.correct(PAID, right)
    fund.correct("2026-03-0004", replace(right, narration="再次更正"))
    again = replace(right, event="correction", corrects=PAID)
    found = fund.examine(again)
    assert [f.details["reason"] for f in found if f.code == "FL313"] == ["already-corrected"]


@pytest.fixture
def later(tmp_path: Path) -> Iterator[Fund]:
    """A fund that paid 100.00 in 2025 and claimed 60.00 of it that year."""
    found = fund_at(tmp_path)
    granted(found, year=2025)
    paid = draft(drafts.expense(2025, DIBAO, 100_00), date(2025, 10, 5), "expense")
    (ref,) = found.record(paid).refs
    postings = drafts.claimed(2025, DIBAO, "Union", 60_00)
    found.record(draft(postings, date(2025, 10, 9), "interfund", corrects=ref))
    yield found
    found.close_files()


def adjusted(fen: int, corrects: str, **more: str | None) -> Draft:
    postings = (debit(UNION, fen), credit(PRIOR_YEAR_ADJUSTMENT, fen))
    return draft(postings, date(2026, 3, 2), "correction", corrects=corrects, **more)


@pytest.mark.parametrize("ref", ["2025-10-0001", "2025-10-0002"])
def test_a_claim_of_an_earlier_year_is_no_way_to_claim_a_payment_twice(
    later: Fund, ref: str
) -> None:
    assert reason(later, adjusted(40_01, ref)) == ["beyond"]
    assert reason(later, adjusted(40_00, ref)) == []
    later.record(adjusted(40_00, ref))
    assert reason(later, adjusted(1, "2025-10-0002")) == ["beyond"]
    assert reason(later, adjusted(1, "2025-10-0001")) == ["beyond"]


def test_a_claim_out_of_a_corrected_opening_names_its_approval(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    opening = (debit(BANK, 10_00), credit(CARRIED_FORWARD, 10_00))
    fund.record(draft(opening, date(2026, 1, 1), "opening"))
    right = (debit(UNION, 5_00), *opening, credit(CARRIED_FORWARD, 5_00))
    one = draft(right, date(2026, 3, 2), "correction", corrects="2026-01-0001")
    undone = red(fund, "2026-01-0001", date(2026, 3, 2))

    assert reason(fund, undone, one) == ["undecided"]
    assert reason(fund, undone, replace(one, approval="示纪〔2026〕9号")) == []
    fund.close_files()
