"""The tables of a budget proposal (年度社会救助资金预算建议) as rows of plain values.

A cell is text, a whole number, `Fen`, a `Share`, or None where nothing is derived yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

from fundledger.budget import Blocked, FundTotal, Line, LineKey, Place, Proposal, whole_fen
from fundledger.report.proposal_words import (
    reason_blocked,
    remark,
    rule,
    shown_input,
    shown_source,
    step_name,
)


class Fen(NamedTuple):
    """Money in fen."""

    fen: int


class Share(NamedTuple):
    """A part of something: 1 is all of it."""

    share: Fraction


Cell: TypeAlias = str | int | Fen | Share | None
Kind: TypeAlias = Literal["text", "centre", "money", "share", "whole"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a form: its heading, its width in narrow characters, what stands in it."""

    heading: str
    width: int
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a form; a `sum` row stands out, and adds up the money of so many rows above it.

    Sums among those rows are not added once more.
    """

    cells: tuple[Cell, ...]
    sum: bool = False
    above: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """One form: the name of its sheet, its title, columns, rows, and the places to sign."""

    sheet: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    signatures: tuple[str, ...]
    large: bool = False
    fixed: int = 4


Item: TypeAlias = Line | Blocked

_T1 = (
    Column("序号", 5, "centre"),
    Column("资金名称", 16),
    Column("牵头部门", 11),
    Column("救助类别", 14),
    Column("支出功能分类", 9, "centre"),
    Column("上年预算数", 13, "money"),
    Column("上年实际列支数", 13, "money"),
    Column("执行率", 7, "share"),
    Column("剔除一次性因素", 12, "money"),
    Column("年化调整", 12, "money"),
    Column("标准调整因素", 12, "money"),
    Column("人数变动因素", 12, "money"),
    Column("可比测算数", 13, "money"),
    Column("部门申报数", 13, "money"),
    Column("差异额", 12, "money"),
    Column("差异率", 7, "share"),
    Column("差异原因", 16),
    Column("核定建议数", 13, "money"),
    Column("其中:结转安排", 12, "money"),
    Column("其中:当年拨款", 13, "money"),
    Column("资金来源", 11),
    Column("备注", 16),
)
_T2 = (
    Column("序号", 5, "centre"),
    Column("申报部门", 13),
    Column("资金", 14),
    Column("救助类别", 14),
    Column("对象户数", 7, "whole"),
    Column("对象人数", 7, "whole"),
    Column("补助标准\n(元/人·月)", 12, "money"),
    Column("月(次)数", 8, "whole"),
    Column("需求金额", 15, "money"),
    Column("政策依据(文号)", 14),
    Column("测算说明", 17),
    Column("佐证材料", 12),
    Column("其中有佐证金额", 11, "money"),
    Column("经办人", 9),
    Column("部门负责人", 10),
    Column("申报日期", 11, "centre"),
)
_T3 = (
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
_STEPS = (
    Column("序号", 5, "centre"),
    Column("资金", 17),
    Column("部门", 16),
    Column("类别", 19),
    Column("步骤", 16),
    Column("金额", 15, "money"),
    Column("算式", 26),
    Column("数据", 34),
    Column("出处", 28),
)
_SIGNATURES = ("制表：", "审核：", "分管领导：", "联席会议审议意见：", "日期：　　　年　　月　　日")
_SHORT_SIGNATURES = ("制表：", "审核：", "日期：　　　年　　月　　日")


def forms(proposal: Proposal) -> tuple[Form, ...]:
    """Return the forms that go to the joint conference, in their order."""
    year = proposal.year
    return (
        Form(
            "预算建议表",
            f"{year}年度社会救助资金预算建议表",
            _T1,
            tuple(_suggestions(proposal)),
            _SIGNATURES,
            large=True,
        ),
        Form(
            "需求申报汇总",
            f"{year}年度部门资金需求申报汇总表",
            _T2,
            tuple(_declared(proposal)),
            _SHORT_SIGNATURES,
        ),
        Form(
            "上年列支核对",
            f"{year - 1}年度实际列支核对表（截至{proposal.cut_off.isoformat()}）",
            _T3,
            tuple(_compared(proposal)),
            _SHORT_SIGNATURES,
        ),
        Form(
            "测算过程",
            f"{year}年度社会救助资金预算测算过程",
            _STEPS,
            tuple(_derived(proposal)),
            _SHORT_SIGNATURES,
        ),
    )


def items(proposal: Proposal) -> tuple[Item, ...]:
    """Return lines and blocked lines together, fund by fund in the order of the rules."""
    known: dict[LineKey, Item] = {line.key: line for line in proposal.lines}
    known.update((item.key, item) for item in proposal.blocked)
    funds = list(dict.fromkeys(key.fund for key in proposal.places))
    ordered = sorted(proposal.places, key=lambda key: funds.index(key.fund))
    return tuple(known[key] for key in ordered if key in known)


def _suggestions(proposal: Proposal) -> Iterator[Row]:
    number = rows = 0
    everything = items(proposal)
    for total in _in_order(proposal.totals, everything):
        of_fund = [item for item in everything if item.key.fund == total.fund]
        for item in of_fund:
            number += 1
            yield Row(_suggestion(number, item))
        above = len(of_fund)
        if total.reserve_fen:
            above += 1
            yield Row(_reserve(total))
        rows += above
        if above > 1:
            words = f"未含暂缺 {total.blocked} 项" if total.blocked else ""
            cells = _summed("小计", total.names.zh, of_fund, total.reserve_fen, words)
            yield Row(cells, sum=True, above=above)
            rows += 1
    reserve_fen = sum(total.reserve_fen for total in proposal.totals)
    words = f"未含暂缺 {len(proposal.blocked)} 项" if proposal.blocked else ""
    yield Row(_summed("合计", "", everything, reserve_fen, words), sum=True, above=rows)


def _in_order(totals: Sequence[FundTotal], everything: Sequence[Item]) -> list[FundTotal]:
    by_fund = {total.fund: total for total in totals}
    return [by_fund[fund] for fund in dict.fromkeys(item.key.fund for item in everything)]


def _suggestion(number: int, item: Item) -> tuple[Cell, ...]:
    place, history, need = item.place, item.history, item.need
    budget_fen, actual_fen = history.approved_fen, history.actual_fen
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
    base_fen = whole_fen(item.base_fen)
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
    cells: list[Cell] = [None] * len(_T1)
    cells[1], cells[3] = total.names.zh, "预备金"
    cells[17], cells[18], cells[19] = Fen(total.reserve_fen), Fen(0), Fen(total.reserve_fen)
    return tuple(cells)


def _summed(
    label: str, name: str, some: Sequence[Item], reserve_fen: int, words: str
) -> tuple[Cell, ...]:
    lines = [item for item in some if isinstance(item, Line)]
    budget_fen = sum(item.history.approved_fen for item in some)
    actual_fen = sum(item.history.actual_fen for item in some)
    cells: list[Cell] = [None] * len(_T1)
    cells[0], cells[1], cells[21] = label, name, words
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
    cells[19] = Fen(sum(line.appropriation_fen for line in lines) + reserve_fen)
    return tuple(cells)


def _sum(cells: Iterator[Cell]) -> Fen:
    return Fen(sum(cell.fen for cell in cells if isinstance(cell, Fen)))


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


def _derived(proposal: Proposal) -> Iterator[Row]:
    number = 0
    for item in items(proposal):
        number += 1
        place = item.place
        names = (place.fund.zh, place.unit.zh, place.category.zh)
        if isinstance(item, Blocked):
            words = reason_blocked(item.code, "zh")
            yield Row((number, *names, "暂不测算", None, "", words, ""))
            continue
        for step, shown_fen in zip(item.steps, item.shown_fen(), strict=True):
            inputs = [shown_input(name, value, "zh") for name, value in step.inputs]
            if step.amount_fen.denominator != 1:
                inputs.append(f"精确值 {step.amount_fen} 分")
            yield Row(
                (
                    *(number, *names, step_name(step, "zh"), Fen(shown_fen)),
                    *(rule(step.rule, "zh"), "；".join(inputs), shown_source(step.source, "zh")),
                )
            )
        cells = (number, *names, "核定建议数", Fen(item.proposed_fen), remark(item, "zh"), "", "")
        yield Row(cells, sum=True, above=len(item.steps))


def line_name(place: Place, language: str) -> str:
    """Return unit and category as people read them."""
    return f"{place.unit.name(language)} · {place.category.name(language)}"
