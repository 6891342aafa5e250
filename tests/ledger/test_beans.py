"""beancount reads the same as we wrote: thousands of vouchers, to the fen and to the letter."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundledger.ledger.beans import compare, read_vouchers, sight
from fundledger.ledger.books import Books
from fundledger.ledger.faces import month_texts
from fundledger.ledger.tables import MemoryTables
from fundledger.ledger.voucher import Voucher, credit, debit
from support.manyvouchers import MEMO, MONEY, folded, numbered_on, vouchers, written


@pytest.mark.no_cover  # to measure thousands costs as long again, and shows nothing new
@pytest.mark.parametrize("count", [2_000, pytest.param(10_000, marks=pytest.mark.soak)])
def test_vouchers_come_back_the_same_and_sum_to_the_same_fen(count: int, tmp_path: Path) -> None:
    drawn: list[Voucher] = []

    @settings(max_examples=count // 40, suppress_health_check=list(HealthCheck))
    @given(st.lists(vouchers, min_size=50, max_size=50, unique_by=lambda v: v.postings))
    def draw(many: list[Voucher]) -> None:
        drawn.extend(many)

    draw()
    many = numbered_on(drawn)
    books = folded(many)
    written(tmp_path, books, many)
    seen = sight(tmp_path)
    names = books.account_names()
    texts = month_texts("dibao", many)
    back = [voucher for name in sorted(texts) for voucher in read_vouchers(texts[name], name)]

    assert len({voucher.postings for voucher in many}) >= count
    assert {*MONEY, *MEMO} == {*names}
    assert seen.transactions == len(many)
    assert seen.errors == ()
    assert seen.off_fen == {}
    assert seen.balances_fen == {name: books.balance(name) for name in names}
    assert compare(tmp_path, books) == []
    assert back == sorted(many, key=lambda voucher: voucher.ref[:7])


@settings(max_examples=12)
@given(st.data())
def test_an_assertion_fails_for_beancount_just_where_it_fails_for_us(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    root = tmp_path_factory.mktemp("book")
    many = numbered_on(data.draw(st.lists(vouchers, min_size=3, max_size=12)))
    names = folded(many).account_names()
    days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
    on_a_day_with_a_voucher = st.sampled_from([voucher.date for voucher in many])
    said = []
    for account in data.draw(st.lists(st.sampled_from(names), min_size=4, max_size=12)):
        day = data.draw(days | on_a_day_with_a_voucher)
        off_fen = data.draw(st.sampled_from((0, 0, 1, -1, 100)))
        said.append((account, day, folded(many).balance(account, day) + off_fen))
    books = folded(many, said)
    written(root, books, many)
    latest = {(account, day): fen for account, day, fen in said}
    emptied_fen = dict(books.emptied.rows())  # what a year end took away is not what was said of
    off_fen_by_morning = {
        (account, (day + timedelta(days=1)).isoformat()): off_fen
        for (account, day), fen in latest.items()
        if (off_fen := books.balance(account, day) - emptied_fen.get(f"{account}@{day}", 0) - fen)
    }

    assert sight(root).off_fen == off_fen_by_morning
    assert compare(root, books) == []


def test_an_account_that_was_only_asserted_is_open_for_beancount(tmp_path: Path) -> None:
    books = folded([], [("Assets:Cash", date(2026, 3, 31), 0)])
    written(tmp_path, books, [])

    assert compare(tmp_path, books) == []


def test_a_fund_without_a_journal_has_nothing_to_compare(tmp_path: Path) -> None:
    assert compare(tmp_path, Books("dibao", MemoryTables())) == []


def test_anyone_with_beancount_alone_finds_no_error_in_a_book(tmp_path: Path) -> None:
    voucher = Voucher(
        number=1,
        date=date(2026, 3, 5),
        narration='“引号” "quoted" \\ 反斜杠',
        event="donation",
        maker="S03",
        reviewer="S01",
        attachments=1,
        postings=(debit("Assets:Cash", 100), credit("Income:Donation", 100)),
    )
    written(tmp_path, folded([voucher]), [voucher])
    command = [sys.executable, "-m", "beancount.scripts.check", "--no-cache", "book.beancount"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_beancount_stays_out_of_the_process_that_asks() -> None:
    program = (
        "import sys; from fundledger.ledger.beans import read_vouchers;"
        "read_vouchers(''); print('beancount' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
