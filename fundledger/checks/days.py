"""On which day's rules a voucher stands."""

from __future__ import annotations

from datetime import date

from fundledger.ledger.books import Books, Entry


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
