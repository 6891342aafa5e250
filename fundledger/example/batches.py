"""How a fund pays people in batches: month after month, and what befalls single payments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count, groupby, islice
from typing import TYPE_CHECKING, NamedTuple

from fundledger import Entitlement, Outcome
from fundledger.example.courses import Course, Courses, Fate, Key, Turn
from fundledger.example.desk import AFTER, Act, Desk
from fundledger.example.people import Payee, example_pseudonyms
from fundledger.example.sending import Sending, Sent
from fundledger.ledger.batches.paylist import line_id

if TYPE_CHECKING:
    from fundledger.example.payments import Payment
    from fundledger.example.plan import Calendar, LinePlan
    from fundledger.ledger.drafts import Line

_DIME = 10
_LEAST, _MOST = 70, 112
_CHANGED = 6


class Due(NamedTuple):
    """What one person is to get for a month, in fen."""

    key: Key
    fen: int


def dues_of(payment: Payment, gone: Collection[int]) -> list[Due]:
    """Return what each person gets of a payment: the same, or by what their income lacks.

    Numbers that are `gone` are on no list any more.
    """
    plan, many = payment.plan, payment.persons
    people = [*islice((number for number in count() if number not in gone), many)]
    usual = sum(_weight(plan, person) for person in range(plan.persons))
    parts = [
        payment.standard_fen * plan.persons * _weight(plan, person) // usual // _DIME * _DIME
        for person in people
    ]
    few = sorted(range(many), key=parts.__getitem__)[: max(1, many // 2)]
    more, rest = divmod((payment.amount_fen - sum(parts)) // _DIME, _CHANGED)
    for number in range(_CHANGED):  # whose income is another this month
        place = few[(payment.day.month * 5 + number * 4) % len(few)]
        parts[place] += (more + (number < rest)) * _DIME
    period = payment.day.isoformat()[:7]
    return [Due(Key(*plan.line, period, who), fen) for who, fen in zip(people, parts, strict=True)]


def _weight(plan: LinePlan, person: int) -> int:
    """Return how much of a grant that tops up incomes is one person's, beside others."""
    whole = plan.share == 100  # noqa: PLR2004 - per cent
    return 1 if whole else _LEAST + person * 29 % (_MOST - _LEAST)


@dataclass(frozen=True, slots=True)
class Batches:
    """The batches of one fund over all years; `places` tells the people of each line.

    `sent` remembers where each payment went last, `changes` how often a payee's account changed.
    """

    fund: str
    places: Mapping[Line, int]
    calendar: Calendar
    courses: Courses
    payments: Sequence[Payment]
    sent: dict[Key, Sent] = field(default_factory=dict)
    changes: Counter[Payee] = field(default_factory=Counter)

    def acts(self) -> Iterator[Act]:
        """Yield all that is done about batches, in no order."""
        yield from self._reissues()  # a new account is known before the month's list is made
        firsts = {fate.key: fate.first for fate in self.courses.fates if fate.first}
        for day, payments in groupby(self.payments, key=lambda payment: payment.day):
            dues = [due for one in payments for due in dues_of(one, self._gone(one))]
            befalls = {due.key: firsts[due.key] for due in dues if due.key in firsts}
            course = self.courses.month(day.isoformat()[:7])
            prepare = self._prepares(dues)
            yield from Sending(day, self.calendar, course, befalls, prepare).acts()
        yield from self._later()

    def _gone(self, payment: Payment) -> set[int]:
        """Return who is on no list any more, for an earlier payment was given up."""
        period = payment.day.isoformat()[:7]
        return {
            fate.key.person
            for fate in self.courses.fates
            if fate.given_up and fate.key[:2] == payment.line and fate.key.period < period
        }

    def _prepares(self, dues: Sequence[Due]) -> Callable[[Desk, date], dict[Key, Sent]]:
        def prepare(desk: Desk, day: date) -> dict[Key, Sent]:
            wanted = [
                Entitlement(*self._who(due.key), due.fen, self._account(due.key)) for due in dues
            ]
            batch = desk.prepare(wanted, day)
            new = {due.key: Sent(batch, self._root(due.key), due.fen) for due in dues}
            self.sent.update(new)
            return new

        return prepare

    def _who(self, key: Key) -> tuple[str, str, str, str, str]:
        """Return the fields of an entitlement before its amount."""
        made, payee = example_pseudonyms(), self._payee(key)
        person, household = made.person(payee.identity), made.household(payee.household)
        return person, household, key.unit, key.category, key.period

    def _payee(self, key: Key) -> Payee:
        return Payee(self.places[key.unit, key.category], key.person)

    def _account(self, key: Key) -> str:
        payee = self._payee(key)
        return example_pseudonyms().account(payee.account(self.changes[payee]))

    def _root(self, key: Key) -> str:
        person = example_pseudonyms().person(self._payee(key).identity)
        return line_id(self.fund, key.unit, key.category, key.period, person)

    def _reissues(self) -> Iterator[Act]:
        """Yield what is paid once more: what is on one day for one reason is one batch."""
        found: dict[tuple[date, str], dict[Key, Turn | None]] = {}
        for fate in self.courses.fates:
            for turn, befalls in fate.again():
                if turn.on is not None:
                    found.setdefault((turn.on, turn.account), {})[fate.key] = befalls
        for (day, account), keys in found.items():
            prepare = self._prepares_again(list(keys), account)
            then = {key: turn for key, turn in keys.items() if turn is not None}
            course = Course(debit="lines")
            yield from Sending(day, self.calendar, course, then, prepare).acts()

    def _prepares_again(
        self, keys: Sequence[Key], account: str
    ) -> Callable[[Desk, date], dict[Key, Sent]]:
        def prepare(desk: Desk, day: date) -> dict[Key, Sent]:
            if account == "changed":
                self.changes.update(map(self._payee, keys))
            before = {key: self.sent[key] for key in keys}
            accounts = {one.line: self._account(key) for key, one in before.items()}
            reconfirmed = account == "reconfirmed"
            batch = desk.prepare_again(accounts, day, reconfirmed=reconfirmed)
            new = {key: one.again(batch) for key, one in before.items()}
            self.sent.update(new)
            return new

        return prepare

    def _later(self) -> Iterator[Act]:
        """Yield what befalls payments after the bank's first answer, in the order of the table."""
        together: dict[tuple[date, str], list[tuple[Fate, Turn]]] = {}
        for fate in self.courses.fates:
            for turn in fate.turns:
                if turn.with_batch or turn.on is None or turn.step == "reissue" or not turn.booked:
                    continue
                if turn.step == "credit-back":
                    together.setdefault((turn.on, turn.step), []).append((fate, turn))
                else:
                    yield Act(turn.on, AFTER, self._takes([(fate, turn)]))
        for (day, _), many in together.items():
            yield Act(day, AFTER, self._takes(many))

    def _takes(self, many: Sequence[tuple[Fate, Turn]]) -> Callable[[Desk, date], None]:
        """Return what takes a step for one payment, or for several in one sum."""

        def take(desk: Desk, day: date) -> None:
            batches: dict[str, list[Outcome]] = {}
            for fate, turn in many:
                one = self.sent[fate.key]
                outcome = Outcome(
                    one.line, turn.step, day.isoformat(), turn.fen or one.fen, turn.reason
                )
                batches.setdefault(one.batch, []).append(outcome)
            step = many[0][1].step
            for batch, outcomes in batches.items():
                desk.advance(batch, _RESULTS.get(step, step), day, outcomes)

        return take


_RESULTS = {"paid": "result", "failed": "result", "unknown": "result"}
