"""Batches by the index, and by two processes at once: as the journal says, and nothing twice."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from fundledger.errors import Refused
from fundledger.fund import Fund
from fundledger.ledger.books import Books
from fundledger.ledger.index import StoredTable
from support.explore import environment
from support.paying import Payments, entitlement
from support.payouts.machine import REPEATABLE, PayoutMachine

WALKS = settings(REPEATABLE, max_examples=3, stateful_step_count=30)
SEARCH = settings(WALKS, max_examples=10, phases=[Phase.generate])


def _said(books: Books) -> dict[str, Any]:
    """Return all that is kept of batches."""
    return {
        "batches": books.batches(),
        "control": {key: fen for key, fen in books.control.rows() if fen},
        "entitled": {key: names for key, names in books.entitled.rows() if names},
        "months": dict(books.batch_months.rows()),
        "held": books.held(),
        "apart": books.apart_fen(),
    }


def _by_index(fund: Fund) -> dict[str, Any]:
    """Return what the index says of batches, caught up with the journal."""
    return fund._store._current.use(_said)  # noqa: SLF001 - what no act shows whole


class IndexMachine(PayoutMachine):
    """Whatever becomes of the index, it says of batches what a fold of the journal says."""

    @property
    def state(self) -> Path:
        return self.root / "dibao" / ".state"

    @rule(how=st.sampled_from(("kept", "kept", "older", "older", "gone", "half", "no note")))
    def index_is_left(self, how: str) -> None:
        self.desk.fund.close_files()
        kept = self.root / "kept"
        files = [path for path in self.state.iterdir() if path.name.startswith("index")]
        if how == "kept" or (how == "older" and not kept.exists()):
            shutil.rmtree(kept, ignore_errors=True)
            kept.mkdir()
            for path in files:
                shutil.copy(path, kept)
            return
        for path in files:
            data = path.read_bytes()
            path.unlink()
            if how == "half":
                path.write_bytes(data[: len(data) // 2])
        if how == "older":
            shutil.copytree(kept, self.state, dirs_exist_ok=True)
        if how == "no note":
            (self.state / "lock").write_bytes(b"x")

    @invariant()
    def index_and_journal_agree(self) -> None:
        said = _said(self.books)
        assert _by_index(self.desk.fund.rehearsal()) == said
        assert _by_index(self.desk.fund) == said


def test_whatever_becomes_of_the_index_it_says_of_batches_what_the_journal_says() -> None:
    run_state_machine_as_test(IndexMachine, settings=WALKS)


@pytest.mark.parametrize("table", ["batches", "entitled", "control", "batch_months"])
def test_an_index_that_forgets_a_table_is_noticed(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = StoredTable.changed

    def without(self: StoredTable) -> list[tuple[str, str, str]]:
        return [row for row in whole(self) if row[0] != table]

    monkeypatch.setattr(StoredTable, "changed", without)
    with pytest.raises((AssertionError, Refused)):
        run_state_machine_as_test(IndexMachine, settings=SEARCH)


def test_an_index_that_was_made_without_a_list_is_made_anew_when_it_is_back(
    tmp_path: Path,
) -> None:
    payments = Payments(tmp_path)
    batch, (first, second) = payments.sent([entitlement(1), entitlement(2)])
    payments.result(batch, "2026-03-11", {first: "failed"})
    whole = _said(payments.fund.books())
    payments.fund.close_files()
    root = tmp_path / "dibao"
    (root / "lists").rename(tmp_path / "away")
    for path in (root / ".state").glob("index*"):
        path.unlink()
    with pytest.raises(Refused) as refusal:
        payments.step(batch, "debit", "2026-03-11", key="debit")
    assert refusal.value.codes == ("FL751",)
    assert payments.batch(batch).unread

    (root / "lists").mkdir()
    for path in sorted((tmp_path / "away").iterdir()):
        assert _by_index(payments.fund) != whole
        shutil.copy(path, root / "lists")
    assert _by_index(payments.fund.rehearsal()) == whole
    assert _by_index(payments.fund) == whole
    payments.fund.close_files()
    assert _by_index(payments.fund) == whole
    assert payments.step(batch, "debit", "2026-03-11", key="debit").refs
    assert payments.result(batch, "2026-03-11", {second: "paid"}, key="result").refs == ()


_BOTH = """
import json, os, sys
from datetime import date
from pathlib import Path
from fundledger.errors import Refused
from fundledger.ledger import drafts
from support.offices import draft
from support.paying import EVIDENCE, MAKER, Payments, entitlement

root = Path(sys.argv[1])
payments = Payments(root)
people = [entitlement(1, 300_00), entitlement(2, 200_00)]
told = {}

def both(step, act):
    held, go = os.pipe()
    heard = []
    for name in ("one", "two"):
        read, write = os.pipe()
        heard.append(read)
        if not os.fork():
            os.close(go)
            try:
                mine = Payments(root)
                mine.fund.examine(draft(drafts.donation(1_00)))  # has the books in memory
                os.read(held, 1)
                said = f"recorded {len(act(mine, name).refs)}"
            except Refused as refused:
                said = " ".join(sorted(set(refused.codes)))
            except BaseException as error:
                said = repr(error)
            os.write(write, said.encode())
            os._exit(0)
        os.close(write)
    os.close(held)
    os.close(go)
    told[step] = sorted(os.read(read, 1000).decode() for read in heard)
    for _ in heard:
        os.wait()

both("prepare", lambda mine, name: mine.fund.prepare_batch(
    people, on=date(2026, 3, 10), actor=MAKER, document=EVIDENCE, key=f"prepare {name}"))
(batch,) = (one.id for one in payments.batches())
first, second = (line.line for line in payments.lines(batch))
day = "2026-03-10"

def step(slug, lines=(), same_key=""):
    def act(mine, name):
        key = f"{slug} {same_key or name}"
        if lines:
            return mine.named(batch, slug, day, lines, key=key)
        return mine.step(batch, slug, day, key=key)
    both(slug, act)

def result(slug, said):
    both(slug, lambda mine, name: mine.result(batch, day, said, key=f"{slug} {name}"))

step("approve")
step("export", same_key="twice")
step("accept")
result("unknown", {first: "unknown", second: "unknown"})
step("debit")
result("result", {first: "failed", second: "paid"})
step("credit-back")
step("cancel", [first])
step("return", [second])
records = [record.body["step"] for record in payments.fund.records() if record.kind == "batch"]
figures = payments.figures()
audit = payments.fund.check(date(2026, 3, 15))
json.dump([told, records, figures, audit.clean], sys.stdout)
"""


def test_of_two_who_take_the_same_step_at_once_one_is_refused_and_nothing_is_posted_twice(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", _BOTH, str(tmp_path)]
    done = subprocess.run(command, env=environment(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    told, records, figures, clean = json.loads(done.stdout)
    assert told == {
        "prepare": ["FL753", "recorded 0"],
        "approve": ["FL750", "recorded 1"],
        "export": ["recorded 1", "recorded 1"],
        "accept": ["FL750", "recorded 0"],
        "unknown": ["FL750", "recorded 0"],
        "debit": ["FL750", "recorded 1"],
        "result": ["FL750", "recorded 1"],
        "credit-back": ["FL750", "recorded 1"],
        "cancel": ["FL750", "recorded 1"],
        "return": ["FL750", "recorded 1"],
    }
    steps = ["prepare", "approve", "export", "accept", "result", "debit", "result"]
    assert records == [*steps, "credit-back", "cancel", "return"]
    assert clean
    assert figures == {
        "bank": "1e+06",
        "returned": "200",
        "expense": "200",
        "available": "999800",
        "encumbered": "200",
    }
