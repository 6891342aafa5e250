"""The fold of a fund's records into its state: balances, days, numbers, keys and closings."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import MsgspecError, Struct, convert

from fundledger.errors import JournalBroken, NotFound
from fundledger.findings import Finding
from fundledger.ledger.asserted import Assertion, take_assertion, take_reconciliation
from fundledger.ledger.bodies import (
    BODIES,
    AssertionBody,
    CharterBody,
    CloseBody,
    ReconciliationBody,
)
from fundledger.ledger.chart import Account, Chart
from fundledger.ledger.given import expect, is_day, is_text, shown
from fundledger.ledger.record import Place, Record
from fundledger.ledger.tables import Tables
from fundledger.ledger.text import month_header, render_voucher
from fundledger.ledger.voucher import Posting, Voucher

if TYPE_CHECKING:
    from fundledger.charter import FundCharter

COVER = "#cover"
AUTHORITY = "#authority"
ROLES = ("maker", "reviewer", "poster", "cashier")
MAKER_POSTS = "maker-poster"
_AT = re.compile(
    r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d[+-](?:[01]\d|2[0-3]):[0-5]\d", re.ASCII
)


@dataclass(slots=True)
class Head:
    """How far the fold has come: the last line's sequence, digest, time, segment and end."""

    sequence: int = 0
    digest: str = ""
    at: str = ""
    segment: str = ""
    line_start: int = 0
    offset: int = 0
    last_day: str = ""
    closed_through: str = ""
    began: bool = False


class Entry(Struct, frozen=True, gc=False):
    """A voucher as the checks see it: with its record, and with what each account means.

    `previous_number` and what follows it is what the books said just before the voucher.
    """

    voucher: Voucher
    record: Record
    names: tuple[str, ...]
    lines: tuple[tuple[Posting, Account], ...]
    day: str
    ref: str
    previous_number: int
    taken: bool
    closed_through: str
    began: bool
    undone_by: str | None
    corrected: tuple[int, int] = (0, 0)

    @property
    def accounts(self) -> tuple[Account, ...]:
        """What the account of each posting means."""
        return tuple(account for _, account in self.lines)

    @property
    def month(self) -> str:
        """The voucher's accounting period, such as `2026-03`."""
        return self.day[:7]


class Books:
    """The state of one fund after some of its records; changed only by `apply`.

    All amounts are fen with beancount's sign.  `fetch` returns the voucher at a place.
    """

    def __init__(
        self,
        fund: str,
        tables: Tables,
        fetch: Callable[[Place], Voucher] | None = None,
        *,
        with_keys: bool = True,
    ) -> None:
        """Make the empty state, or the state that the tables already hold.

        Without `with_keys` the idempotency keys are not kept, for a reader that asks for none.
        """
        self._with_keys = with_keys
        self.fund = fund
        self.chart: Chart | None = None
        self.former: Chart | None = None
        self.head = Head()
        self.new_names = False
        self._day = ""
        self._today: defaultdict[str, int] = defaultdict(int)
        self.memory: dict[str, dict[object, Any]] = {}
        self.opened = tables.table("accounts")
        self.balances = tables.table("balances")
        self.days = tables.table("days")
        self.months = tables.table("months")
        self.book_bytes = tables.table("book_bytes")
        self.places = tables.table("places")
        self.undone = tables.table("undone")
        self.corrected = tables.table("corrected")
        self.keys = tables.table("keys")
        self.documents = tables.table("documents")
        self.closed = tables.table("closed")
        self.years = tables.table("years")
        self.assertions = tables.table("assertions")
        self.signed = tables.table("signed")
        self.standing = tables.table("standing")
        self.emptied = tables.table("emptied")
        self.duties = tables.table("duties")
        self.near = tables.table("near")
        self._signatures: set[tuple[str | None, ...]] = set()
        self._fetch = fetch

    def __getstate__(self) -> dict[str, Any]:
        """Pickle what the journal says, without the way back into its files."""
        return {**self.__dict__, "_fetch": None, "memory": {}}

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
        names = tuple([posting[0] for posting in voucher.postings])
        day = voucher.date.isoformat()
        ref = f"{day[:7]}-{voucher.number:04d}"
        return Entry(
            voucher,
            record,
            names,
            tuple(zip(voucher.postings, self.accounts.all(names), strict=True)),
            day,
            ref,
            self.months[day[:7]],
            self.places[ref] is not None,
            self.head.closed_through,
            self.head.began,
            self.undone[voucher.reverses] if voucher.reverses else None,
            self._corrected(voucher.corrects) if voucher.corrects else (0, 0),
        )

    def _corrected(self, ref: str) -> tuple[int, int]:
        """Return how many corrections of a voucher stand, and the fen they moved in all."""
        standing = [fen for by, fen in self.corrected[ref].items() if self.undone[by] is None]
        return len(standing), sum(standing)

    def begin(self, record: Record) -> None:
        """Take in what a record says beside its vouchers.

        Raises:
            JournalBroken: FL602, the record says what none of its kind says.

        """
        try:
            _hold_time(record.at, self.head.at)
            if record.body or record.kind != "voucher":
                self._take(record)
        except (ValueError, MsgspecError, RecursionError) as error:
            details = {"segment": record.kind, "offset": 0, "expected": record.sequence}
            raise JournalBroken(
                Finding("FL602", record.kind, details, self.fund, record.sequence)
            ) from error

    def _take(self, record: Record) -> None:
        body = convert(record.body, BODIES[record.kind])
        if isinstance(body, CharterBody):
            self.former = self.chart
            self.set_charter(body.charter)
            if self.charter.fund.id != self.fund:
                message = f"the charter of {self.charter.fund.id}"
                raise ValueError(message)
        elif isinstance(body, AssertionBody):
            take_assertion(self, record, body)
        elif isinstance(body, ReconciliationBody):
            take_reconciliation(self, record, body)
        elif isinstance(body, CloseBody):
            self._close(body.month, record.sequence)
        if record.kind not in {"charter", "voucher"}:
            self._sign(record.actor, record.kind, record.at[:10])

    def finish(self, record: Record, refs: list[str]) -> None:
        """Take in what a record says of its own vouchers: a year end closes its December."""
        if record.key and self._with_keys:
            self.keys[record.key] = [record.sequence, record.request, refs]
        if record.kind == "year-end":
            year = record.body["year"]
            self.years[str(year)] = record.sequence
            self._close(f"{year}-12", record.sequence)
        self.head.sequence = record.sequence
        self.head.at = record.at

    def _close(self, month: str, sequence: int) -> None:
        if self.closed[month] is None:
            self.closed[month] = sequence
        self.head.closed_through = max(month, self.head.closed_through)

    def set_charter(self, values: dict[str, Any]) -> None:
        """Put a charter in force, from its JSON values."""
        from fundledger.charter import FundCharter  # noqa: PLC0415 - pydantic only when needed

        text = json.dumps(values, ensure_ascii=False, sort_keys=True)
        if self.chart is None or self.chart.text != text:
            self.chart = Chart(FundCharter.model_validate(values), text)
            self.memory = {}
            self.new_names = True

    def mark(self, entry: Entry, place: Place) -> None:
        """Take in the voucher's number, and what it undoes and rests on."""
        voucher = entry.voucher
        signatures = (
            entry.record.at[:10],
            voucher.maker,
            voucher.reviewer,
            voucher.poster,
            voucher.cashier,
        )
        if signatures not in self._signatures:
            self._take_signatures(signatures, voucher)
        month = entry.day[:7]
        number: int = self.months[month]
        if not number:
            self.new_names = True
        self.months[month] = max(number, voucher.number)
        self.head.last_day = max(entry.day, self.head.last_day)
        self.places[entry.ref] = place
        if voucher.event != "opening":
            self.head.began = True
        if voucher.reverses:
            self.undone[voucher.reverses] = entry.ref
        if voucher.corrects:
            moved_fen = sum(fen for _, fen, _ in voucher.cny if fen > 0)
            self.corrected[voucher.corrects] = {
                **self.corrected[voucher.corrects],
                entry.ref: moved_fen,
            }
        for digest in voucher.documents:
            if self.documents[digest] is None:
                self.documents[digest] = entry.ref
        if voucher.closing and voucher.event == "year-end":
            self._empty(entry)

    def _empty(self, entry: Entry) -> None:
        """Keep what a closing voucher takes from each account that a year end empties."""
        for (name, signed_fen, _), account in entry.lines:
            if account.emptied:
                self.emptied[f"{name}@{entry.day}"] += signed_fen

    def _take_signatures(self, signatures: tuple[str | None, ...], voucher: Voucher) -> None:
        """Note who signed in which role on the day of a record."""
        self._signatures.add(signatures)
        day, *persons = signatures
        for person, role in zip(persons, ROLES, strict=True):
            if person is not None and day is not None:
                self._sign(person, role, day)
        if voucher.maker == voucher.poster and day is not None:
            self._sign(voucher.maker, MAKER_POSTS, day)

    def _sign(self, person: str, duty: str, day: str) -> None:
        key = f"{person} {duty}@{day[:7]}"
        days = self.duties[key]
        if day not in days:
            self.duties[key] = [*days, day]

    def signers(self) -> dict[tuple[str, str], list[str]]:
        """Return the days on which each person signed in each role or kind of record."""
        found: dict[tuple[str, str], list[str]] = {}
        for key, days in self.duties.rows():
            person, _, duty = key.rpartition("@")[0].rpartition(" ")
            found.setdefault((person, duty), []).extend(days)
        return found

    def add(self, entry: Entry) -> None:
        """Add the voucher's amounts to the balances and days."""
        if entry.day != self._day:
            self._settle(entry.day)
        balances = self.balances
        opened = self.opened
        today = self._today
        near_fen = self.accounts.near_fen
        for (name, signed_fen, _), account in entry.lines:
            if signed_fen >= near_fen and account.kind == "expense":
                self._near(entry, name, signed_fen)
            if opened[name] is None:
                opened[name] = entry.ref
                self.new_names = True
            balances[name] += signed_fen
            today[name] += signed_fen
            if account.cover:
                balances[COVER] += signed_fen
            if account.authority:
                balances[AUTHORITY] += signed_fen

    def _near(self, entry: Entry, account: str, amount_fen: int) -> None:
        """Note a payment that a little more would have put before an approver."""
        limit_fen = self.charter.controls.approval_threshold_fen
        if amount_fen < limit_fen and not entry.voucher.approval:
            key = f"{account}@{entry.day[:7]}"
            self.near[key] = [*self.near[key], [entry.day, entry.ref, amount_fen]]

    def near_limit(self, on: date) -> dict[str, list[tuple[str, str, int]]]:
        """Return day, reference and fen of payments just under the limit by account, in order.

        Those up to a day that stand, and that nobody approved.
        """
        found: dict[str, list[tuple[str, str, int]]] = {}
        for key, payments in self.near.rows():
            for day, ref, fen in payments:
                if day <= on.isoformat() and self.undone[ref] is None:
                    found.setdefault(key.rpartition("@")[0], []).append((day, ref, fen))
        return {account: sorted(payments) for account, payments in found.items()}

    def _settle(self, day: str = "") -> None:
        """Put the totals of the day at hand into the table of days; go on with `day`."""
        for name, total_fen in self._today.items():
            key = f"{name}@{self._day[:7]}"
            month_days = self.days[key]
            month_days[self._day] = month_days.get(self._day, 0) + total_fen
            self.days[key] = month_days
        self._today.clear()
        self._day = day

    def settle(self) -> None:
        """Bring all tables up to what was posted, before they are stored."""
        self._settle()

    def forget(self) -> None:
        """Drop what was posted and not settled, and what was found sound."""
        self._today.clear()
        self._day = ""
        self.memory.clear()
        self._signatures.clear()
        self.new_names = False

    def apply(self, record: Record, segment: str, offset: int) -> list[Entry]:
        """Fold one record in, all of it, and return the entry of each of its vouchers."""
        self.begin(record)
        entries = []
        for position, voucher in enumerate(record.vouchers):
            entry = self.enter(record, voucher)
            self.mark(entry, Place(segment, offset, position))
            self.add(entry)
            entries.append(entry)
        self.finish(record, [entry.ref for entry in entries])
        return entries

    def voucher(self, ref: str) -> Voucher | None:
        """Return a posted voucher by its reference, or None."""
        place = self.places[ref]
        if place is None or self._fetch is None:
            return None
        return self._fetch(Place(*place))

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

    def fen(self, account: str, on: date | None = None) -> int:
        """Return what `balance` does for a name that is known to be sound; 0 for any other."""
        total: int = self.balances[account]
        if on is None:
            return total
        return total - sum(fen for day, fen in self._later(account, on) if day > on.isoformat())

    def lowest(self, account: str, since: date, sign: int = 1) -> tuple[int, str]:
        """Return an account's lowest end-of-day balance from a day on, in fen, and its day.

        With a `sign` of -1 the balance is taken the other way round, credit positive.
        """
        running: int = sign * self.balances[account]
        lowest, when = running, since.isoformat()
        if when >= self.head.last_day:
            return lowest, when
        for day, fen in self._later(account, since):
            if day < since.isoformat():
                break
            if running <= lowest:
                lowest, when = running, day
            running -= sign * fen
        return lowest, when

    def _later(self, account: str, since: date) -> Iterator[tuple[str, int]]:
        self._settle()
        month = self.head.last_day[:7]
        first = since.isoformat()[:7]
        while month >= first:
            days = self.days[f"{account}@{month}"]
            yield from sorted(days.items(), reverse=True)
            year, number = int(month[:4]), int(month[5:])
            month = f"{year - (number == 1):04d}-{(number - 2) % 12 + 1:02d}"

    def moves(self, account: str, on: date) -> list[str]:
        """Return the days up to `on` on which an account moved, in order."""
        self._settle()
        months = sorted(month for month, _ in self.months.rows())
        days = (day for month in months for day in self.days[f"{account}@{month}"])
        return sorted(day for day in days if day <= on.isoformat())

    def is_closed(self, month: str) -> bool:
        """Whether a month was closed, by itself, with its year, or as one before a closed one."""
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
    """Hold a record's time against its form; a day that `before` has too need not be read."""
    if not _AT.fullmatch(at):
        raise ValueError(at)
    if at[:10] != before[:10]:
        date.fromisoformat(at[:10])
