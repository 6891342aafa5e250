"""Looks for violations in a process of its own, where nothing that measures slows it down.

python -m support.explore ACT HOW; it prints JSON: how many disks were recovered, what was wrong.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from support.crashes import SPRING, YEAR, Explored, Explorer, Healthy, healthy_runs

TESTS = Path(__file__).resolve().parents[1]


def drawn(run: Healthy) -> random.Random:
    """Return what draws the same disks for an act each time."""
    return random.Random(run.act.name)  # noqa: S311 - to repeat, not to surprise


HOW: dict[str, Callable[[Healthy], Explored]] = {
    "power-losses": lambda run: Explorer(run).power_losses(),
    "kills": lambda run: Explorer(run).kills(),
    "faults": lambda run: Explorer(run).faults(errno.EIO),
    "more-faults": lambda run: Explorer(run).faults(errno.EIO, errno.ENOSPC),
    "losses-in-recovery": lambda run: Explorer(run, drawn(run), 60).losses_again(),
}


def run_of(name: str) -> Healthy:
    """Return the healthy run of an act, after those that come before it."""
    acts = SPRING if name in {act.name for act in SPRING} else YEAR
    wanted = next(count for count, act in enumerate(acts, 1) if act.name == name)
    return healthy_runs(acts[:wanted])[name]


def environment() -> dict[str, str]:
    """Return an environment in which a process of its own finds this project and its tests."""
    return {**os.environ, "PYTHONPATH": f"{TESTS.parent}:{TESTS}"}


def explored_apart(name: str, how: str) -> tuple[int, list[str]]:
    """Return how many disks a process of its own recovered, and what was wrong with which."""
    command = [sys.executable, "-m", "support.explore", name, how]
    done = subprocess.run(command, env=environment(), check=True, stdout=subprocess.PIPE)
    disks, violations = json.loads(done.stdout)
    return disks, violations


if __name__ == "__main__":
    gc.set_threshold(100_000)
    result = HOW[sys.argv[2]](run_of(sys.argv[1]))
    json.dump([len(result.seen), result.violations[:20]], sys.stdout)
