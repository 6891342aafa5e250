"""Whatever clerks, mistakes, kills and backups do in whatever order, books and model agree."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from support.machine.failing import REPEATABLE, FundMachine


def test_books_and_model_agree() -> None:
    run_state_machine_as_test(FundMachine, settings=REPEATABLE)


@pytest.mark.soak
@pytest.mark.parametrize(("examples", "steps"), [(400, 50), (60, 200)])
def test_books_and_model_agree_for_long(examples: int, steps: int) -> None:
    longer = settings(
        REPEATABLE, max_examples=examples, stateful_step_count=steps, derandomize=False
    )
    run_state_machine_as_test(FundMachine, settings=longer)
