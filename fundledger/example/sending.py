"""One batch on its way: prepared, approved by somebody else, sent, debited and answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Self

from fundledger import Outcome
from fundledger.example.courses import Course, Key, Turn
from fundledger.example.desk import AFTER, PAYMENT, Act, Desk
from fundledger.example.plan import Calendar
from fundledger.ledger import chart, drafts
from fundledger.ledger.batches.paylist import reissued
from fundledger.ledger.voucher import credit, debit
from fundledger.money import format_fen

_DROPPED = ("reject", "withdraw")
_APART = ("late", "short")


class Sent(NamedTuple):
    """Where a payment went last: batch, line, and fen."""

    batch: str
    line: str
    fen: int

    def again(self, batch: str) -> Self:
        """Return it as the line that pays it once more, in another batch."""
        return self._replace(batch=batch, line=reissued(self.line))


@dataclass(frozen=True, slots=True)
class Sending:
    """A batch that is sent on a day; `befalls` is what becomes of single payments with it."""

    on: date
    calendar: Calendar
    course: Course
    befalls: Mapping[Key, Turn]
    prepare: Callable[[Desk, date], dict[Key, Sent]]
    lines: dict[Key, Sent] = field(default_factory=dict)

    def acts(self) -> Iterator[Act]:
        """Yield what is done, in its order on each day."""
        sent_on = self.on
        yield Act(self.on, PAYMENT, self._send)
        if self.course.refused:
            sent_on = self.calendar.next_after(self.on)
            yield Act(sent_on, PAYMENT, self._send_again)
        debited_on = self.calendar.next_after(sent_on)
        steps = [self._debit, self._answer]
        for step in steps if self.course.answer == "after" else reversed(steps):
            yield Act(debited_on, AFTER, step)
        for key, turn in self.befalls.items():
            if turn.step == "short":
                yield Act(debited_on, AFTER, self._short(key, turn))
            if turn.step in _APART and turn.on is not None:
                yield Act(turn.on, AFTER, self._at_last(key, turn))

    @property
    def _batch(self) -> str:
        return next(iter(self.lines.values())).batch

    def _send(self, desk: Desk, day: date) -> None:
        self.lines.update(self.prepare(desk, day))
        self._drop(desk, "reject", day)
        desk.advance(self._batch, "approve", day)
        self._drop(desk, "withdraw", day)
        desk.advance(self._batch, "export", day)
        desk.advance(self._batch, "refuse" if self.course.refused else "accept", day)

    def _send_again(self, desk: Desk, day: date) -> None:
        desk.advance(self._batch, "export", day)
        desk.advance(self._batch, "accept", day)

    def _drop(self, desk: Desk, step: str, day: date) -> None:
        dropped = self._befallen(step)
        if dropped:
            desk.advance(self._batch, step, day, self._outcomes(dropped, step, day))

    def _debit(self, desk: Desk, day: date) -> None:
        """Book what the bank took: payment by payment, or in one voucher."""
        apart = self._befallen(*_APART)
        if self.course.debit == "lines":
            failed = self._befallen("failed") if self.course.answer == "before" else ()
            keys = self._all_but(apart, failed)
            for outcome in self._outcomes(keys, "debit", day):
                desk.advance(self._batch, "debit", day, [outcome])
        elif apart or self.course.debit == "rows":
            outcomes = self._outcomes(self._all_but(apart), "debit", day)
            desk.advance(self._batch, "debit", day, outcomes)
        else:
            desk.advance(self._batch, "debit", day)

    def _answer(self, desk: Desk, day: date) -> None:
        """Book what the bank says became of each payment that is not late."""
        told = []
        for outcome, key in self._with_keys(self._all_but(self._befallen(*_APART)), "paid", day):
            turn = self.befalls.get(key)
            said = turn.step if turn is not None and turn.step not in _DROPPED else "paid"
            reason = turn.reason if turn is not None else ""
            told.append(outcome._replace(outcome=said, reason=reason))
        desk.advance(self._batch, "result", day, told)

    def _short(self, key: Key, turn: Turn) -> Callable[[Desk, date], None]:
        """Return what books a debit that is less than its line, until the bank puts it right."""

        def book(desk: Desk, day: date) -> None:
            one = self.lines[key]
            words = f"银行扣款比发放行 {one.line} 少{format_fen(turn.fen)}元，待查"
            desk.simple(day, "unknown-debit", words, *drafts.unknown_debit(one.fen - turn.fen))

        return book

    def _at_last(self, key: Key, turn: Turn) -> Callable[[Desk, date], None]:
        """Return what books that a payment is debited later than the others."""

        def book(desk: Desk, day: date) -> None:
            one = self.lines[key]
            if turn.step == "short":
                fen = one.fen - turn.fen
                sides = (debit(chart.BANK, fen), credit(chart.ASSET_SUSPENSE, fen))
                desk.simple(day, "transfer", f"银行退回错扣款（发放行 {one.line}）", *sides)
            for step, said in (("debit", "debit"), ("result", "paid")):
                desk.advance(one.batch, step, day, self._outcomes([key], said, day))

        return book

    def _befallen(self, *steps: str) -> list[Key]:
        return [key for key, turn in self.befalls.items() if turn.step in steps]

    def _all_but(self, *apart: Iterable[Key]) -> list[Key]:
        """Return the payments that were sent, without some."""
        left = set(self._befallen(*_DROPPED)).union(*apart)
        return [key for key in self.lines if key not in left]

    def _outcomes(self, keys: Iterable[Key], said: str, day: date) -> list[Outcome]:
        return [outcome for outcome, _ in self._with_keys(keys, said, day)]

    def _with_keys(self, keys: Iterable[Key], said: str, day: date) -> list[tuple[Outcome, Key]]:
        """Return what befell some payments, in the order of their lines."""
        on = day.isoformat()
        many = [
            (Outcome(one.line, said, on, one.fen), key)
            for key, one in ((key, self.lines[key]) for key in keys)
        ]
        return sorted(many)
