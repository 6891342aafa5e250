"""T6: what the payments are to reach, and what they reached the year before (绩效目标表)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from fundledger.budget import Documents, Performance, Proposal
from fundledger.ledger.batches.timely import WHOLE
from fundledger.money import display_fen
from fundledger.report.forms.behind import books_behind
from fundledger.report.forms.cells import SHORT_SIGNATURES, Column, Form, Row, Share

_COLUMNS = (
    Column("序号", 5, "centre"),
    Column("指标", 20),
    Column("目标值", 12, "rate"),
    Column("上年完成", 12, "rate"),
    Column("口径", 92),
    Column("目标依据", 40),
)


class _Reached(NamedTuple):
    """What an indicator came to, in basis points rounded down, so that all is only all."""

    name: str
    indicator: str
    basis_points: int | None
    words: str


def aimed(proposal: Proposal, beside: Documents) -> Form:
    """Return the indicators; what is not in the books, and what is not aimed at, is left blank."""
    return Form(
        "绩效目标",
        f"{proposal.year}年度社会救助资金绩效目标表",
        _COLUMNS,
        tuple(_rows(beside.performance)),
        SHORT_SIGNATURES,
        fixed=2,
        notes=books_behind(beside, proposal.cut_off),
    )


def _rows(performance: Performance) -> Iterator[Row]:
    for number, one in enumerate(_reached(performance), 1):
        target = performance.targets.get(one.indicator)
        yield Row(
            (
                *(number, one.name),
                _share(None if target is None else target.basis_points),
                _share(one.basis_points),
                *(one.words, "" if target is None else target.source),
            )
        )


def _share(basis_points: int | None) -> Share | None:
    return None if basis_points is None else Share(Fraction(basis_points, WHOLE))


def _reached(performance: Performance) -> Iterator[_Reached]:
    tally, sent = performance.tally, performance.sent
    spent_fen, through_fen = performance.spent_fen, performance.through_fen
    yield _Reached(
        "按时发放率",
        "timely",
        tally.timely[0],
        f"应付日已过的 {tally.due.payments} 笔中，应付日前（含当日）扣款且已付到 "
        f"{tally.on_time.payments} 笔（发放名册，按笔数）",
    )
    yield _Reached(
        "足额发放率",
        "full",
        tally.full[1],
        f"名册应发 {display_fen(tally.approved.amount_fen)} 元中，已付到 "
        f"{display_fen(tally.paid.amount_fen)} 元",
    )
    yield _Reached(
        "社会化发放率",
        "through-accounts",
        WHOLE * through_fen // spent_fen if spent_fen > 0 else None,
        f"实际列支 {display_fen(spent_fen)} 元中，按批经银行发放到个人账户 "
        f"{display_fen(through_fen)} 元",
    )
    yield _Reached(
        "发放准确率",
        "accurate",
        WHOLE * sent.sound // sent.payments if sent.payments else None,
        f"送银行 {sent.payments} 笔中，未失败、未退汇、未冲账、未追回 {sent.sound} 笔",
    )
    yield _Reached(
        "应保尽保率",
        "coverage",
        None,
        "账簿无此数：以在册对象名册与发放名册比对取得，由救助部门填报",
    )
    yield _Reached(
        "投诉处理率", "complaints", None, "账簿无此数：以信访、投诉登记取得，由信访部门填报"
    )
