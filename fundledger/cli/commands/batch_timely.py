"""`fundledger batch timeliness`: what was paid on time and in full, by fund, unit and month."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import command, option
from fundledger.cli.kinds import MONTH
from fundledger.cli.options import as_of, formatted, funds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from fundledger.cli.session import Session
    from fundledger.ledger.batches.paylist import LineTotal
    from fundledger.ledger.batches.timely import Paid, Tally

_PARTS = ("approved", "paid", "due", "on_time", "open", "given_up")


@command(
    "batch timeliness",
    zh="按基金、部门、月份列出如期率和足额率：已批准的各笔，应付日（rules/controls.toml 的"
    " due_day）前扣款付到的占多少，付到的占应发的多少，笔数和金额分别计算。失败、退汇、冲账和"
    "结果不明的计为未付。",
    en="Tells by fund, unit and month what was paid on time and in full: of what was approved, how "
    "much was debited and paid by its due day (due_day in rules/controls.toml), and how much "
    "was paid at all, by count and by amount. What failed, came back or is unknown is not paid.",
    examples=(
        "batch timeliness",
        "batch timeliness dibao --unit CASC --from 2026-01 --to 2026-06",
        "batch timeliness dibao --as-of 2026-06-30 --xlsx out/如期足额.xlsx",
    ),
)
@funds
@option("--unit", metavar="UNIT", default="", zh="只看该部门", en="of that unit alone")
@option("--from", "first", type=MONTH, metavar="MONTH", zh="起始月份", en="from that month on")
@option("--to", "last", type=MONTH, metavar="MONTH", zh="截止月份", en="up to that month")
@as_of
@option(
    "--xlsx",
    metavar="FILE",
    zh="另写成 .xlsx 报表，已有的文件不覆盖",
    en="write it as .xlsx too; an existing file is not overwritten",
)
@formatted
def timeliness(  # noqa: PLR0913 - as many as the command has options
    session: Session,
    funds: tuple[str, ...],
    *,
    unit: str,
    first: str | None,
    last: str | None,
    as_of: date | None,
    xlsx: str | None,
) -> None:
    """Show what was paid on time and in full."""
    from fundledger.cli.commands.batch import unit_named  # noqa: PLC0415 - heavy
    from fundledger.cli.outputs import expect_new, write_new  # noqa: PLC0415 - heavy

    day = as_of or session.today
    slug = unit_named(session, unit) if unit else ""
    if first and last and first > last:
        session.wrong_once("FL966", "--from", {"first": first, "last": last})
    session.refuse_wrong()
    for fund in funds:
        session.charter(fund)
    if xlsx is not None:
        expect_new(Path(xlsx))
    found = [
        (fund, row)
        for fund in funds or session.office.fund_ids
        for row in session.fund(fund).timeliness(day)
        if slug in {"", row.unit} and (first or "") <= row.month <= (last or "9999-12")
    ]
    if xlsx is not None:
        write_new(Path(xlsx), _workbook(session, found, day))
    if not session.tells:
        session.put(_plain(found, day))
        return
    _tell(session, found, day)
    if xlsx is not None:
        session.say(f"已写出 {xlsx}。", f"Wrote {xlsx}.")


def _by_unit(found: Sequence[tuple[str, Paid]]) -> dict[tuple[str, str, str], list[Paid]]:
    """Return the rows of each fund, month and unit."""
    groups: dict[tuple[str, str, str], list[Paid]] = {}
    for fund, row in found:
        groups.setdefault((fund, row.month, row.unit), []).append(row)
    return groups


def _tell(session: Session, found: Sequence[tuple[str, Paid]], day: date) -> None:
    from fundledger.ledger.batches.timely import summed_tallies  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    session.say(f"截至 {day}　单位：元", f"As of {day}, in yuan")
    if not found:
        session.say("没有已批准的批次。", "No batch was approved.")
        return
    columns = (
        Column(session.pick("基金", "fund")),
        Column(session.pick("月份", "month")),
        Column(session.pick("部门", "unit")),
        Column(session.pick("应付日", "due"), spare=3),
        Column(session.pick("应发笔数", "approved"), right=True, spare=2),
        Column(session.pick("应发金额", "amount"), right=True),
        Column(session.pick("如期率(笔)", "on time (no.)"), right=True, spare=4),
        Column(session.pick("如期率", "on time"), right=True),
        Column(session.pick("足额率(笔)", "in full (no.)"), right=True, spare=5),
        Column(session.pick("足额率", "in full"), right=True),
        Column(session.pick("未付金额", "unpaid"), right=True, spare=1),
    )
    rows = []
    for (fund, month, unit), own in _by_unit(found).items():
        days = sorted({str(row.due_on or session.pick("未定", "none")) for row in own})
        figures = _figures(summed_tallies(row.tally for row in own))
        rows.append((fund, month, unit, " ".join(days), *figures))
    total = _figures(summed_tallies(row.tally for _, row in found))
    session.table(columns, rows, (session.pick("合计", "total"), "", "", "", *total))


def _figures(tally: Tally) -> tuple[str, ...]:
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy

    (timely_count, timely_fen), (full_count, full_fen) = tally.timely, tally.full
    return (
        str(tally.approved.payments),
        display_fen(tally.approved.amount_fen),
        _percent(timely_count),
        _percent(timely_fen),
        _percent(full_count),
        _percent(full_fen),
        display_fen(tally.open.amount_fen),
    )


def _percent(basis_points: int | None) -> str:
    return "-" if basis_points is None else f"{basis_points // 100}.{basis_points % 100:02d}%"


def _plain(found: Sequence[tuple[str, Paid]], day: date) -> dict[str, Any]:
    """Return the rows of each fund, month and unit with their categories, and all in sum."""
    from fundledger.ledger.batches.timely import summed_tallies  # noqa: PLC0415 - heavy

    units = [
        {
            "fund": fund,
            "month": month,
            "unit": unit,
            **_plain_tally(summed_tallies(row.tally for row in own)),
            "categories": [
                {
                    "category": row.category,
                    "due_on": row.due_on.isoformat() if row.due_on else None,
                    **_plain_tally(row.tally),
                }
                for row in own
            ],
        }
        for (fund, month, unit), own in _by_unit(found).items()
    ]
    total = _plain_tally(summed_tallies(row.tally for _, row in found))
    return {"as_of": day.isoformat(), "rows": units, "total": total}


def _plain_tally(tally: Tally) -> dict[str, Any]:
    def plain(total: LineTotal) -> dict[str, int]:
        return {"payments": total.payments, "amount_fen": total.amount_fen}

    return {
        **{part: plain(getattr(tally, part)) for part in _PARTS},
        "timely_basis_points": dict(zip(("payments", "amount"), tally.timely, strict=True)),
        "full_basis_points": dict(zip(("payments", "amount"), tally.full, strict=True)),
    }


def _workbook(session: Session, found: Sequence[tuple[str, Paid]], day: date) -> bytes:
    from datetime import datetime, time  # noqa: PLC0415 - with the workbook

    from fundledger.report.timely import Stated, timeliness_workbook  # noqa: PLC0415 - heavy

    charter = session.office.charter
    units = {unit.slug: unit.zh for unit in charter.units}
    names = {c.line: c.zh for c in (*charter.categories, *charter.joint_rounds)}
    rows = [
        Stated(
            charter.fund(fund).zh,
            units.get(row.unit, row.unit),
            names.get(f"{row.unit}:{row.category}", row.category),
            row,
        )
        for fund, row in found
    ]
    return timeliness_workbook(rows, charter.office.zh, day, created=datetime.combine(day, time()))
