"""What a budget proposal rests on, what it leaves open, and how its figures are to be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fundledger.budget import Documents, Proposal
from fundledger.budget.annual import YEAR_MONTHS
from fundledger.money import display_fen
from fundledger.report.forms import Cell, Fen
from fundledger.report.proposal_words import reason_blocked


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the notes: paragraphs, and a table; its cells take `spans` of eight columns."""

    title: str
    paragraphs: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    spans: tuple[int, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()


def sections(proposal: Proposal, beside: Documents | None = None) -> tuple[Section, ...]:
    """Return the sections in their order; what stands `beside` the proposal has its readings."""
    return (
        Section("一、编制依据", tuple(_grounds(proposal))),
        Section("二、口径", tuple(_readings(proposal, beside))),
        _fund_sums(proposal),
        _open_lines(proposal),
        _put_off(proposal),
        _findings(proposal),
        _sources(proposal),
    )


def _grounds(proposal: Proposal) -> Iterator[str]:
    before = proposal.year - 1
    yield (
        f"1. 依据 {before} 年实际救助列支情况和各部门申报的 {proposal.year} 年需要经费数编制，"
        "两个来源缺一不可：缺任一来源的类别暂不测算，不以上年数代替。"
    )
    yield (
        f"2. 数据截至 {proposal.as_of.isoformat()}；{before} 年账簿计至完整月份末 "
        f"{proposal.cut_off.isoformat()}，共 {proposal.months} 个月，当月未满的业务不计入。"
    )
    state = "各类别均已测算。" if proposal.complete else "尚有暂缺类别（见第四部分），不能定稿。"
    yield f"3. 共 {len(proposal.lines)} 项已测算，{len(proposal.blocked)} 项暂缺；{state}"


def _readings(proposal: Proposal, beside: Documents | None) -> Iterator[str]:
    yield (
        "1. A 上年实际列支数＝账簿中该类别已支出指标净额（已扣退汇、冲账、追回；"
        "年末结转凭证和更正以前年度的凭证不计）。"
    )
    yield (
        "2. B0 可比测算数＝A 剔除一次性和上年欠发、加计应付未付，"
        f"再加余下 {YEAR_MONTHS - proposal.months} 个月、标准和人数变动因素，"
        "以及规则自定的步骤（备注栏“另计”）；建议表“年化调整”一栏含剔除上年欠发和加计应付未付。"
        "余下月份按 rules/budget.toml 的类型推算："
        "按月的依发放清单人数和末月人均，按届的依往届进度，突发的依往月平均；推算不出的列为待补。"
    )
    yield (
        "3. N 部门申报数，D 差异额＝N−B0。刚性支出按 N 足额安排；酌情支出 N 不高于 B0 的按 N 安排，"
        "高于 B0 的按 B0＋min(D, max(t×B0, e×D), c×B0)，余额列入待议；"
        "t、c 见 rules/budget.toml，e 为申报数中有佐证金额的比例。"
        "手工核定的，测算数并列于备注，按文件所载数不取整。"
    )
    yield "4. 上年预算数为年初批复加追加、追减、调剂和上年结转；执行率＝实际列支÷上年预算数。"
    yield (
        "5. 结转安排为同一资金、同一类别年末预计可用指标：截止日可用指标减去按已有进度测算的"
        "余下月份支出（先由已占用指标承担），不计未到账指标，不看银行余额，不跨类别调剂；"
        "资金规定年末收回的不计。"
    )
    yield "6. 取整单列一步；各步以精确分数计算，列示到分，各步之和与核定建议数分文不差。"
    if beside is None:
        yield "7. 核对表中“退汇未补发”“名册应发”和结转结余、执行进度、收支决算等表未取数。"
        return
    first, last = f"{beside.year}年1月", f"{proposal.months}月"
    yield (
        f"7. 核对表“名册应发”为 {first}至{last}各月已批准的发放名册，每人每类每月只计一次，"
        "补发的以补发为准，撤销的不计，不再发放的仍计；“退汇未补发”为其中失败、退汇、冲账，款已在专户而未补发、未作不再发放的。"
        "两项按账簿现有记录；不用名册发放的类别留空。账面与名册之差为名册外支出、上年应发今年付、"
        "应发未付和不再发放的。"
    )
    yield (
        f"8. 结转结余、执行进度、预算调剂、收支决算各表计至 {beside.day.isoformat()}，"
        "包括当月未满的业务，所以与计至完整月份末的建议表、核对表可有不同。"
        "结转结余：支出、上缴先用最早年度的资金，年末收回先收最近年度的，"
        "年末结转＝年初结转＋本年收入−本年支出−上缴收回。"
    )
    yield (
        "9. 执行率＝累计支出÷调整后预算；序时进度按 rules/budget.toml 的 [[mark]]；"
        "偏差＝执行率−序时进度；全年预计与测算过程的年化口径相同，推算不出的留空。"
        "调整后预算为批复（含追加、追减、调剂）、上年结转和批复前指标（尚未批复、按上年同期先行安排的，"
        "另列其数）之和，等于累计支出＋已占用＋可用＋未分配＋上缴收回＋结转下年。"
    )
    yield (
        "10. 收支决算：年末结余＝上年结转＋拨入＋利息＋捐赠−支出−上缴＋以前年度调整；"
        "专户余额＝年末结余＋应付未付−应收未收。按批发放的，收支决算在批准时列支，"
        "执行进度和结转结余在银行扣款时列支；上年已列支、退回后本年重发的，也因此只在后者列支。"
    )


def _fund_sums(proposal: Proposal) -> Section:
    said = tuple(_announced(proposal))
    rows: list[tuple[Cell, ...]] = []
    for total in proposal.totals:
        others = (total.other_sources_fen,) if said else ()
        fens: list[int] = [total.proposed_fen, total.reserve_fen, total.need_fen]
        fens += [total.carry_over_fen, *others, total.request_fen]
        words = [f"暂缺 {total.blocked} 项"] if total.blocked else []
        if total.other_sources_over_fen:
            words.append(f"其他来源未减 {display_fen(total.other_sources_over_fen)}")
        figures: list[Cell] = [Fen(fen) if total.lines else None for fen in fens]
        rows.append((total.names.zh, *figures, "；".join(words)))
    headings = ("资金", "各类别合计", "预备金", "需求合计", "可用结转")
    asked = ("其他来源", "申请拨款", "备注") if said else ("申请拨款", "备注")
    spans = (1 if said else 2, *(1,) * (len(headings) + len(asked) - 1))
    return Section("三、各资金汇总", said, (*headings, *asked), spans, tuple(rows))


def _announced(proposal: Proposal) -> Iterator[str]:
    """Yield what other sources announce, document by document; nothing where none does."""
    if any(total.other_sources for total in proposal.totals):
        yield (
            "申请拨款＝需求合计−可用结转−其他来源，不低于零。其他来源是已有文件明确给"
            f" {proposal.year} 年的外来资金（rules/budget.toml 的 [[other_source]]），"
            "抵减整个资金的申请，不分到类别："
        )
    for total in proposal.totals:
        for one in total.other_sources:
            amount = display_fen(one.amount_fen)
            yield f"{total.names.zh}：{one.names.zh} {amount} 元（{one.document}）"


def _open_lines(proposal: Proposal) -> Section:
    missing = [item.names.zh for item in proposal.declarations if not item.sha256]
    said = f"未报送申报表的部门：{'、'.join(missing)}。" if missing else "各部门均已报送申报表。"
    rows = tuple(
        (
            *(item.place.unit.zh, item.place.category.zh, item.place.fund.zh),
            *(Fen(item.history.actual_fen), reason_blocked(item.code, "zh")),
        )
        for item in proposal.blocked
    )
    headings = ("部门", "类别", "资金", "上年实际列支数", "原因")
    return Section("四、暂缺类别", (said,), headings, (2, 1, 2, 1, 2), rows)


def _put_off(proposal: Proposal) -> Section:
    rows = tuple(
        (
            *(line.place.unit.zh, line.place.category.zh, line.place.fund.zh),
            *(Fen(line.need_fen), Fen(line.proposed_fen), Fen(line.deferred_fen)),
        )
        for line in proposal.deferred
    )
    said = () if rows else ("无。",)
    headings = ("部门", "类别", "资金", "申报数", "核定建议数", "待议额")
    return Section("五、待议清单", said, headings, (2, 1, 2, 1, 1, 1), rows)


def _findings(proposal: Proposal) -> Section:
    rows = tuple(
        (
            *(finding.code, finding.severity.zh),
            *(finding.sentence("zh"), finding.remedy("zh")),
        )
        for finding in proposal.findings
    )
    said = () if rows else ("无。",)
    headings = ("代码", "程度", "情况", "处理")
    return Section("六、核对提示", said, headings, (1, 1, 3, 3), rows)


def _sources(proposal: Proposal) -> Section:
    provenance = proposal.provenance
    rows: list[tuple[Cell, ...]] = [
        (f"账簿 {book.fund}", f"{book.records} 条记录", book.head or "（尚无记录）")
        for book in provenance.books
    ]
    rows += [(f"申报表 {file}", "sha256", digest) for file, digest in provenance.needs]
    rows += [(f"规则 {file}", "sha256", digest) for file, digest in provenance.rules]
    headings = ("资料", "范围", "摘要值")
    said = "账簿摘要值为日记账末条记录的链式摘要，可用 fundledger verify 复核。"
    return Section("七、资料来源", (said,), headings, (2, 1, 5), tuple(rows))
