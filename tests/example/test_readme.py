"""What the README says to paste works when pasted, in its order, in a copy of this tree."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from support.shell import ROOT, typed

BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return [body for found, body in BLOCK.findall(text) if found == language]


def test_the_commands_work_when_pasted(spare: Path) -> None:
    script = "\n".join(block for block in blocks("sh") if not block.startswith("make "))
    done = typed(["/bin/sh", "-eu", "-c", script], spare)

    assert done.returncode == 0, done.stderr
    assert "errors found, as they should be" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_two_ways_of_verifying_end_in_one_digest(spare: Path) -> None:
    (chain,) = [block for block in blocks("sh") if "sha256sum" in block]
    done = [
        typed(["/bin/sh", "-eu", "-c", script], spare)
        for script in (chain, ". .venv/bin/activate; fundledger verify dibao --format json")
    ]
    told = [one.stdout for one in done]

    assert [one.returncode for one in done] == [0, 0]
    assert re.fullmatch(r"[0-9a-f]{64}\n", told[0])
    assert told[0].strip() in told[1]


def test_the_program_runs_as_it_stands(spare: Path) -> None:
    (program,) = blocks("python")
    done = typed([sys.executable, "-c", program], spare)

    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"\d+\.\d\d\n", done.stdout)


def test_the_targets_it_names_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"\bmake ([a-z]+)\b", (ROOT / "README.md").read_text(encoding="utf-8")))

    assert {"run", "test", "example"} <= named
    assert [name for name in sorted(named) if f"\n{name}:" not in makefile] == []


def test_every_link_leads_somewhere() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert [link for link in re.findall(r"\]\(([^)]+)\)", text) if not (ROOT / link).exists()] == []
