"""`fundledger budget adopt …`: what moves a budget, one voucher a command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import command, option
from fundledger.cli.kinds import AMOUNT, SHARE, YEAR
from fundledger.cli.options import acting, fund, papers

if TYPE_CHECKING:
    from fundledger.charter import FundCharter
    from fundledger.cli.named import Line
    from fundledger.cli.session import Session
    from fundledger.findings import Finding
    from fundledger.fund import Fund
    from fundledger.ledger.plan import Receipt
    from fundledger.ledger.voucher import Posting

_EXAMPLE = "--date 2026-01-05 --approval 例财〔2026〕1号 --attachments 1 --maker S03 --reviewer S01"


def _common(function: Callable[..., Any]) -> Callable[..., Any]:
    for decorate in reversed(
        (
            fund,
            option(
                "--year",
                type=YEAR,
                metavar="YEAR",
                zh="预算年度；默认为凭证日期的年度",
                en="the budget's year; that of the date if not said",
            ),
            option(
                "--line",
                "shares",
                type=SHARE,
                multiple=True,
                metavar="UNIT:CATEGORY=YUAN",
                zh="部门:类别=金额",
                en="unit:category=amount",
            ),
            option(
                "--from",
                "file",
                metavar="FILE",
                zh="改从表格（.xlsx、.csv）读取，两列：部门类别、金额",
                en="read a table (.xlsx, .csv) of two columns instead: line, amount",
            ),
            papers(narrated=False),
            acting,
        )
    ):
        function = decorate(function)
    return function


def _act(
    session: Session,
    slug: str,
    given: dict[str, Any],
    postings: Callable[[FundCharter, int], tuple[Posting, ...]],
) -> None:
    """Carry out a movement of the budget: one voucher with all its lines."""
    from fundledger.cli.acting import carry_out  # noqa: PLC0415 - heavy
    from fundledger.cli.drafting import draft_of, undecided  # noqa: PLC0415 - heavy
    from fundledger.cli.happenings import FORMS  # noqa: PLC0415 - heavy
    from fundledger.cli.voucher_options import papers_of  # noqa: PLC0415 - heavy
    from fundledger.errors import InputInvalid  # noqa: PLC0415 - heavy
    from fundledger.ledger.events import EVENTS  # noqa: PLC0415 - heavy

    year = given["year"] or (given["day"].year if given["day"] else 0)
    papers = papers_of(session, given, f"{year}年{EVENTS[FORMS[slug].event].zh}")
    lines: tuple[Posting, ...] = ()
    try:
        lines = postings(session.charter(given["fund"]), year)
    except InputInvalid as error:
        session.wrong(error.findings)
    session.wrong(undecided(slug, given["approval"], "--approval"))
    session.refuse_wrong()
    assert papers is not None  # noqa: S101 - else refused above
    draft = draft_of(slug, papers, lines)

    def act(fund: Fund, key: str) -> Receipt:
        return fund.record(draft, key=key)

    carry_out(
        session, given["fund"], act, key=given["key"], dry_run=given["dry_run"], yes=given["yes"]
    )


def _lined(session: Session, slug: str, given: dict[str, Any]) -> None:
    """Carry out a movement that takes lines with their amounts."""
    from fundledger.cli.happenings import FORMS, Facts  # noqa: PLC0415 - heavy
    from fundledger.cli.lines import read_lines  # noqa: PLC0415 - heavy
    from fundledger.cli.named import line_named  # noqa: PLC0415 - heavy
    from fundledger.money import format_fen  # noqa: PLC0415 - heavy

    shares = given["shares"]
    if shares and given["file"]:
        session.wrong_once("FL947", "--line", {"other": "--from FILE"})
    elif not shares and not given["file"]:
        session.lacks("--line")
    session.refuse_wrong()
    filled = (
        read_lines(Path(given["file"]), session.charter(given["fund"])) if given["file"] else []
    )

    def postings(charter: FundCharter, year: int) -> tuple[Posting, ...]:
        typed = [(line_named(text, charter, "--line"), fen) for text, fen in shares]
        for line, amount_fen in typed:
            if amount_fen <= 0:
                text = f"{':'.join(line)}={format_fen(amount_fen)}"
                session.wrong_once("FL928", "--line", {"text": text})
        lines = [
            posting
            for line, amount_fen in (*filled, *typed)
            for posting in FORMS[slug].build(Facts(amount_fen=amount_fen, line=line), charter, year)
        ]
        return tuple(lines)

    _act(session, slug, given, postings)


@command(
    "budget adopt",
    zh="各行一次记入：批复数，尚未分配。",
    en="All lines in one voucher: approved, not yet allotted.",
    examples=(
        f"budget adopt dibao --line CASC:Dibao=1200000.00 {_EXAMPLE}",
        f"budget adopt dibao --from 批复.xlsx {_EXAMPLE} --dry-run",
    ),
)
@_common
def adopt(session: Session, **given: Any) -> None:  # noqa: ANN401 - the shared options
    """Adopt a budget."""
    _lined(session, "budget-adopt", given)


@command(
    "budget supplement",
    examples=(f"budget supplement dibao --line CASC:Dibao=50000.00 {_EXAMPLE}",),
)
@_common
def supplement(session: Session, **given: Any) -> None:  # noqa: ANN401 - the shared options
    """Add to a budget."""
    _lined(session, "supplement", given)


@command(
    "budget reduce",
    zh="只能追减尚未分配的部分。",
    en="Takes only what is not yet allotted.",
    examples=(f"budget reduce dibao --line CASC:Dibao=20000.00 {_EXAMPLE}",),
)
@_common
def reduce(session: Session, **given: Any) -> None:  # noqa: ANN401 - the shared options
    """Take from a budget."""
    _lined(session, "reduction", given)


@command(
    "budget allot",
    zh="分配后可用；可用与占用合计不得超过专户可用的资金。",
    en="Makes it available; available and encumbered together stay within the money there is.",
    examples=(f"budget allot dibao --line CASC:Dibao=100000.00 {_EXAMPLE}",),
)
@_common
def allot(session: Session, **given: Any) -> None:  # noqa: ANN401 - the shared options
    """Allot money to lines."""
    _lined(session, "allot", given)


@command(
    "budget encumber",
    examples=(f"budget encumber dibao --line CASC:Dibao=30000.00 {_EXAMPLE}",),
)
@_common
def encumber(session: Session, **given: Any) -> None:  # noqa: ANN401 - the shared options
    """Set budget aside."""
    _lined(session, "encumber", given)


@command(
    "budget release",
    examples=(f"budget release dibao --line CASC:Dibao=30000.00 {_EXAMPLE}",),
)
@_common
def release(session: Session, **given: Any) -> None:  # noqa: ANN401 - the shared options
    """Give back what was set aside."""
    _lined(session, "release", given)


def _moved(function: Callable[..., Any]) -> Callable[..., Any]:
    for decorate in reversed(
        (
            fund,
            option(
                "--year",
                type=YEAR,
                metavar="YEAR",
                zh="预算年度；默认为凭证日期的年度",
                en="the budget's year; that of the date if not said",
            ),
            option(
                "--from",
                "giver",
                metavar="UNIT:CATEGORY",
                needed=True,
                zh="调出的部门:类别",
                en="the line that gives",
            ),
            option(
                "--to",
                "taker",
                metavar="UNIT:CATEGORY",
                needed=True,
                zh="调入的部门:类别",
                en="the line that takes",
            ),
            option(
                "--amount",
                "amount_fen",
                type=AMOUNT,
                metavar="YUAN",
                needed=True,
                zh="金额（元）",
                en="the amount in yuan",
            ),
            option(
                "--reason",
                metavar="TEXT",
                needed=True,
                zh="理由，记入摘要",
                en="why; it goes into the narration",
            ),
            papers(narrated=False),
            acting,
        )
    ):
        function = decorate(function)
    return function


@command(
    "budget virement",
    zh="只在同一基金之内；理由记入摘要，fundledger budget virements 逐笔列出。",
    en="Within one fund only; the reason goes into the narration, and `budget virements` lists it.",
    examples=(
        (
            "budget virement low-income --from CASC:LowIncome --to CASC:IllnessExp "
            f"--amount 5000.00 --reason 就医支出增加 {_EXAMPLE}"
        ),
    ),
)
@_moved
def virement(session: Session, **given: Any) -> None:  # noqa: ANN401 - the shared options
    """Move budget between two lines."""
    from fundledger.cli.drafting import OPTIONS  # noqa: PLC0415 - heavy
    from fundledger.cli.named import line_named  # noqa: PLC0415 - heavy
    from fundledger.errors import InputInvalid  # noqa: PLC0415 - heavy
    from fundledger.findings import Finding  # noqa: PLC0415 - heavy
    from fundledger.ledger import drafts  # noqa: PLC0415 - heavy
    from fundledger.ledger.virements import COLON  # noqa: PLC0415 - heavy

    def postings(charter: FundCharter, year: int) -> tuple[Posting, ...]:
        lines: dict[str, Line] = {}
        wrong: list[Finding] = []
        for name in ("giver", "taker"):
            try:
                lines[name] = line_named(given[name], charter, OPTIONS[name])
            except InputInvalid as error:
                other = _fund_with(session, given["fund"], given[name])
                details = {"text": given[name][:40], "other": other}
                between = [Finding("FL580", OPTIONS[name], details, given["fund"])]
                wrong += between if other else error.findings
        if wrong:
            raise InputInvalid(wrong)
        return drafts.virement(year, lines["giver"], lines["taker"], given["amount_fen"])

    year = given["year"] or given["day"].year
    told = given["narration"] or f"{year}年预算调剂"
    _act(session, "virement", {**given, "narration": f"{told}{COLON}{given['reason']}"}, postings)


def _fund_with(session: Session, fund_id: str, text: str) -> str:
    """Return the other fund that has a purpose of that name, or nothing."""
    from fundledger.cli.named import line_named  # noqa: PLC0415 - heavy
    from fundledger.errors import InputInvalid  # noqa: PLC0415 - heavy

    for other in session.office.charter.funds:
        if other.id != fund_id:
            try:
                line_named(text, session.charter(other.id), "")
            except InputInvalid:
                continue
            return other.id
    return ""
