"""`fundledger ledger`: the entries of one account with its running balance (明细账)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fundledger.cli.framework import argument, command
from fundledger.cli.options import days, expect_days, formatted, fund

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.ledger.voucher import Posting, Voucher

    Entry = tuple[Voucher, Posting]
    Row = tuple[Voucher, Posting, int]


@command(
    "ledger",
    zh="余额旁注明方向：借、贷、平；起始日之前的合为期初余额。",
    en="Beside each balance stands its side: Dr, Cr, nil; what was before the first day is the "
    "opening.",
    examples=(
        "ledger dibao Assets:Bank:Dedicated",
        "ledger dibao 专户存款 --from 2026-03-01 --to 2026-03-31",
    ),
)
@fund
@argument(
    "account",
    zh="科目全名、编码或名称，例如 1002 或 专户存款",
    en="an account's full name, code or title, such as 1002",
)
@days
@formatted
def ledger(
    session: Session, *, fund: str, account: str, first: date | None, last: date | None
) -> None:
    """Show the entries of one account."""
    expect_days(session, first, last)
    chart = session.chart(fund)
    entries = sorted(
        ((v, p) for v in session.vouchers(fund) for p in v.postings),
        key=lambda entry: (entry[0].date, entry[0].ref),
    )
    name = session.account(fund, account, "ACCOUNT", {p.account for _, p in entries})
    opening_fen, rows = _running(
        [entry for entry in entries if entry[1].account == name], first, last
    )
    if session.tells:
        _tell(session, fund, name, opening_fen, rows)
        return
    session.put(
        {
            "fund": fund,
            "account": name,
            "code": chart.code(name),
            "title": chart.title(name),
            "name_zh": chart.names(name)[0],
            "name_en": chart.names(name)[1],
            "from": first.isoformat() if first else None,
            "to": last.isoformat() if last else None,
            "opening_fen": opening_fen,
            "entries": [
                {
                    "voucher": voucher.ref,
                    "date": voucher.date.isoformat(),
                    "narration": voucher.narration,
                    "side": posting.side,
                    "amount_fen": posting.amount_fen,
                    "balance_fen": balance_fen,
                }
                for voucher, posting, balance_fen in rows
            ],
            "balance_fen": rows[-1][2] if rows else opening_fen,
        }
    )


def _running(entries: list[Entry], first: date | None, last: date | None) -> tuple[int, list[Row]]:
    opening_fen = 0
    balance_fen = 0
    rows = []
    for voucher, posting in entries:
        if last is not None and voucher.date > last:
            break
        balance_fen += posting.signed_fen
        if first is not None and voucher.date < first:
            opening_fen = balance_fen
        else:
            rows.append((voucher, posting, balance_fen))
    return opening_fen, rows


def _tell(session: Session, fund: str, name: str, opening_fen: int, rows: list[Row]) -> None:
    from fundledger.cli.figures import side_of  # noqa: PLC0415 - heavy
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy
    from fundledger.report.paper import full_title  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    title = full_title(session.chart(fund), name, session.language)
    session.say(
        f"明细账　基金 {fund}　科目 {title}（{name}）　单位：元",
        f"Ledger of {title} ({name}), fund {fund}, in yuan",
    )
    columns = (
        Column(session.pick("日期", "date")),
        Column(session.pick("凭证号", "voucher")),
        Column(session.pick("摘要", "narration"), wraps=True),
        Column(session.pick("借方", "debit"), right=True),
        Column(session.pick("贷方", "credit"), right=True),
        Column(session.pick("方向", "side")),
        Column(session.pick("余额", "balance"), right=True),
    )
    body = [
        (
            "",
            "",
            session.pick("期初余额", "opening"),
            "",
            "",
            side_of(opening_fen, session.language),
            display_fen(abs(opening_fen)),
        )
    ]
    sums = {"debit": 0, "credit": 0}
    for voucher, posting, balance_fen in rows:
        figure = display_fen(posting.amount_fen)
        sums[posting.side] += posting.amount_fen
        body.append(
            (
                voucher.date.isoformat(),
                voucher.ref,
                voucher.narration,
                figure if posting.side == "debit" else "",
                figure if posting.side == "credit" else "",
                side_of(balance_fen, session.language),
                display_fen(abs(balance_fen)),
            )
        )
    last_fen = rows[-1][2] if rows else opening_fen
    total = (
        "",
        "",
        session.pick("合计", "total"),
        display_fen(sums["debit"]),
        display_fen(sums["credit"]),
        side_of(last_fen, session.language),
        display_fen(abs(last_fen)),
    )
    session.table(columns, body, total)
