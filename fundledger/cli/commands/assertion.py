"""`fundledger assert`: what a statement says an account held at the end of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundledger.cli.framework import command, option
from fundledger.cli.kinds import DAY, SIGNED_AMOUNT
from fundledger.cli.options import acting, fund

if TYPE_CHECKING:
    from datetime import date

    from fundledger.cli.session import Session
    from fundledger.fund import Fund
    from fundledger.ledger.store import Receipt


@command(
    "assert",
    zh="不论账面是否相符都会登记；check 逐条列出相符与否及差额。",
    en="It is recorded whether the books agree or not; check shows each as held or off, and by "
    "how much.",
    examples=("assert dibao --amount 22000.00 --date 2026-03-31 --by S01 --document 对账单.xlsx",),
)
@fund
@option(
    "--amount",
    "amount_fen",
    type=SIGNED_AMOUNT,
    metavar="YUAN",
    needed=True,
    zh="对账单上的日终余额（元）",
    en="the balance on the statement, in yuan",
)
@option(
    "--date",
    "day",
    type=DAY,
    metavar="YYYY-MM-DD",
    needed=True,
    zh="余额所在日",
    en="the day at whose end it was so",
)
@option(
    "--by",
    "actor",
    metavar="STAFF",
    needed=True,
    zh="登记人的岗位代码",
    en="who records it, by staff code",
)
@option(
    "--account",
    default="Assets:Bank:Dedicated",
    metavar="ACCOUNT",
    zh="科目编码、名称或全名；默认为专户存款",
    en="the account by code, name or full name; the dedicated bank account if not said",
)
@option(
    "--document",
    metavar="FILE",
    zh="对账单文件；其 sha256 记入账",
    en="the statement; its sha256 is recorded",
)
@acting
def assertion(  # noqa: PLR0913 - as many as the command has options
    session: Session,
    *,
    fund: str,
    amount_fen: int,
    day: date,
    actor: str,
    account: str,
    document: str | None,
    key: str | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Record a balance."""
    from fundledger.cli.acting import carry_out  # noqa: PLC0415 - heavy
    from fundledger.cli.drafting import document_digest  # noqa: PLC0415 - heavy
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy

    account = session.account(fund, account, "--account")
    digest = document_digest(document) if document else ""

    def act(fund: Fund, key: str) -> Receipt:
        return fund.assert_balance(account, day, amount_fen, actor=actor, document=digest, key=key)

    carry_out(session, fund, act, key=key, dry_run=dry_run, yes=yes)
    if not session.tells:
        return
    booked_fen = session.books(fund).balance(account, day)
    apart_fen = booked_fen - amount_fen
    if apart_fen:
        session.say(
            f"账面 {display_fen(booked_fen)}，与对账单相差 {display_fen(apart_fen)}。",
            f"The book says {display_fen(booked_fen)}, {display_fen(apart_fen)} apart.",
        )
    else:
        session.say("账面与对账单相符。", "The book says the same.")
