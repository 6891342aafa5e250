"""Balances: what the bank says, day by day, and what no account may be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from fundledger.checks.catalogue import Gates, Hits, Sees, check
from fundledger.checks.days import moved_against, taken_fen
from fundledger.ledger.asserted import State, conflicts, judged, reconciled, short_refs, standing
from fundledger.ledger.books import Books
from fundledger.ledger.chart import BANK, CARRIED_FORWARD, PRIOR_YEAR_ADJUSTMENT, Account
from fundledger.ledger.entry import Entry

_REMITTED = "batch-remit"
_SURPLUS = frozenset({CARRIED_FORWARD, PRIOR_YEAR_ADJUSTMENT})


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
    "FL402",
    Gates.ACTS,
    Sees.STATE,
    concerns=lambda layout: bool(layout.moving(_daily)),
    watches=lambda layout: layout.moving(_daily),
)
def overdrawn(entries: Sequence[Entry], books: Books) -> Hits:
    """The dedicated account and the cash box are below zero on no day's end."""
    for name, day in moved_against(entries, _daily).items():
        dip = books.dip(name, day)
        if dip is not None:
            yield name, {"account": name, "date": dip[1], "amount_fen": dip[0]}


@check(
    "FL404",
    Gates.ACTS,
    Sees.STATE,
    concerns=lambda layout: (
        bool(layout.moving(_natural)) or (not layout.closing and layout.has(*_SURPLUS, debit=True))
    ),
    watches=lambda layout: (
        *layout.moving(_natural),
        *(((CARRIED_FORWARD, -1),) if layout.has(*_SURPLUS, debit=True) else ()),
        *(((PRIOR_YEAR_ADJUSTMENT, -1),) if layout.has(*_SURPLUS, debit=True) else ()),
    ),
)
def wrong_side(entries: Sequence[Entry], books: Books) -> Hits:
    """No claim is a debt and no debt a claim on any day's end: nobody gives back what is not owed.

    What is surrendered beside dues to the treasury, or paid for earlier years, comes out of the
    fund's surplus, and is no more than it.
    """
    for name, day in moved_against(entries, _natural).items():
        natural = books.accounts.account(name).natural
        dip = books.dip(name, day, natural)
        if dip is not None:
            left_fen, when = dip
            fen = taken_fen(entries, name, natural, when)
            yield name, _gone_over(name, when, left_fen, fen, amount_fen=natural * left_fen)
    given = [entry for entry in entries if _from_surplus(entry)]
    beyond_fen = books.fen(CARRIED_FORWARD) + books.fen(PRIOR_YEAR_ADJUSTMENT)
    if given and beyond_fen > 0:
        when = max(entry.day for entry in given)
        last = max(entry.day for entry in entries)
        fen = sum(taken_fen(entries, name, -1, last) for name in _SURPLUS)
        over = _gone_over(CARRIED_FORWARD, when, -beyond_fen, fen, amount_fen=beyond_fen)
        yield CARRIED_FORWARD, {**over, "scope": "surplus"}


@check(
    "FL348",
    Gates.ACTS,
    Sees.STATE,
    concerns=lambda layout: layout.event == _REMITTED,
)
def remitted_too_early(entries: Sequence[Entry], books: Books) -> Hits:
    """Unclaimed money is surrendered out of the surplus, which it is after its year's end."""
    given = [entry for entry in entries if entry.voucher.event == _REMITTED]
    beyond_fen = books.fen(CARRIED_FORWARD) + books.fen(PRIOR_YEAR_ADJUSTMENT)
    if beyond_fen > 0:
        year = max(entry.voucher.date.year for entry in given)
        asked_fen = sum(
            p.signed_fen for e in given for p in e.voucher.postings if p.account == CARRIED_FORWARD
        )
        left_fen = max(asked_fen - beyond_fen, 0)
        details = {"year": year, "next": year + 1, "left_fen": left_fen}
        yield CARRIED_FORWARD, {**details, "amount_fen": beyond_fen}


def _gone_over(name: str, when: str, left_fen: int, fen: int, *, amount_fen: int) -> dict[str, Any]:
    """Return what is told of an account: before and after, positive on its own side."""
    return {
        "account": name,
        "scope": "account",
        "date": when,
        "before_fen": left_fen + fen,
        "taken_fen": fen,
        "after_fen": left_fen,
        "amount_fen": amount_fen,
    }


def _from_surplus(entry: Entry) -> bool:
    """Whether a voucher takes money out of what earlier years left."""
    if entry.voucher.closing or entry.voucher.event in {"reversal", _REMITTED}:
        return False
    return any(account.role in _SURPLUS and p.signed_fen > 0 for p, account in entry.lines)


def _daily(account: Account) -> int:
    return int(account.daily)


def _natural(account: Account) -> int:
    return account.natural


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
