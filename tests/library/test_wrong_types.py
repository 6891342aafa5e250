"""A value of another type is refused with a code and a sentence, wherever a program may give it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import fundledger
from fundledger.errors import FundledgerError, InputInvalid, InvalidAmount, NotFound
from fundledger.ledger import drafts
from support.offices import draft, fund_at, granted

HUGE = 10**5000
ANY: Any = None
LINE = ("CASC", "Dibao")
BANK = "Assets:Bank:Dedicated"


def test_an_amount_to_be_shown_is_whole_fen() -> None:
    amounts: list[Any] = [True, None, 1.0, float("nan"), Decimal(1), "1", HUGE, [1]]
    for amount in amounts:
        for show in (fundledger.format_fen, fundledger.capitals):
            with pytest.raises(InvalidAmount) as refusal:
                show(amount)
            assert refusal.value.codes == (("FL902",) if amount is HUGE else ("FL952",))


def test_an_amount_to_be_read_is_a_text() -> None:
    texts: list[Any] = [True, None, 1.0, Decimal(1), 1, HUGE, [1], b"1", "1" * 10**6]
    for text in texts:
        with pytest.raises(InvalidAmount) as refusal:
            fundledger.parse_fen(text)
        assert refusal.value.codes == ("FL902" if text == "1" * 10**6 else "FL901",)
        assert len(str(refusal.value)) < 200


DRAFTS: tuple[tuple[Callable[[], object], str], ...] = (
    (lambda: drafts.expense(2026, "CASC:Dibao", 100), "FL910"),  # type: ignore[arg-type]
    (lambda: drafts.expense(2026, ("CASC",), 100), "FL910"),  # type: ignore[arg-type]
    (lambda: drafts.expense(2026, ("CASC", ANY), 100), "FL910"),
    (lambda: drafts.expense("2026", LINE, 100), "FL929"),  # type: ignore[arg-type]
    (lambda: drafts.budget_account(2026, "Avaliable", LINE), "FL909"),
    (lambda: drafts.interest(100, "retained"), "FL909"),
    (lambda: drafts.allocation(ANY, 100), "FL909"),
    (lambda: drafts.owed(2026, LINE, ANY, 100), "FL909"),
    (lambda: drafts.claimed(2026, LINE, "", 100), "FL909"),
    (lambda: drafts.claim_settled(ANY, 100), "FL909"),
    (lambda: drafts.debt_settled(2026, LINE, ANY, 100), "FL909"),
    (lambda: drafts.line_of(ANY), "FL910"),
    (lambda: fundledger.debit(ANY, ANY), "FL952"),
)


@pytest.mark.parametrize("number", range(len(DRAFTS)))
def test_a_draft_of_other_types_is_refused(number: int) -> None:
    act, code = DRAFTS[number]
    with pytest.raises(InputInvalid) as refusal:
        act()
    assert refusal.value.codes == (code,)


@pytest.mark.parametrize("postings", [None, 5, object()])
def test_postings_are_a_row(postings: object) -> None:
    with pytest.raises(InputInvalid) as refusal:
        fundledger.Draft(
            date=date(2026, 3, 5),
            narration="",
            maker="",
            reviewer="",
            postings=postings,  # type: ignore[arg-type]
        )
    assert refusal.value.codes == ("FL909",)


@pytest.mark.parametrize("root", [None, 5, b"gumei", []])
def test_an_office_is_opened_by_a_path(root: object) -> None:
    with pytest.raises(InputInvalid) as refusal:
        fundledger.open(root)  # type: ignore[arg-type]
    assert refusal.value.codes == ("FL909",)
    with pytest.raises(InputInvalid):
        fundledger.open(".", surroundings=5)  # type: ignore[arg-type]


def test_what_an_office_is_asked_is_held_against_its_type(office: fundledger.Office) -> None:
    ids: list[Any] = [None, [], 5, HUGE, "\ud800", "x" * 20_000_000, "dibbao"]
    many: list[Any] = ["dibao", 5, [5], {"dibao"}]
    acts: tuple[Callable[[], object], ...] = (
        *(partial(office.check, given) for given in many),
        lambda: office.check(as_of="2026-03-04"),  # type: ignore[arg-type]
        *(lambda given=given: list(office.crosswise(given)) for given in (None, {"dibao": None})),
        lambda: office.check(as_of=datetime(2026, 3, 4, 0, 0)),  # noqa: DTZ001 - no zone here
    )
    for act in acts:
        with pytest.raises(InputInvalid) as refusal:
            act()
        assert refusal.value.codes == ("FL909",)
    for unknown in ids:
        with pytest.raises(NotFound) as missing:
            office.fund(unknown)
        assert missing.value.codes == ("FL030",)
        assert len(str(missing.value)) < 10_000


def test_what_a_fund_and_its_books_are_asked_is_held_against_its_type(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund)
    books = fund.books()
    refused: tuple[Callable[[], object], ...] = (
        *(lambda given=given: fund.verify(given) for given in (5, ANY, ())),
        lambda: books.balance(BANK, "2026-03-04"),  # type: ignore[arg-type]
        lambda: books.balance(ANY),
        lambda: drafts.budget_lines(books, "2026"),  # type: ignore[arg-type]
        lambda: drafts.budget_lines(ANY, 2026),
        lambda: fund.recorded(ANY),
        lambda: fund.touched("2026-01-0001"),  # type: ignore[arg-type]
        *(lambda given=given: fund.twins(given) for given in (None, "a", [5])),
        *(lambda given=given: fund.denied(given) for given in (None, 1, ["a"])),
        lambda: fund.record({draft(drafts.donation(5))}),  # type: ignore[arg-type]
        lambda: fund.record({draft(drafts.donation(5)): 1}),  # type: ignore[arg-type]
        lambda: drafts.reversal("2026-01-0001", date(2026, 3, 5), "S01", "S03"),  # type: ignore[arg-type]
    )
    for act in refused:
        with pytest.raises(InputInvalid):
            act()
    for typo in ("Assets:Bank:Dedicatd", "Expenses:CASC:Diabo", "assets:bank:dedicated", "x" * 999):
        with pytest.raises(NotFound) as missing:
            books.balance(typo)
        assert missing.value.codes == ("FL963",)
        assert len(str(missing.value)) < 200


def test_an_account_without_a_posting_has_a_balance_of_nothing(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    assert fund.books().balance(BANK) == 0
    granted(fund)
    books = fund.books()

    for name in ("Assets:Suspense", "Expenses:CASC:Dibao", "Income:Appropriation:Street"):
        assert books.balance(name) == books.balance(name, date(2026, 3, 4)) == 0
    assert books.balance(BANK, date(2026, 1, 1)) == 0
    assert books.balance(BANK) == 1_000_000_00


@pytest.mark.parametrize("account", ["A" * 20_000_000, "\ud800", "a\nb"])
def test_a_finding_is_short_and_plain_whatever_was_given(tmp_path: Path, account: str) -> None:
    fund = fund_at(tmp_path)
    one = fundledger.Draft(
        date=date(2026, 3, 5),
        narration="x",
        maker="S03",
        reviewer="S01",
        attachments=1,
        postings=(fundledger.debit(account, "1.00"), fundledger.credit(account, "1.00")),
    )
    acts: tuple[Callable[[], object], ...] = (
        lambda: fundledger.debit(account, "x"),
        lambda: fundledger.debit(account, fen=1.5),  # type: ignore[call-overload]
        lambda: fund.record(one),
        lambda: fund.reverse(account, on=date(2026, 3, 5), maker="S03", reviewer="S01"),
        lambda: fundledger.open(account),
    )
    for act in acts:
        with pytest.raises(FundledgerError) as refusal:
            act()
        told = json.dumps([f.as_json() for f in refusal.value.findings], ensure_ascii=False)
        assert len(told.encode()) < 200_000
        assert len(str(refusal.value).encode()) < 200_000
