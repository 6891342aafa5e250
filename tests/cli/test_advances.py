"""Advances and refunds as a clerk records them: by options, by a table, and never by the wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.tables import write_xlsx
from support.terminals import SIGNED, Terminal

LINE = ("--line", "CASC:Dibao")
PAPERS = ("--attachments", "1", *SIGNED, "--cashier", "S06")
SAID = ("--date", "2026-04-01", "--narration", "一笔业务", *PAPERS)
APPROVED = ("--approval", "例急批〔2026〕1号")
BANK, ADVANCE = "Assets:Bank:Dedicated", "Assets:Advance"
BUDGET = "Equity:Budget:2026:{}:CASC:Dibao"


def record(office: Terminal, event: str, amount: str, *more: str) -> dict[str, object]:
    """Record an event and return its voucher."""
    (voucher,) = office.json("record", "dibao", event, "--amount", amount, *more, *SAID)["vouchers"]
    return dict(voucher)


def posted(voucher: dict[str, object]) -> dict[str, int]:
    """Return each account with its fen, debit positive."""
    lines: list[dict[str, object]] = voucher["postings"]  # type: ignore[assignment]
    return {
        str(one["account"]): int(str(one["amount_fen"])) * (1 if one["side"] == "debit" else -1)
        for one in lines
    }


@pytest.fixture
def paid(office: Terminal) -> str:
    return str(record(office, "应急预付", "900.00", *LINE, *APPROVED)["ref"])


def test_an_advance_is_paid_settled_and_given_back(office: Terminal, paid: str) -> None:
    settled = record(office, "advance-settle", "600.00", *LINE, "--paid-by", paid)
    assert settled["corrects"] == paid
    assert posted(settled) == {
        "Expenses:CASC:Dibao": 600_00,
        ADVANCE: -600_00,
        BUDGET.format("Expended"): 600_00,
        BUDGET.format("Encumbered"): -600_00,
    }
    returned = record(office, "应急预付退回", "300.00", *LINE, "--paid-by", paid)
    assert posted(returned) == {
        BANK: 300_00,
        ADVANCE: -300_00,
        BUDGET.format("Available"): 300_00,
        BUDGET.format("Encumbered"): -300_00,
    }
    printed = office.done("journal", "dibao", "--from", "2026-04-01")
    assert "应急预付款" in printed
    assert "FL34" not in office.run("check", "dibao", "--as-of", "2026-04-30").stdout


def test_it_needs_an_approval_and_its_settlement_the_advance(office: Terminal, paid: str) -> None:
    for event, more, code, exits in (
        ("advance", (), "FL957", 2),
        ("advance-settle", (), "FL345", 1),
        ("advance-settle", ("--paid-by", "2026-03-0001"), "FL345", 1),
        ("advance-return", ("--paid-by", "2026-04-0009"), "FL345", 1),
        ("advance", (*APPROVED, "--paid-by", paid), "FL925", 2),
        ("expense", ("--paid-by", paid), "FL925", 2),
    ):
        done = office.run("record", "dibao", event, "--amount", "9.00", *more, *LINE, *SAID)
        assert (done.exit_code, code in done.stderr) == (exits, True), (event, more, done.stderr)


def test_late_papers_are_told_with_what_to_type(office: Terminal, paid: str) -> None:
    late = office.run("check", "dibao", "--as-of", "2026-04-12")
    assert (late.exit_code, "FL344" in late.stdout) == (1, True)
    assert f"record dibao advance-settle --paid-by {paid}" in late.stdout
    assert "FL344" not in office.run("check", "dibao", "--as-of", "2026-04-11").stdout


def test_a_table_settles_advances(office: Terminal, paid: str, tmp_path: Path) -> None:
    head = ("日期", "摘要", "业务", "金额", "部门类别", "付款凭证", "附件", "制单", "审核", "出纳")
    rows = [
        ("2026-04-02", "手续补齐", "应急预付核销", 500, "CASC:Dibao", paid, 1, "S03", "S01", ""),
        ("2026-04-03", "交回", "应急预付退回", 400, "CASC:Dibao", paid, 1, "S03", "S01", "S06"),
    ]
    path = write_xlsx(tmp_path / "凭证表.xlsx", rows, head)
    done = office.json("record", "dibao", "--from", str(path))

    assert [voucher["corrects"] for voucher in done["vouchers"]] == [paid, paid]
    assert "FL344" not in office.run("check", "dibao", "--as-of", "2026-04-30").stdout


def test_a_donor_is_given_back_what_they_gave(office: Terminal) -> None:
    given = str(record(office, "donation", "50.00")["ref"])
    refund = record(office, "捐赠款退回", "20.00", "--paid-by", given, *APPROVED)

    assert [(one["account"], one["side"], one["amount_fen"]) for one in refund["postings"]] == [  # type: ignore[attr-defined]
        ("Income:Donation", "credit", -20_00),
        (BANK, "credit", 20_00),
    ]
    more = ("--paid-by", given, *APPROVED, *SAID)
    beyond = office.run("record", "dibao", "donor-refund", "--amount", "30.01", *more)
    assert (beyond.exit_code, "FL347" in beyond.stderr) == (1, True)
