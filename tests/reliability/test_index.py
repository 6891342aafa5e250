"""The index is a copy that may be old, torn, foreign or gone: it is made anew, never believed."""

from __future__ import annotations

import itertools
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from json import dumps
from pathlib import Path
from typing import Any

import pytest

from fundledger.errors import InputInvalid
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.index import Index, ReadIndex
from fundledger.ledger.tables import SHAPES
from support.acts import SPRING, Act, Healthy, healthy_runs
from support.crashes import Attempt, attempted, started, violation
from support.offices import DIBAO, draft, fund_at, granted
from support.sim_disk import SimDisk
from support.sim_machine import Machine
from support.strange import place_strange

INDEX = "index.sqlite"


class ForgetfulLock(SimDisk):
    """The note that a writer is at work is never left."""

    def set_flag(self, note: bytes) -> None:
        if note.startswith(b"clean"):
            super().set_flag(note)


class WarmRun:
    """An act by a process that finds an index as the one before it left it."""

    def __init__(self, name: str, folder: Path, disk_class: type[SimDisk] = SimDisk) -> None:
        """Do the act once, after those before it, and keep the index before and after."""
        self.run: Healthy = healthy_runs()[name]
        self.disk_class = disk_class
        self.before = folder / "before"
        self.now = folder / "now"
        self.older = folder / "older"
        self.before.mkdir()
        acts = list(itertools.takewhile(lambda act: act.name != name, SPRING))
        for act in acts:
            self._do(act, self.before)
        shutil.copytree(self.before, self.now)
        self.steps = self._do(self.run.act, self.now)

    def _do(self, act: Act, index: Path) -> int:
        run = healthy_runs()[act.name]
        disk = self.disk_class(started(run.before, 1, index))
        assert act.on(disk).head == run.receipt.head
        return len(disk.steps)

    def violations(self) -> Iterator[str]:
        """Stop before every step; say what is wrong after a kill, and after a power loss."""
        for stop_at in range(self.steps + 1):
            self._put(self.before, self.now)
            machine = started(self.run.before, 1, self.now)
            attempt = attempted(self.run, self.disk_class(machine, stop_at))
            images = list(machine.power_loss())
            self._put(self.now, self.older)
            yield from self._wrong(machine, attempt)
            for image, spoil in itertools.product((images[0], images[-1]), SPOILED):
                self._put(self.older, self.now)
                spoil(self.now, self.before)
                after = started(image, 2, self.now)
                yield from self._wrong(after, attempt)

    def _wrong(self, machine: Machine, attempt: Attempt) -> Iterator[str]:
        wrong = violation(self.run, machine, attempt.receipt, self.disk_class)
        if wrong:
            yield wrong

    def _put(self, source: Path, target: Path) -> None:
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)


def _as_left(index: Path, before: Path) -> None:
    del index, before


def _as_before(index: Path, before: Path) -> None:
    shutil.rmtree(index)
    shutil.copytree(before, index)


def _half(index: Path, before: Path) -> None:
    del before
    for path in index.iterdir():
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2])


SPOILED = (_as_left, _as_before, _half)


@pytest.mark.parametrize("name", [act.name for act in SPRING[1:]])
def test_no_index_that_a_crash_leaves_makes_a_difference(name: str, tmp_path: Path) -> None:
    assert list(WarmRun(name, tmp_path).violations()) == []


def test_a_writer_that_leaves_no_note_is_noticed(tmp_path: Path) -> None:
    assert next(WarmRun("reversal", tmp_path, ForgetfulLock).violations())


def _expense(fund: Fund, key: str) -> tuple[str, ...]:
    return fund.record(draft(drafts.expense(2026, DIBAO, 1_00), event="expense"), key=key).refs


def _two_funds(root: Path) -> tuple[Fund, Path]:
    """Return a fund with three vouchers in March, and where its index lies."""
    for name in ("dibao", "union"):
        with_money = fund_at(root, name)
        granted(with_money)
        assert _expense(with_money, "one") == ("2026-03-0001",)
        with_money.close_files()
        shutil.copytree(root / name / ".state", root / f"old-{name}")
        assert _expense(with_money, "two") == ("2026-03-0002",)
        with_money.close_files()
    return fund_at(root), root / "dibao" / ".state"


def _gone(state: Path) -> None:
    (state / INDEX).unlink()


def _garbage(state: Path) -> None:
    (state / INDEX).write_bytes(bytes(range(256)) * 64)


def _empty(state: Path) -> None:
    (state / INDEX).write_bytes(b"")


def _torn(state: Path) -> None:
    data = (state / INDEX).read_bytes()
    (state / INDEX).write_bytes(data[: len(data) // 2 // 4096 * 4096])


def _older(state: Path) -> None:
    shutil.copy(state.parents[1] / "old-dibao" / INDEX, state / INDEX)


def _of_another_fund(state: Path) -> None:
    shutil.copy(state.parents[1] / "union" / ".state" / INDEX, state / INDEX)


def _of_another_fund_and_no_note(state: Path) -> None:
    _of_another_fund(state)
    (state / "lock").write_bytes(b"x")


def _sql(*statements: str) -> Callable[[Path], None]:
    def spoil(state: Path) -> None:
        database = sqlite3.connect(state / INDEX)
        for statement in statements:
            database.execute(statement)
        database.commit()
        database.close()

    spoil.__name__ = statements[0]
    return spoil


def _holding(name: str, value: str) -> Callable[[Path], None]:
    def spoil(state: Path) -> None:
        database = sqlite3.connect(state / INDEX)
        database.execute("UPDATE state SET value = ? WHERE name = ?", (value, name))
        database.commit()
        database.close()

    spoil.__name__ = f"{name} {value}"
    return spoil


_HEAD = "UPDATE state SET value = replace(value, '{}', '{}') WHERE key = 'head'"
SPOILERS = (
    _gone,
    _garbage,
    _empty,
    _torn,
    _older,
    _of_another_fund,
    _of_another_fund_and_no_note,
    _sql("PRAGMA user_version = 99"),
    _sql("UPDATE state SET value = '{' WHERE key = 'head'"),
    _sql("UPDATE state SET value = '[]' WHERE key = 'head'"),
    _sql(_HEAD.format('"sequence":', '"sequence":1.')),
    _sql("UPDATE state SET value = '{}' WHERE key = 'charter'"),
    _sql("UPDATE state SET value = x'ff' WHERE key = 'charter'"),
    _sql(_HEAD.format('"digest":"', '"digest":"0')),
    _sql("UPDATE state SET value = 'x' WHERE name = 'balances'"),
    _sql("UPDATE state SET value = '\"1\"' WHERE name = 'balances'"),
    _sql("UPDATE state SET value = NULL WHERE name = 'months'"),
    _sql("UPDATE state SET value = '[]' WHERE name = 'days'"),
    _sql("UPDATE state SET value = x'ff' WHERE name = 'keys'"),
    _sql("PRAGMA user_version = 99", "UPDATE state SET value = '0' WHERE name = 'balances'"),
    _holding("accounts", "7"),
    _holding("places", "5"),
    _holding("places", "[1]"),
    _holding("places", '["2026-03",0,"1"]'),
    _holding("keys", "9"),
    _holding("keys", '"x"'),
    _holding("reserves", "[1,2]"),
    _holding("months", "1.5"),
    _holding("days", '{"2026-03-05":"1"}'),
    _holding("duties", "[1]"),
    _holding("book_bytes", "null"),
    _sql("UPDATE state SET value = replace(value, '低保', '特困') WHERE key = 'charter'"),
    _sql("DROP TABLE state"),
    _sql("DELETE FROM state"),
)


@pytest.mark.parametrize("spoil", SPOILERS, ids=lambda spoil: spoil.__name__)
def test_a_spoiled_index_is_thrown_away(spoil: Callable[[Path], None], tmp_path: Path) -> None:
    fund, state = _two_funds(tmp_path)
    spoil(state)
    assert _expense(fund, "two") == ("2026-03-0002",)
    assert _expense(fund, "three") == ("2026-03-0003",)
    assert _expense(fund, "four") == ("2026-03-0004",)
    assert [f.code for f in fund.check(date(2026, 3, 31)).findings if f.code[:3] == "FL6"] == []
    assert len(list(fund.vouchers())) == 7
    assert [record.kind for record in fund.records()].count("charter") == 1
    fund.close_files()


@pytest.mark.parametrize("spoil", SPOILERS, ids=lambda spoil: spoil.__name__)
def test_a_rehearsal_on_a_spoiled_index_says_the_same_and_leaves_it(
    spoil: Callable[[Path], None], tmp_path: Path
) -> None:
    fund, state = _two_funds(tmp_path)
    spoil(state)
    before = sorted((path.name, path.read_bytes()) for path in state.iterdir())

    assert _expense(fund.rehearsal(), "two") == ("2026-03-0002",)
    assert _expense(fund.rehearsal(), "three") == ("2026-03-0003",)
    assert _expense(fund.rehearsal(), "one") == ("2026-03-0001",)
    assert sorted((path.name, path.read_bytes()) for path in state.iterdir()) == before
    fund.close_files()


# A value of each table as it is stored.
STORED: dict[str, Any] = {
    "accounts": "2026-03-0001",
    "balances": 100,
    "days": {"2026-03-05": 100},
    "reserves": [100, 200, "2026-03-05"],
    "months": 3,
    "book_bytes": 400,
    "places": ["2026-03", 0, 1],
    "undone": "2026-03-0002",
    "corrected": {"2026-03-0002": 100},
    "keys": [2, "digest", ["2026-03-0001"]],
    "documents": "2026-03-0001",
    "closed": 9,
    "years": 9,
    "assertions": ["Assets:Bank:Dedicated", "2026-03-31", 100, "S09", None, 4],
    "signed": [
        {
            "account": "Assets:Bank:Dedicated",
            "date": "2026-03-31",
            "amount_fen": 100,
            "booked_fen": 100,
            "statements": ["0" * 64],
        },
        "S09",
        "2026-04-01T08:00:00",
        [3],
    ],
    "standing": [1],
    "emptied": 1,
    "duties": ["S01"],
    "near": [["2026-03-0001", "2026-03-05", 100]],
    "batches": {
        "id": "B2026-03-001",
        "sequence": 4,
        "kind": "reissue",
        "list": "0f" * 32,
        "document": "ab" * 32,
        "maker": "S03",
        "prepared_on": "2026-03-10",
        "totals": {"CASC:Dibao": [2, 20000]},
        "base": ["exported", "2026-03-11", "", "", 0, 0],
        "apart": {
            "L-AAAAAAAAAAAA": [
                ["failed", "2026-03-11", "", "AC04", 0, 0],
                "CASC",
                "Dibao",
                10000,
            ]
        },
        "parents": {"L-AAAAAAAAAAAA-1": ["B2026-02-001", "L-AAAAAAAAAAAA", ["returned"]]},
        "approver": "S07",
        "approved_on": "2026-03-10",
        "exported_on": "2026-03-10",
        "accepted_on": "",
        "refused_on": "",
        "file": "a" * 64,
        "receipt": [2, 20000, "a" * 64],
        "unread": False,
    },
    "entitled": ["B2026-03-001"],
    "batch_months": 1,
    "control": 100,
    "advances": ["2026-03-05", {"2026-03-05": 10000, "2026-03-06": -100}, {"CASC:Dibao": 9900}],
    "settling": "2026-03-0007",
    "stages": [
        [
            3,
            {
                "year": 2026,
                "stage": "approved",
                "on": "2026-03-02",
                "document_number": "例财〔2026〕1号",
                "lines": [["CASC", "Dibao", 10000]],
                "rests_on": "a" * 64,
                "resolution": "例联〔2026〕1号",
                "replaces": 2,
            },
            "S01",
            "2026-03-02T09:00:00+08:00",
            ["2026-03-0001"],
        ]
    ],
}


def _other_types(value: Any) -> Iterator[Any]:  # noqa: ANN401 - any JSON
    """Yield a value with one thing in it of another type, for each thing in it."""
    if isinstance(value, list):
        yield from ("x", {})
        for place, inner in enumerate(value):
            for other in _other_types(inner):
                yield [*value[:place], other, *value[place + 1 :]]
    elif isinstance(value, dict):
        yield from ("x", [])
        for key, inner in value.items():
            for other in _other_types(inner):
                yield {**value, key: other}
    else:
        yield from (0.5, [0], {"x": 0}, 7 if isinstance(value, str) else "x")


def _read_back(path: Path, name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return what an index gives that holds a value in a table."""
    Index(str(path), "dibao").close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT OR REPLACE INTO state VALUES (?, 'k', ?)", (name, dumps(value)))
    index = ReadIndex(str(path), "dibao")
    try:
        return index.table(name)["k"]
    finally:
        index.close()


@pytest.mark.parametrize("name", SHAPES)
def test_a_stored_value_of_another_type_is_damage(name: str, tmp_path: Path) -> None:
    path = tmp_path / INDEX
    assert _read_back(path, name, STORED[name]) != SHAPES[name].default()

    for wrong in _other_types(STORED[name]):
        with pytest.raises(sqlite3.DatabaseError):
            pytest.fail(f"{wrong} was read as {_read_back(path, name, wrong)}")


@pytest.mark.parametrize("name", [INDEX, f"{INDEX}-wal"])
@pytest.mark.parametrize("how", ["symlink", "hardlink", "folder", "fifo"])
def test_an_index_that_is_a_link_or_no_file_is_refused(name: str, how: str, tmp_path: Path) -> None:
    fund, state = _two_funds(tmp_path)
    other = tmp_path / "union" / ".state" / INDEX
    before = other.read_bytes()
    place_strange(state / name, how, other)
    with pytest.raises(InputInvalid) as refusal:
        _expense(fund, "three")
    assert refusal.value.codes == ("FL603",)
    assert other.read_bytes() == before
    fund.close_files()
