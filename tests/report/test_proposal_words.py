"""An exact amount is printed exactly, or as what it is about."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.report.proposal_words import exact_yuan, shown_input


@pytest.mark.parametrize(
    ("amount_fen", "shown"),
    [
        (Fraction(163_487_50, 100), "1,634.875"),
        (Fraction(1_595_00), "1,595.00"),
        (Fraction(1, 2), "0.005"),
        (Fraction(-1, 4), "-0.0025"),
        (Fraction(128_930_34, 100), "1,289.3034"),
        (Fraction(6_670_00, 11), "≈606.3636"),
        (Fraction(-1, 3), "≈-0.0033"),
    ],
)
def test_a_part_of_a_fen_is_not_rounded_away(amount_fen: Fraction, shown: str) -> None:
    assert exact_yuan(amount_fen) == shown
    assert shown_input("mean_fen", str(amount_fen), "en", bare=True) == shown


@given(st.fractions(-(10**9), 10**9))
def test_it_is_off_by_half_of_the_last_decimal_at_most(amount_fen: Fraction) -> None:
    shown = exact_yuan(amount_fen)
    yuan = Fraction(shown.removeprefix("≈").replace(",", ""))

    assert abs(yuan - amount_fen / 100) <= Fraction(1, 20_000)
    assert shown.startswith("≈") == (yuan != amount_fen / 100)
