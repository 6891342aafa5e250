"""`fundledger reconcile`: the dedicated account against its statement (银行存款余额调节表)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import command, option
from fundledger.cli.options import formatted, fund

if TYPE_CHECKING:
    from fundledger.bank import Statement
    from fundledger.cli.session import Session
    from fundledger.findings import Finding
    from fundledger.reconcile import Adjustment

BANK = "Assets:Bank:Dedicated"


@command(
    "reconcile",
    zh="读银行导出的对账单（.xlsx、.xls、.csv），与账上专户逐笔核对，列出未达账项。\n"
    "能签字（无差额、无错误）时退出码为 0，否则为 1。只读，不入账。",
    en="Reads the bank's statement (.xlsx, .xls, .csv), matches it with the book line by line and "
    "lists what is open on either side.\n"
    "Exit code 0 if it can be signed: no difference and no error. Reads only.",
    examples=(
        "reconcile dibao --statement 对账单.xlsx",
        "reconcile dibao --statement 9月.csv --statement 10月.csv --xlsx out/调节表.xlsx",
    ),
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
@formatted
def reconcile(
    session: Session,
    fund: str,
    statements: tuple[str, ...],
    xlsx: str | None,
    encoding: str | None,
) -> None:
    """Reconcile a fund's dedicated account."""
    from fundledger.bank import read_statement  # noqa: PLC0415 - heavy
    from fundledger.cli.outputs import write_new  # noqa: PLC0415 - heavy
    from fundledger.errors import StatementInvalid  # noqa: PLC0415 - heavy
    from fundledger.reconcile import BookLine, Tolerance  # noqa: PLC0415 - heavy
    from fundledger.reconcile import reconcile as reconciled  # noqa: PLC0415 - heavy

    charter = session.charter(fund)
    read: list[Statement] = []
    wrong: list[Finding] = []
    for name in statements:
        try:
            read.append(read_statement(Path(name), encoding=encoding))
        except StatementInvalid as error:
            wrong += error.findings
    if wrong:
        raise StatementInvalid(wrong)
    end = max(statement.end for statement in read)
    book = [
        BookLine(voucher.date, voucher.ref, posting.signed_fen, voucher.narration)
        for voucher in session.vouchers(fund)
        for posting in voucher.postings
        if posting.account == BANK
    ]
    adjustment = reconciled(
        read,
        charter.fund.bank_account.number,
        book,
        sum(line.signed_fen for line in book if line.date <= end),
        fund=fund,
        tolerance=Tolerance(aged_days=charter.controls.aged_item_days),
    )
    if not adjustment.settled:
        session.exit_code = 1
    if session.tells:
        _tell(session, fund, adjustment)
    else:
        session.put(_plain(fund, adjustment))
    if xlsx is not None:
        write_new(Path(xlsx), _workbook(session, fund, adjustment))
        if session.tells:
            session.say(f"已写出 {xlsx}。", f"Wrote {xlsx}.")


def _workbook(session: Session, fund: str, adjustment: Adjustment) -> bytes:
    from fundledger.report.adjustment import Heading, adjustment_workbook  # noqa: PLC0415 - heavy

    charter = session.charter(fund)
    heading = Heading(
        session.office.charter.office.zh, charter.fund.zh, charter.fund.bank_account.bank
    )
    created = session.surroundings.clock().replace(tzinfo=None)
    return adjustment_workbook(adjustment, heading, created=created)


def _tell(session: Session, fund: str, adjustment: Adjustment) -> None:
    from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy
    from fundledger.reconcile import Kind  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    session.say(
        f"银行存款余额调节表　基金 {fund}　账号 {adjustment.account}　"
        f"{adjustment.start} 至 {adjustment.as_of}　单位：元",
        f"Bank reconciliation of {fund}, account {adjustment.account}, "
        f"{adjustment.start} to {adjustment.as_of}, in yuan",
    )
    columns = (
        Column(session.pick("项目", "item"), wraps=True),
        Column(session.pick("单位日记账", "book"), right=True),
        Column(session.pick("银行对账单", "bank"), right=True),
    )

    def sum_of(kind: Kind, sign: int) -> str:
        return display_fen(sign * sum(item.amount_fen for item in adjustment.of_kind(kind)))

    def named(kind: Kind) -> str:
        return session.pick(kind.zh, kind.en)

    rows = [
        (
            session.pick("余额", "balance"),
            display_fen(adjustment.book_fen),
            display_fen(adjustment.bank_fen),
        ),
        (named(Kind.BANK_IN), sum_of(Kind.BANK_IN, 1), ""),
        (named(Kind.BANK_OUT), sum_of(Kind.BANK_OUT, -1), ""),
        (named(Kind.BOOK_IN), "", sum_of(Kind.BOOK_IN, 1)),
        (named(Kind.BOOK_OUT), "", sum_of(Kind.BOOK_OUT, -1)),
    ]
    total = (
        session.pick("调节后余额", "adjusted"),
        display_fen(adjustment.adjusted_book_fen),
        display_fen(adjustment.adjusted_bank_fen),
    )
    session.table(columns, rows, total)
    difference = display_fen(adjustment.difference_fen)
    session.say(f"差额 {difference}", f"Difference {difference}")
    _items(session, adjustment)
    session.lines(told(adjustment.findings, session, err=False))


def _items(session: Session, adjustment: Adjustment) -> None:
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    if not adjustment.items:
        return
    columns = (
        Column(session.pick("未达账项", "open item")),
        Column(session.pick("日期", "date")),
        Column(session.pick("凭证或对账单行", "voucher or row"), wraps=True),
        Column(session.pick("摘要", "text"), wraps=True),
        Column(session.pick("天数", "days"), right=True),
        Column(session.pick("金额", "amount"), right=True),
    )
    rows = [
        (
            session.pick(item.kind.zh, item.kind.en),
            item.date.isoformat(),
            item.ref,
            item.text,
            str(item.age_days),
            display_fen(item.amount_fen),
        )
        for item in adjustment.items
    ]
    session.lines([""])
    session.table(columns, rows)


def _plain(fund: str, adjustment: Adjustment) -> dict[str, Any]:
    return {
        "fund": fund,
        "account": adjustment.account,
        "start": adjustment.start.isoformat(),
        "as_of": adjustment.as_of.isoformat(),
        "statements": list(adjustment.digests),
        "book_fen": adjustment.book_fen,
        "bank_fen": adjustment.bank_fen,
        "adjusted_book_fen": adjustment.adjusted_book_fen,
        "adjusted_bank_fen": adjustment.adjusted_bank_fen,
        "difference_fen": adjustment.difference_fen,
        "settled": adjustment.settled,
        "matched": len(adjustment.matches),
        "items": [
            {
                "kind": item.kind.value,
                "date": item.date.isoformat(),
                "ref": item.ref,
                "candidates": list(item.candidates),
                "text": item.text,
                "age_days": item.age_days,
                "amount_fen": item.amount_fen,
            }
            for item in adjustment.items
        ],
        "findings": [finding.as_json() for finding in adjustment.findings],
    }
