"""What is told of a statement that cannot be the next, and of sums that are apart: a case each.

`golden/<code>.txt` is what people are told; `REFRESH_GOLDENS=1 pytest tests/reconcile` writes it
anew, to be read before it is committed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fundledger.findings import Finding
from fundledger.ledger import drafts
from fundledger.reconcile import Carried, check_statements
from fundledger.reconcile.identities import broken, identities, posted_by_batches
from support.offices import draft
from support.paidbank import NUMBER, Bank, Said
from support.paidstories import STORIES, Story
from support.paying import Payments
from support.told import golden, told

GOLDEN = Path(__file__).with_name("golden")


def bank_of(root: Path) -> Bank:
    """Return the bank of a fund that has been granted money in January, and nothing since."""
    return Bank(Payments(root))


def found_of(bank: Bank, **changes: object) -> Sequence[Finding]:
    """Return what is told of a March in which nothing moved, changed in these fields."""
    march = bank.month("2026-03", [])
    return bank.tried(replace(march, **changes)).adjustment.findings  # type: ignore[arg-type]


def of_another_account(root: Path) -> Sequence[Finding]:
    return found_of(bank_of(root), account="3100000000000000999")


def of_no_account(root: Path) -> Sequence[Finding]:
    return found_of(bank_of(root), account=None)


def that_does_not_add_up(root: Path) -> Sequence[Finding]:
    bank = bank_of(root)
    return found_of(bank, closing_fen=bank.month("2026-03", []).closing_fen + 1)


def that_opens_otherwise(root: Path) -> Sequence[Finding]:
    bank = bank_of(root)
    february = bank.month("2026-02", [])
    bank.signed(february)
    march = bank.month("2026-03", [], february.closing_fen + 7)
    return bank.tried(march).adjustment.findings


def that_leaves_days_out(root: Path) -> Sequence[Finding]:
    bank = bank_of(root)
    bank.signed(bank.month("2026-02", []))
    return found_of(bank, start=date(2026, 3, 2))


def that_overlaps(root: Path) -> Sequence[Finding]:
    bank = bank_of(root)
    bank.signed(bank.month("2026-02", []))
    return found_of(bank, start=date(2026, 2, 28))


def that_was_used_before(root: Path) -> Sequence[Finding]:
    march = bank_of(root).month("2026-03", [])
    before = Carried(date(2026, 2, 28), march.opening_fen, march.opening_fen, (), (march.sha256,))
    return check_statements([march], NUMBER, before)


def behind_whose_opening_the_book_moved(root: Path) -> Sequence[Finding]:
    bank = bank_of(root)
    bank.signed(bank.month("2026-02", []))
    bank.payments.fund.record(draft(drafts.allocation("District", 50_00), date(2026, 2, 27)))
    return found_of(bank)


def that_two_files_say(root: Path) -> Sequence[Finding]:
    bank = bank_of(root)
    bank.payments.fund.record(draft(drafts.allocation("District", 50_00), date(2026, 3, 5)))
    march = bank.month("2026-03", [Said("2026-03-05", 50_00)])
    copy = replace(march, name="copy.csv", sha256="0" * 64)
    return bank.tried(march, copy).adjustment.findings


def sums_that_are_apart(root: Path) -> Sequence[Finding]:
    """A fen more on expenses than the batches account for, which no act can record."""
    story = Story(root)
    story.debit("2026-03-11")
    trial = story.march(*(story.row("2026-03-11", place) for place in range(3)))
    fund = story.payments.fund
    posted = posted_by_batches([*fund.records()])
    more = posted._replace(expense_fen=posted.expense_fen + 1)
    return [*broken(identities(trial.adjustment, (), fund.books(), trial.payments, more))]


CASES: dict[str, Callable[[Path], Sequence[Finding]]] = {
    "FL850": of_another_account,
    "FL851": of_no_account,
    "FL852": that_does_not_add_up,
    "FL853": that_opens_otherwise,
    "FL854": that_leaves_days_out,
    "FL855": that_overlaps,
    "FL856": that_was_used_before,
    "FL857": behind_whose_opening_the_book_moved,
    "FL859": that_two_files_say,
    "FL895": sums_that_are_apart,
}


@pytest.mark.parametrize("code", CASES)
def test_what_is_told_is_what_stands_beside_the_case(code: str, tmp_path: Path) -> None:
    found = CASES[code](tmp_path / "told")

    assert code in [finding.code for finding in found]
    assert told(found) == golden(GOLDEN, code, told(found))


def test_no_golden_is_left_without_its_case() -> None:
    assert sorted(path.stem for path in GOLDEN.iterdir()) == sorted(CASES)
    stories = {*(story.__name__ for story in STORIES), "within_tolerance"}
    assert {path.stem for path in GOLDEN.with_name("cases").iterdir()} == stories
