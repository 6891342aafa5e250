"""The vault at the command line: made once, shown in part, read by somebody for a reason."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from fundledger.people import Document
from fundledger.people.key import read_key
from fundledger.people.vault import Account, Person, Vault
from support.people import card_of, number_of
from support.terminals import Terminal

NUMBER = number_of("310112", date(1950, 2, 1), 7)
CARD = card_of("622202000000000007")
PLACE = "某居委示例路12弄34号501室"
WHY = ("--by", "S03", "--purpose", "核对退汇")


@pytest.fixture
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "gumei.key"


@pytest.fixture
def pseudonym(office: Terminal, key: Path) -> str:
    """Return the pseudonym of the one person in the office's vault."""
    office.done("vault", "init", "--key-file", str(key))
    path = office.root / "private" / "people.vault"
    vault = Vault(path, read_key(key, office.root), lambda: "2026-03-05T09:00:00+08:00")
    accounts = (Account(CARD, "甲小乙", "某银行"),)
    one = Person(Document.RESIDENT, NUMBER, "甲小乙", accounts, "13800000000", "", PLACE)
    (name,) = vault.put([one])
    return name


def log_of(office: Terminal) -> list[dict[str, object]]:
    text = (office.root / "private" / "people.reads.jsonl").read_text(encoding="utf-8")
    return [line for line in map(json.loads, text.splitlines()) if "people" in line]


def test_who_somebody_is_shows_masked_and_in_full_only_when_asked(
    office: Terminal, key: Path, pseudonym: str
) -> None:
    call = ("vault", "who", pseudonym, *WHY, "--key-file", str(key))

    masked, full = office.done(*call), office.done(*call, "--full")

    assert "甲*乙" in masked
    assert [said for said in (NUMBER, CARD, "甲小乙") if said in masked] == []
    assert [said for said in (NUMBER, CARD, "甲小乙") if said not in full] == []
    assert [line["people"] for line in log_of(office)] == [[pseudonym]] * 2
    assert log_of(office)[0]["actor"] == "S03"
    shown = office.json(*call)["people"][pseudonym]
    assert (shown["account"][-4:], shown["phone"]) == (CARD[-4:], "138****0000")
    assert shown["committee"] == "某居委"
    assert office.json(*call, "--full")["people"][pseudonym]["committee"] == PLACE


def test_nobody_knows_whom_the_vault_does_not(office: Terminal, key: Path, pseudonym: str) -> None:
    call = ("vault", "who", "P-AAAAAAAAAAAA", pseudonym, *WHY, "--key-file", str(key))
    result = office.run(*call)

    assert result.exit_code == 1
    assert "保险库中没有 P-AAAAAAAAAAAA。" in result.stdout
    assert office.json(*call, code=1)["unknown"] == ["P-AAAAAAAAAAAA"]


def test_a_number_that_was_typed_for_a_pseudonym_is_not_repeated(
    office: Terminal, key: Path, pseudonym: str
) -> None:
    result = office.run("vault", "who", NUMBER, pseudonym, *WHY, "--key-file", str(key))

    assert result.exit_code == 2
    assert "FL923" in result.output
    assert NUMBER not in result.output
    assert log_of(office) == []


@pytest.mark.parametrize(
    "call",
    [
        ("vault", "who", "P-AAAAAAAAAAAA", "--by", "S99", "--purpose", "核对"),
        ("vault", "who", "P-AAAAAAAAAAAA", "--purpose", "核对"),
        ("vault", "who", "P-AAAAAAAAAAAA", "--by", "S03"),
        ("vault", "who", *WHY),
    ],
)
def test_who_asks_and_what_for_has_to_be_said(
    office: Terminal, key: Path, pseudonym: str, call: tuple[str, ...]
) -> None:
    assert pseudonym
    assert office.run(*call, "--key-file", str(key)).exit_code == 2
    assert log_of(office) == []


def test_there_is_one_vault_and_no_key_is_made_in_vain(
    office: Terminal, key: Path, pseudonym: str
) -> None:
    other = key.with_name("other.key")
    result = office.run("vault", "init", "--key-file", str(other))

    assert pseudonym
    assert (result.exit_code, other.exists()) == (1, False)
    assert "FL725" in result.output


def test_a_key_in_the_office_makes_no_vault(office: Terminal) -> None:
    result = office.run("vault", "init", "--key-file", str(office.root / "gumei.key"))

    assert result.exit_code == 1
    assert "FL722" in result.output
    assert not (office.root / "private").exists()


def test_a_rotation_leaves_the_pseudonyms(office: Terminal, key: Path, pseudonym: str) -> None:
    new = key.with_name("new.key")
    office.done("vault", "rotate", "--key-file", str(key), "--new-key-file", str(new))

    assert "甲*乙" in office.done("vault", "who", pseudonym, *WHY, "--key-file", str(new))
    refused = office.run("vault", "who", pseudonym, *WHY, "--key-file", str(key))
    assert refused.exit_code == 1
    assert "FL727" in refused.output
    again = office.run("vault", "rotate", "--key-file", str(key), "--new-key-file", f"{new}2")
    assert "FL727" in again.output
    assert not Path(f"{new}2").exists()


def test_the_key_may_be_named_once_for_all(
    office: Terminal, key: Path, pseudonym: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUNDLEDGER_VAULT_KEY", str(key))

    assert re.search(r"甲\*乙", office.done("vault", "who", pseudonym, *WHY))


def test_the_books_hold_nothing_of_the_vault(office: Terminal, key: Path, pseudonym: str) -> None:
    assert pseudonym
    told = json.loads(office.run("check", "dibao", "--format", "json").stdout)["findings"]
    beside = [finding for finding in told if "private" in finding["subject"]]

    assert beside == []
    assert key.read_bytes() not in b"".join(office.bytes().values())
