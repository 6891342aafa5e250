"""Of several vouchers in one record, the one that took an account to its wrong side is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.checks.balances import overdrawn
from fundledger.checks.budget import overspent
from fundledger.errors import Refused
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.chart import BANK, CARRIED_FORWARD
from fundledger.ledger.voucher import Draft, Posting, credit, debit
from support.offices import DIBAO, draft, fund_at, granted


def spent(amount_fen: int, day: int = 5) -> Draft:
    return draft(drafts.expense(2026, DIBAO, amount_fen), date(2026, 3, day), "expense")


def named(fund: Fund, many: Sequence[Draft]) -> dict[str, str | None]:
    """Return the voucher that each code of the refusal names."""
    with pytest.raises(Refused) as refusal:
        fund.record(many)
    return {finding.code: finding.voucher for finding in refusal.value.findings}


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([(400_00, 5)] * 5, 3),
        ([(1_000_00, 5), (1, 5), (1, 5)], 2),
        ([(400_00, 9), (400_00, 8), (400_00, 7), (400_00, 6)], 2),
        ([(1_001_00, 5), (1, 6), (1, 7)], 1),
    ],
    ids=["third of five", "the first fen too much", "by day, not by row", "the first at once"],
)
def test_the_first_payment_for_which_there_was_too_little_is_named(
    tmp_path: Path, rows: list[tuple[int, int]], number: int
) -> None:
    fund = fund_at(tmp_path)
    granted(fund, 1_000_00)

    found = named(fund, [spent(*row) for row in rows])

    ref = f"2026-03-{number:04d}"
    assert {code: found[code] for code in ("FL402", "FL502")} == {"FL402": ref, "FL502": ref}


def test_money_that_comes_in_the_same_record_counts_on_its_day(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund, 1_000_00)
    more = draft(drafts.allocation("District", 500_00), date(2026, 3, 6))
    rows = [spent(600_00), more, spent(600_00, 7), spent(600_00, 8)]

    assert named(fund, rows)["FL402"] == "2026-03-0004"


def test_what_comes_after_the_day_on_which_it_was_too_little_is_not_named(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund, 1_000_00)
    more = draft(drafts.allocation("District", 500_00), date(2026, 3, 8))

    assert named(fund, [spent(1_100_00), more, spent(100_00, 9)])["FL402"] == "2026-03-0001"


def test_a_debt_that_is_paid_beyond_what_is_owed_is_put_down_likewise(tmp_path: Path) -> None:
    fund = fund_at(tmp_path, interest="remit")
    granted(fund, 1_000_00)
    owed = draft(drafts.interest(100_00, "remit"), date(2026, 3, 21), "interest")
    fund.record(owed)
    paid = draft(drafts.surrender(40_00), date(2026, 3, 22), "surrender")

    assert named(fund, [paid] * 5)["FL404"] == "2026-03-0004"


@pytest.mark.parametrize(
    ("paid", "told"),
    [
        (
            [drafts.surrender(40_00)] * 3,
            " 在 2026-03-22 原有 100.00 元，本次减 120.00 元后为 -20.00 元",
        ),
        (
            [(debit(CARRIED_FORWARD, 7_00), credit(BANK, 7_00))],
            "（连同以前年度盈余调整）在 2026-03-22 原有 0.00 元，本次减 7.00 元后为 -7.00 元",
        ),
    ],
    ids=["a debt", "surpluses"],
)
def test_what_stood_before_and_after_the_record_is_told(
    tmp_path: Path, paid: Sequence[tuple[Posting, ...]], told: str
) -> None:
    fund = fund_at(tmp_path, interest="remit")
    granted(fund, 1_000_00)
    fund.record(draft(drafts.interest(100_00, "remit"), date(2026, 3, 21), "interest"))

    with pytest.raises(Refused) as refusal:
        fund.record([draft(one, date(2026, 3, 22), "surrender") for one in paid])

    (found,) = [f for f in refusal.value.findings if f.code == "FL404"]
    assert told in found.sentence("zh")


def test_what_the_bank_took_itself_is_not_put_down_to_it(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund, 1_000_00)
    fee = draft(drafts.bank_fee(100_00), date(2026, 3, 6), "bank-fee")

    assert named(fund, [spent(950_00), fee])["FL402"] == "2026-03-0001"


@given(st.lists(st.integers(1, 500_00), min_size=2, max_size=8))
def test_without_the_voucher_that_is_named_and_those_after_it_the_rest_is_accepted(
    tmp_path_factory: pytest.TempPathFactory, amounts: list[int]
) -> None:
    limit_fen = sum(amounts) - 1
    fund = fund_at(tmp_path_factory.mktemp("movers"))
    granted(fund, limit_fen)
    many = [spent(amount_fen) for amount_fen in amounts]
    ref = named(fund, many)["FL402"]
    assert ref is not None
    before = many[: int(ref[-4:]) - 1]

    codes = {f.code for f in fund.examine(many[: len(before) + 1]) if f.gates}
    assert codes == {overdrawn.code, overspent.code}
    assert not before or not [f for f in fund.examine(before) if f.gates]
