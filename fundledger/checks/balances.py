"""Balances: what the bank says, day by day, and what no account may be."""

from __future__ import annotations

from datetime import date

from fundledger.checks.catalogue import Gates, Hits, check
from fundledger.ledger.asserted import State, conflicts, judged, reconciled, short_refs, standing
from fundledger.ledger.books import Books, Entry
from fundledger.ledger.chart import BANK


@check("FL401", Gates.NEVER)
def assertion_off(books: Books, as_of: date) -> Hits:
    """The books say what an assertion says, or what the reconciliation of it was signed with."""
    for item in judged(books, as_of):
        if item.state is not State.OFF:
            continue
        said = item.assertion
        yield (
            said.account,
            {
                "account": said.account,
                "date": said.day,
                "record": item.reconciliation or said.sequence,
                "basis": "signed" if item.reconciliation else "asserted",
                "asserted_fen": said.amount_fen,
                "expected_fen": item.expected_fen,
                "booked_fen": item.booked_fen,
                "amount_fen": item.off_fen,
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
    days = [item.day for item in standing(books.asserted()) if item.account == BANK]
    known = [day for day in days if day <= as_of.isoformat()]
    last = max(known, default="")
    since = date.fromisoformat(last or moved[0])
    age_days = (as_of - since).days
    if age_days > books.charter.controls.stale_assertion_days:
        yield BANK, {"account": BANK, "last": last or "-", "age_days": age_days}


@check("FL420", Gates.NEVER)
def assertions_conflict(books: Books, as_of: date) -> Hits:
    """What statements say of one account and day is one figure, unless a later one replaces it."""
    for earlier, later in conflicts(books.asserted()):
        if later.day <= as_of.isoformat():
            yield (
                later.account,
                {
                    "account": later.account,
                    "date": later.day,
                    "earlier": earlier.sequence,
                    "earlier_fen": earlier.amount_fen,
                    "later": later.sequence,
                    "later_fen": later.amount_fen,
                },
            )


@check("FL421", Gates.NEVER)
def signed_item_aged(books: Books, as_of: date) -> Hits:
    """What was signed as open is cleared or looked into before it ages."""
    known = [signed for signed in reconciled(books, BANK) if signed.body.date <= as_of]
    for signed in known[-1:]:
        for item in signed.body.items:
            age_days = (as_of - item.date).days
            if age_days > books.charter.controls.aged_item_days:
                yield (
                    BANK,
                    {
                        "kind": item.kind,
                        "ref": short_refs(item.refs),
                        "date": item.date.isoformat(),
                        "age_days": age_days,
                        "record": signed.sequence,
                        "amount_fen": item.amount_fen,
                    },
                )
