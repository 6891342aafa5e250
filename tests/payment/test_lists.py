"""Lists lie where their digest says, are durable before a record names them, and none is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundledger.errors import Refused
from fundledger.ledger.batches.outcomes import Outcome, parse_outcomes
from fundledger.ledger.batches.paylist import LIST_PATH, list_digest
from support.paying import Payments, entitlement


def _lists(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / "dibao" / "lists").iterdir()}


def test_a_list_is_named_by_its_digest_and_by_a_record(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    batch, (first, _) = payments.sent([entitlement(1), entitlement(2)])
    payments.result(batch, "2026-03-11", {first: "failed"})
    lists = _lists(tmp_path)
    named = {record.body["lines"] for record in payments.fund.records() if "lines" in record.body}

    assert len(lists) == 2
    assert {f"{list_digest(data)}.csv" for data in lists.values()} == set(lists)
    assert {f"{digest}.csv" for digest in named if digest} == set(lists)
    assert all(LIST_PATH.fullmatch(f"lists/{name}") for name in lists)


def test_what_is_refused_leaves_no_list(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    payments.prepare([entitlement(1)])
    before = _lists(tmp_path)

    with pytest.raises(Refused) as refused:
        payments.prepare([entitlement(1), entitlement(2)])
    assert refused.value.codes == ("FL753",)
    assert _lists(tmp_path) == before


def test_a_list_that_no_record_names_is_told(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    payments.prepare([entitlement(1)])
    (tmp_path / "dibao" / "lists" / f"{'0' * 64}.csv").write_text("")

    found = [finding.code for finding in payments.fund.check().findings]
    assert found.count("FL749") == 1


@pytest.mark.parametrize("how", ["gone", "changed", "cut"])
def test_nothing_is_done_on_a_list_that_is_not_as_it_was(tmp_path: Path, how: str) -> None:
    payments = Payments(tmp_path)
    batch, (first, _) = payments.sent([entitlement(1), entitlement(2)])
    for path in (tmp_path / "dibao" / "lists").iterdir():
        data = path.read_bytes()
        if how == "gone":
            path.unlink()
        else:
            path.write_bytes(data.replace(b"50000", b"50001") if how == "changed" else data[:-1])
    journal = (tmp_path / "dibao" / "journal" / "2027-06.jsonl").read_bytes()

    debited = Outcome(first, "debit", "2026-03-11", 500_00)
    with pytest.raises(Refused) as refused:
        payments.step(batch, "debit", "2026-03-11", [debited])
    assert refused.value.codes == ("FL751",)
    assert (tmp_path / "dibao" / "journal" / "2027-06.jsonl").read_bytes() == journal


def test_a_record_of_many_lines_is_one_and_most_of_them_cost_nothing(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    batch, lines = payments.sent([entitlement(person, 1_00) for person in range(200)])
    payments.step(batch, "debit", "2026-03-11")
    records = len(list(payments.fund.records()))
    payments.result(
        batch, "2026-03-11", {line: "failed" if line in lines[:3] else "paid" for line in lines}
    )
    found = payments.batch(batch)

    assert len(list(payments.fund.records())) == records + 1
    assert sorted(found.apart) == lines[:3]
    assert found.by_state() == {"paid": (197, 197_00), "failed": (3, 3_00)}
    files = [data for data in _lists(tmp_path).values() if data.startswith(b"line,outcome")]
    assert [len(list(parse_outcomes(data))) for data in files] == [200]
