"""`fundledger vault change`: what is another of somebody from now on, by whom, what for."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import command, option
from fundledger.cli.options import formatted
from fundledger.cli.vaults import expect_staff, key_file, opened

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.people.person import Change, Person

_PHONE = re.compile(r"\+?\d{7,15}", re.ASCII)
_LONGEST_TEXT = 100
_ASK = "-"
_LIVING = frozenset({"无", "none"})
_WORDS = {
    "name": ("姓名", "name"),
    "account": ("收款账号", "account"),
    "holder": ("户名", "holder"),
    "bank": ("开户行", "bank"),
    "phone": ("电话", "phone"),
    "died": ("死亡日期", "day of death"),
}
_FIELDS = tuple(_WORDS)


@command(
    "vault change",
    zh="更改保险库中一个人的姓名、收款账号、户名、开户行或电话；原来的姓名和账号仍保留备查。谁、何时、为何、"
    "改了哪一项，先记入查阅记录。姓名或账户在批准之后改动的，该笔不再生成送盘文件（FL714、FL791）。\n"
    "--died 登记死亡日期：次月起的款项不能列入清单，死亡之后不能再送银行（FL709）；"
    "登记错的，写 无 撤去。\n"
    "值写作 - 的，执行时再输入，不留在命令历史里。",
    en="Changes the name, the account, its holder or bank, or the phone of somebody in the vault; "
    "what was before stays known. Who changes what and what for is in the log of reads first. "
    "What was changed after an approval is not sent to the bank any more (FL714, FL791).\n"
    "--died enters the day of death: nothing is listed for the months after it, nothing is sent "
    "to the bank after the day (FL709); none takes it back where it was wrong.\n"
    "A value of - is asked for, so that it does not stay in the shell's history.",
    examples=(
        "vault change --person P-YWMA6GEPTTLC --name 甲大乙 --by S03 --purpose 户口簿更名",
        "vault change --person P-YWMA6GEPTTLC --bank 某银行 --by S03 --purpose 更正开户行 -n",
        "vault change --person P-YWMA6GEPTTLC --died 2026-03-05 --by S03 --purpose 殡葬信息比对",
    ),
)
@option("--person", metavar="P-…", needed=True, zh="本人的化名", en="the person's pseudonym")
@option("--name", metavar="NAME", zh="新的姓名", en="the new name")
@option("--account", metavar="NUMBER", zh="新的收款账号", en="the new account")
@option(
    "--holder",
    metavar="NAME",
    zh="收款户名；换账号而不写的，为本人",
    en="the account's holder; of a new account the person, if not said",
)
@option("--bank", metavar="NAME", zh="开户行", en="the account's bank")
@option("--phone", metavar="NUMBER", zh="电话", en="the phone")
@option(
    "--died", metavar="DAY", zh="死亡日期；写 无 为撤去", en="the day of death; none takes it back"
)
@option(
    "--by",
    "actor",
    metavar="STAFF",
    needed=True,
    zh="更改人的岗位代码",
    en="who changes it, by staff code",
)
@option("--purpose", metavar="TEXT", needed=True, zh="更改的依据", en="on what grounds")
@key_file(needed=True)
@option(
    "-n",
    "--dry-run",
    is_flag=True,
    zh="只显示更改后的样子，不写入保险库；查阅照样记录",
    en="show how it would be and write nothing into the vault; the read is in the log",
)
@option("--yes", is_flag=True, zh="在终端上不再询问", en="do not ask on a terminal")
@formatted
def change(session: Session, **given: Any) -> None:  # noqa: ANN401 - the values of options
    """Change what the vault knows of somebody."""
    from fundledger.cli.acting import agreed, asks  # noqa: PLC0415 - heavy
    from fundledger.errors import VaultClosed  # noqa: PLC0415 - heavy
    from fundledger.findings import Finding  # noqa: PLC0415 - heavy
    from fundledger.people.person import changed  # noqa: PLC0415 - heavy

    _expect_person(session, given["person"])
    expect_staff(session, given["actor"])
    session.refuse_wrong()
    wanted = _wanted(session, given)
    name, actor = given["person"], given["actor"]
    logged = {"actor": actor, "purpose": given["purpose"]}
    at = session.surroundings.now().isoformat(timespec="seconds")
    vault = opened(session, given["key_file"])
    before = vault.read([name], **logged).get(name)
    if before is None:
        raise VaultClosed(Finding("FL713", name))
    if wanted.of_account and wanted.account is None and not before.accounts:
        session.lacks("--account")
        session.refuse_wrong()
    after = changed(before, wanted, at=at, by=actor)
    if after.died and not _may_have_died(session, after):
        session.wrong_once("FL708", "--died")
        session.refuse_wrong()
    told = _Told(session, name, before, after)
    if not told.fields:
        raise VaultClosed(Finding("FL716", name))
    told.show()
    asked = asks(session, yes=given["yes"]) and not given["dry_run"]
    if asked and not agreed(session, ("更改保险库？", "Change the vault?")):
        return
    if not given["dry_run"]:
        vault.change(name, lambda known: changed(known, wanted, at=at, by=actor), **logged)
    told.outcome(written=not given["dry_run"])


def _expect_person(session: Session, text: str) -> None:
    """Refuse what is no pseudonym of a person, without repeating it."""
    from fundledger.people import is_pseudonym  # noqa: PLC0415 - heavy

    if not is_pseudonym(text) or not text.startswith("P-"):
        details = {"text": f"… ({len(text)})", "allowed": "P-[A-Z2-7]{12}"}
        session.wrong_once("FL923", "--person", details)


def _wanted(session: Session, given: dict[str, Any]) -> Change:
    """Return what is to be changed, each value of its form; what is wrong is never repeated."""
    from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy
    from fundledger.people import read_account  # noqa: PLC0415 - heavy
    from fundledger.people.names import is_name  # noqa: PLC0415 - heavy
    from fundledger.people.person import Change  # noqa: PLC0415 - heavy
    from fundledger.people.plain import plain_number  # noqa: PLC0415 - heavy

    said = {field: _asked(session, field, given[field]) for field in _FIELDS}
    if all(value is None for value in said.values()):
        session.lacks(" / ".join(f"--{field}" for field in _FIELDS))
    for field in ("name", "holder"):
        if said[field] is not None and not is_name(said[field] or ""):
            session.wrong_once("FL733", f"--{field}")
    bank, phone, account = said["bank"], said["phone"], said["account"]
    if bank is not None and not (bank.isprintable() and 0 < len(bank.strip()) <= _LONGEST_TEXT):
        session.wrong_once("FL733", "--bank")
    if phone is not None:
        said["phone"] = phone = plain_number(phone)
        if not _PHONE.fullmatch(phone):
            session.wrong_once("FL715", "--phone", {"length": len(phone)})
    if said["died"] is not None:
        said["died"] = _day_of_death(session, said["died"].strip())
    if account is not None:
        read = read_account(account, subject="--account")
        said["account"] = read.number
        wrong = [finding for finding in read.findings if finding.gates]
        session.wrong(wrong)
        if session.tells and not wrong:
            session.lines(told(read.findings, session, err=False))
    session.refuse_wrong()
    return Change(**{field: value and value.strip() for field, value in said.items()})


def _day_of_death(session: Session, text: str) -> str:
    """Return a day as it is kept, empty for the living; what is none is noted in the session."""
    if text in _LIVING:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        session.wrong_once("FL708", "--died")
        return ""


def _may_have_died(session: Session, person: Person) -> bool:
    """Whether the day of death has come, and not before the birth where the number tells it."""
    born = person.identity.born
    earliest = born.isoformat() if born is not None else ""
    return earliest <= person.died <= session.today.isoformat()


def _asked(session: Session, field: str, value: str | None) -> str | None:
    """Return a value, asked for now where `-` stands in its place."""
    if value != _ASK:
        return value
    import click  # noqa: PLC0415 - as the program does

    return str(click.prompt(session.pick(*_WORDS[field]), err=True))


class _Told:
    """A change of somebody as it is told: what differs, masked, and what is doubtful about it."""

    def __init__(self, session: Session, name: str, before: Person, after: Person) -> None:
        from fundledger.findings import Finding  # noqa: PLC0415 - heavy
        from fundledger.people import same_name  # noqa: PLC0415 - heavy

        was, now = _values(before), _values(after)
        self.fields = [field for field in _FIELDS if was[field] != now[field]]
        self._session = session
        self._name = name
        self._was, self._now = _masked(was), _masked(now)
        other = now["holder"] and not same_name(now["holder"], now["name"])
        self._notes = [Finding("FL739", name)] if other else []

    def show(self) -> None:
        """Show what changes, on a screen."""
        from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy
        from fundledger.report.table import Column  # noqa: PLC0415 - heavy

        session = self._session
        if not session.tells:
            return
        columns = (
            Column(session.pick("项目", "what")),
            Column(session.pick("原为", "was")),
            Column(session.pick("改为", "is now")),
        )
        session.table(
            columns,
            [
                (session.pick(*_WORDS[field]), self._was[field] or "-", self._now[field] or "-")
                for field in self.fields
            ],
        )
        session.lines(told(self._notes, session, err=False))

    def outcome(self, *, written: bool) -> None:
        """Tell what came of it: on a screen in a sentence, else as JSON."""
        session = self._session
        if not session.tells:
            session.put(
                {
                    "person": self._name,
                    "changed": self.fields,
                    "before": {field: self._was[field] for field in self.fields},
                    "after": {field: self._now[field] for field in self.fields},
                    "written": written,
                    "findings": [finding.as_json() for finding in self._notes],
                }
            )
        elif written:
            session.say(f"已更改 {self._name}。", f"Changed {self._name}.")
        else:
            session.say("演练：未写入任何内容。", "Dry run: nothing was written.")


def _values(person: Person) -> dict[str, str]:
    account = person.accounts[-1] if person.accounts else None
    return {
        "name": person.name,
        "account": account.number if account else "",
        "holder": account.holder if account else "",
        "bank": account.bank if account else "",
        "phone": person.phone,
        "died": person.died,
    }


def _masked(values: dict[str, str]) -> dict[str, str]:
    from fundledger.people import mask_account, mask_name, mask_phone  # noqa: PLC0415 - heavy

    return {
        **values,
        "name": mask_name(values["name"]),
        "account": values["account"] and mask_account(values["account"]),
        "holder": values["holder"] and mask_name(values["holder"]),
        "phone": values["phone"] and mask_phone(values["phone"]),
    }
