"""What a receipt is good for: of which record it is, and what it tells again."""

from __future__ import annotations

import pickle
import resource
import signal
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fundledger.errors import InputInvalid, NotFound, NotWritten, OutcomeUnknown
from fundledger.ledger import drafts
from fundledger.ledger.record import Record
from support.offices import LATE, draft, fund_at, granted

GIFT = draft(drafts.donation(100))
BANK = "Assets:Bank:Dedicated"


def test_a_receipt_of_another_fund_or_of_nothing_is_refused(tmp_path: Path) -> None:
    dibao, union = fund_at(tmp_path), fund_at(tmp_path, "union")
    receipt = dibao.record(GIFT)
    union.record(GIFT)

    for ask in (union.recorded, union.touched):
        with pytest.raises(InputInvalid) as refusal:
            ask(receipt)
        assert refusal.value.codes == ("FL961",)
    for ask in (dibao.recorded, dibao.touched):
        with pytest.raises(NotFound) as missing:
            ask(replace(receipt, refs=("2026-03-0009",)))
        assert missing.value.codes == ("FL911",)
        with pytest.raises(InputInvalid) as refusal:
            ask(replace(receipt, sequence=7))
        assert refusal.value.codes == ("FL961",)


def test_a_rehearsal_knows_its_last_act_only(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    real = fund.record(GIFT)
    trial = fund.rehearsal()
    first = trial.record(draft(drafts.donation(500)))
    last = trial.record(draft(drafts.donation(700)))

    assert trial.touched(last)[BANK] == 800
    for receipt in (first, real):
        with pytest.raises(InputInvalid) as refusal:
            trial.touched(receipt)
        assert refusal.value.codes == ("FL961",)
    with pytest.raises(InputInvalid):
        fund.recorded(replace(last, sequence=99, refs=real.refs))


def test_a_retry_gives_the_head_after_its_own_record(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    first = fund.record((GIFT, GIFT), key="A")
    said = fund.assert_balance(BANK, date(2026, 3, 5), 200, actor="S01", key="B")
    fund.record(GIFT, key="C")

    for known, again in (
        (first, fund.record((GIFT, GIFT), key="A")),
        (said, fund.assert_balance(BANK, date(2026, 3, 5), 200, actor="S01", key="B")),
        (first, fund.rehearsal().record((GIFT, GIFT), key="A")),
    ):
        assert (again.head, again.sequence, again.refs) == (known.head, known.sequence, known.refs)
        assert again.again


@pytest.mark.parametrize("value", ["\ud800", 1.5, {"a": 1.0}, object()])
def test_no_line_is_written_that_cannot_be_read_back(tmp_path: Path, value: object) -> None:
    fund = fund_at(tmp_path)
    granted(fund)
    sizes = {path: path.stat().st_size for path in tmp_path.rglob("*.jsonl")}
    record = Record(3, LATE.isoformat(), "S03", "voucher", "K", "", {"x": value})

    def write() -> object:
        return fund._store._current.use(  # noqa: SLF001 - what no check lets through
            lambda books: fund._store._write(record, books)  # noqa: SLF001
        )

    with pytest.raises(InputInvalid) as refusal:
        write()

    assert refusal.value.codes == ("FL962",)
    assert {path: path.stat().st_size for path in tmp_path.rglob("*.jsonl")} == sizes
    assert fund.record(GIFT, key="K").sequence == 3


def test_only_the_key_that_was_tried_is_unknown(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    fund.record(GIFT, key="A")
    size = next(tmp_path.rglob("*.jsonl")).stat().st_size
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50, limit[1]))
    try:
        with pytest.raises(OutcomeUnknown):
            fund.record(GIFT, key="B")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)

    with pytest.raises(OutcomeUnknown) as unknown:
        fund.record(GIFT, key="B")
    with pytest.raises(NotWritten) as untried:
        fund.record(GIFT, key="C")
    assert unknown.value.codes == untried.value.codes == ("FL907",)


def test_an_audit_crosses_from_one_process_to_another(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund)
    audit = fund.check(date(2026, 3, 31))

    again = pickle.loads(pickle.dumps(audit))  # noqa: S301 - our own bytes

    assert (again.fund, again.findings, again.head) == (audit.fund, audit.findings, audit.head)
    assert again.clean is audit.clean
    assert again.books.balance(BANK) == 1_000_000_00
    assert again.books.balance(BANK, date(2026, 1, 1)) == 0
    assert again.books.months["2027-01"] == 0
    assert drafts.budget_lines(again.books, 2026) == drafts.budget_lines(audit.books, 2026)
    assert pickle.loads(pickle.dumps(fund.books())).head == fund.books().head  # noqa: S301 - ours
