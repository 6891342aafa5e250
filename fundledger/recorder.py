"""What puts vouchers into a fund: examine, preview, record, reverse and correct."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from fundledger.checks.run import on_key, on_receipt, on_record, on_vouchers
from fundledger.errors import FundledgerError, InputInvalid, NotFound
from fundledger.findings import Finding
from fundledger.ledger import drafts
from fundledger.ledger.books import Books
from fundledger.ledger.given import (
    expect,
    is_day,
    is_key,
    is_text,
    shown,
)
from fundledger.ledger.note import NOTHING, Known
from fundledger.ledger.plan import Content, Gate, Plan, Receipt, foreign
from fundledger.ledger.record import Kind, Record, request_digest
from fundledger.ledger.store import Store
from fundledger.ledger.surroundings import Surroundings
from fundledger.ledger.typed import checked
from fundledger.ledger.voucher import Draft, Voucher, voucher_json
from fundledger.reader import Reader

if TYPE_CHECKING:
    from fundledger.charter import FundCharter
    from fundledger.ledger.current import LockableDisk


def _on_record(record: Record, books: Books) -> list[Finding]:
    return [*on_record(record, books), *on_key(record, books)]


GATE = Gate(on_vouchers, _on_record, on_receipt)


class Recorder(Reader):
    """One fund as vouchers are recorded in it, under its lock and through the gate."""

    def __init__(  # noqa: PLR0913 - the parts that a fund is made of
        self,
        disk: LockableDisk,
        charter: FundCharter,
        surroundings: Surroundings,
        *,
        index_path: str,
        store: type[Store] = Store,
        rules: Callable[[], FundCharter] | None = None,
        others: Callable[[], Sequence[Reader]] = tuple,
    ) -> None:
        """Take the parts; `Office.fund` puts them together.

        `rules` is asked for the charter before each act; without it `charter` holds for good.
        `others` gives the other funds of the office, whose heads a closing names.
        """
        super().__init__(disk, charter, surroundings, rules)
        self._others = others
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
    def _known_record(self) -> Known:
        return self._store.known

    def _remembered(self) -> Known:
        with suppress(FundledgerError, OSError):
            return self._store.remembered()
        return NOTHING

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
        draft = replace(checked(draft), corrects=ref, event="correction")

        def make(books: Books) -> Content:
            original = self._known(books, ref)
            if original.date.year != draft.date.year:
                return Content({}, (draft,))
            red = drafts.reversal(original, draft.date, draft.maker, draft.reviewer)
            return Content({}, (red, draft))

        request = {"correct": ref, "draft": voucher_json(draft)}
        return self._commit("voucher", draft.maker, key, request, make)

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
        sound = tuple(checked(draft) for draft in many)
        request = request_digest(["voucher", [voucher_json(draft) for draft in sound]])
        actor = sound[0].poster or sound[0].maker
        content = Content({}, sound)
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


def _many(draft: Draft | Sequence[Draft]) -> tuple[Draft, ...]:
    given: Any = draft
    many = tuple(given) if isinstance(given, (list, tuple)) else (given,)
    expect(draft=bool(many) and all(isinstance(item, Draft) for item in many))
    return many
