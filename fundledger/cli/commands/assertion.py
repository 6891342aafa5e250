"""`fundledger assert`: what a statement says an account held at the end of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundledger.cli.framework import command, option
from fundledger.cli.kinds import COUNT, DAY, SIGNED_AMOUNT
from fundledger.cli.options import acting, fund

if TYPE_CHECKING:
    from datetime import date

    from fundledger.cli.session import Session
    from fundledger.fund import Fund
    from fundledger.ledger.plan import Receipt


@command(
    "assert",
    zh="不论账面是否相符、月份是否已结都会登记；check 逐条列出相符与否及差额。\n"
    "差额是未达账项的，用 reconcile --sign。写错的用 --replaces 更正，两条都留在账上。\n"
    "收入、支出类科目 12 月 31 日的余额，指年末结转以前。",
    en="It is recorded whether the books agree or not, also when the month is closed; check shows "
    "each as held or off, and by how much.\n"
    "For open items use reconcile --sign. A mistyped one is replaced with --replaces; both stay in "
    "the journal.\n"
    "Of income and expenses, 31 December means before the year is carried forward.",
    examples=(
        "assert dibao --amount 22000.00 --date 2026-03-31 --by S01 --document 对账单.xlsx",
        "assert dibao --amount 22000.00 --date 2026-03-31 --by S01 --replaces 7",
    ),
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
@option(
    "--replaces",
    type=COUNT,
    default=0,
    metavar="RECORD",
    zh="所更正的核对数的记录号",
    en="the record of the assertion that was wrong",
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
    replaces: int,
    key: str | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Record a balance."""
    from fundledger.cli.acting import carry_out  # noqa: PLC0415 - heavy
    from fundledger.cli.drafting import document_digest  # noqa: PLC0415 - heavy

    account = session.account(fund, account, "--account")
    digest = document_digest(document) if document else ""

    def act(fund: Fund, key: str) -> Receipt:
        return fund.assert_balance(
            account, day, amount_fen, actor=actor, document=digest, replaces=replaces, key=key
        )

    carry_out(session, fund, act, key=key, dry_run=dry_run, yes=yes)
    if session.tells:
        _compare(session, fund, account, day, amount_fen)


def _compare(session: Session, fund: str, account: str, day: date, amount_fen: int) -> None:
    """Say how the book, and what was asserted before, compare with it."""
    from fundledger.ledger.asserted import explanations, standing  # noqa: PLC0415 - heavy
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy

    books = session.books(fund)
    every = books.asserted()
    booked_fen = books.balance(account, day) - books.emptied[f"{account}@{day.isoformat()}"]
    apart_fen = booked_fen - amount_fen
    signed = explanations(every).get((account, day.isoformat(), amount_fen))
    if not apart_fen:
        session.say("账面与对账单相符。", "The book says the same.")
    elif signed is not None and signed.signed_fen == booked_fen:
        session.say(
            f"账面 {display_fen(booked_fen)}，差额由第 {signed.sequence} 号记录签字的调节表说明。",
            f"The book says {display_fen(booked_fen)}; what is between them is explained by the "
            f"reconciliation signed as record {signed.sequence}.",
        )
    else:
        session.say(
            f"账面 {display_fen(booked_fen)}，与对账单相差 {display_fen(apart_fen)}。",
            f"The book says {display_fen(booked_fen)}, {display_fen(apart_fen)} apart.",
        )
    others = [
        item
        for item in standing(every)
        if (item.account, item.day) == (account, day.isoformat()) and item.amount_fen != amount_fen
    ]
    for item in others:
        session.say(
            f"第 {item.sequence} 号记录写的是 {display_fen(item.amount_fen)}；"
            f"其中一条有误的，用 --replaces 更正。",
            f"Record {item.sequence} says {display_fen(item.amount_fen)}; if one of them is wrong, "
            "replace it with --replaces.",
        )
