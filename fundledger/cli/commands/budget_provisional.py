"""`fundledger budget provisional`: authority to spend before the year's budget is approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import command, option
from fundledger.cli.kinds import SHARE
from fundledger.cli.options import acting, fund, papers

if TYPE_CHECKING:
    from fundledger.cli.named import Line
    from fundledger.cli.session import Session
    from fundledger.fund import Fund
    from fundledger.ledger.chart import Chart
    from fundledger.ledger.plan import Receipt
    from fundledger.ledger.provisional import Room


@command(
    "budget provisional",
    zh="预算批复以前（预算法第五十四条）：每个类别到凭证当月止，累计不超过上年同期列支数，超出的拒绝；"
    "\n不写 --line 的，各类别一律安排到上限。须已登记一上申报；批复时自动并入批复数。\n"
    "安排的是未分配指标，再用 budget allot 分配。--dry-run 只列出可安排数。",
    en="Before the approval (预算法 art. 54): by the month of its date a line has no more than it "
    "spent in the same months of last year; more is refused. Without --line each line is given all "
    "of that. The year's budget must have been declared; the approval takes it in.\n"
    "What is given is unallotted: use `budget allot` next. --dry-run only tells how much there is.",
    examples=(
        (
            "budget provisional dibao --date 2027-01-04 --approval 例财〔2027〕1号 "
            "--attachments 1 --maker S03 --reviewer S01 --dry-run"
        ),
    ),
)
@fund
@option(
    "--line",
    "shares",
    type=SHARE,
    multiple=True,
    metavar="UNIT:CATEGORY=YUAN",
    zh="只安排这些类别：部门:类别=金额",
    en="these lines only: unit:category=amount",
)
@papers(narrated=False)
@acting
def provisional(session: Session, **given: Any) -> None:  # noqa: ANN401 - the shared options
    """Give lines authority before the approval."""
    from fundledger.cli.acting import carry_out  # noqa: PLC0415 - heavy
    from fundledger.cli.drafting import draft_of, undecided  # noqa: PLC0415 - heavy
    from fundledger.cli.voucher_options import papers_of  # noqa: PLC0415 - heavy
    from fundledger.ledger import drafts  # noqa: PLC0415 - heavy
    from fundledger.ledger.provisional import rooms  # noqa: PLC0415 - heavy

    fund_id, day = given["fund"], given["day"]
    signed = papers_of(session, given, f"{day.year}年预算批复前安排（到{day.month}月）")
    session.wrong(undecided("provisional", given["approval"], "--approval"))
    there = rooms(session.books(fund_id), day)
    asked = _asked(session, given, there)
    session.refuse_wrong()
    assert signed is not None  # noqa: S101 - else refused above
    postings = [
        posting
        for line, fen in sorted(asked.items())
        for posting in drafts.provisional(day.year, line, fen)
    ]
    draft = draft_of("provisional", signed, postings)
    chart = session.chart(fund_id)

    def act(fund: Fund, key: str) -> Receipt:
        return fund.record(draft, key=key)

    def first() -> None:
        if session.tells:
            _tell(session, there, asked, chart)

    more = {"lines": [_plain(line, there, asked, chart) for line in _lines(there, asked)]}
    carry_out(
        session,
        fund_id,
        act,
        key=given["key"],
        dry_run=given["dry_run"],
        yes=given["yes"],
        more=more,
        first=first,
    )


def _asked(session: Session, given: dict[str, Any], there: dict[Line, Room]) -> dict[Line, int]:
    """Return what each line is to be given: what was said, or all that there is."""
    from fundledger.cli.staged import once, typed  # noqa: PLC0415 - heavy
    from fundledger.errors import InputInvalid  # noqa: PLC0415 - heavy
    from fundledger.findings import Finding  # noqa: PLC0415 - heavy
    from fundledger.money import format_fen  # noqa: PLC0415 - heavy

    if given["shares"]:
        charter = session.charter(given["fund"])
        try:
            found = once(typed(given["shares"], charter, "--line"), "--line")
        except InputInvalid as error:
            session.wrong(error.findings)
            return {}
        for line, fen in found.items():
            if not fen:
                text = f"{':'.join(line)}={format_fen(fen)}"
                session.wrong_once("FL928", "--line", {"text": text})
        return found
    purposes = session.charter(given["fund"]).fund.purposes
    payable = {(one.unit, one.category) for one in purposes if one.holds(given["day"])}
    found = {line: room.left_fen for line, room in there.items() if line in payable}
    found = {line: fen for line, fen in found.items() if fen}
    if not found:
        month = given["day"].isoformat()[:7]
        session.wrong([Finding("FL583", given["fund"], {"month": month}, given["fund"])])
    return found


def _lines(there: dict[Line, Room], asked: dict[Line, int]) -> list[Line]:
    return sorted({*there, *asked})


def _plain(
    line: Line, there: dict[Line, Room], asked: dict[Line, int], chart: Chart
) -> dict[str, Any]:
    room = there.get(line)
    zh, en = chart.names(f"Expenses:{':'.join(line)}")
    spent_fen, given_fen = (room.spent_fen, room.given_fen) if room else (0, 0)
    amount_fen = asked.get(line, 0)
    return {
        "line": ":".join(line),
        "name_zh": zh,
        "name_en": en,
        "spent_fen": spent_fen,
        "given_fen": given_fen,
        "amount_fen": amount_fen,
        "left_fen": spent_fen - given_fen - amount_fen,
    }


def _tell(session: Session, there: dict[Line, Room], asked: dict[Line, int], chart: Chart) -> None:
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    columns = (
        Column(session.pick("部门:类别", "line"), wraps=True),
        Column(session.pick("名称", "name"), wraps=True, spare=1),
        Column(session.pick("上年同期列支", "last year"), right=True),
        Column(session.pick("已安排", "given"), right=True),
        Column(session.pick("本次安排", "now"), right=True),
        Column(session.pick("尚可安排", "left"), right=True),
    )
    rows = [_plain(line, there, asked, chart) for line in _lines(there, asked)]
    figures = ("spent_fen", "given_fen", "amount_fen", "left_fen")
    body = [
        (
            row["line"],
            session.pick(row["name_zh"], row["name_en"]),
            *(display_fen(row[name]) for name in figures),
        )
        for row in rows
    ]
    total = ("", "", *(display_fen(sum(row[name] for row in rows)) for name in figures))
    session.table(columns, body, (session.pick("合计", "total"), *total[1:]))
    session.lines([""])
