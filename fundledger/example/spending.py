"""How a fund pays: at once, or out of a budget that it set aside first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import fundledger
from fundledger.example.desk import AFTER, PAYMENT, STORY, YUAN, Act, Desk, up_to
from fundledger.example.payments import Payment
from fundledger.example.plan import Calendar
from fundledger.ledger import chart, drafts

if TYPE_CHECKING:
    from fundledger.ledger.drafts import Line


@dataclass(frozen=True, slots=True)
class Spending:
    """The payments of one fund in one year; from an amount on (fen) they need an approval."""

    year: int
    fund: str
    calendar: Calendar
    payments: Sequence[Payment]
    approval_from_fen: int

    def acts(self) -> Iterator[Act]:
        """Yield every payment that is no batch, with what goes before and after it."""
        for number, payment in enumerate(self.payments, 1):
            if payment.plan.batched:
                continue
            if payment.plan.encumbers:
                yield from self._set_aside(payment, number)
            else:
                yield Act(payment.day, PAYMENT, self._pays(payment, number))

    def _pays(self, payment: Payment, number: int) -> Callable[[Desk, date], None]:
        def pay(desk: Desk, day: date) -> None:
            postings = drafts.expense(self.year, payment.line, payment.amount_fen)
            desk.record(
                desk.draft(
                    day,
                    "expense",
                    payment.narration,
                    postings,
                    attachments=min(12, 2 + payment.persons // 60),
                    approval=self._approval(payment, number),
                    documented=payment.plan.pattern != "event",
                ),
                label=f"{day.isoformat()[:7]} {payment.plan.unit}:{payment.plan.category}",
            )

        return pay

    def _approval(self, payment: Payment, number: int) -> str | None:
        if payment.amount_fen < self.approval_from_fen and not payment.plan.encumbers:
            return None
        return f"例街救审〔{self.year}〕{self.fund}-{number}号"

    def _set_aside(self, payment: Payment, number: int) -> Iterator[Act]:
        """Yield a payment whose budget is set aside first, and whose rest is given back after."""
        year, line = self.year, payment.line
        held_fen = up_to(payment.amount_fen, 500 * YUAN)
        links = (f"{self.fund}-{year}-{number}",)

        def hold(desk: Desk, day: date) -> None:
            words = f"占用指标：{payment.narration}"
            desk.simple(
                day, "encumber", words, *drafts.encumbrance(year, line, held_fen), links=links
            )

        def pay(desk: Desk, day: date) -> None:
            desk.simple(
                day,
                "expense",
                payment.narration,
                *from_encumbered(year, line, payment.amount_fen),
                attachments=3,
                approval=self._approval(payment, number),
                links=links,
            )

        def release(desk: Desk, day: date) -> None:
            rest_fen = held_fen - payment.amount_fen
            words = f"释放多占指标：{payment.narration}"
            desk.simple(day, "release", words, *drafts.release(year, line, rest_fen), links=links)

        yield Act(payment.day, STORY, hold)
        yield Act(payment.day, PAYMENT, pay)
        if held_fen > payment.amount_fen:
            yield Act(self.calendar.next_after(payment.day), AFTER, release)


def from_encumbered(year: int, line: Line, amount_fen: int) -> tuple[fundledger.Posting, ...]:
    """Return the postings of aid paid out of a budget that was set aside before."""
    return (
        fundledger.debit(drafts.expense_account(line), fen=amount_fen),
        fundledger.credit(chart.BANK, fen=amount_fen),
        fundledger.debit(drafts.budget_account(year, "Expended", line), fen=amount_fen),
        fundledger.credit(drafts.budget_account(year, "Encumbered", line), fen=amount_fen),
    )
