"""What is read of one fund: its charter, its journal, its books, and what an audit finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from fundledger.checks.audit import Audit, audit
from fundledger.checks.chain import Verification, verify_chain
from fundledger.checks.changes import pending
from fundledger.checks.crosswise import Attestation, denied
from fundledger.checks.evidence import without_journal
from fundledger.checks.run import on_vouchers
from fundledger.errors import InputInvalid, JournalBroken
from fundledger.findings import Finding, by_weight
from fundledger.ledger.books import Books
from fundledger.ledger.door import Snapshot
from fundledger.ledger.faces import BookDigests
from fundledger.ledger.given import expect, is_day, is_text
from fundledger.ledger.heads import last_durable
from fundledger.ledger.journal import (
    FOLDER,
    PROGRESS_EVERY,
    Line,
    Torn,
    record_of,
    scan,
    sizes_of,
    voucher_at,
)
from fundledger.ledger.note import NOTHING, Known
from fundledger.ledger.record import Record
from fundledger.ledger.surroundings import Surroundings
from fundledger.ledger.tables import MemoryTables
from fundledger.ledger.text import render_voucher
from fundledger.ledger.traces import gave_up
from fundledger.ledger.voucher import Voucher

if TYPE_CHECKING:
    from fundledger.charter import FundCharter
    from fundledger.ledger.current import LockableDisk

Progress = Callable[[int, int], None]


class Reader:
    """One fund as it is read; nothing here writes a byte."""

    def __init__(
        self,
        disk: LockableDisk,
        charter: FundCharter,
        surroundings: Surroundings,
        rules: Callable[[], FundCharter] | None = None,
    ) -> None:
        """Take the parts; `rules` is asked for the charter, without it `charter` holds for good."""
        self.id = charter.fund.id
        self._charter = charter
        self._read_rules = rules
        self._disk = disk
        self._surroundings = surroundings

    @property
    def _known_record(self) -> Known:
        """The last record that this process knows to be durable."""
        return NOTHING

    def _remembered(self) -> Known:
        """Return the last record by what is kept beside the note of the last writer."""
        return NOTHING

    @property
    def charter(self) -> FundCharter:
        """What the rules say of the fund now.

        Raises:
            NotFound: FL912, FL030, the rules are gone, or the fund is not in them any more.
            CharterInvalid: FL0xx, everything that is wrong in the rules at once.

        """
        if self._read_rules is not None:
            self._charter = self._read_rules()
        return self._charter

    def _now(self) -> str:
        return self._surroundings.now().isoformat(timespec="seconds")

    def check(self, as_of: date | None = None, progress: Progress | None = None) -> Audit:
        """Audit the fund: replay the gate over the journal and hold the files against it.

        `as_of` bounds what is expected by then (days that ran out, months that should be closed),
        not the books: those hold every record there is.  Rules that changed since the last record
        are told too (FL040, FL041).

        Raises:
            InputInvalid: FL909, `as_of` is no day.
            CharterInvalid: FL0xx, everything that is wrong in the rules at once.
            Busy: FL906, a writer held the fund for too long.

        """
        on = self._surroundings.now().date() if as_of is None else as_of
        expect(as_of=is_day(on))
        snapshot = self._snapshot()
        result = audit(self._disk, self.id, snapshot, on, now=self._now(), progress=progress)
        broken = any(finding.code in {"FL602", "FL607"} for finding in result.findings)
        changed = [] if broken else pending(result.books, self.charter)
        if not changed:
            return result
        return replace(result, findings=tuple(sorted((*result.findings, *changed), key=by_weight)))

    def verify(self, known_head: str = "", *, progress: Progress | None = None) -> Verification:
        """Verify the chain: every digest follows from the one before, and nothing known is missing.

        A line with the digest `known_head`, or that begins with it, must stand in it.

        Raises:
            InputInvalid: FL909, `known_head` is no text.
            JournalBroken: FL602, the chain does not hold.
            Busy: FL906, a writer held the fund for too long.

        """
        expect(known_head=is_text(known_head))
        snapshot = self._snapshot()
        return verify_chain(
            self._disk, self.id, snapshot, self._now(), known_head=known_head, progress=progress
        )

    def last_durable(self, timeout_seconds: float) -> Known | None:
        """Return the last record that is known to be durable, without a look at the chain.

        None where there is a journal, and it cannot be known; `NOTHING` where there is none.

        Raises:
            Busy: FL906, a writer held the fund for too long.

        """
        return last_durable(self._disk, timeout_seconds)

    def denied(self, attestations: Sequence[Attestation]) -> list[Attestation]:
        """Return what the closings of other funds say of this one's journal and it does not hold.

        Nothing is said of a journal that cannot be read to its end, which every audit tells.

        Raises:
            Busy: FL906, a writer held the fund for too long.

        """
        try:
            return denied(self.id, self._lines(None), attestations) if attestations else []
        except (JournalBroken, InputInvalid):
            return []

    def without_journal(self) -> Finding | None:
        """Return what is said of a fund that has no record: it is new, or its journal is gone."""
        if next(self.records(), None) is not None:
            return None
        snapshot = self._snapshot()
        return without_journal(self.id, snapshot)

    def books(self, progress: Progress | None = None) -> Books:
        """Return the state that the journal says, folded in memory.

        `progress`, here and where else it is taken, is told bytes done and bytes in all.

        Raises:
            JournalBroken: FL602, FL607, the journal does not hold.
            InputInvalid: FL603, a link or special file stands in the journal.
            Busy: FL906, a writer held the fund for too long.

        """
        books = Books(self.id, MemoryTables(), lambda place: voucher_at(self._disk, place))
        for sequence, line in enumerate(self._lines(progress), 1):
            if isinstance(line, Torn):
                break
            record = record_of(line, self.id, sequence)
            books.apply(record, line.segment, line.start)
        return books

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield every record of the journal in order."""
        for sequence, line in enumerate(self._lines(progress), 1):
            if isinstance(line, Torn):
                return
            yield record_of(line, self.id, sequence)

    def vouchers(self, progress: Progress | None = None) -> Iterator[Voucher]:
        """Yield every voucher in the order of recording."""
        for record in self.records(progress):
            yield from record.vouchers

    def _lines(self, progress: Progress | None) -> Iterator[Line | Torn]:
        """Yield the journal's lines as they stand now, telling how far it has come."""
        sizes = self._sizes()
        total = sum(sizes.values())
        segment, before, end = "", 0, 0
        for count, line in enumerate(scan(self._disk, self.id, sizes)):
            if progress is not None and not isinstance(line, Torn):
                if line.segment != segment:
                    segment, before = line.segment, before + end
                end = line.end
                if count % PROGRESS_EVERY == 0:
                    progress(before + end, total)
            yield line

    def _snapshot(self) -> Snapshot:
        """Look at all files, with the head that this process knows if their note knows less."""
        known = self._known_record
        snapshot = self._disk.snapshot(self._surroundings.lock_timeout_seconds)
        note = snapshot.note
        if not note.known.sequence and not known.sequence:
            known = self._remembered()
        if note.known.sequence >= known.sequence or gave_up(self._disk, known):
            return snapshot
        return replace(snapshot, note=replace(note, known=known))

    def _sizes(self) -> dict[str, int]:
        snapshot = self._disk.snapshot(self._surroundings.lock_timeout_seconds)
        strange = [name for name in snapshot.strange if name.partition("/")[0] == FOLDER]
        if strange:
            raise InputInvalid([Finding("FL603", n, {"file": n}, self.id) for n in strange])
        return dict(snapshot.segments)

    def _replayed(self, month: str) -> tuple[list[Finding], BookDigests]:
        """Return the gating findings of a month and its book, replayed under the lock."""
        books = Books(self.id, MemoryTables(), lambda place: voucher_at(self._disk, place))
        digests = BookDigests(self.id)
        findings: list[Finding] = []
        for sequence, line in enumerate(scan(self._disk, self.id, sizes_of(self._disk)), 1):
            if isinstance(line, Torn):
                break
            record = record_of(line, self.id, sequence)
            entries = books.apply(record, line.segment, line.start)
            for entry in entries:
                if entry.month == month:
                    digests.add(month, render_voucher(entry.voucher))
            if any(entry.month == month for entry in entries):
                findings += [f for f in on_vouchers(entries, books) if f.gates]
        return findings, digests
