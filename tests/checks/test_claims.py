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
from fundledger.ledger.chart import BANK, DUE_FROM_FUND, PRIOR_YEAR_ADJUSTMENT
from fundledger.ledger.voucher import Draft, credit, debit
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
    assert reason(fund, claim(1, None)) == ["missing"]
    assert reason(fund, claim(1, "2026-03-0099")) == ["missing"]
    assert reason(fund, claim(1, GRANT)) == ["not-payment"]
    assert reason(fund, claim(1, on=date(2026, 3, 4))) == ["before-payment"]
    assert reason(fund, claim(30_00)) == []
    fund.record(red(fund, PAID))
    assert reason(fund, claim(1, on=date(2026, 3, 11))) == ["undone"]


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
    assert reason(fund, red(fund, PAID)) == ["claimed"]
    assert reason(fund, red(fund, "2026-03-0003"), red(fund, PAID)) == []


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
