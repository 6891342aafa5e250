"""Balances: what the bank says, day by day, and what no account may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from fundledger.checks.catalogue import Gates, Hits, Sees, check
from fundledger.ledger.books import Books, Entry
from fundledger.ledger.chart import BANK, CARRIED_FORWARD, Account


@check("FL401", Gates.NEVER)
def assertion_off(books: Books, as_of: date) -> Hits:
    """The books say what the latest assertion for an account and day says, to the fen."""
    latest = {(account, day): (n, fen) for n, account, day, fen, _ in books.asserted()}
    for (account, day), (sequence, asserted_fen) in sorted(latest.items()):
        if day > as_of.isoformat():
            continue
        booked_fen = books.balance(account, date.fromisoformat(day))
        if booked_fen != asserted_fen:
            yield (
                account,
                {
                    "account": account,
                    "date": day,
                    "record": sequence,
                    "asserted_fen": asserted_fen,
                    "booked_fen": booked_fen,
                    "amount_fen": booked_fen - asserted_fen,
                },
            )


@check(
    "FL402",
    Gates.ACTS,
    Sees.STATE,
    concerns=lambda layout: bool(layout.moving(_daily)),
    watches=lambda layout: layout.moving(_daily),
)
def overdrawn(entries: Sequence[Entry], books: Books) -> Hits:
    """The dedicated account and the cash box are below zero on no day's end."""
    for name, day in _lowered(entries, _daily).items():
        lowest_fen, when = books.lowest(name, day)
        if lowest_fen < 0:
            yield name, {"account": name, "date": when, "amount_fen": lowest_fen}


@check(
    "FL404",
    Gates.ACTS,
    Sees.STATE,
    concerns=lambda layout: layout.event == "surrender" or bool(layout.moving(_natural)),
    watches=lambda layout: (
        *layout.moving(_natural),
        *(((CARRIED_FORWARD, -1),) if layout.event == "surrender" else ()),
    ),
)
def wrong_side(entries: Sequence[Entry], books: Books) -> Hits:
    """No claim is a debt and no debt a claim on any day's end: nobody gives back what is not owed.

    What is surrendered beside dues to the treasury is the fund's surplus, and no more than it.
    """
    for name, day in _lowered(entries, _natural).items():
        natural = books.accounts.account(name).natural
        lowest_fen, when = books.lowest(name, day, natural)
        if lowest_fen < 0:
            yield name, {"account": name, "date": when, "amount_fen": natural * lowest_fen}
    surrendered = any(entry.voucher.event == "surrender" for entry in entries)
    beyond_fen = books.balance(CARRIED_FORWARD) if surrendered else 0
    if beyond_fen > 0:
        when = max(entry.day for entry in entries)
        yield (
            CARRIED_FORWARD,
            {"account": CARRIED_FORWARD, "date": when, "amount_fen": beyond_fen},
        )


def _daily(account: Account) -> int:
    return int(account.daily)


def _natural(account: Account) -> int:
    return account.natural


def _lowered(entries: Sequence[Entry], sign: Callable[[Account], int]) -> dict[str, date]:
    """Return the accounts moved against their `sign`, each with the first day of it."""
    days: dict[str, date] = {}
    for entry in entries:
        for (name, signed_fen, _), account in entry.lines:
            if signed_fen * sign(account) < 0:
                days[name] = min(days.get(name, entry.voucher.date), entry.voucher.date)
    return days


@check("FL403", Gates.NEVER)
def assertion_stale(books: Books, as_of: date) -> Hits:
    """The dedicated account's balance is asserted from its statement every month."""
    moved = books.moves(BANK, as_of)
    if not moved:
        return
    days = [day for _, account, day, _, _ in books.asserted() if account == BANK]
    known = [day for day in days if day <= as_of.isoformat()]
    last = max(known, default="")
    since = date.fromisoformat(last or moved[0])
    age_days = (as_of - since).days
    if age_days > books.charter.controls.stale_assertion_days:
        yield BANK, {"account": BANK, "last": last or "-", "age_days": age_days}
