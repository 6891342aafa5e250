"""The words of a budget proposal: steps, rules, inputs and decisions, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from fundledger.budget import Decision, FundTotal, Line, Overridden, Step
from fundledger.money import display_fen

_STEPS: Final = MappingProxyType(
    {
        "actual": ("上年实际列支", "paid last year"),
        "one-offs": ("剔除一次性因素", "one-offs left out"),
        "arrears-paid": ("剔除上年欠发", "paid for the year before"),
        "arrears-due": ("加计应付未付", "due and not paid yet"),
        "annualisation": ("年化调整", "the rest of the year"),
        "standard": ("标准调整因素", "effect of the standard"),
        "headcount": ("人数变动因素", "effect of the headcount"),
        "accepted-gap": ("采纳的需求差异", "gap accepted"),
        "override": ("手工核定", "decided by hand"),
        "duplicates": ("扣除重复对象", "persons declared twice"),
        "rounding": ("取整", "rounding"),
    }
)
_RULES: Final = MappingProxyType(
    {
        "A": ("A", "A"),
        "-O": ("−O", "−O"),
        "-R_open": ("−R初", "−R at the opening"),
        "+R_close": ("+R末", "+R at the cut-off"),
        "(12 - m) * H3 * g": ("(12−m) × H₃ × g", "(12 − m) × H₃ × g"),
        "(12 - m) * F3": ("(12−m) × 近月均数", "(12 − m) × mean of the last months"),
        "(12 - m) * E24": ("(12−m) × 近月均数", "(12 − m) × mean of the last months"),
        "A1 / s(m) - A1": ("A1 ÷ s(m) − A1", "A1 / s(m) − A1"),
        "(A1 + V) / s(m) - A1": ("(A1+V) ÷ s(m) − A1", "(A1 + V) / s(m) − A1"),
        "not begun": ("尚未开始", "not begun yet"),
        "ended": ("已经终止", "ended"),
        "as stated": ("按说明的数", "as stated"),
        "PM * (S_t - S_t-1)": ("PM × (S今 − S上)", "PM × (S now − S before)"),
        "(A2 + S) * (12 * H_t / PM - 1)": (
            "(A2+标准) × (12×H ÷ PM − 1)",
            "(A2 + S) × (12 × H / PM − 1)",
        ),
        "N - B0": ("N − B0（按申报数）", "N − B0 (as declared)"),
        "0 - B0": ("0 − B0（不再安排）", "0 − B0 (discontinued)"),
        "min(D, max(t * B0, e * D), c * B0)": (
            "min(D, max(t×B0, e×D), c×B0)",
            "min(D, max(t × B0, e × D), c × B0)",
        ),
        "min(D - K, max(t * B0, e * (D - K)), c * B0) + K": (
            "min(D−K, max(t×B0, e×(D−K)), c×B0) + K",
            "min(D − K, max(t × B0, e × (D − K)), c × B0) + K",
        ),
        "-K": ("−重复人数 × 标准 × 次数", "−persons × standard × times"),
        "up": ("向上取整", "rounded up"),
        "half-up": ("四舍五入取整", "rounded half up"),
        "not rounded": ("按文件数，不取整", "as the document has it, not rounded"),
        "by hand": ("手工核定数 − 测算数", "decided by hand − derived"),
        "b * before": ("b × 此前各步之和", "b × the steps before"),
        "a * H3 * k": ("每人金额 × H₃ × 月数", "a person × H₃ × months"),
    }
)
_INPUTS: Final = MappingProxyType(
    {
        "year": ("年度", "year"),
        "months": ("已记账月数 m", "months m in the books"),
        "opening_fen": ("年初应付未付", "owed when the year was opened"),
        "came_back_fen": ("上年已付本年退回", "paid before and come back since"),
        "released_fen": ("其中取消未付", "of it released and never paid"),
        "encumbered_fen": ("月末应付未付", "due at the cut-off"),
        "one_offs_due_fen": ("其中一次性因素", "of it for one-offs"),
        "vouchers": ("凭证号", "vouchers"),
        "mean_months": ("均数的月数", "months in the mean"),
        "months_left": ("余下月数", "months left"),
        "recent_heads": ("近月平均人数 H₃", "mean heads of the last months H₃"),
        "grant_fen": ("末月人均 g", "last month's average grant g"),
        "mean_fen": ("近月均数", "mean of the last months"),
        "share": ("往届进度 s(m)", "share of earlier rounds s(m)"),
        "rounds": ("往届", "earlier rounds"),
        "turned_fen": ("本届跨年部分 V", "of the round beyond the year V"),
        "total_fen": ("往届合计", "earlier rounds in all"),
        "person_months": ("人月数 PM", "person-months PM"),
        "standard_before_fen": ("上年平均标准", "mean standard before"),
        "standard_fen": ("今年平均标准", "mean standard now"),
        "assumed_from": ("假定标准起", "standard assumed from"),
        "heads": ("预测人数 H", "forecast heads H"),
        "need_fen": ("申报数 N", "need N"),
        "gap_fen": ("差异额 D", "gap D"),
        "basis": ("文号", "document"),
        "explanation": ("理由", "reason"),
        "evidenced_share": ("佐证比例 e", "share with evidence e"),
        "tolerance_basis_points": ("容忍度 t", "tolerance t"),
        "cap_basis_points": ("上限 c", "cap c"),
        "persons": ("重复人数", "persons declared twice"),
        "need_standard_fen": ("申报标准", "declared standard"),
        "times": ("月(次)数", "months or rounds"),
        "declared_with": ("另列于", "declared for as well"),
        "unit_fen": ("取整单位", "unit"),
        "share_basis_points": ("比例 b", "share b"),
        "before_fen": ("此前各步之和", "the steps before"),
        "each_fen": ("每人金额", "a person"),
        "step_months": ("月数", "months"),
        "decided_fen": ("核定数", "decided"),
        "computed_fen": ("测算数", "derived"),
        "actor": ("核定岗位", "decided by"),
        "available_fen": ("可用指标", "available"),
        "to_come_fen": ("年内尚需", "for the rest of the year"),
        "beyond_figure_fen": ("超出建议数而不用", "beyond the figure"),
        "not_carried_fen": ("结余上缴或年末收回", "a surplus that goes back, or lapses"),
    }
)
_DECISIONS: Final = MappingProxyType(
    {
        Decision.RIGID: ("刚性支出，按申报数足额安排", "entitlement, in full"),
        Decision.AS_DECLARED: ("按申报数安排", "as declared"),
        Decision.CAPPED: ("部分核定", "accepted in part"),
        Decision.NEW: ("新增项目", "new item"),
        Decision.DISCONTINUED: ("不再安排", "discontinued"),
        Decision.OVERRIDDEN: ("手工核定", "decided by hand"),
    }
)
_BLOCKED: Final = MappingProxyType(
    {
        "FL540": ("部门未申报，暂不测算", "waits: the unit did not declare"),
        "FL541": ("该类别未申报，暂不测算", "waits: not declared"),
        "FL542": ("新增项目缺文号，暂不测算", "waits: new, without a document"),
        "FL556": ("申报人数与发放清单不符", "waits: heads that the lists do not have"),
        "FL554": ("往届进度不足，须说明余下数", "waits: too little of the round has passed"),
        "FL584": ("本届早于账簿，须说明余下数", "waits: the round began before the books"),
        "FL555": ("账簿月数不足，须说明余下数", "waits: too few months in the books"),
        "FL561": ("自定步骤无法计算", "waits: a step of the rules that cannot be told"),
    }
)
_WARNED: Final = MappingProxyType(
    {
        "FL544": ("增减过大且未说明", "large change, not explained"),
        "FL550": ("账簿不足全年，增减不可比", "books of part of a year, not comparable"),
        "FL551": ("增减过大，须核实", "large change, to be looked into"),
        "FL553": ("集中支付，年化数意义不大", "paid in a month or two, year misleads"),
    }
)
_DECLARED: Final = re.compile(r"(\S+) row (\d+)", re.ASCII)
_BOOKED: Final = re.compile(r"journal (\S+)#(\d+) (\w*)", re.ASCII)
_INDEX: Final = MappingProxyType({"zh": 0, "en": 1})


def step_name(step: Step, language: str) -> str:
    """Return what a step is called."""
    return step.names.name(language) if step.names else step_words(step.name, language)


def step_words(name: str, language: str) -> str:
    """Return what a step of that name is called; one that is not known goes by its name."""
    return _STEPS.get(name, (name, name))[_INDEX[language]]


def rule(text: str, language: str) -> str:
    """Return a step's rule as people read it."""
    return _RULES.get(text, (text, text))[_INDEX[language]]


def shown_input(name: str, value: int | str, language: str, *, bare: bool = False) -> str:
    """Return one figure that a step rests on, with what it is unless `bare`."""
    shown = str(value)
    if name.endswith("_fen") and isinstance(value, str):
        shown = exact_yuan(Fraction(value))
    elif name == "assumed_from" and not value:
        shown = "-"
    elif isinstance(value, int) and name.endswith("_fen"):
        shown = display_fen(value)
    elif isinstance(value, int) and name.endswith("_basis_points"):
        sign = "-" if value < 0 else ""
        shown = f"{sign}{abs(value) // 100}.{abs(value) % 100:02d}%"
    return shown if bare else f"{input_words(name, language)} {shown}"


def input_words(name: str, language: str) -> str:
    """Return what a figure that a step rests on is called; an unknown one by its own name."""
    return _INPUTS.get(name, (name, name))[_INDEX[language]]


def other_sources_words(totals: Sequence[FundTotal]) -> list[str]:
    """Return what other sources take off what funds ask for, and what of them covers nothing."""
    over_fen = sum(total.other_sources_over_fen for total in totals)
    used_fen = sum(total.other_sources_fen for total in totals) - over_fen
    words = [f"已减其他来源 {display_fen(used_fen)}"] if used_fen else []
    return [*words, f"其他来源未减 {display_fen(over_fen)}"] if over_fen else words


def exact_yuan(amount_fen: Fraction) -> str:
    """Return an exact amount in yuan: 1,634.875; beyond four decimals what it is about."""
    if amount_fen.denominator == 1:
        return display_fen(int(amount_fen))
    hundredths = round(abs(amount_fen) * 100)
    sign = "-" if amount_fen < 0 else ""
    about = "" if abs(amount_fen) * 100 == hundredths else "≈"
    yuan, decimals = divmod(hundredths, 10_000)
    return f"{about}{sign}{yuan:,}.{f'{decimals:04d}'.rstrip('0').ljust(2, '0')}"


def shown_source(source: str, language: str) -> str:
    """Return where the figures of a step stand, of which the step says it in English."""
    if language == "en":
        return source
    declared = _DECLARED.sub(r"\1 第\2行", source)
    return _BOOKED.sub(_booked_zh, declared).replace(", ", "；")


def _booked_zh(found: re.Match[str]) -> str:
    fund, records, digest = found.groups()
    if records == "0":
        return f"{fund} 日记账（尚无记录）"
    return f"{fund} 日记账第{records}号记录（摘要 {digest}）"


def decision_words(decided: Decision, language: str) -> str:
    """Return how a line is decided, in words."""
    return _DECISIONS[decided][_INDEX[language]]


def state_words(state: str, language: str) -> str:
    """Return a decision, or what a line waits for by its code; what is not known as it is."""
    words = {**{one.value: said for one, said in _DECISIONS.items()}, **_BLOCKED}
    return words.get(state, (state, state))[_INDEX[language]]


def decision(line: Line, language: str) -> str:
    """Return how a line came to its figure, and what warns of it."""
    words = _DECISIONS[line.decision][_INDEX[language]]
    if line.overridden:
        derived = display_fen(line.computed_fen)
        words += f"（测算 {derived}）" if language == "zh" else f" (derived {derived})"
    return _warned(words, line, language)


def remark(line: Line, language: str) -> str:
    """Return what the joint conference should know of a line beside its figure."""
    return _warned(_remark(line, language) + _less_twice(line, language), line, language)


def _less_twice(line: Line, language: str) -> str:
    if line.need is None or not line.need.duplicate_persons:
        return ""
    persons, amount = line.need.duplicate_persons, display_fen(line.need.duplicates_fen)
    if language == "zh":
        return f"；扣除重复对象 {persons} 人 {amount} 元"
    return f"; less {persons} persons declared twice, {amount} yuan"


def _warned(words: str, line: Line, language: str) -> str:
    warnings = (_WARNED[code][_INDEX[language]] for code in line.warned)
    return ("；" if language == "zh" else "; ").join((words, *warnings))


def _remark(line: Line, language: str) -> str:
    words = _DECISIONS[line.decision][_INDEX[language]]
    need = line.need
    if line.overridden:
        words += _by_hand(line.overridden, language)
    for step, shown_fen in zip(line.steps, line.shown_fen(), strict=True):
        if step.names:
            comma = "，另计 " if language == "zh" else ", with "
            words += f"{comma}{step.names.name(language)} {display_fen(shown_fen)}"
    if line.decision is Decision.NEW and need:
        return f"{words}（{need.basis}）" if language == "zh" else f"{words} ({need.basis})"
    if line.deferred_fen:
        deferred = display_fen(line.deferred_fen)
        rest = f"，待议 {deferred} 元" if language == "zh" else f", {deferred} put off"
        return words + rest
    if need is None:
        ended = "，资金用途已终止" if language == "zh" else ", the purpose has ended"
        return words + ended
    return words


def _by_hand(kept: Overridden, language: str) -> str:
    """Return what was derived, and who decided otherwise, why and on what document."""
    derived = display_fen(kept.computed_fen)
    if language == "zh":
        return f"（测算 {derived} 元；{kept.actor} 依 {kept.document}：{kept.reason}）"
    return f" (derived {derived}; {kept.actor} by {kept.document}: {kept.reason})"


def reason_blocked(code: str, language: str) -> str:
    """Return why a line waits."""
    return _BLOCKED[code][_INDEX[language]]
