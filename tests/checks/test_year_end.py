"""A year end carries what the books and the fund's rules come to: whatever else is found out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fundledger.fund import Fund
from fundledger.ledger import drafts, ending
from fundledger.ledger.books import Books
from fundledger.ledger.faces import BookDigests
from fundledger.ledger.text import render_voucher
from fundledger.ledger.voucher import Draft, Posting, numbered
from support.forcing import force
from support.offices import DIBAO, ILLNESS, LATE, draft, fund_at, granted

AT = LATE.isoformat(timespec="seconds")
Forge = Callable[[Sequence[Draft]], Sequence[Draft]]


def at_the_end_of_2026(root: Path, carry_over: str) -> Fund:
    """Return a fund with money, an expense, and budget available, encumbered and unallotted."""
    fund = fund_at(root, carry_over=carry_over)
    granted(fund, 1_000_00)
    day = date(2026, 11, 5)
    fund.record(draft(drafts.expense(2026, DIBAO, 300_00), day, "expense"))
    fund.record(draft(drafts.encumbrance(2026, DIBAO, 200_00), day, "encumber"))
    fund.record(draft(drafts.adoption(2026, ILLNESS, 50_00), day, "supplement"))
    fund.close("2026-01", actor="S02")
    fund.close("2026-11", actor="S02")
    return fund


def ended(root: Path, fund: Fund, forge: Forge) -> set[str]:
    """Write a year end past the gate with vouchers changed by `forge`; return what is found."""
    books: Books = fund.books()
    carry = forge(ending.year_end(books, 2026, "S03", "S01"))
    digests = BookDigests("dibao")
    numbers: dict[str, int] = {}
    vouchers = []
    for one in carry:
        month = one.date.isoformat()[:7]
        numbers[month] = numbers.get(month, books.months[month]) + 1
        vouchers.append(numbered(one, numbers[month]))
        if month == "2026-12":
            digests.add(month, render_voucher(vouchers[-1]))
    body = {"year": 2026, "month": "2026-12", "after": "2026-11"}
    body["book_sha256"] = digests.sha256("2026-12")
    force(root / "dibao", fund, vouchers, at=AT, kind="year-end", body=body, actor="S02")
    found = {finding.code for finding in fund.check(LATE.date()).findings if finding.gates}
    fund.close_files()
    return found


def moved(account: str, to: str, fen: int) -> Forge:
    """Return a forger who moves so much of what was carried from one account to another."""

    def forge(carry: Sequence[Draft]) -> Sequence[Draft]:
        return [
            replace(one, postings=(*one.postings, Posting(account, -fen), Posting(to, fen)))
            if one.event == "year-end"
            else one
            for one in carry
        ]

    return forge


def budget(kind: str) -> str:
    return drafts.budget_account(2026, kind, DIBAO)


FORGERIES: dict[str, Forge] = {
    "nothing brought forward": lambda carry: carry[:1],
    "only brought forward": lambda carry: carry[1:],
    "nothing at all": lambda _: (),
    "a fen lapsed that is kept": moved(budget("CarriedForward"), budget("Lapsed"), 1),
    "a fen kept that lapses": moved(budget("Lapsed"), budget("CarriedForward"), 1),
    "a fen taken from the surplus": moved("Equity:CarriedForward", "Assets:Suspense", 1),
    "a donation on the side": moved("Income:Donation", "Expenses:CASC:Dibao", 1),
    "brought forward twice": lambda carry: (*carry, carry[-1]),
}


@pytest.mark.parametrize("carry_over", ["keep", "lapse"])
@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_year_end_is_found(name: str, carry_over: str, tmp_path: Path) -> None:
    fund = at_the_end_of_2026(tmp_path, carry_over)

    assert "FL338" in ended(tmp_path, fund, FORGERIES[name])


@pytest.mark.parametrize("carry_over", ["keep", "lapse"])
def test_the_year_end_that_the_program_makes_is_sound(carry_over: str, tmp_path: Path) -> None:
    fund = at_the_end_of_2026(tmp_path, carry_over)

    assert ended(tmp_path, fund, lambda carry: carry) == set()
