"""`fundledger budget stage`: a year's budget, from its needs to its approval."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import argument, command, option
from fundledger.cli.kinds import COUNT, DAY, SHARE, YEAR, OneOf
from fundledger.cli.options import acting, fund
from fundledger.cli.stage_names import STAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fundledger.cli.named import Line
    from fundledger.cli.session import Session
    from fundledger.fund import Fund
    from fundledger.ledger.plan import Receipt
    from fundledger.ledger.stages import Staged

_OF_APPROVALS = {
    "resolution": "--resolution",
    "maker": "--maker",
    "reviewer": "--reviewer",
    "poster": "--poster",
    "posted_on": "--posted-on",
    "attachments": "--attachments",
}
_NEEDED = ("resolution", "maker", "reviewer")


@command(
    "budget stage",
    zh="两上两下：declared 一上申报、controlled 一下控制数、revised 二上修订、approved 二下批复，"
    "依次登记，登记后不改；\n最近一个阶段重报的，用 --replaces 写明所替换的记录号。\n"
    "金额取自 --line、--from 的表格（两列：部门类别、金额）或 budget propose 留存的 .json"
    "（declared 取申报数，其余取建议数），或用 --unchanged 照上一阶段。\n"
    "approved 同时下达：批复数记入未分配指标，一次入账；须另写 --resolution、--maker、--reviewer，"
    "由没有登记过 declared、revised 的人登记。",
    en="In this order: declared, controlled, revised, approved; what is recorded is not changed, "
    "but the last one may be recorded again with --replaces, its record's number.\n"
    "The figures are those of --line, of a table (--from; line and amount) or of a .json kept by "
    "budget propose (what was declared for `declared`, else what is proposed), or with --unchanged "
    "those of the stage before.\n"
    "`approved` adopts the budget in the same record: it takes --resolution, --maker and "
    "--reviewer, and somebody who recorded neither `declared` nor `revised`.",
    examples=(
        (
            "budget stage dibao 2027 declared --from out/2027.json --date 2026-09-20 "
            "--document-number 例民〔2026〕31号 --by S10"
        ),
        (
            "budget stage dibao 2027 approved --unchanged --date 2026-12-28 "
            "--document-number 例财〔2026〕88号 --resolution 例联〔2026〕9号 --by S08 "
            "--maker S03 --reviewer S01 --attachments 2 --dry-run"
        ),
    ),
)
@fund
@argument("year", type=YEAR, zh="预算年度，例如 2027", en="the budget's year, such as 2027")
@argument("stage", type=OneOf(STAGES), zh="阶段", en="which stage: declared, controlled, …")
@option(
    "--date",
    "on",
    type=DAY,
    metavar="YYYY-MM-DD",
    needed=True,
    zh="文件日期",
    en="the day of the document",
)
@option(
    "--document-number",
    metavar="TEXT",
    needed=True,
    zh="文号",
    en="the number of the document",
)
@option(
    "--by",
    "actor",
    metavar="STAFF",
    needed=True,
    zh="登记人的岗位代码",
    en="who records it, by staff code",
)
@option(
    "--line",
    "shares",
    type=SHARE,
    multiple=True,
    metavar="UNIT:CATEGORY=YUAN",
    zh="部门:类别=金额",
    en="unit:category=amount",
)
@option(
    "--from",
    "file",
    metavar="FILE",
    zh="改从表格（.xlsx、.csv）或留存的建议（.json）读取；其 sha256 记入账",
    en="read a table (.xlsx, .csv) or a kept proposal (.json) instead; its sha256 is recorded",
)
@option("--unchanged", is_flag=True, zh="照上一阶段的数", en="as the stage before has it")
@option(
    "--replaces",
    type=COUNT,
    default=0,
    metavar="RECORD",
    zh="所替换的同一阶段的记录号",
    en="the record of the same stage that it stands in the place of",
)
@option(
    "--document",
    "documents",
    multiple=True,
    metavar="FILE",
    zh="文件扫描件；其 sha256 记入账（批复的记入凭证）",
    en="a scan of the document; its sha256 is recorded, of an approval in its voucher",
)
@option(
    "--resolution",
    metavar="TEXT",
    zh="批复：联席会议决议号",
    en="approval: the number of the conference's resolution",
)
@option("--maker", metavar="STAFF", zh="批复：制单人", en="approval: who makes its voucher")
@option("--reviewer", metavar="STAFF", zh="批复：审核人", en="approval: who reviews it")
@option("--poster", metavar="STAFF", zh="批复：记账人", en="approval: who posts it")
@option(
    "--posted-on",
    type=DAY,
    metavar="YYYY-MM-DD",
    zh="批复：凭证日期，不早于文件日期；默认为文件日期",
    en="approval: the voucher's date, not before the document's; that if not said",
)
@option(
    "--attachments",
    type=COUNT,
    metavar="N",
    zh="批复：所附单据张数；默认为 --document 的个数",
    en="approval: number of papers attached; as many as --document if not said",
)
@acting
def stage(session: Session, **given: Any) -> None:  # noqa: ANN401 - as many as it has options
    """Record a stage of a budget."""
    from fundledger.cli.acting import carry_out  # noqa: PLC0415 - heavy
    from fundledger.cli.staged import compared, tell_stages  # noqa: PLC0415 - heavy
    from fundledger.ledger.stages import STAGE_NAMES, StageAct, standing_stages  # noqa: PLC0415 - heavy

    _hold_options(session, given)
    name, year, fund_id = given["stage"], given["year"], given["fund"]
    standing = standing_stages(session.books(fund_id), year)
    digests = _documents(session, given["documents"])
    figures, rests_on = _figures(session, given, standing)
    approves = name == "approved"
    of_voucher: dict[str, Any] = {}
    if approves:
        of_voucher = {
            **{field: given[field] or "" for field in _NEEDED},
            "poster": given["poster"],
            "posted_on": given["posted_on"],
            "attachments": given["attachments"]
            if given["attachments"] is not None
            else len(digests),
            "documents": digests,
        }
    act = StageAct(
        year=year,
        stage=name,
        on=given["on"],
        document_number=given["document_number"],
        lines=figures,
        actor=given["actor"],
        rests_on=rests_on or next(iter(digests if not approves else ()), ""),
        replaces=given["replaces"],
        **of_voucher,
    )
    kept = {one: staged for one, staged in standing.items() if one != name}
    rows = compared(kept, session.chart(fund_id), {name: figures})
    names = [one for one in STAGES if one in kept or one == name]

    def first() -> None:
        if session.tells:
            zh, en = STAGE_NAMES[name]
            session.say(
                f"{year}年预算　{zh}　基金 {fund_id}　单位：元",
                f"Budget of {year}, {en}, fund {fund_id}, in yuan",
            )
            tell_stages(session, rows, names)
            session.lines([""])

    def carry(fund: Fund, key: str) -> Receipt:
        return fund.stage(act, key=key)

    more = {"year": year, "stage": name, "lines": rows}
    carry_out(
        session,
        fund_id,
        carry,
        key=given["key"],
        dry_run=given["dry_run"],
        yes=given["yes"],
        more=more,
        first=first,
    )


def _hold_options(session: Session, given: Mapping[str, Any]) -> None:
    """Refuse options that are too many, too few or of another stage."""
    sources = {
        "--line": given["shares"],
        "--from": given["file"],
        "--unchanged": given["unchanged"],
    }
    said = [option for option, value in sources.items() if value]
    if not said:
        session.lacks("--line")
    for other in said[1:]:
        session.wrong_once("FL947", said[0], {"other": other})
    approves = given["stage"] == "approved"
    for field, option_name in _OF_APPROVALS.items():
        if approves and field in _NEEDED and not given[field]:
            session.lacks(option_name)
        elif not approves and given[field] is not None:
            session.wrong_once("FL947", option_name, {"other": given["stage"]})
    session.refuse_wrong()


def _documents(session: Session, files: tuple[str, ...]) -> tuple[str, ...]:
    from fundledger.cli.drafting import document_digest  # noqa: PLC0415 - heavy
    from fundledger.errors import InputInvalid  # noqa: PLC0415 - heavy

    digests = []
    for file in files:
        try:
            digests.append(document_digest(file))
        except InputInvalid as error:
            session.wrong(error.findings)
    session.refuse_wrong()
    return tuple(digests)


def _figures(
    session: Session, given: Mapping[str, Any], standing: Mapping[str, Staged]
) -> tuple[dict[Line, int], str]:
    """Return the fen of each line, and the sha256 of the file they are from, if they are."""
    from fundledger.cli.lines import read_lines  # noqa: PLC0415 - heavy
    from fundledger.cli.staged import once, typed  # noqa: PLC0415 - heavy
    from fundledger.errors import InputInvalid  # noqa: PLC0415 - heavy
    from fundledger.fund import file_digest  # noqa: PLC0415 - heavy

    charter = session.charter(given["fund"])
    if given["file"]:
        path = Path(given["file"])
        if path.suffix.lower() == ".json":
            return _proposed(session, path, given)
        return once(read_lines(path, charter), str(path)), file_digest(path)
    if given["shares"]:
        try:
            return once(typed(given["shares"], charter, "--line"), "--line"), ""
        except InputInvalid as error:
            session.wrong(error.findings)
            session.refuse_wrong()
    place = STAGES.index(given["stage"])
    before = standing.get(STAGES[place - 1]) if place else None
    if before is None:
        session.wrong_once("FL582", "--unchanged", {"year": given["year"], "stage": given["stage"]})
        session.refuse_wrong()
        raise KeyError(given["stage"])
    return before.amounts_fen, before.body.rests_on


def _proposed(
    session: Session, path: Path, given: Mapping[str, Any]
) -> tuple[dict[Line, int], str]:
    """Return what a kept proposal says, which books, needs and rules must give again.

    It is read once: what was derived again is what becomes the stage.
    """
    from fundledger.budget.kept import read_kept  # noqa: PLC0415 - heavy
    from fundledger.budget.verify import verified  # noqa: PLC0415 - heavy
    from fundledger.cli.staged import proposed_in  # noqa: PLC0415 - heavy

    kept = read_kept(path)
    figures = proposed_in(kept, given["fund"], given["year"], given["stage"])
    session.wrong(verified(session.office, kept).findings)
    session.refuse_wrong()
    return figures, kept.file_sha256
