"""Whatever the bank writes and the books have: what is open is told, and nothing wrong signed."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from fundledger.errors import FundledgerError
from support.payouts.compared import ComparedMachine
from support.payouts.machine import REPEATABLE, SEARCH
from support.payouts.unguarded import FAULTS

# Short walks, for each looks at a whole statement.
SHORTER = settings(SEARCH, max_examples=6000, stateful_step_count=12)


def test_open_is_what_one_side_has_and_the_other_has_not() -> None:
    run_state_machine_as_test(ComparedMachine, settings=settings(REPEATABLE, max_examples=4))


@pytest.mark.parametrize("name", FAULTS)
def test_without_any_one_guard_it_is_not_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, walk = FAULTS[name]
    guarded = ComparedMachine()
    walk(guarded)
    guarded.teardown()

    plant(monkeypatch)
    unguarded = ComparedMachine()
    with pytest.raises((AssertionError, FundledgerError)):
        walk(unguarded)
    unguarded.close()


@pytest.mark.soak
@pytest.mark.parametrize("name", FAULTS)
def test_a_walk_at_random_finds_each(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    FAULTS[name].plant(monkeypatch)
    with pytest.raises((AssertionError, FundledgerError)):
        run_state_machine_as_test(ComparedMachine, settings=SHORTER)


@pytest.mark.soak
def test_open_is_what_one_side_has_for_long() -> None:
    longer = settings(REPEATABLE, max_examples=600, stateful_step_count=60, derandomize=False)
    run_state_machine_as_test(ComparedMachine, settings=longer)
