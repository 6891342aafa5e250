"""`fundledger budget status`: how a year's budget is used, and how the year will end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from fundledger.cli.framework import command, option
from fundledger.cli.kinds import YEAR
from fundledger.cli.options import as_of, formatted, funds

if TYPE_CHECKING:
    from fractions import Fraction

    from fundledger.budget import FundStatus, LineStatus, Names, OfficeStatus, Used
    from fundledger.cli.session import Session


@command(
    "budget status",
    zh="执行率为已支出（扣除退回）除以调整后预算（批复或批复前先行安排、追加追减、调剂与"
    "上年结转）；序时进度见 rules/budget.toml 的 [[mark]]；"
    "往年同期为以前各完整年度同期已支出的比例。\n"
    "调整后预算＝已占用＋已支出＋可用＋未分配＋上缴收回＋结转下年；其中尚未批复、按上年同期先行"
    "安排的（批复前指标）在表下注明。\n"
    "全年预计按该项目的支出规律，与 budget propose 的年化相同；用罄日为照此支出、可用和未分配"
    "不够用的第一天。无法推算的为“-”，表下说明原因。\n"
    "写一个基金时逐行列出，否则每个基金一行。预警只作提示，不影响退出码。",
    en="The rate is what is expended (net of returns) of the adjusted budget (approved or "
    "given before that, with all changes, and brought forward); the time progress is that of "
    "[[mark]] in rules/budget.toml; earlier years are what they had spent by then.\n"
    "The adjusted budget is encumbered, expended, available, unallotted, given back and carried "
    "forward, together; what of it is given before the approval is said below the table.\n"
    "The year's end is told by the line's pattern, as `budget propose` does; a line runs dry on "
    "the first day on which that takes more than is available or not allotted. What cannot be "
    "told is '-', with the reason below.\n"
    "One fund is shown line by line, else each fund in a row. Warnings leave the exit code as "
    "it is.",
    examples=(
        "budget status",
        "budget status dibao",
        "budget status dibao --year 2026 --as-of 2026-09-30",
    ),
)
@funds
@option(
    "--year",
    type=YEAR,
    metavar="YEAR",
    zh="预算年度；默认为截至日的年度",
    en="the budget's year; that of the day if not said",
)
@as_of
@formatted
def status(session: Session, funds: tuple[str, ...], year: int | None, as_of: date | None) -> None:
    """Show how a year's budget is used."""
    from fundledger.budget import budget_status  # noqa: PLC0415 - heavy
    from fundledger.cli.progress import progress  # noqa: PLC0415 - heavy

    day = as_of or session.today
    names = [session.charter(fund).fund.id for fund in funds] or session.office.fund_ids
    with progress() as told:
        found = budget_status(session.office, names, year or day.year, day, told)
    if session.tells:
        _tell(session, found)
        return
    from fundledger.budget.watch.plain import fund_json, office_json  # noqa: PLC0415 - heavy

    session.put(fund_json(found) if len(found.funds) == 1 else office_json(found))


def _tell(session: Session, found: OfficeStatus) -> None:
    from fundledger.budget import Names  # noqa: PLC0415 - heavy
    from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy

    one = found.funds[0].fund if len(found.funds) == 1 else ""
    due = _percent(found.progress)
    session.say(
        f"{found.year}年预算执行　{f'基金 {one}　' if one else ''}截至 {found.as_of}　"
        f"序时进度 {due}　单位：元",
        f"Budget of {found.year}{f', fund {one}' if one else ''}, as of {found.as_of}, "
        f"time progress {due}, in yuan",
    )
    if one:
        fund = found.funds[0]
        _table(session, [_of_line(line) for line in fund.lines], _of_fund(fund), by_line=True)
    else:
        rows = [_of_fund(fund) for fund in found.funds]
        end = found.forecast_fen, None
        total = _Row("", Names("", ""), found.used, found.deviation, None, *end)
        _table(session, rows, total, by_line=False)
    for fund in found.funds:
        session.lines(_provisional(session, fund))
    for fund in found.funds:
        session.lines(_reasons(session, fund))
    if found.findings:
        session.lines(["", *told(found.findings, session, err=False)])


def _provisional(session: Session, fund: FundStatus) -> list[str]:
    """Return what of a fund's adjusted budget is not approved yet, with its lines."""
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy

    if not any(line.used.provisional_fen for line in fund.lines):
        return []
    sum_fen = display_fen(fund.used.provisional_fen)
    lines = [
        f"{line.place.key.line} {display_fen(line.used.provisional_fen)}"
        for line in fund.lines
        if line.used.provisional_fen
    ]
    return [
        session.pick(
            f"批复前指标 {fund.fund}：调整后预算中 {sum_fen} 尚未批复（{'、'.join(lines)}）",
            f"Given before approval, {fund.fund}: {sum_fen} of the adjusted budget "
            f"({', '.join(lines)})",
        )
    ]


def _reasons(session: Session, fund: FundStatus) -> list[str]:
    """Return of each line that has no forecast why, those with the same reason together."""
    lines: dict[tuple[str, str], list[str]] = {}
    for line in fund.lines:
        if (why := line.outlook.untold) is not None:
            said = why.code, why.sentence(session.language)
            lines.setdefault(said, []).append(line.place.key.line)
    comma, colon = session.pick("、", ", "), session.pick("：", ": ")
    return [
        session.pick("未预计 ", "Not told: ")
        + f"{fund.fund} {comma.join(named)} ({code}){colon}{sentence}"
        for (code, sentence), named in lines.items()
    ]


class _Row(NamedTuple):
    """A line or a fund, as a row of the table."""

    what: str
    name: Names
    used: Used
    deviation: Fraction | None
    own: Fraction | None
    forecast_fen: int | None
    dry_on: date | None


def _of_line(line: LineStatus) -> _Row:
    seen = line.outlook
    place = line.place
    end = seen.whole_fen, seen.dry_on
    return _Row(place.key.line, place.category, line.used, line.deviation, line.own, *end)


def _of_fund(fund: FundStatus) -> _Row:
    end = fund.forecast_fen, fund.dry_on
    return _Row(fund.fund, fund.names, fund.used, fund.deviation, fund.own, *end)


def _table(session: Session, rows: list[_Row], total: _Row, *, by_line: bool) -> None:
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    first = session.pick("部门:类别", "line") if by_line else session.pick("资金", "fund")
    back = any(row.used.given_back_fen for row in rows)
    carried = any(row.used.carried_forward_fen for row in rows)
    figures = (
        ("调整后预算", "adjusted", 0),
        ("已占用", "encumbered", 6),
        ("已支出", "expended", 0),
        ("可用", "available", 4),
        ("未分配", "unallotted", 5),
        *([("上缴收回", "given back", 6)] if back else []),
        *([("结转下年", "carried forward", 6)] if carried else []),
        ("执行率", "rate", 0),
        ("偏差(百分点)", "points off", 1),
        ("往年同期", "earlier years", 3),
        ("全年预计", "year's end", 2),
    )
    columns = (
        Column(first),
        Column(session.pick("名称", "name"), wraps=True, spare=7),
        *(Column(session.pick(zh, en), right=True, spare=rank) for zh, en, rank in figures),
        Column(session.pick("用罄日", "runs dry")),
    )
    session.table(
        columns,
        [
            (
                row.what,
                row.name.name(session.language),
                *_figures(row, back=back, carried=carried),
                "-" if row.dry_on is None else row.dry_on.isoformat(),
            )
            for row in rows
        ],
        (
            *(session.pick("合计", "total"), ""),
            *(*_figures(total, back=back, carried=carried), ""),
        ),
    )


def _figures(row: _Row, *, back: bool, carried: bool) -> tuple[str, ...]:
    """Return a row's figures; what was given back or carried is told where any row has some."""
    from fundledger.budget.watch.warn import in_points  # noqa: PLC0415 - heavy
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy

    used, deviation = row.used, row.deviation
    sign = "+" if deviation is not None and deviation > 0 else ""
    return (
        display_fen(used.adjusted_fen),
        display_fen(used.encumbered_fen),
        display_fen(used.expended_fen),
        display_fen(used.available_fen),
        display_fen(used.unallotted_fen),
        *([display_fen(used.given_back_fen)] if back else []),
        *([display_fen(used.carried_forward_fen)] if carried else []),
        _percent(used.rate),
        "-" if deviation is None else sign + in_points(deviation),
        _percent(row.own),
        "-" if row.forecast_fen is None else display_fen(row.forecast_fen),
    )


def _percent(share: Fraction | None) -> str:
    from fundledger.budget.watch.warn import in_points  # noqa: PLC0415 - heavy

    return "-" if share is None else f"{in_points(share)}%"
