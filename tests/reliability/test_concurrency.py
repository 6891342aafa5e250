"""Many processes record into one fund at once; what each was told stands in the journal, once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from fundledger.ledger.record import Record
from support.offices import granted
from support.writers import amount_fen, fund_of_writers, run_writers


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


@pytest.mark.soak
def test_many_more_records_by_sixteen_processes_lose_and_double_nothing(tmp_path: Path) -> None:
    _concurrently(tmp_path, 16, 200, kills=300)
