"""What a fund does on a machine that fails, and what must be found on its disk afterwards."""

from __future__ import annotations

import copy
import errno
import hashlib
import itertools
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from fundledger.charter import FundCharter
from fundledger.errors import FundledgerError
from fundledger.fund import Fund, open_fund
from fundledger.ledger import drafts
from fundledger.ledger.disk import RealDisk
from fundledger.ledger.store import Receipt
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from support.offices import DIBAO, ILLNESS, charter, draft
from support.sim_disk import Image, Machine, SimDisk, Stopped

BANK = "Assets:Bank:Dedicated"
_MARCH = datetime(2026, 3, 20, 9, 0, tzinfo=SHANGHAI)
_NEW_YEAR = datetime(2027, 1, 5, 9, 0, tzinfo=SHANGHAI)
_CHARTER = charter()
_RENAMED = charter(zh="最低生活保障资金")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a clerk does, always under the same key and at the same time."""

    name: str
    do: Callable[[Fund, str], Receipt]
    at: datetime = _MARCH
    charter: FundCharter = field(default=_CHARTER)

    def on(self, disk: SimDisk) -> Receipt:
        """Do it in a process of its own, on this disk."""
        index = disk.machine.index
        index_path = ":memory:" if index is None else str(index / "index.sqlite")
        return self._by(Fund(disk, self.charter, self._surroundings, index_path=index_path))

    def in_folder(self, root: Path, *, indexed: bool = True) -> Receipt:
        """Do it in a folder on a real disk."""
        if indexed:
            return self._by(open_fund(root, self.charter, self._surroundings))
        disk = RealDisk(root)
        return self._by(Fund(disk, self.charter, self._surroundings, index_path=":memory:"))

    @property
    def _surroundings(self) -> Surroundings:
        return Surroundings(lambda: self.at, lambda: self.name)

    def _by(self, fund: Fund) -> Receipt:
        try:
            return self.do(fund, self.name)
        finally:
            fund.close_files()


def _expense(fund: Fund, key: str) -> Receipt:
    return fund.record(draft(drafts.expense(2026, DIBAO, 512_34), event="expense"), key=key)


def _later_expense(fund: Fund, key: str) -> Receipt:
    later = draft(drafts.expense(2026, DIBAO, 88_00), date(2026, 4, 3), "expense")
    return fund.record(later, key=key)


def _several(fund: Fund, key: str) -> Receipt:
    three = (
        draft(drafts.expense(2026, DIBAO, 100_00), event="expense"),
        draft(drafts.allocation("Street", 7_00), date(2026, 2, 11)),
        draft(drafts.adoption(2026, ILLNESS, 9_00), date(2026, 3, 6), "budget-adopt"),
    )
    return fund.record(three, key=key)


def _granted(fund: Fund, key: str) -> Receipt:
    on = date(2026, 1, 2)
    return fund.record(
        (
            draft(drafts.allocation("District", 10_000_00), on),
            draft(drafts.adoption(2026, DIBAO, 10_000_00), on, "budget-adopt"),
            draft(drafts.allotment(2026, DIBAO, 10_000_00), on, "allot"),
        ),
        key=key,
    )


def _asserted(fund: Fund, key: str) -> Receipt:
    return fund.assert_balance(BANK, date(2026, 3, 31), 9_394_66, actor="S05", key=key)


def _reversed(fund: Fund, key: str) -> Receipt:
    return fund.reverse("2026-03-0001", on=date(2026, 4, 2), maker="S03", reviewer="S01", key=key)


def _closed(fund: Fund, key: str) -> Receipt:
    return fund.close(key.removeprefix("close "), actor="S02", key=key)


def _year_end(fund: Fund, key: str) -> Receipt:
    return fund.close_year(2026, actor="S02", maker="S03", reviewer="S01", key=key)


FIRST = Act("first", _granted)
SPRING = (
    FIRST,
    Act("expense", _expense),
    Act("several", _several),
    Act("assertion", _asserted, _MARCH + timedelta(days=13)),
    Act("reversal", _reversed, _MARCH + timedelta(days=13)),
    Act("charter", _later_expense, _MARCH + timedelta(days=15), _RENAMED),
)
YEAR = (FIRST, Act("close 2026-01", _closed), Act("year-end", _year_end, _NEW_YEAR))


@dataclass(frozen=True, slots=True)
class Healthy:
    """An act done without any fault: the disk before and after, and its receipt."""

    act: Act
    before: Image
    after: Image
    receipt: Receipt
    steps: int


def healthy_runs(acts: Sequence[Act] = SPRING) -> dict[str, Healthy]:
    """Do all acts in order on a sound machine; each begins on a disk that is all durable."""
    runs: dict[str, Healthy] = {}
    image: Image | None = None
    for act in acts:
        machine = Machine(image)
        before = machine.cached() if image else Image()
        disk = SimDisk(machine)
        receipt = act.on(disk)
        image = machine.cached()
        runs[act.name] = Healthy(act, before, image, receipt, len(disk.steps))
    return runs


def started(image: Image, boot: int = 2, index: Path | None = None) -> Machine:
    """Return a machine that starts with a disk, which may be an empty one."""
    return Machine(image if image.files or image.folders else None, boot, index)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of an act that was disturbed: the machine, the receipt if it was acknowledged."""

    machine: Machine
    receipt: Receipt | None
    stopped: bool = False


def no_fault(_: int) -> int | None:
    """Return that a step works, as all do."""
    return None


def attempted(
    run: Healthy,
    machine: Machine,
    disk_class: type[SimDisk] = SimDisk,
    stop_at: int | None = None,
    faults: Callable[[int], int | None] = no_fault,
) -> Attempt:
    """Do an act that may be stopped before a step, or whose steps may fail."""
    disk = disk_class(machine, stop_at, faults)
    try:
        return Attempt(machine, run.act.on(disk))
    except Stopped:
        return Attempt(machine, None, stopped=True)
    except FundledgerError:
        return Attempt(machine, None)


def violation(
    run: Healthy,
    machine: Machine,
    acknowledged: Receipt | None,
    disk_class: type[SimDisk] = SimDisk,
) -> str:
    """Say how the next process finds something that must not be; empty when all is well.

    It retries the act with the same key, after which journal and books must be, byte for byte,
    what they are without any fault: so nothing is lost, doubled, half there or left behind.
    """
    found = machine.cached()
    try:
        receipt = run.act.on(disk_class(machine))
    except (FundledgerError, OSError, AssertionError) as error:
        return f"the retry fails: {error!r}"
    if acknowledged is not None and not receipt.again:
        return "what was acknowledged is recorded once more"
    if what(receipt) != what(run.receipt):
        return f"another receipt: {what(receipt)}"
    now = machine.cached()
    if now.books != run.after.books:
        changed = {
            name
            for name in {*now.books, *run.after.books}
            if now.books.get(name) != run.after.books.get(name)
        }
        return f"other files than without the fault: {sorted(changed)}"
    kept = [data for name, data in now.files.items() if name.startswith(".state/quarantine/")]
    cut = torn_bytes(found)
    if cut and cut not in kept:
        return f"{len(cut)} bytes were cut and not kept"
    return ""


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
    """How many different disks were recovered, and what was wrong on which."""

    seen: set[Any] = field(default_factory=set)
    violations: list[str] = field(default_factory=list)


class Explorer:
    """Disturbs one act in every way, and looks at every disk that this may leave behind."""

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
        self.explored = Explored()

    def power_losses(self) -> Explored:
        """The power goes out before any step."""
        for stop_at in range(self._run.steps + 1):
            attempt = self._attempt(started(self._run.before, 1), stop_at)
            self._look(attempt, f"power loss at {stop_at}")
        return self.explored

    def kills(self) -> Explored:
        """The process is killed before any step; the power goes out at any step of the next."""
        for stop_at in range(self._run.steps + 1):
            attempt = self._attempt(started(self._run.before, 1), stop_at)
            self._and_then(attempt, f"kill at {stop_at}")
        return self.explored

    def faults(self, *codes: int) -> Explored:
        """A step fails, once or from then on; the power goes out at any step of the next."""
        for code, sticky in itertools.product(codes, (False, True)):
            for at in range(self._run.steps):
                failing = failing_at(at, code, sticky=sticky)
                attempt = self._attempt(started(self._run.before, 1), None, failing)
                story = f"{errno.errorcode[code]} {'from' if sticky else 'at'} {at}"
                self._and_then(attempt, story)
        return self.explored

    def losses_again(self) -> Explored:
        """The power goes out before any step, and again before any step of the recovery."""
        for stop_at in range(self._run.steps + 1):
            attempt = self._attempt(started(self._run.before, 1), stop_at)
            for image in list(attempt.machine.power_loss(self._sample, self._most)):
                self._next(Attempt(started(image), attempt.receipt), f"power loss at {stop_at}")
        return self.explored

    def _attempt(
        self,
        machine: Machine,
        stop_at: int | None = None,
        faults: Callable[[int], int | None] = no_fault,
    ) -> Attempt:
        return attempted(self._run, machine, self._disk_class, stop_at, faults)

    def _and_then(self, attempt: Attempt, story: str) -> None:
        """Look at what the next process finds, and what power losses make of its work."""
        self._next(attempt, story)
        self._check(attempt.machine, attempt.receipt, story)

    def _next(self, attempt: Attempt, story: str) -> None:
        stopped, stop_at = True, 0
        while stopped:
            machine = copy.deepcopy(attempt.machine)
            again = self._attempt(machine, stop_at)
            known = attempt.receipt or again.receipt
            self._look(Attempt(machine, known), f"{story}, then power loss at {stop_at}")
            stopped = again.stopped
            stop_at += 1

    def _look(self, attempt: Attempt, story: str) -> None:
        for image in attempt.machine.power_loss(self._sample, self._most):
            key = (image.key, attempt.receipt is not None)
            if key not in self.explored.seen:
                self.explored.seen.add(key)
                self._check(started(image, attempt.machine.boot + 1), attempt.receipt, story)

    def _check(self, machine: Machine, receipt: Receipt | None, story: str) -> None:
        wrong = violation(self._run, machine, receipt, self._disk_class)
        if wrong:
            if self._to_the_first:
                raise Violated(wrong)
            self.explored.violations.append(f"{self._run.act.name}: {story}: {wrong}")


def failing_at(at: int, code: int, *, sticky: bool) -> Callable[[int], int | None]:
    """Return the plan by which one step fails, or all from it on."""
    return lambda step: code if step == at or (sticky and step > at) else None
