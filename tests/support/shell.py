"""An environment in which what documents say to paste can be pasted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def environment(spare: Path) -> dict[str, str]:
    """Stand `fundledger` and `python` where an activated environment has them."""
    tools = spare / ".venv" / "bin"
    tools.mkdir(parents=True, exist_ok=True)
    (tools / "activate").write_text(f'PATH="{tools}:$PATH"\n', encoding="utf-8")
    for name, words in (("python", ""), ("fundledger", " -m fundledger")):
        (tools / name).write_text(f'#!/bin/sh\nexec "{sys.executable}"{words} "$@"\n', "utf-8")
        (tools / name).chmod(0o755)
    return {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}


def typed(
    command: list[str], spare: Path, *, on_one_screen: bool = False, **more: str
) -> subprocess.CompletedProcess[str]:
    """Return what a command does where an environment is activated; errors apart unless asked."""
    return subprocess.run(
        command,
        cwd=spare,
        env={**environment(spare), **more},
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if on_one_screen else subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
