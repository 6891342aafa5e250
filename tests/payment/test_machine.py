"""Whatever clerks and a bank that errs do: the identities hold, and nobody is paid twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from fundledger.errors import FundledgerError
from support.payouts import beside, planted
from support.payouts.beside import BesideMachine
from support.payouts.machine import REPEATABLE, SEARCH, PayoutMachine
from support.payouts.planted import Plant, second_line_away
from support.payouts.walks import WALKS, walked


def test_no_fen_is_lost_and_nobody_is_paid_twice() -> None:
    run_state_machine_as_test(PayoutMachine, settings=REPEATABLE)


def test_no_fen_of_an_advance_or_a_gift_is_lost() -> None:
    run_state_machine_as_test(BesideMachine, settings=REPEATABLE)


class Machine(NamedTuple):
    """What walks, which guards it has, and for each a walk that it keeps from what is not so."""

    walker: type[PayoutMachine]
    faults: Mapping[str, Plant]
    walks: Mapping[str, Callable[..., Iterator[None]]]


MACHINES = (
    Machine(PayoutMachine, planted.FAULTS, WALKS),
    Machine(BesideMachine, beside.FAULTS, beside.WALKS),
)
EVERY = [pytest.param(of, name, id=name) for of in MACHINES for name in of.faults]


def test_each_guard_has_a_walk() -> None:
    assert all(of.walks.keys() == of.faults.keys() for of in MACHINES)


@pytest.mark.parametrize(("of", "name"), EVERY)
def test_without_any_one_guard_it_is_not_so(
    of: Machine, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_line_away(monkeypatch)
    guarded = of.walker()
    walked(guarded, of.walks[name])
    guarded.teardown()

    of.faults[name](monkeypatch)
    unguarded = of.walker()
    with pytest.raises(AssertionError):
        walked(unguarded, of.walks[name])
    unguarded.close()


@pytest.mark.soak
@pytest.mark.parametrize(("of", "name"), [one for one in EVERY if one.id not in planted.SELDOM])
def test_a_walk_at_random_finds_each(
    of: Machine, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_line_away(monkeypatch)
    of.faults[name](monkeypatch)
    with pytest.raises((AssertionError, FundledgerError, KeyError)):
        run_state_machine_as_test(of.walker, settings=SEARCH)


@pytest.mark.soak
@pytest.mark.parametrize("machine", [PayoutMachine, BesideMachine])
def test_no_fen_is_lost_for_long(machine: type[PayoutMachine]) -> None:
    longer = settings(REPEATABLE, max_examples=400, stateful_step_count=80, derandomize=False)
    run_state_machine_as_test(machine, settings=longer)
