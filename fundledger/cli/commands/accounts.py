"""`fundledger accounts`: the accounts of one fund, by every name that a command takes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import command, option
from fundledger.cli.options import as_of, formatted, fund

if TYPE_CHECKING:
    from fundledger.cli.session import Session


@command(
    "accounts",
    zh="列出本基金可用的资金科目：编码（依会计制度）、中英文名、全名与余额。凡写科目之处，"
    "四种写法都可以。--budget 另列已用过的预算指标科目（只能写全名）。",
    en="Lists the accounts of the fund's money: code in its accounting regime, Chinese and English "
    "name, full name, balance. Wherever a command takes an account, any of the four will do. With "
    "--budget also the budget's accounts that were used; those are named in full.",
    examples=("accounts dibao", "accounts dibao --as-of 2026-03-31 --budget --format json"),
)
@fund
@as_of
@option(
    "--all",
    "every",
    is_flag=True,
    zh="连同从未用过的基金往来科目",
    en="also what is between funds and was never used",
)
@option("--budget", is_flag=True, zh="另列预算指标科目", en="the budget's accounts too")
@formatted
def accounts(session: Session, *, fund: str, as_of: date | None, every: bool, budget: bool) -> None:
    """List the accounts of a fund."""
    from fundledger.cli.accounts import accounts_of  # noqa: PLC0415 - heavy

    chart = session.chart(fund)
    books = session.books(fund)
    used = books.account_names()
    names = [
        name
        for name in accounts_of(chart, used)
        if every or name in used or chart.account(name).kind != "interfund"
    ]
    if budget:
        names += [name for name in used if chart.account(name).kind == "budget"]
    found = [
        {
            "account": name,
            "code": "" if name.startswith("Equity:Budget:") else chart.code(name),
            "title": "" if name.startswith("Equity:Budget:") else chart.title(name),
            "name_zh": chart.names(name)[0],
            "name_en": chart.names(name)[1],
            "commodity": "CNYB" if name.startswith("Equity:Budget:") else "CNY",
            "used": name in used,
            "balance_fen": books.balance(name, as_of) if name in used else 0,
        }
        for name in names
    ]
    if session.tells:
        _tell(session, fund, as_of or session.today, found)
        return
    day = (as_of or session.today).isoformat()
    session.put({"fund": fund, "as_of": day, "accounts": found})


def _tell(session: Session, fund: str, day: date, found: list[dict[str, Any]]) -> None:
    from fundledger.cli.figures import side_of  # noqa: PLC0415 - heavy
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    session.say(
        f"会计科目　基金 {fund}　截至 {day}　单位：元",
        f"Accounts of {fund}, as of {day}, in yuan",
    )
    english = session.language == "en"
    columns = (
        Column(session.pick("编码", "code")),
        Column(session.pick("科目名称", "title"), wraps=True),
        Column(session.pick("中文名", "Chinese name"), wraps=True, spare=int(english)),
        Column(session.pick("英文名", "English name"), wraps=True, spare=int(not english)),
        Column(session.pick("全名", "full name"), wraps=True),
        Column(session.pick("方向", "side")),
        Column(session.pick("余额", "balance"), right=True),
    )
    rows = [
        (
            item["code"] or "-",
            item["title"] or "-",
            item["name_zh"],
            item["name_en"],
            item["account"],
            side_of(item["balance_fen"], session.language),
            display_fen(abs(item["balance_fen"])),
        )
        for item in found
    ]
    session.table(columns, rows)
