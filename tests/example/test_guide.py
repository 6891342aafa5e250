"""What the clerks' guide says to type works when typed, and shows what the guide says it shows."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

from fundledger.cli.program import program
from support.shell import ROOT, typed

GUIDE = (ROOT / "docs" / "指南.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_guide_can_be_typed_from_beginning_to_end(spare: Path) -> None:
    script = "".join(body for language, body in BLOCK.findall(GUIDE) if language == "sh")
    command = ["/bin/sh", "-eu", "-c", f". .venv/bin/activate\n{script}"]
    done = typed(command, spare, on_one_screen=True, FUNDLEDGER_LANG="zh")

    assert done.returncode == 0, done.stdout
    printed = done.stdout.splitlines()
    shown = [
        line
        for language, body in BLOCK.findall(GUIDE)
        if language == "text"
        for line in body.splitlines()
    ]
    assert [line for line in shown if not any(stands(line, said) for said in printed)] == []


def stands(shown: str, said: str) -> bool:
    """Whether a line was printed, as far as the guide shows it: up to its `…`."""
    start, cut, _ = shown.partition("…")
    return said.startswith(start) if cut else said == shown


def test_the_correction_of_an_earlier_year_can_be_typed_in_the_example(spare: Path) -> None:
    (line,) = [line for line in GUIDE.splitlines() if line.startswith("    fundledger correct ")]
    done = typed([sys.executable, "-m", "fundledger", *shlex.split(line)[1:]], spare)

    assert done.returncode == 0, done.stderr
    assert "以前年度盈余调整" in done.stdout
    assert "订正原凭证：2025-12-0005" in done.stdout


def test_every_command_that_the_guide_names_is_one() -> None:
    group = program()
    named = set(re.findall(r"fundledger ([a-z]+)", GUIDE))

    assert {"record", "budget", "correct", "reconcile", "close", "verify"} <= named
    assert named <= set(group.commands) | {entry.name for entry in group.entries}
