"""`fundledger vault …`: the office's people, kept apart from its books."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import argument, command, option
from fundledger.cli.options import formatted
from fundledger.cli.vaults import expect_staff, key_file, opened, vault_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from fundledger.cli.session import Session
    from fundledger.people.vault import Person

_key_file = key_file(needed=True)


@command(
    "vault init",
    zh="生成密钥文件和空的保险库（private/people.vault，加密）。密钥文件请另存备份：丢了密钥，"
    "保险库无法打开；密钥和保险库放在一起，等于没有加密。",
    en="Makes a key file and an empty vault (private/people.vault, encrypted). Keep a copy of the "
    "key elsewhere: without it the vault is lost, and beside the vault it is worth nothing.",
    examples=("vault init --key-file ~/keys/gumei.key",),
)
@_key_file
def init(session: Session, *, key_file: str) -> None:
    """Make the vault and its key."""
    import secrets  # noqa: PLC0415 - only here

    from fundledger.people.key import make_key  # noqa: PLC0415 - heavy

    vault = vault_at(
        session,
        lambda: make_key(Path(key_file), session.office.root, secrets.token_bytes(32)),
        new=True,
    )
    session.say(
        f"已生成密钥文件 {key_file} 和保险库 {vault.path}。请备份密钥文件，分开保管。",
        f"Made the key file {key_file} and the vault {vault.path}. Keep a copy of the key apart.",
    )


@command(
    "vault rotate",
    zh="换用新的密钥文件：重新加密保险库，旧密钥从此打不开。化名不变。",
    en="Takes a new key file: the vault is encrypted anew and the old key opens it no more. "
    "Pseudonyms stay.",
    examples=("vault rotate --key-file ~/keys/gumei.key --new-key-file ~/keys/gumei-2027.key",),
)
@_key_file
@option(
    "--new-key-file",
    metavar="FILE",
    needed=True,
    zh="新密钥文件，不得已存在",
    en="the new key file, which must not be there yet",
)
def rotate(session: Session, *, key_file: str, new_key_file: str) -> None:
    """Encrypt the vault with a new key."""
    import secrets  # noqa: PLC0415 - only here

    from fundledger.people.key import make_key  # noqa: PLC0415 - heavy

    vault = opened(session, key_file)
    vault.pseudonyms()
    vault.rotate(make_key(Path(new_key_file), session.office.root, secrets.token_bytes(32)))
    session.say(
        f"保险库已改用 {new_key_file}；旧密钥 {key_file} 可以销毁。",
        f"The vault takes {new_key_file} now; the old key {key_file} may be destroyed.",
    )


@command(
    "vault who",
    zh="按化名查人。默认遮盖姓名和号码；--full 显示全部。谁、何时、为何查阅，先记入查阅记录"
    "（private/people.reads.jsonl）再显示。",
    en="Tells who a pseudonym is, masked; --full tells all. Who asks, when and what for is in the "
    "log (private/people.reads.jsonl) before anything is shown.",
    examples=("vault who P-YWMA6GEPTTLC --by S03 --purpose 核对退汇",),
)
@argument(
    "pseudonyms",
    nargs=-1,
    metavar="P-…",
    zh="化名，可写多个",
    en="pseudonyms, one or more",
)
@option(
    "--by",
    "actor",
    metavar="STAFF",
    needed=True,
    zh="查阅人的岗位代码",
    en="who asks, by staff code",
)
@option("--purpose", metavar="TEXT", needed=True, zh="查阅用途", en="what for")
@option("--full", is_flag=True, zh="显示全部，不遮盖", en="tell all, unmasked")
@_key_file
@formatted
def who(  # noqa: PLR0913 - as many as the command has options
    session: Session,
    *,
    pseudonyms: tuple[str, ...],
    actor: str,
    purpose: str,
    full: bool,
    key_file: str,
) -> None:
    """Tell who some pseudonyms are."""
    from fundledger.people import is_pseudonym  # noqa: PLC0415 - heavy

    expect_staff(session, actor)
    for text in pseudonyms:
        if not is_pseudonym(text) or not text.startswith("P-"):
            details = {"text": f"… ({len(text)})", "allowed": "P-[A-Z2-7]{12}"}
            session.wrong_once("FL923", "P-…", details)
    session.refuse_wrong()
    found = opened(session, key_file).read(pseudonyms, actor=actor, purpose=purpose)
    rows = {name: _shown(found[name], full=full) for name in pseudonyms if name in found}
    unknown = [name for name in dict.fromkeys(pseudonyms) if name not in found]
    session.exit_code = int(bool(unknown))
    if not session.tells:
        session.put({"people": rows, "unknown": unknown})
        return
    if rows:
        _tell(session, rows)
    for name in unknown:
        session.say(f"保险库中没有 {name}。", f"The vault knows no {name}.")


def _shown(person: Person, *, full: bool) -> dict[str, Any]:
    from fundledger.people import (  # noqa: PLC0415 - heavy
        committee_of,
        mask_account,
        mask_name,
        mask_number,
        mask_phone,
    )

    def shown(text: str, mask: Callable[[str], str]) -> str:
        return text if full or not text else mask(text)

    account = person.accounts[-1] if person.accounts else None
    return {
        "name": shown(person.name, mask_name),
        "kind": person.kind.value,
        "number": shown(person.number, mask_number),
        "committee": person.committee if full else committee_of(person),
        "household": shown(person.household, lambda text: "*" * len(text)),
        "phone": shown(person.phone, mask_phone),
        "bank": account.bank if account else "",
        "account": shown(account.number, mask_account) if account else "",
        "holder": shown(account.holder, mask_name) if account else "",
        "died": person.died,
    }


def _tell(session: Session, rows: dict[str, dict[str, Any]]) -> None:
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    columns = (
        Column(session.pick("化名", "pseudonym")),
        Column(session.pick("姓名", "name")),
        Column(session.pick("证件号码", "number")),
        Column(session.pick("居委", "committee"), wraps=True, spare=2),
        Column(session.pick("收款人", "holder"), spare=1),
        Column(session.pick("收款账号", "account")),
    )
    session.table(
        columns,
        [
            (
                name,
                person["name"],
                person["number"],
                person["committee"] or "-",
                person["holder"] or "-",
                person["account"] or "-",
            )
            for name, person in rows.items()
        ],
    )
    for name, person in rows.items():
        if person["died"]:
            day = person["died"]
            session.say(f"{name} 死亡日期 {day}。", f"{name} died on {day}.")
