"""What the bank writes beside the movements of batches: line ids, and names of nobody."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from fundledger.example.courses import Courses
from fundledger.example.people import Payee, directory, example_pseudonyms
from fundledger.ledger.batches.outcomes import parse_outcomes
from fundledger.ledger.batches.paylist import line_id, line_in
from fundledger.ledger.chart import BANK
from fundledger.reconcile import Known

if TYPE_CHECKING:
    from fundledger import Books, Record, Voucher
    from fundledger.example.courses import Key
    from fundledger.example.plan import Plan
    from fundledger.ledger.batches.paylist import PaymentLine
    from fundledger.ledger.drafts import Line

_LINE = re.compile(r"L-[A-Z2-7]{12}(?:-\d+)?", re.ASCII)
_MORE_PERSONS = 20
_POOL = ("示例银行代发过渡户", "3100000000000009001")


class Slip(NamedTuple):
    """What stands beside a movement: the bank's word, a memo, and the other side."""

    summary: str
    memo: str
    party: str
    party_account: str


class Part(NamedTuple):
    """A row of what one voucher has: its fen, and what stands beside it."""

    signed_fen: int
    slip: Slip


class Unbooked(NamedTuple):
    """A credit that only the bank knows so far."""

    day: date
    fen: int
    slip: Slip


@dataclass(frozen=True, slots=True)
class Slips:
    """Who is paid out of a fund in batches, for the bank that writes its statements.

    `people` are names and accounts by pseudonym; `places` tell the people of each line.
    """

    people: Mapping[str, str]
    places: Mapping[Line, int]
    courses: Courses

    def beside(
        self, records: Iterable[Record], books: Books, refs: Collection[str]
    ) -> Mapping[str, Sequence[Part]]:
        """Return the bank's rows for those of the vouchers `refs` that are about batches."""
        found: dict[str, Sequence[Part]] = {}
        for record in records if self.people else ():
            for voucher in record.vouchers:
                if voucher.ref not in refs:
                    continue
                if record.kind == "batch":
                    found[voucher.ref] = [*self._of_batch(books, voucher, record)]
                elif named := _LINE.search(voucher.narration):
                    slip = self._of_line(_found(books, named[0]), received=_moved_fen(voucher) > 0)
                    found[voucher.ref] = [Part(_moved_fen(voucher), slip)]
        return found

    def unbooked(self, books: Books, start: date, end: date) -> Iterator[Unbooked]:
        """Yield what came back between two days, as far as only the bank knows."""
        for fate in self.courses.fates:
            for turn in fate.turns:
                if not turn.booked and turn.on is not None and start <= turn.on <= end:
                    line = _found(books, self.root(books.fund, fate.key))
                    yield Unbooked(turn.on, line.amount_fen, self._of_line(line, received=True))

    def root(self, fund: str, key: Key) -> str:
        """Return the id of the line that pays an entitlement first."""
        payee = Payee(self.places[key.unit, key.category], key.person)
        person = example_pseudonyms().person(payee.identity)
        return line_id(fund, key.unit, key.category, key.period, person)

    def _of_batch(self, books: Books, voucher: Voucher, record: Record) -> Iterator[Part]:
        """Yield one row, or one for each line where the bank debits them so and the book in one."""
        batch, fen = record.body["batch"], _moved_fen(voucher)
        names = _named(books, record.body.get("lines", ""), voucher.date)
        by_rows = voucher.event == "batch-debit" and self.courses.month(batch[1:8]).debit == "rows"
        if len(names) == 1 or (by_rows and names):
            for line in (_found(books, name, batch) for name in names):
                one_fen = -line.amount_fen if fen < 0 else line.amount_fen
                own_fen = fen if len(names) == 1 else one_fen
                yield Part(own_fen, self._of_line(line, received=fen > 0))
        else:
            summary = "代发退款" if fen > 0 else "批量代发"
            memo = f"{batch} {voucher.narration.rpartition('，')[2]}"
            yield Part(fen, Slip(summary, memo, *_POOL))

    def _of_line(self, line: PaymentLine, *, received: bool) -> Slip:
        summary = "退汇" if received else "代发"
        return Slip(summary, line.line, self.people[line.person], self.people[line.account])


def slips_of(plan: Plan, fund: str) -> Slips:
    """Return what the bank of a fund knows of the people whom it pays."""
    places = {line: plan.place(fund, line) for line in plan.batched(fund)}
    people: dict[str, str] = {}
    for line, own in plan.batched(fund).items():
        people |= directory(places[line], own.persons + _MORE_PERSONS)
    return Slips(people, places, plan.courses.get(fund, Courses({}, ())))


def known_people(plan: Plan, fund: str) -> Known:
    """Return how the office knows the people of a fund on a statement, in the place of a vault."""
    people = slips_of(plan, fund).people

    def holders_of(names: Iterable[str]) -> Mapping[str, str]:
        return {name: people[name] for name in names}

    return Known(example_pseudonyms().account, holders_of)


def _moved_fen(voucher: Voucher) -> int:
    """Return what a voucher moves on the account; positive for money in."""
    return sum(p.signed_fen for p in voucher.postings if p.account == BANK)


def _named(books: Books, digest: str, day: date) -> list[str]:
    """Return the lines that a step names for a day; none where it takes all of them."""
    if not digest:
        return []
    outcomes = parse_outcomes(books.list_bytes(digest))
    return [outcome.line for outcome in outcomes if outcome.on == day.isoformat()]


def _found(books: Books, name: str, batch: str = "") -> PaymentLine:
    """Return a line by its id, in one batch or in any."""
    lists = (one.list for one in books.batches() if batch in {"", one.id})
    lines = (line_in(books.list_bytes(digest), name) for digest in lists)
    return next(line for line in lines if line is not None)
