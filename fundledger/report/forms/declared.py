"""T2: what the units declare to need (部门资金需求申报汇总表)."""

from __future__ import annotations

from collections.abc import Iterator

from fundledger.budget import Proposal
from fundledger.report.forms.cells import SHORT_SIGNATURES, Cell, Column, Fen, Form, Row

_COLUMNS = (
    Column("序号", 5, "centre"),
    Column("申报部门", 15),
    Column("资金", 14),
    Column("救助类别", 14),
    Column("对象户数", 7, "whole"),
    Column("对象人数", 7, "whole"),
    Column("补助标准\n(元/人·月)", 12, "money"),
    Column("月(次)数", 8, "whole"),
    Column("需求金额", 15, "money"),
    Column("政策依据(文号)", 16),
    Column("测算说明", 18),
    Column("佐证材料", 12),
    Column("其中有佐证金额", 11, "money"),
    Column("经办人", 9),
    Column("部门负责人", 10),
    Column("申报日期", 11, "centre"),
)


def declared(proposal: Proposal) -> Form:
    """Return the needs as they were declared, unit by unit."""
    return Form(
        "需求申报汇总",
        f"{proposal.year}年度部门资金需求申报汇总表",
        _COLUMNS,
        tuple(_declared(proposal)),
        SHORT_SIGNATURES,
    )


def _declared(proposal: Proposal) -> Iterator[Row]:
    number = missing = 0
    for declaration in proposal.declarations:
        unit = declaration.names.zh
        for need in declaration.needs:
            number += 1
            place = proposal.places[need.key]
            yield Row(
                (
                    *(number, unit, place.fund.zh, place.category.zh),
                    *(need.households, need.persons, Fen(need.standard_fen), need.times),
                    *(Fen(need.amount_fen), need.basis, need.explanation, need.evidence),
                    Fen(need.evidenced_fen),
                    *(need.handler, need.head, need.declared.isoformat()),
                )
            )
        if not declaration.sha256:
            missing += 1
            yield Row((None, unit, *[None] * 8, "未报送", *[None] * 5))
    total_fen = sum(need.amount_fen for item in proposal.declarations for need in item.needs)
    cells: tuple[Cell, ...] = ("合计", *[None] * 7, Fen(total_fen), *[None] * 7)
    yield Row(cells, sum=True, above=number + missing)
