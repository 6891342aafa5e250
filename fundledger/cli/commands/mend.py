"""`fundledger reverse` and `fundledger correct`: nothing posted is edited, mistakes are mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from fundledger.cli.framework import argument, command, option
from fundledger.cli.kinds import AMOUNT, DAY
from fundledger.cli.options import acting, fund, papers, signed
from fundledger.cli.voucher_options import drafted, happening

if TYPE_CHECKING:
    from datetime import date

    from fundledger.cli.named import Line
    from fundledger.cli.session import Session
    from fundledger.fund import Fund
    from fundledger.ledger.plan import Receipt


@command(
    "reverse",
    zh="按原凭证各行记红字，只限同一年度；跨年错误用 correct（会计基础工作规范第五十一条第五款）。"
    "\n摘要自动写成“注销某年某月某日记-某号凭证”，不写 --narration；\n"
    "红字凭证不收付款项，不写出纳和附件。",
    en="Records the voucher's lines in red ink, within its year; use correct for an earlier year's "
    "(会计基础工作规范 art. 51(5)).\n"
    "The narration is made by itself, of the voucher's day and number, without --narration; red "
    "ink moves no money and takes neither cashier nor papers.",
    examples=("reverse dibao 2026-03-0007 --date 2026-03-12 --maker S03 --reviewer S01 --dry-run",),
)
@fund
@argument(
    "ref", metavar="VOUCHER", zh="凭证号，例如 2026-03-0007", en="its number, such as 2026-03-0007"
)
@option(
    "--date",
    "day",
    type=DAY,
    metavar="YYYY-MM-DD",
    needed=True,
    zh="红字凭证的日期",
    en="the date of the red voucher",
)
@signed
@acting
def reverse(  # noqa: PLR0913 - as many as the command has options
    session: Session,
    *,
    fund: str,
    ref: str,
    day: date,
    maker: str,
    reviewer: str,
    key: str | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Reverse a voucher."""
    from fundledger.cli.acting import carry_out  # noqa: PLC0415 - heavy

    def act(fund: Fund, key: str) -> Receipt:
        return fund.reverse(ref, on=day, maker=maker, reviewer=reviewer, key=key)

    carry_out(session, fund, act, key=key, dry_run=dry_run, yes=yes)


@command(
    "correct",
    zh="同一年度：红字冲销原凭证，再记正确的蓝字凭证，两张一次入账。\n"
    "以前年度：只记一张蓝字更正凭证，经以前年度盈余调整。多付而今年收回的写 --overpaid 金额，\n"
    "少付而今年补付的写 --underpaid 金额（同时减少该类别的上年结转指标），都不写 EVENT、\n"
    "--amount 和科目；只在原凭证付了几个类别时，--underpaid 才须写 --line。\n"
    "其他情形用 --debit、--credit 写明。\n"
    "EVENT 与各选项同 record，写的是正确的业务。更正应收其他基金时不写 --paid-by，沿用原付款凭证。",
    en="Within the year: a red copy of the voucher and the right one, recorded together.\n"
    "Of an earlier year: one correcting voucher in blue through the prior-year adjustment: with "
    "--overpaid for what came back this year and --underpaid for what is paid this year, both "
    "without EVENT, --amount and accounts, and --line only with --underpaid where the voucher paid "
    "several; anything else is written with --debit and --credit.\n"
    "EVENT and its options are those of record, and tell the right event. A claim on another fund "
    "is corrected without --paid-by: it keeps the payment that was named.",
    examples=(
        (
            "correct dibao 2026-03-0007 expense --amount 700.00 --line CASC:Dibao "
            "--date 2026-03-12 --narration 更正3月低保金 --attachments 1 "
            "--maker S03 --reviewer S01 --cashier S06 --dry-run"
        ),
        (
            "correct dibao 2025-12-0005 --overpaid 100.00 --date 2026-03-12 "
            "--narration 收回上年多付低保金 --attachments 1 --maker S03 --reviewer S01 "
            "--cashier S06 --dry-run"
        ),
    ),
)
@fund
@argument("ref", metavar="VOUCHER", zh="原凭证号", en="the number of what is wrong")
@argument(
    "event",
    needed=False,
    zh="正确的业务，例如 expense",
    en="the right event, such as expense",
)
@option(
    "--overpaid",
    type=AMOUNT,
    metavar="YUAN",
    zh="以前年度多付、今年收回存入专户的金额",
    en="what was paid too much in an earlier year and came back into the account",
)
@option(
    "--underpaid",
    type=AMOUNT,
    metavar="YUAN",
    zh="以前年度少付、今年从专户补付的金额，须写 --approval",
    en="what was paid too little in an earlier year and is paid now; needs --approval",
)
@happening
@papers()
@acting
def correct(  # noqa: PLR0913 - as many as the command has options of its own
    session: Session,
    *,
    fund: str,
    ref: str,
    event: str | None,
    overpaid: int | None,
    underpaid: int | None,
    key: str | None,
    dry_run: bool,
    yes: bool,
    **given: Any,  # noqa: ANN401 - the options of `happening` and `papers`
) -> None:
    """Correct a voucher."""
    from fundledger.cli.acting import carry_out  # noqa: PLC0415 - heavy
    from fundledger.cli.happenings import slug_of  # noqa: PLC0415 - heavy

    if overpaid is not None or underpaid is not None:
        _of_earlier_year(session, (fund, ref), event, (overpaid, underpaid), given)
        event = "transfer"
    elif event is None:
        session.lacks("EVENT")
        session.refuse_wrong()
    draft = drafted(session, fund, slug_of(session, str(event)), given)

    def act(fund: Fund, key: str) -> Receipt:
        return fund.correct(ref, draft, key=key)

    carry_out(session, fund, act, key=key, dry_run=dry_run, yes=yes)


def _of_earlier_year(
    session: Session,
    wrong: tuple[str, str],
    event: str | None,
    amounts: tuple[int | None, int | None],
    given: dict[str, Any],
) -> None:
    """Put the postings into `given` by which an earlier year's payment is mended.

    What came back belongs to the surplus; what is paid takes the budget brought forward with it.

    Raises:
        Misuse: FL924, FL947, it is said in two ways; FL968, the voucher is of this year; FL969,
            it paid nothing; FL922, FL923, the line is missing or unknown.
        NotFound: FL911, there is no such voucher.

    """
    from fundledger.ledger.chart import BANK, PRIOR_YEAR_ADJUSTMENT  # noqa: PLC0415 - heavy
    from fundledger.ledger.drafts import budget_account  # noqa: PLC0415 - heavy

    overpaid, underpaid = amounts
    said = "--underpaid" if overpaid is None else "--overpaid"
    if overpaid is not None and underpaid is not None:
        session.wrong_once("FL947", "--underpaid", {"other": "--overpaid"})
    _expect_alone(session, event, given, said)
    session.refuse_wrong()
    year = given["day"].year
    lines = _lines_paid(session, wrong, year, said)
    if overpaid is not None:
        given["debits"] = ((BANK, overpaid),)
        given["credits_"] = ((PRIOR_YEAR_ADJUSTMENT, overpaid),)
        return
    line = _line_of(session, wrong[0], lines, given["line"])
    brought, available = (
        budget_account(year, kind, line) for kind in ("BroughtForward", "Available")
    )
    given["debits"] = ((PRIOR_YEAR_ADJUSTMENT, underpaid), (brought, underpaid))
    given["credits_"] = ((BANK, underpaid), (available, underpaid))
    given["line"] = None


def _expect_alone(session: Session, event: str | None, given: dict[str, Any], said: str) -> None:
    """Note what was typed beside `--overpaid` or `--underpaid` that says the event otherwise."""
    from fundledger.cli.drafting import OPTIONS  # noqa: PLC0415 - heavy

    others = [] if event is None else ["EVENT"]
    others += [shown for name, shown in OPTIONS.items() if given[name] and name != "line"]
    if given["debits"] or given["credits_"]:
        others.append("--debit, --credit")
    for other in others:
        session.wrong_once("FL947", other, {"other": said})
    if given["line"] and said == "--overpaid":
        texts = {
            "text_zh": "用 --overpaid 时不用写 --line，收回的款项不涉及指标。",
            "text_en": "--line is not needed with --overpaid: what comes back moves no budget.",
        }
        command = click.get_current_context().command_path
        session.wrong_once("FL924", "--line", {**texts, "command": command})


def _lines_paid(session: Session, wrong: tuple[str, str], year: int, said: str) -> list[Line]:
    """Return the budget lines on which a voucher of a year before `year` paid.

    Raises:
        Misuse: FL968, it is of the year; FL969, it paid nothing.
        NotFound: FL911, there is no such voucher.

    """
    from fundledger.errors import NotFound  # noqa: PLC0415 - heavy
    from fundledger.findings import Finding  # noqa: PLC0415 - heavy
    from fundledger.ledger.events import EVENTS  # noqa: PLC0415 - heavy
    from fundledger.ledger.given import shown  # noqa: PLC0415 - heavy

    fund, ref = wrong
    session.charter(fund)
    voucher = session.books(fund).voucher(ref)
    if voucher is None:
        raise NotFound(Finding("FL911", shown(ref), {"ref": shown(ref)}, fund))
    paid_fen: dict[Line, int] = {}
    for posting in voucher.postings:
        path = posting.account.split(":")
        if path[3:4] == ["Expended"]:
            line = (path[4], path[5])
            paid_fen[line] = paid_fen.get(line, 0) + posting.signed_fen
    lines = [line for line, fen in paid_fen.items() if fen > 0]
    if voucher.date.year == year:
        session.wrong_once("FL968", said, {"ref": ref, "year": year})
    elif not lines:
        event = EVENTS[voucher.event]
        session.wrong_once("FL969", said, {"ref": ref, "event_zh": event.zh, "event_en": event.en})
    session.refuse_wrong()
    return lines


def _line_of(session: Session, fund: str, paid: list[Line], named: str | None) -> Line:
    """Return the budget line of which too little was paid: the one that is named, or paid alone.

    Raises:
        Misuse: FL922, several were paid and none is named.
        InputInvalid: FL923, the fund has no such line.

    """
    from fundledger.cli.named import line_named  # noqa: PLC0415 - heavy

    if named:
        return line_named(named, session.charter(fund), "--line")
    if len(paid) > 1:
        lines = [":".join(line) for line in paid]
        told = {
            "what_zh": f"（原凭证付了 {'、'.join(lines)}，写明少付的是哪一项）",
            "what_en": f" (the voucher paid {', '.join(lines)}: which of them was too little?)",
        }
        session.wrong_once("FL922", "--line", told)
        session.refuse_wrong()
    return paid[0]
