"""What is carried into the budget's year: lot by lot, without what has to go back by then."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.budget.carried import due_back_fen, lots_until, usable_carry_over
from fundledger.budget.movements import Movements
from fundledger.ledger.lots import Lot, lots_by_line
from fundledger.office import Office
from support.budgets import RULES

LOTS = (
    Lot(2024, opening_fen=100_00, spent_fen=40_00),
    Lot(2025, opening_fen=50_00),
    Lot(2026, income_fen=70_00),
)


@pytest.fixture(scope="module")
def office() -> Office:
    return Office(RULES.parent)


@pytest.mark.parametrize("day", ["2025-06-30", "2025-12-31", "2026-01-01", "2026-10-31"])
def test_the_lots_of_the_vouchers_are_those_of_the_books(office: Office, day: str) -> None:
    as_of = date.fromisoformat(day)
    for name in office.fund_ids:
        fund = office.fund(name)
        assert lots_until(Movements(fund.vouchers(), as_of)) == lots_by_line(fund.books(), as_of)


@pytest.mark.parametrize(
    ("year", "used_fen", "due_fen"),
    [
        (2026, Fraction(0), 0),
        (2027, Fraction(0), 60_00),
        (2027, Fraction(25_00), 35_00),
        (2027, Fraction(4999, 2), Fraction(7001, 2)),
        (2027, Fraction(60_00), 0),
        (2027, Fraction(-5_00), 60_00),
        (2028, Fraction(70_00), 40_00),
    ],
)
def test_money_of_2024_is_a_surplus_from_2027_on(
    year: int, used_fen: Fraction, due_fen: Fraction
) -> None:
    """60 are left of 2024; two years carried over, it goes back unless it is used before."""
    assert due_back_fen(LOTS, used_fen, year, 2) == due_fen


@given(
    st.lists(st.builds(Lot, st.integers(2020, 2026), st.integers(-9_00, 90_00)), max_size=6),
    st.fractions(0, 300_00),
)
def test_no_more_goes_back_than_is_old_and_left(lots: list[Lot], used_fen: Fraction) -> None:
    lots.sort(key=lambda lot: lot.origin)
    due_fen = due_back_fen(lots, used_fen, 2027, 2)
    old_fen = sum(max(lot.open_fen, 0) for lot in lots if lot.origin < 2025)

    assert 0 <= due_fen <= old_fen
    assert due_fen == max(old_fen - used_fen, 0)
    assert due_back_fen(lots, used_fen, 2027, 99) == 0


@pytest.mark.parametrize(
    ("available_fen", "rest_fen", "due_fen", "kept_fen"),
    [(90_00, Fraction(20_00), 0, 70_00), (90_00, Fraction(20_00), 30_00, 40_00), (9, 0, 10, 0)],
)
def test_what_goes_back_is_not_counted_on(
    available_fen: int, rest_fen: Fraction, due_fen: int, kept_fen: int
) -> None:
    assert usable_carry_over(available_fen, Fraction(rest_fen), due_fen) == kept_fen


def test_what_is_kept_is_rounded_once() -> None:
    """The rest of the year uses old money alone, so that all of the 50.00 of 2025 are left."""
    lots = (Lot(2024, opening_fen=10_00), Lot(2025, opening_fen=50_00))
    rest_fen = Fraction(10_00, 3)
    due_fen = due_back_fen(lots, rest_fen, 2027, 2)

    assert usable_carry_over(60_00, rest_fen, due_fen) == 50_00
