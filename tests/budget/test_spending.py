"""What a line spent in which month of which year, and which round of it was where by then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.budget.facts import Heads, Season, Standard
from fundledger.budget.history import fund_history
from fundledger.budget.movements import Movements
from fundledger.budget.one_offs import one_offs_of
from fundledger.budget.spending import (
    Spent,
    came_due,
    months_before,
    recent,
    seasons,
    spent_by_month,
    turned,
)
from fundledger.budget.standards import standards_of
from fundledger.charter import load_budget_rules, load_charter
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.voucher import Draft, Voucher, numbered
from support.budgets import RULES
from support.offices import DIBAO, ILLNESS, draft
from support.paying import Payments, entitlement

END = date(2026, 12, 31)


def vouchers(*many: Draft) -> list[Voucher]:
    return [numbered(one, number) for number, one in enumerate(many, 1)]


def expense(amount_fen: int, on: date, *links: str) -> Draft:
    paid = draft(drafts.expense(on.year, DIBAO, amount_fen), on, "expense")
    return replace(paid, links=links)


def all_spent(many: Sequence[Voucher]) -> dict[tuple[str, str], dict[str, Spent]]:
    """What was spent by the end, one-offs by the link of their vouchers."""
    return spent_by_month(Movements(many, END), one_offs_of(many, [], []).vouchers)


MANY = vouchers(
    expense(100_00, date(2025, 1, 5)),
    expense(200_00, date(2025, 11, 5)),
    expense(50_00, date(2026, 1, 5)),
    expense(30_00, date(2026, 1, 20), "one-off"),
    expense(70_00, date(2026, 3, 5)),
)


def test_each_month_of_each_year_has_its_own_and_one_offs_are_known() -> None:
    assert all_spent(MANY) == {
        DIBAO: {
            "2025-01": Spent(100_00, 0),
            "2025-11": Spent(200_00, 0),
            "2026-01": Spent(80_00, 30_00),
            "2026-03": Spent(70_00, 0),
        }
    }


def test_nothing_counts_after_the_cut_off() -> None:
    assert list(spent_by_month(Movements(MANY, date(2026, 2, 28)))[DIBAO]) == [
        "2025-01",
        "2025-11",
        "2026-01",
    ]


@given(st.permutations(MANY))
def test_the_order_of_the_vouchers_is_nothing(shuffled: Sequence[Voucher]) -> None:
    assert all_spent(shuffled) == all_spent(MANY)


def test_a_one_off_that_is_taken_back_is_none() -> None:
    given, paid = vouchers(
        expense(900_00, date(2026, 2, 1)), expense(30_00, date(2026, 2, 2), "one-off")
    )
    red = numbered(drafts.reversal(paid, date(2026, 3, 2), "S03", "S01"), 1)

    for every in ([given, paid, red], [red, paid, given]):
        assert all_spent(every)[DIBAO] == {
            "2026-02": Spent(930_00, 30_00),
            "2026-03": Spent(-30_00, -30_00),
        }


def test_what_is_reversed_was_not_spent() -> None:
    (first, *_) = MANY
    red = numbered(drafts.reversal(first, date(2025, 1, 9), "S03", "S01"), 9)

    assert all_spent([*MANY, red])[DIBAO]["2025-01"] == Spent(0, 0)


def test_a_correction_counts_in_its_year_and_not_for_an_earlier_one() -> None:
    """What settles an advance of an earlier year is no correction: this year paid it."""
    on = date(2026, 2, 5)
    paid = {
        "2025-11-0003": ("correction", 5_00),
        "2026-01-0003": ("correction", 7_00),
        "2025-12-0001": ("advance-settle", 9_00),
    }
    many = [
        replace(expense(fen, on), event=event, corrects=ref) for ref, (event, fen) in paid.items()
    ]

    assert all_spent(vouchers(*many)) == {DIBAO: {"2026-02": Spent(16_00, 0)}}


def test_what_ends_a_year_was_not_spent() -> None:
    closing = replace(expense(5_00, END), event="year-end", closing=True)

    assert all_spent(vouchers(closing)) == {}


def test_lines_are_kept_apart_and_the_last_day_counts() -> None:
    other = draft(drafts.expense(2026, ILLNESS, 9_00), END, "expense")

    assert spent_by_month(Movements(vouchers(other, expense(5_00, END)), END)) == {
        DIBAO: {"2026-12": Spent(5_00, 0)},
        ILLNESS: {"2026-12": Spent(9_00, 0)},
    }


def test_months_go_back_over_the_year() -> None:
    assert months_before("2026-02", 4) == ("2025-11", "2025-12", "2026-01", "2026-02")


def test_recent_months_have_no_one_offs_and_none_before_the_line_began() -> None:
    spent = all_spent(MANY)[DIBAO]

    assert recent(spent, "2026-03", "2025-01", 3) == (50_00, 0, 70_00)
    assert recent(spent, "2026-03", "2026-02", 24) == (0, 70_00)


def test_an_earlier_round_had_accrued_what_was_spent_by_that_month() -> None:
    spent = all_spent(MANY)[DIBAO]

    assert seasons(spent, "2025-01", "2026-10") == (Season("2025", 100_00, 300_00),)
    assert seasons(spent, "2025-02", "2026-10") == (), "the books have not the whole of it"
    assert seasons(spent, "2024-01", "2026-10") == (
        Season("2025", 100_00, 300_00),
        Season("2024", 0, 0),
    )


ROUNDS = {
    month: Spent(fen, 0)
    for month, fen in {
        "2024-11": 40_00, "2025-01": 60_00,  # the round of 2025
        "2025-12": 90_00, "2026-02": 30_00, "2026-09": 30_00,  # of 2026
        "2026-11": 70_00,  # of 2027
    }.items()
}  # fmt: skip


def test_a_round_over_the_turn_of_the_year_goes_by_the_year_in_which_it_ends() -> None:
    """Rounds run from November: that of 2025 took 100, 40 of it in the year before."""
    assert seasons(ROUNDS, "2024-11", "2026-01", 11) == (Season("2025", 100_00, 100_00),)
    assert seasons(ROUNDS, "2024-11", "2027-01", 11) == (
        Season("2026", 90_00, 150_00),
        Season("2025", 100_00, 100_00),
    )
    assert seasons(ROUNDS, "2024-12", "2027-01", 11) == (Season("2026", 90_00, 150_00),)
    assert seasons(ROUNDS, "2024-11", "2026-11", 11) == (Season("2025", 100_00, 100_00),)


def test_what_a_round_took_beyond_the_year_is_known() -> None:
    """2026 lacks the 90 that its round took in December; from November on it pays for the next."""
    assert turned(ROUNDS, "2024-11", "2026-10", 11) == 90_00
    assert turned(ROUNDS, "2024-11", "2026-11", 11) == 20_00
    assert turned(ROUNDS, "2025-11", "2026-10", 11) == 90_00
    assert turned(ROUNDS, "2025-12", "2026-10", 11) is None
    assert turned(ROUNDS, "2026-01", "2026-10", 1) == 0


@given(
    st.dictionaries(
        st.builds("{}-{:02d}".format, st.integers(2024, 2026), st.integers(1, 10)),
        st.builds(Spent, st.integers(-5_00, 90_00), st.integers(0, 5_00)),
    ),
    st.integers(1, 10),
    st.sampled_from([11, 12]),
)
def test_where_nothing_is_paid_over_the_turn_the_rounds_are_the_years(
    spent: dict[str, Spent], month: int, round_from: int
) -> None:
    last = f"2026-{month:02d}"

    assert seasons(spent, "2023-01", last, round_from)[:2] == seasons(spent, "2023-01", last)[:2]
    assert turned(spent, "2023-01", last, round_from) == 0


def test_a_round_had_accrued_through_the_month_and_has_no_one_offs() -> None:
    """By November 2025 had all of its 300; of 2026 thirty of January were a one-off."""
    spent = all_spent(MANY)[DIBAO]

    assert seasons(spent, "2025-01", "2026-11") == (Season("2025", 300_00, 300_00),)
    assert seasons(spent, "2025-01", "2027-01") == (
        Season("2026", 50_00, 120_00),
        Season("2025", 100_00, 300_00),
    )
    assert seasons(spent, "2023-01", "2026-11")[1:] == (Season("2024", 0, 0), Season("2023", 0, 0))
    assert seasons(spent, "", "2026-11") == ()
    assert seasons(spent, "2026-01", "2026-11") == ()


def heads_of(
    fund: Fund, year: int = 2026, until: date = END
) -> Mapping[tuple[str, str], tuple[Heads, ...]]:
    return fund_history(fund, year, until).heads


def test_lists_say_whom_each_month_pays_and_once_each(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    march = [entitlement(person, 100_00) for person in range(3)]
    _, lines = payments.sent([*march, entitlement(0, 50_00, "2026-02")])
    batch = payments.batches()[0].id
    payments.result(batch, "2026-03-12", {lines[0]: "failed"})
    payments.prepare([entitlement(7, 900_00)], "2026-03-20")
    heads = heads_of(payments.fund)

    assert {(one.month, one.persons, one.amount_fen) for one in heads[DIBAO]} == {
        ("2026-02", 1, 50_00),
        ("2026-03", 3, 300_00),
    }
    assert heads_of(payments.fund, until=date(2026, 3, 9)) == {}


def test_who_was_given_up_is_no_head(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    batch, lines = payments.sent([entitlement(person, 100_00) for person in range(3)])
    payments.result(batch, "2026-03-12", dict.fromkeys(lines, "failed"))
    payments.named(batch, "cancel", "2026-03-13", lines[:2])

    (march,) = heads_of(payments.fund)[DIBAO]
    assert (march.persons, march.amount_fen) == (1, 100_00)


def test_a_standard_is_the_published_one_and_then_the_assumed_rise() -> None:
    charter, rules = load_charter(RULES), load_budget_rules(RULES)
    found = standards_of("dibao", charter.rates, rules.uplifts, 2026)
    last = max(
        (rate for rate in charter.rates if rate.slug == "dibao"), key=lambda rate: rate.from_date
    )
    fen = Fraction(last.amount_fen)

    assert len(found) == 24
    assert found[0] == Standard("2026-01", fen)
    assert found[17] == Standard("2027-06", fen)
    assert found[18] == Standard("2027-07", fen * Fraction(105, 100), assumed=True)


@pytest.mark.parametrize("slug", ["", "no such rate"])
def test_without_a_rate_there_is_no_standard(slug: str) -> None:
    charter, rules = load_charter(RULES), load_budget_rules(RULES)

    assert standards_of(slug, charter.rates, rules.uplifts, 2026) == ()


def test_a_month_is_what_came_to_be_owed_in_it() -> None:
    """20 of January's 100 were arrears, and 50 are due of February; 30 were a one-off."""
    spent = {"2026-01": Spent(100, 30)}

    assert came_due(spent, {"2026-01": -20, "2026-02": 50}) == {
        "2026-01": Spent(80, 30),
        "2026-02": Spent(50, 0),
    }
    assert came_due(spent, {}) == spent
    assert came_due({}, {"2026-02": 50}) == {"2026-02": Spent(50, 0)}


ROUND = {
    "2024-11": Spent(1, 0),
    "2024-12": Spent(2, 0),
    "2025-01": Spent(4, 0),
    "2025-02": Spent(8, 0),
    "2025-03": Spent(116, 100),
    "2025-10": Spent(32, 0),
    "2025-11": Spent(64, 0),
    "2025-12": Spent(228, 100),
    "2026-02": Spent(256, 0),
    "2026-11": Spent(612, 100),
}
"""Powers of two, and what was a one-off; rounds begin in November."""


@pytest.mark.parametrize(
    ("last", "accrued"),
    [
        ("2026-01", 1 + 2 + 4),
        ("2026-03", 1 + 2 + 4 + 8 + 16),
        ("2026-10", 63),
        ("2026-11", 63),
        ("2026-12", 63),
    ],
)
def test_an_earlier_round_is_told_as_of_the_same_month(last: str, accrued: int) -> None:
    assert seasons(ROUND, "2024-11", last, 11) == (Season("2025", accrued, 63),)
    assert seasons(ROUND, "2024-12", last, 11) == ()


def test_a_round_of_the_calendar_year_is_that_year() -> None:
    years = {"2024-03": Spent(1, 0), "2024-12": Spent(2, 0), "2025-04": Spent(4, 0)}

    assert seasons(years, "2024-01", "2026-03", 1) == (Season("2025", 0, 4), Season("2024", 1, 3))
    assert seasons(years, "2023-02", "2026-12", 1) == (Season("2025", 4, 4), Season("2024", 3, 3))


@pytest.mark.parametrize(
    ("last", "turned_fen"),
    [("2026-01", 64 + 128), ("2026-10", 192), ("2026-11", 192 - 512), ("2026-12", -320)],
)
def test_what_a_round_took_before_the_year_is_told_without_what_the_next_took(
    last: str, turned_fen: int
) -> None:
    assert turned(ROUND, "2024-11", last, 11) == turned_fen
    assert turned(ROUND, "2025-11", last, 11) == turned_fen
    assert turned(ROUND, "2025-12", last, 11) is None
    assert turned(ROUND, "2025-12", last, 1) == 0
