"""An amount is yuan in text or fen by that name, and nothing is taken for the other."""

from __future__ import annotations

from decimal import Decimal

import pytest

import fundledger
from fundledger.errors import InvalidAmount
from fundledger.ledger import drafts, voucher


def test_yuan_are_text_and_fen_are_named() -> None:
    assert fundledger.debit("A", "120000.5") == fundledger.debit("A", fen=12_000_050)
    assert fundledger.credit("A", "0.01").signed_fen == -1
    assert fundledger.debit("A", "-3.00") == fundledger.debit("A", fen=-300)
    assert fundledger.debit("A", fen=-300).red
    assert fundledger.credit("A", fen=-300).amount_fen == -300


@pytest.mark.parametrize("amount", [500, True, 5.0, Decimal("5.00"), None, b"5.00"])
def test_a_bare_number_is_refused_for_it_may_be_either(amount: object) -> None:
    for side in (fundledger.debit, fundledger.credit):
        with pytest.raises(InvalidAmount) as refusal:
            side("A", amount)  # type: ignore[call-overload]
        assert refusal.value.codes == ("FL952",)
        assert "fen=" in refusal.value.findings[0].remedy("en")
        assert "fen=" in refusal.value.findings[0].remedy("zh")


@pytest.mark.parametrize("amount", ["500", True, 5.0, Decimal(500)])
def test_fen_are_whole_numbers_only(amount: object) -> None:
    for call in (
        lambda: fundledger.debit("A", fen=amount),  # type: ignore[call-overload]
        lambda: voucher.credit("A", amount),  # type: ignore[arg-type]
        lambda: drafts.donation(amount),  # type: ignore[arg-type]
    ):
        with pytest.raises(InvalidAmount) as refusal:
            call()
        assert refusal.value.codes == ("FL952",)


def test_both_at_once_is_one_too_many() -> None:
    with pytest.raises(InvalidAmount, match="FL952"):
        fundledger.debit("A", "5.00", fen=500)  # type: ignore[call-overload]


@pytest.mark.parametrize("text", ["1,000.00", "5元", "1.005", "1e3", ""])
def test_text_that_is_no_amount_is_refused_as_ever(text: str) -> None:
    with pytest.raises(InvalidAmount, match="FL901"):
        fundledger.credit("A", text)
