"""Whatever the bank writes and the books have: what is open is told, and nothing wrong signed."""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fundledger.errors import FundledgerError
from support.payouts.compared import FAULTS, ComparedMachine
from support.payouts.machine import REPEATABLE

SEARCH = settings(REPEATABLE, max_examples=400, phases=[Phase.generate])


def test_open_is_what_one_side_has_and_the_other_has_not() -> None:
    run_state_machine_as_test(ComparedMachine, settings=settings(REPEATABLE, max_examples=40))


@pytest.mark.parametrize("name", FAULTS)
def test_without_any_one_guard_it_is_not_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    FAULTS[name](monkeypatch)
    with pytest.raises((AssertionError, FundledgerError)):
        run_state_machine_as_test(ComparedMachine, settings=SEARCH)


@pytest.mark.soak
def test_open_is_what_one_side_has_for_long() -> None:
    longer = settings(REPEATABLE, max_examples=600, stateful_step_count=60, derandomize=False)
    run_state_machine_as_test(ComparedMachine, settings=longer)
