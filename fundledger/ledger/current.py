"""A fund's books as its journal has them now: held, caught up after others, mended after a crash.

The next to open a fund finds the note that the last holder of its lock left.  Unless that note is
clean and of this start of the machine, a torn tail is moved to quarantine, the active segment is
rewritten into a new inode, the journal is replayed and the books are held against it.  Nothing is
touched while the journal lacks what the note remembers.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from typing import Protocol, TypeVar

from fundledger.errors import Busy, NotWritten
from fundledger.findings import Finding
from fundledger.ledger.batches.paylist import FOLDER as LISTS
from fundledger.ledger.books import Books
from fundledger.ledger.door import Disk, Snapshot
from fundledger.ledger.entry import Head
from fundledger.ledger.faces import BookDigests, main_files, write_books
from fundledger.ledger.index import ReadIndex
from fundledger.ledger.indexed import INDEX, IndexedBooks
from fundledger.ledger.journal import (
    FOLDER,
    segments,
)
from fundledger.ledger.mend import STATE, mend_tail
from fundledger.ledger.note import NOTHING, Known, Note, is_known, read_note
from fundledger.ledger.text import month_file
from fundledger.ledger.traces import YEAR, gave_up, hold_beginning, hold_known, hold_names

Result = TypeVar("Result")


class LockableDisk(Disk, Protocol):
    """A disk with the fund's lock, and a look at all files between two commits."""

    def close(self) -> None:
        """Let go of all that is held open; the disk may be used again afterwards."""

    def snapshot(self, timeout_seconds: float) -> Snapshot:
        """Look at all files at one moment between two commits; writes nothing."""

    def locked(
        self, timeout_seconds: float, *, shared: bool = False
    ) -> AbstractContextManager[None]:
        """Hold the fund's lock."""

    def reading(self, timeout_seconds: float) -> AbstractContextManager[bytes]:
        """Keep writers out, writing nothing; gives the note that the last of them left."""


class CurrentBooks(IndexedBooks):
    """Gives out the books under the fund's lock, and keeps them and the index between two acts.

    Safe beside other processes that do the same, and between threads of one.
    """

    def __init__(
        self, disk: LockableDisk, fund: str, *, index_path: str, timeout_seconds: float
    ) -> None:
        """Take the parts; nothing is read or written yet."""
        super().__init__(disk, fund, index_path)
        self._disk: LockableDisk = disk
        self._timeout_seconds = timeout_seconds
        self._known = NOTHING
        self._held_known = True
        self._process = os.getpid()
        self._threads = threading.RLock()
        self.noticed: list[Finding] = []

    def close(self) -> None:
        """Let go of the files; waits for a thread that is at work."""
        self._after_fork()
        with self._threads:
            self.let_go()
            self._disk.close()

    def use(self, act: Callable[[Books], Result], *, giving_up: bool = False) -> Result:
        """Do something with the books as the journal has them now.

        An index that cannot be read is thrown away, and the act done again on a new one: all that
        it may have written is in the journal, from which the new one is made.  `giving_up` lets
        the act go on where the journal lacks a record that is known.

        Raises:
            JournalBroken: the journal does not hold, or lacks what is known to have stood in it.
            NotWritten: FL908, the disk refused before the commit point.
            Busy: FL906, another process or thread held the fund for too long.

        """
        with self._held():
            try:
                return act(self._ready(giving_up=giving_up))
            except sqlite3.Error:
                self._discard_index()
            return act(self._ready(giving_up=giving_up))

    @property
    def known(self) -> Known:
        """The last record that is known to be durable, by the note or by what was done here."""
        return self._known

    @property
    def missing(self) -> Known | None:
        """The last record that is known to have been durable, if the journal lacks it."""
        return None if self._held_known else self._known

    def begin(self) -> None:
        """Note that the journal is about to grow."""
        self._leave("dirty", self._known)

    def finish(self, books: Books) -> None:
        """Store the books after a commit, and note that all is done."""
        self._opened().store(books)
        self._leave("clean", _known(books.head))

    def _leave(self, state: str, known: Known, boot: str | None = None) -> None:
        self._known = known
        boot = self._disk.boot() if boot is None else boot
        self._disk.set_flag(Note(state, boot, known).encoded())

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Hold the lock; an error of the disk before the commit point means nothing was written."""
        self._after_fork()
        if not self._threads.acquire(timeout=self._timeout_seconds):
            raise Busy(Finding("FL906", self._fund, {"seconds": self._timeout_seconds}))
        try:
            with self._disk.locked(self._timeout_seconds):
                try:
                    yield
                finally:
                    self._end()
        except (OSError, sqlite3.Error) as error:
            self.let_go()
            details = {"error": getattr(error, "strerror", None) or str(error)}
            raise NotWritten(Finding("FL908", self._fund, details, self._fund)) from error
        finally:
            self._threads.release()

    def _after_fork(self) -> None:
        """Begin anew in a child, in which neither locks nor SQLite's connections are of use."""
        if self._process != os.getpid():
            self._process = os.getpid()
            self._threads = threading.RLock()
            self._index, self._books = None, None

    def _ready(self, *, giving_up: bool) -> Books:
        """Return the books as the journal has them now, after what another process did."""
        note = self._noted()
        self._known = note.known
        hold_names(self._disk, self._fund)
        held = hold_known(self._disk, self._fund, note.known, giving_up=giving_up)
        self._held_known = held
        if held and (note.state, note.boot) == ("clean", self._disk.boot()):
            books = self._caught_up()
            if books is not None:
                self._known = _known(books.head)
                return books
        return self._recovered(note)

    def _noted(self) -> Note:
        """Return the note of the last holder, with the head that this process knows if it is later.

        Then the fund's directory was replaced while the process was at work, by an empty one or by
        an old copy with its old note; what is known is left for the next process to know too.
        """
        note, own = read_note(self._disk.flag()), self._known
        if not note.known.sequence:
            note = replace(note, known=self.remembered())
            if note.known.sequence:
                self._leave("dirty", note.known, note.boot)
        if note.known.sequence >= own.sequence or gave_up(self._disk, own):
            return note
        self._leave("dirty", own, note.boot)
        return Note("dirty", note.boot, own)

    def remembered(self) -> Known:
        """Return the last record by the index, for when the note is gone or cannot be read.

        It is stored after it is durable, so that it takes both to forget.
        """
        if not self._disk.size(f"{STATE}/{INDEX}"):
            return NOTHING
        try:
            with closing(ReadIndex(self._index_path, self._fund)) as index:
                head = index.head()
        except sqlite3.Error:
            return NOTHING
        known = NOTHING if head is None else _known(head)
        return known if is_known(known) else NOTHING

    def _recovered(self, note: Note) -> Books:
        """Mend what an interrupted writer left, and return the books as the journal has them.

        What the journal lacks stays in the note until a record says that it is given up.
        """
        if not segments(self._disk):
            hold_beginning(self._disk, self._fund)
        if note.state == "clean":
            self._leave("dirty", note.known, note.boot)
        self._disk.make_folder(FOLDER)
        self._disk.settle(FOLDER)
        for folder in ("", FOLDER, LISTS, *filter(YEAR.fullmatch, self._disk.names(""))):
            self._disk.sweep(folder)
        self._mend_tail()
        digests = None
        if note.boot != self._disk.boot():
            digests = BookDigests(self._fund)
            self._discard_index()
        books = self._rebuilt_index(digests)
        if self._off(books, digests.by_file() if digests else {}):
            write_books(self._disk, self._fund)
        if self._held_known:
            self._leave("clean", _known(books.head))
        self._books = books
        return books

    def _mend_tail(self) -> None:
        self.noticed += mend_tail(self._disk, self._fund)

    def _off(self, books: Books, digests: Mapping[str, str]) -> bool:
        """Whether a book is not what the journal says.

        A month's book by its length, which a kill may leave short; by its digest too where
        `digests` has one, for a power loss may leave zeros of the right length.
        """
        for month, length in books.book_bytes.rows():
            if self._disk.size(month_file(month)) != length:
                return True
        for name, digest in digests.items():
            if hashlib.sha256(self._disk.read(name)).hexdigest() != digest:
                return True
        return any(
            self._disk.size(name) is None or self._disk.read(name) != content
            for name, content in main_files(books).items()
        )

    def _discard_index(self) -> None:
        """Throw the index away; its log first, which must not be replayed into an empty one.

        The note keeps the next process from trusting what a kill leaves halfway.
        """
        self.let_go()
        self._leave("dirty", self._known, "")
        for name in sorted(self._disk.names(STATE), reverse=True):
            if name.startswith(INDEX):
                self._disk.replace(f"{STATE}/{name}", b"")


def _known(head: Head) -> Known:
    if not head.sequence:
        return NOTHING
    return Known(head.sequence, head.digest, head.segment, head.line_start, head.offset)
