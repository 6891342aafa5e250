"""A voucher on the screen as it stands on paper (记账凭证)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from fundledger.ledger.events import EVENTS
from fundledger.money import capitals, display_fen
from fundledger.report.table import Column, centred, pad, table, width

if TYPE_CHECKING:
    from fundledger.charter import FundCharter
    from fundledger.ledger.chart import Chart
    from fundledger.ledger.voucher import Posting, Voucher

NARROW = 78
_SIGNERS = ("maker", "reviewer", "poster", "cashier")
_WORDS: Mapping[str, tuple[str, str]] = {
    "heading": ("记 账 凭 证", "JOURNAL VOUCHER"),
    "fund": ("基金", "Fund"),
    "date": ("日期", "Date"),
    "event": ("业务", "Event"),
    "narration": ("摘要", "Narration"),
    "account": ("科目", "Account"),
    "debit": ("借方", "Debit"),
    "credit": ("贷方", "Credit"),
    "total": ("合计", "Total"),
    "budget": ("预算指标", "Budget authority"),
    "attachments": ("附件", "Attachments"),
    "maker": ("制单", "Made by"),
    "reviewer": ("审核", "Reviewed by"),
    "poster": ("记账", "Posted by"),
    "cashier": ("出纳", "Cashier"),
    "approval": ("批准", "Approval"),
    "documents": ("单据摘要值", "Document digest"),
    "reverses": ("冲销原凭证", "Reverses"),
    "corrects": ("订正原凭证", "Corrects"),
    "paid_by": ("付款凭证", "Paid by"),
    "rests_on": ("原凭证", "Rests on"),
}


def account_title(chart: Chart, name: str, language: str) -> str:
    """Return an account as a voucher shows it: its code in the fund's regime, and its name."""
    title = chart.names(name)[0 if language == "zh" else 1]
    code = chart.code(name) if not name.startswith("Equity:Budget:") else ""
    return f"{code} {title}".strip()


def full_title(chart: Chart, name: str, language: str) -> str:
    """Return an account as a list shows it: with the title of its code (科目名称) in the regime."""
    own = chart.names(name)[0 if language == "zh" else 1]
    title = "" if name.startswith("Equity:Budget:") else chart.title(name)
    if title in {"", own}:
        return account_title(chart, name, language)
    shown = f"（{own}）" if language == "zh" else f" ({own})"
    return f"{chart.code(name)} {title}{shown}"


def voucher_paper(
    voucher: Voucher, chart: Chart, language: str, *, draft: bool = False
) -> list[str]:
    """Return the lines of a voucher as a paper form, with its total in capitals (大写).

    The lines of the budget stand apart below the money.  A `draft` shows the number it would get.
    """

    def word(key: str) -> str:
        return _WORDS[key][0 if language == "zh" else 1]

    cny = [posting for posting in voucher.postings if posting.commodity == "CNY"]
    budget = [posting for posting in voucher.postings if posting.commodity != "CNY"]
    body: list[str] = []
    if cny:
        body += _grid(cny, voucher.narration, chart, language)
    if budget:
        narration = word("budget") if cny else voucher.narration
        body += (
            ["", *_grid(budget, narration, chart, language)]
            if cny
            else _grid(budget, narration, chart, language)
        )
    columns = max(NARROW, *(width(line) for line in body))
    rule = "=" * columns
    return [
        centred(word("heading"), columns),
        *_head(voucher, chart.charter, language, columns, draft=draft),
        rule,
        *body,
        rule,
        *_foot(voucher, chart.charter, language),
    ]


def _head(
    voucher: Voucher, charter: FundCharter, language: str, columns: int, *, draft: bool
) -> Iterator[str]:
    fund = charter.fund
    day = voucher.date
    event = EVENTS.get(voucher.event)
    if language == "zh":
        number = f"记-{voucher.ref} 号" + ("（草稿）" if draft else "")
        papers = f"附件 {voucher.attachments} 张"
        lines = (
            (f"基金：{fund.zh}（{fund.id}）", number),
            (f"日期：{day.year}年{day.month}月{day.day}日", papers),
        )
        what = f"业务：{event.zh if event else voucher.event}"
    else:
        number = f"No. {voucher.ref}" + (" (draft)" if draft else "")
        papers = f"Attachments: {voucher.attachments}"
        lines = ((f"Fund: {fund.en} ({fund.id})", number), (f"Date: {day.isoformat()}", papers))
        what = f"Event: {event.en if event else voucher.event}"
    for left, right in lines:
        yield left + pad(right, max(width(right) + 2, columns - width(left)), right=True)
    yield what


def _grid(postings: list[Posting], narration: str, chart: Chart, language: str) -> list[str]:
    index = 0 if language == "zh" else 1
    columns = (
        Column(_WORDS["narration"][index], wraps=True),
        Column(_WORDS["account"][index], wraps=True),
        Column(_WORDS["debit"][index], right=True),
        Column(_WORDS["credit"][index], right=True),
    )
    rows = []
    for number, posting in enumerate(postings):
        figure = display_fen(posting.amount_fen)
        sides = (figure, "") if posting.side == "debit" else ("", figure)
        rows.append(
            ("" if number else narration, account_title(chart, posting.account, language), *sides)
        )
    debit_fen, credit_fen = sides_fen(postings)
    words = f"{_WORDS['total'][index]} {capitals(debit_fen)}"
    total = (words, "", display_fen(debit_fen), display_fen(credit_fen))
    return table(columns, rows, limit=NARROW, least=NARROW, total=total)


def sides_fen(postings: list[Posting]) -> tuple[int, int]:
    """Return the sums of the debit and of the credit side, in fen as they stand on paper."""
    debit_fen = sum(p.amount_fen for p in postings if p.side == "debit")
    credit_fen = sum(p.amount_fen for p in postings if p.side == "credit")
    return debit_fen, credit_fen


def _foot(voucher: Voucher, charter: FundCharter, language: str) -> Iterator[str]:
    index = 0 if language == "zh" else 1
    titles = {person.code: (person.title_zh, person.title_en)[index] for person in charter.staff}
    colon = "：" if language == "zh" else ": "
    signed = []
    for role in _SIGNERS:
        code = getattr(voucher, role)
        if role == "cashier" and not code and voucher.reverses:  # red ink moves no money
            signed.append("")
            continue
        title = f"{code} {titles.get(code, '')}".rstrip() if code else "-"
        signed.append(f"{_WORDS[role][index]}{colon}{title}")
    half = NARROW // 2
    yield (pad(signed[0], half) + " " + signed[1]).rstrip()
    yield (pad(signed[2], half) + " " + signed[3]).rstrip()
    for key in ("approval", "reverses", "corrects"):
        value = getattr(voucher, key)
        if value:
            rests = key == "corrects" and voucher.event != "correction"
            word = ("paid_by" if voucher.event == "interfund" else "rests_on") if rests else key
            yield f"{_WORDS[word][index]}{colon}{value}"
    for digest in voucher.documents:
        yield f"{_WORDS['documents'][index]}{colon}{digest[:16]}…"
