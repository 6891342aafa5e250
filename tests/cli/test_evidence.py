"""What the command line says of books that are missing, cut, or nobody's."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import fundledger
from fundledger.ledger import drafts
from fundledger.ledger.chart import BANK
from support.offices import draft
from support.terminals import Terminal


def _journal(office: Terminal) -> Path:
    (segment,) = (office.root / "ledgers" / "dibao" / "journal").iterdir()
    return segment


def _codes(office: Terminal, *call: str, code: int = 1) -> set[str]:
    found = office.json(*call, code=code)["findings"]
    return {f"{f['code']} {f['subject']}" for f in found if f["code"] != "FL618"}


def test_a_fund_without_books_is_told_by_status_check_and_verify(office: Terminal) -> None:
    assert "FL618 警告：基金 union 还没有任何记录。" in office.done("status", "union")
    assert "FL618" not in office.done("status", "dibao")
    (told,) = office.json("status", "union")["funds"][0]["findings"]
    assert (told["code"], told["severity"]) == ("FL618", "warning")
    assert "FL618" in office.done("check", "union")
    said = office.done("verify", "union")
    assert "FL618" in said
    assert "未建账" in said
    assert "完整" not in said
    result = office.run("verify", "union", "--known-head", "0" * 64)
    assert result.exit_code == 1
    assert "FL944" in result.stdout


def test_a_journal_that_is_gone_is_told_by_status_check_verify_and_record(
    office: Terminal,
) -> None:
    shutil.rmtree(_journal(office).parent)
    sound, whole = office.json("status", "party", "dibao", code=1)["funds"], ("status", "party")
    assert sound[0] == office.json(*whole)["funds"][0]
    assert set(sound[1]) == set(sound[0])
    assert sound[1]["bank_fen"] is None
    checks = (("check", "dibao"), ("verify", "dibao"), ("check", "dibao", "--ignore", "FL6"))
    reads = (("status", "dibao"), ("status",), ("balance", "dibao"), ("journal", "dibao"))
    for call in (*checks, *reads):
        result = office.run(*call)
        assert result.exit_code == 1
        assert "FL617" in result.output
    before = office.bytes()
    said = ("--amount", "1.00", "--date", "2026-03-05", "--narration", "拨款", "--yes")
    more = ("--source", "District", "--attachments", "1", "--maker", "S03", "--reviewer", "S01")
    result = office.run("record", "dibao", "allocation", *said, *more)
    assert result.exit_code == 1
    assert "FL617" in result.output
    assert office.bytes() == before
    shutil.rmtree(office.root / "ledgers" / "dibao")
    assert "FL618" in office.done("check", "dibao")


def test_a_deleted_fund_looked_at_alone_is_told_by_what_others_saw(office: Terminal) -> None:
    with fundledger.open(office.root) as opened:
        opened.fund("union").record(replace(draft(drafts.donation(100)), cashier="S06"))
        opened.fund("union").assert_balance(BANK, date(2026, 3, 31), 100, actor="S09")
        opened.fund("union").close("2026-03", actor="S07")
    shutil.rmtree(office.root / "ledgers" / "dibao")

    for call in ("check", "verify"):
        assert _codes(office, call, "dibao") == {"FL626 dibao"}
    assert office.json("verify", "dibao", code=1)["funds"][0]["valid"] is False


@pytest.mark.parametrize("tail", [b'{"sha256":"', b'{"sha256":"\n'[:-1] + b"0" * 64])
def test_verify_fails_on_a_torn_tail(office: Terminal, tail: bytes) -> None:
    with _journal(office).open("ab") as file:
        file.write(tail)
    result = office.run("verify", "dibao")
    assert result.exit_code == 1
    assert "FL604" in result.stdout
    assert "有误" in result.stdout


def test_a_loss_is_answered_for_once_and_told_ever_after(office: Terminal) -> None:
    segment = _journal(office)
    sound = segment.read_bytes()
    segment.write_bytes(b"".join(sound.splitlines(keepends=True)[:-1]))
    for _ in range(2):
        assert "FL616 dibao" in _codes(office, "check", "dibao")
        assert _codes(office, "verify", "dibao") == {"FL616 dibao"}
        assert "FL616 dibao" in _codes(office, "check", "dibao", "--ignore", "FL616")
    why = ("verify", "dibao", "--give-up", "硬盘损坏，备份止于3月5日")
    assert "FL922" in office.run(*why).output
    assert "FL922" in office.run("verify", "dibao", "--by", "S07").output
    assert "FL922" in office.run("verify", "--give-up", "硬盘损坏", "--by", "S07").output
    assert "FL323" in office.run(*why, "--by", "S04").output
    assert "FL623" in office.done(*why, "--by", "S07")
    assert "硬盘损坏，备份止于3月5日" in office.done("verify", "dibao")
    assert "认定丢失" in office.done("journal", "dibao", "--records")
    office.record("interest", "1.00")
    assert "FL623 dibao" in _codes(office, "verify", "dibao", code=0)
    assert "FL624" in office.run(*why, "--by", "S07").output


def test_what_stands_below_ledgers_and_is_no_fund_of_the_rules_is_told(office: Terminal) -> None:
    ledgers = office.root / "ledgers"
    march = ("--as-of", "2026-03-31")
    assert _codes(office, "check", *march, code=0) == {"FL412 Assets:DueFrom:OfficeExpenses"}
    shutil.copytree(ledgers / "dibao", ledgers / "dibao.bak")
    (ledgers / "empty").mkdir()
    (ledgers / "notes.txt").write_text("x", encoding="utf-8")
    (ledgers / ".gitattributes").write_text("x", encoding="utf-8")
    (ledgers / "link").symlink_to(ledgers / "dibao")
    assert {item for item in _codes(office, "check") if item.startswith("FL1")} == {
        "FL104 ledgers/dibao.bak",
        "FL104 ledgers/empty",
        "FL104 ledgers/notes.txt",
        "FL104 ledgers/link",
    }
    assert "里面有账簿" in office.run("check").stdout
    assert not {item for item in _codes(office, "check", "dibao", *march, code=0) if "FL1" in item}


def test_a_fund_that_was_taken_out_of_the_rules_is_told_by_its_books(office: Terminal) -> None:
    (office.root / "ledgers" / "dibao").rename(office.root / "ledgers" / "former")
    assert "FL104 ledgers/former" in _codes(office, "check")
