"""Whatever stops a process or a machine, the next process finds all that was acknowledged, once."""

from __future__ import annotations

import errno
import itertools

import pytest

from support.crashes import (
    SPRING,
    YEAR,
    attempted,
    failing_at,
    healthy_runs,
    journal_keys,
    started,
    violation,
)
from support.explore import drawn, explored_apart, run_of
from support.sim_disk import SimDisk, Step

# How many different disks are recovered for each act, after a power loss before any of its steps;
# and after a kill before any of its steps and a power loss before any step of the next process.
POWER_LOSSES = {
    "first": 440,
    "expense": 140,
    "several": 770,
    "assertion": 36,
    "reversal": 140,
    "charter": 60,
    "close 2026-01": 20,
    "year-end": 900,
}
KILLS = {
    "first": 3_000,
    "expense": 950,
    "several": 5_400,
    "assertion": 200,
    "reversal": 950,
    "charter": 400,
    "close 2026-01": 100,
    "year-end": 6_500,
}
FAULTS = {"expense": 600, "assertion": 130, "charter": 270}


@pytest.mark.parametrize(("name", "disks"), POWER_LOSSES.items())
def test_nothing_is_lost_when_the_power_goes_out(name: str, disks: int) -> None:
    looked_at, violations = explored_apart(name, "power-losses")
    assert violations == []
    assert looked_at >= disks


@pytest.mark.parametrize(("name", "disks"), KILLS.items())
def test_nothing_is_lost_when_a_process_is_killed_and_then_the_power_goes_out(
    name: str, disks: int
) -> None:
    looked_at, violations = explored_apart(name, "kills")
    assert violations == []
    assert looked_at >= disks


@pytest.mark.parametrize(("name", "disks"), FAULTS.items())
def test_nothing_is_lost_when_a_step_fails_and_then_the_power_goes_out(
    name: str, disks: int
) -> None:
    looked_at, violations = explored_apart(name, "faults")
    assert violations == []
    assert looked_at >= disks


def test_at_least_twenty_thousand_disks_are_looked_at() -> None:
    assert sum((*POWER_LOSSES.values(), *KILLS.values(), *FAULTS.values())) >= 20_000


@pytest.mark.parametrize("act", [act.name for act in (*SPRING, *YEAR[1:])])
@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
def test_a_failing_disk_never_makes_a_false_acknowledgement(act: str, code: int) -> None:
    run = run_of(act)
    acknowledged = 0
    for at, sticky in itertools.product(range(run.steps), (False, True)):
        machine = started(run.before, 1)
        attempt = attempted(run, machine, faults=failing_at(at, code, sticky=sticky))
        assert not attempt.stopped
        acknowledged += attempt.receipt is not None
        if attempt.receipt is not None:
            for image in list(machine.power_loss(drawn(run), 3)):
                assert violation(run, started(image), attempt.receipt) == ""
        assert violation(run, machine, attempt.receipt) == ""
    assert 0 < acknowledged < 2 * run.steps


def test_each_act_is_one_record_with_all_its_vouchers() -> None:
    assert journal_keys(healthy_runs(SPRING)["charter"].after) == [
        ("", 0),
        ("first", 3),
        ("expense", 1),
        ("several", 3),
        ("assertion", 0),
        ("reversal", 1),
        ("", 0),
        ("charter", 1),
    ]


def test_the_line_is_synced_after_it_was_written_and_before_anything_rests_on_it() -> None:
    run = run_of("expense")
    machine = started(run.before, 1)
    disk = SimDisk(machine)
    run.act.on(disk)
    line = Step("write", "journal/2026-03.jsonl")
    at = disk.steps.index(line)
    assert disk.steps[at + 1] == Step("fsync", "journal/2026-03.jsonl")
    assert disk.steps[at + 2 :] == [
        Step("create", "2026/03.beancount"),
        Step("write", "2026/03.beancount"),
        Step("create", ".book.beancount.new"),
        Step("write", ".book.beancount.new"),
        Step("fsync", ".book.beancount.new"),
        Step("rename", "book.beancount"),
        Step("fsync", ""),
        Step("write", ".state/lock"),
    ]


@pytest.mark.soak
@pytest.mark.parametrize("how", ["more-faults", "losses-in-recovery"])
@pytest.mark.parametrize("name", POWER_LOSSES)
def test_nothing_is_lost_on_any_of_many_more_disks(name: str, how: str) -> None:
    looked_at, violations = explored_apart(name, how)
    assert violations == []
    assert looked_at >= 40
