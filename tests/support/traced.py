"""Kills a process, or lets its system calls fail, at each call by which it changes the disk.

strace does it, from outside: it knows nothing of Python, and sees what SQLite does too.  python -m
support.traced ACT FOLDER HOW CALL... does an act once for every call of these kinds, each time on
a new copy of FOLDER/before in FOLDER/CALL-NUMBER/dibao; it prints, as JSON, each CALL-NUMBER and
how it ended.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from fundledger.errors import FundledgerError
from support.acts import ACTS
from support.explore import environment

CALLS = (
    "write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "openat",
    "unlink", "unlinkat", "mkdir", "mkdirat", "ftruncate",
)  # fmt: skip
NEEDED = "strace must be there and allowed to attach to a process: install it, and be root"
REFUSED = 3


class NoStrace(Exception):  # noqa: N818 - what there is not
    """strace is missing, or is not allowed to attach."""


def attached(process: int, options: list[str]) -> subprocess.Popen[str]:
    """Return a strace that has taken hold of a process.

    Raises:
        NoStrace: it could not.

    """
    command = ["strace", "-y", *options, "-p", str(process)]
    try:
        strace = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    except OSError as error:
        raise NoStrace(NEEDED) from error
    assert strace.stderr is not None
    line = strace.stderr.readline()
    if "attached" not in line:
        strace.communicate()
        message = f"{NEEDED}: {line}"
        raise NoStrace(message)
    return strace


def strace_works() -> bool:
    """Return whether strace can kill a process here, by letting it do so."""
    victim = subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        strace = attached(victim.pid, ["-o", os.devnull, "-e", "inject=write:signal=KILL"])
    except NoStrace:
        return False
    else:
        with strace:
            victim.communicate(b"x")
        return victim.returncode < 0
    finally:
        victim.communicate()


def done_under_strace(name: str, root: Path, options: list[str]) -> tuple[int, str]:
    """Do an act in a process of its own; return how it ended, and the trace."""
    log = root.parent / "trace"
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(write)
        os.read(read, 1)
        with suppress(FundledgerError):
            ACTS[name].in_folder(root)
            os._exit(0)
        os._exit(REFUSED)
    try:
        strace = attached(child, ["-o", str(log), *options])
    finally:
        os.close(write)
        os.close(read)
    _, status = os.waitpid(child, 0)
    strace.communicate()
    return os.waitstatus_to_exitcode(status), log.read_text(errors="replace")


def points(trace: str, root: Path) -> list[tuple[str, int]]:
    """Return which calls change something in the folder around the fund, each kind from one."""
    counts = dict.fromkeys(CALLS, 0)
    found = []
    for line in trace.splitlines():
        call = line.partition("(")[0]
        if call not in counts:
            continue
        counts[call] += 1
        opens_only = call == "openat" and "O_CREAT" not in line
        if str(root.parent) in line and not opens_only:
            found.append((call, counts[call]))
    return found


def disturbed_everywhere(
    name: str, folder: Path, how: str, calls: tuple[str, ...] = CALLS
) -> dict[str, int]:
    """Let a process of its own disturb an act at every call; see above."""
    command = [sys.executable, "-m", "support.traced", name, str(folder), how, *calls]
    done = subprocess.run(command, env=environment(), capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    ended: dict[str, int] = json.loads(done.stdout)
    return ended


def _laid_out(folder: Path, where: str) -> Path:
    root = folder / where / "dibao"
    root.parent.mkdir()
    if (folder / "before").is_dir():
        shutil.copytree(folder / "before", root)
    return root


def main(name: str, folder: Path, how: str, calls: list[str]) -> None:
    """Do the act undisturbed, then once for each call that it made."""
    tracing = ["-e", f"trace={','.join(CALLS)}"]
    root = _laid_out(folder, "whole")
    code, trace = done_under_strace(name, root, tracing)
    if code:
        sys.exit(f"{name} ended with {code}")
    ended = {}
    for call, number in points(trace, root):
        if call not in calls:
            continue
        root = _laid_out(folder, f"{call}-{number}")
        inject = ["-e", f"inject={call}:{how}:when={number}"]
        ended[f"{call}-{number}"], trace = done_under_strace(name, root, [*tracing, *inject])
        disturbed = trace.splitlines()[-1 if "signal" in how else 0 :]
        if not any(re.search(r"INJECTED|killed by SIGKILL", line) for line in disturbed):
            sys.exit(f"{call} {number} was not disturbed: {trace}")
    json.dump(ended, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4:])
