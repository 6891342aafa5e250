"""The vault: nothing of anybody outside it, every read in the log, one key and no other."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import to_builtins
from msgspec.json import encode

from fundledger.errors import FundledgerError, VaultClosed
from fundledger.people import Document, Pseudonyms
from fundledger.people.key import VaultKey, make_key, read_key
from fundledger.people.person import Change, FormerName, changed, with_name
from fundledger.people.sealed import seal
from fundledger.people.vault import Account, Person, Vault, with_account
from support.people import card_of, number_of

AT = "2026-03-05T09:00:00+08:00"


def person(serial: int, name: str = "甲某某", account: str = "") -> Person:
    number = number_of("310112", date(1950, 2, 1), serial)
    accounts = (Account(account or card_of(f"622202{serial:012d}"), name, "某银行"),)
    return Person(Document.RESIDENT, number, name, accounts, "13800000000", "H0001", "某居委")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "office" / "private").mkdir(parents=True)
    return tmp_path / "office"


@pytest.fixture
def vault(office: Path, tmp_path: Path) -> Vault:
    key = make_key(tmp_path / "keys" / "vault.key", office, bytes(range(32)))
    found = Vault(office / "private" / "people.vault", key, lambda: AT)
    found.create()
    return found


def opened(vault: Vault, key: VaultKey | None = None) -> Vault:
    """Return the vault as another process opens it."""
    return Vault(vault.path, key or vault._key, lambda: AT)  # noqa: SLF001 - the same key


def refused(code: str) -> pytest.RaisesExc[FundledgerError]:
    return pytest.raises(VaultClosed, check=lambda error: error.codes == (code,))


def test_who_was_put_in_is_read_by_pseudonym_alone(vault: Vault) -> None:
    people = [person(serial) for serial in range(3)]
    put = vault.put(people)

    assert list(put.values()) == people
    again = opened(vault)
    assert again.read(put, actor="S03", purpose="核对名册") == put
    assert again.pseudonyms().person(people[1].identity) == list(put)[1]
    assert again.read(["P-AAAAAAAAAAAA"], actor="S03", purpose="核对名册") == {}


def test_every_read_is_in_the_log_before_anything_is_given(vault: Vault) -> None:
    (name,) = vault.put([person(1)])
    vault.read([name], actor="S03", purpose="核对名册")

    *_, line = vault.log_path.read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {
        "at": AT,
        "actor": "S03",
        "purpose": "核对名册",
        "people": [name],
        "unknown": 0,
    }
    vault.log_path.unlink()
    vault.log_path.mkdir()
    with refused("FL730"):
        vault.read([name], actor="S03", purpose="核对名册")


@pytest.mark.parametrize(
    ("actor", "purpose"),
    [
        ("", "核对"),
        ("S03", " "),
        ("S03", "核" * 101),
        ("S03", "核对\n退汇"),
        ("S03", f"核对{number_of('310112', date(1950, 2, 1), 7)}"),
        ("S03", "核对13800001234"),
        ("13800001234", "核对"),
    ],
)
def test_who_does_not_say_what_for_reads_nothing(vault: Vault, actor: str, purpose: str) -> None:
    with refused("FL730"):
        vault.read(vault.put([person(1)]), actor=actor, purpose=purpose)
    assert b"people" not in vault.log_path.read_bytes()


def test_no_byte_on_disk_says_who_somebody_is(vault: Vault, office: Path) -> None:
    someone = person(7, "甲某某")
    name, *_ = vault.put([someone])
    vault.read([name], actor="S03", purpose="核对名册")
    said = [someone.number, someone.name, someone.accounts[0].number, someone.phone]

    for path in office.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert [text for text in said if text.encode() in data] == []
        assert not path.is_file() or stat.S_IMODE(path.stat().st_mode) == 0o600


@given(where=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_one_changed_bit_closes_it(
    where: int, bit: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("vault")
    vault = Vault(folder / "people.vault", VaultKey(bytes(32)), lambda: AT)
    vault.create()
    data = bytearray(vault.path.read_bytes())
    data[where % len(data)] ^= 1 << bit
    vault.path.write_bytes(bytes(data))

    with pytest.raises(VaultClosed) as refusal:
        opened(vault).pseudonyms()
    assert set(refusal.value.codes) <= {"FL727", "FL728"}


def test_a_file_cut_anywhere_is_closed(vault: Vault) -> None:
    data = vault.path.read_bytes()
    for length in range(len(data)):
        vault.path.write_bytes(data[:length])
        with refused("FL728"):
            opened(vault).pseudonyms()


def test_a_rotation_leaves_pseudonyms_as_they_are_and_closes_the_key_before(vault: Vault) -> None:
    put = vault.put([person(1)])
    vault.rotate(VaultKey(b"n" * 32))

    assert vault.read(put, actor="S03", purpose="核对名册") == put
    assert opened(vault, VaultKey(b"n" * 32)).put([person(1)]) == put
    with refused("FL727"):
        opened(vault, VaultKey(bytes(range(32)))).pseudonyms()


def test_what_was_known_of_somebody_is_replaced_and_the_rest_stays(vault: Vault) -> None:
    first, second = person(1), person(2)
    vault.put([first, second])
    moved = with_account(first, Account(card_of("622202999999999999"), first.name))
    put = vault.put([moved])

    read = vault.read(vault.pseudonyms_of([first, second]), actor="S03", purpose="核对")
    assert sorted(read.values(), key=lambda one: one.number) == [moved, second]
    assert [*put.values()] == [moved]
    assert len(moved.accounts) == 2
    assert with_account(moved, moved.accounts[-1]) is moved


def test_nothing_new_is_nothing_written(vault: Vault) -> None:
    vault.put([person(1)])
    before = vault.path.read_bytes()
    vault.put([person(1)])

    assert vault.path.read_bytes() == before


def test_an_older_vault_that_was_put_back_is_told(vault: Vault) -> None:
    before = vault.path.read_bytes()
    vault.put([person(1)])
    vault.path.write_bytes(before)

    with refused("FL747"):
        opened(vault).pseudonyms()
    with refused("FL747"):
        opened(vault).put([person(2)])


def test_how_many_were_put_and_which_key_a_rotation_gave_is_in_the_log(vault: Vault) -> None:
    vault.put([person(1), person(2)])
    vault.put([person(2), person(3)])
    vault.rotate(VaultKey(b"n" * 32))

    lines = [json.loads(line) for line in vault.log_path.read_text(encoding="utf-8").splitlines()]
    assert lines[-3:] == [
        {"at": AT, "put": 2, "written": 2},
        {"at": AT, "put": 1, "written": 3},
        {"at": AT, "sealed_with": VaultKey(b"n" * 32).id, "written": 4},
    ]


def test_a_rotation_that_cannot_be_logged_is_one_all_the_same(vault: Vault) -> None:
    """Who is told that it failed would throw away the one key that opens the vault."""
    put = vault.put([person(1)])
    vault.log_path.unlink()
    vault.log_path.mkdir()
    vault.rotate(VaultKey(b"n" * 32))
    vault.log_path.rmdir()

    assert opened(vault, VaultKey(b"n" * 32)).read(put, actor="S03", purpose="核对") == put


def test_a_line_that_was_torn_off_swallows_no_other(vault: Vault) -> None:
    put = vault.put([person(1)])
    with vault.log_path.open("ab") as log:
        log.write(b'{"at":"2026-03-')
    vault.read(put, actor="S03", purpose="核对")

    *_, last = vault.log_path.read_bytes().splitlines()
    assert json.loads(last)["people"] == list(put)


@pytest.mark.parametrize("how", ["link", "pipe", "folder"])
def test_a_vault_is_a_plain_file(vault: Vault, tmp_path: Path, how: str) -> None:
    data = vault.path.read_bytes()
    vault.path.unlink()
    if how == "link":
        (tmp_path / "elsewhere").write_bytes(data)
        vault.path.symlink_to(tmp_path / "elsewhere")
    elif how == "pipe":
        os.mkfifo(vault.path)
    else:
        vault.path.mkdir()

    with refused("FL726"):
        vault.rotate(VaultKey(b"n" * 32))


def test_no_print_of_anything_shows_anybody(vault: Vault) -> None:
    someone = person(1, "甲某某")
    for text in (repr(someone), repr(someone.accounts), str(vault.put([someone]))):
        assert [
            s for s in (someone.number, someone.name, someone.accounts[0].number) if s in text
        ] == []


def test_there_is_one_vault(vault: Vault) -> None:
    with refused("FL725"):
        opened(vault).create()


def test_no_vault_and_no_permission_are_told(vault: Vault) -> None:
    vault.path.unlink()
    with refused("FL726"):
        vault.pseudonyms()
    with refused("FL726"):
        vault.put([person(1)])


def test_two_people_of_one_pseudonym_are_refused(vault: Vault) -> None:
    """As a coincidence of digests would have it: the pseudonym of one is known as another's."""
    one, other = person(1), person(2)
    content = {"pseudonym_key": "00" * 32, "people": {}}
    name = Pseudonyms(bytes(32)).person(other.identity)
    content["people"] = {name: to_builtins(one)}
    sealed = seal(encode(content), VaultKey(bytes(range(32))), 9, bytes(12))
    vault.path.write_bytes(sealed)

    with refused("FL729"):
        vault.put([other])
    assert vault.path.read_bytes() == sealed


def test_processes_that_put_people_at_once_lose_nobody(vault: Vault) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "sys.path.insert(0, sys.argv[4])\n"
        "from people.test_vault import person\n"
        "from fundledger.people.vault import Vault\n"
        "from fundledger.people.key import VaultKey\n"
        "vault = Vault(Path(sys.argv[1]), VaultKey(bytes.fromhex(sys.argv[2])), lambda: 'at')\n"
        "for n in range(5): vault.put([person(int(sys.argv[3]) * 5 + n)])\n"
    )
    secret = bytes(range(32)).hex()
    tests = str(Path(__file__).parents[1])
    calls = [[sys.executable, "-c", code, str(vault.path), secret, str(n), tests] for n in range(4)]
    workers = [subprocess.Popen(call) for call in calls]

    assert [worker.wait() for worker in workers] == [0] * 4
    everybody = [person(serial) for serial in range(20)]
    assert len(vault.read(vault.pseudonyms_of(everybody), actor="S03", purpose="核对")) == 20


def test_a_key_is_read_as_it_was_made(office: Path, tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vault.key"
    key = make_key(path, office, b"s" * 32)

    assert read_key(path, office) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"s".hex() * 8 not in repr(key)
    with refused("FL721"):
        make_key(path, office, b"t" * 32)
    assert read_key(path, office) == key


def test_a_key_inside_the_office_is_refused(office: Path, tmp_path: Path) -> None:
    with refused("FL722"):
        make_key(office / "private" / "vault.key", office, b"s" * 32)
    key = tmp_path / "vault.key"
    make_key(key, office, b"s" * 32)
    (office / "vault.key").write_bytes(key.read_bytes())
    (tmp_path / "link.key").symlink_to(office / "vault.key")
    for path in (office / "vault.key", tmp_path / "link.key"):
        with refused("FL722"):
            read_key(path, office)


def test_a_key_is_kept_away_from_wherever_the_vault_lies(office: Path, tmp_path: Path) -> None:
    (office / "private").rmdir()
    (tmp_path / "store").mkdir()
    (office / "private").symlink_to(tmp_path / "store")
    for path in (office / "private" / "vault.key", tmp_path / "store" / "vault.key"):
        with refused("FL722"):
            make_key(path, office, b"s" * 32)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none.key", "没有这个文件"),
        ("vault.key/none.key", "没有这个文件"),
        ("folder", "是文件夹，不是文件"),
        ("open", "是文件夹，不是文件"),
    ],
)
def test_what_is_no_file_is_told_as_what_it_is(
    office: Path, tmp_path: Path, name: str, reason: str
) -> None:
    make_key(tmp_path / "vault.key", office, b"s" * 32)
    (tmp_path / "folder").mkdir(0o700)
    (tmp_path / "open").mkdir(0o755)

    with pytest.raises(VaultClosed) as refusal:
        read_key(tmp_path / name, office)
    (found,) = refusal.value.findings
    assert (found.code, reason in found.sentence("zh")) == ("FL721", True)
    with pytest.raises(VaultClosed) as there:
        make_key(tmp_path / "vault.key", office, b"t" * 32)
    assert "已有同名文件" in there.value.findings[0].sentence("zh")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
def test_a_key_that_others_may_read_is_refused(office: Path, tmp_path: Path, mode: int) -> None:
    path = tmp_path / "vault.key"
    make_key(path, office, b"s" * 32)
    path.chmod(mode)

    with refused("FL723"):
        read_key(path, office)


def test_a_key_is_a_plain_file_with_a_key_in_it(office: Path, tmp_path: Path) -> None:
    with refused("FL721"):
        read_key(tmp_path / "none.key", office)
    made = tmp_path / "vault.key"
    make_key(made, office, b"s" * 32)
    (tmp_path / "link.key").symlink_to(made)
    os.mkfifo(tmp_path / "pipe.key", 0o600)
    for name in ("link.key", "pipe.key"):
        with refused("FL723"):
            read_key(tmp_path / name, office)
    (tmp_path / "second.key").hardlink_to(made)
    with refused("FL723"):
        read_key(made, office)
    (tmp_path / "second.key").unlink()
    made.write_bytes(made.read_bytes()[:-5])
    with refused("FL724"):
        read_key(made, office)


def test_without_the_library_it_is_said_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['cryptography'] = None\n"
        "from pathlib import Path; from fundledger.people.vault import Vault\n"
        "from fundledger.people.key import VaultKey\n"
        "from fundledger.errors import VaultClosed\n"
        "try: Vault(Path(sys.argv[1]), VaultKey(bytes(32)), lambda: '').create()\n"
        "except VaultClosed as error: print(error.codes, error.findings[0].remedy())\n"
    )
    call = [sys.executable, "-c", code, str(tmp_path / "people.vault")]
    said = subprocess.run(call, capture_output=True, text=True, check=True)

    assert "FL731" in said.stdout
    assert "pip install 'fundledger[people]'" in said.stdout
    assert not (tmp_path / "people.vault").exists()


def test_who_changes_whom_and_what_for_is_in_the_log_before_it_is_kept(vault: Vault) -> None:
    (name,) = vault.put([person(1)])
    other = Change(name="乙某某", phone="021123456")

    kept = vault.change(
        name, lambda known: changed(known, other, at=AT, by="S03"), actor="S03", purpose="更名"
    )

    assert opened(vault).read([name], actor="S03", purpose="核对") == {name: kept}
    assert (kept.name, kept.phone, kept.accounts) == ("乙某某", "021123456", person(1).accounts)
    assert kept.former == (FormerName("甲某某", AT, "S03"),)
    lines = [json.loads(line) for line in vault.log_path.read_text(encoding="utf-8").splitlines()]
    said = next(line for line in lines if "changed" in line)
    assert said == {
        "at": AT,
        "actor": "S03",
        "purpose": "更名",
        "people": [name],
        "changed": ["name", "phone"],
    }
    assert lines[lines.index(said) + 1] == {"at": AT, "written": 3}


def test_what_was_before_stays_known(vault: Vault) -> None:
    (name,) = vault.put([person(1)])
    steps = (
        Change(account=card_of("622202000000000008")),
        Change(holder="丙某某", bank="另一银行"),
        Change(holder="丙某某"),
    )
    for day, one in enumerate(steps, 6):

        def change(known: Person, one: Change = one, at: str = f"2026-03-0{day}") -> Person:
            return changed(known, one, at=at, by="S03")

        kept = vault.change(name, change, actor="S03", purpose="换卡")

    own = card_of("622202000000000008")
    assert kept.accounts == (
        *person(1).accounts,
        Account(own, "甲某某", "", "2026-03-06", "S03"),
        Account(own, "丙某某", "另一银行", "2026-03-07", "S03"),
    )
    in_use = [kept.account_on(day) for day in ("2026-03-05", "2026-03-06", "2026-03-09")]
    assert in_use == list(kept.accounts)


def test_a_change_of_nobody_or_into_somebody_else_or_without_grounds_is_none(vault: Vault) -> None:
    (name,) = vault.put([person(1)])
    before = vault.path.read_bytes()
    why = {"actor": "S03", "purpose": "更名"}

    with refused("FL713"):
        vault.change("P-AAAAAAAAAAAA", lambda known: known, **why)
    with refused("FL729"):
        vault.change(name, lambda _: person(2), **why)
    for unfit in ({**why, "purpose": ""}, {**why, "purpose": "更名 13800000000"}):
        with refused("FL730"):
            vault.change(name, lambda known: with_name(known, "乙", at=AT, by="S03"), **unfit)
    vault.change(name, lambda known: known, **why)
    assert vault.path.read_bytes() == before


def test_a_name_is_told_as_it_was_at_any_time() -> None:
    own = person(1)
    for day, name in (("2026-03-05", "乙某某"), ("2026-03-07", "丙某某"), ("2026-03-09", "丙某某")):
        own = with_name(own, name, at=day, by="S03")

    days = ("2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07")
    assert [own.name_on(day) for day in days] == ["甲某某", "乙某某", "乙某某", "丙某某"]
    assert len(own.former) == 2
    assert "某" not in repr(own) + repr(own.former) + repr(Change(name="乙某某"))
