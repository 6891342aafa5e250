"""`fundledger close`: nothing more is posted into a month; a year is carried forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundledger.cli.framework import argument, command, option
from fundledger.cli.options import acting, fund

if TYPE_CHECKING:
    from fundledger.cli.closing import Closing
    from fundledger.cli.session import Session
    from fundledger.fund import Fund
    from fundledger.ledger.plan import Receipt


@command(
    "close",
    zh="月结：该月须已过完，此前各月须已结。先列出所结月份的凭证、合计、银行余额与所依据的对账单余额。\n"
    "年结（--year-end）：结转收支与指标，结 12 月账并转入下年；须另写制单人与审核人。\n"
    "已结月份不能再记账，也不能反结账。",
    en="A month must be over, and every earlier one closed. What is closed is shown first: "
    "vouchers, totals, the bank balance and the statement it rests on.\n"
    "A year (--year-end): its results and budget are carried forward, December is closed; "
    "takes a maker and a reviewer.\n"
    "Nothing more is posted into what is closed, and it is not opened again.",
    examples=(
        "close dibao 2026-03 --by S05",
        "close dibao 2026 --year-end --by S05 --maker S03 --reviewer S01 --dry-run",
    ),
)
@fund
@argument(
    "period",
    zh="月份 2026-03；年结时为年度 2026",
    en="a month such as 2026-03; with --year-end a year",
)
@option("--year-end", is_flag=True, zh="年末结转", en="end the year")
@option(
    "--by",
    "actor",
    metavar="STAFF",
    needed=True,
    zh="结账人的岗位代码",
    en="who closes it, by staff code",
)
@option("--maker", metavar="STAFF", zh="年结凭证的制单人", en="who makes the closing vouchers")
@option("--reviewer", metavar="STAFF", zh="年结凭证的审核人", en="who reviews the closing vouchers")
@acting
def close(  # noqa: PLR0913 - as many as the command has options
    session: Session,
    *,
    fund: str,
    period: str,
    year_end: bool,
    actor: str,
    maker: str | None,
    reviewer: str | None,
    key: str | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Close a month or a year."""
    from fundledger.cli.acting import carry_out  # noqa: PLC0415 - heavy
    from fundledger.cli.kinds import YEAR  # noqa: PLC0415 - beside its use

    signers = (("--maker", maker), ("--reviewer", reviewer))
    year = YEAR.read(period, "PERIOD", session) if year_end else None
    for name, value in signers:
        if year_end and not value:
            session.lacks(name)
        elif value and not year_end:
            session.lacks("--year-end")
    session.refuse_wrong()

    def act(fund: Fund, key: str) -> Receipt:
        if year is not None:
            return fund.close_year(
                year, actor=actor, maker=str(maker), reviewer=str(reviewer), key=key
            )
        return fund.close(period, actor=actor, key=key)

    closing = _closing(session, fund, f"{year}-12" if year is not None else period)
    more = {"closing": closing.plain(session.today)} if closing is not None else {}

    def first() -> None:
        if session.tells and closing is not None:
            closing.tell(session, fund)

    carry_out(session, fund, act, key=key, dry_run=dry_run, yes=yes, more=more, first=first)


def _closing(session: Session, fund: str, month: str) -> Closing | None:
    """Return what is to be closed; None where the fund or the month is none, as `act` will say."""
    from fundledger.cli.closing import closing_of  # noqa: PLC0415 - heavy

    return closing_of(session.fund(fund), month)
