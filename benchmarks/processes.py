"""Whole processes, timed from outside: seconds by the clock and the peak of memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Cost:
    """What one run of a process cost; of all processors together `processor_seconds`."""

    seconds: float
    memory_mib: float
    processor_seconds: float = 0.0


def run(command: Sequence[str], *, allowed: tuple[int, ...] = (0,)) -> Cost:
    """Run a command to its end; memory is the largest of its processes, as the system counts it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - commands of the benchmarks
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=ROOT,
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        message = f"{' '.join(command)} ended with {process.returncode}"
        raise SystemExit(message)
    return Cost(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


def in_turn(first: Sequence[str], second: Sequence[str], runs: int) -> tuple[Cost, Cost, float]:
    """Run two commands in turn; returns the median cost of each and the median ratio of times."""
    run(first)
    run(second)
    pairs = [(run(first), run(second)) for _ in range(runs)]
    ratio = median(a.seconds / b.seconds for a, b in pairs)
    return _median([a for a, _ in pairs]), _median([b for _, b in pairs]), ratio


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(median(c.seconds for c in costs), median(c.memory_mib for c in costs))


def python(*arguments: str) -> list[str]:
    """Return the command that runs this Python with arguments."""
    return [sys.executable, *arguments]


def tool(name: str) -> str:
    """Return a command that stands beside this Python."""
    return str(Path(sys.executable).parent / name)


def run_beside(commands: Sequence[Sequence[str]]) -> None:
    """Run commands at the same time, each to its end."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
    started = [
        subprocess.Popen(command, env=environment, cwd=ROOT)  # noqa: S603 - commands of the benchmarks
        for command in commands
    ]
    for process in started:
        if process.wait():
            raise SystemExit(process.returncode)
