"""The batches of a fund as its records leave them, and the files that say it line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Self

from fundledger.errors import NotFound, NotReadable, Refused
from fundledger.findings import Finding
from fundledger.ledger.batches.advance import Advance, advance
from fundledger.ledger.batches.batch import Batch, Control, control_of, encumbered_by_line
from fundledger.ledger.batches.files import Unfit, bytes_of, is_there, lines_in
from fundledger.ledger.batches.paylist import PaymentLine, line_in, list_path
from fundledger.ledger.batches.prepare import PREPARE
from fundledger.ledger.batches.states import Standing
from fundledger.ledger.bodies import BatchBody
from fundledger.ledger.chart import (
    DUE_FROM_BANK,
    IN_TRANSIT,
    RECOVERY,
    RETURNED,
    SUBSIDY_PAYABLE,
    Chart,
)
from fundledger.ledger.door import Disk
from fundledger.ledger.given import expect, is_digest, is_text, shown
from fundledger.ledger.record import Record
from fundledger.ledger.tables import MemoryTables, Tables

ReadList = Callable[[str], bytes]

_CONTROLS = {
    SUBSIDY_PAYABLE: ("subsidy_payable_fen", -1),
    IN_TRANSIT: ("in_transit_fen", -1),
    RETURNED: ("returned_fen", -1),
    DUE_FROM_BANK: ("due_from_bank_fen", 1),
    RECOVERY: ("recovery_fen", 1),
}
"""The control accounts, with the sign of their nature."""

_UNREAD = "unread "


def list_reader(disk: Disk) -> ReadList:
    """Return what reads the files of `lists/` from a fund's directory."""

    def read(digest: str) -> bytes:
        return disk.read(list_path(digest))

    return read


class Batches:
    """What is kept of a fund's batches; `read_list` gives a file of `lists/` by its digest.

    Without it records of batches are taken at their word and left aside, for a reader that asks
    for none of them.
    """

    fund: str
    as_recorded = False

    def __init__(self, tables: Tables, read_list: ReadList | None) -> None:
        """Take what the tables hold."""
        self.batch_table = tables.table("batches")
        self.entitled = tables.table("entitled")
        self.batch_months = tables.table("batch_months")
        self.control = tables.table("control")
        self.advanced = Advance()
        self.named_lists: dict[str, int] = {}
        self.fresh_files: dict[str, bytes] = {}
        self.parsed: dict[str, list[PaymentLine]] = {}
        self._read_list = read_list

    def batch(self, name: str) -> Batch | None:
        """Return a batch by its id, or None.

        Raises:
            InputInvalid: FL909, that is no text.

        """
        expect(name=isinstance(name, str))
        found: Batch | None = self.batch_table[name]
        return found

    def batches(self) -> list[Batch]:
        """Return every batch in the order of preparing."""
        found = [batch for _, batch in self.batch_table.rows() if batch is not None]
        return sorted(found, key=lambda batch: batch.sequence)

    def standing_of(self, line: str) -> Standing:
        """Return how a line stands, whichever batch has it; each id is on one list.

        Raises:
            NotFound: FL977, no list of the fund has it.
            Refused: FL751, nor has any list that is there, and one is gone, or is another.
            InputInvalid: FL909, the line is no text.

        """
        expect(line=is_text(line))
        gone: Unfit | None = None
        for batch in reversed(self.batches()):
            try:
                found = line_in(bytes_of(self, batch.list), line)
            except Unfit as unfit:
                gone = unfit
                continue
            if found is not None and found.line == line:
                if batch.unread:
                    details = {"reason": "unread"}
                    raise Refused(Finding("FL751", batch.id, details, self.fund))
                return batch.standing(line)
        if gone is not None:
            said = gone.problem
            raise Refused(Finding(said.code, said.subject, said.details, self.fund)) from gone
        raise NotFound(Finding("FL977", shown(line), {}, self.fund))

    def batches_of(self, category: str, period: str) -> list[str]:
        """Return the ids of the batches that pay a category for a period, whichever unit's."""
        found: list[str] = self.entitled[f"{category}:{period}"]
        return found

    def periods(self) -> dict[tuple[str, str], list[str]]:
        """Return the months that each batch pays, by its id and the category."""
        found: dict[tuple[str, str], list[str]] = {}
        for key, names in self.entitled.rows():
            category, _, period = key.partition(":")
            for name in names:
                found.setdefault((name, category), []).append(period)
        return found

    def next_batch_id(self, month: str) -> str:
        """Return the id of the next batch that is prepared in a month such as `2026-03`."""
        return f"B{month}-{self.batch_months[month] + 1:03d}"

    def list_bytes(self, digest: str) -> bytes:
        """Return a file of `lists/` by its digest.

        Raises:
            NotFound: FL751, it is not there.
            NotReadable: FL973, the system would not let it be read.
            InputInvalid: FL909, that is no digest; FL603, a link or no plain file is in its place.

        """
        expect(digest=is_digest(digest))
        fresh = self.fresh_files.get(digest)
        if fresh is not None:
            return fresh
        gone = Finding("FL751", digest, {"reason": "missing"}, self.fund)
        if self._read_list is None:
            raise NotFound(gone)
        try:
            return self._read_list(digest)
        except FileNotFoundError as error:
            raise NotFound(gone) from error
        except OSError as error:
            details = {"place": list_path(digest), "error": error.strerror or str(error)}
            raise NotReadable(Finding("FL973", self.fund, details, self.fund)) from error

    @contextmanager
    def with_files(self, files: Mapping[str, bytes]) -> Iterator[Self]:
        """Have files at hand that are not written yet, for as long as the context lasts."""
        self.fresh_files = dict(files)
        try:
            yield self
        finally:
            self.fresh_files = {}

    def found_again(self) -> bool:
        """Whether a file is back that was not there, or was another, when a record was folded in.

        Then what these books say of its batch is less than what the journal says.
        """
        if not self.control["unread"]:
            return False
        missed = [name for name, _ in self.control.rows() if name.startswith(_UNREAD)]
        return any(is_there(self, name.removeprefix(_UNREAD)) for name in missed)

    def held(self) -> Control:
        """Return what the control accounts must hold for all batches together."""
        return Control(*(self.control[name] for name in Control._fields))

    def _advance(self, record: Record, body: BatchBody) -> None:
        """Fold in what a record says of its batch; `advanced` says what it came to."""
        self.advanced = Advance()
        if self._read_list is None:
            return
        for digest in filter(None, (body.lines,)):
            self.named_lists.setdefault(digest, record.sequence)
        day = record.at[:10]
        self.advanced = advance(self, body, sequence=record.sequence, actor=record.actor, day=day)
        for batch in self.advanced.batches:
            self._put(batch)
            self.control["unread"] += batch.unread
        for problem in self.advanced.problems:
            if problem.code == "FL751" and problem.details["reason"] in {"missing", "other"}:
                self.control[f"{_UNREAD}{problem.subject}"] = record.sequence
        if body.step == PREPARE and self.advanced.batches and not self.advanced.problems:
            self._count(body)
            keys = {(line.category, line.period) for line in lines_in(self, body.lines)}
            for key in sorted(f"{category}:{period}" for category, period in keys):
                self.entitled[key] = [*self.entitled[key], body.batch]

    def _count(self, body: BatchBody) -> None:
        """Keep the number of a batch, after which the next one of its month is numbered."""
        month, number = body.batch[1:8], int(body.batch[9:])
        self.batch_months[month] = max(number, self.batch_months[month])

    def _post(self, record: Record, chart: Chart) -> None:
        """Add up what the vouchers of batches moved on the control accounts; the act is over."""
        self.parsed.clear()
        for voucher in record.vouchers:
            for posting in voucher.postings:
                if chart.account(posting.account).budget_kind == "Encumbered":
                    self.control["posted encumbered"] += posting.signed_fen
                elif posting.account in _CONTROLS:
                    name, sign = _CONTROLS[posting.account]
                    self.control[f"posted {name}"] += sign * posting.signed_fen

    def set_aside_fen(self, unit: str, category: str) -> int:
        """Return what of a budget line is set aside for the payments of batches, in all years."""
        fen: int = self.control[f"set aside {unit}:{category}"]
        return fen

    def control_fen(self) -> dict[str, tuple[int, int]]:
        """Return what vouchers of batches left on each control account, and what its lines come to.

        On the side of its nature; `Encumbered` is the budget's, over all lines and years.
        """
        held = self.held()
        figures = {
            account: (self.control[f"posted {name}"], getattr(held, name))
            for account, (name, _) in _CONTROLS.items()
        }
        figures["Encumbered"] = self.control["posted encumbered"], held.encumbered_fen
        return figures

    def apart_fen(self) -> dict[str, int]:
        """Return by how much each control account is apart from the lines, where it is.

        Identities: what the vouchers of batches leave on it is what the lines in their states come
        to; what they leave encumbered is what is payable, in transit and returned, less what the
        bank owes.  Nothing is said once files of a batch could not be read.
        """
        if self.control["unread"]:
            return {}
        figures = self.control_fen().items()
        return {account: posted - held for account, (posted, held) in figures if posted != held}

    def _put(self, batch: Batch) -> None:
        """Put a batch in the place of what was known of it, and what the accounts hold for it."""
        before = self.batch(batch.id)
        set_aside = encumbered_by_line(batch)
        was_set_aside = {} if before is None else encumbered_by_line(before)
        for key in sorted({*set_aside, *was_set_aside}):
            fen = set_aside.get(key, 0) - was_set_aside.get(key, 0)
            self.control[f"set aside {key}"] += fen
        was = control_of(before) if before is not None else Control()
        for name, old, new in zip(Control._fields, was, control_of(batch), strict=True):
            if old != new:
                self.control[name] += new - old
        self.batch_table[batch.id] = batch


class BatchesAlone(Batches):
    """The batches of a fund without its accounts, for a reader that asks for nothing else.

    Lists that were read stay at hand as long as it does.
    """

    def __init__(self, fund: str, read_list: ReadList, *, as_recorded: bool = False) -> None:
        """Begin before the first record; `read_list` gives a file of `lists/` by its digest."""
        super().__init__(MemoryTables(), read_list)
        self.fund = fund
        self.as_recorded = as_recorded

    def take(self, record: Record, body: BatchBody) -> Advance:
        """Fold in a record that says `body`, as books do, and return what it came to."""
        self._advance(record, body)
        return self.advanced

    def pass_over(self, body: BatchBody) -> None:
        """Leave aside a list that is prepared, but for its number; then its steps are not taken."""
        self._count(body)

    def _put(self, batch: Batch) -> None:
        """Put a batch in the place of what was known of it."""
        self.batch_table[batch.id] = batch
