"""What the units declare to need for the next year: a workbook of each, from the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from fundledger.budget import NeedRow, write_need
from fundledger.example.payments import Payment
from fundledger.example.plan import LinePlan, Plan

DECLARED = date(2026, 10, 12)
JOINT = "Joint"
_YUAN = 100
_HEAD = "部门负责人"
_HANDLERS = {"CASC": "受理中心经办", "CSO": "社区服务办经办", JOINT: "联席会议办公室经办"}
_HANDLER = "条线单位经办"
_WHOLE = 100


def write_needs(
    folder: Path,
    plan: Plan,
    names: Mapping[str, str],
    payments: Mapping[str, Sequence[Payment]],
) -> None:
    """Write `<Unit>.xlsx` into `folder` for every unit that some fund pays for.

    `names` gives the Chinese name of each unit, fund and line (`CASC:Dibao`); `payments` those of
    the plan's last year by fund.
    """
    year = plan.last_day.year + 1
    rows: dict[str, list[NeedRow]] = {}
    for fund in plan.funds.values():
        for line in fund.lines:
            paid = [item for item in payments[fund.id] if item.plan is line]
            rows.setdefault(line.unit, []).append(
                _row(names[fund.id], names[":".join(line.line)], line, paid)
            )
    folder.mkdir(parents=True, exist_ok=True)
    created = datetime.combine(DECLARED, datetime.min.time())
    for unit, needs in rows.items():
        write_need(folder / f"{unit}.xlsx", names[unit], year, needs, created)


def _row(fund: str, category: str, line: LinePlan, paid: Sequence[Payment]) -> NeedRow:
    persons, standard_fen, times = _figures(line, paid)
    need = line.need
    backed_fen = persons * standard_fen * times * need.evidenced // _WHOLE
    return NeedRow(
        fund=fund,
        category=category,
        households=persons * 4 // 5 if line.pattern == "monthly" else persons,
        persons=persons,
        standard_fen=standard_fen,
        times=times,
        handler=_HANDLERS.get(line.unit, _HANDLER),
        head=_HEAD,
        declared=DECLARED,
        basis=need.basis,
        explanation=need.explanation,
        evidence=need.evidence,
        evidenced_fen=backed_fen if need.evidence and need.evidenced != _WHOLE else 0,
    )


def _figures(line: LinePlan, paid: Sequence[Payment]) -> tuple[int, int, int]:
    """Return persons, standard in whole yuan (fen) and times, from what is paid this year."""
    need = line.need
    if need.persons:
        return need.persons, need.standard_fen, need.times
    times = len(paid) if line.pattern == "monthly" else 1
    reached = sum(item.persons for item in paid)
    standard_fen = sum(item.amount_fen for item in paid) // (reached * _YUAN) * _YUAN
    return reached * need.percent // (100 * times), standard_fen, times
