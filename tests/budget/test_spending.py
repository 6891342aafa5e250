"""What a line spent in which month of which year, and which round of it was where by then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.budget.facts import Season, Standard
from fundledger.budget.heads import heads_by_line
from fundledger.budget.spending import (
    Spent,
    months_before,
    opening_encumbered,
    recent,
    seasons,
    spent_by_month,
)
from fundledger.budget.standards import standards_of
from fundledger.charter import load_budget_rules, load_charter
from fundledger.ledger import drafts
from fundledger.ledger.voucher import Draft, Voucher, credit, debit, numbered
from support.budgets import RULES
from support.offices import DIBAO, draft
from support.paying import Payments, entitlement

END = date(2026, 12, 31)


def vouchers(*many: Draft) -> list[Voucher]:
    return [numbered(one, number) for number, one in enumerate(many, 1)]


def expense(amount_fen: int, on: date, *links: str) -> Draft:
    paid = draft(drafts.expense(on.year, DIBAO, amount_fen), on, "expense")
    return replace(paid, links=links)


MANY = vouchers(
    expense(100_00, date(2025, 1, 5)),
    expense(200_00, date(2025, 11, 5)),
    expense(50_00, date(2026, 1, 5)),
    expense(30_00, date(2026, 1, 20), "one-off"),
    expense(70_00, date(2026, 3, 5)),
)


def test_each_month_of_each_year_has_its_own_and_one_offs_are_known() -> None:
    assert spent_by_month(MANY, END) == {
        DIBAO: {
            "2025-01": Spent(100_00, 0),
            "2025-11": Spent(200_00, 0),
            "2026-01": Spent(80_00, 30_00),
            "2026-03": Spent(70_00, 0),
        }
    }


def test_nothing_counts_after_the_cut_off() -> None:
    assert list(spent_by_month(MANY, date(2026, 2, 28))[DIBAO]) == ["2025-01", "2025-11", "2026-01"]


@given(st.permutations(MANY))
def test_the_order_of_the_vouchers_is_nothing(shuffled: Sequence[Voucher]) -> None:
    assert spent_by_month(shuffled, END) == spent_by_month(MANY, END)


def test_what_is_reversed_was_not_spent() -> None:
    (first, *_) = MANY
    red = numbered(drafts.reversal(first, date(2025, 1, 9), "S03", "S01"), 9)

    assert spent_by_month([*MANY, red], END)[DIBAO]["2025-01"] == Spent(0, 0)


def test_months_go_back_over_the_year() -> None:
    assert months_before("2026-02", 4) == ["2025-11", "2025-12", "2026-01", "2026-02"]


def test_recent_months_have_no_one_offs_and_none_before_the_line_began() -> None:
    spent = spent_by_month(MANY, END)[DIBAO]

    assert recent(spent, "2026-03", "2025-01", 3) == (50_00, 0, 70_00)
    assert recent(spent, "2026-03", "2026-02", 24) == (0, 70_00)


def test_an_earlier_round_had_accrued_what_was_spent_by_that_month() -> None:
    spent = spent_by_month(MANY, END)[DIBAO]

    assert seasons(spent, "2025-01", "2026-10") == (Season("2025", 100_00, 300_00),)
    assert seasons(spent, "2025-02", "2026-10") == (), "the books have not the whole of it"
    assert seasons(spent, "2024-01", "2026-10") == (
        Season("2025", 100_00, 300_00),
        Season("2024", 0, 0),
    )


def test_what_was_encumbered_when_the_year_was_opened_is_known() -> None:
    account = drafts.budget_account(2026, "Encumbered", DIBAO)
    brought = drafts.budget_account(2026, "BroughtForward", DIBAO)
    day = date(2026, 1, 1)
    opening = draft((debit(account, 40_00), credit(brought, 40_00)), day, "year-opening")
    later = draft(drafts.encumbrance(2026, DIBAO, 9_00), date(2026, 2, 1), "encumber")

    assert opening_encumbered(vouchers(opening, later), 2026) == {DIBAO: 40_00}
    assert opening_encumbered(vouchers(opening, later), 2025) == {}


def test_lists_say_whom_each_month_pays_and_once_each(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    march = [entitlement(person, 100_00) for person in range(3)]
    _, lines = payments.sent([*march, entitlement(0, 50_00, "2026-02")])
    batch = payments.batches()[0].id
    payments.result(batch, "2026-03-12", {lines[0]: "failed"})
    payments.prepare([entitlement(7, 900_00)], "2026-03-20")
    heads = heads_by_line(payments.fund.books(), END)

    assert {(one.month, one.persons, one.amount_fen) for one in heads[DIBAO]} == {
        ("2026-02", 1, 50_00),
        ("2026-03", 3, 300_00),
    }
    assert heads_by_line(payments.fund.books(), date(2026, 3, 9)) == {}


def test_who_was_given_up_is_no_head(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    batch, lines = payments.sent([entitlement(person, 100_00) for person in range(3)])
    payments.result(batch, "2026-03-12", dict.fromkeys(lines, "failed"))
    payments.named(batch, "cancel", "2026-03-13", lines[:2])

    (march,) = heads_by_line(payments.fund.books(), END)[DIBAO]
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
