"""What a fact was found for is cured by its red copy; what was forced in stays found for good."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fundledger.errors import Refused
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.voucher import Draft, numbered
from support.forcing import force
from support.offices import DIBAO, LATE, draft, fund_at, granted

AT = LATE.isoformat(timespec="seconds")
MARCH = date(2026, 3, 31)
FEE = draft(drafts.bank_fee(10_00), date(2026, 3, 5), "bank-fee")


def found(fund: Fund) -> list[tuple[str, str | None]]:
    """Return code and voucher of the errors that an audit of March finds."""
    findings = fund.check(MARCH).findings
    return [(f.code, f.voucher) for f in findings if f.severity.value == "error"]


def reversed_in(fund: Fund, *refs: str) -> None:
    for ref in refs:
        fund.reverse(ref, on=date(2026, 3, 6), maker="S03", reviewer="S01")


def gift(amount_fen: int) -> Draft:
    return draft(drafts.donation(amount_fen), date(2026, 3, 5), "donation")


def test_a_gift_to_a_fund_that_takes_none_is_told_until_it_is_reversed(tmp_path: Path) -> None:
    fund = fund_at(tmp_path, donations=False)
    fund.record(gift(10_00))
    assert found(fund) == [("FL207", "2026-03-0001")]

    reversed_in(fund, "2026-03-0001")

    assert found(fund) == []


def test_another_gift_is_told_though_one_was_reversed(tmp_path: Path) -> None:
    fund = fund_at(tmp_path, donations=False)
    fund.record([gift(10_00), gift(20_00)])
    reversed_in(fund, "2026-03-0001")

    assert found(fund) == [("FL207", "2026-03-0002")]


def test_the_red_copy_that_cures_is_itself_not_reversed(tmp_path: Path) -> None:
    fund = fund_at(tmp_path, donations=False)
    fund.record(gift(10_00))
    reversed_in(fund, "2026-03-0001")

    with pytest.raises(Refused) as refusal:
        reversed_in(fund, "2026-03-0002")

    assert "FL306" in refusal.value.codes
    assert found(fund) == []


def test_an_account_that_a_wrong_fee_overdrew_is_told_until_the_fee_is_reversed(
    tmp_path: Path,
) -> None:
    fund = fund_at(tmp_path)
    fund.record(FEE)
    assert found(fund) == [("FL402", "2026-03-0001")]

    reversed_in(fund, "2026-03-0001")

    assert found(fund) == []


def test_of_two_fees_in_one_record_the_one_that_stands_is_told_of(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    fund.record([FEE, FEE])
    assert found(fund) == [("FL402", "2026-03-0002")]

    reversed_in(fund, "2026-03-0002")
    assert found(fund) == [("FL402", "2026-03-0002")]

    reversed_in(fund, "2026-03-0001")
    assert found(fund) == []


def test_an_act_that_was_forced_in_is_told_though_it_was_reversed(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund, 5_00)
    spent = draft(drafts.expense(2026, DIBAO, 10_00), date(2026, 3, 5), "expense")
    force(tmp_path / "dibao", fund, [numbered(spent, 1)], at=AT)
    told = [("FL402", "2026-03-0001"), ("FL502", "2026-03-0001")]
    assert found(fund) == told

    reversed_in(fund, "2026-03-0001")

    assert found(fund) == told


def test_a_forged_red_copy_cures_nothing(tmp_path: Path) -> None:
    fund = fund_at(tmp_path, donations=False)
    fund.record(gift(10_00))
    red = drafts.reversal(numbered(gift(9_00), 1), date(2026, 3, 6), "S03", "S01")
    force(tmp_path / "dibao", fund, [numbered(red, 2)], at=AT)

    assert found(fund) == [("FL207", "2026-03-0001"), ("FL306", "2026-03-0002")]
