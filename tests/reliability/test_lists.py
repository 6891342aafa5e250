"""The lists of payments on disks that fail, under hands that change them, and by two at once."""

from __future__ import annotations

import errno
import itertools
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fundledger.errors import NotWritten, OutcomeUnknown, Refused
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.surroundings import Surroundings
from support.acts import Healthy, run_of
from support.crashes import started, what
from support.offices import draft
from support.paying import Payments, entitlement
from support.sim_disk import SimDisk, Step
from support.sim_machine import Image
from support.strange import place_strange

ON = date(2026, 3, 15)
LISTING = ("prepare", "result")


class Trouble:
    """A step that fails, or all from it on, until the disk is mended."""

    def __init__(self, at: int, code: int, *, sticky: bool) -> None:
        """Begin broken."""
        self._at, self._code, self._sticky = at, code, sticky
        self.mended = False

    def __call__(self, step: int) -> int | None:
        """Return with what a step fails, if it does."""
        hit = step == self._at or (self._sticky and step > self._at)
        return self._code if hit and not self.mended else None


def _fund(run: Healthy, disk: SimDisk) -> Fund:
    surroundings = Surroundings(lambda: run.act.at, lambda: "another")
    return Fund(disk, run.act.charter, surroundings, index_path=":memory:")


def _lists(image: Image) -> dict[str, bytes]:
    return {name: data for name, data in image.files.items() if name.startswith("lists/")}


def _steps_of_lists(run: Healthy) -> Iterator[int]:
    disk = SimDisk(started(run.before, 1))
    run.act.on(disk)
    for at, step in enumerate(disk.steps):
        made = step == Step("fsync", "") and disk.steps[at - 1] == Step("mkdir", "lists")
        if made or step.name.startswith("lists"):
            yield at


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
@pytest.mark.parametrize("name", LISTING)
def test_where_a_list_cannot_be_written_nothing_is_recorded_and_the_same_process_goes_on(
    name: str, code: int
) -> None:
    run = run_of(name)
    steps = list(_steps_of_lists(run))
    assert len(steps) == {"prepare": 7, "result": 5}[name]
    for at, sticky in itertools.product(steps, (False, True)):
        trouble = Trouble(at, code, sticky=sticky)
        disk = SimDisk(started(run.before, 1), faults=trouble)
        fund = _fund(run, disk)
        with pytest.raises(NotWritten) as refusal:
            run.act.do(fund, name)
        assert refusal.value.codes == ("FL908",)
        assert disk.machine.cached().journal == run.before.journal
        assert fund.check(ON).clean

        trouble.mended = True
        fund.record(draft(drafts.donation(1_00)), key="another")
        now = disk.machine.cached()
        assert [path for path in now.files if path.endswith(".new")] == []
        audit = fund.check(ON)
        left = set(_lists(now)) - set(_lists(run.before))
        assert audit.clean
        assert {f.subject for f in audit.findings if f.code == "FL749"} == left

        assert not run.act.do(fund, name).again
        assert _lists(disk.machine.cached()) == _lists(run.after)
        assert "FL749" not in {finding.code for finding in fund.check(ON).findings}
        assert fund.check(ON).clean


def _checked(run: Healthy, files: dict[str, bytes]) -> set[tuple[str, str]]:
    """Return code and subject of what an audit finds wrong."""
    image = Image(run.after.folders, {**run.after.books, **files})
    audit = _fund(run, SimDisk(started(image, 1))).check(ON)
    wrong = {(f.code, f.subject) for f in audit.findings if f.severity == "error"}
    assert audit.clean == (not wrong)
    return wrong


def test_every_list_that_was_changed_or_is_gone_is_an_error() -> None:
    run = run_of("result")
    draw = random.Random(751)  # noqa: S311 - the same bits each time
    lists = _lists(run.after)
    assert len(lists) == 2
    assert _checked(run, {}) == set()
    for path, sound in lists.items():
        digest = path.removeprefix("lists/").removesuffix(".csv")
        (other,) = (data for name, data in lists.items() if name != path)
        flips = []
        for at in sorted({0, len(sound) - 1, *draw.sample(range(len(sound)), 30)}):
            flipped = bytes([sound[at] ^ (1 << draw.randrange(8))])
            flips.append(sound[:at] + flipped + sound[at + 1 :])
        for data in (*flips, b"", sound[:-1], sound + b"\n", sound + sound, other):
            assert ("FL751", digest) in _checked(run, {path: data}), data
        image = {name: data for name, data in run.after.books.items() if name != path}
        without = Image(run.after.folders, image)
        audit = _fund(run, SimDisk(started(without, 1))).check(ON)
        assert not audit.clean
        assert ("FL751", digest) in {(f.code, f.subject) for f in audit.findings}


@pytest.mark.parametrize("how", ["symlink", "hardlink", "folder", "fifo"])
def test_what_is_no_plain_file_is_no_list(how: str, tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    batch = payments.prepare([entitlement(1)])
    (path,) = (tmp_path / "dibao" / "lists").iterdir()
    other = tmp_path / "other"
    path.rename(other)
    sound = other.read_bytes()
    place_strange(path, how, other)
    journal = (tmp_path / "dibao" / "journal" / "2027-06.jsonl").read_bytes()
    named = Outcome("L-AAAAAAAAAAAA", "reject", "2026-03-10", 500_00)

    found = {(finding.code, finding.subject) for finding in payments.fund.check().findings}
    assert ("FL751", path.stem) in found
    assert (("FL603", f"lists/{path.name}") in found) == (how != "folder")
    for act in (
        lambda: payments.prepare([entitlement(1), entitlement(2)]),
        lambda: payments.step(batch, "reject", "2026-03-10", [named]),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.codes == ("FL751",)
    assert (tmp_path / "dibao" / "journal" / "2027-06.jsonl").read_bytes() == journal
    assert other.read_bytes() == sound


def test_what_reverses_a_voucher_of_its_own_record_is_looked_at_and_not_looked_for(
    tmp_path: Path,
) -> None:
    payments = Payments(tmp_path)
    given = draft(drafts.donation(1_00))
    back = draft(drafts.donation(-1_00), event="reversal", reverses="2026-03-0001")
    found = payments.fund.examine([given, back])
    assert "FL756" not in {finding.code for finding in found}


class Interrupted(SimDisk):
    """Whoever sits there presses Ctrl-C before a step, and the process goes on."""

    at = 0

    def _step(self, call: str, name: str) -> int | None:
        if len(self.steps) == self.at:
            self.at = -1
            raise KeyboardInterrupt
        return super()._step(call, name)


@pytest.mark.parametrize("name", ["approve", "result", "expense"])
def test_an_interrupt_leaves_nothing_in_memory_that_is_not_in_the_journal(name: str) -> None:
    run = run_of(name)
    for at in range(run.steps):
        disk = Interrupted(started(run.before, 1))
        disk.at = at
        fund = _fund(run, disk)
        with pytest.raises(KeyboardInterrupt):
            run.act.do(fund, name)
        try:
            receipt = run.act.do(fund, name)
        except OutcomeUnknown:  # it stops at the line, and whoever opens again is told
            receipt = run.act.on(SimDisk(disk.machine))
        assert what(receipt) == what(run.receipt), at
        assert disk.machine.cached().books == run.after.books, at
