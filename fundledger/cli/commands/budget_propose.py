"""`fundledger budget propose`: a year's budget from the books and the declared needs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.cli.framework import argument, command, option
from fundledger.cli.kinds import YEAR
from fundledger.cli.options import as_of, formatted

if TYPE_CHECKING:
    from fundledger.budget import Proposal
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
    zh="将建议表写成 .xlsx，已有的文件不覆盖",
    en="write the workbook (.xlsx); an existing file is not overwritten",
)
@formatted
def propose(
    session: Session, year: int, as_of: date | None, needs: str | None, output: str | None
) -> None:
    """Propose a budget."""
    from fundledger.budget import propose as proposed  # noqa: PLC0415 - heavy
    from fundledger.cli.outputs import expect_new, write_new  # noqa: PLC0415 - heavy
    from fundledger.cli.progress import progress  # noqa: PLC0415 - heavy
    from fundledger.findings import Severity  # noqa: PLC0415 - heavy

    if output is not None:
        expect_new(Path(output))
    with progress() as told:
        proposal = proposed(
            session.office,
            year,
            as_of=as_of,
            needs_dir=Path(needs) if needs else None,
            progress=told,
        )
    if any(finding.severity is Severity.ERROR for finding in proposal.findings):
        session.exit_code = 1
    if session.tells:
        _tell(session, proposal)
    else:
        session.put(proposal.as_json())
    if output is not None:
        from fundledger.report.proposal import proposal_workbook  # noqa: PLC0415 - heavy

        created = session.surroundings.clock().replace(tzinfo=None)
        write_new(Path(output), proposal_workbook(proposal, created))
        if session.tells:
            session.say(f"已写出 {output}。", f"Wrote {output}.")


_SPARE = {8: 4, 6: 3, 3: 2, 7: 1}  # the basis, then figures that the others rest on


def _tell(session: Session, proposal: Proposal) -> None:
    from fundledger.cli.complaints import told  # noqa: PLC0415 - heavy
    from fundledger.report.proposal import fund_table, proposal_table  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    session.say(
        f"{proposal.year}年度预算建议　账簿截至 {proposal.cut_off}　单位：元",
        f"Budget proposed for {proposal.year}, books to {proposal.cut_off}, in yuan",
    )
    for headings, rows in (
        proposal_table(proposal, session.language),
        fund_table(proposal, session.language),
    ):
        columns = []
        for index, heading in enumerate(headings):
            figures = any(row[index][-3:-2] == "." for row in rows)
            wraps = index > 0 and not figures
            columns.append(Column(heading, figures, wraps, spare=_SPARE.get(index, 0)))
        session.table(columns, rows)
        session.lines([""])
    session.lines(told(proposal.findings, session, err=False))
