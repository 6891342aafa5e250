"""Red ink cancels inside the book: the bank never knew, and nothing stays open for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundledger.bank import BankLine, Statement
from fundledger.errors import Refused
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.bodies import OpenItem
from fundledger.reconcile import Adjustment, BookLine, Kind, reconcile, sign, try_out
from support.offices import draft, fund_at

NUMBER = "3100000000000000101"
AS_OF = date(2026, 7, 15)


def statement(month: int, *moves: tuple[int, int], opening_fen: int = 0) -> Statement:
    """Return a month's statement with these (day, signed fen) lines."""
    lines = tuple(
        BankLine(row, date(2026, month, day), "in" if fen > 0 else "out", abs(fen))
        for row, (day, fen) in enumerate(moves, 2)
    )
    return Statement(
        f"{month}.csv",
        f"{month:064x}",
        NUMBER,
        date(2026, month, 1),
        date(2026, month + 1, 1) - timedelta(days=1),
        opening_fen,
        opening_fen + sum(fen for _, fen in moves),
        lines,
        stated_period=True,
    )


def received(fund: Fund, fen: int, month: int, day: int) -> str:
    return fund.record(draft(drafts.donation(fen), date(2026, month, day), "donation")).refs[0]


def corrected(fund: Fund, ref: str, fen: int, month: int, day: int) -> tuple[str, ...]:
    """Correct a gift to another amount, and return the red and the blue voucher."""
    right = draft(drafts.donation(fen), date(2026, month, day), "donation")
    return fund.correct(ref, right).refs


def signed(fund: Fund, given: Statement) -> Adjustment:
    trial = try_out(fund, [given])
    sign(fund, trial, actor="S05")
    assert try_out(fund, [given]).signed is not None
    return trial.adjustment


def found(fund: Fund) -> list[str]:
    return [f.code for f in fund.check(AS_OF).findings if f.severity == "error"]


def shown(adjustment: Adjustment) -> list[tuple[Kind, str, int]]:
    return [(item.kind, item.ref, item.amount_fen) for item in adjustment.items]


def test_a_wrong_amount_that_was_corrected_leaves_nothing_open(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    wrong = received(fund, 8_000_50, 3, 10)
    red, blue = corrected(fund, wrong, 8_500_50, 3, 25)

    done = signed(fund, statement(3, (10, 8_500_50)))

    assert (done.items, done.findings) == ((), ())
    assert [(s.ref, s.red_ref, s.signed_fen) for s in done.set_off] == [(wrong, red, 8_000_50)]
    assert [(m.book_ref, m.bank_date.day, m.tier) for m in done.matches] == [
        (blue, 10, "corrected")
    ]
    fund.close("2026-03", actor="S02")
    assert found(fund) == []


def test_an_open_item_clears_with_its_red_copy_of_a_later_month(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    wrong = received(fund, 8_000_50, 3, 30)
    march = signed(fund, statement(3, (30, 50)))
    red, blue = corrected(fund, wrong, 8_500_50, 4, 22)

    april = signed(fund, statement(4, (1, 8_500_50), opening_fen=50))

    assert shown(march)[1:] == [(Kind.BOOK_IN, wrong, 8_000_50)]
    assert shown(april) == [(Kind.BANK_IN, f"{3:064x}"[:12] + ":2", 50)]
    assert [(s.ref, s.red_ref) for s in april.set_off] == [(wrong, red)]
    assert [m.book_ref for m in april.matches] == [blue]
    assert found(fund) == []


def test_what_the_bank_had_stays_matched_when_its_voucher_is_written_anew(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    first = received(fund, 70_00, 3, 2)
    signed(fund, statement(3, (2, 70_00)))
    red, blue = corrected(fund, first, 70_00, 4, 9)

    april = signed(fund, statement(4, (9, 1), opening_fen=70_00))

    assert [(kind, fen) for kind, _, fen in shown(april)] == [(Kind.BANK_IN, 1)]
    assert [(s.ref, s.red_ref) for s in april.set_off] == [(blue, red)]


def test_what_the_bank_had_and_the_book_took_back_is_open(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    first = received(fund, 70_00, 3, 2)
    signed(fund, statement(3, (2, 70_00)))
    red, blue = corrected(fund, first, 70_00, 4, 9)
    (again,) = fund.reverse(blue, on=date(2026, 4, 10), maker="S03", reviewer="S01").refs

    april = signed(fund, statement(4, (9, 1), opening_fen=70_00))

    assert shown(april)[1:] == [(Kind.BOOK_OUT, red, 70_00)]
    assert [(s.ref, s.red_ref) for s in april.set_off] == [(blue, again)]


def test_of_two_competitors_the_one_that_is_reversed_was_open(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    refs = [received(fund, 5_00, 3, day) for day in (30, 30, 30)]
    march = signed(fund, statement(3, (30, 5_00)))
    assert [item.candidates for item in march.items] == [tuple(refs)] * 2
    fund.reverse(refs[1], on=date(2026, 4, 2), maker="S03", reviewer="S01")

    april = signed(fund, statement(4, (20, 7), opening_fen=5_00))

    assert [item.candidates for item in april.items] == [(), (refs[0], refs[2])]
    assert found(fund) == []


def test_without_a_signature_before_it_may_have_been_open_or_not() -> None:
    """The opening balances differ: by the wrong voucher, or by one that is late."""
    book = [
        BookLine(date(2026, 2, 27), "V1", -80),
        BookLine(date(2026, 3, 9), "V2", 80, reverses="V1"),
        BookLine(date(2026, 3, 9), "V3", -85, corrects="V1", since=date(2026, 2, 27)),
    ]
    late = reconcile(statement(3, (2, -85), opening_fen=100), NUMBER, book, 15)
    assert (late.items, late.difference_fen) == ((), 0)

    book.append(BookLine(date(2026, 2, 28), "V4", -7))
    had = reconcile(statement(3, (2, -7), opening_fen=20), NUMBER, book, 8)
    assert [(item.ref, item.signed_fen) for item in had.items] == [("V2", 80), ("V3", -85)]
    assert had.difference_fen == 0


@pytest.mark.parametrize("late", [False, True])
def test_nobody_signs_that_red_ink_is_open(late: bool, tmp_path: Path) -> None:  # noqa: FBT001
    fund = fund_at(tmp_path)
    month = 4 if late else 3
    received(fund, 1, 3, 1)
    wrong = received(fund, 80_00, 3, 30)
    if late:
        signed(fund, statement(3, (1, 1)))
    (red,) = fund.reverse(wrong, on=date(2026, month, 31 - late), maker="S03", reviewer="S01").refs
    given = statement(4, opening_fen=1) if late else statement(3, (1, 1))
    given = replace(given, end=date(2026, month, 31 - late))
    body = try_out(fund, [given]).body
    false = (
        OpenItem("book-in", date(2026, 3, 30), 80_00, (wrong,)),
        OpenItem("book-out", date(2026, month, 31 - late), 80_00, (red,)),
    )

    from msgspec.structs import replace as changed  # noqa: PLC0415

    with pytest.raises(Refused) as refused:
        fund.sign(changed(body, items=false), actor="S05")

    assert set(refused.value.codes) == {"FL327"}
    assert refused.value.findings[0].details["reason"] == "set-off"
    assert len(refused.value.findings) == 1 + late


@settings(max_examples=80)
@given(
    st.lists(
        st.lists(
            st.tuples(
                st.integers(1, 28),
                st.sampled_from((100, 200)),
                st.sampled_from((None, 0, 9, 40)),
                st.sampled_from((0, 100, 200)),
                st.integers(0, 40),
            ),
            max_size=4,
        ),
        min_size=3,
        max_size=3,
    )
)
def test_whatever_is_corrected_is_signed_and_the_audit_agrees(
    tmp_path_factory: pytest.TempPathFactory,
    months: Sequence[Sequence[tuple[int, int, int | None, int, int]]],
) -> None:
    """Gifts reach the bank late; some are reversed or corrected so many days after."""
    fund = fund_at(tmp_path_factory.mktemp("red"))
    at_bank: list[tuple[date, int]] = []
    later: list[tuple[date, str, int]] = []
    every: list[tuple[date, int, int | None, int, int]] = []
    for month, gifts in enumerate(months, 3):
        every += [(date(2026, month, g[0]), *g[1:]) for g in gifts]
    for day, fen, wrong_days, right_fen, late_days in sorted(every, key=lambda gift: gift[0]):
        ref = received(fund, fen, day.month, day.day)
        if wrong_days is not None:
            later.append((day + timedelta(days=wrong_days), ref, right_fen))
        moved_fen = fen if wrong_days is None else right_fen
        if moved_fen:
            at_bank.append((day + timedelta(days=late_days), moved_fen))
    opening_fen = 0
    for month in (3, 4, 5, 6):
        for day, ref, right_fen in sorted(later):
            if day.month != month:
                continue
            if right_fen:
                corrected(fund, ref, right_fen, day.month, day.day)
            else:
                fund.reverse(ref, on=day, maker="S03", reviewer="S01")
        moves = [(day.day, fen) for day, fen in sorted(at_bank) if day.month == month]
        given = statement(month, *moves, opening_fen=opening_fen)
        trial = try_out(fund, [given])
        assert trial.adjustment.difference_fen == 0
        if trial.adjustment.settled and fund.books().chart is not None:
            sign(fund, trial, actor="S05")
            assert try_out(fund, [given]).signed is not None
        opening_fen = given.closing_fen

    assert found(fund) == []
    fund.close_files()
