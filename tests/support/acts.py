"""What clerks do to a fund, one act after another, as the reliability tests disturb it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from fundledger.charter import FundCharter
from fundledger.fund import Fund, open_fund
from fundledger.ledger import drafts
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.batches.paylist import line_id
from fundledger.ledger.bodies import OpenItem, ReconciliationBody
from fundledger.ledger.disk import RealDisk
from fundledger.ledger.plan import Receipt
from fundledger.ledger.stages import STAGES, StageAct
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from fundledger.payer import BatchAct
from support.offices import DIBAO, ILLNESS, charter, draft
from support.paying import EVIDENCE, MAKER, act_values, entitlement, paying_charter
from support.sim_disk import SimDisk
from support.sim_machine import Image, Machine

BANK = "Assets:Bank:Dedicated"
_MARCH = datetime(2026, 3, 20, 9, 0, tzinfo=SHANGHAI)
_NEW_YEAR = datetime(2027, 1, 5, 9, 0, tzinfo=SHANGHAI)
_CHARTER = charter()
_RENAMED = charter(zh="最低生活保障资金")
_PAYING = paying_charter()
PAYEES = (entitlement(1, 300_00), entitlement(2, 200_00))
BATCH = "B2026-03-001"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a clerk does, always under the same key and at the same time."""

    name: str
    do: Callable[[Fund, str], Receipt]
    at: datetime = _MARCH
    charter: FundCharter = field(default=_CHARTER)
    after_a_loss: bool = False
    """Whether the journal's last record is gone before it begins."""
    ground: bool = False
    """Whether it only lays the ground for those after it, and is not disturbed itself."""

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


def _signed(fund: Fund, key: str) -> Receipt:
    """The bank has not paid the expense by the end of March (企业已付银行未付)."""
    unpaid = OpenItem("book-out", date(2026, 3, 5), 512_34, ("2026-03-0001",))
    body = ReconciliationBody(BANK, date(2026, 3, 31), 10_000_00, 9_487_66, ("3" * 64,), (unpaid,))
    return fund.sign(body, actor="S05", key=key)


def _prepared(fund: Fund, key: str) -> Receipt:
    on = date(2026, 3, 10)
    return fund.prepare_batch(PAYEES, on=on, actor=MAKER, document=EVIDENCE, key=key)


def step_of(step: str, outcomes: Sequence[Outcome] = ()) -> Callable[[Fund, str], Receipt]:
    """Return what takes a step of the batch."""
    given = {"batch": BATCH, "step": step, "on": date(2026, 3, 11), **act_values(step)}
    act = BatchAct(outcomes=outcomes, **given)
    return lambda fund, key: fund.advance_batch(act, key=key)


def said_of_both(first: str, second: str) -> list[Outcome]:
    """Return outcomes of the two payees of the batch."""
    return [
        Outcome(
            line_id("dibao", *DIBAO, payee.period, payee.person),
            word,
            "2026-03-11",
            payee.amount_fen,
            "AC04" if word == "failed" else "",
        )
        for payee, word in zip(PAYEES, (first, second), strict=True)
    ]


def _gave_up(fund: Fund, key: str) -> Receipt:
    return fund.give_up("备份止于3月5日", actor="S01", key=key)


def _staged(stage: str) -> Callable[[Fund, str], Receipt]:
    """Return what records a stage of next year's budget; the last one adopts it."""
    given: dict[str, Any] = {"actor": "S06", "document_number": "例财〔2026〕31号"}
    if stage == "approved":
        given = {
            "actor": "S01",
            "document_number": "例财〔2026〕88号",
            "resolution": "例联〔2026〕9号",
            "maker": "S03",
            "reviewer": "S01",
        }
    lines = {DIBAO: 700_00, ILLNESS: 50_00}
    act = StageAct(year=2027, stage=stage, on=date(2026, 3, 10), lines=lines, **given)
    return lambda fund, key: fund.stage(act, key=key)


FIRST = Act("first", _granted)
EXPENSE = Act("expense", _expense)
SPRING = (
    FIRST,
    EXPENSE,
    Act("several", _several),
    Act("assertion", _asserted, _MARCH + timedelta(days=13)),
    Act("reversal", _reversed, _MARCH + timedelta(days=13)),
    Act("charter", _later_expense, _MARCH + timedelta(days=15), _RENAMED),
)
YEAR = (FIRST, Act("close 2026-01", _closed), Act("year-end", _year_end, _NEW_YEAR))
SIGNED = (FIRST, EXPENSE, Act("sign", _signed, _MARCH + timedelta(days=13)))
LOST = (FIRST, EXPENSE, Act("give up", _gave_up, after_a_loss=True))
PAID = (
    Act("paying", _granted, charter=_PAYING, ground=True),
    Act("prepare", _prepared, charter=_PAYING),
    Act("approve", step_of("approve"), charter=_PAYING),
    Act("export", step_of("export"), charter=_PAYING, ground=True),
    Act("result", step_of("result", said_of_both("failed", "paid")), charter=_PAYING),
)
STAGED = (
    FIRST,
    *(Act(stage, _staged(stage), ground=stage != "approved") for stage in STAGES),
)
CHAINS = (SPRING, YEAR, SIGNED, LOST, PAID, STAGED)
ACTS = {act.name: act for acts in CHAINS for act in acts if not act.ground}


def acts_before(name: str) -> tuple[Act, ...]:
    """Return the acts that come before an act."""
    acts = next(acts for acts in CHAINS if name in {act.name for act in acts})
    return tuple(itertools.takewhile(lambda act: act.name != name, acts))


def lay_out(name: str, root: Path) -> None:
    """Make a folder on a real disk as the act finds it."""
    for earlier in acts_before(name):
        earlier.in_folder(root)
    if ACTS[name].after_a_loss:
        last = max((root / "journal").iterdir())
        last.write_bytes(_without_last_line(last.read_bytes()))


def _without_last_line(segment: bytes) -> bytes:
    return b"".join(segment.splitlines(keepends=True)[:-1])


def _without_last_record(image: Image) -> Image:
    last = max(image.journal)
    return Image(image.folders, {**image.files, last: _without_last_line(image.files[last])})


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
        if image and act.after_a_loss:
            image = _without_last_record(image)
        machine = Machine(image)
        before = machine.cached() if image else Image()
        disk = SimDisk(machine)
        receipt = act.on(disk)
        image = machine.cached()
        runs[act.name] = Healthy(act, before, image, receipt, len(disk.steps))
    return runs


def run_of(name: str) -> Healthy:
    """Return the healthy run of an act, after those that come before it."""
    return healthy_runs((*acts_before(name), ACTS[name]))[name]
