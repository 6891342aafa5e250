"""How a fund pays people in batches: month after month, and what befalls single payments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from fundledger import Entitlement, Outcome
from fundledger.example.courses import Course, Courses, Fate, Key, Turn
from fundledger.example.desk import AFTER, Act, Desk
from fundledger.example.people import Payee, example_pseudonyms
from fundledger.example.sending import Sending, Sent
from fundledger.ledger.batches.paylist import line_id

if TYPE_CHECKING:
    from fundledger.example.payments import Payment
    from fundledger.example.plan import Calendar
    from fundledger.ledger.drafts import Line

_DIME = 10
_LEAST, _MOST = 70, 112


class Due(NamedTuple):
    """What one person is to get for a month, in fen."""

    key: Key
    fen: int


def dues_of(payment: Payment) -> list[Due]:
    """Return what each person gets of a payment: the same, or by what their income lacks."""
    period = payment.day.isoformat()[:7]
    many = payment.persons
    if payment.plan.share < 100:  # noqa: PLR2004 - per cent: what a grant tops up differs
        weights = [_LEAST + person * 29 % (_MOST - _LEAST) for person in range(many)]
    else:
        weights = [1] * many
    whole = sum(weights)
    parts = [payment.amount_fen * weight // whole // _DIME * _DIME for weight in weights]
    for person in range((payment.amount_fen - sum(parts)) // _DIME):
        parts[person % many] += _DIME
    return [Due(Key(*payment.line, period, person), fen) for person, fen in enumerate(parts)]


@dataclass(frozen=True, slots=True)
class Batches:
    """The batches of one fund over all years; `sent` remembers where each payment went last.

    `places` tells the people of one line from those of others.
    """

    fund: str
    places: Mapping[Line, int]
    calendar: Calendar
    courses: Courses
    payments: Sequence[Payment]
    sent: dict[Key, Sent] = field(default_factory=dict)

    def acts(self) -> Iterator[Act]:
        """Yield all that is done about batches, in no order."""
        firsts = {fate.key: fate.first for fate in self.courses.fates if fate.first}
        for day, payments in groupby(self.payments, key=lambda payment: payment.day):
            dues = [due for payment in payments for due in dues_of(payment)]
            befalls = {due.key: firsts[due.key] for due in dues if due.key in firsts}
            course = self.courses.month(day.isoformat()[:7])
            prepare = self._prepares(dues)
            yield from Sending(day, self.calendar, course, befalls, prepare).acts()
        yield from self._reissues()
        yield from self._later()

    def _prepares(self, dues: Sequence[Due]) -> Callable[[Desk, date], dict[Key, Sent]]:
        def prepare(desk: Desk, day: date) -> dict[Key, Sent]:
            wanted = [
                Entitlement(*self._who(due.key), due.fen, self._account(due.key, 0)) for due in dues
            ]
            batch = desk.prepare(wanted, day)
            new = {due.key: Sent(batch, self._root(due.key), due.fen, 0) for due in dues}
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

    def _account(self, key: Key, version: int) -> str:
        return example_pseudonyms().account(self._payee(key).account(version))

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
        self, keys: Iterable[Key], account: str
    ) -> Callable[[Desk, date], dict[Key, Sent]]:
        def prepare(desk: Desk, day: date) -> dict[Key, Sent]:
            changed = account == "changed"
            before = {key: self.sent[key] for key in keys}
            new = {key: one.again(changed=changed) for key, one in before.items()}
            accounts = {
                one.line: self._account(key, new[key].version) for key, one in before.items()
            }
            batch = desk.prepare_again(accounts, day, reconfirmed=not changed)
            new = {key: one._replace(batch=batch) for key, one in new.items()}
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
