"""Every system call by which a record is written, killed or failing: seen from outside Python."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.crashes import SPRING, YEAR, books_in, healthy_runs, what
from support.explore import environment

CALLS = (
    "write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "openat",
    "unlink", "unlinkat", "mkdir", "mkdirat", "ftruncate",
)  # fmt: skip
ACTS = {**{act.name: act for act in YEAR}, **{act.name: act for act in SPRING}}


def _traced(name: str, root: Path, call: str, inject: str = "") -> tuple[int, str]:
    """Do an act under strace; return its exit code and the trace of one system call."""
    assert shutil.which("strace"), "this test needs strace: install it, or leave out `make soak`"
    log = root.parent / f"{root.name}.trace"
    command = ["strace", "-f", "-y", "-o", str(log), "-e", f"trace={call}"]
    command += ["-e", f"inject={call}:{inject}"] if inject else []
    command += [sys.executable, "-m", "support.act", name, str(root)]
    done = subprocess.run(command, env=environment(), capture_output=True, check=False)
    return done.returncode, log.read_text(errors="replace")


def _points(name: str, before: Path, call: str) -> list[int]:
    """Return which calls of a kind, counted from one, are on the fund's files."""
    root = before.parent / f"trace-{call}"
    shutil.copytree(before, root)
    code, trace = _traced(name, root, call)
    assert code == 0
    lines = [line for line in trace.splitlines() if re.search(rf"\b{call}\(", line)]
    return [number for number, line in enumerate(lines, 1) if str(root) in line]


@pytest.mark.soak
@pytest.mark.parametrize("how", ["signal=KILL", "error=EIO", "error=ENOSPC"])
@pytest.mark.parametrize("name", ["expense", "assertion", "close 2026-01"])
def test_no_system_call_that_is_killed_or_fails_loses_or_doubles_anything(
    name: str, how: str, tmp_path: Path
) -> None:
    act = ACTS[name]
    acts = SPRING if act in SPRING else YEAR
    run = healthy_runs(acts)[name]
    before = tmp_path / "before"
    for earlier in itertools.takewhile(lambda earlier: earlier is not act, acts):
        earlier.in_folder(before)
    disturbed = 0
    for call in CALLS:
        for point in _points(name, before, call):
            root = tmp_path / f"{call}-{point}"
            shutil.copytree(before, root)
            code, trace = _traced(name, root, call, f"{how}:when={point}")
            assert (code != 0) == how.startswith("signal"), trace
            again = act.in_folder(root)
            assert what(again) == what(run.receipt), (call, point)
            assert books_in(root) == run.after.books, (call, point)
            disturbed += 1
            shutil.rmtree(root)
    assert disturbed >= 20
