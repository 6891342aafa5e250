"""One line of a proposal told in words: step by step to its figure, and why it is that one."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final

from fundledger.budget import Blocked, Decision, Line, LineKey, Proposal, whole_fen
from fundledger.budget.waterfall import Limits, limits_of, running_fen
from fundledger.findings import Finding
from fundledger.money import display_fen
from fundledger.report.proposal_words import (
    decision_words,
    reason_blocked,
    rule,
    shown_input,
    shown_source,
    step_name,
)

_SENTENCES: Final = MappingProxyType(
    {
        "A": (
            "上年账簿中本项已支出净额，已扣退汇、冲账和追回",
            "what the books have as expended, less what came back",
        ),
        "-O": (
            "规则列名或凭证标明的一次性支出不再发生，剔除",
            "what is named as a one-off is left out",
        ),
        "-R_open": (
            "属于以前年度的应付款，本年补付或仍未付的，剔除",
            "what was owed for years before, paid in this one or still owed, is left out",
        ),
        "+R_close": ("截止日应付未付的，计入一次", "what is due and not paid yet counts once"),
        "(12 - m) * H3 * g": (
            "余下各月按近月平均人数，每人按末月人均金额",
            "each month left takes the recent heads at the last month's average grant",
        ),
        "(12 - m) * F3": (
            "没有发放清单，余下各月按近月平均支出",
            "without payment lists each month left takes the mean of the last ones",
        ),
        "(12 - m) * E24": (
            "突发类，余下各月按往月平均支出，一次性的不计",
            "each month left takes the mean of the events before, without one-offs",
        ),
        "A1 / s(m) - A1": (
            "按届发放：往届到本月已付多大比例，就按这个比例推到全年",
            "the year is told from the share that earlier rounds had taken by this month",
        ),
        "(A1 + V) / s(m) - A1": (
            "按届发放，本届跨年：加上年已付的、减去已付下一届的，再按往届进度推到全届",
            "a round over the turn of the year: with what it took before it, and without the next",
        ),
        "not begun": ("本项在截止日之后才开始", "its purpose begins after the cut-off"),
        "ended": ("本项已经终止，余下月份不再支出", "its purpose has ended: nothing is to come"),
        "as stated": ("按所注依据写明的数", "the amount that its source states"),
        "PM * (S_t - S_t-1)": (
            "标准提高或降低，每人月按差额计",
            "each person-month takes what the standard rises by",
        ),
        "(A2 + S) * (12 * H_t / PM - 1)": (
            "人数变动：按预测人数全年人月与上年人月之比",
            "the forecast heads' twelve months against the person-months of the year",
        ),
        "N - B0": ("申报数与可比测算数的差异全部采纳", "all of the gap to the need is accepted"),
        "0 - B0": ("不再安排，可比测算数全部减去", "nothing is given any more"),
        "min(D, max(t * B0, e * D), c * B0)": (
            "差异采纳到容忍度或佐证比例中较大者，并以上限为限",
            "the gap is accepted up to the larger of tolerance and evidence, never over the cap",
        ),
        "up": ("向上取到整单位", "up to the next whole unit"),
        "half-up": ("四舍五入到整单位", "to the nearest whole unit, halves up"),
        "not rounded": ("文件核定的数不取整", "what a document decides is not rounded"),
        "by hand": (
            "按文件手工核定，测算数并列保留",
            "decided by hand on a document; what was derived is kept beside it",
        ),
        "b * before": ("按此前各步之和的比例", "a share of the sum of the steps before it"),
        "a * H3 * k": (
            "每人金额乘近月平均人数乘月数",
            "an amount a person, times the recent heads, times the months",
        ),
    }
)
_LIMITS: Final = MappingProxyType(
    {
        "gap": ("差异额全部在限度之内", "all of the gap is within the limits"),
        "tolerance": ("由容忍度决定：没有更多佐证", "the tolerance decided: no more is backed"),
        "evidence": ("由佐证比例决定", "the share that evidence backs decided"),
        "cap": ("由上限决定：再多的佐证也不超过", "the cap decided, whatever is backed"),
    }
)
_INDEX: Final = MappingProxyType({"zh": 0, "en": 1})


def waterfall(proposal: Proposal, key: LineKey, language: str) -> list[str]:
    """Return the lines that tell how one line of a proposal came to its figure, or waits."""
    place = proposal.places[key]
    zh = language == "zh"
    head = f"{place.category.name(language)}  {key.fund}/{key.line}  {proposal.year}"
    said = [head]
    item = item_of(proposal, key)
    if isinstance(item, Line):
        said += _steps(item, language)
        said += _why(item, language)
    elif isinstance(item, Blocked):
        said.append(_pair("待补", "Waits", reason_blocked(item.code, language), zh=zh))
    else:
        words = ("上年没有列支，也没有申报", "nothing was paid, and nothing is declared")
        said.append(_pair("未列入", "Not in it", words[_INDEX[language]], zh=zh))
    return said


def item_of(proposal: Proposal, key: LineKey) -> Line | Blocked | None:
    """Return a line with a figure, or one that waits; None for one that is not in the proposal."""
    items: tuple[Line | Blocked, ...] = (*proposal.lines, *proposal.blocked)
    return next((item for item in items if item.key == key), None)


def findings_on(proposal: Proposal, key: LineKey) -> list[Finding]:
    """Return what was found on a line, or on the unit that has to declare it."""
    unit = f"{key.unit}.xlsx"
    return [
        one
        for one in proposal.findings
        if (one.fund, one.subject) == (key.fund, key.line)
        or (one.code == "FL540" and one.subject == unit)
    ]


def waterfall_json(proposal: Proposal, key: LineKey) -> dict[str, Any]:
    """Return the same as plain JSON values, in both languages."""
    plain: Any = proposal.as_json()
    found = [
        one
        for one in (*plain["lines"], *plain["blocked"])
        if (one["fund"], one["line"]) == (key.fund, key.line)
    ]
    result: dict[str, Any] = {**found[0]} if found else {"fund": key.fund, "line": key.line}
    item = item_of(proposal, key)
    result["year"] = proposal.year
    result["findings"] = [one.as_json() for one in findings_on(proposal, key)]
    if isinstance(item, Line):
        limits = limits_of(item)
        result["limits"] = limits.as_json() if limits else None
        result["why_zh"], result["why_en"] = (
            list(_why(item, language)) for language in ("zh", "en")
        )
        for step, own, sum_fen in zip(result["steps"], item.steps, running_fen(item), strict=True):
            step["running_fen"] = str(sum_fen)
            step["said_zh"], step["said_en"] = _SENTENCES[own.rule]
    return result


def _steps(line: Line, language: str) -> Iterator[str]:
    zh = language == "zh"
    sum_fen = 0
    steps = zip(line.steps, line.shown_fen(), running_fen(line), strict=True)
    for number, (step, shown_fen, exact_fen) in enumerate(steps, 1):
        sum_fen += shown_fen
        running = f"　累计 {display_fen(sum_fen)}" if zh else f"   sum {display_fen(sum_fen)}"
        yield f"{number}. {step_name(step, language)}  {display_fen(shown_fen)}{running}"
        sentence = _SENTENCES[step.rule][_INDEX[language]]
        yield "   " + _pair("规则", "Rule", f"{rule(step.rule, language)}  {sentence}", zh=zh)
        inputs = [shown_input(name, value, language) for name, value in step.inputs]
        if exact_fen.denominator != 1:
            inputs.append(f"精确累计 {exact_fen} 分" if zh else f"exact sum {exact_fen} fen")
        if inputs:
            yield "   " + _pair("数据", "Inputs", ("；" if zh else "; ").join(inputs), zh=zh)
        yield "   " + _pair("出处", "Source", shown_source(step.source, language), zh=zh)


def _why(line: Line, language: str) -> Iterator[str]:
    """Yield how it was decided and why, what is put off, and the rounding."""
    zh = language == "zh"
    yield _pair("核定", "Decision", decision_words(line.computed_decision, language), zh=zh)
    limits = limits_of(line)
    if limits is not None:
        yield _compared(limits, language)
    elif line.computed_decision is Decision.AS_DECLARED:
        yield "申报数不高于可比测算数。" if zh else "The need is not above the comparable base."
    if line.overridden is not None:
        kept = line.overridden
        was, now = display_fen(kept.computed_fen), display_fen(line.proposed_fen)
        yield (
            f"手工核定：{kept.actor} 依 {kept.document} 由 {was} 改为 {now}，理由：{kept.reason}"
            if zh
            else f"By hand: {kept.actor}, on {kept.document}, took {now} in place of {was}: "
            f"{kept.reason}"
        )
    if line.deferred_fen:
        yield _pair("待议", "Put off", display_fen(line.deferred_fen), zh=zh)
    rounding = line.steps[-1]
    sentence = _SENTENCES[rounding.rule][_INDEX[language]]
    amount = display_fen(whole_fen(rounding.amount_fen))
    yield _pair("取整", "Rounding", f"{amount}{'，' if zh else ', '}{sentence}", zh=zh)
    yield _pair("建议数", "Proposed", display_fen(line.proposed_fen), zh=zh)


def _compared(limits: Limits, language: str) -> str:
    gap, tolerance, evidence, cap, accepted = (
        display_fen(whole_fen(amount_fen))
        for amount_fen in (
            limits.gap_fen,
            limits.tolerance_fen,
            limits.evidence_fen,
            limits.cap_fen,
            limits.accepted_fen,
        )
    )
    decided = _LIMITS[limits.decided_by][_INDEX[language]]
    if language == "zh":
        return (
            f"差异额 D {gap}；容忍度 t×B0 {tolerance}；佐证 e×D {evidence}；上限 c×B0 {cap}；"
            f"采纳 {accepted}，{decided}。"
        )
    return (
        f"Gap D {gap}; tolerance t × B0 {tolerance}; evidence e × D {evidence}; cap c × B0 {cap}; "
        f"{accepted} accepted, {decided}."
    )


def _pair(label_zh: str, label_en: str, text: str, *, zh: bool) -> str:
    return f"{label_zh}：{text}" if zh else f"{label_en}: {text}"
