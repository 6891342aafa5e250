"""The commit path of one fund: lock, gate, one line, one fsync; then the faces of the journal.

Protocol: the draft is examined under the lock against the state there; the line's fsync is the
commit point; a process whose write or fsync failed writes no more; the next to open finds the
note that the last holder left, moves a torn tail to quarantine, rewrites the active segment into
a new inode and replays.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from msgspec import structs

from fundledger.errors import InputInvalid, KeyConflict, NotWritten, OutcomeUnknown, Refused
from fundledger.findings import Finding
from fundledger.ledger.books import Books, Entry, Head
from fundledger.ledger.door import Disk, Snapshot
from fundledger.ledger.faces import Face, FaceBuilder, main_files, write_books
from fundledger.ledger.index import Index
from fundledger.ledger.journal import (
    FOLDER,
    Torn,
    record_at,
    record_of,
    scan,
    segment_path,
    segments,
    sizes_of,
    voucher_at,
)
from fundledger.ledger.mend import STATE, mend_tail
from fundledger.ledger.record import Kind, Place, Record, encode_line, frame, genesis
from fundledger.ledger.text import month_file
from fundledger.ledger.voucher import Draft, Voucher, numbered

INDEX = "index.sqlite"
_YEAR = re.compile(r"\d{4}", re.ASCII)
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


@dataclass(frozen=True, slots=True)
class Receipt:
    """The acknowledgement of a commit: what it is called, and the head of the chain after it.

    `again` says that the key had been used before for the same request: nothing was written.
    """

    fund: str
    sequence: int
    refs: tuple[str, ...]
    head: str
    key: str
    findings: tuple[Finding, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What a record will say, made under the lock from the books as they are there."""

    body: dict[str, Any]
    drafts: Sequence[Draft] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A commit to be: its kind, who asks, the idempotency key, and what makes its content."""

    kind: Kind
    actor: str
    key: str
    request: str
    make: Callable[[Books], Content]


@dataclass(frozen=True, slots=True)
class Gate:
    """The checks as the commit path calls them: on each voucher, and on the record as a whole.

    `receipt` says what is to be told of a record that passed, beside what they found.
    """

    voucher: Callable[[Entry, Books], Iterable[Finding]]
    record: Callable[[Record, Books], Iterable[Finding]]
    receipt: Callable[[Record, Books], Iterable[Finding]]


class Store:
    """One fund's directory, opened for writing; safe beside other processes that do the same."""

    def __init__(  # noqa: PLR0913 - the parts that a store is made of
        self,
        disk: LockableDisk,
        fund: str,
        gate: Gate,
        *,
        index_path: str,
        clock: Callable[[], str],
        timeout_seconds: float = 10.0,
    ) -> None:
        """Take the parts; nothing is read or written before the first commit.

        `clock` returns ISO time with its offset; `index_path` is a file or `:memory:`.
        """
        self._disk = disk
        self._fund = fund
        self._gate = gate
        self._index_path = index_path
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self._index: Index | None = None
        self._stopped = False
        self._process = os.getpid()
        self._noticed: list[Finding] = []
        self._in_force: tuple[dict[str, Any] | None, str] = (None, "")
        self.books: Books | None = None

    def close(self) -> None:
        """Let go of the index."""
        if self._index is not None:
            index, self._index = self._index, None
            with suppress(sqlite3.Error):
                index.close()
        self.books = None

    def commit(self, plan: Plan, charter: dict[str, Any] | None = None) -> Receipt:
        """Record what `plan` makes, all of it or nothing.

        A `charter` (JSON values) that differs from the one in force is put into the journal first.

        Raises:
            Refused: a gating check found something; nothing was written.
            KeyConflict: FL904, the key was used before for something else.
            OutcomeUnknown: FL905, a write failed; open again and retry with the same key.
            JournalBroken: FL602, the chain does not hold; nothing more is written.

        """
        if self._stopped:
            raise OutcomeUnknown(Finding("FL907", self._fund, {"key": plan.key}, self._fund))
        return self._with_books(lambda books: self._committed(plan, charter, books))

    def _committed(self, plan: Plan, charter: dict[str, Any] | None, books: Books) -> Receipt:
        earlier = self._earlier(plan, books)
        if earlier is not None:
            return earlier
        adopted = [] if charter is None else self._adopt(charter, plan, books)
        record, findings = self._examined(plan, books)
        self._write(record, books)
        noticed, self._noticed = self._noticed, []
        return Receipt(
            self._fund,
            record.sequence,
            tuple(voucher.ref for voucher in record.vouchers),
            books.head.digest,
            plan.key,
            (*adopted, *findings, *noticed),
        )

    def examine(self, plan: Plan, charter: dict[str, Any] | None = None) -> tuple[Finding, ...]:
        """Return what the gate says of `plan` as things stand; records nothing."""
        try:
            return self._with_books(lambda books: self._tried(plan, charter, books)[1])
        except Refused as refusal:
            return refusal.findings

    def preview(self, plan: Plan, charter: dict[str, Any] | None = None) -> Record:
        """Return the record as it would be written; records nothing.

        Raises:
            Refused: a gating check found something.

        """
        return self._with_books(lambda books: self._tried(plan, charter, books)[0])

    def _tried(
        self, plan: Plan, charter: dict[str, Any] | None, books: Books
    ) -> tuple[Record, tuple[Finding, ...]]:
        try:
            adoption = None if charter is None else self._adoption(charter, plan, books)
            adopted = [] if adoption is None else self._examined(adoption, books)[1]
            record, findings = self._examined(plan, books)
            return record, (*adopted, *findings)
        finally:
            self._roll_back(books)

    def recorded(self, refs: Sequence[str]) -> tuple[Voucher, ...]:
        """Return all vouchers of the record in which the first of `refs` stands."""
        if not refs:
            return ()
        return self._with_books(
            lambda books: record_at(self._disk, Place(*books.places[refs[0]])).vouchers
        )

    def rebuild(self) -> list[str]:
        """Write the books anew wherever they differ from the journal; returns their names."""
        return self._with_books(lambda _: write_books(self._disk, self._fund))

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Hold the lock; an error of the disk before the commit point means nothing was written."""
        if self._process != os.getpid():  # SQLite's connections do not outlive a fork
            self._process = os.getpid()
            self._index, self.books = None, None
        try:
            with self._disk.locked(self._timeout_seconds):
                yield
        except (OSError, sqlite3.Error) as error:
            self.close()
            details = {"error": getattr(error, "strerror", None) or str(error)}
            raise NotWritten(Finding("FL908", self._fund, details, self._fund)) from error

    def _earlier(self, plan: Plan, books: Books) -> Receipt | None:
        found = books.keys[plan.key] if plan.key else None
        if found is None:
            return None
        sequence, request, refs = found
        if request != plan.request:
            raise KeyConflict(
                Finding("FL904", plan.key, {"key": plan.key, "record": sequence}, self._fund)
            )
        return Receipt(self._fund, sequence, tuple(refs), books.head.digest, plan.key, again=True)

    def _adopt(self, charter: dict[str, Any], plan: Plan, books: Books) -> list[Finding]:
        """Put a charter into the journal unless it is in force; return what is to be told of it."""
        adoption = self._adoption(charter, plan, books)
        if adoption is None:
            return []
        self._examined(adoption, books)
        self._examined(plan, books)
        self._roll_back(books)
        record, findings = self._examined(adoption, books)
        self._write(record, books)
        return findings

    def _adoption(self, charter: dict[str, Any], plan: Plan, books: Books) -> Plan | None:
        """Return what puts a charter into the journal; None if it is in force."""
        before = books.chart
        known, text = self._in_force
        if charter is known and before is not None and before.text == text:
            return None
        books.set_charter(charter)
        if before is not None and books.chart is before:
            self._in_force = (charter, before.text)
            return None
        books.chart = before
        content = Content({"charter": charter})
        return Plan("charter", plan.actor, "", "", lambda _: content)

    def _examined(self, plan: Plan, books: Books) -> tuple[Record, list[Finding]]:
        """Return the record, already folded into `books`, and its findings that do not gate."""
        at = max(self._clock(), books.head.at)
        content = plan.make(books)
        record = Record(
            books.head.sequence + 1, at, plan.actor, plan.kind, plan.key, plan.request, content.body
        )
        numbers: dict[str, int] = {}
        vouchers = []
        for draft in content.drafts:
            month = draft.date.isoformat()[:7]
            numbers[month] = numbers.get(month, books.months[month]) + 1
            vouchers.append(numbered(draft, numbers[month]))
        record = structs.replace(record, vouchers=tuple(vouchers))
        findings: list[Finding] = []
        try:
            for entry in books.apply(record, at[:7], -1):
                findings += self._gate.voucher(entry, books)
            findings += self._gate.record(record, books)
        except BaseException:
            self._roll_back(books)
            raise
        if any(finding.gates for finding in findings):
            self._roll_back(books)
            raise Refused(findings)
        findings += self._gate.receipt(record, books)
        return record, findings

    def _roll_back(self, books: Books) -> None:
        index = self._opened()
        index.forget()
        books.forget()
        if not index.load(books):
            self.books = None

    def _write(self, record: Record, books: Books) -> None:
        head = books.head
        line, digest = encode_line(record, head.digest)
        segment = max(record.at[:7], head.segment)
        fresh = segment != head.segment
        self._disk.make_folder(FOLDER)
        path = segment_path(segment)
        self._disk.set_flag(b"dirty " + self._disk.boot().encode())
        try:
            self._disk.append(path, line)
            self._disk.fsync(path)
            if fresh:
                self._disk.fsync_folder(FOLDER)
        except BaseException as error:
            self._stopped = True
            if isinstance(error, OSError):
                details = {"key": record.key, "error": error.strerror or str(error)}
                raise OutcomeUnknown(
                    Finding("FL905", self._fund, details, self._fund, record.sequence)
                ) from error
            raise
        start = 0 if fresh else head.offset
        books.head = replace(
            head, digest=digest, segment=segment, line_start=start, offset=start + len(line)
        )
        self._place(record, books)
        try:
            self._show(record, books)
            self._opened().store(books)
            self._disk.set_flag(self._clean())
        except (OSError, sqlite3.Error):
            self.close()
        except InputInvalid as error:
            self._noticed += error.findings
            self.close()

    def _place(self, record: Record, books: Books) -> None:
        """Say where the vouchers of the line just written stand."""
        for position, voucher in enumerate(record.vouchers):
            books.places[voucher.ref] = Place(books.head.segment, books.head.line_start, position)

    def _show(self, record: Record, books: Books) -> None:
        """Write what the record adds to the books."""
        added: dict[str, str] = {}
        fresh = set()
        for voucher in record.vouchers:
            month = voucher.month
            if not books.book_bytes[month]:
                fresh.add(month)
            added[month] = added.get(month, "") + books.written(voucher)
        for month, text in added.items():
            name = month_file(month)
            self._disk.make_folder(month[:4])
            if month in fresh and self._disk.size(name) is not None:
                self._disk.replace(name, text.encode())
            else:
                self._disk.append(name, text.encode())
        if books.new_names or record.kind == "assertion":
            for name, content in main_files(books).items():
                if self._disk.size(name) != len(content) or self._disk.read(name) != content:
                    self._disk.replace(name, content)
            books.new_names = False

    def _clean(self) -> bytes:
        return b"clean " + self._disk.boot().encode()

    def _opened(self) -> Index:
        if self._index is None:
            self._disk.make_folder(STATE)
            for name in self._disk.names(STATE):
                if name.startswith(INDEX):
                    self._disk.size(f"{STATE}/{name}")  # refuses a link or special file
            self._index = Index(self._index_path, self._fund)
        return self._index

    def _with_books(self, act: Callable[[Books], Result]) -> Result:
        """Do something with the books as the journal has them now.

        An index that cannot be read is thrown away, and the act done again on a new one: all that
        it may have written is in the journal, from which the new one is made.
        """
        with self._held():
            try:
                return act(self._ready())
            except sqlite3.Error:
                self._discard_index()
            return act(self._ready())

    def _ready(self) -> Books:
        """Return the books as the journal has them now, after what another process did."""
        if self._disk.flag() == self._clean():
            books = self._caught_up()
            if books is not None:
                return books
        return self._recovered()

    def _fresh_books(self) -> Books:
        return Books(self._fund, self._opened(), lambda place: voucher_at(self._disk, place))

    def _caught_up(self) -> Books | None:
        """Return the books of the index, replayed to the journal's end; None if they do not fit."""
        books = self.books or self._fresh_books()
        if not self._opened().load(books) or not self._tied(books):
            return None
        names = segments(self._disk)
        last = names[-1] if names else ""
        if not last or (last, self._disk.size(segment_path(last))) == (
            books.head.segment,
            books.head.offset,
        ):
            self.books = books
            return books
        if self._replay(books, sizes_of(self._disk)):
            return None
        self._opened().store(books)
        self.books = books
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
        self, books: Books, sizes: dict[str, int], builder: FaceBuilder | None = None
    ) -> Torn | None:
        """Fold in what follows the head; `builder` is given the text of the month books."""
        head = books.head
        after = (head.segment, head.offset, head.digest or genesis(self._fund), head.sequence)
        for line in scan(self._disk, self._fund, sizes, after):
            if isinstance(line, Torn):
                return line
            record = record_of(line, self._fund, books.head.sequence + 1)
            for entry in books.apply(record, line.segment, line.start):
                text = books.written(entry.voucher)
                if builder is not None:
                    builder.take(entry.month, text)
            head = books.head
            head.digest, head.segment = line.digest, line.segment
            head.line_start, head.offset = line.start, line.end
        return None

    def _recovered(self) -> Books:
        """Mend what an interrupted writer left, and return the books as the journal has them."""
        note = self._disk.flag()
        if note.startswith(b"clean"):
            self._disk.set_flag(b"dirty" + note.removeprefix(b"clean"))
        self._disk.make_folder(FOLDER)
        self._disk.settle(FOLDER)
        for folder in ("", FOLDER, *filter(_YEAR.fullmatch, self._disk.names(""))):
            self._disk.sweep(folder)
        self._mend_tail()
        builder = None
        if self._disk.flag().partition(b" ")[2] != self._disk.boot().encode():
            builder = FaceBuilder(self._fund)
            self._discard_index()
        books = self._rebuilt_index(builder)
        if self._off(books, builder.months() if builder else {}):
            write_books(self._disk, self._fund)
        self._disk.set_flag(self._clean())
        self.books = books
        return books

    def _off(self, books: Books, faces: Mapping[str, Face]) -> bool:
        """Whether a book is not what the journal says.

        A month's book by its length, which a kill may leave short; by its digest too where
        `faces` has one, for a power loss may leave zeros of the right length.
        """
        for month, length in books.book_bytes.rows():
            if self._disk.size(month_file(month)) != length:
                return True
        for name, face in faces.items():
            if hashlib.sha256(self._disk.read(name)).hexdigest() != face.sha256:
                return True
        return any(
            self._disk.size(name) is None or self._disk.read(name) != content
            for name, content in main_files(books).items()
        )

    def _rebuilt_index(self, builder: FaceBuilder | None) -> Books:
        """Return the books of the index, made anew if it does not fit or for `builder` to see."""
        books = self._caught_up() if builder is None else None
        if books is not None:
            return books
        self._opened().empty()
        books = self._fresh_books()
        books.head = replace(books.head, digest=genesis(self._fund))
        self._replay(books, sizes_of(self._disk), builder)
        self._opened().store(books)
        return books

    def _discard_index(self) -> None:
        """Throw the index away; its log first, which must not be replayed into an empty one.

        The note keeps the next process from trusting what a kill leaves halfway.
        """
        self.close()
        self._disk.set_flag(b"dirty")
        for name in sorted(self._disk.names(STATE), reverse=True):
            if name.startswith(INDEX):
                self._disk.replace(f"{STATE}/{name}", b"")

    def _mend_tail(self) -> None:
        self._noticed += mend_tail(self._disk, self._fund, self._known())

    def _known(self) -> Head:
        """Return the head that the index remembers, or the empty one."""
        if INDEX not in self._disk.names(STATE):
            return Head()
        try:
            books = self._fresh_books()
            return books.head if self._opened().load(books) else Head()
        except sqlite3.Error:
            return Head()
