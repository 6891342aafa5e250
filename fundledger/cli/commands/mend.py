"""`fundledger reverse` and `fundledger correct`: nothing posted is edited, mistakes are mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import argument, command, option
from fundledger.cli.kinds import DAY
from fundledger.cli.options import acting, fund, papers, signed
from fundledger.cli.voucher_options import drafted, happening

if TYPE_CHECKING:
    from datetime import date

    from fundledger.cli.session import Session
    from fundledger.fund import Fund
    from fundledger.ledger.store import Receipt


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
    "以前年度：只记蓝字更正凭证，用 --debit、--credit 写明，经以前年度盈余调整。\n"
    "EVENT 与各选项同 record，写的是正确的业务。",
    en="Within the year: a red copy of the voucher and the right one, recorded together.\n"
    "Of an earlier year: one correcting voucher in blue, written with --debit and --credit, "
    "through the prior-year adjustment.\n"
    "EVENT and its options are those of record, and tell the right event.",
    examples=(
        (
            "correct dibao 2026-03-0007 expense --amount 700.00 --line CASC:Dibao "
            "--date 2026-03-12 --narration 更正3月低保金 --attachments 1 "
            "--maker S03 --reviewer S01 --cashier S06 --dry-run"
        ),
        (
            "correct dibao 2025-12-0003 transfer --debit Equity:PriorYearAdjustment=100.00 "
            "--credit Assets:Bank:Dedicated=100.00 --date 2026-03-12 --narration 更正上年低保金 "
            "--attachments 1 --maker S03 --reviewer S01 --cashier S06 --dry-run"
        ),
    ),
)
@fund
@argument("ref", metavar="VOUCHER", zh="原凭证号", en="the number of what is wrong")
@argument("event", zh="正确的业务，例如 expense", en="the right event, such as expense")
@happening
@papers()
@acting
def correct(  # noqa: PLR0913 - as many as the command has options of its own
    session: Session,
    *,
    fund: str,
    ref: str,
    event: str,
    key: str | None,
    dry_run: bool,
    yes: bool,
    **given: Any,  # noqa: ANN401 - the options of `happening` and `papers`
) -> None:
    """Correct a voucher."""
    from fundledger.cli.acting import carry_out  # noqa: PLC0415 - heavy
    from fundledger.cli.happenings import slug_of  # noqa: PLC0415 - heavy

    draft = drafted(session, fund, slug_of(session, event), given)

    def act(fund: Fund, key: str) -> Receipt:
        return fund.correct(ref, draft, key=key)

    carry_out(session, fund, act, key=key, dry_run=dry_run, yes=yes)
