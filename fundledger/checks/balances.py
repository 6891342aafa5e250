"""Balances: what the bank says, day by day, and what no account may be."""

from __future__ import annotations

from datetime import date

from fundledger.checks.catalogue import Gates, Hits, check
from fundledger.ledger.books import Books, Entry
from fundledger.ledger.chart import BANK


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
    "FL402", Gates.ACTS, concerns=lambda layout: any(account.daily for account in layout.accounts)
)
def overdrawn(new: Entry, books: Books) -> Hits:
    """The dedicated account and the cash box are below zero on no day's end."""
    for (name, signed_fen, _), account in new.lines:
        if account.daily and signed_fen < 0:
            lowest_fen, day = books.lowest(name, new.voucher.date)
            if lowest_fen < 0:
                yield name, {"account": name, "date": day, "amount_fen": lowest_fen}


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
