"""Periods: months close in order, a year ends once, and assertions speak of what is there."""

from __future__ import annotations

from datetime import date, timedelta

from fundledger.checks.balances import assertion_off
from fundledger.checks.catalogue import Gates, Hits, check
from fundledger.ledger.books import Books
from fundledger.ledger.record import Record

ACTORS = {
    "assertion": ("auditor", "reviewer", "chief", "poster"),
    "close": ("chief", "poster"),
    "year-end": ("chief", "poster"),
}
"""The roles of which one is needed for each kind of record that is no voucher."""


def month_end(month: str) -> date:
    """Return the last day of a month such as `2026-02`."""
    year, number = int(month[:4]), int(month[5:])
    following = date(year + number // 12, number % 12 + 1, 1)
    return following - timedelta(days=1)


@check("FL320", Gates.ALWAYS)
def close_out_of_order(record: Record, books: Books) -> Hits:
    """A month is closed once, when it is over, and after every earlier month."""
    if record.kind not in {"close", "year-end"}:
        return
    month = record.body["month"]
    reason = ""
    if books.closed[month] != record.sequence:
        reason = "closed"
    elif record.body["after"] != _last_closed(month, books) or _open_before(month, books):
        reason = "order"
    elif month_end(month).isoformat() > record.at[:10]:
        reason = "running"
    else:
        years = {name[:4] for name, _ in books.months.rows()}
        if record.kind == "close" and month.endswith("-12") and month[:4] in years:
            reason = "year-end"
        elif any(year < month[:4] and books.years[year] is None for year in years):
            reason = "year-open"
    if reason:
        yield month, {"month": month, "reason": reason}


def _last_closed(month: str, books: Books) -> str:
    """Return the last month before `month` that was closed, or an empty text."""
    return max((name for name, _ in books.closed.rows() if name < month), default="")


def _open_before(month: str, books: Books) -> bool:
    """Whether an open month with vouchers lies before `month`."""
    last = _last_closed(month, books)
    return any(last < name < month for name, _ in books.months.rows())


@check("FL321", Gates.ALWAYS)
def close_with_assertion_off(record: Record, books: Books) -> Hits:
    """A month whose asserted balance is not the books' is not closed."""
    if record.kind not in {"close", "year-end"}:
        return
    month = record.body["month"]
    for account, details in assertion_off.function(books, month_end(month)):
        if details["date"][:7] == month:
            yield account, details


@check("FL322", Gates.ALWAYS)
def assertion_of_nothing(record: Record, books: Books) -> Hits:
    """An assertion names an account of the chart and a day of the fund's life that is over."""
    if record.kind != "assertion":
        return
    body = record.body
    account = books.accounts.account(body["account"])
    known = account.granted or not account.source or books.opened[account.name] is not None
    if account.strange or not known:
        yield body["account"], {"reason": "account", "value": body["account"]}
    if body["date"] > record.at[:10]:
        yield body["account"], {"reason": "future", "value": body["date"]}
    elif body["date"] < books.charter.fund.opened.isoformat():
        yield body["account"], {"reason": "before", "value": body["date"]}


@check("FL323", Gates.ALWAYS)
def actor_unknown(record: Record, books: Books) -> Hits:
    """Whoever asserts, closes or ends a year is on the staff, in a role that does so."""
    allowed = ACTORS.get(record.kind)
    if allowed is None:
        return
    day = date.fromisoformat(record.at[:10])
    if not any(books.accounts.holds(record.actor, role, day) for role in allowed):
        yield record.actor[:12], {"kind": record.kind, "roles": " / ".join(allowed)}
