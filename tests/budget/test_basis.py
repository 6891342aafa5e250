"""What is taken from books and rules for one line: which months, which rounds, whose decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from fundledger.budget.basis import Basis
from fundledger.budget.facts import Facts, Heads
from fundledger.budget.history import FundHistory
from fundledger.budget.inputs import Declaration, History, Names, Place
from fundledger.budget.lines import draft
from fundledger.budget.one_offs import OneOffs
from fundledger.budget.spending import Spent
from fundledger.charter import load_charter
from fundledger.charter.budget import Override
from support.budgets import KEY, RULES, RULES_OF_BUDGET, need_of

LINE = KEY.unit, KEY.category
NAMES = Names("名称", "name")
PLACE = Place(KEY, NAMES, NAMES, NAMES, True, True, "2081901", NAMES, since="2025-01")  # noqa: FBT003 - by their places
CHARTER = load_charter(RULES)


def basis(months: int = 10, **of_book: Any) -> Basis:  # noqa: ANN401 - whatever a book holds
    """Return the basis of 2027 after so many months of books that say this of one line."""
    empty: Mapping[Any, Any] = {}
    book = FundHistory(
        fund=KEY.fund,
        records=7,
        head="0123456789abcdef" * 4,
        lines=empty,
        findings=(),
        first_month="2025-01",
        paid_months=empty,
        spent=empty,
        owed_before=empty,
        one_offs=OneOffs(),
        left_out=empty,
        due=empty,
        lots=empty,
        heads=empty,
    )
    return Basis(
        year=2027,
        months=months,
        charter=CHARTER,
        rules=RULES_OF_BUDGET,
        declarations=(),
        declared_before={},
        books={KEY.fund: replace(book, **of_book)},
    )


def facts(place: Place = PLACE, months: int = 10, **of_book: Any) -> Facts:  # noqa: ANN401 - as above
    return basis(months, **of_book).facts(place, History())


def test_a_list_that_pays_a_month_ahead_is_none_of_the_months_that_passed() -> None:
    heads = tuple(Heads(f"2026-{month:02d}", month, 100) for month in (1, 10, 11))

    assert facts(heads={LINE: heads}).heads == heads[:2]


def test_where_it_stands_is_said_by_fund_record_and_twelve_letters() -> None:
    assert facts().source == "journal low-income#7 0123456789ab"


@pytest.mark.parametrize(
    ("since", "begun"), [("2026-09", True), ("2026-10", True), ("2026-11", False)]
)
def test_a_purpose_has_begun_in_its_first_month(since: str, *, begun: bool) -> None:
    assert facts(replace(PLACE, since=since)).begun is begun


@pytest.mark.parametrize(
    ("until", "last_month"),
    [("", 12), ("2027-06", 12), ("2026-12", 12), ("2026-11", 11), ("2026-01", 1), ("2025-12", 0)],
)
def test_a_line_is_paid_to_the_month_in_which_its_purpose_ends(until: str, last_month: int) -> None:
    assert facts(replace(PLACE, until=until)).last_month == last_month


@pytest.mark.parametrize(("months", "over"), [(7, False), (8, True), (9, True)])
def test_a_round_is_over_with_the_month_before_the_next_one_begins(
    months: int, *, over: bool
) -> None:
    round_of_september = replace(PLACE, pattern="seasonal", round_from=9)

    assert facts(round_of_september, months).round_over is over


@pytest.mark.parametrize(("months", "over"), [(11, False), (12, True)])
def test_a_round_of_the_year_is_over_with_it(months: int, *, over: bool) -> None:
    assert facts(replace(PLACE, pattern="seasonal"), months).round_over is over


def test_one_offs_are_those_of_the_months_that_count() -> None:
    spent = {
        month: Spent(100, own) for month, own in (("2025-12", 1), ("2026-01", 2), ("2026-10", 4))
    }

    assert facts(spent={LINE: spent}).one_off_fen == 6
    assert facts(spent={LINE: spent}, months=9).one_off_fen == 2


@pytest.mark.parametrize(
    ("document", "actual_fen", "code"),
    [("待定", 0, "FL542"), ("待定", 1, "FL555"), ("例文〔2026〕1号", 0, "FL555")],
)
def test_what_never_paid_wants_its_document_before_the_rest_of_the_year_is_asked(
    document: str, actual_fen: int, code: str
) -> None:
    event = replace(PLACE, pattern="event", rigid=False)
    need = replace(need_of(100_00), basis=document)
    declared = Declaration(KEY.unit, NAMES, "CASC.xlsx", "0" * 64, (need,))
    book = basis(first_month="2026-06", lines={LINE: History(actual_fen=actual_fen)})
    blocked = draft(event, replace(book, declarations=(declared,))).blocked

    assert blocked is not None
    assert blocked.code == code


@pytest.mark.parametrize(
    ("other", "found"),
    [({}, True), ({"year": 2026}, False), ({"fund": "dibao"}, False), ({"unit": "CSO"}, False)],
)
def test_what_was_decided_by_hand_is_of_one_line_and_year(
    other: Mapping[str, Any], *, found: bool
) -> None:
    said: dict[str, Any] = {**KEY._asdict(), "year": 2027}
    one = Override.model_construct(**{**said, **other})
    own = replace(basis(), rules=RULES_OF_BUDGET.model_copy(update={"overrides": (one,)}))

    assert (own.override(KEY) is one) is found
