"""Balance assertions as people and machines are shown them: held, explained, off or replaced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from fundledger.ledger.asserted import Judged, State, judged, standing
from fundledger.ledger.chart import BANK
from fundledger.money import display_fen
from fundledger.report.paper import account_title
from fundledger.report.table import Column

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.ledger.books import Books

_STATES = {
    State.HELD: ("相符", "held"),
    State.EXPLAINED: ("调节相符", "explained"),
    State.OFF: ("不符", "off"),
    State.REPLACED: ("已更正", "replaced"),
}


def table_of(session: Session, rows: Iterable[tuple[str, Judged]], day: date) -> None:
    """Show assertions, each with its fund."""
    columns = (
        Column(session.pick("基金", "fund")),
        Column(session.pick("科目", "account"), wraps=True),
        Column(session.pick("核对日", "day")),
        Column(session.pick("距今天数", "days ago"), right=True),
        Column(session.pick("对账单余额", "asserted"), right=True),
        Column(session.pick("账面余额", "booked"), right=True),
        Column(session.pick("差额", "apart"), right=True),
        Column(session.pick("结果", "result"), wraps=True),
        Column(session.pick("记录", "record"), right=True),
    )
    session.table(
        columns,
        [
            (
                fund,
                _name(session, fund, item.assertion.account),
                item.assertion.day,
                str((day - date.fromisoformat(item.assertion.day)).days),
                display_fen(item.assertion.amount_fen),
                display_fen(item.booked_fen),
                display_fen(item.apart_fen),
                result_of(session, item),
                str(item.assertion.sequence),
            )
            for fund, item in rows
        ],
    )


def _name(session: Session, fund: str, account: str) -> str:
    """Return an account as a clerk knows it; as it is written for who reads English."""
    chart = session.chart(fund) if session.language == "zh" else None
    return account if chart is None else account_title(chart, account, "zh")


def result_of(session: Session, item: Judged) -> str:
    """Return what becomes of an assertion, in a few words."""
    words = session.pick(*_STATES[item.state])
    if item.state is State.EXPLAINED:
        words += session.pick(f"（记录 {item.reconciliation}）", f" (record {item.reconciliation})")
    elif item.state is State.REPLACED:
        later = item.assertion.replaced_by
        words += session.pick(f"（记录 {later}）", f" (record {later})")
    elif item.state is State.OFF:
        words += f" {display_fen(item.off_fen)}"
    return words


def plain_of(item: Judged, day: date) -> dict[str, Any]:
    """Return an assertion as JSON for a machine."""
    said = item.assertion
    return {
        "record": said.sequence,
        "by": said.actor,
        "account": said.account,
        "date": said.day,
        "age_days": (day - date.fromisoformat(said.day)).days,
        "asserted_fen": said.amount_fen,
        "booked_fen": item.booked_fen,
        "apart_fen": item.apart_fen,
        "off_fen": item.off_fen,
        "state": item.state.value,
        "held": item.state is State.HELD,
        "explained_by": item.reconciliation or None,
        "replaced_by": said.replaced_by or None,
    }


def by_day(books: Books, day: date) -> list[Judged]:
    """Return every assertion up to a day, by day and account."""
    found = judged(books, day)
    return sorted(found, key=lambda i: (i.assertion.day, i.assertion.account, i.assertion.sequence))


def months_of(books: Books, day: date) -> Iterator[dict[str, Any]]:
    """Yield, for each account that is asserted and the bank, each month with its last assertion.

    The months are those from the account's first movement or assertion to `day`; `last` and
    `age_days` are None where nothing is asserted in the month, which is not over if `running`.
    """
    said = [i for i in standing(books.asserted()) if i.day <= day.isoformat()]
    for account in sorted({BANK, *(item.account for item in said)}):
        days = [item.day for item in said if item.account == account]
        first = min([*days, *books.moves(account, day)[:1]], default="")
        month = max(first[:7], books.charter.fund.opened.isoformat()[:7]) if first else ""
        while month and month <= day.isoformat()[:7]:
            last = max((on for on in days if on[:7] == month), default=None)
            yield {
                "account": account,
                "month": month,
                "last": last,
                "age_days": (day - date.fromisoformat(last)).days if last else None,
                "running": (day + timedelta(days=1)).isoformat()[:7] == month,
            }
            year, number = int(month[:4]), int(month[5:])
            month = f"{year + number // 12:04d}-{number % 12 + 1:02d}"
