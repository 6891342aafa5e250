"""Whatever clerks and a bank that errs do: the identities hold, and nobody is paid twice."""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fundledger.errors import FundledgerError
from support.payouts import beside
from support.payouts.beside import BesideMachine
from support.payouts.machine import REPEATABLE, PayoutMachine
from support.payouts.planted import FAULTS, second_line_away

# As many examples as it takes to find each fault.
SEARCH = settings(REPEATABLE, max_examples=80, stateful_step_count=50, phases=[Phase.generate])


def test_no_fen_is_lost_and_nobody_is_paid_twice() -> None:
    run_state_machine_as_test(PayoutMachine, settings=REPEATABLE)


def test_no_fen_of_an_advance_or_a_gift_is_lost() -> None:
    run_state_machine_as_test(BesideMachine, settings=REPEATABLE)


@pytest.mark.parametrize("name", beside.FAULTS)
def test_without_any_one_guard_of_them_it_is(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    second_line_away(monkeypatch)
    beside.FAULTS[name](monkeypatch)
    with pytest.raises((AssertionError, FundledgerError, KeyError)):
        run_state_machine_as_test(BesideMachine, settings=SEARCH)


# Found at once; the others take longer walks, and are looked for by `make soak`.
AT_ONCE = {
    "a line is debited twice",
    "a step dates before the one before, or tomorrow",
    "somebody is listed who is paid elsewhere",
    "what was paid or is unknown is paid again",
}


def test_what_is_left_to_the_soak_is_known() -> None:
    assert FAULTS.keys() > AT_ONCE


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name in AT_ONCE else [pytest.mark.soak]) for name in FAULTS],
)
def test_without_any_one_guard_it_is_not_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    second_line_away(monkeypatch)
    FAULTS[name](monkeypatch)
    search = SEARCH if name in AT_ONCE else settings(SEARCH, max_examples=600)
    with pytest.raises((AssertionError, FundledgerError, KeyError)):
        run_state_machine_as_test(PayoutMachine, settings=search)


@pytest.mark.soak
@pytest.mark.parametrize("machine", [PayoutMachine, BesideMachine])
def test_no_fen_is_lost_for_long(machine: type[PayoutMachine]) -> None:
    longer = settings(REPEATABLE, max_examples=400, stateful_step_count=80, derandomize=False)
    run_state_machine_as_test(machine, settings=longer)
