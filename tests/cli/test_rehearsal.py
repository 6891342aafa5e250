"""A dry run shows what would stand, costs the same in a large fund, and touches nothing."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from fundledger.errors import JournalBroken, KeyConflict, Refused
from fundledger.ledger import drafts
from support.offices import DIBAO, Clock, draft, fund_at, granted
from support.terminals import PAPERS, SIGNED, Terminal

DATED = ("--date", "2026-03-25", *PAPERS)
ACTS: tuple[tuple[str, ...], ...] = (
    ("record", "dibao", "donation", "--amount", "5.00", "--narration", "捐赠", *DATED),
    ("reverse", "dibao", "2026-03-0004", "--date", "2026-03-25", *SIGNED),
    (
        *("correct", "dibao", "2026-03-0004", "expense", "--amount", "29000.00"),
        *("--line", "CASC:Dibao", "--narration", "更正", *DATED),
    ),
    ("assert", "dibao", "--amount", "89987.50", "--date", "2026-03-31", "--by", "S01"),
    ("close", "dibao", "2026-03", "--by", "S05"),
    ("budget", "encumber", "dibao", "--line", "CASC:Dibao=1.00", *DATED),
)


def _state(root: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file and folder with its bytes and the time when it was last changed."""
    return {
        str(path.relative_to(root)): (
            path.read_bytes() if path.is_file() else b"",
            path.stat().st_mtime_ns,
        )
        for path in sorted((root, *root.rglob("*")))
    }


@pytest.mark.parametrize("call", ACTS, ids=lambda call: " ".join(call[:2]))
def test_a_dry_run_leaves_every_byte_and_every_time_as_it_was(
    office: Terminal, call: tuple[str, ...]
) -> None:
    before = _state(office.root)

    office.done(*call, "--dry-run")

    assert _state(office.root) == before


@pytest.mark.parametrize("call", ACTS, ids=lambda call: " ".join(call[:2]))
def test_a_dry_run_without_an_index_makes_none(office: Terminal, call: tuple[str, ...]) -> None:
    """A fresh clone has journals and books only; the act comes to the same."""
    expected = office.json(*call, "--dry-run", "--key", "K-1")
    shutil.rmtree(office.root / "ledgers" / "dibao" / ".state")
    before = _state(office.root)

    assert office.json(*call, "--dry-run", "--key", "K-1") == expected
    assert _state(office.root) == before


@pytest.mark.parametrize("call", ACTS, ids=lambda call: " ".join(call[:2]))
def test_the_act_comes_to_what_the_dry_run_said(office: Terminal, call: tuple[str, ...]) -> None:
    said = office.json(*call, "--dry-run", "--key", "K-1")

    done = office.json(*call, "--key", "K-1")

    same = {"fund", "sequence", "again", "key", "vouchers", "balances", "findings"}
    assert {name: said[name] for name in same} == {name: done[name] for name in same}


def test_a_dry_run_shows_what_the_line_may_still_spend_and_what_the_bank_holds(
    office: Terminal,
) -> None:
    call = ("record", "dibao", "expense", "--amount", "700.00", "--line", "CASC:Dibao", *DATED)

    shown = office.done(*call, "--narration", "低保金", "-n").splitlines()
    english = office.done(*call, "--narration", "低保金", "-n", lang="en").splitlines()

    at = shown.index("记账后余额：")
    assert shown[at + 1 : at + 3] == [
        "  1002 专户存款                    借  89,287.50",
        "  2026年可用指标-城乡最低生活保障  借  69,300.00",
    ]
    assert "Balances after it:" in english


def test_a_rehearsal_does_not_read_the_past_as_the_act_itself_does_not(tmp_path: Path) -> None:
    """An earlier segment is spoiled; what reads the whole journal stops there."""
    clock = Clock()
    fund = fund_at(tmp_path, clock=clock)
    granted(fund)
    clock.advance(days=40)
    fund.record(draft(drafts.donation(100)), key="G-1")
    first = min((tmp_path / "dibao" / "journal").iterdir())
    first.write_bytes(first.read_bytes().replace(b"District", b"Distrikt"))

    said = fund.rehearsal().record(draft(drafts.donation(200)))

    assert said.refs == ("2026-03-0002",)
    with pytest.raises(JournalBroken):
        fund.verify()


def test_a_rehearsal_in_a_fund_that_somebody_has_open_sees_what_was_recorded(
    tmp_path: Path,
) -> None:
    writer = fund_at(tmp_path)
    granted(writer)
    reader = fund_at(tmp_path)
    given = draft(drafts.donation(1))
    assert reader.rehearsal().record(given, key="R-1").refs == ("2026-03-0001",)

    writer.record(draft(drafts.donation(2)))

    assert reader.rehearsal().record(given, key="R-1").refs == ("2026-03-0002",)


def test_a_rehearsal_with_a_spoiled_index_goes_by_the_journal_and_mends_nothing(
    tmp_path: Path,
) -> None:
    fund = fund_at(tmp_path)
    granted(fund, 500_00)
    fund.close_files()
    index = tmp_path / "dibao" / ".state" / "index.sqlite"
    with sqlite3.connect(index) as database:
        database.execute("UPDATE state SET value = '\"x\"' WHERE name = 'balances'")
    database.close()
    before = _state(tmp_path)
    spent = draft(drafts.expense(2026, DIBAO, 200_00), event="expense")

    rehearsal = fund.rehearsal()
    receipt = rehearsal.record(spent)

    assert rehearsal.touched(receipt)["Equity:Budget:2026:Available:CASC:Dibao"] == 300_00
    assert _state(tmp_path) == before


def test_after_a_power_loss_a_rehearsal_does_not_trust_the_index(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund, 500_00)
    fund.close_files()
    state = tmp_path / "dibao" / ".state"
    with sqlite3.connect(state / "index.sqlite") as database:
        database.execute("UPDATE state SET value = '7' WHERE name = 'balances'")
    database.close()
    (state / "lock").write_bytes(b"clean another-boot".ljust(128))

    rehearsal = fund.rehearsal()
    receipt = rehearsal.record(draft(drafts.donation(1)))

    assert rehearsal.touched(receipt)["Assets:Bank:Dedicated"] == 500_01


@pytest.mark.parametrize("call", [ACTS[0]], ids=["record dibao"])
def test_the_first_act_of_a_fund_and_the_first_under_new_rules_come_to_the_same(
    empty: Terminal, call: tuple[str, ...]
) -> None:
    """The charter goes into the journal first, so the voucher is the record after it."""
    rules = empty.root / "rules" / "funds.toml"
    for key in ("K-1", "K-2"):
        said = empty.json(*call, "-n", "--key", key)
        done = empty.json(*call, "--key", key)
        assert said["sequence"] == done["sequence"]
        assert said["vouchers"] == done["vouchers"]
        text = rules.read_text(encoding="utf-8")
        rules.write_text(text.replace("最低生活保障资金", "低保资金", 1), encoding="utf-8")

    assert done["sequence"] == 4


def test_a_rehearsal_is_refused_as_the_act_would_be(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund, 500_00)
    fund.record(draft(drafts.donation(100)), key="G-1")
    spent = draft(drafts.expense(2026, DIBAO, 500_01), event="expense")

    with pytest.raises(Refused) as refusal:
        fund.rehearsal().record(spent)
    with pytest.raises(KeyConflict):
        fund.rehearsal().record(draft(drafts.donation(101)), key="G-1")

    assert "FL502" in refusal.value.codes
    assert fund.rehearsal().record(draft(drafts.donation(100)), key="G-1").again


def test_a_rehearsed_year_end_changes_nothing(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund)
    fund.close("2026-01", actor="S02")
    head = fund.verify().head

    rehearsal = fund.rehearsal()
    receipt = rehearsal.close_year(2026, actor="S02", maker="S03", reviewer="S01")

    assert [v.date for v in rehearsal.recorded(receipt)] == [date(2026, 12, 31), date(2027, 1, 1)]
    assert fund.verify().head == head
    assert not fund.books().is_closed("2026-12")
