"""Lots of carry-over: the oldest money goes first, and what is open is what is carried."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fundledger.charter import FundCharter
from fundledger.errors import Refused
from fundledger.fund import Fund, open_fund
from fundledger.ledger import drafts
from fundledger.ledger.lots import LineYear, Lot, lots_by_line, lots_of, merged
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from fundledger.ledger.voucher import Posting, credit, debit
from support.offices import DIBAO, ILLNESS, Clock, charter_values, draft, numbered_keys

FEN = st.integers(min_value=0, max_value=40)
YEARS = st.lists(st.tuples(FEN, FEN, FEN, FEN, FEN), min_size=1, max_size=5)


def test_spending_takes_the_oldest_lot_and_what_lapses_at_the_end_the_newest() -> None:
    """2023: 100 given, 20 paid.  2024: 50 given, 60 paid, 10 of it lapse.  2025: 5 surrendered.

    Of 80 from 2023 are 20 left after 2024, and 40 of its own 50; the surrender is of 2023.
    """
    years = {
        2023: LineYear(approved_fen=100, expended_fen=20),
        2024: LineYear(approved_fen=50, brought_fen=80, expended_fen=60, ended_fen=10),
        2025: LineYear(brought_fen=60, given_back_fen=5, left_fen=55),
    }

    assert lots_of(years, 2024) == (
        Lot(2023, opening_fen=80, spent_fen=60),
        Lot(2024, income_fen=50, given_back_fen=10),
    )
    assert lots_of(years, 2025) == (
        Lot(2023, opening_fen=20, given_back_fen=5),
        Lot(2024, opening_fen=40),
    )


def test_what_the_books_began_with_or_comes_back_is_of_the_year_before() -> None:
    """The books begin with 30 in 2025; in 2026 a payment of an earlier year comes back, 7."""
    years = {
        2025: LineYear(brought_fen=30, expended_fen=10),
        2026: LineYear(brought_fen=27, left_fen=27),
    }

    assert lots_of(years, 2026) == (
        Lot(2024, opening_fen=20, or_before=True),
        Lot(2025, income_fen=7),
    )


def test_a_year_that_is_not_ended_yet_keeps_its_lots_beside_the_next() -> None:
    """In January the year before is still open: what the new year pays is its own."""
    years = {
        2025: LineYear(approved_fen=50, expended_fen=20, left_fen=30),
        2026: LineYear(approved_fen=100, expended_fen=40, left_fen=60),
    }

    assert [(lot.origin, lot.open_fen) for lot in lots_of(years, 2026)] == [(2025, 30), (2026, 60)]


def test_what_a_line_overspent_is_covered_by_its_oldest_lot() -> None:
    """Past the gate 2025 paid 130 of 100 + 20; the 10 that it lacks are taken from 2026."""
    years = {
        2024: LineYear(approved_fen=20),
        2025: LineYear(approved_fen=100, brought_fen=20, expended_fen=130),
        2026: LineYear(approved_fen=50, brought_fen=-10, left_fen=40),
    }

    assert [(lot.origin, lot.open_fen) for lot in lots_of(years, 2025)] == [(2024, 0), (2025, -10)]
    assert sum(lot.open_fen for lot in lots_of(years, 2026)) == 40


def test_what_was_taken_beyond_a_year_is_of_the_oldest_lot() -> None:
    """Past the gate (FL506) 2025 is reduced by 5 more than it was given; 20 were of 2024."""
    years = {
        2024: LineYear(approved_fen=20),
        2025: LineYear(approved_fen=-5, brought_fen=20),
        2026: LineYear(brought_fen=15, left_fen=15),
    }

    assert lots_of(years, 2026) == (Lot(2024, opening_fen=15),)


@given(YEARS)
def test_fen_by_fen_the_same_lots_are_left(plan: list[tuple[int, ...]]) -> None:
    """Of each year: given, come back, paid, surrendered, lapsed; as much of each as there is."""
    purse: list[int] = []
    years: dict[int, LineYear] = {}
    for year, (approved, late, want_paid, want_back, want_ended) in enumerate(plan, 2023):
        carried = len(purse)
        purse = sorted([*purse, *[year - 1] * late]) + [year] * approved
        back = min(want_back, len(purse))
        paid = min(want_paid, len(purse) - back)
        purse = purse[back + paid :]
        ended = min(want_ended, len(purse))
        purse = purse[: len(purse) - ended]
        years[year] = LineYear(approved, carried + late, paid, back, ended)

        lots = lots_of(years, year)
        left = {lot.origin: lot.open_fen for lot in lots if lot.open_fen}
        assert left == {origin: purse.count(origin) for origin in set(purse)}
        assert sum(lot.opening_fen for lot in lots) == carried
        assert sum(lot.income_fen for lot in lots) == approved + late
        assert sum(lot.spent_fen for lot in lots) == paid
        assert sum(lot.given_back_fen for lot in lots) == back + ended


@given(st.lists(st.tuples(*[st.integers(min_value=-40, max_value=40)] * 5), min_size=1, max_size=4))
def test_whatever_was_forced_in_the_lots_are_what_is_left(plan: list[tuple[int, ...]]) -> None:
    years: dict[int, LineYear] = {}
    carried = 0
    for year, (approved, late, paid, back, ended) in enumerate(plan, 2023):
        brought = carried + late
        years[year] = LineYear(approved, brought, paid, back, ended)
        carried = approved + brought - paid - back - ended

        assert sum(lot.open_fen for lot in lots_of(years, year)) == carried


@given(st.lists(st.builds(Lot, st.integers(2020, 2026), FEN, FEN, FEN, FEN), max_size=6))
def test_merged_lots_are_the_sums_of_their_year(lots: list[Lot]) -> None:
    found = merged(lots)

    assert [lot.origin for lot in found] == sorted({lot.origin for lot in found})
    assert sum(lot.open_fen for lot in found) == sum(lot.open_fen for lot in lots)


ACTS = ("expense", "encumber", "release", "surrender", "supplement", "reduction", "virement")
MOVES = st.lists(
    st.tuples(st.sampled_from(ACTS), st.sampled_from((DIBAO, ILLNESS)), st.integers(1, 60_00)),
    max_size=5,
)


def _fund_of_2023(root: Path, carry_over: str) -> Fund:
    since = "2023-01-01"
    purpose = {"unit": "CASC", "from": since}
    values = charter_values(
        opened=since,
        sources=[{"slug": "District", "zh": "区级", "en": "district", "from": since}],
        purposes=[{**purpose, "category": category} for _, category in (DIBAO, ILLNESS)],
        carry_over=carry_over,
    )
    clock = Clock(datetime(2027, 1, 4, 9, 0, tzinfo=SHANGHAI))
    charter = FundCharter.model_validate(values)
    return open_fund(root / "dibao", charter, Surroundings(clock, numbered_keys()))


def _moved(fund: Fund, year: int, act: str, line: drafts.Line, fen: int) -> None:
    """Try an act; what the gate refuses is not done.  What is paid twice over comes back."""
    other = ILLNESS if line == DIBAO else DIBAO
    back = (debit("Equity:CarriedForward", fen), credit("Assets:Bank:Dedicated", fen))
    of_year = ("Lapsed", "Available")
    budget = [drafts.budget_account(year, kind, line) for kind in of_year]
    made: dict[str, Callable[[], tuple[Posting, ...]]] = {
        "expense": lambda: drafts.expense(year, line, fen),
        "encumber": lambda: drafts.encumbrance(year, line, fen),
        "release": lambda: drafts.release(year, line, fen),
        "surrender": lambda: (*back, debit(budget[0], fen), credit(budget[1], fen)),
        "supplement": lambda: drafts.adoption(year, line, fen),
        "reduction": lambda: drafts.reduction(year, line, fen),
        "virement": lambda: drafts.virement(year, line, other, fen),
    }
    try:
        receipt = fund.record(draft(made[act](), date(year, 6, 5), act))
        if act == "expense" and fen % 3 == 0:
            fund.reverse(receipt.refs[0], on=date(year, 6, 6), maker="S03", reviewer="S01")
    except Refused:
        return


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(["keep", "lapse"]),
    st.lists(st.tuples(st.integers(0, 100_00), MOVES), min_size=3, max_size=4),
)
def test_the_open_lots_of_any_year_end_are_what_is_carried(
    carry_over: str, plan: list[tuple[int, list[tuple[str, drafts.Line, int]]]]
) -> None:
    """In real books, day by day: what is open is what a line has left, then what it carries."""
    with tempfile.TemporaryDirectory() as root:
        fund = _fund_of_2023(Path(root), carry_over)
        for year, (fen, moves) in enumerate(plan, 2023):
            first = date(year, 1, 2)
            given_to_lines = [
                voucher
                for line in (DIBAO, ILLNESS)
                for voucher in (
                    draft(drafts.allocation("District", fen + 1), first),
                    draft(drafts.adoption(year, line, fen + 1), first, "budget-adopt"),
                    draft(drafts.allotment(year, line, fen + 1), first, "allot"),
                )
            ]
            fund.record(given_to_lines)
            for act, line, amount_fen in moves:
                _moved(fund, year, act, line, amount_fen)
            _open_is_left(fund, year, ("Unallotted", "Available", "Encumbered"), date(year, 12, 30))
            for month in ("01", "06"):
                fund.close(f"{year}-{month}", actor="S02")
            fund.close_year(year, actor="S02", maker="S03", reviewer="S01")
            _open_is_left(fund, year, ("CarriedForward",), date(year, 12, 31))
            _open_is_left(fund, year + 1, ("BroughtForward",), date(year + 1, 1, 1))
        fund.close_files()


def _open_is_left(fund: Fund, year: int, kinds: tuple[str, ...], day: date) -> None:
    books = fund.books()
    found = lots_by_line(books, day)
    for line in (DIBAO, ILLNESS):
        left_fen = sum(
            abs(books.fen(drafts.budget_account(year, kind, line), day)) for kind in kinds
        )
        lots = found.get(line, ())

        assert sum(lot.open_fen for lot in lots) == left_fen
        assert all(lot.open_fen >= 0 for lot in lots)
