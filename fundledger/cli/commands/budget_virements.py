"""`fundledger budget virements`: what was moved between the lines of a year's budget, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import command, option
from fundledger.cli.kinds import YEAR
from fundledger.cli.options import formatted, fund

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.ledger.chart import Chart
    from fundledger.ledger.virements import Virement


@command(
    "budget virements",
    zh="调出类别、调入类别、金额、理由、批准文号、日期；已冲销的另行注明，不计入合计。",
    en="Which line gave which other how much, why, by which decision and when; what was reversed "
    "says so and is not in the total.",
    examples=("budget virements low-income --year 2026", "budget virements dibao --format json"),
)
@fund
@option(
    "--year",
    type=YEAR,
    metavar="YEAR",
    zh="预算年度；默认为今年",
    en="the budget's year; this year if not said",
)
@formatted
def listed(session: Session, fund: str, year: int | None) -> None:
    """List the virements of a year."""
    from fundledger.ledger.virements import virements  # noqa: PLC0415 - heavy

    of_year = year or session.today.year
    chart = session.chart(fund)
    found = virements(session.vouchers(fund), of_year)
    if session.tells:
        _tell(session, fund, of_year, found, chart)
        return
    rows = [_plain(one, chart) for one in found]
    session.put({"fund": fund, "year": of_year, "virements": rows})


def _plain(one: Virement, chart: Chart) -> dict[str, Any]:
    row: dict[str, Any] = {"voucher": one.ref, "on": one.on.isoformat()}
    for side, line in (("giver", one.giver), ("taker", one.taker)):
        zh, en = chart.names(f"Expenses:{':'.join(line)}")
        row |= {side: ":".join(line), f"{side}_zh": zh, f"{side}_en": en}
    return row | {
        "amount_fen": one.amount_fen,
        "reason": one.reason,
        "approval": one.approval,
        "undone_by": one.undone_by,
    }


def _tell(session: Session, fund: str, year: int, found: list[Virement], chart: Chart) -> None:
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    session.say(
        f"{year}年预算调剂　基金 {fund}　单位：元", f"Virements of {year}, fund {fund}, in yuan"
    )
    if not found:
        session.say("没有调剂。", "Nothing was moved.")
        return
    columns = (
        Column(session.pick("调出类别", "from"), wraps=True),
        Column(session.pick("调入类别", "to"), wraps=True),
        Column(session.pick("金额", "amount"), right=True),
        Column(session.pick("理由", "reason"), wraps=True),
        Column(session.pick("批准文号", "approval"), wraps=True),
        Column(session.pick("日期", "date")),
        Column(session.pick("凭证", "voucher"), wraps=True),
    )

    def name(line: tuple[str, str]) -> str:
        return session.pick(*chart.names(f"Expenses:{':'.join(line)}"))

    rows = []
    for one in found:
        undone = session.pick("（{} 已冲销）", " (reversed by {})").format(one.undone_by)
        rows.append(
            (
                name(one.giver),
                name(one.taker),
                display_fen(one.amount_fen),
                one.reason,
                one.approval,
                one.on.isoformat(),
                one.ref + (undone if one.undone_by else ""),
            )
        )
    total_fen = sum(one.amount_fen for one in found if not one.undone_by)
    total = (session.pick("合计", "total"), "", display_fen(total_fen), "", "", "", "")
    session.table(columns, rows, total)
