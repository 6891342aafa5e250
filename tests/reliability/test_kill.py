"""A real process, really killed, on real files: the next one finds everything, once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fundledger.fund import open_fund
from fundledger.ledger.surroundings import Surroundings
from support.acts import ACTS, Act, acts_before, healthy_runs, lay_out, run_of
from support.crashes import books_in, started, what
from support.killed import killed_everywhere
from support.sim_disk import SimDisk, Step

# The next recording mends what these say: a book behind its journal, an unfinished line or file,
# a line without its end; a list whose record is yet to come; and no book at all before the first.
EXPLAINED = {"FL601", "FL604", "FL608", "FL618", "FL621", "FL749"}
# A loss is told until somebody answers for it, and for good afterwards; so is the book of a month
# all of whose vouchers were lost: it stays, as the last that is seen of them.
UNANSWERED = EXPLAINED | {"FL603", "FL616", "FL623"}


@pytest.mark.parametrize("name", ACTS)
def test_a_kill_before_any_call_loses_and_doubles_nothing(name: str, tmp_path: Path) -> None:
    act = ACTS[name]
    run = run_of(name)
    lay_out(name, tmp_path / "before")
    explained = UNANSWERED if act.after_a_loss else EXPLAINED
    told = {"FL603", "FL623"} if act.after_a_loss else set()
    count, steps = killed_everywhere(name, tmp_path)
    assert steps == _steps_of_the_model(act, tmp_path / "index")
    assert count == len(steps)
    for kill_at in range(count + 1):
        root = tmp_path / str(kill_at) / "dibao"
        assert _seen_by_a_reader(root, act) <= explained, kill_at
        receipt = act.in_folder(root)
        assert what(receipt) == what(run.receipt), kill_at
        assert receipt.again or kill_at < count
        assert books_in(root) == run.after.books, kill_at
        assert _seen_by_a_reader(root, act) == told


def _seen_by_a_reader(root: Path, act: Act) -> set[str]:
    """Return the codes about files, journal and batches that an audit gives."""
    fund = open_fund(root, act.charter, Surroundings(lambda: act.at))
    findings = fund.check(date(2026, 3, 15)).findings  # before anything of a batch is late
    fund.close_files()
    return {finding.code for finding in findings if finding.code[:3] in {"FL6", "FL7"}}


def _steps_of_the_model(act: Act, index: Path) -> list[Step]:
    before = acts_before(act.name)
    runs = healthy_runs((*before, act))
    index.mkdir()
    for earlier in before:
        earlier.on(SimDisk(started(runs[earlier.name].before, 1, index)))
    disk = SimDisk(started(runs[act.name].before, 1, index))
    act.on(disk)
    return disk.steps
