"""What the commands that need the vault of people have in common."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fundledger.cli.framework import option

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from fundledger.cli.session import Session
    from fundledger.people.key import VaultKey
    from fundledger.people.vault import Vault

_Function = TypeVar("_Function", bound="Callable[..., Any]")
_KEY = "FUNDLEDGER_VAULT_KEY"
_LONGEST_CODE = 8


def key_file(*, needed: bool) -> Callable[[_Function], _Function]:
    """Return the option that names the key file of the vault."""
    return option(
        "--key-file",
        metavar="FILE",
        envvar=_KEY,
        needed=needed,
        zh=f"保险库的密钥文件，须在办公室目录之外；也可用环境变量 {_KEY} 指定",
        en="the vault's key file, outside the office's folder; the environment variable "
        f"{_KEY} names it too",
    )


def expect_staff(session: Session, actor: str) -> None:
    """Refuse who is not on the staff: a name in the log has to be somebody's."""
    codes = [person.code for person in session.office.charter.staff]
    if actor not in codes:
        shown = actor if len(actor) <= _LONGEST_CODE else "…"
        session.wrong_once("FL923", "--by", {"text": shown, "allowed": ", ".join(codes)})


def opened(session: Session, key_file: str) -> Vault:
    """Return the office's vault, to be opened with the key in a file."""
    from fundledger.people.key import read_key  # noqa: PLC0415 - heavy

    return vault_at(session, lambda: read_key(Path(key_file), session.office.root))


def vault_at(session: Session, key: Callable[[], VaultKey], *, new: bool = False) -> Vault:
    """Return the office's vault; a `new` one is made, and no key for one that is there."""
    from fundledger.people.vault import Vault  # noqa: PLC0415 - heavy

    office = session.office
    path = office.root / "private" / "people.vault"
    if new:
        Vault.expect_none(path)
    vault = Vault(path, key(), lambda: office.surroundings.now().isoformat(timespec="seconds"))
    if new:
        vault.create()
    return vault
