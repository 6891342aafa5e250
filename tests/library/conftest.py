"""An office on disk, as a program that embeds the library finds it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fundledger import Office, Surroundings
from support.offices import Clock, numbered_keys

RULES = Path(__file__).resolve().parents[2] / "rules"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the directory of a new office under the rules of the example."""
    found = tmp_path / "gumei"
    found.mkdir()
    (found / "rules").mkdir()
    for path in RULES.glob("*.toml"):
        shutil.copy(path, found / "rules" / path.name)
    return found


@pytest.fixture
def office(root: Path) -> Office:
    """Return the new office, open."""
    return Office(root, Surroundings(Clock(), numbered_keys()))
