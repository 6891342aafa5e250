"""A voucher with a slip of the pen is told beside the bank's line, and never taken for matched."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.bank import BankLine, Statement
from fundledger.reconcile import Adjustment, BookLine, Item, Kind, reconcile
from fundledger.reconcile.slips import about_slips, slips_of

ACCOUNT = "3100000000000000601"
DAY = date(2026, 11, 3)
WINDOW_DAYS = 10

Moves = list[tuple[date, int]]


def compared(bank: Moves, book: Moves) -> Adjustment:
    lines = tuple(
        BankLine(row, day, "in" if fen > 0 else "out", abs(fen))
        for row, (day, fen) in enumerate(bank, 2)
    )
    start, end = date(2026, 11, 1), date(2026, 11, 30)
    closing_fen = sum(fen for _, fen in bank)
    given = Statement("nov.csv", "a" * 64, ACCOUNT, start, end, 0, closing_fen, lines)
    vouchers = [
        BookLine(day, f"2026-11-{number:04d}", fen, "捐赠")
        for number, (day, fen) in enumerate(book, 1)
    ]
    return reconcile(given, ACCOUNT, vouchers, sum(fen for _, fen in book))


def told(found: Adjustment) -> list[tuple[str, str, str]]:
    return [
        (f.subject, f.details["bank"], f.details["slip"])
        for f in found.findings
        if f.code == "FL873"
    ]


def test_swapped_digits_name_voucher_line_both_amounts_and_the_difference() -> None:
    found = compared([(DAY, 12_435_60)], [(DAY, 12_345_60)])

    (slip,) = [f for f in found.findings if f.code == "FL873"]
    assert slip.voucher == "2026-11-0001"
    assert slip.severity == "warning"
    assert slip.sentence("zh") == (
        "账上 2026-11-0001（2026-11-03）12,345.60，银行 nov.csv:2（2026-11-03）12,435.60，"
        "相差 90.00，像是同一笔相邻两位数字颠倒。"
    )
    assert "不要再记" in slip.remedy("zh")
    assert "fundledger correct" in slip.remedy("zh")
    assert [item.kind for item in found.items] == [Kind.BANK_IN, Kind.BOOK_IN]
    assert found.difference_fen == 0


@pytest.mark.parametrize("code", ["FL861", "FL862"])
def test_what_only_the_bank_has_is_said_to_be_booked_perhaps(code: str) -> None:
    found = compared([(DAY, 1_00), (DAY, -1_00)], [])
    (finding,) = [f for f in found.findings if f.code == code]

    assert finding.remedy("zh").startswith("先看是否已入账")
    assert "must not be booked again" in finding.remedy("en")


@pytest.mark.parametrize(
    ("bank_fen", "book_fen", "slip"),
    [
        (12_435_60, 12_345_60, "swapped"),
        (-21_00, -12_00, "swapped"),
        (1_500_00, 1_800_00, "digit"),
        (-1_500_00, -1_500_05, "digit"),
        (1_500_00, 150_00, "shifted"),
        (15_00, 1_500_00, "shifted"),
        (-15, -15_00, "shifted"),
    ],
)
def test_each_slip_is_known_in_either_direction(bank_fen: int, book_fen: int, slip: str) -> None:
    assert told(compared([(DAY, bank_fen)], [(DAY, book_fen)])) == [
        ("2026-11-0001", "nov.csv:2", slip)
    ]


@pytest.mark.parametrize(
    ("bank", "book"),
    [
        ([(DAY, 12_435_60)], [(DAY, -12_345_60)]),
        ([(DAY, 12_435_60)], [(DAY + timedelta(days=11), 12_345_60)]),
        ([(DAY, 12_00)], [(DAY, 102_00)]),
        ([(DAY, 123_00)], [(DAY, 321_00)]),
        ([(DAY, 1_00)], [(DAY, 1_000_00)]),
        ([(DAY, 12_00)], [(DAY, 34_00)]),
        ([(DAY, 12_00), (DAY, 12_00)], [(DAY, 21_00)]),
        ([(DAY, 21_00)], [(DAY, 12_00), (DAY, 27_00)]),
        ([(DAY, 12_00), (DAY, 51_00)], [(DAY, 21_00), (DAY, 15_00), (DAY, 11_00)]),
    ],
    ids=[
        "the other way",
        "beyond the window",
        "a leading zero",
        "digits that are no neighbours",
        "three places",
        "two digits wrong",
        "two lines of one voucher",
        "two vouchers of one line",
        "a chain",
    ],
)
def test_what_is_no_slip_or_not_the_only_one_is_not_told(bank: Moves, book: Moves) -> None:
    assert told(compared(bank, book)) == []


def test_within_the_window_days_may_differ() -> None:
    found = compared([(DAY, 12_435_60)], [(DAY + timedelta(days=WINDOW_DAYS), 12_345_60)])
    assert told(found) == [("2026-11-0001", "nov.csv:2", "swapped")]


def test_a_voucher_that_was_corrected_is_told_no_more() -> None:
    assert told(compared([(DAY, 12_435_60)], [(DAY, 12_435_60)])) == []


@given(st.integers(1, 10**12))
def test_a_slip_is_a_slip_from_either_end(amount_fen: int) -> None:
    others = slips_of(amount_fen)
    assert amount_fen not in others
    for other_fen, slip in others.items():
        assert slips_of(other_fen)[amount_fen] == slip
        if slip == "swapped":
            assert Counter(str(other_fen)) == Counter(str(amount_fen))
            assert (other_fen - amount_fen) % 9 == 0


item_of = st.builds(
    Item,
    kind=st.sampled_from(Kind),
    date=st.integers(0, 14).map(lambda days: DAY + timedelta(days=days)),
    ref=st.just(""),
    signed_fen=st.sampled_from((12, 21, 120, 1200, 210, 34, 43, 14)),
    text=st.just(""),
    age_days=st.just(0),
)


@given(st.lists(item_of, max_size=8), st.randoms(use_true_random=False))
def test_pairs_are_the_same_in_any_order_and_each_the_only_one(
    drawn: list[Item], random: Random
) -> None:
    items = [
        replace(
            item,
            ref=f"{number}",
            signed_fen=item.signed_fen * (1 if item.kind.endswith("in") else -1),
        )
        for number, item in enumerate(drawn)
    ]
    found = [*about_slips(items, WINDOW_DAYS)]
    random.shuffle(items)

    assert [*about_slips(items, WINDOW_DAYS)] == found
    likely = [
        (book.ref, bank.ref)
        for book in items
        for bank in items
        if book.of_book
        and not bank.of_book
        and (book.signed_fen > 0) is (bank.signed_fen > 0)
        and abs((book.date - bank.date).days) <= WINDOW_DAYS
        and bank.amount_fen in slips_of(book.amount_fen)
    ]
    books, banks = Counter(book for book, _ in likely), Counter(bank for _, bank in likely)
    assert {(f.subject, f.details["bank"]) for f in found} == {
        (book, bank) for book, bank in likely if books[book] == banks[bank] == 1
    }
