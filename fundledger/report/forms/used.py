"""T5: how the budget of the year before is used, line by line (预算执行进度表)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from fundledger.budget import Documents, FundStatus, LineStatus, OfficeStatus, Proposal, Used
from fundledger.findings import Finding
from fundledger.money import display_fen
from fundledger.report.forms.behind import books_behind
from fundledger.report.forms.cells import (
    SHORT_SIGNATURES,
    Cell,
    Column,
    Fen,
    Form,
    Points,
    Row,
    Share,
)

_COLUMNS = (
    Column("序号", 5, "centre"),
    Column("资金", 26),
    Column("部门", 21),
    Column("类别", 25),
    Column("调整后预算", 15, "money"),
    Column("其中:\n批复前指标", 14, "money"),
    Column("累计支出", 15, "money"),
    Column("已占用", 14, "money"),
    Column("可用", 14, "money"),
    Column("未分配", 14, "money"),
    Column("上缴收回", 14, "money"),
    Column("结转下年", 14, "money"),
    Column("执行率", 9, "share"),
    Column("序时进度", 9, "share"),
    Column("偏差\n(百分点)", 10, "points"),
    Column("全年预计", 15, "money"),
    Column("预警", 36),
)


def used(proposal: Proposal, beside: Documents) -> Form:
    """Return how each line is used, with sums by fund, and what is warned of."""
    status = beside.status
    return Form(
        "执行进度",
        f"{status.year}年度预算执行进度表（截至{status.as_of.isoformat()}）",
        _COLUMNS,
        tuple(_rows(proposal, status)),
        SHORT_SIGNATURES,
        large=True,
        until=status.as_of,
        notes=books_behind(beside, status.as_of),
    )


def _rows(proposal: Proposal, status: OfficeStatus) -> Iterator[Row]:
    order = {key: at for at, key in enumerate(proposal.places)}
    number = rows = 0
    for fund in status.funds:
        for line in sorted(fund.lines, key=lambda one: order.get(one.place.key, len(order))):
            number += 1
            place = line.place
            yield Row(
                (
                    *(number, place.fund.zh, place.unit.zh, place.category.zh),
                    *_figures(line.used, line.progress, line.outlook.whole_fen),
                    "；".join(_warned(fund, line)),
                )
            )
        rows += len(fund.lines)
        if len(fund.lines) > 1:
            figures = _figures(fund.used, fund.progress, fund.forecast_fen)
            cells: tuple[Cell, ...] = ("小计", fund.names.zh, None, None, *figures, None)
            yield Row(cells, sum=True, above=len(fund.lines))
            rows += 1
    figures = _figures(status.used, status.progress, status.forecast_fen)
    yield Row(("合计", None, None, None, *figures, None), sum=True, above=rows)


def _figures(used: Used, progress: Fraction, forecast_fen: int | None) -> tuple[Cell, ...]:
    rate = used.rate
    return (
        *(Fen(used.adjusted_fen), Fen(used.provisional_fen), Fen(used.expended_fen)),
        *(Fen(used.encumbered_fen), Fen(used.available_fen), Fen(used.unallotted_fen)),
        *(Fen(used.given_back_fen), Fen(used.carried_forward_fen)),
        *(None if rate is None else Share(rate), Share(progress)),
        None if rate is None else Points(rate - progress),
        None if forecast_fen is None else Fen(forecast_fen),
    )


def _warned(fund: FundStatus, line: LineStatus) -> Iterator[str]:
    """Yield what is warned of a line, and why nothing is told of its year."""
    for finding in fund.findings:
        if finding.subject == line.place.key.line:
            yield _words(finding)
    if (why := line.outlook.untold) is not None:
        yield f"全年未预计（{why.code}）"


def _words(finding: Finding) -> str:
    """Return a warning in few words, beside the line that it is of."""
    said = finding.details
    amount = display_fen(finding.amount_fen or 0)
    match finding.code:
        case "FL585" | "FL586":
            way = "慢于" if finding.code == "FL585" else "快于"
            return f"{way}{said['measure_zh']} {said['points']} 个百分点"
        case "FL587":
            return f"预计 {said['date']} 起不够用，缺 {amount}"
        case "FL588":
            return f"刚性支出，预计 {said['date']} 起不够用，缺 {amount}"
        case "FL589":
            return f"预计年底剩 {amount}（{said['percent']}）"
        case "FL590":
            return f"超预算 {amount}"
        case _:
            return finding.code
