"""`fundledger status`: how each fund stands, at a glance."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import command
from fundledger.cli.options import as_of, formatted, funds

if TYPE_CHECKING:
    from fundledger.charter import FundCharter
    from fundledger.cli.session import Session
    from fundledger.findings import Finding
    from fundledger.ledger.books import Books

_FIGURES = (
    "bank_fen",
    "available_fen",
    "last_voucher",
    "closed_through",
    "open_months",
    "asserted_on",
    "asserted_fen",
    "rules_pending",
    "rules_changes",
)


@command(
    "status",
    zh="专户余额、可用指标、末张凭证、结账进度、末次余额核对，以及规则改动是否待生效"
    "（下一次记账时写入日记账）。可用指标为当年各行合计。",
    en="The dedicated account, the budget still available this year, the last voucher, what is "
    "closed, the last assertion, and whether rules have changed since (the next record adopts "
    "them).",
    examples=("status", "status dibao --format json"),
)
@funds
@as_of
@formatted
def status(session: Session, funds: tuple[str, ...], as_of: date | None) -> None:
    """Show how funds stand."""
    day = as_of or session.today
    for fund in funds:
        session.charter(fund)
    names = funds or session.office.fund_ids
    found = [_status(session, fund, day) for fund in names]
    findings = [finding for _, told in found for finding in told]
    if any(finding.severity.value == "error" for finding in findings):
        session.exit_code = 1
    if session.tells:
        _tell(session, [figures for figures, _ in found], findings, day)
    else:
        funds_json = [
            {**figures, "findings": [finding.as_json() for finding in told]}
            for figures, told in found
        ]
        session.put({"as_of": day.isoformat(), "funds": funds_json})


def _status(session: Session, fund: str, day: date) -> tuple[dict[str, Any], list[Finding]]:
    """Return how a fund stands, without figures where its journal cannot be relied on."""
    from fundledger.errors import InputInvalid, JournalBroken, NotReadable  # noqa: PLC0415 - heavy

    charter = session.charter(fund)
    about = {
        "fund": fund,
        "name_zh": charter.fund.zh,
        "name_en": charter.fund.en,
        "bank_account": charter.fund.bank_account.number,
    }
    try:
        missing = session.fund(fund).without_journal()
        books = session.books(fund)
    except (JournalBroken, InputInvalid, NotReadable) as error:
        told = [finding.at(fund=fund) for finding in error.findings]
        return {**about, **dict.fromkeys(_FIGURES)}, told
    return {**about, **_figures(books, charter, day)}, [] if missing is None else [missing]


def _figures(books: Books, charter: FundCharter, day: date) -> dict[str, Any]:
    from fundledger.checks.changes import pending  # noqa: PLC0415 - heavy
    from fundledger.ledger.asserted import standing  # noqa: PLC0415 - heavy
    from fundledger.ledger.chart import BANK  # noqa: PLC0415 - heavy
    from fundledger.ledger.drafts import budget_account  # noqa: PLC0415 - heavy

    months = sorted(month for month, _ in books.months.rows())
    names = books.account_names()
    prefix = budget_account(day.year, "Available", ("", "")).rstrip(":") + ":"
    asserted = [
        (item.day, item.amount_fen)
        for item in standing(books.asserted())
        if item.account == BANK and item.day <= day.isoformat()
    ]
    last_on, last_fen = max(asserted, default=(None, None))
    last = months[-1] if months else None
    changes = pending(books, charter)
    return {
        "bank_fen": books.balance(BANK, day) if BANK in names else 0,
        "available_fen": sum(books.balance(n, day) for n in names if n.startswith(prefix)),
        "last_voucher": f"{last}-{books.months[last]:04d}" if last else None,
        "closed_through": books.head.closed_through or None,
        "open_months": [month for month in months if not books.is_closed(month)],
        "asserted_on": last_on,
        "asserted_fen": last_fen,
        "rules_pending": bool(changes),
        "rules_changes": [
            {
                "code": change.code,
                "key": change.subject,
                "zh": change.sentence("zh"),
                "en": change.sentence("en"),
            }
            for change in changes
        ],
    }


def _tell(
    session: Session, found: list[dict[str, Any]], findings: list[Finding], day: date
) -> None:
    from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    zh, en = session.office.charter.office.zh, session.office.charter.office.en
    session.say(f"{zh}　截至 {day}　单位：元", f"{en}, as of {day}, in yuan")
    columns = (
        Column(session.pick("基金", "fund")),
        Column(session.pick("名称", "name"), wraps=True),
        Column(session.pick("专户余额", "bank"), right=True),
        Column(session.pick("可用指标", "available"), right=True),
        Column(session.pick("末张凭证", "last voucher")),
        Column(session.pick("已结至", "closed to")),
        Column(session.pick("未结月份", "open months"), wraps=True, spare=1),
        Column(session.pick("末次核对", "asserted"), spare=2),
    )
    rows = [
        (
            item["fund"],
            session.pick(item["name_zh"], item["name_en"]),
            _yuan(item["bank_fen"]),
            _yuan(item["available_fen"]),
            item["last_voucher"] or "-",
            item["closed_through"] or "-",
            _span(item["open_months"]),
            item["asserted_on"] or "-",
        )
        for item in found
    ]
    session.table(columns, rows)
    session.lines(told(findings, session, err=False))
    _tell_changes(session, found)


def _tell_changes(session: Session, found: list[dict[str, Any]]) -> None:
    """Say which rules have changed, once for all funds in which the same has."""
    changed: dict[tuple[str, ...], list[str]] = {}
    for item in found:
        if item["rules_pending"]:
            lines = (
                f"  {change['code']} {change[session.language]}" for change in item["rules_changes"]
            )
            changed.setdefault(tuple(lines), []).append(item["fund"])
    for shown, names in changed.items():
        session.say(
            f"基金 {'、'.join(names)} 的规则已改，将随下一次记账写入日记账。",
            f"The rules of {', '.join(names)} have changed; the next record adopts them.",
        )
        session.lines(shown)


def _yuan(amount_fen: int | None) -> str:
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy

    return "-" if amount_fen is None else display_fen(amount_fen)


def _span(months: list[str] | None) -> str:
    if not months:
        return "-"
    return months[0] if len(months) == 1 else f"{months[0]} … {months[-1]} ({len(months)})"
