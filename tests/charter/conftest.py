"""A copy of the example office's rules that a test may spoil."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

RULES = Path(__file__).resolve().parents[2] / "rules"

Spoil: TypeAlias = Callable[[str, str, str], None]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The files of the example office's rules, without the needs declared to it."""
    folder = tmp_path / "rules"
    folder.mkdir()
    for path in sorted(RULES.glob("*.toml")):
        shutil.copy(path, folder)
    return folder


@pytest.fixture
def spoil(rules: Path) -> Spoil:
    """Replace the first place where a file of the rules has a text."""

    def replace(name: str, old: str, new: str) -> None:
        text = (rules / name).read_text(encoding="utf-8")
        assert old in text
        (rules / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace
