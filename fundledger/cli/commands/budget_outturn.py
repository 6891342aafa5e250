"""`fundledger budget outturn`: what a year came to, fund by fund."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fundledger.cli.framework import argument, command
from fundledger.cli.kinds import YEAR
from fundledger.cli.options import as_of, formatted, funds

if TYPE_CHECKING:
    from fundledger.budget import Outturn
    from fundledger.cli.session import Session


@command(
    "budget outturn",
    zh="年末结余＝上年结转＋拨入＋利息＋捐赠−支出−上缴±以前年度调整，"
    "加应付未付、减应收后应等于专户余额。\n"
    "支出为扣除退汇、冲账后的净额；上缴为从结余中上缴的部分。年度未过时计至当日。",
    en="What is left is what was carried over and received (appropriations, interest, donations), "
    "less what was spent and surrendered, and what changed of earlier years; with what is owed and "
    "without claims it is what the account has.\n"
    "Spending is net of what came back. A year that is not over is told through the day.",
    examples=("budget outturn 2025", "budget outturn 2026 dibao charity --as-of 2026-10-31"),
)
@argument("year", type=YEAR, zh="年度，例如 2026", en="the year, such as 2026")
@funds
@as_of
@formatted
def show(session: Session, year: int, funds: tuple[str, ...], as_of: date | None) -> None:
    """Show what a year came to."""
    from fundledger.budget import outturn  # noqa: PLC0415 - heavy

    day = min(as_of or session.today, date(year, 12, 31))
    if day.year < year:
        session.wrong_once("FL978", str(year), {"year": year, "date": day})
    session.refuse_wrong()
    charters = [session.charter(fund) for fund in funds or session.office.fund_ids]
    found = [outturn(session.office.fund(one.fund.id), year, day, one) for one in charters]
    if any(one.apart_fen for one in found):
        session.exit_code = 1
    if session.tells:
        _tell(session, year, day, found)
    else:
        session.put({"year": year, "funds": [one.as_json() for one in found]})


def _tell(session: Session, year: int, day: date, found: list[Outturn]) -> None:
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    session.say(
        f"{year}年收支决算　截至 {day}　单位：元", f"Outturn of {year}, as of {day}, in yuan"
    )
    words = (
        ("上年结转", "brought", 0),
        ("拨入", "received", 1),
        ("利息", "interest", 6),
        ("捐赠", "donated", 7),
        ("支出", "spent", 2),
        ("上缴", "surrendered", 5),
        ("以前年度", "earlier years", 8),
        ("年末结余", "left", 0),
        ("应付", "owed", 9),
        ("应收", "claims", 10),
        ("专户余额", "on account", 3),
    )
    columns = (
        Column(session.pick("资金", "fund"), wraps=True),
        *(Column(session.pick(zh, en), right=True, spare=rank) for zh, en, rank in words),
        Column(session.pick("核对", "held"), wraps=True),
    )
    body = [(one.fund, *map(display_fen, one.figures_fen), _held(session, one)) for one in found]
    sums = (sum(column) for column in zip(*(one.figures_fen for one in found), strict=True))
    total = (session.pick("合计", "total"), *map(display_fen, sums), "")
    session.table(columns, body, total)


def _held(session: Session, one: Outturn) -> str:
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy

    if one.apart_fen:
        apart = display_fen(one.apart_fen)
        return session.pick(f"不符，差 {apart}", f"apart by {apart}")
    if one.signed:
        return session.pick("相符，已签字调节", "holds, signed")
    if one.signed_on is None:
        return session.pick("相符，尚未调节", "holds, not reconciled")
    return session.pick(f"相符，调节至 {one.signed_on}", f"holds, signed to {one.signed_on}")
