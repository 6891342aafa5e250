"""What the books say of the year before: whole months, net of what came back, order aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.budget.history import cut_off, fund_history
from fundledger.budget.inputs import History
from fundledger.budget.movements import Movements
from fundledger.budget.paid import paid_months, payments_of, year_lines
from fundledger.errors import InputInvalid
from fundledger.ledger import drafts
from fundledger.ledger.chart import ASSET_SUSPENSE, BANK, DUE_FROM_OFFICE
from fundledger.ledger.voucher import Draft, Posting, Voucher, credit, debit, numbered
from support.offices import DIBAO, ILLNESS, draft, fund_at, granted

END = date(2026, 12, 31)


def lines_of(movements: Movements, year: int) -> Mapping[tuple[str, str], History]:
    return year_lines(movements, payments_of(movements, year), year)


def vouchers(*many: Draft) -> list[Voucher]:
    return [numbered(one, number) for number, one in enumerate(many, 1)]


def expense(amount_fen: int, on: date = date(2026, 3, 5), line: drafts.Line = DIBAO) -> Draft:
    return draft(drafts.expense(on.year, line, amount_fen), on, "expense")


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2026, 10, 31), (date(2026, 10, 31), 10)),
        (date(2026, 10, 30), (date(2026, 9, 30), 9)),
        (date(2026, 3, 1), (date(2026, 2, 28), 2)),
        (date(2026, 1, 31), (date(2026, 1, 31), 1)),
        (date(2026, 12, 31), (date(2026, 12, 31), 12)),
        (date(2027, 2, 14), (date(2026, 12, 31), 12)),
    ],
)
def test_only_whole_months_count(as_of: date, expected: tuple[date, int]) -> None:
    assert cut_off(2027, as_of, as_of) == expected


def test_a_day_that_lies_ahead_is_no_day_to_count_to() -> None:
    today = date(2026, 11, 27)
    with pytest.raises(InputInvalid) as caught:
        cut_off(2027, date(2026, 11, 28), today)

    assert caught.value.codes == ("FL552",)
    assert caught.value.findings[0].sentence("zh") == (
        "截止日期 2026-11-28 晚于今天（2026-11-27），其间的月份尚未发生，不能按已列支测算。"
    )
    assert cut_off(2027, today, today) == (date(2026, 10, 31), 10)


@pytest.mark.parametrize(
    ("year", "as_of"),
    [(2027, date(2026, 1, 30)), (2027, date(2025, 12, 31)), (20270, date(2026, 10, 31))],
)
def test_without_one_whole_month_there_is_nothing_to_tell_a_year_from(
    year: int, as_of: date
) -> None:
    with pytest.raises(InputInvalid) as caught:
        cut_off(year, as_of, date(2026, 11, 27))

    assert caught.value.codes == ("FL549",)


def test_a_line_was_paid_in_the_months_in_which_more_was_paid_than_came_back() -> None:
    """January, with one fen.  What was reversed was not paid, nor what came back in its month."""

    def back(amount_fen: int, on: date) -> Draft:
        paid = drafts.expense(on.year, DIBAO, amount_fen)
        red = tuple(Posting(one.account, -one.signed_fen) for one in paid)
        return draft(red, on, "expense-refund")

    (undone,) = vouchers(expense(50_00, date(2026, 2, 5)))
    many = [
        undone,
        numbered(drafts.reversal(undone, date(2026, 3, 2), "S03", "S01"), 1),
        *vouchers(
            expense(1, date(2026, 1, 5)),
            back(10_00, date(2026, 4, 5)),
            expense(20_00, date(2026, 5, 5)),
            back(20_00, date(2026, 5, 6)),
            expense(30_00, date(2025, 6, 5)),
        ),
    ]

    assert paid_months(payments_of(Movements(many, END), 2026), 2026) == {DIBAO: 1}


def test_what_was_paid_is_net_of_reversals_and_only_up_to_the_cut_off() -> None:
    first = expense(500_00)
    red = drafts.reversal(numbered(first, 1), date(2026, 4, 1), "S03", "S01")
    late = expense(70_00, date(2026, 11, 1))

    lines = lines_of(
        Movements(vouchers(first, red, expense(80_00), late), date(2026, 10, 31)), 2026
    )

    assert lines[DIBAO] == History(actual_fen=80_00, bank_fen=80_00, available_fen=-80_00)


def test_the_budget_counts_supplements_virements_and_what_was_brought_forward() -> None:
    lines = lines_of(
        Movements(
            vouchers(
                draft(drafts.adoption(2026, DIBAO, 1_000_00), date(2025, 12, 20), "budget-adopt"),
                draft(
                    (
                        debit(drafts.budget_account(2026, "Available", DIBAO), 50_00),
                        credit(drafts.budget_account(2026, "BroughtForward", DIBAO), 50_00),
                    ),
                    date(2026, 1, 1),
                    "year-opening",
                    closing=True,
                ),
                draft(drafts.adoption(2026, DIBAO, 200_00), date(2026, 5, 5), "supplement"),
                draft(drafts.allotment(2026, DIBAO, 1_200_00), date(2026, 5, 6), "allot"),
                draft(drafts.virement(2026, DIBAO, ILLNESS, 300_00), date(2026, 6, 6), "virement"),
                draft(drafts.encumbrance(2026, DIBAO, 10_00), date(2026, 6, 7), "encumber"),
            ),
            END,
        ),
        2026,
    )

    assert lines[DIBAO] == History(950_00, 0, 0, 940_00, 10_00)
    assert lines[ILLNESS] == History(300_00, 0, 0, 300_00, 0)


def test_the_closing_of_the_year_and_other_years_change_nothing() -> None:
    closing = draft(
        (
            debit(drafts.budget_account(2026, "CarriedForward", DIBAO), 20_00),
            credit(drafts.budget_account(2026, "Available", DIBAO), 20_00),
        ),
        END,
        "year-end",
        closing=True,
    )
    other = expense(33_00, date(2025, 6, 1))

    lines = lines_of(Movements(vouchers(other, expense(80_00), closing), END), 2026)

    assert lines == {DIBAO: History(0, 80_00, 80_00, -80_00, 0)}


def test_a_correction_of_an_earlier_year_is_not_what_this_year_paid() -> None:
    blue = replace(expense(5_00), event="correction", corrects="2025-11-0003")
    same_year = replace(expense(7_00), event="correction", corrects="2026-01-0003")

    lines = lines_of(Movements(vouchers(blue, same_year), END), 2026)

    assert lines[DIBAO].actual_fen == 7_00


def test_an_advance_of_an_earlier_year_is_paid_by_the_year_that_settles_it() -> None:
    settled = draft(
        drafts.advance_settled(2026, DIBAO, 9_00),
        date(2026, 1, 5),
        "advance-settle",
        corrects="2025-12-0003",
    )

    line = lines_of(Movements(vouchers(settled), END), 2026)[DIBAO]
    assert (line.actual_fen, line.bank_fen) == (9_00, 9_00)


def test_the_bank_column_is_what_the_dedicated_account_paid_out() -> None:
    aid, _, *budget = drafts.expense(2026, DIBAO, 9_00)
    explained = draft((aid, credit(ASSET_SUSPENSE, 9_00), *budget), date(2026, 4, 4), "expense")
    lines = lines_of(Movements(vouchers(expense(80_00), explained), END), 2026)

    assert (lines[DIBAO].actual_fen, lines[DIBAO].bank_fen) == (89_00, 80_00)


def test_a_voucher_for_one_line_gives_it_all_that_the_bank_paid() -> None:
    fee = (debit(DUE_FROM_OFFICE, 1_00), credit(BANK, 1_00))
    with_fee = draft((*drafts.expense(2026, DIBAO, 80_00), *fee), date(2026, 4, 4), "expense")

    lines = lines_of(Movements(vouchers(with_fee), END), 2026)

    assert (lines[DIBAO].actual_fen, lines[DIBAO].bank_fen) == (80_00, 81_00)


def two_lines(*extra: Posting) -> Draft:
    postings = (*drafts.expense(2026, DIBAO, 3_00), *drafts.expense(2026, ILLNESS, 4_00))
    return draft((*postings, *extra), date(2026, 4, 4), "expense")


def test_a_voucher_for_two_lines_gives_each_its_own_bank_payment() -> None:
    lines = lines_of(Movements(vouchers(two_lines()), END), 2026)

    assert (lines[DIBAO].bank_fen, lines[ILLNESS].bank_fen) == (3_00, 4_00)


def test_a_sum_that_the_bank_paid_for_two_lines_together_is_not_guessed_apart() -> None:
    fee = (debit(DUE_FROM_OFFICE, 1_00), credit(BANK, 1_00))

    lines = lines_of(Movements(vouchers(two_lines(*fee)), END), 2026)

    assert (lines[DIBAO].actual_fen, lines[ILLNESS].actual_fen) == (3_00, 4_00)
    assert (lines[DIBAO].bank_fen, lines[ILLNESS].bank_fen) == (0, 0)


PAYMENTS = st.tuples(
    st.sampled_from([DIBAO, ILLNESS]),
    st.integers(min_value=1, max_value=10**9),
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
)


@given(payments=st.lists(PAYMENTS, max_size=30), order=st.randoms(use_true_random=False))
def test_the_order_of_entries_makes_no_difference(
    payments: list[tuple[drafts.Line, int, date]], order: object
) -> None:
    many = vouchers(*(expense(fen, on, line) for line, fen, on in payments))
    shuffled = list(many)
    order.shuffle(shuffled)  # type: ignore[attr-defined]

    until = date(2026, 10, 31)
    lines = lines_of(Movements(many, until), 2026)

    assert lines_of(Movements(shuffled, until), 2026) == lines
    assert {line: history.actual_fen for line, history in lines.items()} == sums(payments, until)


def sums(payments: Sequence[tuple[drafts.Line, int, date]], until: date) -> dict[drafts.Line, int]:
    found: dict[drafts.Line, int] = {}
    for line, fen, on in payments:
        if on.year == 2026 and on <= until:
            found[line] = found.get(line, 0) + fen
    return found


def test_a_fund_tells_how_far_its_journal_was_read(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund)
    fund.record(expense(500_00, date(2026, 3, 5)))

    history = fund_history(fund, 2026, date(2026, 10, 31))

    chain = fund.verify()
    assert (history.records, history.head) == (chain.records, chain.head)
    assert history.lines[DIBAO].actual_fen == 500_00
    assert history.first_month == "2026-01"
    assert [(f.code, f.details["last_month"]) for f in history.findings] == [("FL547", "2026-03")]


def test_a_month_that_was_closed_counts_as_kept_though_nothing_happened(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund)
    for month in range(1, 4):
        fund.close(f"2026-{month:02d}", actor="S02")

    assert fund_history(fund, 2026, date(2026, 3, 31)).findings == ()


def test_a_fund_without_books_is_named(tmp_path: Path) -> None:
    history = fund_history(fund_at(tmp_path), 2026, date(2026, 10, 31))

    assert [finding.code for finding in history.findings] == ["FL618", "FL536"]
    assert (history.records, history.head, dict(history.lines)) == (0, "", {})
    assert history.first_month == ""
