"""An office that stays open: where it is, and by which rules it goes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import fundledger
from fundledger.bankfile import load_banks
from fundledger.errors import CharterInvalid, JournalBroken, NotFound
from fundledger.ledger import drafts
from support.offices import Clock, draft, fund_at, granted, numbered_keys

GIFT = draft(drafts.donation(100))
SIGNED = replace(GIFT, cashier="S06")
OTHER = fundledger.Surroundings(Clock(), numbered_keys("O"))


def limit(root: Path, yuan: int) -> None:
    """Write another approval threshold into the rules."""
    path = root / "rules" / "controls.toml"
    before, heading, after = path.read_text(encoding="utf-8").partition("[approval_threshold]\n")
    said, rest = after.split("\n", 1)
    assert said.startswith("value")
    path.write_text(f'{before}{heading}value = "{yuan}.00"\n{rest}', encoding="utf-8")


def held(root: Path) -> list[str]:
    """Return what this process holds open below a directory."""
    links = [path for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    return [str(path.readlink()) for path in links if str(path.readlink()).startswith(str(root))]


def test_an_office_stays_where_it_was_opened(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root.parent)
    office = fundledger.open("gumei", OTHER)
    before = office.fund("dibao").record(SIGNED)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    after = office.fund("dibao").record(SIGNED)
    first = office.fund("union").record(SIGNED)

    assert (after.sequence, first.refs) == (before.sequence + 1, ("2026-03-0001",))
    assert sorted(path.name for path in (root / "ledgers").iterdir()) == ["dibao", "union"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_nothing_is_recorded_where_no_rules_stand(office: fundledger.Office, root: Path) -> None:
    dibao = office.fund("dibao")
    root.rename(root.with_name("moved"))

    with pytest.raises(NotFound) as refusal:
        dibao.record(SIGNED)

    assert refusal.value.codes == ("FL912",)
    assert not root.exists()


def test_an_open_office_goes_by_the_rules_of_the_day(office: fundledger.Office, root: Path) -> None:
    dibao = office.fund("dibao")
    dibao.record(SIGNED)
    limit(root, 77_000)
    fundledger.open(root, OTHER).fund("dibao").record(SIGNED)

    dibao.record(SIGNED)

    kinds = [record.kind for record in dibao.records()]
    assert kinds == ["charter", "voucher", "charter", "voucher", "voucher"]
    assert dibao.charter.controls.approval_threshold_fen == 77_000_00
    assert office.charter.controls.approval_threshold_fen == 77_000_00


def test_rules_that_do_not_hold_any_more_stop_every_act(
    office: fundledger.Office, root: Path
) -> None:
    dibao = office.fund("dibao")
    dibao.record(SIGNED)
    sizes = {path: path.stat().st_size for path in (root / "ledgers").rglob("*")}
    with (root / "rules" / "controls.toml").open("a", encoding="utf-8") as file:
        file.write("\n[[[\n")

    for act in (
        lambda: dibao.record(SIGNED),
        lambda: dibao.examine(SIGNED),
        lambda: dibao.close("2026-03", actor="S01"),
        lambda: office.fund("union").record(SIGNED),
        office.check,
    ):
        with pytest.raises(CharterInvalid):
            act()

    assert {path: path.stat().st_size for path in (root / "ledgers").rglob("*")} == sizes


def test_rules_that_say_the_same_are_not_read_again(office: fundledger.Office, root: Path) -> None:
    (root / "rules" / "needs").mkdir()
    before = office.charter
    (root / "rules" / "needs" / "2027").mkdir()
    assert office.charter is before

    (root / "rules" / "units.toml").touch()

    assert office.charter is not before
    assert office.charter == before


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        ("[[bank]]", "[[bank", "FL005"),
        ('format = "xlsx"', 'format = "xls"', "FL008"),
        ('{ field = "amount", heading = "金额" },', "", "FL763"),
    ],
)
def test_a_check_tells_what_is_wrong_with_the_banks(
    office: fundledger.Office, root: Path, was: str, now: str, code: str
) -> None:
    """No figure of the books goes by them, so that nothing else would tell before they are used."""
    assert office.check().clean
    banks = root / "rules" / "banks.toml"
    text = banks.read_text(encoding="utf-8")
    assert was in text
    banks.write_text(text.replace(was, now, 1), encoding="utf-8")

    with pytest.raises(CharterInvalid) as refused:
        load_banks(root / "rules")
    assert code in refused.value.codes
    for audit in (office.check(), office.check(("dibao",))):
        told = [one for one in audit.findings if one in refused.value.findings]
        assert told == list(refused.value.findings)
        assert not audit.clean


def test_an_office_may_have_no_banks(office: fundledger.Office, root: Path) -> None:
    (root / "rules" / "banks.toml").unlink()
    assert office.check().clean


def test_a_fund_that_vanished_is_not_begun_again(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund)
    shutil.rmtree(tmp_path / "dibao")

    assert [finding.code for finding in fund.check().findings] == ["FL617"]
    assert [finding.code for finding in fund.verify().findings] == ["FL617"]
    for again in (fund, fund, fund_at(tmp_path)):
        with pytest.raises(JournalBroken) as refusal:
            again.record(GIFT)
        assert refusal.value.codes == ("FL617",)

    assert not list(tmp_path.rglob("*.jsonl"))


def test_an_old_copy_is_not_gone_on_with_by_who_knows_better(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund)
    shutil.copytree(tmp_path / "dibao", tmp_path / "copy")
    fund.record(GIFT)
    shutil.rmtree(tmp_path / "dibao")
    (tmp_path / "copy").rename(tmp_path / "dibao")

    with pytest.raises(JournalBroken) as refusal:
        fund.record(GIFT)
    assert refusal.value.codes == ("FL616",)

    fund_at(tmp_path).give_up("没有更新的副本", actor="S01", key="gone")
    fund_at(tmp_path).record(GIFT, key="after")
    assert fund.record(GIFT).sequence == 5


def test_the_first_record_tells_that_a_journal_was_begun(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)

    assert [finding.code for finding in fund.rehearsal().record(GIFT).findings] == ["FL964"]
    assert [finding.code for finding in fund.record(GIFT).findings] == ["FL964"]
    assert fund.record(GIFT).findings == ()


def test_an_office_lets_go_of_its_files(root: Path) -> None:
    with fundledger.open(root, OTHER) as office:
        office.fund("dibao").record(SIGNED)
        office.fund("union").record(SIGNED)
        assert held(root)

    assert held(root) == []
