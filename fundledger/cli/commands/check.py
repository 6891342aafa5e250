"""`fundledger check`: the gate replayed over the books, and the files held against the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import command, option
from fundledger.cli.options import as_of, formatted, funds

if TYPE_CHECKING:
    from fundledger.checks.audit import Audit
    from fundledger.cli.session import Session
    from fundledger.findings import Finding
    from fundledger.office import OfficeAudit


_NEVER_LEFT_OUT = frozenset({"FL602", "FL607", "FL616", "FL617", "FL619"})


@command(
    "check",
    zh="重放全部记录，逐张检查凭证，核对账簿文件与日记账；不写入任何内容。\n"
    "全部基金一起检查时，还核对基金之间的往来。有错误时退出码为 1；只有警告时为 0。",
    en="Replays every record through the checks and holds the book files against the journal; "
    "writes nothing.\n"
    "With all funds, what stands between them is checked too. Exit code 1 with errors, 0 with "
    "warnings only.",
    examples=(
        "check",
        "check dibao --as-of 2026-10-31 --assertions",
        "check --select FL2,FL304 --ignore FL204 --format json",
        "check dibao --with-beancount",
    ),
)
@funds
@as_of
@option(
    "--select",
    multiple=True,
    metavar="CODES",
    zh="只看这些代码或其开头，逗号分隔，例如 FL2,FL304",
    en="only these codes or their beginnings, by commas, such as FL2,FL304",
)
@option(
    "--ignore",
    multiple=True,
    metavar="CODES",
    zh="不看这些代码或其开头",
    en="not these codes or their beginnings",
)
@option(
    "--assertions",
    is_flag=True,
    zh="列出每一次核对的余额及相符与否",
    en="list every assertion and whether it holds",
)
@option(
    "--with-beancount",
    is_flag=True,
    zh="另用 beancount 读账簿并比对余额",
    en="read the books with beancount too and compare",
)
@formatted
def check(  # noqa: PLR0913 - as many as the command has options
    session: Session,
    *,
    funds: tuple[str, ...],
    as_of: date | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    assertions: bool,
    with_beancount: bool,
) -> None:
    """Check the books of some funds or of all."""
    from fundledger.cli.progress import progress  # noqa: PLC0415 - heavy
    from fundledger.findings import Severity, by_weight  # noqa: PLC0415 - heavy

    selected, ignored = _codes(session, "--select", select), _codes(session, "--ignore", ignore)
    for fund in funds:
        session.charter(fund)
    day = as_of or session.today
    with progress() as told:
        office = session.office.check(funds, day, told)
        findings = list(office.findings)
        if with_beancount:
            findings += _beancount(session, office, told)
    findings = [
        finding
        for finding in sorted(findings, key=by_weight)
        if finding.code in _NEVER_LEFT_OUT
        or (
            (not selected or finding.code.startswith(selected))
            and not (ignored and finding.code.startswith(ignored))
        )
    ]
    if any(finding.severity is Severity.ERROR for finding in findings):
        session.exit_code = 1
    if session.tells:
        _tell(session, office, findings, day, every=assertions)
    else:
        session.put(_plain(office, findings, day))


def _codes(session: Session, name: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    from fundledger.texts import codes  # noqa: PLC0415 - heavy

    wanted = tuple(code.strip().upper() for text in texts for code in text.split(","))
    known = codes()
    for code in wanted:
        if not code or not any(other.startswith(code) for other in known):
            session.wrong_once("FL942", code or name, {"near": session.near(code, known)})
    session.refuse_wrong()
    return wanted


def _beancount(session: Session, office: OfficeAudit, told: Any) -> Iterator[Finding]:  # noqa: ANN401 - the progress line
    from fundledger.ledger.beans import compare  # noqa: PLC0415 - beancount is heavy

    for done, (fund, audit) in enumerate(office.funds.items()):
        told(f"beancount {fund}", done, len(office.funds))
        if audit.records:
            for finding in compare(session.folder(fund), audit.books):
                yield finding.at(fund=fund)


def _tell(
    session: Session, office: OfficeAudit, findings: list[Finding], day: date, *, every: bool
) -> None:
    from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy

    for group in _groups(findings):
        session.lines(told(group, session, err=False))
        session.lines([""])
    _summary(session, office.funds, findings, day)
    _assertions(session, office.funds, day, every=every)
    counts = _counts(findings)
    session.say(
        f"共 {counts['error']} 个错误、{counts['warning']} 个警告、{counts['note']} 个提示。",
        f"{counts['error']} errors, {counts['warning']} warnings, {counts['note']} notes.",
    )


def _groups(findings: list[Finding]) -> Iterator[list[Finding]]:
    """Yield the findings code by code, errors first."""
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    yield from by_code.values()


def _counts(findings: Iterable[Finding]) -> dict[str, int]:
    counts = {"error": 0, "warning": 0, "note": 0}
    for finding in findings:
        counts[finding.severity.value] += 1
    return counts


def _summary(
    session: Session, audits: Mapping[str, Audit], findings: list[Finding], day: date
) -> None:
    from fundledger.ledger.asserted import standing  # noqa: PLC0415 - heavy
    from fundledger.ledger.chart import BANK  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    columns = (
        Column(session.pick("基金", "fund")),
        Column(session.pick("凭证", "vouchers"), right=True),
        Column(session.pick("记录", "records"), right=True),
        Column(session.pick("错误", "errors"), right=True),
        Column(session.pick("警告", "warnings"), right=True),
        Column(session.pick("末次专户核对", "bank last asserted")),
        Column(session.pick("距今天数", "days ago"), right=True),
    )
    rows = []
    for fund, audit in audits.items():
        counts = _counts(finding for finding in findings if finding.fund == fund)
        days = [
            date.fromisoformat(item.day)
            for item in standing(audit.books.asserted())
            if item.account == BANK and item.day <= day.isoformat()
        ]
        rows.append(
            (
                fund,
                str(audit.vouchers),
                str(audit.records),
                str(counts["error"]),
                str(counts["warning"]),
                max(days).isoformat() if days else "-",
                str((day - max(days)).days) if days else "-",
            )
        )
    session.say(f"截至 {day}：", f"As of {day}:")
    session.table(columns, rows)


def _assertions(session: Session, audits: Mapping[str, Audit], day: date, *, every: bool) -> None:
    """Show the last assertion of each account, or every one, and the months that have none."""
    from fundledger.cli.asserted import by_day, months_of, table_of  # noqa: PLC0415 - heavy

    rows = []
    lacking = []
    for fund, audit in audits.items():
        if audit.books.chart is None:
            continue
        found = by_day(audit.books, day)
        standing = [item for item in found if not item.assertion.replaced_by]
        shown = found if every else list({i.assertion.account: i for i in standing}.values())
        rows += [(fund, item) for item in shown]
        without: dict[str, list[str]] = {}
        for row in months_of(audit.books, day):
            if row["last"] is None and not row["running"]:
                without.setdefault(row["account"], []).append(row["month"])
        lacking += [(fund, account, months) for account, months in without.items()]
    if rows:
        session.lines([""])
        table_of(session, rows, day)
    for fund, account, months in lacking if every else ():
        session.say(
            f"{fund} {account} 没有核对的月份：{'、'.join(months)}",
            f"{fund} {account}: months without an assertion: {', '.join(months)}",
        )


def _plain(office: OfficeAudit, findings: list[Finding], day: date) -> dict[str, Any]:
    from fundledger.cli.asserted import by_day, months_of, plain_of  # noqa: PLC0415 - heavy

    return {
        "as_of": day.isoformat(),
        **_counts_named(findings),
        "findings": [finding.as_json() for finding in findings],
        "funds": [
            {
                "fund": fund,
                "records": audit.records,
                "vouchers": audit.vouchers,
                "head": audit.head,
                **_counts_named(finding for finding in findings if finding.fund == fund),
                "assertions": [plain_of(item, day) for item in by_day(audit.books, day)],
                "months": list(months_of(audit.books, day)) if audit.books.chart else [],
            }
            for fund, audit in office.funds.items()
        ],
    }


def _counts_named(findings: Iterable[Finding]) -> dict[str, int]:
    counts = _counts(findings)
    return {
        "errors": counts["error"],
        "warnings": counts["warning"],
        "notes": counts["note"],
    }
