"""The bank reconciliation statement (银行存款余额调节表) as a page, to read and to print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from itertools import zip_longest
from typing import TYPE_CHECKING

from fundledger.money import display_fen
from fundledger.reconcile import Kind

if TYPE_CHECKING:
    from fundledger.reconcile import Adjustment, Identity, Item
    from fundledger.report.adjustment import Heading, Signature

_STYLE = """
@page { size: A4 landscape; margin: 12mm 10mm }
body { font: 10.5pt/1.5 SimSun, "Songti SC", "Noto Serif CJK SC", serif; margin: 1.5em auto; max-width: 70em }
h1 { font-size: 16pt; text-align: center; margin: 0 0 .2em }
h2 { font-size: 12pt; margin: 1.6em 0 .4em; break-after: avoid }
p { margin: .2em 0 }
p.day { text-align: center }
p.whose { display: flex; justify-content: space-between; gap: 1em; flex-wrap: wrap }
table { border-collapse: collapse; width: 100% }
th, td { border: 1px solid #555; padding: .2em .5em; vertical-align: top; text-align: left; overflow-wrap: anywhere }
th { background: #ededed; text-align: center }
tr { break-inside: avoid }
thead { display: table-header-group }
tr.sum td { background: #f7f7f7; font-weight: bold }
td.money { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
td.day, td.word { white-space: nowrap }
td.apart, .red { color: #b00020 }
p.signed { display: flex; gap: 12em; margin: 1.4em 0 }
p.note { font-size: 9pt }
"""  # noqa: E501 - a style sheet
_HEADS = ("凭证号 / 对账单行", "日期", "摘要", "天数", "金额")
_HALF = len(_HEADS)
_SECTIONS = (
    ("加", Kind.BANK_IN, Kind.BOOK_IN),
    ("减", Kind.BANK_OUT, Kind.BOOK_OUT),
)


def adjustment_page(
    adjustment: Adjustment,
    heading: Heading,
    *,
    signature: Signature | None = None,
    identities: Iterable[Identity] = (),
) -> str:
    """Return the form as HTML that needs nothing else; the same input gives the same page.

    Left the book, right the bank, as in the workbook; below, what must be equal, and the findings.
    """
    title = f"银行存款余额调节表 {heading.fund} {adjustment.as_of}"
    parts = [
        "<!DOCTYPE html>",
        '<html lang="zh-CN"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        *_head(adjustment, heading),
        *_form(adjustment),
        *_foot(adjustment, signature),
        *_identities(tuple(identities)),
        *_findings(adjustment),
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _head(adjustment: Adjustment, heading: Heading) -> Iterator[str]:
    yield "<h1>银行存款余额调节表</h1>"
    yield f'<p class="day">截止日期：{_chinese(adjustment.as_of)}</p>'
    yield (
        f'<p class="whose"><span>编制单位：{escape(heading.office)}　基金：{escape(heading.fund)}'
        "</span><span>金额单位：元</span></p>"
    )
    yield (f"<p>开户银行：{escape(heading.bank)}　专户账号：{escape(adjustment.account)}</p>")


def _form(adjustment: Adjustment) -> Iterator[str]:
    yield "<table><thead>"
    yield _row("th", _HEADS * 2)
    yield "</thead><tbody>"
    yield _sums(
        "单位银行存款日记账余额", adjustment.book_fen, "银行对账单余额", adjustment.bank_fen
    )
    for sign, of_bank, of_book in _SECTIONS:
        left, right = adjustment.of_kind(of_bank), adjustment.of_kind(of_book)
        yield _sums(
            f"{sign}：{of_bank.zh}（{len(left)} 笔）",
            sum(item.amount_fen for item in left),
            f"{sign}：{of_book.zh}（{len(right)} 笔）",
            sum(item.amount_fen for item in right),
        )
        for pair in zip_longest(left, right):
            yield f"<tr>{''.join(map(_item, pair))}</tr>"
    yield _sums(
        "调节后余额", adjustment.adjusted_book_fen, "调节后余额", adjustment.adjusted_bank_fen
    )
    apart_fen = adjustment.difference_fen
    words = "差额（应为零）" if apart_fen else "差额：无，调节相符"
    style = "money apart" if apart_fen else "money"
    yield (
        f'<tr class="sum"><td colspan="{2 * _HALF - 1}">{words}</td>'
        f'<td class="{style}">{display_fen(apart_fen)}</td></tr>'
    )
    yield "</tbody></table>"


def _sums(book: str, book_fen: int, bank: str, bank_fen: int) -> str:
    cells = (
        f'<td colspan="{_HALF - 1}">{words}</td><td class="money">{display_fen(fen)}</td>'
        for words, fen in ((book, book_fen), (bank, bank_fen))
    )
    return f'<tr class="sum">{"".join(cells)}</tr>'


def _item(item: Item | None) -> str:
    if item is None:
        return "<td></td>" * _HALF
    ref = f"{item.ref}（其中之一，待指认）" if item.ambiguous else item.ref
    return (
        f'<td>{escape(ref)}</td><td class="day">{item.date}</td><td>{escape(item.text)}</td>'
        f'<td class="money">{item.age_days}</td>'
        f'<td class="money">{display_fen(item.amount_fen)}</td>'
    )


def _foot(adjustment: Adjustment, signature: Signature | None) -> Iterator[str]:
    by = escape(signature.by) if signature is not None else ""
    day = "　　　年　　月　　日"
    if signature is not None:
        day = _chinese(date.fromisoformat(signature.on))
    places = (f"编制：{by}", "复核：", f"日期：{day}")
    yield f'<p class="signed">{"".join(f"<span>{place}</span>" for place in places)}</p>'
    if signature is not None:
        record = f"日记账第 {signature.record} 号记录（对账单余额同时登记）"
        yield f"<p>账上签字：{by}　{day}　{record}</p>"
    for title, pairs in (
        ("账内红字对冲", adjustment.set_off),
        ("银行冲正对冲", adjustment.bank_set_off),
    ):
        if pairs:
            named = "；".join(f"{escape(pair.ref)} 与 {escape(pair.red_ref)}" for pair in pairs)
            yield f'<p class="note">{title} {len(pairs)} 组，不列未达：{named}。</p>'
    yield ('<p class="note">注：出纳不得编制本表；未达账项不得据此记账，须凭银行回单入账。</p>')


def _identities(found: Sequence[Identity]) -> Iterator[str]:
    if not found:
        return
    yield "<h2>应当相等的数</h2><table><thead>"
    yield _row("th", ("等式", "项目", "一边", "另一边", "结果"))
    yield "</thead><tbody>"
    for one in found:
        sides = (str(fen) if one.counts else display_fen(fen) for fen in (one.one, one.other))
        figures = "".join(f'<td class="money">{side}</td>' for side in sides)
        rule, place = f"{one.rule} {one.said('zh')}", one.place_said("zh")
        words = "相等" if one.holds else '<span class="red">不等</span>'
        yield (
            f"<tr><td>{escape(rule)}</td><td>{escape(place)}</td>"
            f'{figures}<td class="word">{words}</td></tr>'
        )
    yield "</tbody></table>"


def _findings(adjustment: Adjustment) -> Iterator[str]:
    if not adjustment.findings:
        return
    yield "<h2>核对情况</h2><table><thead>"
    yield _row("th", ("代码", "程度", "情况", "处理"))
    yield "</thead><tbody>"
    for finding in adjustment.findings:
        words = (finding.sentence("zh"), finding.remedy("zh"))
        said = "".join(f"<td>{escape(text)}</td>" for text in words)
        yield (
            f'<tr><td class="word">{finding.code}</td>'
            f'<td class="word">{finding.severity.zh}</td>{said}</tr>'
        )
    yield "</tbody></table>"


def _row(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
