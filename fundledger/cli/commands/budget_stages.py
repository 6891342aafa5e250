"""`fundledger budget stages`: the stages of a year's budget beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import command, option
from fundledger.cli.kinds import YEAR
from fundledger.cli.options import formatted, fund
from fundledger.cli.stage_names import STAGES

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.ledger.stages import Staged


@command(
    "budget stages",
    zh="一上、一下、二上、二下并列，逐项列出与前一阶段的差异；被替换的阶段只在 JSON 中列出。",
    en="The stages side by side, and line by line what each changed; a stage that was replaced is "
    "in JSON alone.",
    examples=("budget stages dibao", "budget stages dibao --year 2027 --format json"),
)
@fund
@option(
    "--year",
    type=YEAR,
    metavar="YEAR",
    zh="预算年度；默认为有阶段的最近一年",
    en="the budget's year; the last one that has stages if not said",
)
@formatted
def stages(session: Session, fund: str, year: int | None) -> None:
    """Show the stages of a budget."""
    from fundledger.cli.staged import compared, tell_stages  # noqa: PLC0415 - heavy
    from fundledger.ledger.stages import (  # noqa: PLC0415 - heavy
        STAGE_NAMES,
        budget_years,
        stages_of,
        standing_stages,
    )

    books = session.books(fund)
    of_year = year or max(budget_years(books), default=session.today.year)
    every = stages_of(books, of_year)
    standing = standing_stages(books, of_year)
    rows = compared(standing, session.chart(fund), {})
    names = [name for name in STAGES if name in standing]
    if not session.tells:
        kept = {staged.sequence for staged in standing.values()}
        said = [{**_plain(one), "standing": one.sequence in kept} for one in every]
        session.put({"fund": fund, "year": of_year, "stages": said, "lines": rows})
        return
    session.say(
        f"{of_year}年预算各阶段　基金 {fund}　单位：元",
        f"Stages of the budget of {of_year}, fund {fund}, in yuan",
    )
    if not every:
        session.say("没有登记任何阶段。", "No stage is recorded.")
        return
    tell_stages(session, rows, names)
    for name in names:
        body, one = standing[name].body, standing[name]
        zh, en = STAGE_NAMES[name]
        resolution = f"　决议 {body.resolution}" if body.resolution else ""
        resolved = f", resolution {body.resolution}" if body.resolution else ""
        session.say(
            f"{zh}：{body.on}　{body.document_number}{resolution}　登记 {one.actor}　"
            f"第 {one.sequence} 号记录",
            f"{en}: {body.on}, {body.document_number}{resolved}, by {one.actor}, "
            f"record {one.sequence}",
        )


def _plain(one: Staged) -> dict[str, Any]:
    body = one.body
    return {
        "record": one.sequence,
        "stage": body.stage,
        "on": body.on,
        "at": one.at,
        "actor": one.actor,
        "document_number": body.document_number,
        "resolution": body.resolution,
        "rests_on": body.rests_on,
        "replaces": body.replaces,
        "vouchers": list(one.refs),
        "lines": [
            {"line": ":".join(line.line), "amount_fen": line.amount_fen} for line in body.lines
        ],
    }
