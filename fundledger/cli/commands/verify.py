"""`fundledger verify`: every line of the journal follows from the one before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import command, option
from fundledger.cli.options import formatted, funds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fundledger.checks.crosswise import Attestation
    from fundledger.cli.session import Session
    from fundledger.findings import Finding

_DIGEST = re.compile(r"[0-9a-f]{12,64}", re.ASCII)


@command(
    "verify",
    zh="验证日记账的 sha256 链，以及日记账文件是否齐全、各在其月。--known-head 查验先前抄录的"
    "链首仍在链中，即此前的记录未被改写。\n"
    "--rebuild-books 依日记账重写与之不符的账簿文件。\n"
    "--give-up 由会计主管或稽核写明原因，确认已丢失的记录无法恢复，之后方可继续记账；"
    "此记录长期保留。",
    en="Verifies the sha256 chain of the journal, and that its files are all there, each of its "
    "month. With --known-head, that a head noted down earlier still stands in it, so that nothing "
    "before it was rewritten.\n"
    "--rebuild-books writes anew the book files that differ from the journal.\n"
    "--give-up lets a chief or auditor say why acknowledged records are lost for good, before "
    "recording goes on; it stays in the journal.",
    examples=(
        "verify",
        "verify dibao --known-head 抄下的链首",
        "verify dibao --rebuild-books",
        "verify dibao --give-up 硬盘损坏，备份止于3月5日 --by S07",
    ),
    acts_with="--give-up",
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
@option(
    "--give-up",
    metavar="REASON",
    zh="确认记录丢失的原因；须写一个基金和 --by",
    en="why records are given up as lost; takes one fund and --by",
)
@option("--by", "actor", metavar="STAFF", zh="确认人的岗位代码", en="who gives up, by staff code")
@formatted
def verify(  # noqa: PLR0913 - as many as the command has options
    session: Session,
    *,
    funds: tuple[str, ...],
    known_head: str | None,
    rebuild_books: bool,
    give_up: str | None,
    actor: str | None,
) -> None:
    """Verify the journals of some funds or of all."""
    if known_head is not None and not _DIGEST.fullmatch(known_head):
        session.wrong_once(
            "FL923", "--known-head", {"text": known_head[:70], "allowed": "0-9a-f, 12–64"}
        )
    if len(funds) != 1 and (known_head is not None or give_up is not None):
        session.lacks("FUND")
    if (give_up is None) is not (actor is None):
        session.lacks("--by" if actor is None else "--give-up")
    session.refuse_wrong()
    for fund in funds:
        session.charter(fund)
    if give_up is not None and actor is not None:
        session.fund(funds[0]).give_up(give_up, actor=actor)
    results = []
    findings: list[Finding] = []
    attestations: dict[str, Sequence[Attestation]] = {}
    for fund in funds or session.office.fund_ids:
        found, result, said = _verified(
            session, fund, known_head or "", rebuild_books=rebuild_books
        )
        findings += found
        results.append(result)
        attestations[fund] = said
    if not funds:
        findings += session.office.crosswise(attestations)
    for result in results if funds else ():
        findings += () if result["records"] else session.office.deleted(result["fund"])
    denied = {finding.fund for finding in findings if finding.code == "FL626"}
    for result in results:
        result["valid"] = result["valid"] and result["fund"] not in denied
    _answer(session, results, findings)


def _verified(
    session: Session, fund: str, known_head: str, *, rebuild_books: bool
) -> tuple[list[Finding], dict[str, Any], Sequence[Attestation]]:
    """Return what is found in a fund's journal, how it stands, and what it says of others."""
    from fundledger.errors import JournalBroken  # noqa: PLC0415 - heavy

    attestations: Sequence[Attestation] = ()
    result: dict[str, Any] = {"fund": fund, "records": 0, "head": "", "rebuilt": []}
    findings: list[Finding] = []
    try:
        found = session.verified(fund, known_head)
        findings += found.findings
        attestations = found.attestations
        result |= {"records": found.records, "head": found.head}
        if rebuild_books and session.folder(fund).is_dir():
            result["rebuilt"] = session.fund(fund).rebuild()
    except JournalBroken as error:
        told = [finding.at(fund=fund) for finding in error.findings]
        findings += [finding for finding in told if finding not in findings]
    result["valid"] = not any(map(_breaks, findings))
    return findings, result, attestations


def _breaks(finding: Finding) -> bool:
    """Whether the journal is not whole; a torn tail is none of it, but was to be."""
    return finding.severity.value == "error" or finding.code == "FL604"


def _answer(session: Session, results: list[dict[str, Any]], findings: list[Finding]) -> None:
    from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    if any(map(_breaks, findings)):
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
    rows = [(r["fund"], str(r["records"]), _chain(session, r), r["head"] or "-") for r in results]
    session.table(columns, rows)
    for result in results:
        for name in result["rebuilt"]:
            session.say(f"已重写 {result['fund']}/{name}", f"Wrote anew {result['fund']}/{name}")


def _chain(session: Session, result: dict[str, Any]) -> str:
    if not result["valid"]:
        return session.pick("有误", "broken")
    return session.pick("完整", "whole") if result["records"] else session.pick("未建账", "none")
