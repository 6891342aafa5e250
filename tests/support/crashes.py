"""What a fund does on a machine that fails, and what must be found on its disk afterwards."""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fundledger.errors import FundledgerError
from fundledger.ledger.plan import Receipt
from support.acts import Healthy
from support.sim_disk import SimDisk, Stopped, no_fault, unwatched
from support.sim_machine import Image, Machine


def started(image: Image, boot: int = 2, index: Path | None = None) -> Machine:
    """Return a machine that starts with a disk, which may be an empty one."""
    return Machine(image if image.files or image.folders else None, boot, index)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of an act that was disturbed: the machine, the receipt if it was acknowledged."""

    machine: Machine
    receipt: Receipt | None
    stopped: bool = False


def attempted(run: Healthy, disk: SimDisk) -> Attempt:
    """Do an act that may be stopped before a step, or whose steps may fail."""
    try:
        return Attempt(disk.machine, run.act.on(disk))
    except Stopped:
        return Attempt(disk.machine, None, stopped=True)
    except FundledgerError:
        return Attempt(disk.machine, None)


@dataclass(frozen=True, slots=True)
class Recovery:
    """What the next process made of a disk: what is wrong, or whether it stood there already."""

    wrong: str = ""
    again: bool = False

    def violation(self, *, acknowledged: bool) -> str:
        """Say what must not be; empty when all is well."""
        if not self.wrong and acknowledged and not self.again:
            return "what was acknowledged is recorded once more"
        return self.wrong


def violation(
    run: Healthy,
    machine: Machine,
    acknowledged: Receipt | None,
    disk_class: type[SimDisk] = SimDisk,
) -> str:
    """Say how the next process finds something that must not be; empty when all is well."""
    recovery = recovered(run, machine, disk_class)
    return recovery.violation(acknowledged=acknowledged is not None)


def recovered(
    run: Healthy,
    machine: Machine,
    disk_class: type[SimDisk] = SimDisk,
    watch: Callable[[], None] = unwatched,
) -> Recovery:
    """Let the next process find what a fault left behind.

    It retries the act with the same key, after which journal and books must be, byte for byte,
    what they are without any fault: so nothing is lost, doubled, half there or left behind.
    `watch` is called before each step of the retry.
    """
    found = machine.cached()
    try:
        receipt = run.act.on(disk_class(machine, watch=watch))
    except (FundledgerError, OSError, AssertionError) as error:
        return Recovery(f"the retry fails: {error!r}")
    if what(receipt) != what(run.receipt):
        return Recovery(f"another receipt: {what(receipt)}")
    now = machine.cached()
    if now.books != run.after.books:
        changed = {
            name
            for name in {*now.books, *run.after.books}
            if now.books.get(name) != run.after.books.get(name)
        }
        return Recovery(f"other files than without the fault: {sorted(changed)}")
    kept = [data for name, data in now.files.items() if name.startswith(".state/quarantine/")]
    cut = torn_bytes(found)
    if cut and cut not in kept:
        return Recovery(f"{len(cut)} bytes were cut and not kept")
    return Recovery(again=receipt.again)


def what(receipt: Receipt) -> tuple[Any, ...]:
    """Return what a receipt acknowledges, whether for the first time or again."""
    return receipt.fund, receipt.sequence, receipt.refs, receipt.head, receipt.key


def books_in(root: Path) -> dict[str, bytes]:
    """Return the journal and the books as they lie on a real disk."""
    paths = (path for path in root.rglob("*") if path.is_file())
    files = {str(path.relative_to(root)): path.read_bytes() for path in paths}
    return {name: data for name, data in files.items() if not name.startswith(".state/")}


def torn_bytes(image: Image) -> bytes:
    """Return what follows the last whole line of the journal, by a reading of its own.

    A last line may lack its line end and nothing else.
    """
    digest = hashlib.sha256(b"fundledger journal 1 dibao").hexdigest()
    for _, content in sorted(image.journal.items()):
        for line in content.splitlines(keepends=True):
            record = line.removesuffix(b"\n")[86:-1]
            if line[11:75] != hashlib.sha256(digest.encode() + record).hexdigest().encode():
                return content[content.index(line) :]
            digest = line[11:75].decode()
    return b""


def journal_keys(image: Image) -> list[tuple[str, int]]:
    """Return each record's key and its number of vouchers, by a reading of its own."""
    lines = b"".join(content for _, content in sorted(image.journal.items())).splitlines()
    records = [json.loads(line)["record"] for line in lines]
    return [(record["key"], len(record.get("vouchers", ()))) for record in records]


class Violated(Exception):  # noqa: N818 - what happened
    """Something was found that must not be."""


@dataclass(slots=True)
class Explored:
    """What each disk was recovered to, in which states it was met, and what was wrong.

    A state is a disk, and whether the act was acknowledged before; each disk is recovered once.
    """

    disks: dict[Any, Recovery] = field(default_factory=dict)
    states: set[tuple[Any, bool]] = field(default_factory=set)
    violations: list[str] = field(default_factory=list)


class Explorer:
    """Disturbs one act in every way, and recovers each disk that this may leave behind once.

    All that is asked of one explorer shares what was explored.  No process is begun anew for each
    step it may stop at: the machine is looked at, or copied, before each step of one run.
    """

    def __init__(
        self,
        run: Healthy,
        sample: random.Random | None = None,
        most: int = 5_000,
        disk_class: type[SimDisk] = SimDisk,
        *,
        to_the_first: bool = False,
    ) -> None:
        """Take the act; with a `sample` only some disks are looked at each time.

        `to_the_first` raises `Violated` as soon as something is wrong.
        """
        self._to_the_first = to_the_first
        self._run = run
        self._disk_class = disk_class
        self._sample = sample
        self._most = most
        self._looked: set[Any] = set()
        self._followed: set[Any] = set()
        self._killed_twice: set[Any] = set()
        self.explored = Explored()

    def power_losses(self) -> Explored:
        """The power goes out before any step."""
        machine = started(self._run.before, 1)
        watch = self._looking(machine, "power loss")
        attempt = self._attempt(machine, watch=watch)
        self._look(attempt, "power loss at the end")
        return self.explored

    def kills(self) -> Explored:
        """The process is killed before any step; the power goes out at any step of the next.

        The next may be killed too, before any of its steps: then a third one does the act.
        """
        machine = started(self._run.before, 1)
        steps = itertools.count()

        def killed() -> None:
            self._follow(Attempt(machine.copy(), None), f"kill at {next(steps)}")

        self._follow(self._attempt(machine, watch=killed), "nothing")
        return self.explored

    def faults(self, *codes: int) -> Explored:
        """A step fails, once or from then on; the power goes out at any step from there on."""
        for code, sticky in itertools.product(codes, (False, True)):
            for at in range(self._run.steps):
                failing = failing_at(at, code, sticky=sticky)
                story = f"{errno.errorcode[code]} {'from' if sticky else 'at'} {at}"
                machine = started(self._run.before, 1)
                watch = self._looking(machine, story)
                self._follow(self._attempt(machine, failing, watch), story)
        return self.explored

    def losses_again(self, every: int = 1) -> Explored:
        """The power goes out before any step, and again before any step of the recovery.

        Of the disks that a step may leave, the first of `every` so many is recovered so.
        """
        machine = started(self._run.before, 1)
        steps = itertools.count()

        def lost(receipt: Receipt | None = None) -> None:
            story = f"power loss at {next(steps)}"
            images = machine.power_loss(self._sample, self._most)
            for image in itertools.islice(images, 0, None, every):
                self._follow(Attempt(started(image), receipt), story)

        lost(self._attempt(machine, watch=lost).receipt)
        return self.explored

    def _attempt(
        self,
        machine: Machine,
        faults: Callable[[int], int | None] = no_fault,
        watch: Callable[[], None] = unwatched,
    ) -> Attempt:
        return attempted(self._run, self._disk_class(machine, None, faults, watch))

    def _follow(self, attempt: Attempt, story: str) -> None:
        """Let the next process do it again; look at what is there before each step of it."""
        machine = attempt.machine
        known = attempt.receipt is not None
        if (machine.state, known) in self._followed:
            return
        self._followed.add((machine.state, known))
        looking = self._looking(machine, f"{story}, then power loss", attempt.receipt)

        def watch() -> None:
            looking()
            if (machine.state, known) not in self._killed_twice:
                self._killed_twice.add((machine.state, known))
                self._check(machine.copy(), f"{story}, then a kill", known=known)

        self._check(machine, story, watch, known=known)
        self._look(Attempt(machine, attempt.receipt or self._run.receipt), f"{story}, then all")

    def _looking(
        self, machine: Machine, story: str, receipt: Receipt | None = None
    ) -> Callable[[], None]:
        """Return what looks at a machine before each step of a process."""
        steps = itertools.count()
        return lambda: self._look(Attempt(machine, receipt), f"{story} at {next(steps)}")

    def _look(self, attempt: Attempt, story: str) -> None:
        """Recover every disk that a loss of power may leave now."""
        machine, known = attempt.machine, attempt.receipt is not None
        if (machine.state, known) in self._looked:
            return
        self._looked.add((machine.state, known))
        disks, states = self.explored.disks, self.explored.states
        for image in machine.power_loss(self._sample, self._most):
            key = image.key
            if (key, known) in states:
                continue
            states.add((key, known))
            if key not in disks:
                again = started(image, machine.boot + 1)
                disks[key] = recovered(self._run, again, self._disk_class)
            self._judge(disks[key], story, known=known)

    def _check(
        self,
        machine: Machine,
        story: str,
        watch: Callable[[], None] = unwatched,
        *,
        known: bool,
    ) -> None:
        self._judge(recovered(self._run, machine, self._disk_class, watch), story, known=known)

    def _judge(self, recovery: Recovery, story: str, *, known: bool) -> None:
        wrong = recovery.violation(acknowledged=known)
        if wrong:
            if self._to_the_first:
                raise Violated(wrong)
            self.explored.violations.append(f"{self._run.act.name}: {story}: {wrong}")


def failing_at(at: int, code: int, *, sticky: bool) -> Callable[[int], int | None]:
    """Return the plan by which one step fails, or all from it on."""
    return lambda step: code if step == at or (sticky and step > at) else None
