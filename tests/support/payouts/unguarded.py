"""Guards of the reconciliation taken away, one at a time, and a short walk that misses each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from fundledger.ledger.batches.states import STEPS, Step
from fundledger.matching import run
from fundledger.matching.passes import LUMPS
from fundledger.reconcile import exceptions, joined, match, missing, naming, payments, trial
from fundledger.reconcile.model import Adjustment
from fundledger.reconcile.register import Register
from fundledger.reconcile.rows import BankRow
from support.payouts.compared import ComparedMachine
from support.payouts.planted import Plant, all_of


class Fault(NamedTuple):
    """How a guard is taken away, and a walk that shows it."""

    plant: Plant
    walk: Callable[[ComparedMachine], None]


def _account_alone(
    register: Register,
    *found: Any,  # noqa: ANN401 - as the guard
) -> dict[str, frozenset[str]]:
    """Return whom rows pay by their accounts, whatever line it is."""
    of_lines = _PAYEES(register, *found)
    lines = register.lines
    return {
        mark: frozenset(lines[one].of.account if one in lines else one for one in whom)
        for mark, whom in of_lines.items()
    }


def _no_sums(register: Register, rows: Iterable[BankRow], stated: naming.Payees) -> naming.Names:
    """Return what rows name, but for the batch of a sum."""
    found = naming.names_in(register, rows, stated)
    others = {mark: whom for mark, whom in found.payees.items() if whom != {found.sums.get(mark)}}
    return naming.Names({}, others)


def _to_anybody(text: str, said: Mapping[str, object]) -> str:
    """Return the SQL, whoever a sum of one payment went to."""
    return (
        _FILLED(text, said)
        .replace("NOT alone_less_failed", "TRUE")
        .replace("NOT alone", "TRUE")
        .replace("((account = '' AND person = '') OR NOT EXISTS", "(TRUE OR NOT EXISTS")
        .replace("m_as_said.alone AND", "FALSE AND")
    )


_PAYEES = naming.payees_of
_OF_FILES = run._of_files  # noqa: SLF001 - where the first of all passes is
_FILLED = run._filled  # noqa: SLF001 - where all SQL goes through


def _without_the_first(names: Iterable[str], said: Mapping[str, object]) -> Any:  # noqa: ANN401
    """Return the steps of files, but for those of a batch in one sum."""
    return _OF_FILES([name for name in names if name != "15_whole"], said)


class _Willing:
    """A step that takes lines however they stand."""

    def __init__(self, step: Step) -> None:
        self.named = step.named
        self.takes_unnamed = step.takes_unnamed

    def takes(self, _: object) -> bool:
        return True


def _looks(machine: ComparedMachine, *, cures: bool = False, signs: bool = False) -> None:
    machine.reconciles(cures=cures, signs=signs)


def _a_stranger_is_paid(machine: ComparedMachine) -> None:
    machine.begins({0})
    machine.bank_does("stranger", 0, books=False)
    _looks(machine, signs=True)


def _a_stranger_instead_of_the_payee(machine: ComparedMachine) -> None:
    machine.begins({0})
    machine.books_something(0)
    machine.bank_does("stranger", 0, books=False)
    _looks(machine)


def _a_stranger_by_the_batch(machine: ComparedMachine) -> None:
    machine.begins({0})
    machine.books_something(0)
    machine.bank_does("stranger", 1, books=False)
    _looks(machine)


def _one_month_booked_the_other_paid(machine: ComparedMachine) -> None:
    machine.begins({0})
    machine.pays_a_month({0})
    machine.books_something(0)
    machine.bank_does("debit", 1, books=False)
    _looks(machine)


def _a_batch_and_a_line_of_it(machine: ComparedMachine) -> None:
    machine.begins({0, 1, 2})
    machine.bank_does("lump", 0, books=True)
    machine.bank_does("double", 1, books=False)
    _looks(machine)


def _a_part_of_a_batch_and_another_booked(machine: ComparedMachine) -> None:
    machine.begins({0, 1, 2})
    machine.pays_a_month({0})
    machine.books_something(3)
    machine.bank_does("parts", 0, books=False)
    _looks(machine)


def _one_line_and_the_rest(machine: ComparedMachine) -> None:
    machine.begins({0, 1, 2})
    machine.bank_does("debit", 0, books=True)
    machine.bank_does("lump", 0, books=False)
    _looks(machine, cures=True)


def _two_sums(machine: ComparedMachine) -> None:
    machine.begins({0, 1, 2})
    machine.bank_does("parts", 0, books=False)
    machine.books_something(0)
    _looks(machine)


def _one_of_two_twice(machine: ComparedMachine) -> None:
    machine.begins({0, 1})
    machine.books_lines("debit", machine.lines.values(), machine.today)
    machine.bank_does("debit", 0, books=True)
    machine.bank_does("double", 0, books=False)
    _looks(machine)


def _two_returns_in_one_voucher(machine: ComparedMachine) -> None:
    machine.begins({0, 1})
    machine.bank_does("lump", 0, books=True)
    machine.bank_does("return", 0, books=False)
    machine.bank_does("return", 0, books=False)
    _looks(machine, signs=True)
    machine.books_something(0)
    _looks(machine)


def _paid_again_next_month(machine: ComparedMachine) -> None:
    machine.begins({0})
    machine.bank_does("debit", 0, books=True)
    _looks(machine, signs=True)
    machine.bank_does("double", 0, books=False)
    _looks(machine)


def _booked_before_the_bank(machine: ComparedMachine) -> None:
    machine.begins({0})
    machine.books_something(0)
    _looks(machine, signs=True)
    machine.bank_does("debit", 0, books=True)
    _looks(machine)


def _out_and_back_unbooked(machine: ComparedMachine) -> None:
    machine.begins({0})
    machine.bank_does("debit", 0, books=False)
    machine.bank_does("return", 0, books=False)
    _looks(machine, cures=True)


def _set(module: object, name: str, value: object) -> Plant:
    return lambda patch: patch.setattr(module, name, value)


FAULTS: Mapping[str, Fault] = {
    "it is signed whatever is told": Fault(
        _set(Adjustment, "settled", property(lambda one: one.difference_fen == 0)),
        _a_stranger_is_paid,
    ),
    "whom a row pays does not matter": Fault(
        _set(match.Entry, "fits", lambda *_: True), _a_stranger_instead_of_the_payee
    ),
    "a row is its payee's, whatever line it names": Fault(
        _set(payments, "payees_of", _account_alone), _one_month_booked_the_other_paid
    ),
    "which batch a sum names does not matter": Fault(
        _set(payments, "names_in", _no_sums), _a_part_of_a_batch_and_another_booked
    ),
    "a batch in one sum is looked for after its lines": Fault(
        _set(run, "_of_files", _without_the_first), _a_batch_and_a_line_of_it
    ),
    "what is left of a batch is no sum": Fault(
        _set(run, "LUMPS", tuple(one for one in LUMPS if not one.name.endswith("-rest"))),
        _one_line_and_the_rest,
    ),
    "one payment to anybody is a sum": Fault(
        _set(run, "_filled", _to_anybody), _a_stranger_by_the_batch
    ),
    "several sums are not the batch": Fault(_set(joined, "_in_parts", lambda *_: []), _two_sums),
    "a voucher is open as a whole": Fault(
        _set(joined, "_met_in_part", lambda *_: set()), _one_of_two_twice
    ),
    "what was open before is matched as a whole": Fault(
        _set(joined, "_met_from_before", lambda *_: set()), _two_returns_in_one_voucher
    ),
    "what was there when it was signed may be paid again": Fault(
        _set(exceptions, "_again", lambda *_: ()), _paid_again_next_month
    ),
    "what the bank had not when it was signed is there": Fault(
        _set(payments, "_late_lines", lambda *_: frozenset()), _booked_before_the_bank
    ),
    "a step is told that the gate refuses": Fault(
        all_of(
            _set(missing, "STEPS", {name: _Willing(step) for name, step in STEPS.items()}),
            # Behind it: what would post nothing is no cure.
            _set(trial, "drafted", lambda cure, _: cure._replace(vouchers=("one",))),
        ),
        _out_and_back_unbooked,
    ),
}
