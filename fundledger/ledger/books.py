"""The fold of a fund's records into its state: balances, days, numbers, keys and closings."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import MsgspecError, convert

from fundledger.errors import JournalBroken, NotFound
from fundledger.findings import Finding
from fundledger.ledger.advances import Advances
from fundledger.ledger.asserted import Assertion, take_assertion, take_reconciliation
from fundledger.ledger.bodies import (
    BODIES,
    AssertionBody,
    BatchBody,
    CharterBody,
    CloseBody,
    ReconciliationBody,
    StageBody,
)
from fundledger.ledger.chart import ADVANCE, Chart
from fundledger.ledger.charters import chart_of, charter_text
from fundledger.ledger.conduct import Conduct
from fundledger.ledger.daily import HEADROOM, Daily
from fundledger.ledger.entry import Entry
from fundledger.ledger.given import expect, is_day, is_text, shown
from fundledger.ledger.journal import broken
from fundledger.ledger.record import Place, Record
from fundledger.ledger.shelf import Batches, ReadList
from fundledger.ledger.stages import post_stage, take_stage
from fundledger.ledger.tables import Tables
from fundledger.ledger.text import month_header, render_voucher
from fundledger.ledger.voucher import Voucher, day_text

if TYPE_CHECKING:
    from fundledger.charter import FundCharter

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_TIME = re.compile(r"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d[+-](?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)


class Books(Daily, Conduct, Batches, Advances):
    """The state of one fund after some of its records; changed only by `apply`.

    All amounts are fen with beancount's sign.  `fetch` returns the record at a place, `read_list`
    a file of `lists/`.
    """

    def __init__(
        self,
        fund: str,
        tables: Tables,
        fetch: Callable[[Place], Record] | None = None,
        read_list: ReadList | None = None,
        *,
        with_keys: bool = True,
    ) -> None:
        """Make the empty state, or the state that the tables already hold.

        Without `with_keys` the idempotency keys are not kept, for a reader that asks for none.
        """
        Daily.__init__(self, tables)
        Conduct.__init__(self, tables, fetch)
        Batches.__init__(self, tables, read_list)
        Advances.__init__(self, tables)
        self._with_keys = with_keys
        self.fund = fund
        self.chart: Chart | None = None
        self.former: Chart | None = None
        self.new_names = False
        self.memory: dict[str, dict[object, Any]] = {}
        self.opened = tables.table("accounts")
        self.book_bytes = tables.table("book_bytes")
        self.keys = tables.table("keys")
        self.closed = tables.table("closed")
        self.years = tables.table("years")
        self.assertions = tables.table("assertions")
        self.signed = tables.table("signed")
        self.standing = tables.table("standing")
        self.emptied = tables.table("emptied")
        self.stages = tables.table("stages")

    def __getstate__(self) -> dict[str, Any]:
        """Pickle what the journal says, without the way back into its files."""
        left: dict[str, Any] = {
            "_fetch": None,
            "_read_list": None,
            "memory": {},
            "parsed": {},
            "fresh_files": {},
        }
        return {**self.__dict__, **left}

    @property
    def charter(self) -> FundCharter:
        """The charter in force; the journal's first record puts it."""
        return self.accounts.charter

    @property
    def accounts(self) -> Chart:
        """The chart of accounts in force.

        Raises:
            JournalBroken: FL607, the journal began with something else than a charter.

        """
        if self.chart is None:
            raise JournalBroken(Finding("FL607", self.fund, {}, self.fund))
        return self.chart

    def enter(self, record: Record, voucher: Voucher) -> Entry:
        """Return the voucher with the meaning of each of its accounts."""
        head = self.head
        day = day_text(voucher.date)
        month = day[:7]
        ref = f"{month}-{voucher.number:04d}"
        previous_number = self.months[month]
        return Entry(
            voucher,
            record,
            (
                record.at[:10],
                voucher.maker,
                voucher.reviewer,
                voucher.poster,
                voucher.cashier,
            ),
            self.accounts.group(tuple([posting.account for posting in voucher.postings])),
            day,
            ref,
            previous_number,
            head.closed_through,
            head.began,
            self.undone[voucher.reverses] if voucher.reverses else None,
            self._corrected(voucher.corrects) if voucher.corrects else (0, 0),
        )

    def begin(self, record: Record, segment: str = "", offset: int = 0) -> None:
        """Take in what a record says beside its vouchers; it stands in a segment at an offset.

        Raises:
            JournalBroken: FL602, the record says what none of its kind says.

        """
        try:
            _hold_time(record.at, self.head.at)
            if record.body or record.kind != "voucher":
                self._take(record)
        except (ValueError, MsgspecError, RecursionError) as error:
            raise broken(self.fund, segment, offset, record.sequence, "content") from error

    def _take(self, record: Record) -> None:
        body = convert(record.body, BODIES[record.kind])
        if isinstance(body, CharterBody):
            self.former = self.chart
            self.set_charter(charter_text(body.charter))
            if self.charter.fund.id != self.fund:
                message = f"the charter of {self.charter.fund.id}"
                raise ValueError(message)
        elif isinstance(body, AssertionBody):
            take_assertion(self, record, body)
        elif isinstance(body, ReconciliationBody):
            take_reconciliation(self, record, body)
        elif isinstance(body, CloseBody):
            self._close(body.month, record.sequence)
        elif isinstance(body, BatchBody):
            self._advance(record, body)
        elif isinstance(body, StageBody):
            take_stage(self.stages, record, body)
        if record.kind not in {"charter", "voucher"}:
            duty = f"budget-{body.stage}" if isinstance(body, StageBody) else record.kind
            self._sign(record.actor, duty, record.at[:10])

    def finish(self, record: Record, refs: list[str]) -> None:
        """Take in what a record says of its own vouchers: a year end closes its December."""
        if record.key and self._with_keys:
            self.keys[record.key] = [record.sequence, record.request, refs]
        if record.kind == "year-end":
            year = record.body["year"]
            self.years[str(year)] = record.sequence
            self._close(f"{year}-12", record.sequence)
        elif record.kind == "batch":
            self._post(record, self.accounts)
        elif record.kind == "budget-stage" and refs:
            post_stage(self.stages, str(record.body["year"]), refs)
        self.head.sequence = record.sequence
        self.head.at = record.at

    def _close(self, month: str, sequence: int) -> None:
        if self.closed[month] is None:
            self.closed[month] = sequence
        self.head.closed_through = max(month, self.head.closed_through)

    def set_charter(self, text: str) -> None:
        """Put a charter in force, as `charter_text` says it."""
        if self.chart is None or self.chart.text != text:
            self.chart = chart_of(text)
            self.memory = {}
            self.new_names = True

    def mark(self, entry: Entry, place: tuple[str, int, int]) -> None:
        """Take in the voucher's number and `Place`, and what it undoes and rests on."""
        voucher = entry.voucher
        if entry.signatures not in self._signatures:
            self._take_signatures(entry.signatures, voucher)
        if not entry.previous_number:
            self.new_names = True
        if voucher.number > entry.previous_number:
            self.months[entry.day[:7]] = voucher.number
        head = self.head
        head.last_day = max(head.last_day, entry.day)
        self.places[entry.ref] = place
        if voucher.event != "opening":
            head.began = True
        if voucher.reverses or voucher.corrects or voucher.documents:
            self._link(entry)
        if voucher.closing and voucher.event == "year-end":
            self._empty(entry)
        if ADVANCE in entry.group.names:
            self._take_advance(entry)

    def _empty(self, entry: Entry) -> None:
        """Keep what a closing voucher takes from each account that a year end empties."""
        for posting, account in entry.lines:
            if account.emptied:
                self.emptied[f"{account.name}@{entry.day}"] += posting.signed_fen

    def add(self, entry: Entry) -> None:
        """Add the voucher's amounts to the balances and days."""
        if entry.day != self._day:
            self._settle(entry.day)
        balances = self.balances
        group = entry.group
        if group not in self._moved:
            self._begin_day(group)
            self._open(group.names, entry.ref)
        postings = entry.voucher.postings
        for posting in postings:
            balances[posting.account] += posting.signed_fen
        headroom_fen = 0
        for position, sign in group.covering:
            headroom_fen += sign * postings[position].signed_fen
        if headroom_fen:
            balances[HEADROOM] += headroom_fen
        for position in group.expenses:
            spent = postings[position]
            if spent.signed_fen >= self.accounts.near_fen:
                self._near(entry, spent, self.charter.controls.approval_threshold_fen)

    def _open(self, names: tuple[str, ...], ref: str) -> None:
        """Note the accounts that a voucher is the first to touch."""
        self.opened.fetch(names)
        for name in names:
            if self.opened[name] is None:
                self.opened[name] = ref
                self.new_names = True

    def forget(self) -> None:
        """Drop what was posted and not settled, and what was found sound."""
        self._forget_day()
        self.fresh_files.clear()
        self.at_hand = ()
        self.parsed.clear()
        self.memory.clear()
        self._signatures.clear()
        self.new_names = False

    def apply(self, record: Record, segment: str, offset: int) -> list[Entry]:
        """Fold one record in, all of it, and return the entry of each of its vouchers."""
        self.begin(record, segment, offset)
        self.at_hand = record.vouchers if offset < 0 else ()
        entries = []
        for position, voucher in enumerate(record.vouchers):
            entry = self.enter(record, voucher)
            self.mark(entry, (segment, offset, position))
            self.add(entry)
            entries.append(entry)
        self.finish(record, [entry.ref for entry in entries])
        return entries

    def balance(self, account: str, on: date | None = None) -> int:
        """Return an account's balance in fen, now or at the end of a day.

        Raises:
            InputInvalid: FL909, the account is no text, or the day no day.
            NotFound: FL963, nothing was posted to it, and it is no account of the chart.

        """
        expect(account=is_text(account), on=on is None or is_day(on))
        if self.opened[account] is None and not self._may_open(account):
            text = shown(account, 120)
            raise NotFound(Finding("FL963", text, {"text": text}, self.fund))
        return self.fen(account, on)

    def _may_open(self, account: str) -> bool:
        """Whether a name that nothing was posted to is an account, or one of a line in use."""
        if self.chart is None:
            return True
        meant = self.chart.account(account)
        line = (meant.unit, meant.category)
        if meant.strange or not meant.unit or line in self.chart.remits:
            return not meant.strange
        return any(name.endswith(":".join(("", *line))) for name, _ in self.opened.rows())

    def is_closed(self, month: str) -> bool:
        """Whether a month was closed, by itself, with its year, or as one before a closed one.

        Raises:
            InputInvalid: FL909, that is no month such as `2026-03`.

        """
        if type(month) is not str or not _MONTH.fullmatch(month):
            expect(month=False)
        return month <= self.head.closed_through

    def account_names(self) -> list[str]:
        """Return every account that a voucher ever touched, in order."""
        return sorted(name for name, _ in self.opened.rows())

    def asserted(self) -> list[Assertion]:
        """Return all balance assertions in the order of recording, replaced ones too."""
        return sorted(
            (Assertion(int(sequence), *said) for sequence, said in self.assertions.rows()),
            key=lambda item: item.sequence,
        )

    def written(self, voucher: Voucher) -> str:
        """Return the text that a voucher adds to its month's book, and count its bytes."""
        month = voucher.month
        text = render_voucher(voucher)
        length: int = self.book_bytes[month]
        if not length:
            text = month_header(self.fund, month) + text
        self.book_bytes[month] = length + len(text.encode())
        return text


def _hold_time(at: str, before: str) -> None:
    """Hold a record's time against its form; what `before` has too need not be read."""
    if at == before:
        return
    day = at[:10]
    if not _is_time(at[10:]) or (day != before[:10] and not _DAY.fullmatch(day)):
        raise ValueError(at)
    if day != before[:10]:
        date.fromisoformat(day)


@lru_cache(maxsize=100_000)
def _is_time(text: str) -> bool:
    """Whether a text is a time of day with its offset; there are not many more in a zone."""
    return _TIME.fullmatch(text) is not None
