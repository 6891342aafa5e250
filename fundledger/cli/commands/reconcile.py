"""`fundledger reconcile`: the dedicated account against its statement (银行存款余额调节表)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.cli.framework import command, option
from fundledger.cli.kinds import COUNT
from fundledger.cli.options import acting, fund
from fundledger.cli.vaults import expect_staff, key_file, opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fundledger.bank import Statement
    from fundledger.cli.session import Session
    from fundledger.findings import Finding
    from fundledger.fund import Fund
    from fundledger.ledger.plan import Receipt
    from fundledger.reconcile import Adjustment, Identity, Known, Trial
    from fundledger.report.adjustment import Signature

_PURPOSE = "与对账单核对收款人"


@command(
    "reconcile",
    zh="读银行导出的对账单（.xlsx、.xls、.csv），与账上专户逐笔核对，列出未达账项；上次签字的\n"
    "调节表中的未达账项自动转入。不写 --sign 时只读，不入账。\n"
    "--sign 显示后把签字的调节表记入日记账，同时登记对账单余额；有差额或错误时拒绝。\n"
    "能签字（无差额、无错误）时退出码为 0，否则为 1。",
    en="Reads the bank's statement (.xlsx, .xls, .csv), matches it with the book line by line and "
    "lists what is open on either side; open items that were signed last time are carried in. "
    "Without --sign it reads only.\n"
    "--sign records the signed reconciliation after showing it, and with it the statement's "
    "balance; refused while there is a difference or an error.\n"
    "Exit code 0 if it can be signed: no difference and no error.",
    examples=(
        "reconcile dibao --statement 对账单.xlsx",
        "reconcile dibao --statement 9月.csv --statement 10月.csv --xlsx out/调节表.xlsx",
        "reconcile dibao --statement 10月.csv --sign --by S01 --dry-run",
    ),
    acts_with="--sign",
)
@fund
@option(
    "--statement",
    "statements",
    multiple=True,
    metavar="FILE",
    needed=True,
    zh="银行对账单文件",
    en="the bank's statement",
)
@option(
    "--xlsx",
    metavar="FILE",
    zh="另将调节表写成 .xlsx，已有的文件不覆盖",
    en="write the form as .xlsx too; an existing file is not overwritten",
)
@option(
    "--encoding",
    metavar="NAME",
    zh="文本对账单的编码，自动识别不了时写",
    en="the encoding of a text statement, where it is not found out",
)
@option("--sign", is_flag=True, zh="签字，记入日记账", en="sign it, into the journal")
@option(
    "--by",
    "actor",
    metavar="STAFF",
    zh="签字人的岗位代码，出纳不得签字；与 --key-file 同用时，也是查阅收款人户名的人",
    en="who signs, by staff code, never the cashier; with --key-file, also who reads the payees' "
    "names in the vault",
)
@key_file(needed=False)
@option(
    "--replaces",
    type=COUNT,
    metavar="RECORD",
    zh="所更替的签字调节表的记录号，其后签字的一并作废",
    en="the record of a signed one whose place it takes, with all signed after it",
)
@acting
def reconcile(  # noqa: PLR0913 - as many as the command has options
    session: Session,
    *,
    fund: str,
    statements: tuple[str, ...],
    xlsx: str | None,
    encoding: str | None,
    sign: bool,
    actor: str | None,
    key_file: str | None,
    replaces: int | None,
    key: str | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Reconcile a fund's dedicated account."""
    from fundledger.cli.outputs import expect_new, write_new  # noqa: PLC0415 - heavy
    from fundledger.cli.reconciled import plain, tell  # noqa: PLC0415 - heavy
    from fundledger.reconcile import try_out  # noqa: PLC0415 - heavy

    if sign and not actor:
        session.wrong_once("FL922", "--by")
    if not sign and any(((actor and not key_file), key, dry_run, yes)):
        session.wrong_once("FL922", "--sign")
    _expect_reader(session, actor, key_file)
    session.refuse_wrong()
    session.charter(fund)
    if xlsx is not None:
        expect_new(Path(xlsx))
    known = _known(session, key_file, actor) if key_file else None
    trial = try_out(session.fund(fund), _read(statements, encoding), replaces=replaces, known=known)
    _expect_own(trial)
    trial = replace(trial, identities=(*trial.identities, *_mirrored(session, fund)))
    if not trial.adjustment.settled:
        session.exit_code = 1
    if session.tells:
        tell(session, fund, trial)
    elif not sign:
        session.put(plain(fund, trial))
    receipt = None
    if sign:
        receipt = _sign(session, fund, trial, str(actor), key=key, dry_run=dry_run, yes=yes)
    if xlsx is not None:
        signature = _signature(session, fund, trial, receipt)
        write_new(Path(xlsx), _workbook(session, fund, trial.adjustment, signature))
        if session.tells:
            session.say(f"已写出 {xlsx}。", f"Wrote {xlsx}.")


def _mirrored(session: Session, fund: str) -> Iterator[Identity]:
    """Yield R9, for the other funds that this one's book names."""
    from fundledger.ledger.chart import DUE_FROM_FUND, DUE_TO_FUND  # noqa: PLC0415 - heavy
    from fundledger.reconcile import mirrored  # noqa: PLC0415 - heavy

    books = session.books(fund)
    named = {
        name.rpartition(":")[2]
        for name in books.account_names()
        if name.startswith((DUE_FROM_FUND, DUE_TO_FUND)) and books.fen(name)
    }
    others = {
        component: session.books(other)
        for other, component in session.charter(fund).funds.items()
        if component in named
    }
    yield from mirrored(books, others)


def _expect_reader(session: Session, actor: str | None, key_file: str | None) -> None:
    if actor and key_file:
        expect_staff(session, actor)


def _known(session: Session, key_file: str, actor: str | None) -> Known:
    """Return what the vault knows of payees: accounts, and names where it is said who asks.

    Raises:
        VaultClosed: the vault cannot be opened.

    """
    from fundledger.reconcile import Known  # noqa: PLC0415 - heavy

    vault = opened(session, key_file)
    account_of = vault.pseudonyms().account
    if not actor:
        return Known(account_of)

    def holders_of(people: Iterable[str]) -> dict[str, str]:
        found = vault.read(people, actor=actor, purpose=_PURPOSE)
        return {
            name: person.accounts[-1].holder for name, person in found.items() if person.accounts
        }

    return Known(account_of, holders_of)


def _expect_own(trial: Trial) -> None:
    """Refuse another account's statement: no comparison with the fund's book means anything.

    Raises:
        StatementInvalid: FL850.

    """
    from fundledger.errors import StatementInvalid  # noqa: PLC0415 - heavy

    strange = [finding for finding in trial.adjustment.findings if finding.code == "FL850"]
    if strange:
        raise StatementInvalid(strange)


def _read(names: Sequence[str], encoding: str | None) -> list[Statement]:
    from fundledger.bank import read_statement  # noqa: PLC0415 - heavy
    from fundledger.errors import StatementInvalid  # noqa: PLC0415 - heavy

    read: list[Statement] = []
    wrong: list[Finding] = []
    for name in names:
        try:
            read.append(read_statement(Path(name), encoding=encoding))
        except StatementInvalid as error:
            wrong += error.findings
    if wrong:
        raise StatementInvalid(wrong)
    return read


def _sign(  # noqa: PLR0913 - what is signed, and by keyword how
    session: Session,
    fund_id: str,
    trial: Trial,
    actor: str,
    *,
    key: str | None,
    dry_run: bool,
    yes: bool,
) -> Receipt | None:
    from fundledger.cli.acting import carry_out  # noqa: PLC0415 - heavy
    from fundledger.cli.reconciled import plain  # noqa: PLC0415 - heavy
    from fundledger.reconcile import sign  # noqa: PLC0415 - heavy

    def act(fund: Fund, key: str) -> Receipt:
        return sign(fund, trial, actor=actor, key=key)

    return carry_out(
        session,
        fund_id,
        act,
        key=key or trial.key,
        dry_run=dry_run,
        yes=yes,
        more={"reconciliation": plain(fund_id, trial)},
        question=("确认签字？", "Sign this?"),
    )


def _signature(
    session: Session, fund: str, trial: Trial, receipt: Receipt | None
) -> Signature | None:
    """Return who signed it and the record that it became, now or before."""
    from fundledger.ledger.asserted import reconciliation  # noqa: PLC0415 - heavy
    from fundledger.report.adjustment import Signature  # noqa: PLC0415 - heavy

    signed = trial.signed
    if receipt is not None:
        signed = reconciliation(session.books(fund), receipt.sequence)
    if signed is None:
        return None
    titles = {staff.code: staff.title_zh for staff in session.charter(fund).staff}
    title = titles.get(signed.actor, "")
    return Signature(f"{signed.actor} {title}".strip(), signed.at[:10], signed.sequence)


def _workbook(
    session: Session, fund: str, adjustment: Adjustment, signature: Signature | None
) -> bytes:
    from fundledger.report.adjustment import Heading, adjustment_workbook  # noqa: PLC0415 - heavy

    charter = session.charter(fund)
    heading = Heading(
        session.office.charter.office.zh, charter.fund.zh, charter.fund.bank_account.bank
    )
    created = session.surroundings.clock().replace(tzinfo=None)
    return adjustment_workbook(adjustment, heading, created=created, signature=signature)
