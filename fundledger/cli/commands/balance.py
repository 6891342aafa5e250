"""`fundledger balance`: opening, turnover and closing of each account (科目余额表)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fundledger.cli.framework import command, option
from fundledger.cli.options import as_of, formatted, fund

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.ledger.chart import Chart
    from fundledger.ledger.voucher import Voucher


@dataclass(slots=True)
class _Turnover:
    opening_fen: int = 0
    debit_fen: int = 0
    credit_fen: int = 0

    @property
    def balance_fen(self) -> int:
        return self.opening_fen + self.debit_fen - self.credit_fen


_COMMODITIES = {"CNY": "资金", "CNYB": "预算"}


@command(
    "balance",
    zh="期初为当年 1 月 1 日之前，发生额为当年截至该日，红字以负数计入本方；\n"
    "期初、期末余额前注明方向：借、贷、平。JSON 的余额以借方为正、贷方为负。",
    en="The opening is that before 1 January, the turnover that of the year up to the day; red "
    "ink counts as negative on its own side. Before each balance stands its side: Dr, Cr, nil; in "
    "JSON a balance is positive in debit and negative in credit.",
    examples=(
        "balance dibao",
        "balance dibao --account 1002",
        "balance dibao --as-of 2026-03-31 --budget --format json",
    ),
)
@fund
@as_of
@option(
    "--budget",
    is_flag=True,
    zh="同时列出预算指标",
    en="list the budget's accounts (CNYB) too",
)
@option(
    "--account",
    "wanted",
    multiple=True,
    metavar="ACCOUNT",
    zh="只看这个科目：编码、名称或全名",
    en="only this account, by code, name or full name",
)
@option("--before-closing", is_flag=True, zh="不计年末结转凭证", en="leave closing vouchers out")
@formatted
def balance(  # noqa: PLR0913 - as many as the command has options
    session: Session,
    *,
    fund: str,
    as_of: date | None,
    budget: bool,
    before_closing: bool,
    wanted: tuple[str, ...],
) -> None:
    """Show the balances of a fund's accounts."""
    day = as_of or session.today
    chart = session.chart(fund)
    vouchers = (
        voucher for voucher in session.vouchers(fund) if not (before_closing and voucher.closing)
    )
    turnovers = _turnovers(vouchers, day)
    if wanted:
        names = {session.account(fund, text, "--account", turnovers) for text in wanted}
        turnovers = {name: turnovers.get(name, _Turnover()) for name in names}
        budget = budget or any(name.startswith("Equity:Budget:") for name in names)
    shown = {"CNY": _of(turnovers, budget=False)}
    if budget:
        shown["CNYB"] = _of(turnovers, budget=True)
    if session.tells:
        _tell(session, fund, day, chart, shown)
        return
    session.put(
        {
            "fund": fund,
            "as_of": day.isoformat(),
            "accounts": [
                {
                    "account": name,
                    "code": chart.code(name) if commodity == "CNY" else "",
                    "title": chart.title(name) if commodity == "CNY" else "",
                    "name_zh": chart.names(name)[0],
                    "name_en": chart.names(name)[1],
                    "commodity": commodity,
                    "opening_fen": found.opening_fen,
                    "debit_fen": found.debit_fen,
                    "credit_fen": found.credit_fen,
                    "balance_fen": found.balance_fen,
                }
                for commodity, accounts in shown.items()
                for name, found in accounts.items()
            ],
        }
    )


def _turnovers(vouchers: Iterable[Voucher], day: date) -> dict[str, _Turnover]:
    found: dict[str, _Turnover] = {}
    for voucher in vouchers:
        if voucher.date > day:
            continue
        for posting in voucher.postings:
            turnover = found.setdefault(posting.account, _Turnover())
            if voucher.date.year < day.year:
                turnover.opening_fen += posting.signed_fen
            elif posting.side == "debit":
                turnover.debit_fen += posting.amount_fen
            else:
                turnover.credit_fen += posting.amount_fen
    return found


def _of(turnovers: dict[str, _Turnover], *, budget: bool) -> dict[str, _Turnover]:
    return {
        name: turnovers[name]
        for name in sorted(turnovers)
        if name.startswith("Equity:Budget:") is budget
        and any(
            (turnovers[name].opening_fen, turnovers[name].debit_fen, turnovers[name].credit_fen)
        )
    }


def _tell(
    session: Session,
    fund: str,
    day: date,
    chart: Chart,
    shown: dict[str, dict[str, _Turnover]],
) -> None:
    from fundledger.cli.figures import sided  # noqa: PLC0415 - heavy
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy
    from fundledger.report.paper import full_title  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    columns = (
        Column(session.pick("科目", "account"), wraps=True),
        Column(session.pick("账户", "name in the book"), wraps=True, spare=1),
        Column(session.pick("期初余额", "opening"), right=True),
        Column(session.pick("本年借方", "debits"), right=True),
        Column(session.pick("本年贷方", "credits"), right=True),
        Column(session.pick("期末余额", "balance"), right=True),
    )
    for commodity, accounts in shown.items():
        title = session.pick("科目余额表", "Account balances")
        session.say(
            f"{title}　基金 {fund}　截至 {day}　单位：元（{_COMMODITIES[commodity]}）",
            f"{title}, fund {fund}, as of {day}, in yuan ({commodity})",
        )
        rows = [
            (
                full_title(chart, name, session.language),
                name,
                sided(found.opening_fen, session.language),
                display_fen(found.debit_fen),
                display_fen(found.credit_fen),
                sided(found.balance_fen, session.language),
            )
            for name, found in accounts.items()
        ]
        sums = [sum(getattr(f, n) for f in accounts.values()) for n in ("debit_fen", "credit_fen")]
        opening_fen = sum(found.opening_fen for found in accounts.values())
        ending_fen = sum(found.balance_fen for found in accounts.values())
        total = (
            session.pick("合计", "total"),
            "",
            sided(opening_fen, session.language),
            *map(display_fen, sums),
            sided(ending_fen, session.language),
        )
        session.table(columns, rows, total)
        session.lines([""])
