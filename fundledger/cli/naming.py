"""Accounts and budget lines in sentences, by the names that people know them by."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from fundledger.errors import FundledgerError

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.findings import Finding
    from fundledger.ledger.chart import Chart

_ACCOUNT = re.compile(
    r"(?<![\w:（(])(?:Assets|Liabilities|Income|Expenses|Equity)(?::[A-Za-z0-9-]+)+(?![\w:=-])",
    re.ASCII,
)
_LINE = re.compile(r"(?<![\w:（(])[A-Z][A-Za-z0-9]*:[A-Z][A-Za-z0-9-]*(?![\w:=（-])", re.ASCII)
ROLES = {
    "maker": ("制单", "maker"),
    "reviewer": ("审核", "reviewer"),
    "poster": ("记账", "poster"),
    "cashier": ("出纳", "cashier"),
    "chief": ("会计主管", "chief"),
    "handler": ("经办", "handler"),
    "approver": ("审批", "approver"),
    "auditor": ("审计", "auditor"),
}


def sentence_of(finding: Finding, session: Session) -> str:
    """Return a finding's sentence; a Chinese one names accounts and lines in Chinese."""
    said = finding.sentence(session.language)
    fund = finding.fund or session.acting_on
    if session.language != "zh" or not fund or ":" not in said:
        return said
    with suppress(FundledgerError):  # rules that do not hold name nothing
        return named_in(said, session.chart(fund))
    return said


def named_in(said: str, chart: Chart) -> str:
    """Return a sentence with the Chinese name before each account's path, the path once."""
    seen: set[str] = set()

    def account(found: re.Match[str]) -> str:
        path = found.group()
        if chart.account(path).strange:
            return path
        name = chart.names(path)[0]
        if path in seen:
            return name
        seen.add(path)
        return f"{name}（{path}）"

    purposes = {f"{item.unit}:{item.slug}": item.zh for item in chart.charter.categories}

    def line(found: re.Match[str]) -> str:
        path = found.group()
        if path not in purposes or path in seen:
            return path
        seen.add(path)
        return f"{path}（{purposes[path]}）"

    return _LINE.sub(line, _ACCOUNT.sub(account, said))


def added(finding: Finding, session: Session) -> str:
    """Return what the office's rules add to a remedy: who holds a role, whose a line is."""
    return holders(finding, session) or owners(finding, session)


def owners(finding: Finding, session: Session) -> str:
    """Return whose budget line it is that a fund does not have (FL923), for a remedy."""
    text = str(finding.details.get("text", ""))
    if finding.code != "FL923" or finding.details.get("of") != "line":
        return ""
    from fundledger.cli.named import line_named  # noqa: PLC0415 - heavy

    found = []
    with suppress(FundledgerError):
        for fund in session.office.charter.funds:
            with suppress(FundledgerError):
                line = line_named(text, session.office.charter.fund_charter(fund.id), "")
                found.append(f"{fund.id} ({':'.join(line)})")
    if not found:
        return ""
    return session.pick(
        f"“{text}”是基金 {'、'.join(found)} 的预算行，不是本基金的；往来也写本基金自己的行。",
        f' "{text}" is a line of the fund {", ".join(found)}, not of this one; between funds, too, '
        "each writes its own.",
    )


def holders(finding: Finding, session: Session) -> str:
    """Return who holds, on that day, the role that a signer lacks (FL315), for a remedy."""
    role, day = finding.details.get("role"), str(finding.details.get("date", ""))
    if finding.code != "FL315" or not isinstance(role, str) or role not in ROLES:
        return ""
    with suppress(FundledgerError):
        posts = [
            f"{post.code} {session.pick(post.title_zh, post.title_en)}"
            for post in session.office.charter.staff
            if any(
                held.role == role
                and held.from_date.isoformat() <= day
                and (held.until is None or day <= held.until.isoformat())
                for held in post.roles
            )
        ]
        shown = session.pick("、", ", ").join(posts) or session.pick("无", "none")
        return session.pick(
            f"{day} 担任{ROLES[role][0]}的岗位：{shown}（fundledger staff 列出全部）。",
            f" On {day} the role of {ROLES[role][1]} is held by: {shown} "
            "(`fundledger staff` lists all).",
        )
    return ""
