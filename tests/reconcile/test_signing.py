"""A reconciliation that is signed is a record: it explains, carries on, and hides nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundledger.bank import BankLine, Statement
from fundledger.errors import InputInvalid, KeyConflict, NotFound, Refused
from fundledger.findings import Finding
from fundledger.fund import Fund
from fundledger.ledger import beans, drafts
from fundledger.ledger.asserted import reconciled
from fundledger.ledger.chart import BANK
from fundledger.reconcile import Trial, sign, try_out
from support.offices import Clock, draft, fund_at, granted

NUMBER = "3100000000000000101"
AS_OF = date(2026, 7, 15)


def month_end(month: int) -> date:
    return date(2026, month + 1, 1) - timedelta(days=1)


def statement(month: int, *moves: tuple[int, int], opening_fen: int = 0) -> Statement:
    """Return a month's statement with these (day, signed fen) lines, in which people are named."""
    lines = tuple(
        BankLine(
            row,
            date(2026, month, day),
            "in" if fen > 0 else "out",
            abs(fen),
            counterparty="某某某",
            summary="转某某某",
        )
        for row, (day, fen) in enumerate(moves, 2)
    )
    return Statement(
        f"某某某-{month}.csv",
        f"{month:064x}",
        NUMBER,
        date(2026, month, 1),
        month_end(month),
        opening_fen,
        opening_fen + sum(fen for _, fen in moves),
        lines,
        stated_period=True,
    )


def received(fund: Fund, fen: int, month: int, day: int) -> str:
    given = draft(drafts.donation(fen), date(2026, month, day), "donation")
    return fund.record(given).refs[0]


def started(root: Path) -> Fund:
    """Return a fund that got 100.00 in March, and on its last day 7.00 that the bank has not."""
    fund = fund_at(root)
    received(fund, 100_00, 3, 2)
    received(fund, 7_00, 3, 31)
    return fund


MARCH = statement(3, (2, 100_00))
APRIL = statement(4, (1, 7_00), opening_fen=100_00)


def signed(
    fund: Fund, *statements: Statement, by: str = "S05", replaces: int | None = None
) -> Trial:
    """Sign a reconciliation, and return it."""
    trial = try_out(fund, statements, replaces=replaces)
    sign(fund, trial, actor=by)
    return trial


def found(fund: Fund) -> list[str]:
    """Return the codes of the errors of an audit."""
    return [f.code for f in fund.check(AS_OF).findings if f.severity == "error"]


def journal(fund: Fund, root: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted((root / fund.id / "journal").iterdir()))


def test_a_month_with_open_items_is_closed_once_they_are_signed(tmp_path: Path) -> None:
    fund = started(tmp_path)
    fund.assert_balance(BANK, date(2026, 3, 31), 100_00, actor="S05")
    assert found(fund) == ["FL401"]
    with pytest.raises(Refused) as refused:
        fund.close("2026-03", actor="S02")
    assert refused.value.codes == ("FL321",)

    signed(fund, MARCH)

    assert found(fund) == []
    fund.close("2026-03", actor="S02")
    assert found(fund) == []


def test_a_signature_asserts_the_statements_balance_by_itself(tmp_path: Path) -> None:
    fund = started(tmp_path)
    signed(fund, MARCH)

    (said,) = fund.books().asserted()
    assert (said.account, said.day, said.amount_fen, said.signed_fen, said.actor) == (
        BANK,
        "2026-03-31",
        100_00,
        107_00,
        "S05",
    )


def test_an_assertion_that_the_signed_items_do_not_explain_stays_off(tmp_path: Path) -> None:
    fund = started(tmp_path)
    signed(fund, MARCH)
    fund.assert_balance(BANK, date(2026, 3, 31), 100_01, actor="S05")

    assert sorted(found(fund)) == ["FL401", "FL420"]
    with pytest.raises(Refused) as refused:
        fund.close("2026-03", actor="S02")
    assert refused.value.codes == ("FL321",)


def test_open_items_are_carried_in_and_clear_by_themselves(tmp_path: Path) -> None:
    fund = started(tmp_path)
    march = signed(fund, MARCH)
    april = signed(fund, APRIL)

    (item,) = march.body.items
    assert (item.kind, item.date, item.amount_fen, item.refs) == (
        "book-in",
        date(2026, 3, 31),
        7_00,
        ("2026-03-0002",),
    )
    assert april.adjustment.items == ()
    assert [match.tier for match in april.adjustment.matches] == ["carried"]
    assert [one.body.date.month for one in reconciled(fund.books(), BANK)] == [3, 4]
    assert found(fund) == []


def test_what_is_carried_has_the_books_words_and_none_of_the_banks(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    received(fund, 7_00, 3, 31)
    signed(fund, statement(3, (9, 50)))
    received(fund, 1_00, 4, 2)

    again = try_out(fund, [statement(4, (2, 1_00), opening_fen=50)])

    assert [(i.kind, i.ref, i.text, i.age_days) for i in again.adjustment.items] == [
        ("bank-in", "000000000000:2", "", 52),
        ("book-in", "2026-03-0001", "测试凭证", 30),
    ]
    assert "某某某".encode() not in journal(fund, tmp_path)


def test_looking_writes_nothing(tmp_path: Path) -> None:
    fund = started(tmp_path)
    before = journal(fund, tmp_path)

    assert try_out(fund, [MARCH]).adjustment.settled
    assert journal(fund, tmp_path) == before


def test_the_same_statement_twice_changes_nothing(tmp_path: Path) -> None:
    fund = started(tmp_path)
    first = sign(fund, try_out(fund, [MARCH]), actor="S05")
    before = journal(fund, tmp_path)

    trial = try_out(fund, [MARCH, MARCH])
    again = sign(fund, trial, actor="S05")

    assert trial.signed is not None
    assert trial.adjustment == try_out(fund_as_it_was(tmp_path), [MARCH]).adjustment
    assert (again.sequence, again.again) == (first.sequence, True)
    with pytest.raises(KeyConflict):
        sign(fund, trial, actor="S01")
    assert journal(fund, tmp_path) == before


def fund_as_it_was(root: Path) -> Fund:
    return started(root / "another")


def test_an_older_statement_again_changes_nothing_either(tmp_path: Path) -> None:
    fund = started(tmp_path)
    signed(fund, MARCH)
    signed(fund, APRIL)
    before = journal(fund, tmp_path)

    signed(fund, MARCH)
    signed(fund, APRIL)

    assert journal(fund, tmp_path) == before


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        (statement(3, (2, 100_00), (9, -12_50)), ("FL864", "FL861")),
        (statement(3, (2, 100_00), opening_fen=1), ("FL864", "FL858")),
    ],
)
def test_nobody_signs_while_something_severe_is_open(
    given: Statement, codes: tuple[str, ...], tmp_path: Path
) -> None:
    fund = started(tmp_path)
    before = journal(fund, tmp_path)

    with pytest.raises(Refused) as refused:
        signed(fund, given)

    assert refused.value.codes == codes
    assert journal(fund, tmp_path) == before


def test_what_was_recorded_behind_a_signature_is_found_and_keeps_the_month_open(
    tmp_path: Path,
) -> None:
    fund = started(tmp_path)
    first = signed(fund, MARCH)
    received(fund, 3_00, 3, 30)

    assert found(fund) == ["FL401"]
    with pytest.raises(Refused) as refused:
        fund.close("2026-03", actor="S02")
    assert refused.value.codes == ("FL321",)

    second = signed(fund, MARCH)
    fund.close("2026-03", actor="S02")

    assert found(fund) == []
    assert [len(trial.body.items) for trial in (first, second)] == [1, 2]
    assert [one.body.replaces for one in reconciled(fund.books(), BANK)] == [4]
    assert [(a.sequence, a.replaced_by) for a in fund.books().asserted()] == [(4, 6), (6, 0)]


def test_a_statement_is_signed_again_after_the_book_went_there_and_back(tmp_path: Path) -> None:
    fund = started(tmp_path)
    signed(fund, MARCH)
    ref = received(fund, 3_00, 3, 30)
    signed(fund, MARCH)
    fund.reverse(ref, on=date(2026, 3, 30), maker="S03", reviewer="S01")

    signed(fund, MARCH)

    assert found(fund) == []
    assert [one.sequence for one in reconciled(fund.books(), BANK)] == [8]


def test_nothing_carries_on_from_a_book_that_changed(tmp_path: Path) -> None:
    fund = started(tmp_path)
    signed(fund, MARCH)
    received(fund, 3_00, 3, 30)

    with pytest.raises(Refused) as refused:
        signed(fund, APRIL)
    assert refused.value.codes[:2] == ("FL864", "FL857")


def test_signing_an_earlier_period_again_takes_the_later_ones_along(tmp_path: Path) -> None:
    fund = started(tmp_path)
    signed(fund, MARCH)
    signed(fund, APRIL)
    received(fund, 3_00, 3, 30)

    signed(fund, MARCH)

    books = fund.books()
    assert [one.sequence for one in reconciled(books, BANK)] == [7]
    assert [(a.sequence, a.replaced_by) for a in books.asserted()] == [(4, 7), (5, 7), (7, 0)]
    assert found(fund) == []


def test_another_file_of_the_period_takes_the_place_of_the_one_that_is_named(
    tmp_path: Path,
) -> None:
    fund = started(tmp_path)
    first = sign(fund, try_out(fund, [MARCH]), actor="S05").sequence
    other = statement(3, (2, 100_00), (30, 1))
    other = replace(other, sha256="f" * 64)

    with pytest.raises(Refused):
        signed(fund, other)
    signed(fund, other, replaces=first)

    (standing,) = reconciled(fund.books(), BANK)
    assert (standing.body.replaces, standing.body.statements) == (first, ("f" * 64,))
    with pytest.raises(NotFound) as refused:
        try_out(fund, [MARCH], replaces=first)
    (found,) = refused.value.findings
    assert (found.code, found.details["standing"]) == (
        "FL865",
        f"{standing.sequence} ({standing.body.date})",
    )
    assert "fundledger journal dibao --records" in found.remedy("en")


def test_beancount_reads_the_book_balance_that_a_signature_explains(tmp_path: Path) -> None:
    fund = started(tmp_path)
    signed(fund, MARCH)
    text = (tmp_path / "dibao" / "balances.beancount").read_text()

    assert (
        "2026-04-01 balance Assets:Bank:Dedicated 107.00 ~ 0 CNY\n"
        '  record: "4"\n'
        '  actor: "S05"\n'
        '  statement: "100.00"\n'
    ) in text
    assert beans.compare(tmp_path / "dibao", fund.books()) == []

    received(fund, 3_00, 3, 30)
    assert found(fund) == ["FL401"]
    assert beans.sight(tmp_path / "dibao").off_fen == {(BANK, "2026-04-01"): 3_00}
    assert beans.compare(tmp_path / "dibao", fund.books()) == []


def test_two_figures_of_one_day_are_told_of_and_beancount_sees_the_last(tmp_path: Path) -> None:
    fund = started(tmp_path)
    for fen in (107_00, 107_05, 107_07):
        fund.assert_balance(BANK, date(2026, 3, 31), fen, actor="S05")

    conflicts = [f for f in fund.check(AS_OF).findings if f.code == "FL420"]
    assert [(f.details["earlier"], f.details["later"]) for f in conflicts] == [(4, 5), (5, 6)]
    assert beans.compare(tmp_path / "dibao", fund.books()) == []
    assert beans.sight(tmp_path / "dibao").off_fen == {(BANK, "2026-04-01"): -7}


def test_a_figure_that_replaces_another_is_no_conflict_and_both_stay(tmp_path: Path) -> None:
    fund = started(tmp_path)
    wrong = fund.assert_balance(BANK, date(2026, 3, 31), 170_00, actor="S05").sequence
    fund.assert_balance(BANK, date(2026, 3, 31), 107_00, actor="S05", replaces=wrong)

    assert found(fund) == []
    fund.close("2026-03", actor="S02")
    assert [(a.amount_fen, a.replaced_by) for a in fund.books().asserted()] == [
        (170_00, 5),
        (107_00, 0),
    ]
    with pytest.raises(Refused) as refused:
        fund.assert_balance(BANK, date(2026, 3, 31), 1, actor="S05", replaces=wrong)
    assert refused.value.codes == ("FL322",)


@pytest.mark.parametrize("off_fen", [0, 1])
def test_income_asserted_at_the_years_end_is_what_was_there_to_be_carried(
    off_fen: int, tmp_path: Path
) -> None:
    fund = fund_at(tmp_path)
    granted(fund, 500_00)
    fund.close("2026-01", actor="S02")
    income = "Income:Appropriation:District"
    fund.assert_balance(income, date(2026, 12, 31), -500_00 + off_fen, actor="S05")

    def end() -> object:
        return fund.close_year(2026, actor="S02", maker="S03", reviewer="S01")

    if off_fen:
        with pytest.raises(Refused) as refused:
            end()
        assert refused.value.codes == ("FL321",)
        return
    end()
    fund.assert_balance("Equity:CarriedForward", date(2026, 12, 31), -500_00, actor="S05")
    text = (tmp_path / "dibao" / "balances.beancount").read_text()

    assert {f.code for f in fund.check(date(2027, 1, 5)).findings} == {"FL403", "FL410", "FL411"}
    assert "2027-01-01 balance Income:Appropriation:District 0.00 ~ 0 CNY\n" in text
    assert '  statement: "-500.00"\n' in text
    assert beans.compare(tmp_path / "dibao", fund.books()) == []

    fund.assert_balance(income, date(2026, 12, 31), -500_01, actor="S05")
    off = [f for f in fund.check(date(2027, 1, 5)).findings if f.code == "FL401"]
    assert [f.amount_fen for f in off] == [1]
    assert beans.sight(tmp_path / "dibao").off_fen == {(income, "2027-01-01"): 1}
    assert beans.compare(tmp_path / "dibao", fund.books()) == []


def test_a_year_end_that_opens_no_account_writes_the_balances_anew(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    for year in (2025, 2026):
        on = date(year, 12, 2)
        fund.record(draft(drafts.donation(9_00), on, "donation"))
        fund.assert_balance("Income:Donation", date(year, 12, 31), -9_00, actor="S05")
        fund.close_year(year, actor="S02", maker="S03", reviewer="S01")

    text = (tmp_path / "dibao" / "balances.beancount").read_text()
    assert "2027-01-01 balance Income:Donation 0.00 ~ 0 CNY\n" in text
    assert found(fund) == []


def close_march(fund: Fund) -> None:
    fund.close("2026-03", actor="S02")


def end_the_year(fund: Fund) -> None:
    fund.close_year(2026, actor="S02", maker="S03", reviewer="S01")


@pytest.mark.parametrize(
    ("end", "last"),
    [(close_march, date(2026, 3, 31)), (end_the_year, date(2026, 12, 31))],
)
def test_nothing_is_closed_on_its_own_last_day(
    end: Callable[[Fund], None], last: date, tmp_path: Path
) -> None:
    clock = Clock()
    fund = fund_at(tmp_path, clock=clock)
    clock.now = clock.now.replace(year=2026, month=last.month, day=last.day, hour=23)
    received(fund, 1, last.month, 2)

    with pytest.raises(Refused) as refused:
        end(fund)
    assert refused.value.codes == ("FL320",)

    clock.advance(hours=1)
    end(fund)


@pytest.mark.parametrize("wrong", ["", None, {"account": BANK}, 5])
def test_what_is_no_reconciliation_is_not_signed(wrong: object, tmp_path: Path) -> None:
    fund = started(tmp_path)

    with pytest.raises(InputInvalid) as refused:
        fund.sign(wrong, actor="S05")  # type: ignore[arg-type]
    assert refused.value.codes == ("FL909",)


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(1, 28), st.sampled_from((1, 2, 300)), st.integers(0, 40)),
            max_size=6,
        ),
        min_size=3,
        max_size=3,
    ),
    st.lists(st.tuples(st.integers(3, 5), st.integers(1, 28)), max_size=2),
)
def test_whatever_is_late_is_signed_month_by_month_and_the_audit_agrees(
    tmp_path_factory: pytest.TempPathFactory,
    months: Sequence[Sequence[tuple[int, int, int]]],
    unbooked: Sequence[tuple[int, int]],
) -> None:
    """Each gift reaches the bank so many days late, many of them of equal amounts."""
    fund = fund_at(tmp_path_factory.mktemp("late"))
    at_bank: list[tuple[date, int]] = [(date(2026, month, day), 5) for month, day in unbooked]
    for month, gifts in enumerate(months, 3):
        for day, fen, late_days in sorted(gifts):
            received(fund, fen, month, day)
            at_bank.append((date(2026, month, day) + timedelta(days=late_days), fen))
    opening_fen = 0
    for month in (3, 4, 5, 6):
        moves = [(day.day, fen) for day, fen in sorted(at_bank) if day.month == month]
        given = statement(month, *moves, opening_fen=opening_fen)
        trial = try_out(fund, [given])
        assert trial.adjustment.settled
        if fund.books().chart is not None:
            sign(fund, trial, actor="S05")
            assert try_out(fund, [given]).signed is not None
        opening_fen = given.closing_fen

    assert found(fund) == []
    fund.close_files()


def spent_and_received(fund: Fund, fen: int, month: int, day: int) -> None:
    """Book a debit and a credit of one day, which come to nothing together."""
    on = date(2026, month, day)
    fund.record(draft(drafts.unknown_debit(fen), on, "unknown-debit"))
    received(fund, fen, month, day)


def test_what_is_dated_behind_the_signature_is_told_though_it_comes_to_nothing(
    tmp_path: Path,
) -> None:
    fund = started(tmp_path)
    signed(fund, MARCH)
    spent_and_received(fund, 5_00, 3, 30)

    trial = try_out(fund, [APRIL])

    (told,) = [one for one in trial.adjustment.findings if one.code == "FL857"]
    assert told.details["refs"] == "2026-03-0003 | 2026-03-0004"
    with pytest.raises(Refused):
        sign(fund, trial, actor="S05")
    again = signed(fund, MARCH)
    assert {item.signed_fen for item in again.adjustment.items} == {5_00, -5_00, 7_00}
    trial = signed(fund, APRIL)
    assert {item.signed_fen for item in trial.adjustment.items} == {5_00, -5_00}
    assert found(fund) == ["FL413"]


def test_what_was_booked_since_it_was_compared_is_not_signed(tmp_path: Path) -> None:
    fund = started(tmp_path)
    trial = try_out(fund, [MARCH])
    spent_and_received(fund, 5_00, 3, 30)

    with pytest.raises(Refused) as refused:
        sign(fund, trial, actor="S05")
    assert refused.value.codes == ("FL893",)

    received(fund, 1_00, 4, 1)
    signed(fund, MARCH)


def test_what_is_booked_for_later_days_is_nothing_to_what_was_compared(tmp_path: Path) -> None:
    fund = started(tmp_path)
    trial = try_out(fund, [MARCH])
    received(fund, 1_00, 4, 1)

    sign(fund, trial, actor="S05")


def test_what_lies_behind_a_signature_is_told_as_that_and_signed_anew_with_all_after_it(
    tmp_path: Path,
) -> None:
    """April was signed first: March alone is an overlap and nothing else; both can be signed."""
    fund = started(tmp_path)
    received(fund, 1_00, 4, 2)
    april = statement(4, (1, 7_00), (2, 1_00), opening_fen=100_00)
    first = try_out(fund, [april])
    sign(fund, first, actor="S05")
    alone = try_out(fund, [MARCH])
    both = try_out(fund, [MARCH, april], replaces=alone.after.sequence if alone.after else 0)

    assert first.unlooked == date(2026, 3, 2)
    errors = [f.code for f in alone.adjustment.findings if f.severity == "error"]
    assert errors == ["FL855"]
    assert both.unlooked is None
    assert both.adjustment.settled
    sign(fund, both, actor="S05")
    assert found(fund) == []


def test_what_was_signed_just_so_gives_its_receipt_whatever_was_found_since(tmp_path: Path) -> None:
    fund = started(tmp_path)
    first = sign(fund, try_out(fund, [MARCH]), actor="S05")
    again = try_out(fund, [MARCH])
    wrong = replace(again.adjustment, findings=(Finding("FL799", "B2026-03-001", {}),))

    receipt = sign(fund, replace(again, adjustment=wrong), actor="S05")
    assert receipt == replace(first, again=True)
    with pytest.raises(Refused):
        sign(fund, replace(again, adjustment=wrong, signed=None), actor="S05")
