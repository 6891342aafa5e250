"""What every test shares: examples that repeat, and what is not measured."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

# A failure must be there again on the next run and on every machine, so by default the examples
# follow from the test alone. `make soak` asks for `explore`: new ones each time, and many more.
settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
settings.register_profile(
    "explore",
    derandomize=False,
    deadline=None,
    max_examples=2000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

# Without it each program that a test starts would compile all of its modules anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


_TESTS = Path(__file__).parent
_NOT_MEASURED = {
    "bad_input",
    "machine",
    "matching",
    "reliability",
    "test_bad_input",
    "test_bad_messages",
    "test_bad_rows",
    "test_bad_tables",
    "test_bad_texts",
    "test_faults",
    "test_machine",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out of the coverage what tries everything: measured, it takes more than twice as long.

    That is properties, and the tables of all that a vandal, a disk or a crash may do.  What they
    show is that nothing goes wrong, not which lines are gone through.
    """
    for item in items:
        of_many = isinstance(item, pytest.Function) and is_hypothesis_test(item.obj)
        place = item.path.relative_to(_TESTS).with_suffix("").parts
        if of_many or _NOT_MEASURED.intersection(place):
            item.add_marker("no_cover")
