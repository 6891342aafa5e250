"""The result of the main job as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from fundledger.example.job import Result
from fundledger.example.paid import Paid, open_of, paid_of
from fundledger.example.words import Tongue
from fundledger.findings import Finding, Severity
from fundledger.ledger.chart import BANK
from fundledger.money import display_fen
from fundledger.report.table import Column, table
from fundledger.texts import text


def summary(result: Result, tongue: Tongue, limit: int | None = None) -> Iterator[str]:
    """Yield the lines: funds, batches, what is open at the bank, the budget, the files.

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
    yield from _batches(result, tongue, limit)
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
        rows.append((_name(result, tongue, fund_id), *_cells(figures)))
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


def _batches(result: Result, tongue: Tongue, limit: int | None) -> Iterator[str]:
    """Yield how the payments of batches went, and one line for each that is still open."""
    head = tongue.head
    columns = (
        Column(head("按批次发放", "paid in batches"), wraps=True),
        Column(head("批次", "batches"), right=True),
        Column(head("笔数", "payments"), right=True),
        Column(head("已付", "paid"), right=True),
        Column(head("已付金额", "amount"), right=True),
        Column(head("失败", "failed"), right=True),
        Column(head("退汇", "returned"), right=True),
        Column(head("补发", "reissued"), right=True),
        Column(head("追回", "asked back"), right=True),
        Column(head("未了", "open"), right=True),
    )
    rows = []
    total = Paid()
    for fund_id, audit in result.audit.funds.items():
        paid = paid_of(audit.books)
        if paid.batches:
            total = total.plus(paid)
            rows.append((_name(result, tongue, fund_id), *_counts(paid)))
    yield from table(columns, rows, limit=limit, total=(head("合计", "total"), *_counts(total)))
    for fund_id, audit in result.audit.funds.items():
        for one in open_of(audit.books):
            words = [text("FL750").value("state", one.state, lang) for lang in tongue.languages]
            money = display_fen(one.fen)
            yield "  " + tongue.say(
                f"未了：{fund_id} {one.batch} {words[0]} {one.count}笔 {money} 元。",
                f"Open: {fund_id} {one.batch}, {words[-1]}: {one.count}, {money} yuan.",
            )


def _counts(paid: Paid) -> tuple[str, ...]:
    """Return the cells beside a fund's name."""
    return (
        f"{paid.batches:,}",
        f"{paid.listed:,}",
        f"{paid.paid:,}",
        display_fen(paid.paid_fen),
        *map(str, (paid.failed, paid.returned, paid.reissued, paid.asked_back, paid.open)),
    )


def _name(result: Result, tongue: Tongue, fund_id: str) -> str:
    fund = result.office.charter.fund(fund_id)
    return f"{fund_id} {fund.zh if 'zh' in tongue.languages else fund.en}"


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
