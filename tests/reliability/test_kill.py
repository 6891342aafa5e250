"""A real process, really killed, on real files: the next one finds everything, once."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest

from fundledger.fund import open_fund
from fundledger.ledger.surroundings import Surroundings
from support.crashes import SPRING, YEAR, Act, books_in, healthy_runs, started, what
from support.killed import killed_everywhere
from support.sim_disk import SimDisk, Step

# The next recording mends what these say: a book behind its journal, an unfinished line or file,
# a line without its end; and no book at all before the first.
EXPLAINED = {"FL601", "FL604", "FL608", "FL618", "FL621"}
ACTS = {**{act.name: act for act in SPRING}, **{act.name: act for act in YEAR[1:]}}


def _before(act: Act) -> list[Act]:
    acts = SPRING if act in SPRING else YEAR
    return list(itertools.takewhile(lambda earlier: earlier is not act, acts))


@pytest.mark.parametrize("name", ACTS)
def test_a_kill_before_any_call_loses_and_doubles_nothing(name: str, tmp_path: Path) -> None:
    act = ACTS[name]
    run = healthy_runs(SPRING if act in SPRING else YEAR)[name]
    for earlier in _before(act):
        earlier.in_folder(tmp_path / "before")
    count, steps = killed_everywhere(name, tmp_path)
    assert steps == _steps_of_the_model(act, tmp_path / "index")
    assert count == len(steps)
    for kill_at in range(count + 1):
        root = tmp_path / str(kill_at) / "dibao"
        assert _seen_by_a_reader(root, act) <= EXPLAINED, kill_at
        receipt = act.in_folder(root)
        assert what(receipt) == what(run.receipt), kill_at
        assert receipt.again or kill_at < count
        assert books_in(root) == run.after.books, kill_at
        assert not _seen_by_a_reader(root, act)


def _seen_by_a_reader(root: Path, act: Act) -> set[str]:
    """Return the codes about files and journal that an audit gives."""
    fund = open_fund(root, act.charter, Surroundings(lambda: act.at))
    findings = fund.check(date(2026, 3, 31)).findings
    fund.close_files()
    return {finding.code for finding in findings if finding.code.startswith("FL6")}


def _steps_of_the_model(act: Act, index: Path) -> list[Step]:
    runs = healthy_runs(SPRING if act in SPRING else YEAR)
    index.mkdir()
    for earlier in _before(act):
        earlier.on(SimDisk(started(runs[earlier.name].before, 1, index)))
    disk = SimDisk(started(runs[act.name].before, 1, index))
    act.on(disk)
    return disk.steps
