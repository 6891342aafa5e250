"""The year end: what is carried forward is what the books and the fund's rules come to."""

from __future__ import annotations

from collections import Counter
from datetime import date

from fundledger.checks.catalogue import Gates, Hits, check
from fundledger.ledger.books import Books
from fundledger.ledger.chart import Chart
from fundledger.ledger.ending import year_end
from fundledger.ledger.entry import Entry
from fundledger.ledger.record import Record

CLOSING = frozenset({"year-end", "year-opening"})


@check("FL318", Gates.ALWAYS, concerns=lambda layout: layout.closing or layout.event in CLOSING)
def false_carry(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """A closing voucher is marked as one, and stands only in a year end."""
    voucher = new.voucher
    if voucher.closing is not (voucher.event in CLOSING):
        yield voucher.event, {"reason": "flag", "event": voucher.event}
    elif voucher.closing and new.record.kind != "year-end":
        yield voucher.event, {"reason": "record", "event": voucher.event}


class _Before:
    """The books as they were before a record's vouchers, as far as a year end looks at them."""

    def __init__(self, books: Books, record: Record) -> None:
        """Take what the record moved out of the books again."""
        self._books = books
        self._moved = [
            (voucher.date, posting.account, posting.signed_fen)
            for voucher in record.vouchers
            for posting in voucher.postings
        ]

    @property
    def accounts(self) -> Chart:
        """The chart of accounts in force."""
        return self._books.accounts

    def account_names(self) -> list[str]:
        """Return every account that a voucher ever touched, in order."""
        return self._books.account_names()

    def balance(self, account: str, on: date) -> int:
        """Return an account's balance in fen at the end of a day."""
        moved_fen = sum(fen for day, name, fen in self._moved if name == account and day <= on)
        return self._books.fen(account, on) - moved_fen


@check("FL338", Gates.ALWAYS)
def carried_otherwise(record: Record, books: Books) -> Hits:
    """A year end carries all results, and the budget as the fund keeps it, to the fen."""
    if record.kind != "year-end":
        return
    year = record.body["year"]
    expected = year_end(_Before(books, record), year, record.actor, record.actor)
    right = [(draft.date, draft.event, Counter(draft.postings)) for draft in expected]
    found = [(v.date, v.event, Counter(v.postings)) for v in record.vouchers]
    if found != right:
        yield str(year), {"year": year}
