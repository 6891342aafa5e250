"""Whatever stops a process or a machine, the next process finds all that was acknowledged, once."""

from __future__ import annotations

import errno
import hashlib
import itertools

import pytest

from support.acts import ACTS, SPRING, healthy_runs, run_of
from support.crashes import attempted, failing_at, journal_keys, started, violation
from support.explore import drawn, explored_apart
from support.sim_disk import SimDisk, Step

# What is recovered for each act, after a kill, a loss of power or a failing step anywhere in it and
# in its recovery: how many states (a disk, and whether the act was acknowledged before), and how
# many different disks these are. Each state counts once, however many ways lead to it.
STATES = {
    "first": (6_178, 4_424),
    "expense": (1_711, 1_200),
    "several": (10_178, 7_172),
    "assertion": (344, 277),
    "reversal": (1_711, 1_200),
    "charter": (1_064, 830),
    "close 2026-01": (144, 127),
    "year-end": (12_024, 8_415),
    "sign": (344, 277),
    "give up": (242, 226),
    "prepare": (310, 293),
    "approve": (1_711, 1_200),
    "result": (574, 454),
    "approved": (1_711, 1_200),
}


def test_every_act_is_explored() -> None:
    assert STATES.keys() == ACTS.keys()


# The longest, each of many vouchers in one record; "approved" is such too, and runs with all tests.
LONG = {"first", "several", "year-end"}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.soak] if name in LONG else []) for name in STATES],
)
def test_nothing_is_lost_doubled_or_half_there_whatever_stops_an_act(name: str) -> None:
    states, disks, violations = explored_apart(name)
    assert violations == []
    assert states >= STATES[name][0]
    assert disks >= STATES[name][1]


def test_more_than_thirty_thousand_states_are_recovered_and_nearly_as_many_disks() -> None:
    assert sum(states for states, _ in STATES.values()) >= 36_000
    assert sum(disks for _, disks in STATES.values()) >= 26_000


@pytest.mark.parametrize("name", ACTS)
def test_no_fsync_that_fails_in_any_act_makes_a_false_acknowledgement(name: str) -> None:
    run = run_of(name)
    disk = SimDisk(started(run.before, 1))
    run.act.on(disk)
    syncs = [at for at, step in enumerate(disk.steps) if step.call == "fsync"]
    assert len(syncs) >= 2
    for at, sticky in itertools.product(syncs, (False, True)):
        machine = started(run.before, 1)
        failing = failing_at(at, errno.EIO, sticky=sticky)
        attempt = attempted(run, SimDisk(machine, faults=failing))
        written = Step("write", max(run.after.journal)) in disk.steps[:at]
        assert written or attempt.receipt is None
        assert violation(run, machine.copy(), attempt.receipt) == ""
        for image in machine.power_loss(drawn(run), 3):
            assert violation(run, started(image), attempt.receipt) == ""


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
def test_a_failing_disk_never_makes_a_false_acknowledgement(name: str, code: int) -> None:
    run = run_of(name)
    acknowledged = 0
    for at, sticky in itertools.product(range(run.steps), (False, True)):
        machine = started(run.before, 1)
        attempt = attempted(run, SimDisk(machine, faults=failing_at(at, code, sticky=sticky)))
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


@pytest.mark.parametrize("name", ["prepare", "result"])
def test_a_list_is_durable_before_the_line_that_names_it_is_written(name: str) -> None:
    run = run_of(name)
    ((path, data),) = {
        path: data
        for path, data in run.after.files.items()
        if path.startswith("lists/") and path not in run.before.files
    }.items()
    assert path == f"lists/{hashlib.sha256(data).hexdigest()}.csv"
    disk = SimDisk(started(run.before, 1))
    run.act.on(disk)
    temporary = f"lists/.{path.removeprefix('lists/')}.new"
    at = disk.steps.index(Step("write", max(run.after.journal)))
    assert disk.steps[at - 5 : at + 2] == [
        Step("create", temporary),
        Step("write", temporary),
        Step("fsync", temporary),
        Step("rename", path),
        Step("fsync", "lists"),
        Step("write", max(run.after.journal)),
        Step("fsync", max(run.after.journal)),
    ]


@pytest.mark.soak
@pytest.mark.parametrize("name", STATES)
def test_nothing_is_lost_on_any_of_many_more_disks(name: str) -> None:
    states, _, violations = explored_apart(name, "more")
    assert violations == []
    assert states >= 300
