"""A list held against the vault: who is new, who moved, whose number it is, who was meant."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from fundledger.errors import InputInvalid
from fundledger.payment import UnitList, read_unit_list, roster_of
from fundledger.people import Document
from fundledger.people.key import VaultKey
from fundledger.people.vault import Account, Person, Vault, with_account
from support.offices import charter
from support.people import card_of
from support.unitlists import row, write_list

TODAY = date(2026, 3, 5)


def person(cells: list[object]) -> Person:
    account = Account(str(cells[8]), str(cells[7]), str(cells[9]))
    return Person(Document.RESIDENT, str(cells[2]), str(cells[1]), (account,))


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """Return a vault that knows the people of three rows."""
    found = Vault(tmp_path / "people.vault", VaultKey(bytes(32)), lambda: "2026-03-05T09:00:00")
    found.create()
    found.put([person(row(serial)) for serial in (1, 2, 3)])
    return found


def read(tmp_path: Path, vault: Vault, rows: list[list[object]]) -> UnitList:
    roster = roster_of(vault, actor="S03", purpose="核对名单")
    path = write_list(tmp_path / "名单.xlsx", rows)
    return read_unit_list(path, charter(), "CASC", TODAY, roster=roster)


def codes(tmp_path: Path, vault: Vault, rows: list[list[object]]) -> list[tuple[str, str]]:
    return [(f.code, f.subject) for f in read(tmp_path, vault, rows).findings]


def refused(tmp_path: Path, vault: Vault, rows: list[list[object]]) -> dict[str, str]:
    with pytest.raises(InputInvalid) as refusal:
        read(tmp_path, vault, rows)
    said = str([finding.as_json() for finding in refusal.value.findings])
    assert [cell for cells in rows for cell in map(str, cells[1:3]) if cell in said] == []
    return {f.code: str(f.details.get("people", f.subject)) for f in refusal.value.findings}


def test_whom_the_vault_knows_as_they_are_nothing_is_said_of(tmp_path: Path, vault: Vault) -> None:
    assert codes(tmp_path, vault, [row(1), row(2)]) == []


def test_who_is_new_and_whose_account_changed_is_told(tmp_path: Path, vault: Vault) -> None:
    moved = row(2, 银行账号=card_of("622202999999999999"))

    assert codes(tmp_path, vault, [row(1), moved, row(4)]) == [
        ("FL744", "名单.xlsx"),
        ("FL743", "名单.xlsx [5]"),
    ]


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ({"户名": "某监护人"}, ["holder"]),
        ({"开户行": "另一家银行"}, ["bank"]),
        ({"户名": "某监护人", "开户行": "另一家银行"}, ["holder", "bank"]),
        ({"户名": "", "开户行": ""}, []),
    ],
)
def test_a_known_account_with_another_holder_or_bank_is_told(
    tmp_path: Path, vault: Vault, cells: dict[str, object], what: list[str]
) -> None:
    """A list changes neither: what it says would be lost without a word."""
    found = [f for f in read(tmp_path, vault, [row(1, **cells)]).findings if f.code == "FL743"]

    assert [f.details["what"] for f in found] == what
    assert "某监护人" not in str([f.as_json() for f in found])


def test_a_known_number_under_another_name_is_refused(tmp_path: Path, vault: Vault) -> None:
    assert refused(tmp_path, vault, [row(1), row(2, 姓名="某别人", 户名="某别人")]) == {
        "FL742": "名单.xlsx [5]"
    }


@pytest.mark.parametrize("slip", ["swap", "digit", "drop"])
def test_a_wrong_number_leads_to_the_known_person_of_that_name(
    tmp_path: Path, vault: Vault, slip: str
) -> None:
    number = str(row(2)[2])
    wrong = {
        "swap": number[:8] + number[9] + number[8] + number[10:],
        "digit": number[:16] + str((int(number[16]) + 1) % 10) + number[17:],
        "drop": number[:7] + number[8:],
    }[slip]
    (pseudonym,) = vault.pseudonyms_of([person(row(2))])

    found = refused(tmp_path, vault, [row(1), row(2, 身份证号=wrong)])

    assert found["FL745"] == pseudonym
    assert "FL745" not in refused(
        tmp_path, vault, [row(2, 身份证号=wrong, 姓名="某别人", 户名="某别人")]
    )


def test_who_was_found_is_in_the_log_and_nobody_else(tmp_path: Path, vault: Vault) -> None:
    read(tmp_path, vault, [row(1), row(4)])

    *_, line = map(json.loads, vault.log_path.read_text(encoding="utf-8").splitlines())
    assert line["people"] == vault.pseudonyms_of([person(row(1))])
    assert (line["unknown"], line["actor"], line["purpose"]) == (1, "S03", "核对名单")


def test_the_account_of_last_time_is_the_last_one(tmp_path: Path, vault: Vault) -> None:
    before, now = person(row(1)), Account(card_of("622202999999999999"), "某乙甲", str(row(1)[9]))
    vault.put([with_account(before, now)])

    assert codes(tmp_path, vault, [row(1, 银行账号=now.number)]) == []
    assert codes(tmp_path, vault, [row(1)]) == [("FL743", "名单.xlsx [4]")]


@pytest.mark.parametrize(
    ("died", "refused_for"),
    [("2026-02-28", ["2026-03"]), ("2026-03-01", []), ("", [])],
)
def test_nobody_is_listed_for_a_month_after_their_death(
    tmp_path: Path, vault: Vault, died: str, refused_for: list[str]
) -> None:
    (name,) = vault.put([replace(person(row(2)), died=died)])
    rows = [row(1), row(2), row(2, 所属月份="2026-02")]
    if not refused_for:
        assert codes(tmp_path, vault, rows) == []
        return
    with pytest.raises(InputInvalid) as refusal:
        read(tmp_path, vault, rows)

    found = [(f.code, f.details["person"], f.details["period"]) for f in refusal.value.findings]
    assert found == [("FL709", name, month) for month in refused_for]
    assert refused(tmp_path, vault, rows) == {"FL709": "名单.xlsx [5]"}
