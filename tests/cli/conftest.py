"""Offices for the command line's tests: one empty, one with a month of vouchers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.offices import Clock, numbered_keys
from support.terminals import NOW, PAPERS, Terminal, new_office


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FUNDLEDGER_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def empty(tmp_path: Path) -> Terminal:
    """An office with the example rules and no vouchers."""
    return new_office(tmp_path / "office")


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an office whose dibao fund has money, a budget, and a month of payments."""
    terminal = new_office(tmp_path_factory.mktemp("kept") / "office")
    terminal.record("allocation", "120000.00", "--source", "District", day="2026-03-02")
    line = ("--line", "CASC:Dibao=100000.00", "--date", "2026-03-03", *PAPERS)
    terminal.done("budget", "adopt", "dibao", *line)
    terminal.done("budget", "allot", "dibao", *line)
    terminal.record("expense", "30000.00", "--line", "CASC:Dibao", day="2026-03-10")
    terminal.record("bank-fee", "12.50", day="2026-03-21")
    return terminal.root


@pytest.fixture
def office(kept: Path, tmp_path: Path) -> Terminal:
    """A copy of that office, to do with as a test likes."""
    shutil.copytree(kept, tmp_path / "office")
    return Terminal(tmp_path / "office", Clock(NOW), numbered_keys("T"))
