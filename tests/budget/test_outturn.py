"""The outturn of a year: what came in and went out is what is left, and that is on the account."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundledger.budget import Outturn, outturn
from fundledger.charter import FundCharter
from fundledger.errors import InputInvalid, Refused
from fundledger.fund import Fund, open_fund
from fundledger.ledger import drafts
from fundledger.ledger.chart import BANK, INTEREST
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from fundledger.ledger.voucher import Posting, credit, debit
from support.offices import DIBAO, Clock, charter_values, draft, numbered_keys

SINCE = "2024-01-01"
VALUES = charter_values(
    opened=SINCE,
    sources=[{"slug": "District", "zh": "区级", "en": "district", "from": SINCE}],
    purposes=[{"unit": "CASC", "category": "Dibao", "from": SINCE}],
)
CHARTER = FundCharter.model_validate(VALUES)
NET_ASSETS = ("Income", "Expenses", "Equity:CarriedForward", "Equity:PriorYearAdjustment")


def a_fund(root: Path) -> Fund:
    clock = Clock(datetime(2026, 6, 30, 9, 0, tzinfo=SHANGHAI))
    return open_fund(root / "dibao", CHARTER, Surroundings(clock, numbered_keys()))


def did(fund: Fund, on: date, event: str, postings: tuple[Posting, ...]) -> str:
    return fund.record(draft(postings, on, event)).refs[0]


def a_year(fund: Fund, year: int, granted_fen: int) -> None:
    first = date(year, 1, 3)
    did(fund, first, "allocation", drafts.allocation("District", granted_fen))
    did(fund, first, "budget-adopt", drafts.adoption(year, DIBAO, granted_fen))
    did(fund, first, "allot", drafts.allotment(year, DIBAO, granted_fen))


def ended(fund: Fund, year: int) -> None:
    for month in sorted(month for month, _ in fund.books().months.rows()):
        if month[:4] == str(year) and month[5:] != "12":
            fund.close(month, actor="S02")
    fund.close_year(year, actor="S02", maker="S03", reviewer="S01")


def test_a_year_of_every_kind_comes_to_what_is_left(tmp_path: Path) -> None:
    fund = a_fund(tmp_path)
    a_year(fund, 2024, 1000_00)
    did(fund, date(2024, 5, 6), "expense", drafts.expense(2024, DIBAO, 700_00))
    ended(fund, 2024)
    a_year(fund, 2025, 500_00)
    did(fund, date(2025, 2, 3), "donation", drafts.donation(80_00))
    did(fund, date(2025, 3, 21), "interest", (debit(BANK, 3_00), credit(INTEREST, 3_00)))
    did(fund, date(2025, 4, 7), "expense", drafts.expense(2025, DIBAO, 210_00))
    twice = did(fund, date(2025, 5, 7), "expense", drafts.expense(2025, DIBAO, 40_00))
    fund.reverse(twice, on=date(2025, 5, 8), maker="S03", reviewer="S01")
    did(fund, date(2025, 6, 9), "surrender", drafts.surplus_surrendered(2025, DIBAO, 100_00))
    wrong = did(fund, date(2025, 6, 9), "surrender", drafts.surplus_surrendered(2025, DIBAO, 7_00))
    fund.reverse(wrong, on=date(2025, 6, 10), maker="S03", reviewer="S01")
    did(fund, date(2025, 7, 1), "unknown-credit", drafts.unknown_credit(9_00))
    did(fund, date(2025, 7, 2), "unknown-debit", drafts.unknown_debit(4_00))

    found = outturn(fund, 2025, date(2025, 12, 31), CHARTER)

    assert found == Outturn(
        fund="dibao",
        names=found.names,
        year=2025,
        as_of=date(2025, 12, 31),
        opening_fen=300_00,
        appropriated_fen=500_00,
        interest_fen=3_00,
        donated_fen=80_00,
        spent_fen=210_00,
        surrendered_fen=100_00,
        bank_fen=578_00,
        owed_fen=9_00,
        claims_fen=4_00,
    )
    assert found.closing_fen == 573_00
    assert found.apart_fen == 0
    assert not found.signed
    ended(fund, 2025)
    assert outturn(fund, 2025, date(2026, 3, 1), CHARTER) == found
    assert outturn(fund, 2026, date(2026, 3, 1), CHARTER).opening_fen == 573_00
    fund.close_files()


def test_a_fund_without_books_comes_to_nothing(tmp_path: Path) -> None:
    found = outturn(a_fund(tmp_path), 2025, date(2025, 12, 31), CHARTER)

    assert (found.closing_fen, found.bank_fen, found.apart_fen, found.signed_on) == (0, 0, 0, None)


def test_a_day_before_the_year_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputInvalid) as refused:
        outturn(a_fund(tmp_path), 2025, date(2024, 12, 31), CHARTER)
    assert refused.value.codes == ("FL909",)


ACTS = ("expense", "donation", "interest", "surrender", "unknown-credit", "unknown-debit")
MOVES = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 60_00), st.booleans()), max_size=6)


@settings(max_examples=15, deadline=None)
@given(st.lists(MOVES, min_size=2, max_size=3))
def test_what_is_left_is_carried_over_and_on_the_account(
    plan: list[list[tuple[str, int, bool]]],
) -> None:
    """Of any years: left is opening, come in and gone out; and by the balances of the books."""
    with tempfile.TemporaryDirectory() as root:
        fund = a_fund(Path(root))
        carried_fen = 0
        for year, moves in enumerate(plan, 2024):
            last = date(year, 12, 31) if year < 2026 else date(2026, 6, 30)
            a_year(fund, year, 100_00)
            for act, fen, undone in moves:
                _tried(fund, year, act, fen, undone=undone)
            found = outturn(fund, year, last, CHARTER)
            books = fund.books()
            names = [one for one in books.account_names() if one.startswith(NET_ASSETS)]
            assert found.closing_fen == -sum(books.balance(one, last) for one in names)
            assert found.bank_fen == books.balance(BANK, last)
            assert (found.apart_fen, found.opening_fen) == (0, carried_fen)
            carried_fen = found.closing_fen
            if year < 2026:
                ended(fund, year)
                assert outturn(fund, year, last, CHARTER) == found
        fund.close_files()


def _tried(fund: Fund, year: int, act: str, fen: int, *, undone: bool) -> None:
    made: dict[str, Callable[[], tuple[Posting, ...]]] = {
        "expense": lambda: drafts.expense(year, DIBAO, fen),
        "donation": lambda: drafts.donation(fen),
        "interest": lambda: (debit(BANK, fen), credit(INTEREST, fen)),
        "surrender": lambda: drafts.surplus_surrendered(year, DIBAO, fen),
        "unknown-credit": lambda: drafts.unknown_credit(fen),
        "unknown-debit": lambda: drafts.unknown_debit(fen),
    }
    try:
        ref = did(fund, date(year, 5, 6), act, made[act]())
        if undone:
            fund.reverse(ref, on=date(year, 5, 7), maker="S03", reviewer="S01")
    except Refused:
        return
