"""Every system call by which a record is written, killed or failing: seen from outside Python."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from support.acts import ACTS, lay_out, run_of
from support.crashes import books_in, what
from support.traced import CALLS, NEEDED, REFUSED, disturbed_everywhere, strace_works

# Without a strace that works only `make soak` asks for these, and they fail; `test_kill.py`, which
# kills before the same calls from inside the process, is always run.
WORKS = strace_works()
EACH_TIME = [
    pytest.param(name, marks=[] if WORKS else pytest.mark.soak)
    for name in ("first", "expense", "several", "sign", "give up", "year-end", "prepare")
]


def _disturbed(name: str, how: str, folder: Path, calls: tuple[str, ...] = CALLS) -> dict[str, int]:
    """Disturb an act at every call, hold what is left to the promise; return how each ended."""
    act, run = ACTS[name], run_of(name)
    lay_out(name, folder / "before")
    ended = disturbed_everywhere(name, folder, how, calls)
    for point, code in ended.items():
        root = folder / point / "dibao"
        assert (code == -signal.SIGKILL) == (how == "signal=KILL"), point
        receipt = act.in_folder(root)
        assert what(receipt) == what(run.receipt), point
        assert receipt.again or code, point
        assert books_in(root) == run.after.books, point
    return ended


@pytest.mark.parametrize("name", EACH_TIME)
def test_no_kill_before_any_system_call_loses_or_doubles_anything(
    name: str, tmp_path: Path
) -> None:
    assert WORKS, NEEDED
    ended = _disturbed(name, "signal=KILL", tmp_path)
    kinds = {point.rpartition("-")[0].replace("renameat", "rename") for point in ended}
    assert kinds >= {"openat", "write", "pwrite64", "fsync", "rename"}
    assert len(ended) >= 30  # SQLite's one table takes fewer than its nineteen did


@pytest.mark.parametrize("name", EACH_TIME)
def test_no_fsync_that_the_kernel_lets_fail_makes_a_false_acknowledgement(
    name: str, tmp_path: Path
) -> None:
    assert WORKS, NEEDED
    ended = _disturbed(name, "error=EIO", tmp_path, ("fsync", "fdatasync"))
    trace = (tmp_path / "whole" / "trace").read_text().splitlines()
    syncs = enumerate((line for line in trace if line.startswith("fsync(")), 1)
    of_the_journal = {f"fsync-{number}" for number, line in syncs if ".jsonl>" in line}
    assert of_the_journal
    assert {ended[point] for point in of_the_journal} == {REFUSED}
    assert set(ended.values()) <= {0, REFUSED}


@pytest.mark.soak
@pytest.mark.parametrize("how", ["signal=KILL", "error=EIO", "error=ENOSPC"])
@pytest.mark.parametrize("name", ACTS)
def test_no_system_call_that_is_killed_or_fails_loses_or_doubles_anything(
    name: str, how: str, tmp_path: Path
) -> None:
    assert WORKS, NEEDED
    assert len(_disturbed(name, how, tmp_path)) >= 20
