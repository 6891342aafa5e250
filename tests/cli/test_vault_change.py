"""A changed name, account or phone: put into the vault by somebody, for a reason, once it holds."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from fundledger.people import Document
from fundledger.people.key import read_key
from fundledger.people.vault import Account, Person, Vault
from support.desk import ZH
from support.people import card_of, number_of
from support.terminals import Terminal
from support.unitlists import row, write_list

CARD, NEW = card_of("622202000000000007"), card_of("622202000000000008")
WHY = ("--by", "S03", "--purpose", "户口簿更名")


class Kept:
    """An office with one person in its vault."""

    def __init__(self, terminal: Terminal, key: Path) -> None:
        """Make the vault."""
        self.terminal = terminal
        self.key = str(key)
        terminal.done("vault", "init", "--key-file", self.key)
        own = Account(CARD, "甲小乙", "某银行", "2026-03-01T09:00:00+08:00", "S03")
        number = number_of("310112", date(1950, 2, 1), 7)
        found = Person(Document.RESIDENT, number, "甲小乙", (own,), "13800000000", "H1", "某居委")
        poor = Person(Document.RESIDENT, number_of("310112", date(1950, 2, 1), 8), "丙丁")
        self.person, self.without = self.vault().put([found, poor])

    def vault(self) -> Vault:
        root = self.terminal.root
        key = read_key(Path(self.key), root)
        return Vault(root / "private" / "people.vault", key, lambda: "2026-03-05T09:00:00+08:00")

    def call(self, *more: str, person: str = "") -> tuple[str, ...]:
        said = ("--person", person or self.person, *WHY, "--key-file", self.key)
        return ("vault", "change", *said, *more)

    def known(self, person: str = "") -> Person:
        name = person or self.person
        return self.vault().read([name], actor="S05", purpose="核对")[name]

    def sealed(self) -> bytes:
        return (self.terminal.root / "private" / "people.vault").read_bytes()

    def log(self) -> list[dict[str, object]]:
        text = (self.terminal.root / "private" / "people.reads.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def kept(office: Terminal, tmp_path: Path) -> Kept:
    return Kept(office, tmp_path / "keys" / "gumei.key")


def test_a_new_name_is_kept_and_shown_masked(kept: Kept) -> None:
    shown = kept.terminal.done(*kept.call("--name", "甲大乙丙"))

    assert "甲*乙" in shown
    assert "甲**丙" in shown
    assert f"已更改 {kept.person}。" in shown
    assert "FL739" in shown  # the account is still held under the former name
    assert [name for name in ("甲小乙", "甲大乙丙", CARD) if name in shown] == []
    assert (kept.known().name, kept.known().name_on("2026-03-05")) == ("甲大乙丙", "甲小乙")
    changed = [line for line in kept.log() if "changed" in line]
    assert [(line["actor"], line["purpose"], line["changed"]) for line in changed] == [
        ("S03", "户口簿更名", ["name"])
    ]


def test_a_new_account_is_the_persons_own_unless_said_otherwise(kept: Kept) -> None:
    told = kept.terminal.json(*kept.call("--account", f"{NEW[:4]} {NEW[4:]}", "--bank", "另一银行"))

    assert (told["changed"], told["written"]) == (["account", "bank"], True)
    assert told["after"] == {"account": f"{NEW[:4]}{'*' * 11}{NEW[-4:]}", "bank": "另一银行"}
    last = kept.known().accounts[-1]
    assert (last.number, last.holder, last.bank, last.by) == (NEW, "甲小乙", "另一银行", "S03")
    assert kept.known().accounts[0].number == CARD


def test_a_dry_run_writes_nothing_and_the_read_is_in_the_log(kept: Kept) -> None:
    before = kept.sealed()
    shown = kept.terminal.done(*kept.call("--phone", "021-12345678", "-n"))
    told = kept.terminal.json(*kept.call("--phone", "021-12345678", "-n"))

    assert "演练：未写入任何内容。" in shown
    assert (told["written"], told["after"]) == (False, {"phone": "021****5678"})
    assert kept.sealed() == before
    assert [line["people"] for line in kept.log() if "people" in line] == [[kept.person]] * 2


def test_what_is_asked_for_does_not_stand_on_the_command_line(kept: Kept) -> None:
    result = kept.terminal.run(*kept.call("--account", "-"), typed=f"{NEW}\n")

    assert result.exit_code == 0, result.output
    assert kept.known().accounts[-1].number == NEW


@pytest.mark.parametrize(
    ("options", "code", "secret"),
    [
        (("--name", "甲123"), "FL733", "甲123"),
        (("--name", ""), "FL733", ""),
        (("--holder", "甲\n乙"), "FL733", "甲\n乙"),
        (("--bank", " "), "FL733", ""),
        (("--account", "62220200"[:7]), "FL711", "6222020"),
        (("--account", NEW, "--phone", "一二三"), "FL715", NEW),
        (("--phone", "12345"), "FL715", "12345"),
        (("--name", "甲小乙"), "FL716", "甲小乙"),
        (("--phone", "13800000000", "--account", CARD), "FL716", CARD),
        (("--died", "1950-01-31"), "FL708", "1950-01-31"),
        (("--died", "2026-02-30"), "FL708", "2026-02-30"),
        (("--died", "2099-01-01"), "FL708", "2099-01-01"),
        (("--died", "无"), "FL716", "无 撤去"),
        ((), "FL922", ""),
    ],
)
def test_what_does_not_hold_is_refused_and_not_repeated(
    kept: Kept, options: tuple[str, ...], code: str, secret: str
) -> None:
    before = kept.sealed()
    result = kept.terminal.run(*kept.call(*options))

    assert (result.exit_code in {1, 2}, code in result.output) == (True, True), result.output
    assert not secret or secret not in result.output
    assert kept.sealed() == before


def test_nobody_is_changed_whom_the_vault_does_not_know(kept: Kept) -> None:
    unknown = kept.terminal.run(*kept.call("--name", "甲乙", person="P-AAAAAAAAAAAA"))
    number = number_of("310112", date(1950, 2, 1), 7)
    typed = kept.terminal.run(*kept.call("--name", "甲乙", person=number))
    stranger = kept.terminal.run(*kept.call("--name", "甲乙")[:-6], "--by", "S99")

    assert (unknown.exit_code, "FL713" in unknown.output) == (1, True)
    assert (typed.exit_code, "FL923" in typed.output, number in typed.output) == (2, True, False)
    assert stranger.exit_code == 2


def test_who_has_no_account_gets_one_with_its_number(kept: Kept) -> None:
    alone = kept.terminal.run(*kept.call("--bank", "某银行", person=kept.without))
    assert (alone.exit_code, "FL922" in alone.output, "--account" in alone.output) == (
        2,
        True,
        True,
    )

    kept.terminal.done(*kept.call("--account", NEW, person=kept.without))
    (own,) = kept.known(kept.without).accounts
    assert (own.number, own.holder, own.bank) == (NEW, "丙丁", "")


def test_a_list_under_the_new_name_leaves_the_former_one_known(kept: Kept, tmp_path: Path) -> None:
    def listed(name: str) -> tuple[str, ...]:
        path = tmp_path / f"{name}.xlsx"
        own = row(7, 姓名=name, 户名=name, 银行账号=CARD, 救助类别=ZH)
        write_list(path, [own])
        call = ("batch", "prepare", "dibao", str(path), "--unit", "CASC", "--date", "2026-03-12")
        return (*call, "--by", "S03", "--key-file", kept.key)

    other = kept.terminal.run(*listed("甲大乙丙"))
    assert (other.exit_code, "FL742" in other.output) == (1, True)
    kept.terminal.done(*kept.call("--name", "甲大乙丙"))
    kept.terminal.done(*listed("甲大乙丙"))

    assert kept.known().name == "甲大乙丙"
    assert [former.name for former in kept.known().former] == ["甲小乙"]


def test_a_death_is_kept_shown_and_stays_when_a_list_comes_in(kept: Kept, tmp_path: Path) -> None:
    shown = kept.terminal.done(*kept.call("--died", "2026-03-05"))
    path = tmp_path / "名单.xlsx"
    write_list(path, [row(7, 姓名="甲小乙", 户名="甲小乙", 银行账号=NEW, 救助类别=ZH)])
    call = ("batch", "prepare", "dibao", str(path), "--unit", "CASC", "--date", "2026-03-12")
    kept.terminal.done(*call, "--by", "S03", "--key-file", kept.key)

    assert "死亡日期" in shown
    assert (kept.known().died, kept.known().accounts[-1].number) == ("2026-03-05", NEW)
    who = ("vault", "who", kept.person, *WHY, "--key-file", kept.key)
    assert f"{kept.person} 死亡日期 2026-03-05。" in kept.terminal.done(*who)
    assert kept.terminal.json(*who)["people"][kept.person]["died"] == "2026-03-05"
    changed = [line["changed"] for line in kept.log() if "changed" in line]
    assert changed == [["died"]]


def test_a_death_of_somebody_else_is_taken_back(kept: Kept) -> None:
    kept.terminal.done(*kept.call("--died", "2026-03-05"))
    told = kept.terminal.json(*kept.call("--died", "none"))

    assert (told["before"], told["after"]) == ({"died": "2026-03-05"}, {"died": ""})
    assert kept.known().died == ""
    assert "死亡日期" not in kept.terminal.done(
        "vault", "who", kept.person, *WHY, "--key-file", kept.key
    )


def test_a_list_that_pays_the_dead_is_refused(kept: Kept, tmp_path: Path) -> None:
    kept.terminal.done(*kept.call("--died", "2026-02-28"))
    path = tmp_path / "名单.xlsx"
    write_list(path, [row(7, 姓名="甲小乙", 户名="甲小乙", 银行账号=CARD, 救助类别=ZH)])
    call = ("--unit", "CASC", "--by", "S03", "--key-file", kept.key)
    before = kept.sealed()

    for step, more in (("check", ()), ("prepare", ("--date", "2026-03-12"))):
        result = kept.terminal.run("batch", step, "dibao", str(path), *call, *more)
        assert (result.exit_code, "FL709 错误：名单.xlsx [4]" in result.output) == (1, True)
        assert f"{kept.person} 的 2026-03 款项不能发放" in result.output
        assert "甲小乙" not in result.output
    assert kept.sealed() == before
