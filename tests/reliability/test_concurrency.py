"""Many processes record into one fund at once; what each was told stands in the journal, once."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from fundledger.errors import Busy
from fundledger.fund import open_fund
from fundledger.ledger import drafts
from fundledger.ledger.books import Books
from fundledger.ledger.disk import LOCK, RealDisk
from fundledger.ledger.record import Record
from fundledger.ledger.surroundings import Surroundings
from support.explore import environment
from support.offices import DIBAO, charter, draft, granted
from support.writers import NOW, amount_fen, fund_of_writers, run_writers


def _concurrently(folder: Path, writers: int, each: int, kills: int) -> None:
    root = folder / "dibao"
    fund = fund_of_writers(root)
    granted(fund, 90_000_000_00)
    fund.close_files()
    _, told = run_writers(root, writers, each, kills)
    records = list(fund.records())
    by_key = {record.key: record for record in records[2:]}
    keys = [f"{writer}-{number}" for writer in range(writers) for number in range(each)]
    assert [record.sequence for record in records] == list(range(1, len(records) + 1))
    assert Counter(record.key for record in records[2:]) == Counter(keys)
    for log in told:
        for one in log:
            assert by_key[one.key].sequence == one.sequence
            assert _ref(by_key[one.key]) == one.ref
        sequences = [one.sequence for one in log]
        assert sequences == sorted(sequences)
    assert sum(len(log) for log in told) == writers * each
    numbers: dict[str, int] = {}
    for voucher in fund.vouchers():
        numbers[voucher.month] = numbers.get(voucher.month, 0) + 1
        assert voucher.number == numbers[voucher.month]
    spent_fen = sum(amount_fen(w, n) for w in range(writers) for n in range(each))
    audit = fund.check()
    (account,) = [name for name in audit.books.account_names() if name.startswith("Expenses:")]
    assert audit.books.balance(account) == spent_fen
    assert [f.code for f in audit.findings if f.code.startswith("FL6")] == []


def _ref(record: Record) -> str:
    return record.vouchers[0].ref


def test_sixteen_processes_some_of_them_killed_lose_and_double_nothing(tmp_path: Path) -> None:
    _concurrently(tmp_path, 16, 30, kills=40)


def test_who_waited_too_long_is_told_and_holds_nothing_afterwards(tmp_path: Path) -> None:
    holder, waiter, next_one = (RealDisk(tmp_path / "dibao") for _ in range(3))
    with holder.locked(1.0), pytest.raises(Busy) as told, waiter.locked(0.05):
        pass
    assert told.value.codes == ("FL906",)
    with next_one.locked(1.0):
        next_one.set_flag(b"mine")
        assert next_one.flag() == b"mine"


def test_a_lock_file_that_was_moved_away_is_not_the_lock(tmp_path: Path) -> None:
    first, second = (RealDisk(tmp_path / "dibao") for _ in range(2))
    lock = tmp_path / "dibao" / LOCK
    with first.locked(1.0):
        first.set_flag(b"first")
    lock.rename(tmp_path / "old")
    with second.locked(1.0):
        second.set_flag(b"second")
        with pytest.raises(Busy), first.locked(0.05):
            pass
    with first.locked(1.0):
        assert first.flag() == b"second"


_FORKED = """
import os, sys
from pathlib import Path
from support.offices import DIBAO, draft, granted
from support.writers import fund_of_writers
from fundledger.ledger import drafts

fund = fund_of_writers(Path(sys.argv[1]))
granted(fund)
one = draft(drafts.expense(2026, DIBAO, 1_00), event="expense")
for number in range(3):
    child = os.fork()
    name = "parent" if child else "child"
    for more in range(5):
        fund.record(one, key=f"{name}-{number}-{more}")
    if not child:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
"""


def test_a_fund_may_be_used_on_both_sides_of_a_fork(tmp_path: Path) -> None:
    root = tmp_path / "dibao"
    command = [sys.executable, "-c", _FORKED, str(root)]
    subprocess.run(command, env=environment(), check=True)
    fund = fund_of_writers(root)
    assert len({record.key for record in fund.records() if record.key}) == 1 + 3 * (5 + 5)
    assert [f.code for f in fund.check().findings if f.code.startswith("FL6")] == []
    fund.close_files()


@pytest.mark.soak
def test_many_more_records_by_sixteen_processes_lose_and_double_nothing(tmp_path: Path) -> None:
    _concurrently(tmp_path, 16, 200, kills=300)


def _together(*works: Callable[[], None]) -> list[BaseException]:
    """Do some work in threads of their own at once; return what went wrong in any."""
    wrong: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the test's answer
            wrong.append(error)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_a_fund_may_be_used_by_several_threads_and_let_go_of_by_another(tmp_path: Path) -> None:
    fund = fund_of_writers(tmp_path / "dibao")
    granted(fund)
    one = draft(drafts.expense(2026, DIBAO, 1_00), event="expense")
    over = draft(drafts.expense(2026, DIBAO, 9_000_000_00), event="expense")
    done = threading.Event()

    def recorder(name: str) -> Callable[[], None]:
        def work() -> None:
            for number in range(25):
                assert fund.examine(over)
                assert fund.record(one, key=f"{name}-{number}").sequence > 2

        return work

    def lets_go() -> None:
        while not done.is_set():
            fund.close_files()

    letting_go = threading.Thread(target=lets_go)
    letting_go.start()
    wrong = _together(*map(recorder, "abcd"))
    done.set()
    letting_go.join()
    assert wrong == []
    records = list(fund.records())
    assert [record.sequence for record in records] == list(range(1, 2 + 4 * 25 + 1))
    assert len({record.key for record in records}) == len(records)
    assert [f.code for f in fund.check().findings if f.code.startswith("FL6")] == []


def test_a_thread_that_waited_too_long_for_another_is_told(tmp_path: Path) -> None:
    surroundings = Surroundings(lambda: NOW, lock_timeout_seconds=0.2)
    fund = open_fund(tmp_path / "dibao", charter(), surroundings)
    granted(fund)
    one = draft(drafts.expense(2026, DIBAO, 1_00), event="expense")
    inside, go_on = threading.Event(), threading.Event()

    def slow(books: Books) -> None:
        assert books.head.sequence
        inside.set()
        go_on.wait(10)

    holder = threading.Thread(target=lambda: fund._store._current.use(slow))  # noqa: SLF001 - the lock
    holder.start()
    inside.wait(10)
    with pytest.raises(Busy) as told:
        fund.record(one, key="late")
    go_on.set()
    holder.join()
    assert told.value.codes == ("FL906",)
    assert fund.record(one, key="late").refs == ("2026-03-0001",)
