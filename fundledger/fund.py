"""One fund: examine, record, reverse, correct, assert, close and check; the object callers hold."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import MsgspecError, convert, to_builtins

from fundledger.checks.audit import Audit, audit
from fundledger.checks.chain import Verification, verify_chain
from fundledger.checks.changes import pending
from fundledger.checks.evidence import without_journal
from fundledger.checks.run import on_key, on_receipt, on_record, on_vouchers
from fundledger.errors import InputInvalid, NotFound, Refused
from fundledger.findings import Finding, by_weight
from fundledger.ledger import drafts
from fundledger.ledger.bodies import ReconciliationBody
from fundledger.ledger.books import Books
from fundledger.ledger.disk import RealDisk
from fundledger.ledger.door import Snapshot
from fundledger.ledger.faces import FaceBuilder
from fundledger.ledger.given import (
    expect,
    is_day,
    is_digest,
    is_fen,
    is_key,
    is_text,
    is_year,
    shown,
)
from fundledger.ledger.journal import FOLDER, Line, Torn, record_of, scan, sizes_of, voucher_at
from fundledger.ledger.note import Known
from fundledger.ledger.record import Kind, Record, request_digest
from fundledger.ledger.rehearsal import Rehearsal
from fundledger.ledger.store import Content, Gate, Plan, Receipt, Store, foreign
from fundledger.ledger.surroundings import Surroundings
from fundledger.ledger.tables import MemoryTables
from fundledger.ledger.text import render_voucher
from fundledger.ledger.traces import gave_up
from fundledger.ledger.voucher import Draft, Voucher, numbered, voucher_json
from fundledger.money import LIMIT_FEN, format_fen

if TYPE_CHECKING:
    from fundledger.charter import FundCharter
    from fundledger.ledger.current import LockableDisk

Progress = Callable[[int, int], None]
PROGRESS_EVERY = 100


def _on_record(record: Record, books: Books) -> list[Finding]:
    return [*on_record(record, books), *on_key(record, books)]


GATE = Gate(on_vouchers, _on_record, on_receipt)


class Fund:
    """One restricted fund: its own account, books and purposes (专户存储、单独建账、专款专用).

    Each act that records raises as `record` does, beside what it says itself; `examine`, `preview`,
    `recorded`, `touched` and `rebuild` as it does but for KeyConflict and OutcomeUnknown.
    """

    def __init__(  # noqa: PLR0913 - the parts that a fund is made of
        self,
        disk: LockableDisk,
        charter: FundCharter,
        surroundings: Surroundings,
        *,
        index_path: str,
        store: type[Store] = Store,
        rules: Callable[[], FundCharter] | None = None,
    ) -> None:
        """Take the parts; `Office.fund` puts them together.

        `rules` is asked for the charter before each act; without it `charter` holds for good.
        """
        self.id = charter.fund.id
        self._charter = charter
        self._read_rules = rules
        self._disk = disk
        self._surroundings = surroundings
        self._charter_values: tuple[FundCharter, dict[str, Any]] | None = None
        self._index_path = index_path
        self._store = store(
            disk,
            self.id,
            GATE,
            index_path=index_path,
            clock=self._now,
            timeout_seconds=surroundings.lock_timeout_seconds,
        )

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

    def close_files(self) -> None:
        """Let go of the files, when no thread of this process reads them; may be used again."""
        self._store.close()

    def examine(self, draft: Draft | Sequence[Draft]) -> tuple[Finding, ...]:
        """Return what the gate says of a draft (or several, as one record); records nothing.

        Raises:
            InputInvalid: FL909, a field is not of its type.

        """
        plan = self._plan(_many(draft), None)
        self._rules()
        return self._store.examine(plan, self._rules)

    def preview(self, draft: Draft | Sequence[Draft]) -> tuple[Voucher, ...]:
        """Return the vouchers as they would be numbered and recorded; records nothing.

        Raises:
            Refused: a gating check found something.

        """
        plan = self._plan(_many(draft), None)
        self._rules()
        return self._store.preview(plan, self._rules).vouchers

    def rehearsal(self) -> Fund:
        """Return this fund for trying acts out: any act of it is examined, and none is written.

        An act there returns the receipt that it would have (with an empty head) or raises what it
        would raise; `recorded` and `touched` tell what would stand in the books after its last act,
        and refuse the receipt of any other.  Acts do not add up: each is tried on the books as the
        journal has them, not after the one before.  Not a byte of the fund's directory changes, and
        it takes as long in a large fund as in a small one.
        """
        return Fund(
            self._disk,
            self.charter,
            self._surroundings,
            index_path=self._index_path,
            store=Rehearsal,
            rules=self._read_rules,
        )

    def record(self, draft: Draft | Sequence[Draft], *, key: str | None = None) -> Receipt:
        """Record a draft, or several as one record, all or nothing.

        The same `key` with the same drafts gives the first receipt again: record, numbers and head
        as they were then, `again` set, and without findings.  A key is one printable line of 1 to
        512 letters, unique in the fund; without one a fresh key is made.

        Raises:
            InputInvalid: FL909, a field or the key is not of its type; FL960, FL962; nothing was
                written.
            Refused: a gating check found something; nothing was written.
            KeyConflict: the key was used before for other drafts.
            OutcomeUnknown: a write failed; open again and retry with the same key.
            NotWritten: the disk refused, or a write before failed; this attempt wrote nothing.
            Busy: another process or thread held the fund too long; this attempt wrote nothing.
            JournalBroken: the journal does not hold or lacks records; nothing more is written.
            CharterInvalid: FL0xx, the rules contradict themselves; nothing was written.

        """
        plan = self._plan(_many(draft), key)
        self._rules()
        return self._store.commit(plan, self._rules)

    def recorded(self, receipt: Receipt) -> tuple[Voucher, ...]:
        """Return the vouchers that a receipt acknowledges, as they stand in the journal.

        Raises:
            InputInvalid: FL909, it is no receipt; FL961, it is of another fund or rehearsal.
            NotFound: FL911, the journal holds no such voucher.

        """
        return self._store.recorded(self._own(receipt))

    def touched(self, receipt: Receipt) -> dict[str, int]:
        """Return each account of the receipt's vouchers with its balance now, in fen.

        Raises:
            InputInvalid: FL909, it is no receipt; FL961, it is of another fund or rehearsal.
            NotFound: FL911, the journal holds no such voucher.

        """
        return self._store.touched(self._own(receipt))

    def _own(self, receipt: Receipt) -> Receipt:
        expect(receipt=isinstance(receipt, Receipt))
        if receipt.fund != self.id:
            raise InputInvalid(foreign(receipt, self.id))
        return receipt

    def reverse(
        self, ref: str, *, on: date, maker: str, reviewer: str, key: str | None = None
    ) -> Receipt:
        """Record the red-ink copy of a voucher of the same year (红字冲销, art. 51(5)).

        Raises:
            NotFound: FL911, there is no such voucher.
            Refused: FL306 and others; nothing was written.

        """
        expect(ref=is_text(ref), on=is_day(on), maker=is_text(maker), reviewer=is_text(reviewer))

        def make(books: Books) -> Content:
            return Content({}, (drafts.reversal(self._known(books, ref), on, maker, reviewer),))

        request = {"reverse": ref, "on": on.isoformat(), "maker": maker, "reviewer": reviewer}
        return self._commit("voucher", maker, key, request, make)

    def correct(self, ref: str, draft: Draft, *, key: str | None = None) -> Receipt:
        """Record what corrects a posted voucher: one record, all or nothing.

        Within the year a red-ink copy and the right one in blue; after it a blue correcting
        voucher through the prior-year adjustment (art. 51(5)).

        Raises:
            NotFound: FL911, there is no such voucher.
            Refused: FL306, FL313 and others; nothing was written.

        """
        expect(ref=is_text(ref), draft=isinstance(draft, Draft))
        draft = replace(drafts.checked(draft), corrects=ref, event="correction")

        def make(books: Books) -> Content:
            original = self._known(books, ref)
            if original.date.year != draft.date.year:
                return Content({}, (draft,))
            red = drafts.reversal(original, draft.date, draft.maker, draft.reviewer)
            return Content({}, (red, draft))

        request = {"correct": ref, "draft": voucher_json(draft)}
        return self._commit("voucher", draft.maker, key, request, make)

    def assert_balance(  # noqa: PLR0913 - what a statement says, by keyword
        self,
        account: str,
        on: date,
        amount_fen: int,
        *,
        actor: str,
        document: str = "",
        replaces: int = 0,
        key: str | None = None,
    ) -> Receipt:
        """Record what a statement says an account held at the end of a day, in fen.

        It is recorded whether the books agree or not; `check` shows each as held or off.
        `document` is the sha256 of the statement; `replaces` the sequence of an earlier assertion
        of this account and day that was wrong: both stay in the journal, the later one stands.

        Raises:
            InputInvalid: FL902, FL909, a value that cannot be taken.
            Refused: FL322, FL323; nothing was written.

        """
        expect(
            account=is_text(account),
            on=is_day(on),
            amount_fen=is_fen(amount_fen),
            document=document == "" or is_digest(document),
            replaces=is_fen(replaces) and replaces >= 0,
        )
        if abs(amount_fen) > LIMIT_FEN:
            raise InputInvalid(Finding("FL902", "amount_fen", {"text": format_fen(amount_fen)}))
        body: dict[str, Any] = {
            "account": account,
            "date": on.isoformat(),
            "amount_fen": amount_fen,
        }
        if document:
            body["document"] = document
        if replaces:
            body["replaces"] = replaces
        return self._commit("assertion", actor, key, body, lambda _: Content(body))

    def sign(
        self, reconciliation: ReconciliationBody, *, actor: str, key: str | None = None
    ) -> Receipt:
        """Record a signed reconciliation, and with it the assertion of the statement's balance.

        `fundledger.reconcile.sign` makes it of an adjustment.

        Raises:
            InputInvalid: FL909, it is not what a reconciliation can say.
            Refused: FL322 to FL327; nothing was written.

        """
        try:
            body = to_builtins(reconciliation)
            sound = convert(body, ReconciliationBody) == reconciliation
        except (MsgspecError, TypeError, ValueError):
            body, sound = {}, False
        expect(reconciliation=sound)
        return self._commit("reconciliation", actor, key, body, lambda _: Content(body))

    def close(self, month: str, *, actor: str, key: str | None = None) -> Receipt:
        """Close a month (结账): nothing more is posted into it.

        The record holds the digest of the month's book.

        Raises:
            Refused: FL320, FL321, FL328 or a finding of the month that gates; nothing was written.

        """
        month = _month(month)

        def make(books: Books) -> Content:
            findings, builder = self._replayed(month)
            if findings:
                raise Refused(findings)
            face = builder.month(month)
            return Content(
                {
                    "month": month,
                    "after": books.head.closed_through,
                    "book_sha256": face.sha256 if face else "",
                }
            )

        return self._commit("close", actor, key, {"close": month}, make)

    def close_year(
        self, year: int, *, actor: str, maker: str, reviewer: str, key: str | None = None
    ) -> Receipt:
        """End a year (年末结转): carry its results, close December, open the next year's budget.

        Raises:
            Refused: FL318, FL320, FL321 and others; nothing was written.

        """
        if not is_year(year):
            raise InputInvalid(Finding("FL929", "year", {"text": shown(year)}))
        expect(maker=is_text(maker), reviewer=is_text(reviewer))
        month = f"{year}-12"

        def make(books: Books) -> Content:
            carry = drafts.year_end(books, year, maker, reviewer)
            findings, builder = self._replayed(month)
            if findings:
                raise Refused(findings)
            number = books.months[month] + 1
            for draft in carry:
                if draft.date.year == year:
                    builder.add(month, render_voucher(numbered(draft, number)))
            face = builder.month(month)
            return Content(
                {
                    "year": year,
                    "month": month,
                    "after": books.head.closed_through,
                    "book_sha256": face.sha256 if face else "",
                },
                carry,
            )

        request = {"close-year": year, "maker": maker, "reviewer": reviewer}
        return self._commit("year-end", actor, key, request, make)

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

    def without_journal(self) -> Finding | None:
        """Return what is said of a fund that has no record: it is new, or its journal is gone."""
        if next(self.records(), None) is not None:
            return None
        snapshot = self._snapshot()
        return without_journal(self.id, snapshot)

    def give_up(self, reason: str, *, actor: str, key: str | None = None) -> Receipt:
        """Record that acknowledged records, which the journal lacks, are given up as lost.

        For when no copy that holds them can be restored; the record stays, and every audit tells
        it.  Recording goes on after it.

        Raises:
            Refused: FL624, nothing is missing; FL323, the actor may not decide this.

        """
        expect(reason=is_text(reason) and bool(reason), actor=is_text(actor), key=is_key(key))

        def make(known: Known) -> Content:
            body = {"known": known.sequence, "digest": known.digest, "reason": reason}
            return Content(body)

        digest = request_digest(["loss", actor, reason])
        plan = Plan(
            "loss", actor, key or self._surroundings.fresh_key(), digest, lambda _: Content({})
        )
        return self._store.give_up(plan, make)

    def rebuild(self) -> list[str]:
        """Write the books anew wherever they differ from the journal; returns their names."""
        return self._store.rebuild()

    def twins(self, vouchers: Sequence[Voucher]) -> list[Finding]:
        """Return which of these vouchers say what an earlier one says, as warnings (FL965)."""
        return self._store.twins(vouchers)

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
        known = self._store.known
        snapshot = self._disk.snapshot(self._surroundings.lock_timeout_seconds)
        note = snapshot.note
        if note.known.sequence >= known.sequence or gave_up(self._disk, known):
            return snapshot
        return replace(snapshot, note=replace(note, known=known))

    def _sizes(self) -> dict[str, int]:
        snapshot = self._disk.snapshot(self._surroundings.lock_timeout_seconds)
        strange = [name for name in snapshot.strange if name.partition("/")[0] == FOLDER]
        if strange:
            raise InputInvalid([Finding("FL603", n, {"file": n}, self.id) for n in strange])
        return dict(snapshot.segments)

    def _replayed(self, month: str) -> tuple[list[Finding], FaceBuilder]:
        """Return the gating findings of a month and its book, replayed under the lock."""
        books = Books(self.id, MemoryTables(), lambda place: voucher_at(self._disk, place))
        builder = FaceBuilder(self.id)
        findings: list[Finding] = []
        for sequence, line in enumerate(scan(self._disk, self.id, sizes_of(self._disk)), 1):
            if isinstance(line, Torn):
                break
            record = record_of(line, self.id, sequence)
            entries = books.apply(record, line.segment, line.start)
            for entry in entries:
                if entry.month == month:
                    builder.add(month, render_voucher(entry.voucher))
            if any(entry.month == month for entry in entries):
                findings += [f for f in on_vouchers(entries, books) if f.gates]
        return findings, builder

    def _known(self, books: Books, ref: str) -> Voucher:
        voucher = books.voucher(ref)
        if voucher is None:
            raise NotFound(Finding("FL911", shown(ref), {"ref": shown(ref)}, self.id))
        return voucher

    def _rules(self) -> dict[str, Any]:
        """Return the charter as JSON values, the same object for as long as it says the same.

        An act asks before it waits for the lock, so that invalid rules leave no trace, and under
        it, for others may have changed them and recorded meanwhile.
        """
        charter = self.charter
        known = self._charter_values
        if known is None or (known[0] is not charter and known[0] != charter):
            known = (charter, charter.model_dump(mode="json", by_alias=True))
        self._charter_values = (charter, known[1])
        return known[1]

    def _plan(self, many: tuple[Draft, ...], key: str | None) -> Plan:
        expect(key=is_key(key))
        checked = tuple(drafts.checked(draft) for draft in many)
        request = request_digest(["voucher", [voucher_json(draft) for draft in checked]])
        actor = checked[0].poster or checked[0].maker
        content = Content({}, checked)
        return Plan(
            "voucher", actor, key or self._surroundings.fresh_key(), request, lambda _: content
        )

    def _commit(
        self,
        kind: Kind,
        actor: str,
        key: str | None,
        request: object,
        make: Callable[[Books], Content],
    ) -> Receipt:
        expect(actor=is_text(actor), key=is_key(key))
        digest = request_digest([kind, actor, request])
        plan = Plan(kind, actor, key or self._surroundings.fresh_key(), digest, make)
        self._rules()
        return self._store.commit(plan, self._rules)


def open_fund(
    root: Path,
    charter: FundCharter,
    surroundings: Surroundings,
    *,
    rules: Callable[[], FundCharter] | None = None,
) -> Fund:
    """Return the fund whose directory is `root`; it is made with the first record."""
    index = str(root / ".state" / "index.sqlite")
    return Fund(RealDisk(root), charter, surroundings, index_path=index, rules=rules)


def file_digest(path: Path) -> str:
    """Return the sha256 of a file, by which the journal names a source document."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _many(draft: Draft | Sequence[Draft]) -> tuple[Draft, ...]:
    given: Any = draft
    many = tuple(given) if isinstance(given, Iterable) else (given,)
    expect(draft=bool(many) and all(isinstance(item, Draft) for item in many))
    return many


def _month(text: str) -> str:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = date.min
    if not is_year(first.year):
        raise InputInvalid(Finding("FL903", "month", {"text": shown(text)}))
    return first.isoformat()[:7]
