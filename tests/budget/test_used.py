"""How a budget is used adds up: what was given to a line is what became of it, to the fen."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fundledger.budget import Used
from fundledger.budget.watch.figures import used_by_line
from fundledger.charter import FundCharter
from fundledger.errors import Refused
from fundledger.fund import Fund, open_fund
from fundledger.ledger import drafts
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from fundledger.ledger.voucher import Posting
from support.offices import DIBAO, ILLNESS, Clock, charter_values, draft, numbered_keys

ACTS: dict[str, Callable[[int, drafts.Line, int], tuple[Posting, ...]]] = {
    "expense": drafts.expense,
    "encumber": drafts.encumbrance,
    "release": drafts.release,
    "allot": drafts.allotment,
    "supplement": drafts.adoption,
    "reduction": drafts.reduction,
    "surrender": drafts.surplus_surrendered,
    "advance": drafts.advance,
    "advance-settle": drafts.advance_settled,
    "virement": lambda year, line, fen: drafts.virement(
        year, line, ILLNESS if line == DIBAO else DIBAO, fen
    ),
}
MOVES = st.lists(
    st.tuples(
        st.integers(1, 11),
        st.sampled_from(sorted(ACTS)),
        st.sampled_from((DIBAO, ILLNESS)),
        st.integers(1, 60_00),
    ),
    max_size=8,
)


def fund_at(root: Path, carry_over: str) -> Fund:
    since = "2024-01-01"
    values = charter_values(
        opened=since,
        sources=[{"slug": "District", "zh": "区级", "en": "district", "from": since}],
        purposes=[
            {"unit": "CASC", "from": since, "category": category}
            for _, category in (DIBAO, ILLNESS)
        ],
        carry_over=carry_over,
    )
    clock = Clock(datetime(2027, 1, 4, 9, 0, tzinfo=SHANGHAI))
    charter = FundCharter.model_validate(values)
    return open_fund(root / "dibao", charter, Surroundings(clock, numbered_keys()))


def ended(fund: Fund, year: int) -> None:
    """Close a year's months, and the year."""
    for month in range(1, 12):
        fund.close(f"{year}-{month:02d}", actor="S02")
    fund.close_year(year, actor="S02", maker="S03", reviewer="S01")


def became_of_it_fen(used: Used) -> int:
    """Return what a row of the form says of the adjusted budget beside it."""
    return (
        used.expended_fen
        + used.encumbered_fen
        + used.available_fen
        + used.unallotted_fen
        + used.given_back_fen
        + used.carried_forward_fen
    )


def rows(fund: Fund) -> Iterator[Used]:
    """Yield how each line is used on the last day of each month, before and after year ends."""
    books = fund.books()
    for year in (2024, 2025):
        for day in (*(date(year, month, 28) for month in range(1, 13)), date(year, 12, 31)):
            yield from used_by_line(books, year, day).values()
        yield from used_by_line(books, year, date(year + 1, 6, 30)).values()


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(["keep", "lapse"]),
    st.lists(st.tuples(st.integers(1, 100_00), MOVES), min_size=2, max_size=2),
)
def test_each_row_balances_whatever_happened(
    carry_over: str, plan: list[tuple[int, list[tuple[int, str, drafts.Line, int]]]]
) -> None:
    """In real books, on many days of two years that end; what the gate refuses is not done."""
    with tempfile.TemporaryDirectory() as root:
        fund = fund_at(Path(root), carry_over)
        for year, (fen, moves) in enumerate(plan, 2024):
            first = date(year, 1, 2)
            fund.record(
                [
                    voucher
                    for line in (DIBAO, ILLNESS)
                    for voucher in (
                        draft(drafts.allocation("District", 2 * fen), first),
                        draft(drafts.adoption(year, line, 2 * fen), first, "budget-adopt"),
                        draft(drafts.allotment(year, line, fen), first, "allot"),
                    )
                ]
            )
            for month, act, line, amount_fen in sorted(moves):
                with suppress(Refused):
                    fund.record(draft(ACTS[act](year, line, amount_fen), date(year, month, 5), act))
            ended(fund, year)

            for used in rows(fund):
                assert used.adjusted_fen == became_of_it_fen(used)
        fund.close_files()


def test_what_a_year_end_leaves_is_carried_or_has_lapsed(tmp_path: Path) -> None:
    """Of 200 are 100 allotted, 30 paid, 20 encumbered: 50 are available.

    A fund that keeps it carries 70, and the 100 that were never allotted lapse; else 20, and 150.
    In the next year 15 of what was carried are released and surrendered.
    """
    for carry_over, carried_fen in (("keep", 70_00), ("lapse", 20_00)):
        fund = fund_at(tmp_path / carry_over, carry_over)
        fund.record(
            [
                draft(drafts.allocation("District", 200_00), date(2024, 1, 2)),
                draft(drafts.adoption(2024, DIBAO, 200_00), date(2024, 1, 2), "budget-adopt"),
                draft(drafts.allotment(2024, DIBAO, 100_00), date(2024, 1, 2), "allot"),
                draft(drafts.expense(2024, DIBAO, 30_00), date(2024, 6, 5), "expense"),
                draft(drafts.encumbrance(2024, DIBAO, 20_00), date(2024, 6, 5), "encumber"),
            ]
        )
        ended(fund, 2024)
        fund.record(
            [
                draft(drafts.release(2025, DIBAO, 15_00), date(2025, 2, 5), "release"),
                draft(
                    drafts.surplus_surrendered(2025, DIBAO, 15_00), date(2025, 2, 6), "surrender"
                ),
            ]
        )
        books = fund.books()

        assert used_by_line(books, 2024, date(2024, 12, 30))[DIBAO] == Used(
            approved_fen=200_00,
            unallotted_fen=100_00,
            available_fen=50_00,
            encumbered_fen=20_00,
            expended_fen=30_00,
        )
        assert used_by_line(books, 2024, date(2024, 12, 31))[DIBAO] == Used(
            approved_fen=200_00,
            expended_fen=30_00,
            given_back_fen=170_00 - carried_fen,
            carried_forward_fen=carried_fen,
        )
        assert used_by_line(books, 2025, date(2025, 2, 28))[DIBAO] == Used(
            brought_forward_fen=carried_fen,
            available_fen=carried_fen - 20_00,
            encumbered_fen=5_00,
            given_back_fen=15_00,
        )
        fund.close_files()
