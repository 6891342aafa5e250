"""Acts tried out: examined and numbered as if they were recorded, and nothing is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fundledger.errors import InputInvalid, NotWritten
from fundledger.findings import Finding
from fundledger.ledger.books import Books
from fundledger.ledger.current import CurrentBooks
from fundledger.ledger.index import ReadIndex
from fundledger.ledger.indexed import INDEX, books_on
from fundledger.ledger.journal import (
    Torn,
    record_at,
    record_of,
    scan,
    segments,
    sizes_of,
)
from fundledger.ledger.mend import STATE
from fundledger.ledger.note import read_note
from fundledger.ledger.plan import Plan, Receipt, balances_of, begun, foreign
from fundledger.ledger.record import Place
from fundledger.ledger.store import Store
from fundledger.ledger.tables import MemoryTables
from fundledger.ledger.traces import hold_beginning, hold_known, hold_names
from fundledger.ledger.voucher import Voucher

Result = TypeVar("Result")


class ReadBooks(CurrentBooks):
    """Gives out the books as the journal has them now, to be changed in memory alone.

    The state is read from the index, so that it costs the same in a large fund as in a small one.
    Where the index does not fit the journal it is not mended: the journal is folded in memory.
    """

    def use(self, act: Callable[[Books], Result], *, giving_up: bool = False) -> Result:
        """Do something with the books as the journal has them now; what it changes is dropped.

        Raises:
            JournalBroken: the journal does not hold, or lacks what is known to have stood in it.
            NotWritten: FL908, the disk refused.
            Busy: FL906, a writer held the fund for too long.

        """
        try:
            with self._disk.reading(self._timeout_seconds) as left:
                note = read_note(left)
                self._known = note.known
                hold_names(self._disk, self._fund)
                self._held_known = hold_known(
                    self._disk, self._fund, note.known, giving_up=giving_up
                )
                if not segments(self._disk):
                    hold_beginning(self._disk, self._fund)
                clean = (note.state, note.boot) == ("clean", self._disk.boot())
                try:
                    books = self._caught_up() if clean and self._held_known else None
                    if books is not None:
                        return act(books)
                except sqlite3.Error:
                    pass
                finally:
                    self.let_go()
                return act(self._folded())
        except OSError as error:
            details = {"error": error.strerror or str(error)}
            raise NotWritten(Finding("FL908", self._fund, details, self._fund)) from error

    def roll_back(self, books: Books) -> None:
        """Leave the books as they are: they are thrown away."""

    def _opened(self) -> ReadIndex:
        if self._index is None:
            for name in self._disk.names(STATE):
                if name.startswith(INDEX):
                    self._disk.size(f"{STATE}/{name}")  # refuses a link or special file
            self._index = ReadIndex(self._index_path, self._fund)
        assert isinstance(self._index, ReadIndex)  # noqa: S101 - this class opens no other
        return self._index

    def _folded(self) -> Books:
        books = books_on(self._disk, self._fund, MemoryTables())
        for sequence, line in enumerate(scan(self._disk, self._fund, sizes_of(self._disk)), 1):
            if isinstance(line, Torn):
                break
            books.apply(record_of(line, self._fund, sequence), line.segment, line.start)
        return books


class Rehearsal(Store):
    """A store whose commits come to nothing: the same gate and numbers, and no file is touched.

    One rehearsal knows what its last commit would have recorded.
    """

    books_kept_by = ReadBooks
    _vouchers: tuple[Voucher, ...] = ()
    _balances: Sequence[tuple[str, int]] = ()
    _last: Receipt | None = None

    def _committed(self, plan: Plan, charter: dict[str, Any] | None, books: Books) -> Receipt:
        """Return what a commit of `plan` would acknowledge; its head is left empty."""
        receipt = self._earlier(plan, books)
        if receipt is None:
            receipt = self._new(plan, charter, books)
        elif receipt.refs:
            place = Place(*books.places[receipt.refs[0]])
            self._vouchers = record_at(self._disk, place).vouchers
        else:
            self._vouchers = ()
        self._balances = tuple(balances_of(self._vouchers, books).items())
        self._last = receipt
        return receipt

    def _new(self, plan: Plan, charter: dict[str, Any] | None, books: Books) -> Receipt:
        began = not books.head.sequence
        adoption = None if charter is None else self._adoption(charter, plan, books)
        adopted = [] if adoption is None else self._examined(adoption, books)[1]
        record, findings = self._examined(plan, books)
        self._vouchers = record.vouchers
        refs = tuple(voucher.ref for voucher in record.vouchers)
        told = (*adopted, *findings, *begun(self._fund, began=began))
        return Receipt(self._fund, record.sequence, refs, "", plan.key, told)

    def recorded(self, receipt: Receipt) -> tuple[Voucher, ...]:
        """Return the vouchers that the last commit, of which `receipt` is, would have recorded.

        Raises:
            InputInvalid: FL961, the receipt is of another act.

        """
        self._hold_last(receipt)
        return self._vouchers

    def touched(self, receipt: Receipt) -> dict[str, int]:
        """Return the balance in fen, after the last commit, of each account that it touches.

        Raises:
            InputInvalid: FL961, the receipt is of another act.

        """
        self._hold_last(receipt)
        return dict(self._balances)

    def _hold_last(self, receipt: Receipt) -> None:
        if receipt != self._last:
            raise InputInvalid(foreign(receipt, self._fund))
