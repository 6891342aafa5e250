"""Red ink of the bank cancels on its side where it is clear what it takes back, and is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.bank import BankLine, Statement
from fundledger.reconcile import Adjustment, BookLine, Kind, reconcile
from fundledger.reconcile.bankred import red_pairs

ACCOUNT = "3100000000000000601"


def line(row: int, day: int, fen: int, *, red: bool = False, account: str = "") -> BankLine:
    direction = "in" if fen > 0 else "out"
    return BankLine(
        row,
        date(2026, 11, day),
        direction,
        abs(fen),
        counterparty_account=account,
        red=red,
    )


def statement(*lines: BankLine) -> Statement:
    start, end = date(2026, 11, 1), date(2026, 11, 30)
    closing_fen = sum(one.signed_fen for one in lines)
    return Statement("nov.csv", "a" * 64, ACCOUNT, start, end, 0, closing_fen, lines)


def compared(given: Statement, *book: tuple[int, int]) -> Adjustment:
    vouchers = [
        BookLine(date(2026, 11, day), f"2026-11-{number:04d}", fen)
        for number, (day, fen) in enumerate(book, 1)
    ]
    return reconcile(given, ACCOUNT, vouchers, sum(fen for _, fen in book))


def shown(found: Adjustment) -> list[tuple[Kind, str, int]]:
    return [(item.kind, item.ref, item.amount_fen) for item in found.items]


def offset(found: Adjustment) -> list[tuple[str, str, int]]:
    return [(pair.ref, pair.red_ref, pair.signed_fen) for pair in found.bank_set_off]


WRONG = line(2, 5, -300_00)
BACK = line(3, 8, 300_00, red=True)


def test_a_line_and_its_red_ink_are_set_off_and_not_open() -> None:
    found = compared(statement(WRONG, BACK))

    assert (found.items, found.findings, found.difference_fen) == ((), (), 0)
    assert found.settled
    assert offset(found) == [("nov.csv:2", "nov.csv:3", -300_00)]
    (pair,) = found.bank_set_off
    assert (pair.date.day, pair.red_date.day) == (5, 8)


def test_money_in_is_taken_back_as_well() -> None:
    found = compared(statement(line(2, 5, 7_00), line(3, 5, -7_00, red=True)))

    assert (found.items, offset(found)) == ((), [("nov.csv:2", "nov.csv:3", 7_00)])


@pytest.mark.parametrize(
    "lines",
    [
        (BACK,),
        (WRONG, replace(BACK, amount_fen=300_01)),
        (WRONG, replace(BACK, red=False)),
        (replace(WRONG, date=date(2026, 11, 9)), BACK),
        (replace(WRONG, counterparty_account="31"), replace(BACK, counterparty_account="32")),
        (WRONG, replace(WRONG, row=4), BACK),
        (WRONG, BACK, replace(BACK, row=4)),
        (replace(WRONG, red=True), BACK),
    ],
    ids=[
        "no partner",
        "another amount",
        "no red ink",
        "before it",
        "another account",
        "two that may be meant",
        "two that take it back",
        "red ink of the other column",
    ],
)
def test_what_is_not_clear_stays_open(lines: tuple[BankLine, ...]) -> None:
    found = compared(statement(*lines))

    assert offset(found) == []
    assert len(found.items) == len(lines)


def test_the_account_of_the_other_side_tells_two_apart() -> None:
    mine = replace(WRONG, counterparty_account="31")
    other = replace(WRONG, row=4, counterparty_account="32")
    found = compared(statement(mine, other, replace(BACK, counterparty_account="32")))

    assert offset(found) == [("nov.csv:4", "nov.csv:3", -300_00)]
    assert shown(found) == [(Kind.BANK_OUT, "nov.csv:2", 300_00)]


def test_what_the_book_has_too_is_matched_and_not_set_off() -> None:
    found = compared(statement(WRONG, BACK), (5, -300_00), (9, 300_00))

    assert (found.items, offset(found), len(found.matches)) == ((), [], 2)


def test_of_a_payment_that_the_book_has_the_return_stays_open() -> None:
    found = compared(statement(WRONG, BACK), (5, -300_00))

    assert offset(found) == []
    assert shown(found) == [(Kind.BANK_IN, "nov.csv:3", 300_00)]


def test_a_payment_that_was_made_again_is_the_one_that_the_book_has() -> None:
    found = compared(statement(WRONG, BACK, line(4, 12, -300_00)), (5, -300_00))

    assert (found.items, len(offset(found))) == ((), 1)
    assert [match.bank_ref for match in found.matches] == ["nov.csv:4"]


def test_money_in_of_the_same_amount_is_another_matter() -> None:
    found = compared(statement(WRONG, BACK, line(4, 9, 300_00)), (9, 300_00))

    assert (found.items, len(offset(found))) == ((), 1)
    assert [match.bank_ref for match in found.matches] == ["nov.csv:4"]


def test_red_ink_in_another_statement_stays_open() -> None:
    december = Statement(
        "dec.csv",
        "b" * 64,
        ACCOUNT,
        date(2026, 12, 1),
        date(2026, 12, 31),
        -300_00,
        0,
        (replace(BACK, date=date(2026, 12, 8)),),
    )
    found = reconcile([statement(WRONG), december], ACCOUNT, [], 0)

    assert (offset(found), len(found.items)) == ([], 2)


lines_of = st.lists(
    st.builds(
        line,
        row=st.just(0),
        day=st.integers(1, 4),
        fen=st.sampled_from((100, -100, 200, -200)),
        red=st.booleans(),
        account=st.sampled_from(("", "31", "32")),
    ),
    max_size=8,
).map(lambda drawn: [replace(one, row=row) for row, one in enumerate(drawn, 2)])
book_of = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from((100, -100, 200, -200))), max_size=5
)


@given(lines_of, book_of, st.randoms(use_true_random=False))
def test_pairs_are_the_same_in_any_order_and_never_leave_more_open(
    lines: list[BankLine], book: list[tuple[int, int]], random: Random
) -> None:
    found = compared(statement(*lines), *book)
    plain = compared(statement(*(replace(one, red=False) for one in lines)), *book)
    mixed = list(lines)
    random.shuffle(mixed)

    assert compared(statement(*mixed), *book) == found
    assert found.difference_fen == plain.difference_fen == 0
    assert len(found.items) <= len(plain.items) - 2 * bool(found.bank_set_off)
    for first, red in red_pairs(statement(*lines)):
        assert first.signed_fen == -red.signed_fen
        assert [one for one in lines if one.red and one.row == red.row] == [red]
