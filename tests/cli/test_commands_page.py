"""The page on the commands names all of them, and what it shows exists."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest

from fundledger.cli import program
from fundledger.cli.catalogue import BUDGET, COMMANDS

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
SHOWN = [line.strip() for line in PAGE.splitlines() if line.startswith("    fundledger ")]


@pytest.mark.parametrize("name", [entry.name for entry in (*COMMANDS, *BUDGET)])
def test_every_command_stands_on_the_page(name: str) -> None:
    assert f"`{name}" in PAGE or f"`budget {name}`" in PAGE


@pytest.mark.parametrize("line", SHOWN)
def test_every_command_line_on_the_page_has_its_options(line: str) -> None:
    words = shlex.split(line)[1:]
    found: click.Command | None = program()
    while isinstance(found, click.Group):
        found = found.get_command(click.Context(found), words.pop(0))

    assert found is not None
    known = {name for parameter in found.params for name in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= known
