"""A budget proposal as a page for the joint conference: charts, figures, and their derivation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from html import escape
from math import floor

from fundledger.budget import Blocked, Documents, FundTotal, Line, LineKey, Proposal
from fundledger.budget.watch.warn import in_points
from fundledger.money import display_fen
from fundledger.report.charts import Bar, bar_chart
from fundledger.report.forms import (
    Cell,
    Column,
    Fen,
    Form,
    Item,
    Points,
    Share,
    forms_beside,
    items,
    line_id,
)
from fundledger.report.proposal_notes import Section, sections
from fundledger.report.proposal_words import (
    other_sources_words,
    reason_blocked,
    remark,
    rule,
    shown_input,
    shown_source,
    step_name,
)

_STYLE = """
@page { size: A4 landscape; margin: 12mm 10mm }
body { font: 10.5pt/1.5 SimSun, "Songti SC", "Noto Serif CJK SC", serif; margin: 1.5em auto; max-width: 78em; padding: 0 1em }
h1 { font-size: 16pt; text-align: center; margin: 0 0 .2em }
h2 { font-size: 12.5pt; margin: 1.6em 0 .4em; break-after: avoid }
h3 { font-size: 11pt; margin: 1.2em 0 .3em; break-after: avoid }
p { margin: .2em 0 }
p.whose { display: flex; justify-content: space-between; gap: 1em; flex-wrap: wrap }
table { border-collapse: collapse; width: 100% }
th, td { border: 1px solid #555; padding: .2em .5em; vertical-align: top; text-align: left; overflow-wrap: anywhere }
th { background: #ededed; text-align: center; vertical-align: middle; white-space: pre-line; word-break: keep-all; overflow-wrap: normal }
tr { break-inside: avoid }
thead { display: table-header-group }
tr.sum td { background: #f7f7f7; font-weight: bold }
td.money { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
td.centre { text-align: center; white-space: nowrap }
section.form table { font-size: 8.5pt }
section.form th, section.form td { padding: .15em .35em }
@media print { body { margin: 0; padding: 0; max-width: none } section.form table { font-size: 8pt } }
a { color: #1a4f8a }
td a, h3 a, svg a { text-decoration: none }
svg.chart { width: 100%; font-size: 13px; break-inside: avoid }
svg .axis { stroke: #777 }
svg .mark { stroke: #b00020; stroke-width: 2 }
svg .total { fill: #44546a } svg .up { fill: #c07b2c } svg .down { fill: #4f8f7f } svg .over { fill: #b00020 }
svg text { fill: #111 } svg a text { fill: #1a4f8a }
td.step { white-space: nowrap }
p.signed { display: flex; gap: 8em; margin: 2em 0; flex-wrap: wrap }
p.note { font-size: 9pt }
"""  # noqa: E501 - a style sheet
_BEGIN = (
    *("actual", "one-offs", "arrears-paid", "arrears-due", "annualisation", "standard"),
    *("headcount", "accepted-gap", "duplicates"),
)
_END = ("override", "rounding")
_SIGNATURES = ("制表：", "审核：", "分管领导：", "联席会议审议意见：", "日期：　　　年　　月　　日")
_TOTALS = ("上年列支", "可比测算", "部门申报", "核定建议", "其中结转", "当年拨款", "待议")


def proposal_page(proposal: Proposal, beside: Documents | None = None) -> str:
    """Return the proposal as HTML that needs nothing else; the same input gives the same page.

    Each figure of a line leads to its derivation, step by step, below.  The forms of what stands
    `beside` the proposal are left out without it.
    """
    title = f"{proposal.year}年度社会救助资金预算建议"
    notes = sections(proposal, beside)
    others = () if beside is None else forms_beside(proposal, beside)
    parts = [
        "<!DOCTYPE html>",
        '<html lang="zh-CN"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
        (
            f'<p class="whose"><span>编制单位：{escape(proposal.office.zh)}</span>'
            f"<span>数据截至：{proposal.as_of}（上年账簿计至 {proposal.cut_off}，"
            f"{proposal.months} 个月）</span><span>金额单位：元</span></p>"
        ),
        *_waterfall(proposal),
        *_execution(proposal),
        *_suggested(proposal),
        *(part for note in notes[3:6] for part in _section(note)),
        *(part for form in others for part in _form(form)),
        f'<p class="signed">{"".join(f"<span>{place}</span>" for place in _SIGNATURES)}</p>',
        *_derivations(proposal),
        *(part for note in (*notes[:3], *notes[6:]) for part in _section(note)),
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _waterfall(proposal: Proposal) -> Iterator[str]:
    """Yield the way from what was paid last year to the proposal, of all lines with a figure."""
    sums: dict[str, int] = {}
    words: dict[str, str] = {}
    for line in proposal.lines:
        for step, fen in zip(line.steps, line.shown_fen(), strict=True):
            sums[step.name] = sums.get(step.name, 0) + fen
            words[step.name] = step_name(step, "zh")
    if not sums:
        return
    others = [name for name in sums if name not in (*_BEGIN, *_END)]
    names = [name for name in (*_BEGIN, *others, *_END) if name in sums]
    bars: list[Bar] = []
    running = 0
    for name in names:
        fen = sums[name]
        kind = "total" if name == names[0] else "up" if fen >= 0 else "down"
        shown = display_fen(fen) if kind == "total" else _signed(fen)
        start, running = running, running + fen
        bars.append(Bar(words[name], Fraction(start), Fraction(running), shown, kind))
    bars.append(Bar("核定建议数", Fraction(0), Fraction(running), display_fen(running)))
    title = f"从 {proposal.year - 1} 年实际列支到 {proposal.year} 年建议数"
    yield f"<h2>{title}</h2>"
    yield bar_chart(title, bars)
    if proposal.blocked:
        waiting = len(proposal.blocked)
        yield f'<p class="note">未含暂缺的 {waiting} 项，其上年列支也不在图中。</p>'


def _execution(proposal: Proposal) -> Iterator[str]:
    """Yield how much of last year's budget each fund had spent by the cut-off."""
    sums: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for item in items(proposal):
        own = sums.setdefault(item.key.fund, [0, 0])
        own[0] += item.history.adjusted_fen
        own[1] += item.history.actual_fen
        names[item.key.fund] = item.place.fund.zh
    elapsed = Fraction(proposal.months, 12)
    bars = []
    for fund, (adjusted_fen, actual_fen) in sums.items():
        if adjusted_fen > 0:
            rate = Fraction(actual_fen, adjusted_fen)
            kind = "over" if rate > 1 else "total"
            figure = f"{_percent(rate)}　{display_fen(actual_fen)}"
            bars.append(Bar(names[fund], Fraction(0), rate, figure, kind, elapsed, f"fund-{fund}"))
    if bars:
        title = f"{proposal.year - 1} 年各资金执行率（截至 {proposal.cut_off}）"
        yield f"<h2>{title}</h2>"
        yield bar_chart(title, bars, least=Fraction(1))
        marked = f"红线为已过月份 {proposal.months}/12（{_percent(elapsed)}）"
        yield f'<p class="note">执行率＝实际列支÷上年预算数；{marked}。</p>'


def _suggested(proposal: Proposal) -> Iterator[str]:
    yield "<h2>预算建议</h2><table><thead>"
    yield _row("th", ("资金 / 类别", *_TOTALS, "说明"))
    yield "</thead><tbody>"
    everything = items(proposal)
    for fund in dict.fromkeys(item.key.fund for item in everything):
        of_fund = [item for item in everything if item.key.fund == fund]
        totals = [one for one in proposal.totals if one.fund == fund]
        name = of_fund[0].place.fund.zh
        yield _summed(name, of_fund, totals, f"fund-{fund}")
        for item in of_fund:
            yield _line(item)
    yield _summed("合计", everything, proposal.totals, "all")
    yield "</tbody></table>"


def _line(item: Item) -> str:
    place, need = item.place, item.need
    name = escape(f"{place.unit.zh} · {place.category.zh}")
    head = f'<td><a href="#{_anchor(item.key)}">{name}</a></td>'
    actual, declared = item.history.actual_fen, need.amount_fen if need else None
    if isinstance(item, Blocked):
        figures: list[int | None] = [actual, None, declared, None, None, None, None]
        words = reason_blocked(item.code, "zh")
    else:
        figures = [actual, item.shown_base_fen, declared, item.proposed_fen]
        figures += [item.carry_over_fen, item.appropriation_fen, item.deferred_fen or None]
        words = remark(item, "zh")
    return f"<tr>{head}{''.join(map(_money, figures))}<td>{escape(words)}</td></tr>"


def _summed(name: str, some: Sequence[Item], totals: Sequence[FundTotal], anchor: str) -> str:
    lines = [item for item in some if isinstance(item, Line)]
    reserve_fen = sum(total.reserve_fen for total in totals)
    needs = [item.need.amount_fen for item in some if item.need]
    figures: list[int | None] = [
        sum(item.history.actual_fen for item in some),
        sum(line.shown_base_fen for line in lines),
        sum(needs) if needs else None,
        sum(line.proposed_fen for line in lines) + reserve_fen,
        sum(line.carry_over_fen for line in lines),
        sum(total.request_fen for total in totals),
        sum(line.deferred_fen for line in lines) or None,
    ]
    if not lines:
        figures[1], figures[3:] = None, [None] * 4
    waiting = len(some) - len(lines)
    words = [f"含预备金 {display_fen(reserve_fen)}"] if reserve_fen else []
    words += other_sources_words(totals)
    words += [f"未含暂缺 {waiting} 项"] if waiting else []
    cells = "".join(map(_money, figures))
    return (
        f'<tr class="sum" id="{escape(anchor, quote=True)}"><td>{escape(name)}</td>{cells}'
        f"<td>{'；'.join(words)}</td></tr>"
    )


def _derivations(proposal: Proposal) -> Iterator[str]:
    yield "<h2>测算过程</h2>"
    for item in items(proposal):
        place = item.place
        name = escape(f"{place.fund.zh}　{place.unit.zh} · {place.category.zh}")
        yield f'<section class="line" id="{_anchor(item.key)}"><h3>{name}</h3>'
        if isinstance(item, Blocked):
            yield f"<p>暂不测算：{escape(reason_blocked(item.code, 'zh'))}</p></section>"
            continue
        yield "<table><thead>"
        yield _row("th", ("步骤", "金额", "累计", "算式", "数据", "出处"))
        yield "</thead><tbody>"
        running = 0
        for step, fen in zip(item.steps, item.shown_fen(), strict=True):
            running += fen
            inputs = [shown_input(key, value, "zh") for key, value in step.inputs]
            if step.amount_fen.denominator != 1:
                inputs.append(f"精确值 {step.amount_fen} 分")
            words = (
                rule(step.rule, "zh"),
                "；".join(inputs),
                shown_source(step.source, "zh"),
            )
            named = escape(step_name(step, "zh"))
            yield (
                f'<tr><td class="step">{named}</td>{_money(fen)}{_money(running)}'
                f"{''.join(f'<td>{escape(text)}</td>' for text in words)}</tr>"
            )
        said = escape(remark(item, "zh"))
        yield (
            f'<tr class="sum"><td>核定建议数</td><td></td>{_money(item.proposed_fen)}'
            f'<td colspan="3">{said}</td></tr>'
        )
        yield "</tbody></table></section>"


def _section(note: Section) -> Iterator[str]:
    yield f"<h2>{escape(note.title.partition('、')[2] or note.title)}</h2>"
    for paragraph in note.paragraphs:
        yield f"<p>{escape(paragraph)}</p>"
    if note.rows:
        yield f"<table>{_widths(note.spans)}<thead>"
        yield _row("th", note.headings)
        yield "</thead><tbody>"
        for row in note.rows:
            yield f"<tr>{''.join(map(_cell, row))}</tr>"
        yield "</tbody></table>"


def _form(form: Form) -> Iterator[str]:
    """Yield a form as a table under its title."""
    yield f'<section class="form"><h2>{escape(form.title)}</h2>'
    for note in form.notes:
        yield f'<p class="note">{escape(note)}</p>'
    yield f"<table>{_widths([column.width for column in form.columns])}<thead>"
    yield _row("th", (column.heading for column in form.columns))
    yield "</thead><tbody>"
    for row in form.rows:
        begin = '<tr class="sum">' if row.sum else "<tr>"
        cells = map(_laid, form.columns, row.cells)
        yield f"{begin}{''.join(cells)}</tr>"
    yield "</tbody></table></section>"


def _laid(column: Column, cell: Cell) -> str:
    """Return a cell as its column has it."""
    if column.kind == "centre" and cell is not None:
        return f'<td class="centre">{escape(str(cell))}</td>'
    if column.kind == "rate" and isinstance(cell, Share):
        whole, rest = divmod(floor(10_000 * cell.share), 100)
        return f'<td class="money">{whole}.{rest:02d}%</td>'
    return _cell(cell)


def _widths(parts: Sequence[int]) -> str:
    """Return how much of a table's width each column takes, as far as its figures let it."""
    total = sum(parts)
    columns = (f'<col style="width: {100 * part / total:.1f}%">' for part in parts)
    return f"<colgroup>{''.join(columns)}</colgroup>"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Fen):
        return _money(cell.fen)
    if isinstance(cell, Points):
        sign = "+" if cell.share > 0 else ""
        return f'<td class="money">{sign}{in_points(cell.share)}</td>'
    if isinstance(cell, Share):
        return f'<td class="money">{in_points(cell.share)}%</td>'
    return f"<td>{escape('' if cell is None else str(cell))}</td>"


def _money(fen: int | None) -> str:
    return f'<td class="money">{"" if fen is None else display_fen(fen)}</td>'


def _row(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


def _anchor(key: LineKey) -> str:
    return escape(line_id(key), quote=True)


def _signed(fen: int) -> str:
    return f"+{display_fen(fen)}" if fen > 0 else display_fen(fen)


def _percent(share: Fraction) -> str:
    tenths = round(share * 1000)
    return f"{tenths // 10}.{tenths % 10}%"
