"""The example office of this tree, copied, so that nothing is ever written beside it."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from fundledger import Office
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from support.offices import Clock

ROOT = Path(__file__).resolve().parents[2]


def copied(target: Path) -> Path:
    """Copy rules and ledgers of this tree, without what is derived."""
    for name in ("rules", "ledgers"):
        leave = shutil.ignore_patterns(".state")
        shutil.copytree(ROOT / name, target / name, ignore=leave)
    return target


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of an office that tests only read."""
    return copied(tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="session")
def office(example: Path) -> Office:
    """Return that office on a day when what the example tells has happened."""
    return Office(example, Surroundings(Clock(datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI))))


@pytest.fixture
def spare(tmp_path: Path) -> Path:
    """The directory of an office that a test may spoil."""
    return copied(tmp_path)
