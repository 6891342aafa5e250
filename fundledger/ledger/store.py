"""The commit path of one fund: lock, gate, one line, one fsync; then the faces of the journal.

Protocol: the draft is examined under the lock against the state there; the line's fsync is the
commit point; a process whose write or fsync failed writes no more.  What the next one does about
it stands in `current`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from msgspec import MsgspecError, structs

from fundledger.errors import (
    InputInvalid,
    KeyConflict,
    NotFound,
    NotWritten,
    OutcomeUnknown,
    Refused,
)
from fundledger.findings import Finding
from fundledger.ledger.batches.paylist import FOLDER as LISTS
from fundledger.ledger.batches.paylist import list_path
from fundledger.ledger.books import Books
from fundledger.ledger.charters import charter_text
from fundledger.ledger.clock import hold_clock
from fundledger.ledger.current import CurrentBooks, LockableDisk
from fundledger.ledger.faces import write_books, write_on
from fundledger.ledger.given import shown
from fundledger.ledger.journal import FOLDER, digest_of, record_at, segment_path
from fundledger.ledger.note import NOTHING, Known
from fundledger.ledger.plan import (
    Content,
    Gate,
    Plan,
    Receipt,
    Rules,
    balances_of,
    begun,
    foreign,
    no_rules,
)
from fundledger.ledger.record import Place, Record, decode_record, encode_line, record_bytes
from fundledger.ledger.twins import twins_of
from fundledger.ledger.voucher import Voucher, numbered


class Store:
    """One fund's directory, opened for writing; safe beside other processes that do the same."""

    books_kept_by: type[CurrentBooks] = CurrentBooks

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
        self._clock = clock
        self._stopped = False
        self._attempted = ""
        self._in_force: tuple[dict[str, Any] | None, str] = (None, "")
        self._current = self.books_kept_by(
            disk, fund, index_path=index_path, timeout_seconds=timeout_seconds
        )

    @property
    def known(self) -> Known:
        """The last record that this store knows to be durable."""
        return self._current.known

    def remembered(self) -> Known:
        """The last record by the index alone, for when the note of the last writer is gone."""
        return self._current.remembered()

    def close(self) -> None:
        """Let go of the files; the store may be used again afterwards."""
        self._current.close()

    def commit(self, plan: Plan, charter: Rules = no_rules) -> Receipt:
        """Record what `plan` makes, all of it or nothing.

        A `charter` (of JSON values, asked for under the lock) that differs from the one in force
        is put into the journal first.

        Raises:
            Refused: a gating check found something; nothing was written.
            KeyConflict: FL904, the key was used before for something else.
            OutcomeUnknown: FL905, a write failed; FL907, one with this key failed before; open
                again and retry with the same key.
            NotWritten: FL907, a write failed before; this was not tried.
            InputInvalid: FL962, the record could not be read back; nothing was written.
            JournalBroken: FL602, the chain does not hold; nothing more is written.

        """
        self._hold_stopped(plan)
        return self._current.use(lambda books: self._committed(plan, charter(), books))

    def give_up(
        self,
        plan: Plan,
        make: Callable[[Known], Content],
        charter: Rules = no_rules,
        *,
        elsewhere: bool = False,
    ) -> Receipt:
        """Record that what is known to have stood in the journal is given up as lost.

        `elsewhere` says that it is known from outside of the fund; where nothing is left of it,
        its `charter` is put into the journal first.

        Raises:
            Refused: FL624, nothing is missing, or a check of the record gates.

        """

        def act(books: Books) -> Receipt:
            missing = self._current.missing
            if not (missing or elsewhere or self._earlier(plan, books)):
                raise Refused(Finding("FL624", self._fund, {}, self._fund, gates=True))
            content = make(missing or NOTHING)
            rules = None if books.chart else charter()
            return self._committed(replace(plan, make=lambda _: content), rules, books)

        self._hold_stopped(plan)
        return self._current.use(act, giving_up=True)

    def _hold_stopped(self, plan: Plan) -> None:
        if self._stopped:
            kind = OutcomeUnknown if plan.key == self._attempted else NotWritten
            raise kind(Finding("FL907", self._fund, {"key": plan.key}, self._fund))

    def _committed(self, plan: Plan, charter: dict[str, Any] | None, books: Books) -> Receipt:
        earlier = self._earlier(plan, books)
        if earlier is not None:
            return earlier
        self._hold_stopped(plan)  # another thread's write may have failed while this one waited
        self._attempted = plan.key
        began = not books.head.sequence
        adopted = [] if charter is None else self._adopt(charter, plan, books)
        record, findings = self._examined(plan, books)
        self._write(record, books)
        noticed, self._current.noticed = self._current.noticed, []
        return Receipt(
            self._fund,
            record.sequence,
            tuple(voucher.ref for voucher in record.vouchers),
            books.head.digest,
            plan.key,
            (*adopted, *findings, *noticed, *begun(self._fund, began=began)),
        )

    def examine(self, plan: Plan, charter: Rules = no_rules) -> tuple[Finding, ...]:
        """Return what the gate says of `plan` as things stand; records nothing."""
        try:
            return self._current.use(lambda books: self._tried(plan, charter(), books)[1])
        except Refused as refusal:
            return refusal.findings

    def preview(self, plan: Plan, charter: Rules = no_rules) -> Record:
        """Return the record as it would be written; records nothing.

        Raises:
            Refused: a gating check found something.

        """
        return self._current.use(lambda books: self._tried(plan, charter(), books)[0])

    def _tried(
        self, plan: Plan, charter: dict[str, Any] | None, books: Books
    ) -> tuple[Record, tuple[Finding, ...]]:
        try:
            adoption = None if charter is None else self._adoption(charter, plan, books)
            adopted = [] if adoption is None else self._examined(adoption, books)[1]
            record, findings = self._examined(plan, books)
            return record, (*adopted, *findings)
        finally:
            self._current.roll_back(books)

    def recorded(self, receipt: Receipt) -> tuple[Voucher, ...]:
        """Return all vouchers of the record that a receipt of this fund acknowledges.

        Raises:
            NotFound: FL911, there is no such voucher.
            InputInvalid: FL961, it stands in another record than the receipt says.

        """
        if not receipt.refs:
            return ()
        return self._current.use(lambda books: self._acknowledged(receipt, books))

    def touched(self, receipt: Receipt) -> dict[str, int]:
        """Return the balance in fen, as things stand, of each account in a receipt's record."""
        vouchers = self.recorded(receipt)
        return self._current.use(lambda books: balances_of(vouchers, books))

    def _acknowledged(self, receipt: Receipt, books: Books) -> tuple[Voucher, ...]:
        ref = shown(receipt.refs[0])
        place = books.places[ref]
        if place is None:
            raise NotFound(Finding("FL911", ref, {"ref": ref}, self._fund))
        record = record_at(self._disk, Place(*place))
        if record.sequence != receipt.sequence:
            raise InputInvalid(foreign(receipt, self._fund))
        return record.vouchers

    def twins(self, vouchers: Sequence[Voucher]) -> list[Finding]:
        """Return which of these vouchers say what an earlier one says (FL965)."""
        return self._current.use(lambda books: twins_of(vouchers, books, self._disk))

    def rebuild(self) -> list[str]:
        """Write the books anew wherever they differ from the journal; returns their names."""
        return self._current.use(lambda _: write_books(self._disk, self._fund))

    def _earlier(self, plan: Plan, books: Books) -> Receipt | None:
        found = books.keys[plan.key] if plan.key else None
        if found is None:
            return None
        sequence, request, refs = found
        if request != plan.request:
            raise KeyConflict(
                Finding("FL904", plan.key, {"key": plan.key, "record": sequence}, self._fund)
            )
        if sequence == books.head.sequence:
            head = books.head.digest
        else:
            head = digest_of(self._disk, sequence, Place(*books.places[refs[0]]) if refs else None)
        return Receipt(self._fund, sequence, tuple(refs), head, plan.key, again=True)

    def _adopt(self, charter: dict[str, Any], plan: Plan, books: Books) -> list[Finding]:
        """Put a charter into the journal unless it is in force; return what is to be told of it."""
        adoption = self._adoption(charter, plan, books)
        if adoption is None:
            return []
        self._examined(adoption, books)
        self._examined(plan, books)
        self._current.roll_back(books)
        record, findings = self._examined(adoption, books)
        self._write(record, books)
        return findings

    def _adoption(self, charter: dict[str, Any], plan: Plan, books: Books) -> Plan | None:
        """Return what puts a charter into the journal; None if it is in force."""
        before = books.chart
        known, text = self._in_force
        if charter is known and before is not None and before.text == text:
            return None
        books.set_charter(charter_text(charter))
        if before is not None and books.chart is before:
            self._in_force = (charter, before.text)
            return None
        books.chart = before
        content = Content({"charter": charter})
        return Plan("charter", plan.actor, "", "", lambda _: content)

    def _examined(self, plan: Plan, books: Books) -> tuple[Record, list[Finding]]:
        """Return the record, already folded into `books`, and its findings that do not gate."""
        now = self._clock()
        hold_clock(books.head.at, now, books.head.sequence, self._fund)
        at = max(now, books.head.at)
        try:
            content = plan.make(books)
        except BaseException:  # lists that it read are looked at anew by the next act
            self._current.roll_back(books)
            raise
        books.fresh_files = dict(content.files)
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
            findings += self._gate.vouchers(books.apply(record, at[:7], -1), books)
            findings += self._gate.record(record, books)
        except BaseException:
            self._current.roll_back(books)
            raise
        if any(finding.gates for finding in findings):
            self._current.roll_back(books)
            raise Refused(findings)
        findings += self._gate.receipt(record, books)
        return record, findings

    def _write(self, record: Record, books: Books) -> None:
        head = books.head
        try:
            line, digest = encode_line(record, head.digest)
            decode_record(record_bytes(line))
        except (ValueError, TypeError, OverflowError, RecursionError, MsgspecError) as error:
            self._current.roll_back(books)
            details = {"kind": record.kind, "reason": shown(error)}
            raise InputInvalid(Finding("FL962", record.kind, details, self._fund)) from error
        segment = max(record.at[:7], head.segment)
        fresh = segment != head.segment
        path = segment_path(segment)
        self._disk.make_folder(FOLDER)
        self._current.begin()
        self._write_files(books.fresh_files)
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
            write_on(self._disk, record, books)
            books.fresh_files = {}
            self._current.finish(books)
        except (OSError, sqlite3.Error):
            self._current.let_go()
        except InputInvalid as error:
            self._current.noticed += error.findings
            self._current.let_go()

    def _write_files(self, files: Mapping[str, bytes]) -> None:
        """Make durable what the record to come rests on; nothing is recorded if that fails.

        What lies there already is not trusted: one who was killed, or whose fsync failed, may have
        left a file that is all there and whose name in the folder is not durable.
        """
        for digest, data in files.items():
            self._disk.make_folder(LISTS)
            self._disk.replace(list_path(digest), data)

    def _place(self, record: Record, books: Books) -> None:
        """Say where the vouchers of the line just written stand."""
        for position, voucher in enumerate(record.vouchers):
            books.places[voucher.ref] = Place(books.head.segment, books.head.line_start, position)
