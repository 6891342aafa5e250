"""Periods: months close in order, a year ends once, and assertions speak of what is there."""

from __future__ import annotations

from datetime import date, timedelta

from fundledger.checks.balances import assertion_off
from fundledger.checks.catalogue import Gates, Hits, check
from fundledger.ledger.asserted import standing
from fundledger.ledger.books import Books
from fundledger.ledger.chart import BANK
from fundledger.ledger.record import Record

ACTORS = {
    "assertion": ("auditor", "reviewer", "chief", "poster"),
    "reconciliation": ("auditor", "reviewer", "chief", "poster"),
    "loss": ("chief", "auditor"),
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
    elif month_end(month).isoformat() >= record.at[:10]:
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
    """A month is not closed while an asserted balance is off, and no signature explains it."""
    if record.kind not in {"close", "year-end"}:
        return
    month = record.body["month"]
    for account, details in assertion_off.function(books, month_end(month)):
        if details["date"][:7] == month:
            yield account, details


@check("FL322", Gates.ALWAYS)
def assertion_of_nothing(record: Record, books: Books) -> Hits:
    """An assertion names an account of the chart and a day of the fund's life that is over.

    What it replaces is an assertion of the same account and day that nothing else replaced; only
    the bank account is reconciled.
    """
    if record.kind not in {"assertion", "reconciliation"}:
        return
    body = record.body
    account = body["account"]
    meant = books.accounts.account(account)
    known = meant.granted or not meant.source or books.opened[account] is not None
    if meant.strange or not known:
        yield account, {"reason": "account", "value": account}
    elif record.kind == "reconciliation" and account != BANK:
        yield account, {"reason": "bank", "value": account}
    if body["date"] > record.at[:10]:
        yield account, {"reason": "future", "value": body["date"]}
    elif body["date"] < books.charter.fund.opened.isoformat():
        yield account, {"reason": "before", "value": body["date"]}
    replaced = body.get("replaces", 0) if record.kind == "assertion" else 0
    if replaced and not _replaces(record, replaced, books):
        yield account, {"reason": "replaces", "value": replaced}


def _replaces(record: Record, sequence: int, books: Books) -> bool:
    """Whether an assertion took the place of a mere assertion of the same account and day."""
    body = record.body
    return any(
        (item.account, item.day, item.signed_fen) == (body["account"], body["date"], None)
        and item.replaced_by == record.sequence
        for item in books.asserted()
        if item.sequence == sequence
    )


@check("FL323", Gates.ALWAYS)
def actor_unknown(record: Record, books: Books) -> Hits:
    """Whoever asserts, signs, closes or ends a year is on the staff, in a role that does so.

    The cashier, who keeps the account's money, signs no reconciliation.
    """
    allowed = ACTORS.get(record.kind)
    if allowed is None:
        return
    day = date.fromisoformat(record.at[:10])

    def holds(role: str) -> bool:
        return books.accounts.holds(record.actor, role, day)

    cashier = record.kind == "reconciliation" and holds("cashier")
    if cashier or not any(map(holds, allowed)):
        roles = " / ".join(allowed) + (", no cashier" if record.kind == "reconciliation" else "")
        yield record.actor[:12], {"kind": record.kind, "roles": roles}


@check("FL328", Gates.ALWAYS)
def closed_unasserted(record: Record, books: Books) -> Hits:
    """Where the rules ask for it, a month is closed on an asserted balance of the bank account."""
    if record.kind not in {"close", "year-end"} or not books.charter.controls.close_needs_assertion:
        return
    month = record.body["month"]
    if not asserted_in(books, month) and books.moves(BANK, month_end(month)):
        yield BANK, {"month": month}


def asserted_in(books: Books, month: str) -> str:
    """Return the last day of a month of which a standing assertion says what the account held."""
    said = standing(books.asserted())
    days = (item.day for item in said if item.account == BANK and item.day[:7] == month)
    return max(days, default="")
