"""`fundledger reverse` and `fundledger correct`: nothing posted is edited, mistakes are mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import argument, command, option
from fundledger.cli.kinds import AMOUNT, DAY
from fundledger.cli.options import acting, fund, papers, signed
from fundledger.cli.voucher_options import drafted, happening

if TYPE_CHECKING:
    from datetime import date

    from fundledger.cli.session import Session
    from fundledger.fund import Fund
    from fundledger.ledger.plan import Receipt


@command(
    "reverse",
    zh="按原凭证各行记红字，只限同一年度；跨年错误用 correct（会计基础工作规范第五十一条第五款）。",
    en="Records the voucher's lines in red ink, within its year; use correct for an earlier year's "
    "(会计基础工作规范 art. 51(5)).",
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
    "少付而今年补付的写 --underpaid 金额（同时减少该类别的上年结转指标），都不写 EVENT 和科目；\n"
    "其他情形用 --debit、--credit 写明。\n"
    "EVENT 与各选项同 record，写的是正确的业务。",
    en="Within the year: a red copy of the voucher and the right one, recorded together.\n"
    "Of an earlier year: one correcting voucher in blue through the prior-year adjustment: with "
    "--overpaid for what came back this year and --underpaid for what is paid this year, both "
    "without EVENT and accounts; anything else is written with --debit and --credit.\n"
    "EVENT and its options are those of record, and tell the right event.",
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
        Misuse: FL947, it is said in two ways; FL968, the voucher is of this year.

    """
    from fundledger.ledger.chart import BANK, PRIOR_YEAR_ADJUSTMENT  # noqa: PLC0415 - heavy
    from fundledger.ledger.drafts import budget_account  # noqa: PLC0415 - heavy

    fund, ref = wrong
    overpaid, underpaid = amounts
    said = "--underpaid" if overpaid is None else "--overpaid"
    if overpaid is not None and underpaid is not None:
        session.wrong_once("FL947", "--underpaid", {"other": "--overpaid"})
    if event is not None:
        session.wrong_once("FL947", "EVENT", {"other": said})
    if given["debits"] or given["credits_"]:
        session.wrong_once("FL947", "--debit, --credit", {"other": said})
    if given["day"] is not None and ref[:4] == f"{given['day'].year:04d}":
        session.wrong_once("FL968", said, {"ref": ref, "year": given["day"].year})
    session.refuse_wrong()
    if overpaid is not None:
        given["debits"] = ((BANK, overpaid),)
        given["credits_"] = ((PRIOR_YEAR_ADJUSTMENT, overpaid),)
    elif underpaid is not None and given["day"] is not None:
        line = _line_of(session, fund, ref, given)
        brought, available = (
            budget_account(given["day"].year, kind, line)
            for kind in ("BroughtForward", "Available")
        )
        given["debits"] = ((PRIOR_YEAR_ADJUSTMENT, underpaid), (brought, underpaid))
        given["credits_"] = ((BANK, underpaid), (available, underpaid))
        given["line"] = None


def _line_of(session: Session, fund: str, ref: str, given: dict[str, Any]) -> tuple[str, str]:
    """Return the budget line of which too little was paid: the one that is named, or the voucher's.

    Raises:
        Misuse: FL922, neither names one and one alone; FL923, the fund has no such line.

    """
    from fundledger.cli.happenings import line_named  # noqa: PLC0415 - heavy

    if given["line"]:
        return line_named(given["line"], session.charter(fund), "--line")
    voucher = session.books(fund).voucher(ref)
    paths = [p.account.split(":") for p in voucher.postings] if voucher is not None else []
    lines = {(path[4], path[5]) for path in paths if path[3:4] == ["Expended"]}
    if len(lines) != 1:
        session.lacks("--line")
        session.refuse_wrong()
    return lines.pop()
