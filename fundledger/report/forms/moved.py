"""T7: what was moved between the lines of the year before, and by which decision (预算调剂)."""

from __future__ import annotations

from collections.abc import Iterator

from fundledger.budget import Documents, LineKey, Proposal
from fundledger.ledger.lines import Line
from fundledger.ledger.virements import Virement
from fundledger.money import display_fen
from fundledger.report.forms.behind import books_behind
from fundledger.report.forms.cells import SIGNATURES, Column, Fen, Form, Row
from fundledger.report.forms.items import line_name

_COLUMNS = (
    Column("序号", 5, "centre"),
    Column("资金", 24),
    Column("调出类别", 26),
    Column("调入类别", 26),
    Column("金额", 15, "money"),
    Column("理由", 30),
    Column("批准文号", 22),
    Column("日期", 12, "centre"),
    Column("凭证", 24),
)


def moved(proposal: Proposal, beside: Documents) -> Form:
    """Return the virements; of one that was reversed the amount is told, and not added."""
    return Form(
        "预算调剂",
        f"{beside.year}年度预算调剂表（已办，截至{beside.day.isoformat()}）",
        _COLUMNS,
        tuple(_rows(proposal, beside)),
        SIGNATURES,
        fixed=2,
        until=beside.day,
        notes=books_behind(beside, beside.day),
    )


def _rows(proposal: Proposal, beside: Documents) -> Iterator[Row]:
    number = total_fen = 0
    for fund, of_fund in beside.virements.items():
        for one in of_fund:
            number += 1
            total_fen += 0 if one.undone_by else one.amount_fen
            yield _row(number, fund, one, proposal)
    if not number:
        yield Row((None, "无", *[None] * 7))
    cells = ("合计", None, None, None, Fen(total_fen), *[None] * 4)
    yield Row(cells, sum=True, above=max(number, 1))


def _row(number: int, fund: str, one: Virement, proposal: Proposal) -> Row:
    names = {place.key.fund: place.fund.zh for place in proposal.places.values()}
    undone = f"（已由 {one.undone_by} 冲销，原 {display_fen(one.amount_fen)}）"
    return Row(
        (
            *(number, names.get(fund, fund)),
            *(_name(proposal, fund, line) for line in (one.giver, one.taker)),
            None if one.undone_by else Fen(one.amount_fen),
            *(one.reason, one.approval, one.on.isoformat()),
            one.ref + (undone if one.undone_by else ""),
        )
    )


def _name(proposal: Proposal, fund: str, line: Line) -> str:
    place = proposal.places.get(LineKey(fund, *line))
    return ":".join(line) if place is None else line_name(place, "zh")
