"""The result of the main job as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from fundledger.example.job import Result
from fundledger.example.words import Tongue
from fundledger.findings import Finding, Severity
from fundledger.ledger.chart import BANK
from fundledger.money import display_fen
from fundledger.report.table import Column, table


def summary(result: Result, tongue: Tongue, limit: int | None = None) -> Iterator[str]:
    """Yield the lines: a table of the funds, what is open at the bank, the budget, the files.

    `limit` is the width of the screen in columns, if it has one.
    """
    say = tongue.say
    office = result.office.charter.office
    yield say(
        f"{office.zh}，截至{result.proposal.as_of}：",
        f"{office.en}, as of {result.proposal.as_of}:",
    )
    yield ""
    yield from _funds(result, tongue, limit)
    yield ""
    found = [f for f in result.audit.findings if f.severity is not Severity.NOTE]
    yield from _findings(found, tongue, ("账簿检查无异常。", "The books hold: nothing was found."))
    items = chain.from_iterable(item.findings for item in result.adjustments.values())
    yield ""
    yield say("银行与账簿之间待处理：", "To be dealt with between bank and book:")
    yield from _findings(list(items), tongue, ("无。", "Nothing."))
    yield ""
    yield from _budget(result, tongue)
    yield ""
    yield say("已写出：", "Written:")
    yield f"  {result.budget}"
    yield f"  {result.folder / 'reconciliations'}/"
    yield f"  {result.folder / 'statements'}/"


def _funds(result: Result, tongue: Tongue, limit: int | None) -> Iterator[str]:
    head = tongue.head
    columns = (
        Column(head("资金", "fund"), wraps=True),
        Column(head("凭证", "vouchers"), right=True),
        Column(head("错误/警告", "err/warn"), right=True),
        Column(head("账面余额", "book"), right=True),
        Column(head("银行余额", "bank"), right=True),
        Column(head("未达", "open"), right=True),
        Column(head("调节后差额", "difference"), right=True),
    )
    rows = []
    totals = [0] * 7
    for fund_id, audit in result.audit.funds.items():
        adjustment = result.adjustments[fund_id]
        found = [f.severity for f in result.audit.findings if f.fund == fund_id]
        figures = (
            audit.vouchers,
            found.count(Severity.ERROR),
            found.count(Severity.WARNING),
            audit.books.balance(BANK, adjustment.as_of),
            adjustment.bank_fen,
            len(adjustment.items),
            adjustment.difference_fen,
        )
        totals = [total + figure for total, figure in zip(totals, figures, strict=True)]
        fund = result.office.charter.fund(fund_id)
        name = fund.zh if "zh" in tongue.languages else fund.en
        rows.append((f"{fund_id} {name}", *_cells(figures)))
    total = (head("合计", "total"), *_cells(totals))
    yield from table(columns, rows, limit=limit, total=total)


def _cells(figures: Sequence[int]) -> tuple[str, ...]:
    """Return the cells beside a fund's name."""
    vouchers, errors, warnings, book_fen, bank_fen, items, difference_fen = figures
    return (
        f"{vouchers:,}",
        f"{errors}/{warnings}",
        display_fen(book_fen),
        display_fen(bank_fen),
        str(items),
        display_fen(difference_fen),
    )


def _findings(findings: list[Finding], tongue: Tongue, none: tuple[str, str]) -> Iterator[str]:
    if not findings:
        yield f"  {tongue.say(*none)}"
    for finding in findings:
        mark = tongue.head(finding.severity.zh, finding.severity.value)
        fund = f"[{finding.fund}] " if finding.fund else ""
        for number, language in enumerate(tongue.languages):
            start = f"  {finding.code} {mark}  {fund}" if not number else "      "
            yield f"{start}{finding.sentence(language)}"


def _budget(result: Result, tongue: Tongue) -> Iterator[str]:
    proposal = result.proposal
    need_fen = sum(total.need_fen for total in proposal.totals)
    request_fen = sum(total.request_fen for total in proposal.totals)
    deferred_fen = sum(line.deferred_fen for line in proposal.deferred)
    yield tongue.say(
        f"{proposal.year}年度预算建议：{len(proposal.lines)}项，共 {display_fen(need_fen)} 元，"
        f"申请当年拨款 {display_fen(request_fen)} 元，待议 {display_fen(deferred_fen)} 元，"
        f"未能测算 {len(proposal.blocked)} 项。",
        f"Budget proposed for {proposal.year}: {len(proposal.lines)} lines, "
        f"{display_fen(need_fen)} yuan, of which {display_fen(request_fen)} as new money; "
        f"{display_fen(deferred_fen)} put off for discussion; {len(proposal.blocked)} blocked.",
    )
    found = [f for f in proposal.findings if f.severity is not Severity.NOTE]
    yield from _findings(found, tongue, ("两个来源相符，无需补充说明。", "Nothing to explain."))
