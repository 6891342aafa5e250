"""`fundledger journal`: vouchers in order of time (序时账), or the records of the journal."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import command, option
from fundledger.cli.options import days, expect_days, formatted, fund

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.ledger.record import Record
    from fundledger.ledger.voucher import Voucher


_KINDS = {
    "charter": "规则",
    "voucher": "记账",
    "assertion": "余额核对",
    "reconciliation": "银行对账",
    "close": "月结",
    "year-end": "年结",
    "loss": "认定丢失",
    "batch": "发放批次",
    "budget-stage": "预算阶段",
}


@command(
    "journal",
    zh="按日期与凭证号列出全部凭证；--records 按入账先后列出日记账的每条记录。",
    en="Lists all vouchers by date and number; with --records, the journal's records in the order "
    "in which they were made.",
    examples=("journal dibao --from 2026-03-01 --to 2026-03-31", "journal dibao --records"),
)
@fund
@days
@option("--records", is_flag=True, zh="列出日记账记录", en="list the journal's records")
@formatted
def journal(
    session: Session,
    *,
    fund: str,
    first: date | None,
    last: date | None,
    records: bool,
) -> None:
    """Show the vouchers of a fund, or its records."""
    expect_days(session, first, last)
    since, until = first or date.min, last or date.max
    if records:
        found = [
            record
            for record in session.records(fund)
            if since.isoformat() <= record.at[:10] <= until.isoformat()
        ]
        _records(session, fund, found)
        return
    vouchers = sorted(
        (v for v in session.vouchers(fund) if since <= v.date <= until),
        key=lambda voucher: (voucher.date, voucher.ref),
    )
    if session.tells:
        _vouchers(session, fund, vouchers)
        return
    from fundledger.cli.acting import voucher_values  # noqa: PLC0415 - heavy

    session.put({"fund": fund, "vouchers": [voucher_values(voucher) for voucher in vouchers]})


def _vouchers(session: Session, fund: str, vouchers: list[Voucher]) -> None:
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy
    from fundledger.report.paper import account_title  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    chart = session.chart(fund)
    session.say(f"序时账　基金 {fund}　单位：元", f"Vouchers in order, fund {fund}, in yuan")
    columns = (
        Column(session.pick("日期", "date")),
        Column(session.pick("凭证号", "voucher")),
        Column(session.pick("摘要", "narration"), wraps=True),
        Column(session.pick("科目", "account"), wraps=True),
        Column(session.pick("借方", "debit"), right=True),
        Column(session.pick("贷方", "credit"), right=True),
    )
    rows = []
    sums = {("CNY", "debit"): 0, ("CNY", "credit"): 0}
    for voucher in vouchers:
        for number, posting in enumerate(voucher.postings):
            key = (posting.commodity, posting.side)
            if key in sums:
                sums[key] += posting.amount_fen
            figure = display_fen(posting.amount_fen)
            title = account_title(chart, posting.account, session.language)
            rows.append(
                (
                    "" if number else voucher.date.isoformat(),
                    "" if number else voucher.ref,
                    "" if number else voucher.narration,
                    title
                    if posting.commodity == "CNY"
                    else f"[{session.pick('预算', 'CNYB')}] {title}",
                    figure if posting.side == "debit" else "",
                    figure if posting.side == "credit" else "",
                )
            )
    total = (
        "",
        "",
        session.pick("资金合计（不含指标）", "total of the money (CNY)"),
        "",
        display_fen(sums["CNY", "debit"]),
        display_fen(sums["CNY", "credit"]),
    )
    session.table(columns, rows, total)


def _records(session: Session, fund: str, records: list[Record]) -> None:
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    if not session.tells:
        session.put({"fund": fund, "records": [_plain(record) for record in records]})
        return
    session.say(f"日记账记录　基金 {fund}", f"Records of the journal, fund {fund}")
    columns = (
        Column(session.pick("序号", "record"), right=True),
        Column(session.pick("入账时间", "at")),
        Column(session.pick("岗位", "by")),
        Column(session.pick("种类", "kind")),
        Column(session.pick("凭证", "vouchers"), wraps=True),
        Column(session.pick("键", "key"), wraps=True),
    )
    rows = [
        (
            str(record.sequence),
            record.at,
            record.actor,
            session.pick(_KINDS.get(record.kind, record.kind), record.kind),
            " ".join(voucher.ref for voucher in record.vouchers) or "-",
            record.key or "-",
        )
        for record in records
    ]
    session.table(columns, rows)


def _plain(record: Record) -> dict[str, Any]:
    from fundledger.cli.acting import voucher_values  # noqa: PLC0415 - heavy

    return {
        "sequence": record.sequence,
        "at": record.at,
        "actor": record.actor,
        "kind": record.kind,
        "key": record.key,
        "request": record.request,
        "body": record.body,
        "vouchers": [voucher_values(voucher) for voucher in record.vouchers],
    }
