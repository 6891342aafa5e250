"""Days that count: on which day's rules a voucher stands, from which day on it moves an account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from fundledger.ledger.books import Books
from fundledger.ledger.chart import Account
from fundledger.ledger.entry import Entry


def rules_day(new: Entry, books: Books) -> date:
    """Return the day of which the rules must allow a voucher.

    It is the voucher's own; a correction stands on the day of the voucher that it corrects.
    """
    ref = new.voucher.corrects
    place = books.places[ref] if ref else None
    if place is None or tuple(place)[:2] == tuple(books.places[new.ref])[:2]:
        return new.voucher.date
    original = books.voucher(ref) if ref else None
    return new.voucher.date if original is None else min(original.date, new.voucher.date)


def moved_against(entries: Sequence[Entry], sign: Callable[[Account], int]) -> dict[str, date]:
    """Return the accounts moved against their `sign`, each with the first day of it."""
    days: dict[str, date] = {}
    for entry in entries:
        for posting, account in entry.lines:
            if posting.signed_fen * sign(account) < 0:
                name = account.name
                days[name] = min(days.get(name, entry.voucher.date), entry.voucher.date)
    return days


def taken_fen(entries: Sequence[Entry], name: str, sign: int, until: str) -> int:
    """Return how many fen a record takes of an account, against its `sign`, through a day."""
    return -sign * sum(
        posting.signed_fen
        for entry in entries
        for posting in entry.voucher.postings
        if posting.account == name and entry.day <= until
    )
