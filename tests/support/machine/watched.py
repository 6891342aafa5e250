"""One fund in a real folder with its model beside it: what every call and every step must keep."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, invariant
from msgspec.json import encode

from fundledger.charter import FundCharter
from fundledger.errors import Refused
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.books import Books
from fundledger.ledger.index import Index
from fundledger.ledger.journal import SEGMENT_PATH
from fundledger.ledger.plan import Receipt
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from fundledger.ledger.text import month_file
from fundledger.ledger.voucher import Draft, numbered
from support.forcing import force
from support.machine.clerks import Call, Wish, call, drafted
from support.machine.dying import DyingDisk, WatchedDisk
from support.machine.model import BANK, Model, kind_of, line_of
from support.offices import SINCE, Clock, charter_values, draft, fund_at, numbered_keys

START = datetime(2025, 11, 18, 9, 30, tzinfo=SHANGHAI)
HEALING = frozenset({"FL601", "FL604", "FL608", "FL621"})
# In memory where that is possible: it is the calls that are tried here, not how a disk keeps.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - each run its own
TABLES = (
    "opened",
    "balances",
    "months",
    "places",
    "undone",
    "keys",
    "closed",
    "years",
    "assertions",
    "signed",
    "standing",
    "emptied",
)


class WatchedFund(RuleBasedStateMachine):
    """One fund in a real folder, two open handles on it, and what must hold after every step."""

    def start(self, *, keeps: bool, strict: bool, given: int) -> None:
        """Found the fund, give it money, and allot a third of it to each of two lines."""
        self.home = Path(tempfile.mkdtemp(prefix="fund-machine-", dir=MEMORY))
        self.root = self.home / "dibao"
        self.clock = Clock(START)
        self.charter = rules(keeps=keeps, strict=strict)
        self.model = Model(keeps, strict)
        self.keys: dict[str, tuple[Call, Receipt]] = {}
        self.count = 0
        self.unhealed = False
        self.checked = False
        self.hands = [self._opened(), self._opened()]
        mistaken = draft(drafts.allocation("District", given), self.today, maker="S77")
        self.refuse_untouched(mistaken)
        self.model.records = 1
        many = [
            drafted(Wish(event, which, times * given, 0), self.model, self.today)
            for event, times in (("allocation", 3), ("budget-adopt", 2), ("allot", 1))
            for which in ((0,) if event == "allocation" else (0, 1))
        ]
        self.do(call("record", many), *self.judged(many))

    def teardown(self) -> None:
        if hasattr(self, "hands"):
            for hand in self.hands:
                hand.close_files()
            shutil.rmtree(self.home)

    def _opened(self) -> Fund:
        return self._over(WatchedDisk(self.root))

    def _over(self, disk: WatchedDisk | DyingDisk) -> Fund:
        surroundings = Surroundings(self.clock, numbered_keys(), 5.0)
        index = self.root / ".state" / "index.sqlite"
        return Fund(disk, self.charter, surroundings, index_path=str(index))

    @property
    def today(self) -> date:
        return self.clock().date()

    @property
    def fund(self) -> Fund:
        return self.hands[0]

    def judged(self, many: list[Draft]) -> tuple[set[str], Model]:
        after = self.model.copy()
        return after.judge(many, self.today), after

    def do(
        self, what: Call, codes: set[str], after: Model, *, exact: bool = True, key: str = ""
    ) -> bool:
        """Make a call that must be refused with these codes, or lead to the state `after`."""
        self.count += 1
        key = key or f"key-{self.count}"
        before = self.files()
        self.checked = False
        try:
            receipt = what.on(self.fund, key)
        except Refused as refusal:
            self.expect_refusal(refusal, codes, exact=exact)
            self.expect_files(before)
            return False
        assert not codes, f"recorded in spite of {codes}"
        self.accept(what, key, receipt, after)
        return True

    def expect_refusal(self, refusal: Refused, codes: set[str], *, exact: bool) -> None:
        found = {finding.code for finding in refusal.findings if finding.gates}
        assert codes, f"refused with {refusal}, and nothing is wrong"
        assert codes <= found, f"refused with {found}, not {codes}"
        assert found == codes or not exact, f"refused with {found}, not {codes}"

    def accept(self, what: Call, key: str, receipt: Receipt, after: Model) -> None:
        new = after.booked[len(self.model.booked) :]
        assert receipt.refs == tuple(booked.ref for booked in new)
        assert receipt.sequence == after.records
        assert receipt.key == key
        self.model = after
        self.keys[key] = (what, receipt)
        self.unhealed = False
        assert self.chain()[-1] == receipt.head
        unsynced = {name for hand in self.hands for name in hand_disk(hand).unsynced}
        assert not unsynced, f"acknowledged before {unsynced} were durable"
        self.compare_index()

    def refuse_untouched(self, mistaken: Draft) -> None:
        """A refusal on a fund without a journal must leave it without one."""
        assert self.fund.examine(mistaken)
        assert not [name for name in self.files() if name.startswith("journal/")]
        refused = False
        try:
            self.fund.record(mistaken)
        except Refused:
            refused = True
        assert refused, "recorded by nobody on the staff"
        assert not [name for name in self.files() if name.startswith("journal/")]

    def files(self) -> dict[str, bytes]:
        if not self.root.is_dir():
            return {}
        return dict(_files_in(str(self.root), ""))

    def expect_files(self, before: dict[str, bytes]) -> None:
        """After a refusal the files are as they were; an earlier kill may have been mended."""
        after = self.files()
        if self.unhealed:
            segments = {name for name in before if SEGMENT_PATH.fullmatch(name)}
            left = {name for name in after if name.startswith("journal/")}
            assert segments <= left <= before.keys(), "what a kill left is at most swept away"
            assert all(before[name].startswith(after[name]) for name in left)
            self.unhealed = False
        else:
            assert after == before, "a refusal changed the files"

    def chain(self) -> list[str]:
        """Return the digests of the journal, worked out anew from its bytes."""
        digest = hashlib.sha256(b"fundledger journal 1 dibao").hexdigest()
        digests = []
        for path in sorted((self.root / "journal").iterdir()):
            for text in path.read_bytes().splitlines(keepends=True):
                assert text.endswith(b"}\n")
                digest = hashlib.sha256(digest.encode() + text[86:-2]).hexdigest()
                assert text.startswith(b'{"sha256":"%b","record":{' % digest.encode())
                digests.append(digest)
        return digests

    def compare_index(self) -> None:
        """What the index holds is what the journal folds to, table by table."""
        folded = self.fund.books()
        index = Index(str(self.root / ".state" / "index.sqlite"), "dibao")
        try:
            stored = Books("dibao", index)
            assert index.load(stored)
            assert stored.head.digest == self.chain()[-1]
            for name in TABLES:
                mine = plain(getattr(stored, name).rows())
                assert mine == plain(getattr(folded, name).rows()), name
            for month, length in stored.book_bytes.rows():
                assert (self.root / month_file(month)).stat().st_size == length
            for day in {b.day for b in self.model.booked if BANK in dict(b.moves)}:
                assert stored.balance(BANK, day) == self.model.balance(BANK, day)
                assert stored.lowest(BANK, day)[0] == self.model.lowest(BANK, day)
        finally:
            index.close()

    @invariant()
    def agrees(self) -> None:
        """The books say what the model says, fen for fen, and the audit finds nothing."""
        if not hasattr(self, "hands") or self.checked:
            return
        books = self.fund.books()
        model = self.model
        balances = model.balances()
        assert {name: books.balance(name) for name in books.account_names()} == balances
        assert books.head.sequence == model.records
        assert books.head.closed_through == model.closed_through
        assert dict(books.months.rows()) == model.months()
        assert [v.ref for v in self.fund.vouchers()] == [booked.ref for booked in model.booked]
        identities(balances, model)
        audit = self.fund.check(self.today)
        assert audit.records == model.records
        assert audit.vouchers == len(model.booked)
        told = [f for f in audit.findings if f.gates or f.code.startswith("FL6")]
        wrong = [f for f in told if f.code != "FL623"]
        assert len(told) - len(wrong) == model.losses
        if self.unhealed:
            wrong = [f for f in wrong if f.code not in HEALING and not f.subject.endswith(".new")]
        assert not wrong, wrong
        self.checked = True

    def copied(self) -> tuple[Path, Fund]:
        there = self.home / "copy"
        shutil.rmtree(there, ignore_errors=True)
        shutil.copytree(self.root, there / "dibao", ignore=shutil.ignore_patterns(".state"))
        return there / "dibao", fund_at(there, clock=self.clock)

    def force_in(self, wrong: Draft, code: str, number: int = 1) -> None:
        root, fund = self.copied()
        if list(self.fund.records()):
            fund.rebuild()  # a kill may have left a line unfinished, and nobody wrote since
        month = wrong.date.isoformat()[:7]
        voucher = numbered(wrong, self.model.months().get(month, 0) + number)
        at = max(self.clock(), datetime.fromisoformat(list(self.fund.records())[-1].at))
        force(root, fund, [voucher], at=at.isoformat(timespec="seconds"))
        found = {finding.code for finding in fund.check(self.today).findings}
        fund.close_files()
        assert code in found, f"{code} was forced in, and the audit says {found}"


def rules(*, keeps: bool, strict: bool) -> FundCharter:
    """Return a charter, and on its staff somebody who makes vouchers and posts them."""
    values = charter_values(carry_over="keep" if keeps else "lapse")
    values["staff"].append(
        {
            "code": "S08",
            "title_zh": "岗位",
            "title_en": "post",
            "roles": [{"role": role, "from": SINCE} for role in ("maker", "poster")],
        }
    )
    values["controls"]["maker_may_post"] = not strict
    values["controls"]["close_needs_assertion"] = strict
    return FundCharter.model_validate(values)


def plain(rows: Any) -> dict[str, Any]:  # noqa: ANN401 - rows of any table
    """Return rows as the JSON values that they are."""
    return {key: json.loads(encode(value)) for key, value in rows if value}


def hand_disk(fund: Fund) -> WatchedDisk:
    """Return the disk under a handle."""
    disk = fund._disk  # noqa: SLF001 - the disk is what this test put there
    assert isinstance(disk, WatchedDisk)
    return disk


def identities(balances: dict[str, int], model: Model) -> None:
    """What must hold between the accounts of a fund, whatever happened to it."""
    sums: dict[tuple[str, ...], int] = {}
    for name, fen in balances.items():
        kind = kind_of(name)
        key = line_of(name) if kind else ("CNY",)
        sums[key] = sums.get(key, 0) + fen
        if kind in {"Approved", "BroughtForward"}:
            assert fen <= 0, name
        elif kind:
            assert fen >= 0, name
    assert not any(sums.values()), sums
    for year in {booked.day.year for booked in model.booked}:
        spent = [b for b in model.booked if b.day.year == year and not b.closing]
        expended = sum(f for b in spent for n, f in b.moves if kind_of(n) == "Expended")
        direct = sum(f for b in spent for n, f in b.moves if n.startswith("Expenses:"))
        assert expended == direct
        kept = sum(
            fen
            for name, fen in balances.items()
            if kind_of(name) == "Expended" and line_of(name)[0] == str(year)
        )
        assert kept == direct


def _files_in(folder: str, place: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a fund by name, but for its `.state`, some times faster than pathlib."""
    for found in os.scandir(folder):
        name = place + found.name
        if found.is_file():
            yield name, Path(found.path).read_bytes()
        elif name != ".state":
            yield from _files_in(found.path, name + "/")
