"""A fund's directory is read by many at once, in one process or in forked ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fundledger.ledger.disk import RealDisk

NAMES = [f"2026-{number:04d}.jsonl" for number in range(3)]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[RealDisk]:
    (tmp_path / "journal").mkdir()
    for name in NAMES:
        (tmp_path / "journal" / name).touch()
    disk = RealDisk(tmp_path)
    assert disk.names("journal") == NAMES
    yield disk
    disk.close()


def wrong(disk: RealDisk) -> int:
    """Return how many looks at the folder did not see all of it."""
    names = sum(disk.names("journal") != NAMES for _ in range(2000))
    return names + sum(len(disk.snapshot(1.0).names) != len(NAMES) for _ in range(1000))


def test_threads_that_list_a_folder_at_once_see_all_of_it(disk: RealDisk) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(wrong, [disk] * 4)) == [0] * 4


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_forked_processes_that_list_a_folder_at_once_see_all_of_it(disk: RealDisk) -> None:
    children = []
    for _ in range(4):
        child = os.fork()
        if not child:
            os._exit(wrong(disk) > 0)
        children.append(child)

    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 4
