"""T3: what was spent the year before, held against the bank (上年实际列支核对表)."""

from __future__ import annotations

from collections.abc import Iterator

from fundledger.budget import Proposal
from fundledger.report.forms.cells import SHORT_SIGNATURES, Column, Fen, Form, Row
from fundledger.report.forms.items import items

_COLUMNS = (
    Column("序号", 5, "centre"),
    Column("资金", 22),
    Column("部门", 18),
    Column("类别", 22),
    Column("预算数", 16, "money"),
    Column("账面列支", 16, "money"),
    Column("银行实付", 16, "money"),
    Column("退汇未补发", 11, "money"),
    Column("名册应发", 11, "money"),
    Column("差异", 15, "money"),
    Column("说明", 26),
)


def paid(proposal: Proposal) -> Form:
    """Return what each line spent by the books and by the bank."""
    return Form(
        "上年列支核对",
        f"{proposal.year - 1}年度实际列支核对表（截至{proposal.cut_off.isoformat()}）",
        _COLUMNS,
        tuple(_compared(proposal)),
        SHORT_SIGNATURES,
    )


def _compared(proposal: Proposal) -> Iterator[Row]:
    sums = [0, 0, 0, 0]
    everything = items(proposal)
    for number, item in enumerate(everything, 1):
        place, history = item.place, item.history
        difference_fen = history.actual_fen - history.bank_fen
        figures = (history.approved_fen, history.actual_fen, history.bank_fen, difference_fen)
        sums = [total + figure for total, figure in zip(sums, figures, strict=True)]
        words = "账面与银行不一致，须查明" if difference_fen else ""
        yield Row(
            (
                *(number, place.fund.zh, place.unit.zh, place.category.zh),
                *(Fen(history.approved_fen), Fen(history.actual_fen), Fen(history.bank_fen)),
                *(None, None, Fen(difference_fen), words),
            )
        )
    first, second, third, last = map(Fen, sums)
    cells = ("合计", None, None, None, first, second, third, None, None, last, "")
    yield Row(cells, sum=True, above=len(everything))
