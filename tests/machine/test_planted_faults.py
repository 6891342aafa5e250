"""Take one guard away, whichever: the machine that finds nothing wrong otherwise must find that."""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fundledger.errors import FundledgerError
from fundledger.ledger import books
from support.machine.failing import REPEATABLE, FundMachine
from support.machine.planted import FAULTS

# The examples of test_machine, which finds nothing in them while every guard stands.
SEARCH = settings(REPEATABLE, phases=[Phase.generate])


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "_chart", books._chart.__wrapped__)  # noqa: SLF001 - charts of before
    FAULTS[name](monkeypatch)
    with pytest.raises((AssertionError, FundledgerError)):
        run_state_machine_as_test(FundMachine, settings=SEARCH)
