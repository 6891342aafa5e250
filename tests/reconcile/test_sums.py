"""One amount that is the sum of several on the other side is told, and never taken for matched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.bank import BankLine, Statement
from fundledger.reconcile import Adjustment, BookLine, Item, Kind, reconcile
from fundledger.reconcile.sums import about_sums

ACCOUNT = "3100000000000000101"
DAY = date(2026, 3, 12)
WINDOW_DAYS = 10


def statement(*moves: tuple[date, int], stated_period: bool = True) -> Statement:
    """Return a statement of March, or of the days on which something moved."""
    lines = tuple(
        BankLine(row, day, "in" if fen > 0 else "out", abs(fen))
        for row, (day, fen) in enumerate(moves, 2)
    )
    days = [day for day, _ in moves]
    start, end = date(2026, 3, 1), date(2026, 3, 31)
    if not stated_period:
        start, end = min(days), max(days)
    closing_fen = sum(fen for _, fen in moves)
    return Statement(
        "march.csv", "a" * 64, ACCOUNT, start, end, 0, closing_fen, lines, stated_period
    )


def compared(bank: list[tuple[date, int]], book: list[tuple[date, int]]) -> Adjustment:
    lines = [
        BookLine(day, f"2026-03-{number:04d}", fen, "摘要")
        for number, (day, fen) in enumerate(book, 1)
    ]
    return reconcile(statement(*bank), ACCOUNT, lines, sum(fen for _, fen in book))


def told(found: Adjustment) -> list[tuple[str, str, int]]:
    return [
        (f.subject, f.details["many"], f.details["count"])
        for f in found.findings
        if f.code == "FL872"
    ]


def test_a_bank_line_that_is_the_sum_of_a_batch_names_its_vouchers() -> None:
    found = compared([(DAY, -6_000_00)], [(DAY, -1_000_00), (DAY, -2_000_00), (DAY, -3_000_00)])

    assert told(found) == [("march.csv:2", "2026-03-0001、2026-03-0002、2026-03-0003", 3)]
    assert len(found.items) == 4
    assert found.difference_fen == 0
    assert not found.settled
    assert "FL861" in [finding.code for finding in found.findings]


def test_a_voucher_that_the_bank_paid_in_parts_names_the_lines() -> None:
    later = DAY + timedelta(days=1)
    found = compared([(later, -400_00), (later, -600_00)], [(DAY, -1_000_00)])

    assert told(found) == [("2026-03-0001", "march.csv:2、march.csv:3", 2)]


@pytest.mark.parametrize(
    ("bank", "book"),
    [
        ([(DAY, -300_00)], [(DAY, -100_00), (DAY, -199_99)]),
        ([(DAY, -300_00)], [(DAY, -100_00), (DAY, 200_00)]),
        ([(DAY, 300_00)], [(DAY, -100_00), (DAY, -200_00)]),
        ([(DAY, -300_00)], [(DAY, -100_00), (DAY - timedelta(days=11), -200_00)]),
        ([(DAY, -300_00)], [(DAY, -300_00)]),
    ],
    ids=["a fen off", "the other way", "money in", "beyond the window", "matched"],
)
def test_what_is_no_sum_of_the_same_direction_within_the_window_is_not_told(
    bank: list[tuple[date, int]], book: list[tuple[date, int]]
) -> None:
    assert told(compared(bank, book)) == []


def test_many_are_named_in_part() -> None:
    found = compared([(DAY, -36_00)], [(DAY, -fen * 100) for fen in range(1, 9)])

    ((_, many, count),) = told(found)
    assert count == 8
    assert many.count("、") == 5
    assert many.endswith(" … 2026-03-0008")


@given(
    st.lists(st.integers(1, 10**9), min_size=2, max_size=12),
    st.lists(st.integers(1, 10**9), max_size=6),
    st.data(),
)
def test_whatever_is_named_adds_up_and_a_whole_day_is_always_found(
    batch: list[int], others: list[int], data: st.DataObject
) -> None:
    total_fen = sum(batch)
    one = Item(Kind.BANK_OUT, DAY, "bank:2", -total_fen, "", 0)
    days = st.integers(1, WINDOW_DAYS)
    items = [
        *(
            replace(one, kind=Kind.BOOK_OUT, ref=f"b-{n}", signed_fen=-f)
            for n, f in enumerate(batch)
        ),
        *(
            replace(
                one,
                kind=Kind.BOOK_OUT,
                ref=f"o{n}",
                signed_fen=-f,
                date=DAY + timedelta(days=data.draw(days)),
            )
            for n, f in enumerate(others)
        ),
    ]
    (found,) = [f for f in about_sums([one, *items], WINDOW_DAYS) if f.subject == one.ref]

    assert (found.amount_fen, found.details["count"]) == (total_fen, len(batch))
    assert found.details["many"].startswith("b-0、b-1")


def test_only_what_stands_together_on_one_day_is_taken_for_a_batch() -> None:
    book = [(DAY, -100_00), (DAY, -1_00), (DAY, -200_00)]
    apart = [(DAY, -100_00), (DAY + timedelta(days=1), -200_00)]

    assert told(compared([(DAY, -300_00)], book)) == []
    assert told(compared([(DAY, -300_00)], apart)) == []
    assert told(compared([(DAY, -201_00)], book)) == [
        ("march.csv:2", "2026-03-0002、2026-03-0003", 2)
    ]


def test_a_part_of_a_day_in_the_order_of_numbers_is_found() -> None:
    book = [(DAY, -fen * 100) for fen in (7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43)]
    found = compared([(DAY, -(31 + 37 + 41) * 100)], book)

    assert told(found) == [("march.csv:2", "2026-03-0008、2026-03-0009、2026-03-0010", 3)]


def test_an_amount_for_itself_is_no_sum() -> None:
    assert told(compared([(DAY, -300_00)], [(DAY - timedelta(days=11), -300_00)])) == []


def test_a_statement_without_a_period_that_ends_before_the_month_is_told() -> None:
    def codes(moves: list[tuple[date, int]], *, stated_period: bool) -> set[str]:
        given = statement(*moves, stated_period=stated_period)
        found = reconcile(given, ACCOUNT, [], given.closing_fen)
        return {finding.code for finding in found.findings} & {"FL870"}

    before, last = [(date(2026, 3, 28), 100)], [(date(2026, 3, 31), 100)]
    assert codes(before, stated_period=False) == {"FL870"}
    assert codes(before, stated_period=True) == set()
    assert codes(last, stated_period=False) == set()


def test_a_statement_may_end_on_the_last_day_there_is() -> None:
    last = statement((date(9999, 12, 31), 100), stated_period=False)

    assert "FL870" not in {f.code for f in reconcile(last, ACCOUNT, [], 100).findings}
