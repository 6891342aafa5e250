"""`fundledger budget propose`: a year's budget from the books and the declared needs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.cli.framework import argument, command, option
from fundledger.cli.kinds import YEAR
from fundledger.cli.options import as_of, formatted

if TYPE_CHECKING:
    from fundledger.budget import LineKey, Proposal
    from fundledger.cli.session import Session


@command(
    "budget propose",
    zh="两项来源：上年实际列支（账簿）与各部门申报（rules/needs/年度/部门.xlsx）。"
    "缺任一来源的项目列为待补，不代填。只读，不入账。\n"
    "有错误或待补项目时退出码为 1。",
    en="From two sources: what was spent the year before, by the books, and what units declare "
    "(rules/needs/YEAR/UNIT.xlsx). A line with a source missing waits; it is not filled in. "
    "Reads only.\n"
    "Exit code 1 with errors.",
    examples=(
        "budget propose 2027",
        "budget propose 2027 --as-of 2026-10-31 --output out/2027年度预算建议.xlsx",
        "budget propose 2027 --output out/2027年度预算建议.html",
        "budget propose 2027 --output out/2027年度预算建议.json",
        "budget propose 2027 --explain dibao/CASC:Dibao",
        "budget propose 2027 --what-if tolerance_basis_points=800 --what-if uplift.dibao=800",
    ),
)
@argument("year", type=YEAR, zh="预算年度，例如 2027", en="the budget's year, such as 2027")
@as_of
@option(
    "--needs",
    metavar="DIR",
    zh="申报表所在目录；默认 rules/needs/年度",
    en="where the declared needs lie; rules/needs/YEAR if not said",
)
@option(
    "--output",
    metavar="FILE",
    zh="将建议表写成 .xlsx，写成带图的网页 .html，或连同依据写成 .json 留存；已有的文件不覆盖",
    en="write the workbook (.xlsx), a page with charts (.html), or keep the proposal with what "
    "it rests on (.json); an existing file is not overwritten",
)
@option(
    "--explain",
    metavar="FUND/LINE",
    zh="逐步说明一项的来历，例如 dibao/CASC:Dibao；基金后可写类别名称",
    en="tell one line step by step, such as dibao/CASC:Dibao; its name will do after the fund",
)
@option(
    "--what-if",
    "conditions",
    metavar="KEY=VALUE",
    multiple=True,
    zh="试算：换成 rules/budget.toml 中另一个值，看哪些数会变；不写入",
    en="try another value of rules/budget.toml and see what moves; writes nothing",
)
@formatted
def propose(  # noqa: PLR0913 - as many as the command has options
    session: Session,
    *,
    year: int,
    as_of: date | None,
    needs: str | None,
    output: str | None,
    explain: str | None,
    conditions: tuple[str, ...],
) -> None:
    """Propose a budget, tell one line of it, or try what other rules would move."""
    from fundledger.budget import propose as proposed  # noqa: PLC0415 - heavy
    from fundledger.cli.outputs import expect_new, write_new  # noqa: PLC0415 - heavy
    from fundledger.cli.progress import progress  # noqa: PLC0415 - heavy
    from fundledger.findings import Severity  # noqa: PLC0415 - heavy

    _expect_one(session, output=output, explain=explain, conditions=conditions)
    needs_dir = Path(needs) if needs else None
    if conditions:
        _try(session, year, conditions, as_of=as_of, needs_dir=needs_dir)
        return
    if explain is not None:
        session.charter(explain.partition("/")[0].strip())
    if output is not None:
        expect_new(Path(output))
    with progress() as told:
        proposal = proposed(session.office, year, as_of=as_of, needs_dir=needs_dir, progress=told)
    if explain is not None:
        _explain(session, proposal, _line_key(session, explain, proposal))
        return
    if any(finding.severity is Severity.ERROR for finding in proposal.findings):
        session.exit_code = 1
    if session.tells:
        _tell(session, proposal)
    else:
        session.put(proposal.as_json())
    if output is not None:
        write_new(Path(output), _written(session, proposal, output))
        if session.tells:
            session.say(f"已写出 {output}。", f"Wrote {output}.")


def _expect_one(
    session: Session, *, output: str | None, explain: str | None, conditions: tuple[str, ...]
) -> None:
    """Refuse to write, explain and try at once.

    Raises:
        Misuse: FL924.

    """
    given = [("--output", output), ("--explain", explain), ("--what-if", conditions)]
    names = [name for name, value in given if value]
    if len(names) > 1:
        zh = f"{'、'.join(names)} 不能同时使用。"
        en = f"{', '.join(names)} do not go together."
        details = {"text_zh": zh, "text_en": en, "command": "fundledger budget propose"}
        session.wrong_once("FL924", names[-1], details)
        session.refuse_wrong()


def _line_key(session: Session, text: str, proposal: Proposal) -> LineKey:
    """Return the line that `dibao/CASC:Dibao` names, in whichever of its words.

    Raises:
        Misuse: FL923, there is no such line of the fund.
        NotFound: FL030, there is no such fund.

    """
    from fundledger.budget import LineKey  # noqa: PLC0415 - heavy
    from fundledger.cli.named import line_named  # noqa: PLC0415 - heavy
    from fundledger.errors import InputInvalid  # noqa: PLC0415 - heavy

    fund, _, line = (part.strip() for part in text.partition("/"))
    for key in proposal.places:  # has those too that books hold and the rules forgot
        if (key.fund, key.line) == (fund, line):
            return key
    charter = session.charter(fund)
    try:
        unit, category = line_named(line, charter, "--explain")
    except InputInvalid as error:
        session.wrong(error.findings)
        session.refuse_wrong()
        raise
    return LineKey(charter.fund.id, unit, category)


def _explain(session: Session, proposal: Proposal, key: LineKey) -> None:
    from fundledger.budget import Line  # noqa: PLC0415 - heavy
    from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy
    from fundledger.report.proposal_told import (  # noqa: PLC0415 - heavy
        findings_on,
        item_of,
        waterfall,
        waterfall_json,
    )

    if not isinstance(item_of(proposal, key), Line):
        session.exit_code = 1
    if not session.tells:
        session.put(waterfall_json(proposal, key))
        return
    session.lines(waterfall(proposal, key, session.language))
    session.lines(told(findings_on(proposal, key), session, err=False))


def _try(
    session: Session,
    year: int,
    conditions: tuple[str, ...],
    *,
    as_of: date | None,
    needs_dir: Path | None,
) -> None:
    from fundledger.budget import compared_of, difference, what_if  # noqa: PLC0415 - heavy
    from fundledger.cli.progress import progress  # noqa: PLC0415 - heavy
    from fundledger.errors import InputInvalid  # noqa: PLC0415 - heavy
    from fundledger.report.proposal_changes import difference_told  # noqa: PLC0415 - heavy

    try:
        with progress() as told:
            was, now = what_if(
                session.office, year, conditions, as_of=as_of, needs_dir=needs_dir, progress=told
            )
    except InputInvalid as error:
        session.wrong(one for one in error.findings if one.code == "FL563")
        session.refuse_wrong()
        raise
    found = difference(compared_of(was), compared_of(now))
    if not session.tells:
        session.put({"year": year, "conditions": list(conditions), **found.as_json()})
        return
    tried = session.pick("、", ", ").join(conditions)
    session.say(f"试算 {tried}（不写入）", f"Tried {tried}; nothing is written")
    session.lines(difference_told(found, session.language))


def _written(session: Session, proposal: Proposal, output: str) -> bytes:
    if output.lower().endswith(".json"):
        from fundledger.budget import kept_bytes  # noqa: PLC0415 - heavy

        return kept_bytes(proposal)
    from fundledger.budget import documents  # noqa: PLC0415 - heavy
    from fundledger.cli.progress import progress  # noqa: PLC0415 - heavy

    with progress() as told:
        beside = documents(session.office, proposal, told)
    if output.lower().endswith((".html", ".htm")):
        from fundledger.report.proposal_page import proposal_page  # noqa: PLC0415 - heavy

        return proposal_page(proposal, beside).encode()
    from fundledger.report.proposal import proposal_workbook  # noqa: PLC0415 - heavy

    created = session.surroundings.clock().replace(tzinfo=None)
    return proposal_workbook(proposal, created, beside)


_SPARE = (8, 6, 3, 7)  # the basis, then figures that the others rest on
_SPARE_OF_FUNDS = (-1, 3)  # what waits, which the lines say, then the reserve


def _tell(session: Session, proposal: Proposal) -> None:
    from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy
    from fundledger.report.proposal import fund_table, proposal_table  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    session.say(
        f"{proposal.year}年度预算建议　账簿截至 {proposal.cut_off}　单位：元",
        f"Budget proposed for {proposal.year}, books to {proposal.cut_off}, in yuan",
    )
    for (headings, rows), spare in (
        (proposal_table(proposal, session.language), _SPARE),
        (fund_table(proposal, session.language), _SPARE_OF_FUNDS),
    ):
        spared = {headings[at]: len(spare) - first for first, at in enumerate(spare)}
        columns = []
        for index, heading in enumerate(headings):
            figures = any(row[index][-3:-2] == "." for row in rows)
            wraps = index > 0 and not figures
            columns.append(Column(heading, figures, wraps, spare=spared.get(heading, 0)))
        session.table(columns, rows)
        session.lines([""])
    session.lines(told(proposal.findings, session, err=False))
