"""Looks for violations in a process of its own, where nothing that measures slows it down.

python -m support.explore ACT [HOW] prints as JSON how many states were recovered (a disk, and
whether the act was acknowledged before), how many different disks these are, and what was wrong.
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

from support.acts import Healthy, run_of
from support.crashes import Explored, Explorer

TESTS = Path(__file__).resolve().parents[1]
LOST_AGAIN = 100


def drawn(run: Healthy) -> random.Random:
    """Return what draws the same disks for an act each time."""
    return random.Random(run.act.name)  # noqa: S311 - to repeat, not to surprise


def _everything(run: Healthy) -> Explored:
    """Kills, losses of power and failing steps, in the act and in its recovery."""
    explorer = Explorer(run)
    explorer.kills()
    explorer.faults(errno.EIO)
    return explorer.losses_again(LOST_AGAIN)


def _more(run: Healthy) -> Explored:
    explorer = Explorer(run)
    explorer.faults(errno.EIO, errno.ENOSPC)
    return explorer.losses_again(LOST_AGAIN // 10)


HOW: dict[str, Callable[[Healthy], Explored]] = {"everything": _everything, "more": _more}


def environment() -> dict[str, str]:
    """Return an environment in which a process of its own finds this project and its tests."""
    return {**os.environ, "PYTHONPATH": f"{TESTS.parent}:{TESTS}"}


def explored_apart(name: str, how: str = "everything") -> tuple[int, int, list[str]]:
    """Return how many states and disks a process of its own recovered, and what was wrong."""
    command = [sys.executable, "-m", "support.explore", name, how]
    done = subprocess.run(command, env=environment(), check=True, stdout=subprocess.PIPE)
    states, disks, violations = json.loads(done.stdout)
    return states, disks, violations


if __name__ == "__main__":
    gc.set_threshold(100_000)
    result = HOW[(*sys.argv, "everything")[2]](run_of(sys.argv[1]))
    json.dump([len(result.states), len(result.disks), result.violations[:20]], sys.stdout)
