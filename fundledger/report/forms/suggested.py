"""T1: the budget that is suggested (年度社会救助资金预算建议表), line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from fundledger.budget import Blocked, FundTotal, Line, Proposal
from fundledger.report.forms.cells import SIGNATURES, Cell, Column, Fen, Form, Row, Share
from fundledger.report.forms.items import Item, items, line_id
from fundledger.report.proposal_words import other_sources_words, reason_blocked, remark

_COLUMNS = (
    Column("序号", 5, "centre"),
    Column("资金名称", 16),
    Column("牵头部门", 11),
    Column("救助类别", 17),
    Column("支出功能分类", 9, "centre"),
    Column("上年预算数", 14, "money"),
    Column("上年实际列支数", 14, "money"),
    Column("执行率", 7, "share"),
    Column("剔除一次性因素", 10, "money"),
    Column("年化调整", 13, "money"),
    Column("标准调整因素", 11, "money"),
    Column("人数变动因素", 11, "money"),
    Column("可比测算数", 14, "money"),
    Column("部门申报数", 14, "money"),
    Column("差异额", 12, "money"),
    Column("差异率", 7, "share"),
    Column("差异原因", 16),
    Column("核定建议数", 14, "money"),
    Column("其中:结转安排", 11, "money"),
    Column("其中:当年拨款", 14, "money"),
    Column("资金来源", 11),
    Column("备注", 16),
)


def suggested(proposal: Proposal) -> Form:
    """Return what is suggested for each line, with sums by fund."""
    return Form(
        "预算建议表",
        f"{proposal.year}年度社会救助资金预算建议表",
        _COLUMNS,
        tuple(_suggestions(proposal)),
        SIGNATURES,
        large=True,
        leading={0: "测算过程", 17: "测算过程"},
    )


def _suggestions(proposal: Proposal) -> Iterator[Row]:
    number = rows = 0
    everything = items(proposal)
    for total in _in_order(proposal.totals, everything):
        of_fund = [item for item in everything if item.key.fund == total.fund]
        for item in of_fund:
            number += 1
            yield Row(_suggestion(number, item), line=line_id(item.key))
        above = len(of_fund)
        if total.reserve_fen:
            above += 1
            yield Row(_reserve(total))
        others = tuple(_others(total))
        yield from map(Row, others)
        above += len(others)
        rows += above
        if above > 1:
            cells = _summed("小计", total.names.zh, of_fund, [total])
            yield Row(cells, sum=True, above=above)
            rows += 1
    yield Row(_summed("合计", "", everything, proposal.totals), sum=True, above=rows)


def _in_order(totals: Sequence[FundTotal], everything: Sequence[Item]) -> list[FundTotal]:
    by_fund = {total.fund: total for total in totals}
    return [by_fund[fund] for fund in dict.fromkeys(item.key.fund for item in everything)]


def _suggestion(number: int, item: Item) -> tuple[Cell, ...]:
    place, history, need = item.place, item.history, item.need
    budget_fen, actual_fen = history.adjusted_fen, history.actual_fen
    rate = Share(Fraction(actual_fen, budget_fen)) if budget_fen > 0 else None
    head: tuple[Cell, ...] = (
        *(number, place.fund.zh, place.unit.zh, place.category.zh, place.functional_code),
        *(Fen(budget_fen), Fen(actual_fen), rate),
    )
    need_fen = Fen(need.amount_fen) if need else None
    why = need.explanation if need else ""
    if isinstance(item, Blocked):
        gaps: tuple[Cell, ...] = (None,) * 5
        tail: tuple[Cell, ...] = (None, None, why, None, None, None)
        return (*head, *gaps, need_fen, *tail, place.sources.zh, reason_blocked(item.code, "zh"))
    shown = dict(zip((step.name for step in item.steps), item.shown_fen(), strict=True))
    base_fen = item.shown_base_fen
    share = Share(item.gap_fen / item.base_fen) if item.base_fen > 0 else None
    return (
        *head,
        *(_effect(shown, "one-offs"), _effect(shown, *_OVER_YEARS)),
        *(_effect(shown, "standard"), _effect(shown, "headcount"), Fen(base_fen)),
        *(need_fen, Fen(item.need_fen - base_fen), share, why),
        *(Fen(item.proposed_fen), Fen(item.carry_over_fen), Fen(item.appropriation_fen)),
        *(place.sources.zh, remark(item, "zh")),
    )


_OVER_YEARS = ("annualisation", "arrears-paid", "arrears-due")


def _effect(shown: Mapping[str, int], *names: str) -> Cell:
    """Return what some steps come to; None where a line has none of them."""
    there = [shown[name] for name in names if name in shown]
    return Fen(sum(there)) if there else None


def _reserve(total: FundTotal) -> tuple[Cell, ...]:
    cells: list[Cell] = [None] * len(_COLUMNS)
    cells[1], cells[3] = total.names.zh, "预备金"
    cells[17], cells[18], cells[19] = Fen(total.reserve_fen), Fen(0), Fen(total.reserve_fen)
    return tuple(cells)


def _others(total: FundTotal) -> Iterator[tuple[Cell, ...]]:
    """Yield what other sources take off what is asked for, and put back what covers nothing."""
    told = [
        ("减:其他来源", -one.amount_fen, one.names.zh, one.document) for one in total.other_sources
    ]
    if total.other_sources_over_fen:
        words = "尚有暂缺，暂不抵减" if total.blocked else "超出需求，不抵减"
        told.append(("加回:其他来源余额", total.other_sources_over_fen, "", words))
    for label, fen, source, words in told:
        cells: list[Cell] = [None] * len(_COLUMNS)
        cells[1], cells[3], cells[19] = total.names.zh, label, Fen(fen)
        cells[20], cells[21] = source, words
        yield tuple(cells)


def _summed(
    label: str, name: str, some: Sequence[Item], totals: Sequence[FundTotal]
) -> tuple[Cell, ...]:
    """Return the sums of lines, and of what `totals` of their funds have beside them."""
    lines = [item for item in some if isinstance(item, Line)]
    waiting = len(some) - len(lines)
    words = other_sources_words(totals)
    words += [f"未含暂缺 {waiting} 项"] if waiting else []
    reserve_fen = sum(total.reserve_fen for total in totals)
    budget_fen = sum(item.history.adjusted_fen for item in some)
    actual_fen = sum(item.history.actual_fen for item in some)
    cells: list[Cell] = [None] * len(_COLUMNS)
    cells[0], cells[1], cells[21] = label, name, "；".join(words)
    cells[5], cells[6] = Fen(budget_fen), Fen(actual_fen)
    cells[7] = Share(Fraction(actual_fen, budget_fen)) if budget_fen > 0 else None
    needs = [item.need.amount_fen for item in some if item.need]
    cells[13] = Fen(sum(needs)) if needs else None
    if not lines:
        return tuple(cells)
    rows = [_suggestion(0, line) for line in lines]
    for column in (8, 9, 10, 11, 12, 14):
        if any(row[column] is not None for row in rows):
            cells[column] = _sum(row[column] for row in rows)
    cells[17] = Fen(sum(line.proposed_fen for line in lines) + reserve_fen)
    cells[18] = Fen(sum(line.carry_over_fen for line in lines))
    cells[19] = Fen(sum(total.request_fen for total in totals))
    return tuple(cells)


def _sum(cells: Iterator[Cell]) -> Fen:
    return Fen(sum(cell.fen for cell in cells if isinstance(cell, Fen)))
