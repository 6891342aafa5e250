"""A short walk for each guard of payments: what is tried there is what it keeps from happening.

A walk yields wherever something may have happened, so that what must hold can be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import TypeVar

from fundledger.ledger.batches.outcomes import Outcome
from support.paying import MAKER, why
from support.payouts.machine import PayoutMachine

Walk = Callable[[PayoutMachine], Iterator[None]]
AnyMachine = TypeVar("AnyMachine", bound=PayoutMachine)
PERIOD = "2026-09"


def walked(machine: AnyMachine, walk: Callable[[AnyMachine], Iterator[None]]) -> None:
    """Go a walk, and hold after each of its steps what must hold."""
    for _ in walk(machine):
        machine.holds()


def _taken(machine: PayoutMachine, state: str, step: str, more_fen: int = 0, **given: str) -> None:
    """Try a step of the office for one line that stands so."""
    name = min(name for name, one in machine.lines.items() if one.state == state)
    on = given.pop("on", machine.today)
    asked_fen = machine.asked_fen(name, step) + more_fen
    outcome = Outcome(name, step, on, asked_fen, why(step))
    machine.office_takes(machine.lines[name].batch, step, [outcome], on, **given)


def _sent(machine: PayoutMachine) -> Iterator[None]:
    machine.pays_a_month({0}, PERIOD)
    yield


def _paid(machine: PayoutMachine) -> Iterator[None]:
    yield from _sent(machine)
    machine.bank_works_off_a_file(0, 0, lump=False)
    yield


def _failed(machine: PayoutMachine) -> Iterator[None]:
    yield from _sent(machine)
    machine.bank_decides(0, 0, paid=False)
    yield


def _failed_and_owed(machine: PayoutMachine) -> Iterator[None]:
    yield from _failed(machine)
    machine.bank_debits(0, lump=True)
    yield


def _paid_once_more(machine: PayoutMachine) -> Iterator[None]:
    """Reissue the one line there is; if that passes, send it and let the bank pay it."""
    before = len(machine.books.batches())
    machine.reissues(1, other=True, confirmed=False)
    yield
    if len(machine.books.batches()) > before:
        machine.sends_at_once(machine.books.batches()[-1].id)
        yield
        machine.bank_works_off_a_file(0, 0, lump=False)
        yield


def _listed_elsewhere(machine: PayoutMachine) -> Iterator[None]:
    yield from _sent(machine)
    machine.pays_a_month({0}, PERIOD)
    yield


def _listed_after_payment(machine: PayoutMachine) -> Iterator[None]:
    yield from _paid(machine)
    machine.pays_a_month({0}, PERIOD)
    yield


def _what_was_paid_again(machine: PayoutMachine) -> Iterator[None]:
    yield from _paid(machine)
    yield from _paid_once_more(machine)


def _what_is_owed_again(machine: PayoutMachine) -> Iterator[None]:
    yield from _failed_and_owed(machine)
    yield from _paid_once_more(machine)


def _to_the_same_account(machine: PayoutMachine) -> Iterator[None]:
    yield from _failed(machine)
    machine.reissues(1, other=False, confirmed=False)
    yield


def _given_up_before_approval(machine: PayoutMachine) -> Iterator[None]:
    yield from _failed(machine)
    machine.reissues(1, other=True, confirmed=False)
    yield
    _taken(machine, "failed", "cancel")
    yield
    machine.sends_at_once(machine.books.batches()[-1].id)
    yield


def _by_its_maker(machine: PayoutMachine) -> Iterator[None]:
    machine.lists_people_and_approves({0}, PERIOD, both=True)
    yield


def _by_anybody(machine: PayoutMachine) -> Iterator[None]:
    yield from _failed(machine)
    _taken(machine, "failed", "cancel", actor=MAKER)
    yield


def _before_the_step_before(machine: PayoutMachine) -> Iterator[None]:
    yield from _failed(machine)
    early = (machine.day - timedelta(days=90)).isoformat()
    _taken(machine, "failed", "cancel", on=early)
    yield


def _another_amount(machine: PayoutMachine) -> Iterator[None]:
    yield from _failed(machine)
    _taken(machine, "failed", "cancel", 1)
    yield


def _debited_twice(machine: PayoutMachine) -> Iterator[None]:
    yield from _paid(machine)
    machine.bank_pays_one_line_twice(0)
    yield


def _sent_twice(machine: PayoutMachine) -> Iterator[None]:
    yield from _sent(machine)
    machine.sent(machine.books.batches()[-1].id)
    yield
    machine.bank_works_off_a_file(0, 0, lump=False)
    yield
    machine.bank_works_off_a_file(0, 0, lump=False)
    yield


def _planned_withdrawn(machine: PayoutMachine) -> Iterator[None]:
    machine.lists_people({0}, PERIOD, maker=True)
    yield
    _taken(machine, "planned", "withdraw")
    yield


def _approved_rejected(machine: PayoutMachine) -> Iterator[None]:
    machine.lists_people({0}, PERIOD, maker=True)
    yield
    machine.approves(1, both=False)
    yield
    _taken(machine, "approved", "reject")
    yield


def _paid_cancelled(machine: PayoutMachine) -> Iterator[None]:
    yield from _paid(machine)
    _taken(machine, "paid", "cancel")
    yield


def _owed_cancelled(machine: PayoutMachine) -> Iterator[None]:
    yield from _failed_and_owed(machine)
    _taken(machine, "failed", "cancel")
    yield


def _undebited_asked_back(machine: PayoutMachine) -> Iterator[None]:
    yield from _sent(machine)
    machine.bank_decides(0, 0, paid=True)
    yield
    _taken(machine, "paid", "claim-back")
    yield


def _unpaid_asked_back(machine: PayoutMachine) -> Iterator[None]:
    yield from _failed(machine)
    _taken(machine, "failed", "claim-back")
    yield


def _claimed_surrendered(machine: PayoutMachine) -> Iterator[None]:
    yield from _failed(machine)
    _taken(machine, "failed", "remit")
    yield


def _surrendered_too_early(machine: PayoutMachine) -> Iterator[None]:
    yield from _failed(machine)
    _taken(machine, "failed", "unclaimed")
    yield
    _taken(machine, "unclaimed", "remit")
    yield


def _of_the_bank(machine: PayoutMachine, step: str) -> None:
    """Try a step that the bank, or its rows, tell of all of the first batch's lines."""
    order = machine.bank.orders[0]
    machine.tried(lambda: machine.desk.named(order.batch, step, machine.today, [order.line.line]))


def _refused_after_a_debit(machine: PayoutMachine) -> Iterator[None]:
    yield from _sent(machine)
    machine.bank_debits(0, lump=True)
    yield
    batch = machine.bank.orders[0].batch
    machine.tried(lambda: machine.desk.step(batch, "refuse", machine.today))
    yield


def _partly_paid_back(machine: PayoutMachine) -> Iterator[None]:
    yield from _paid(machine)
    _taken(machine, "paid", "claim-back")
    yield
    machine.payee_pays_back(0, part=False)
    yield


def _back_whole_after_a_part(machine: PayoutMachine) -> Iterator[None]:
    yield from _partly_paid_back(machine)
    machine.bank_gives_back(0, taken_back=False, failed=False)
    yield


def _undone_after_a_part(machine: PayoutMachine) -> Iterator[None]:
    yield from _partly_paid_back(machine)
    _of_the_bank(machine, "undo-debit")
    yield


def _never_came_back(machine: PayoutMachine) -> Iterator[None]:
    yield from _failed_and_owed(machine)
    _of_the_bank(machine, "undo-credit-back")
    yield


def _paid_and_then_failed(machine: PayoutMachine) -> Iterator[None]:
    yield from _sent(machine)
    machine.bank_decides(0, 0, paid=True)
    yield
    machine.told(machine.bank.orders[0], "failed")
    yield
    yield from _paid_once_more(machine)


def _back_before_it_was_paid(machine: PayoutMachine) -> Iterator[None]:
    """The bank gives money back, and works off the order all the same."""
    yield from _sent(machine)
    machine.bank_debits(0, lump=True)
    yield
    order = machine.bank.orders[0]
    machine.bank.give_back(order)
    machine.booked(order, "return", order.line.amount_fen)
    yield
    yield from _paid_once_more(machine)
    machine.bank_works_off_a_file(0, 0, lump=False)
    yield


def _paid_back_unasked(machine: PayoutMachine) -> Iterator[None]:
    yield from _paid(machine)
    order = machine.bank.orders[0]
    machine.bank.move(order.line.amount_fen, "退回")
    machine.booked(order, "recover", order.line.amount_fen)
    yield


def _more_asked_back(machine: PayoutMachine) -> Iterator[None]:
    yield from _paid(machine)
    order = machine.bank.orders[0]
    _taken(machine, "paid", "claim-back", order.line.amount_fen)
    yield


def _more_paid_back(machine: PayoutMachine) -> Iterator[None]:
    yield from _paid(machine)
    _taken(machine, "paid", "claim-back")
    yield
    order = machine.bank.orders[0]
    machine.bank.move(order.line.amount_fen, "退回")
    machine.booked(order, "recover", order.line.amount_fen)
    yield


def _sent_before_approval(machine: PayoutMachine) -> Iterator[None]:
    machine.lists_people({0}, PERIOD, maker=True)
    yield
    machine.days_pass(3)
    machine.approves(1, both=False)
    yield
    early = (machine.day - timedelta(days=2)).isoformat()
    batch = machine.books.batches()[-1].id
    machine.tried(lambda: machine.desk.step(batch, "export", early))
    yield


def _sent_before_it_was_refused(machine: PayoutMachine) -> Iterator[None]:
    yield from _sent(machine)
    machine.days_pass(3)
    machine.bank_refuses_a_file(0)
    yield
    early = (machine.day - timedelta(days=2)).isoformat()
    batch = machine.books.batches()[-1].id
    machine.tried(lambda: machine.desk.step(batch, "export", early))
    yield


def _unnamed(machine: PayoutMachine) -> Iterator[None]:
    yield from _failed(machine)
    batch = machine.bank.orders[0].batch
    machine.tried(lambda: machine.desk.step(batch, "cancel", machine.today))
    yield


def _more_than_there_is(machine: PayoutMachine) -> Iterator[None]:
    for period in ("2026-09", "2026-10", "2026-11"):
        machine.pays_a_month({0, 1, 2, 3}, period)
        yield


WALKS: Mapping[str, Walk] = {
    "somebody is listed who is paid elsewhere": _listed_elsewhere,
    "what was paid or is unknown is paid again": _what_was_paid_again,
    "what the bank still owes is paid again": _what_is_owed_again,
    "a reissue goes to the account that failed": _to_the_same_account,
    "a reissue is approved whose line was given up": _given_up_before_approval,
    "a maker approves": _by_its_maker,
    "anybody takes a step": _by_anybody,
    "a step dates before the one before, or tomorrow": _before_the_step_before,
    "another amount than the list's is taken": _another_amount,
    "a line is debited twice": _debited_twice,
    "a line is sent twice": _sent_twice,
    "a planned line is withdrawn": _planned_withdrawn,
    "an approved line is rejected": _approved_rejected,
    "a paid line is cancelled": _paid_cancelled,
    "a failure is cancelled while the bank owes it": _owed_cancelled,
    "an undebited payment is asked back": _undebited_asked_back,
    "a line is asked back that was not paid": _unpaid_asked_back,
    "what nobody left is surrendered": _claimed_surrendered,
    "what is no surplus yet is surrendered": _surrendered_too_early,
    "a file is refused of which money was taken": _refused_after_a_debit,
    "a payment comes back whole of which a part was paid back": _back_whole_after_a_part,
    "a debit is undone of which a part was paid back": _undone_after_a_part,
    "what never came back is undone": _never_came_back,
    "what was paid turns out failed": _paid_and_then_failed,
    "what was not paid comes back": _back_before_it_was_paid,
    "what nobody asked for is paid back": _paid_back_unasked,
    "more is asked back than was paid": _more_asked_back,
    "more is paid back than was asked for": _more_paid_back,
    "a step dates before the approval": _sent_before_approval,
    "a file is sent before the bank refused it": _sent_before_it_was_refused,
    "a step takes lines that it does not name": _unnamed,
    "more is approved than there is": _more_than_there_is,
    "a live line counts as given up": _listed_after_payment,
}
