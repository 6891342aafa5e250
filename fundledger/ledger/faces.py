"""The books written from the journal: what each file must hold, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from fundledger.ledger.asserted import mornings
from fundledger.ledger.books import Books
from fundledger.ledger.door import Disk
from fundledger.ledger.journal import Torn, record_of, scan, sizes_of
from fundledger.ledger.record import Record
from fundledger.ledger.tables import MemoryTables
from fundledger.ledger.text import (
    BALANCES,
    BOOK,
    month_file,
    month_header,
    render_balances,
    render_book,
    render_voucher,
)
from fundledger.ledger.voucher import Voucher

_SAYING = frozenset({"assertion", "reconciliation", "year-end"})
"""Kinds of records of which the main files say something."""


class BookDigests:
    """Digests the month books while vouchers pass, without keeping their text."""

    def __init__(self, fund: str) -> None:
        """Start with no voucher."""
        self._fund = fund
        self._months: dict[str, hashlib._Hash] = {}

    def add(self, month: str, text: str) -> None:
        """Add the text of a voucher to its month."""
        found = self._months.get(month)
        if found is None:
            header = month_header(self._fund, month).encode()
            found = self._months[month] = hashlib.sha256(header)
        found.update(text.encode())

    def take(self, month: str, text: str) -> None:
        """Add what `Books.written` returned; the first of a month has the header in it."""
        self._months.setdefault(month, hashlib.sha256()).update(text.encode())

    def sha256(self, month: str) -> str:
        """Return the sha256 of the book of a month so far; empty when it has no voucher."""
        found = self._months.get(month)
        return "" if found is None else found.hexdigest()

    def by_file(self) -> dict[str, str]:
        """Return the sha256 of the book of every month, by its file."""
        return {month_file(month): digest.hexdigest() for month, digest in self._months.items()}


def main_files(books: Books) -> dict[str, bytes]:
    """Return the main file and the balances file of a fund; none before it has a charter."""
    if books.chart is None:
        return {}
    months = [month for month, _ in books.months.rows()]
    asserted = books.asserted()
    accounts = {*books.account_names(), *(item.account for item in asserted)}
    lines = mornings(asserted, dict(books.emptied.rows()))
    return {
        BOOK: render_book(books.chart, accounts, months).encode(),
        BALANCES: render_balances(books.fund, lines).encode(),
    }


def month_texts(fund: str, vouchers: Iterable[Voucher]) -> dict[str, str]:
    """Return the month books that hold these vouchers, by file name."""
    parts: dict[str, list[str]] = {}
    for voucher in vouchers:
        month = voucher.month
        if month not in parts:
            parts[month] = [month_header(fund, month)]
        parts[month].append(render_voucher(voucher))
    return {month_file(month): "".join(texts) for month, texts in parts.items()}


def all_files(disk: Disk, fund: str) -> dict[str, bytes]:
    """Return every file of the books as the journal says it, by name."""
    books = Books(fund, MemoryTables())
    vouchers: list[Voucher] = []
    for sequence, line in enumerate(scan(disk, fund, sizes_of(disk)), 1):
        if isinstance(line, Torn):
            break
        record = record_of(line, fund, sequence)
        vouchers += [e.voucher for e in books.apply(record, line.segment, line.start)]
    files = {name: text.encode() for name, text in month_texts(fund, vouchers).items()}
    return {**files, **main_files(books)}


def write_books(disk: Disk, fund: str) -> list[str]:
    """Write every book file that differs from the journal; returns the names written."""
    written = []
    for name, content in all_files(disk, fund).items():
        if disk.size(name) != len(content) or disk.read(name) != content:
            folder = name.rpartition("/")[0]
            if folder:
                disk.make_folder(folder)
            disk.replace(name, content)
            written.append(name)
    return written


def write_on(disk: Disk, record: Record, books: Books) -> None:
    """Write into the files of the books what a record, already folded into `books`, adds."""
    added: dict[str, list[str]] = {}
    fresh = set()
    for voucher in record.vouchers:
        month = voucher.month
        if not books.book_bytes[month]:
            fresh.add(month)
        added.setdefault(month, []).append(books.written(voucher))
    for month, texts in added.items():
        name = month_file(month)
        text = "".join(texts)
        disk.make_folder(month[:4])
        if month in fresh and disk.size(name) is not None:
            disk.replace(name, text.encode())
        else:
            disk.append(name, text.encode())
    if books.new_names or record.kind in _SAYING:
        for name, content in main_files(books).items():
            if disk.size(name) != len(content) or disk.read(name) != content:
                disk.replace(name, content)
        books.new_names = False
