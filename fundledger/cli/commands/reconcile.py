"""`fundledger reconcile`: the dedicated account against its statement (银行存款余额调节表)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.cli.framework import command, option
from fundledger.cli.kinds import COUNT
from fundledger.cli.options import acting, fund
from fundledger.cli.vaults import key_file
from fundledger.cli.wrong_file import given_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fundledger.bank import Statement
    from fundledger.bankfile import Expected
    from fundledger.cli.session import Session
    from fundledger.findings import Finding
    from fundledger.fund import Fund
    from fundledger.ledger.plan import Receipt
    from fundledger.reconcile import Trial
    from fundledger.report.adjustment import Heading, Signature


@command(
    "reconcile",
    zh="读银行导出的对账单（.xlsx、.xls、.csv、camt.053），与账上专户逐笔核对，列出未达账项；上次签字的\n"
    "调节表中的未达账项自动转入。不写 --sign 时只读，不入账。\n"
    "--sign 显示后把签字的调节表记入日记账，同时登记对账单余额；有差额或错误时拒绝。\n"
    "能签字（无差额、无错误）时退出码为 0，否则为 1。",
    en="Reads the bank's statement (.xlsx, .xls, .csv, camt.053), matches it with the book line by "
    "line and lists what is open on either side; open items that were signed last time are "
    "carried in. Without --sign it reads only.\n"
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
    "--html",
    metavar="FILE",
    zh="另将调节表写成网页，可打印，已有的文件不覆盖",
    en="write the form as a page to print too; an existing file is not overwritten",
)
@option(
    "--encoding",
    metavar="NAME",
    zh="文本对账单的编码，自动识别不了时写",
    en="the encoding of a text statement, where it is not found out",
)
@option(
    "--decide",
    "decisions",
    multiple=True,
    metavar="FILE:ROW=LINE",
    zh="指认对账单的一行是哪个发放行，不是发放的写 -；签字时一并记入，以后不再问",
    en="say which line a row of the statement pays, or - for none; it is kept with the signature",
)
@option(
    "--bank",
    metavar="NAME",
    zh="对账单的银行格式，rules/banks.toml 中 [[statement]] 的 bank 或 id；不写时按专户开户行",
    en="the bank's layout, by bank or id of a [[statement]] in rules/banks.toml; else that of the "
    "fund's bank",
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
    html: str | None,
    encoding: str | None,
    decisions: tuple[str, ...],
    bank: str | None,
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
    from fundledger.cli.reconciling import (  # noqa: PLC0415 - heavy
        decided_of,
        expect_reader,
        known_by,
        mirrored_in,
        with_paths,
    )
    from fundledger.reconcile import try_out  # noqa: PLC0415 - heavy

    if sign and not actor:
        session.wrong_once("FL922", "--by")
    if not sign and any(((actor and not key_file), key, dry_run, yes)):
        session.wrong_once("FL922", "--sign")
    expect_reader(session, actor, key_file)
    session.refuse_wrong()
    session.charter(fund)
    written = [path for path in (xlsx, html) if path is not None]
    for path in written:
        expect_new(Path(path))
    expected = _expected(session, fund, bank)
    with given_as("statement", session, fund, statements):
        read = _read(statements, encoding, expected)
    trial = try_out(
        session.fund(fund),
        read,
        replaces=replaces,
        known=known_by(session, key_file, actor),
        decided=decided_of(decisions, read),
    )
    _expect_own(trial)
    trial = with_paths(trial, statements)
    trial = replace(trial, identities=(*trial.identities, *mirrored_in(session, fund)))
    if not trial.adjustment.settled:
        session.exit_code = 1
    if session.tells:
        tell(session, fund, trial)
    elif not sign:
        session.put(plain(session, fund, trial))
    receipt = None
    if sign:
        receipt = _sign(session, fund, trial, str(actor), key=key, dry_run=dry_run, yes=yes)
    signature = _signature(session, fund, trial, receipt) if written else None
    for path in written:
        make = _workbook if path == xlsx else _page
        write_new(Path(path), make(session, fund, trial, signature))
        if session.tells:
            session.say(f"已写出 {path}。", f"Wrote {path}.")


def _expect_own(trial: Trial) -> None:
    """Refuse another account's statement: no comparison with the fund's book means anything.

    Raises:
        StatementInvalid: FL850.

    """
    from fundledger.errors import StatementInvalid  # noqa: PLC0415 - heavy

    strange = [finding for finding in trial.adjustment.findings if finding.code == "FL850"]
    if strange:
        raise StatementInvalid(strange)


def _expected(session: Session, fund: str, bank: str | None) -> Expected:
    """Return how the statement is laid out: as `bank` has it, or else the fund's own bank."""
    from fundledger.bankfile import load_layouts  # noqa: PLC0415 - heavy

    layouts = load_layouts(session.office.root / "rules")
    if bank is not None:
        return layouts.named(bank)
    return layouts.of_bank(session.charter(fund).fund.bank_account.bank)


def _read(names: Sequence[str], encoding: str | None, expected: Expected) -> list[Statement]:
    from fundledger.bank import read_statement  # noqa: PLC0415 - heavy
    from fundledger.errors import StatementInvalid  # noqa: PLC0415 - heavy

    read: list[Statement] = []
    wrong: list[Finding] = []
    for name in names:
        try:
            read.append(
                read_statement(
                    Path(name),
                    encoding=encoding,
                    layouts=expected.layouts,
                    binding=expected.binding,
                )
            )
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
        more={"reconciliation": plain(session, fund_id, trial)},
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


def _workbook(session: Session, fund: str, trial: Trial, signature: Signature | None) -> bytes:
    from fundledger.report.adjustment import adjustment_workbook  # noqa: PLC0415 - heavy

    created = session.surroundings.clock().replace(tzinfo=None)
    heading = _heading(session, fund)
    return adjustment_workbook(trial.adjustment, heading, created=created, signature=signature)


def _page(session: Session, fund: str, trial: Trial, signature: Signature | None) -> bytes:
    from fundledger.report.adjustment_page import adjustment_page  # noqa: PLC0415 - heavy

    identities = trial.identities if trial.payments is not None else ()
    page = adjustment_page(
        trial.adjustment,
        _heading(session, fund),
        signature=signature,
        identities=identities,
    )
    return page.encode()


def _heading(session: Session, fund: str) -> Heading:
    from fundledger.report.adjustment import Heading  # noqa: PLC0415 - heavy

    charter = session.charter(fund)
    account = charter.fund.bank_account
    return Heading(session.office.charter.office.zh, charter.fund.zh, account.bank)
