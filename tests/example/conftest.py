"""The example office of this tree, copied, so that nothing is ever written beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fundledger import Office

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
    return Office(example)


@pytest.fixture
def spare(tmp_path: Path) -> Path:
    """The directory of an office that a test may spoil."""
    return copied(tmp_path)
