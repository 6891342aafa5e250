"""T3: what was spent the year before, against bank and payment lists (上年实际列支核对表)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fundledger.budget import Documents, History, LineKey, Listed, Proposal
from fundledger.money import display_fen
from fundledger.report.forms.behind import books_behind
from fundledger.report.forms.cells import SHORT_SIGNATURES, Cell, Column, Fen, Form, Row
from fundledger.report.forms.items import items

_COLUMNS = (
    Column("序号", 5, "centre"),
    Column("资金", 23),
    Column("部门", 21),
    Column("类别", 25),
    Column("预算数", 15, "money"),
    Column("账面列支", 15, "money"),
    Column("银行实付", 15, "money"),
    Column("退汇未补发", 13, "money"),
    Column("名册应发", 15, "money"),
    Column("差异", 13, "money"),
    Column("说明", 25),
)


def paid(proposal: Proposal, beside: Documents | None) -> Form:
    """Return what each line spent by the books, by the bank and by its payment lists."""
    return Form(
        "上年列支核对",
        f"{proposal.year - 1}年度实际列支核对表（截至{proposal.cut_off.isoformat()}）",
        _COLUMNS,
        tuple(_compared(proposal, {} if beside is None else beside.listed)),
        SHORT_SIGNATURES,
        notes=() if beside is None else books_behind(beside, proposal.cut_off),
    )


def _compared(proposal: Proposal, listed: Mapping[LineKey, Listed]) -> Iterator[Row]:
    everything = items(proposal)
    for number, item in enumerate(everything, 1):
        place, history = item.place, item.history
        of_lists = listed.get(item.key)
        yield Row(
            (
                *(number, place.fund.zh, place.unit.zh, place.category.zh),
                *_figures(history, of_lists),
                "；".join(_remarks(history, of_lists)),
            )
        )
    histories = [item.history for item in everything]
    every = [listed[item.key] for item in everything if item.key in listed]
    of_lists = Listed(*map(sum, zip(*every, strict=True))) if every else None
    together = History(
        adjusted_fen=sum(history.adjusted_fen for history in histories),
        actual_fen=sum(history.actual_fen for history in histories),
        bank_fen=sum(history.bank_fen for history in histories),
    )
    sums = _figures(together, of_lists)
    yield Row(("合计", None, None, None, *sums, ""), sum=True, above=len(everything))


def _figures(history: History, of_lists: Listed | None) -> tuple[Cell, ...]:
    return (
        *(Fen(history.adjusted_fen), Fen(history.actual_fen), Fen(history.bank_fen)),
        None if of_lists is None else Fen(of_lists.unpaid_fen),
        None if of_lists is None else Fen(of_lists.due_fen),
        Fen(history.actual_fen - history.bank_fen),
    )


def _remarks(history: History, of_lists: Listed | None) -> Iterator[str]:
    if history.actual_fen != history.bank_fen:
        yield "账面与银行不一致，须查明"
    if of_lists is not None and history.actual_fen != of_lists.due_fen:
        more_fen = history.actual_fen - of_lists.due_fen
        yield f"账面比名册{'多' if more_fen > 0 else '少'} {display_fen(abs(more_fen))}"
