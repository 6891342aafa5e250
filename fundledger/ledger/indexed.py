"""A fund's books by its index: opened, held against the journal, caught up with it, made anew."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import replace

from fundledger.ledger.books import Books
from fundledger.ledger.door import Disk
from fundledger.ledger.faces import BookDigests
from fundledger.ledger.index import Index
from fundledger.ledger.journal import (
    Torn,
    record_at,
    record_of,
    scan,
    segment_path,
    segments,
    sizes_of,
)
from fundledger.ledger.mend import STATE
from fundledger.ledger.record import frame, genesis
from fundledger.ledger.shelf import list_reader
from fundledger.ledger.tables import Tables
from fundledger.ledger.traces import hold_beginning

INDEX = "index.sqlite"


def books_on(disk: Disk, fund: str, tables: Tables) -> Books:
    """Return the books of a fund in some tables, with the way back into its files."""
    return Books(fund, tables, lambda place: record_at(disk, place), list_reader(disk))


class IndexedBooks:
    """The books as the index holds them, in the hands of whoever holds the fund's lock."""

    def __init__(self, disk: Disk, fund: str, index_path: str) -> None:
        """Take the parts; nothing is read or written yet."""
        self._disk = disk
        self._fund = fund
        self._index_path = index_path
        self._index: Index | None = None
        self._books: Books | None = None

    def let_go(self) -> None:
        """Let go of the index and of the books that rest on it."""
        if self._index is not None:
            index, self._index = self._index, None
            with suppress(sqlite3.Error):
                index.close()
        self._books = None

    def roll_back(self, books: Books) -> None:
        """Put the books back to the last commit."""
        index = self._opened()
        index.forget()
        books.forget()
        if not index.load(books):
            self._books = None

    def _end(self) -> None:
        """Leave the index's transaction before the lock goes."""
        if self._index is not None:
            with suppress(sqlite3.Error):
                self._index.end()

    def _opened(self) -> Index:
        if self._index is None:
            self._disk.make_folder(STATE)
            for name in self._disk.names(STATE):
                if name.startswith(INDEX):
                    self._disk.size(f"{STATE}/{name}")  # refuses a link or special file
            self._index = Index(self._index_path, self._fund)
        return self._index

    def _fresh_books(self) -> Books:
        return books_on(self._disk, self._fund, self._opened())

    def _caught_up(self) -> Books | None:
        """Return the books of the index, replayed to the journal's end; None if they do not fit."""
        books = self._books or self._fresh_books()
        if not self._opened().load(books) or not self._tied(books) or books.found_again():
            return None
        names = segments(self._disk)
        last = names[-1] if names else ""
        if not last:
            hold_beginning(self._disk, self._fund)
        elif (last, self._disk.size(segment_path(last))) != (
            books.head.segment,
            books.head.offset,
        ):
            if not self._replay(books, sizes_of(self._disk)):
                return None
            self._opened().store(books)
        self._books = books
        return books

    def _tied(self, books: Books) -> bool:
        """Whether the line at the head's place is the line that the head names."""
        head = books.head
        if not head.segment:
            return head.digest == genesis(self._fund)
        path = segment_path(head.segment)
        size = self._disk.size(path)
        if size is None or size < head.offset:
            return False
        line = self._disk.read(path, head.line_start, head.offset)
        framed = frame(line)
        return framed is not None and framed[0] == head.digest

    def _replay(
        self, books: Books, sizes: dict[str, int], digests: BookDigests | None = None
    ) -> bool:
        """Fold in what follows the head; whether the journal ended with a whole line.

        `digests` is given the text of the month books.
        """
        head = books.head
        after = (head.segment, head.offset, head.digest or genesis(self._fund), head.sequence)
        for line in scan(self._disk, self._fund, sizes, after):
            if isinstance(line, Torn) or not line.ended:
                return False
            record = record_of(line, self._fund, books.head.sequence + 1)
            for entry in books.apply(record, line.segment, line.start):
                text = books.written(entry.voucher)
                if digests is not None:
                    digests.take(entry.month, text)
            head = books.head
            head.digest, head.segment = line.digest, line.segment
            head.line_start, head.offset = line.start, line.end
        return True

    def _rebuilt_index(self, digests: BookDigests | None) -> Books:
        """Return the books of the index, made anew if it does not fit or for `digests` to see."""
        books = self._caught_up() if digests is None else None
        if books is not None:
            return books
        self._opened().empty()
        books = self._fresh_books()
        books.head = replace(books.head, digest=genesis(self._fund))
        self._replay(books, sizes_of(self._disk), digests)
        self._opened().store(books)
        return books
