"""`fundledger verify`: every line of the journal follows from the one before."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import command, option
from fundledger.cli.options import formatted, funds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundledger.cli.session import Session
    from fundledger.findings import Finding

_DIGEST = re.compile(r"[0-9a-f]{12,64}", re.ASCII)


@command(
    "verify",
    zh="验证日记账的 sha256 链。--known-head 查验先前抄录的链首仍在链中，即此前的记录未被改写。\n"
    "--rebuild-books 依日记账重写与之不符的账簿文件。",
    en="Verifies the sha256 chain of the journal. With --known-head, that a head noted down "
    "earlier still stands in it, so that nothing before it was rewritten.\n"
    "--rebuild-books writes anew the book files that differ from the journal.",
    examples=(
        "verify",
        "verify dibao --known-head 816f72ca598582fc",
        "verify dibao --rebuild-books",
    ),
)
@funds
@option(
    "--known-head",
    metavar="DIGEST",
    zh="先前抄录的链首，至少 12 位；须写一个基金",
    en="a head noted earlier, 12 digits of it or more; takes one fund",
)
@option(
    "--rebuild-books",
    is_flag=True,
    zh="重写与日记账不符的账簿文件",
    en="write anew the book files that differ",
)
@formatted
def verify(
    session: Session,
    *,
    funds: tuple[str, ...],
    known_head: str | None,
    rebuild_books: bool,
) -> None:
    """Verify the journals of some funds or of all."""
    from fundledger.errors import JournalBroken  # noqa: PLC0415 - heavy

    if known_head is not None and not _DIGEST.fullmatch(known_head):
        session.wrong_once(
            "FL923", "--known-head", {"text": known_head[:70], "allowed": "0-9a-f, 12–64"}
        )
    if known_head is not None and len(funds) != 1:
        session.lacks("FUND")
    session.refuse_wrong()
    for fund in funds:
        session.charter(fund)
    results = []
    findings: list[Finding] = []
    for fund in funds or session.office.fund_ids:
        result: dict[str, Any] = {"fund": fund, "records": 0, "head": "", "rebuilt": []}
        try:
            found = session.verified(fund)
            findings += found.findings
            result |= {"records": found.records, "head": found.head}
            result["valid"] = not found.findings
            if rebuild_books and session.folder(fund).is_dir():
                result["rebuilt"] = session.fund(fund).rebuild()
            if known_head is not None:
                findings += _unknown(session, fund, known_head)
        except JournalBroken as error:
            findings += [finding.at(fund=fund) for finding in error.findings]
            result["valid"] = False
        results.append(result)
    _answer(session, results, findings)


def _unknown(session: Session, fund: str, known_head: str) -> list[Finding]:
    """Return a finding unless a line of the journal, which is whole, carries the digest."""
    from fundledger.findings import Finding  # noqa: PLC0415 - heavy

    if any(digest.startswith(known_head) for digest in _digests(session.folder(fund))):
        return []
    return [Finding("FL944", known_head, {}, fund)]


def _digests(folder: Path) -> Iterator[str]:
    from fundledger.ledger.record import frame  # noqa: PLC0415 - heavy

    for segment in sorted((folder / "journal").glob("*.jsonl")):
        with segment.open("rb") as file:
            for line in file:
                framed = frame(line)
                if framed is not None:
                    yield framed[0]


def _answer(session: Session, results: list[dict[str, Any]], findings: list[Finding]) -> None:
    from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy
    from fundledger.findings import Severity  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    if any(finding.severity is Severity.ERROR for finding in findings):
        session.exit_code = 1
    if not session.tells:
        session.put({"funds": results, "findings": [finding.as_json() for finding in findings]})
        return
    session.lines(told(findings, session, err=False))
    columns = (
        Column(session.pick("基金", "fund")),
        Column(session.pick("记录", "records"), right=True),
        Column(session.pick("链", "chain")),
        Column(session.pick("链首", "head")),
    )
    good, bad = session.pick("完整", "whole"), session.pick("有误", "broken")
    rows = [
        (r["fund"], str(r["records"]), good if r["valid"] else bad, r["head"] or "-")
        for r in results
    ]
    session.table(columns, rows)
    for result in results:
        for name in result["rebuilt"]:
            session.say(f"已重写 {result['fund']}/{name}", f"Wrote anew {result['fund']}/{name}")
