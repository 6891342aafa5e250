"""How each figure of a proposal came about (测算过程), step by step."""

from __future__ import annotations

from collections.abc import Iterator

from fundledger.budget import Blocked, Proposal
from fundledger.report.forms.cells import SHORT_SIGNATURES, Column, Fen, Form, Row
from fundledger.report.forms.items import items, line_id
from fundledger.report.proposal_words import (
    reason_blocked,
    remark,
    rule,
    shown_input,
    shown_source,
    step_name,
)

_COLUMNS = (
    Column("序号", 5, "centre"),
    Column("资金", 17),
    Column("部门", 16),
    Column("类别", 19),
    Column("步骤", 16),
    Column("金额", 15, "money"),
    Column("算式", 30),
    Column("数据", 41),
    Column("出处", 30),
)


def derived(proposal: Proposal) -> Form:
    """Return the steps of each line, which add up to its figure."""
    return Form(
        "测算过程",
        f"{proposal.year}年度社会救助资金预算测算过程",
        _COLUMNS,
        tuple(_derived(proposal)),
        SHORT_SIGNATURES,
        leading={0: "预算建议表"},
    )


def _derived(proposal: Proposal) -> Iterator[Row]:
    number = 0
    for item in items(proposal):
        number += 1
        place = item.place
        line = line_id(item.key)
        names = (place.fund.zh, place.unit.zh, place.category.zh)
        if isinstance(item, Blocked):
            words = reason_blocked(item.code, "zh")
            yield Row((number, *names, "暂不测算", None, "", words, ""), line=line)
            continue
        for step, shown_fen in zip(item.steps, item.shown_fen(), strict=True):
            inputs = [shown_input(name, value, "zh") for name, value in step.inputs]
            if step.amount_fen.denominator != 1:
                inputs.append(f"精确值 {step.amount_fen} 分")
            yield Row(
                (
                    *(number, *names, step_name(step, "zh"), Fen(shown_fen)),
                    *(rule(step.rule, "zh"), "；".join(inputs), shown_source(step.source, "zh")),
                ),
                line=line,
            )
        cells = (number, *names, "核定建议数", Fen(item.proposed_fen), remark(item, "zh"), "", "")
        yield Row(cells, sum=True, above=len(item.steps), line=line)
