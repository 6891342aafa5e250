"""`fundledger budget lots`: the carry-over of funds by the year that it comes from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fundledger.cli.framework import command
from fundledger.cli.options import as_of, formatted, funds

if TYPE_CHECKING:
    from fundledger.budget import FundLots
    from fundledger.cli.session import Session
    from fundledger.ledger.lots import Lot


@command(
    "budget lots",
    zh="支出、上缴先用最早年度的资金；年末收回先收最近年度的。连续结转超过规定年数"
    "（rules/controls.toml 的 carry_over_years）的为结余，须上缴。\n"
    "只写一个基金时，另按部门和类别列出。",
    en="What is paid or surrendered is of the oldest year first; what lapses at a year's end of "
    "the newest. What was carried over for more than carry_over_years (rules/controls.toml) is "
    "a surplus and goes back.\n"
    "Of a single fund the lines are shown too.",
    examples=("budget lots", "budget lots dibao", "budget lots dibao --as-of 2026-12-31"),
)
@funds
@as_of
@formatted
def lots(session: Session, funds: tuple[str, ...], as_of: date | None) -> None:
    """Show carry-over by lots."""
    from fundledger.budget import fund_lots  # noqa: PLC0415 - heavy

    day = as_of or session.today
    charters = [session.charter(fund) for fund in funds or session.office.fund_ids]
    found = [fund_lots(session.books(one.fund.id), day, one) for one in charters]
    findings = [finding for one in found for finding in one.findings]
    if any(finding.severity.value == "error" for finding in findings):
        session.exit_code = 1
    if not session.tells:
        session.put({"as_of": day.isoformat(), "funds": [one.as_json() for one in found]})
        return
    from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy

    session.say(
        f"结转结余　{day.year}年　截至 {day}　单位：元",
        f"Carry-over in {day.year}, as of {day}, in yuan",
    )
    _tell(session, [(one.fund, "", one, lot) for one in found for lot in one.lots])
    if len(found) == 1 and len(found[0].lines) > 1:
        (own,) = found
        session.lines([""])
        by_line = [
            (":".join(line), _name(session, own, line), own, lot)
            for line, lots in own.lines.items()
            for lot in lots
        ]
        _tell(session, by_line)
    if findings:
        session.lines(["", *told(findings, session, err=False)])


def _name(session: Session, own: FundLots, line: tuple[str, str]) -> str:
    return session.pick(*session.chart(own.fund).names("Expenses:" + ":".join(line)))


def _tell(session: Session, rows: list[tuple[str, str, FundLots, Lot]]) -> None:
    """Print lots with what they are of, a fund or a line with its name, and their sum."""
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    by_line = any(name for _, name, _, _ in rows)
    first = ("部门:类别", "line") if by_line else ("资金", "fund")
    figures = (
        ("年初结转", "brought", 3),
        ("本年收入", "income", 2),
        ("本年支出", "spent", 4),
        ("上缴收回", "given back", 5),
        ("期末结转", "left", 0),
    )
    columns = (
        Column(session.pick(*first)),
        *([Column(session.pick("名称", "name"), wraps=True, spare=6)] if by_line else []),
        Column(session.pick("形成年度", "origin")),
        *(Column(session.pick(zh, en), right=True, spare=rank) for zh, en, rank in figures),
        Column(session.pick("结转年限", "years"), right=True),
        Column(session.pick("转结余", "surplus"), right=True),
        Column(session.pick("处理意见", "what to do"), wraps=True),
    )

    def amounts(*lots: Lot) -> tuple[str, ...]:
        return (
            display_fen(sum(lot.opening_fen for lot in lots)),
            display_fen(sum(lot.income_fen for lot in lots)),
            display_fen(sum(lot.spent_fen for lot in lots)),
            display_fen(sum(lot.given_back_fen for lot in lots)),
            display_fen(sum(lot.open_fen for lot in lots)),
        )

    body = [
        (
            what,
            *([name] if by_line else []),
            _origin(session, lot),
            *amounts(lot),
            str(own.age_years(lot)),
            display_fen(own.surplus_fen(lot)),
            _disposal(session, own, lot),
        )
        for what, name, own, lot in rows
    ]
    surplus_fen = sum(own.surplus_fen(lot) for _, _, own, lot in rows)
    total = (
        session.pick("合计", "total"),
        *([""] if by_line else []),
        "",
        *amounts(*(lot for _, _, _, lot in rows)),
        "",
        display_fen(surplus_fen),
        "",
    )
    session.table(columns, body, total)


def _origin(session: Session, lot: Lot) -> str:
    return (
        session.pick(f"{lot.origin}及以前", f"to {lot.origin}")
        if lot.or_before
        else str(lot.origin)
    )


def _disposal(session: Session, own: FundLots, lot: Lot) -> str:
    disposal = own.disposal(lot)
    since = own.surplus_from(lot)
    return {
        None: "-",
        "current": session.pick("当年资金", "of this year"),
        "carry": session.pick("结转继续使用", "use for its purpose"),
        "last-year": session.pick(f"年内用完，{since} 起为结余", f"use up; a surplus from {since}"),
        "surplus": session.pick(f"{since} 起为结余，上缴", f"a surplus from {since}: give back"),
    }[disposal]
