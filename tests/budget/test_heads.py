"""Whom the lists of a year pay: told from the journal, the lists held against their digests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec import convert

from fundledger.budget import history
from fundledger.budget.facts import Heads
from fundledger.budget.heads import BatchRecord, reissues_of
from fundledger.budget.history import FundHistory, Progress, fund_history, reading
from fundledger.errors import JournalBroken, Refused
from fundledger.fund import Fund
from fundledger.ledger.batches.paylist import list_path
from fundledger.ledger.batches.states import NO_EXPENSE, RESULTS, STEPS
from fundledger.ledger.bodies import BatchBody
from fundledger.ledger.journal import Line
from fundledger.ledger.record import Record
from support.budgets import funded, office_at, paid
from support.forcing import force
from support.offices import DIBAO
from support.paying import Payments, entitlement

END = date(2026, 12, 31)


def heads_of(payments: Payments) -> Mapping[str, tuple[int, int]]:
    """Return persons and fen of each month of 2026."""
    months: tuple[Heads, ...] = fund_history(payments.fund, 2026, END).heads.get(DIBAO, ())
    return {one.month: (one.persons, one.amount_fen) for one in months}


def test_a_list_of_another_year_is_not_counted_and_keeps_its_number(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    payments.sent([entitlement(person, 70_00, "2025-11") for person in range(5)])
    payments.sent([entitlement(person, 90_00, "2026-02") for person in range(2)])

    assert heads_of(payments) == {"2026-02": (2, 180_00)}


def test_the_months_stand_in_their_order(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    months = [f"2026-{month:02d}" for month in range(1, 7)]
    payments.sent([entitlement(0, 90_00, month) for month in months], "2026-06-10")

    assert list(heads_of(payments)) == months


def test_a_list_that_pays_months_of_two_years_is_read_beside_all_of_either(
    tmp_path: Path,
) -> None:
    """The first list was rejected, so that the second numbers its line of December anew."""
    payments = Payments(tmp_path)
    rejected = payments.prepare([entitlement(0, 70_00, "2025-12")])
    payments.step(rejected, "reject", "2026-03-10")
    payments.sent([entitlement(0, 70_00, "2025-12"), entitlement(0, 90_00, "2026-01")])

    assert heads_of(payments) == {"2026-01": (1, 90_00)}


def test_a_payment_that_was_made_again_is_one_head(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    batch, lines = payments.sent([entitlement(person, 90_00) for person in range(3)])
    payments.result(batch, "2026-03-12", {**dict.fromkeys(lines, "paid"), lines[0]: "failed"})
    again = payments.reissue({lines[0]: entitlement(9).account}, "2026-03-20")
    assert heads_of(payments) == {"2026-03": (3, 270_00)}, "it waits to be approved"

    payments.step(again, "approve", "2026-03-20")
    assert heads_of(payments) == {"2026-03": (3, 270_00)}


def test_what_befell_a_payment_after_the_day_makes_it_no_less_of_a_head_on_it(
    tmp_path: Path,
) -> None:
    """One of three fails in March, is paid once more in April, and that is given up in May."""
    payments = Payments(tmp_path)
    batch, lines = payments.sent([entitlement(person, 90_00) for person in range(3)])
    payments.result(batch, "2026-03-12", {**dict.fromkeys(lines, "paid"), lines[0]: "failed"})
    again = payments.reissue({lines[0]: entitlement(9).account}, "2026-04-10")
    payments.step(again, "approve", "2026-04-10")
    payments.step(again, "export", "2026-04-10")
    (line,) = (one.line for one in payments.lines(again))
    payments.result(again, "2026-04-12", {line: "failed"})
    payments.named(again, "cancel", "2026-05-04", [line])

    for until, persons in ((date(2026, 3, 31), 3), (date(2026, 4, 30), 3), (END, 2)):
        (march,) = fund_history(payments.fund, 2026, until).heads[DIBAO]
        assert march.persons == persons, until


@pytest.mark.parametrize("period", ["2026-03", "2025-04"])
@pytest.mark.parametrize("how", ["gone", "changed"])
def test_a_list_that_is_not_as_it_was_approved_is_refused(
    tmp_path: Path, period: str, how: str
) -> None:
    payments = Payments(tmp_path)
    batch, _ = payments.sent([entitlement(0, 90_00, period)])
    path = tmp_path / "dibao" / list_path(payments.batch(batch).list)
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes().replace(b",9000,", b",9001,"))

    with pytest.raises(Refused) as caught:
        fund_history(payments.fund, 2026, END)

    assert caught.value.codes == ("FL751",)
    assert caught.value.findings[0].fund == "dibao"


def test_a_reissue_belongs_to_lists_if_all_that_it_pays_came_back_of_them(tmp_path: Path) -> None:
    """One of the first list, one of both, and one that nobody approved."""
    payments = Payments(tmp_path)
    lists = [
        payments.sent([entitlement(person, 90_00) for person in persons], on)
        for persons, on in ((range(3), "2026-03-10"), (range(3, 5), "2026-03-11"))
    ]
    for batch, lines in lists:
        payments.result(batch, "2026-03-12", dict.fromkeys(lines, "failed"))
    (first, of_first), (second, of_second) = lists
    again = []
    for lines in (of_first[:1], [of_first[1], of_second[0]], of_first[2:]):
        accounts = {line: entitlement(9).account for line in lines}
        again.append(payments.reissue(accounts, "2026-03-20"))
    for batch in again[:2]:
        payments.step(batch, "approve", "2026-03-20")
    said: list[BatchRecord] = []

    def take(_: Line, record: Record) -> None:
        if record.kind == "batch":
            said.append(BatchRecord(record, convert(record.body, BatchBody)))

    payments.fund.verified(take)

    def found(*paid: str) -> set[str]:
        return reissues_of(payments.fund.no_batches(), said, paid)

    assert found(first) == {again[0]}
    assert found(second) == found() == set()
    assert found(first, second) == set(again[:2])


@pytest.mark.parametrize("given_up", [True, False])
@pytest.mark.parametrize(
    "data", [b"line,2026-03,\n", b"line\n,2025-04,x,2025-04,\n,2026-04,\n"], ids=["one", "two"]
)
def test_what_is_no_list_is_refused_though_its_digest_holds(
    tmp_path: Path, data: bytes, *, given_up: bool
) -> None:
    """Written past the gate; whether or not something was given up of it."""
    payments = Payments(tmp_path)
    payments.sent([entitlement(0, 90_00)])
    root = tmp_path / "dibao"
    name = hashlib.sha256(data).hexdigest()
    (root / list_path(name)).write_bytes(data)
    figures = {"batch": "B2026-04-001", "on": "2026-04-01", "payments": 1, "amount_fen": 1}
    steps: list[dict[str, Any]] = [
        {"step": "prepare", "lines": name, "totals": [[*DIBAO, 1, 1]]},
        {"step": "approve"},
        *([{"step": "withdraw"}] if given_up else []),
    ]
    at = "2026-04-01T09:00:00+08:00"
    for step in steps:
        force(root, payments.fund, kind="batch", at=at, body={**figures, **step})

    with pytest.raises(Refused) as caught:
        fund_history(payments.fund, 2026, END)
    assert caught.value.codes == ("FL751",)


@pytest.mark.parametrize("lost_first", [True, False])
def test_a_lost_list_that_nobody_approved_is_not_asked_for(
    tmp_path: Path, *, lost_first: bool
) -> None:
    payments = Payments(tmp_path)
    if not lost_first:
        payments.sent([entitlement(0, 90_00)])
    waiting = payments.prepare([entitlement(1, 90_00)])
    path = tmp_path / "dibao" / list_path(payments.batch(waiting).list)
    if lost_first:
        payments.sent([entitlement(0, 90_00)])
    path.unlink()

    assert heads_of(payments) == {"2026-03": (1, 90_00)}


def test_a_list_counts_from_the_day_of_its_approval_on(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    batch, _ = payments.sent([entitlement(0, 90_00)], "2026-03-10")
    path = tmp_path / "dibao" / list_path(payments.batch(batch).list)

    assert fund_history(payments.fund, 2026, date(2026, 3, 9)).heads == {}
    assert fund_history(payments.fund, 2026, date(2026, 3, 10)).heads[DIBAO][0].persons == 1
    path.unlink()
    assert fund_history(payments.fund, 2026, date(2026, 3, 9)).heads == {}
    with pytest.raises(Refused):
        fund_history(payments.fund, 2026, date(2026, 3, 10))


def test_what_is_given_up_on_the_last_day_is_given_up(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    batch, lines = payments.sent([entitlement(person, 90_00) for person in range(3)], "2026-03-10")
    payments.result(batch, "2026-03-12", dict.fromkeys(lines, "failed"))
    payments.named(batch, "cancel", "2026-03-13", lines[:1])

    for day, persons in ((10, 3), (12, 3), (13, 2)):
        (march,) = fund_history(payments.fund, 2026, date(2026, 3, day)).heads[DIBAO]
        assert march.persons == persons, day


def test_a_list_of_another_year_that_waits_keeps_its_number_too(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    payments.prepare([entitlement(0, 70_00, "2025-11")])
    payments.sent([entitlement(0, 90_00, "2026-02")])

    assert heads_of(payments) == {"2026-02": (1, 90_00)}


def test_who_was_cancelled_is_not_a_head_because_the_file_that_says_it_is_lost(
    tmp_path: Path,
) -> None:
    payments = Payments(tmp_path)
    batch, lines = payments.sent([entitlement(person, 90_00) for person in range(2)])
    payments.result(batch, "2026-03-12", dict.fromkeys(lines, "failed"))
    before = set((tmp_path / "dibao" / "lists").iterdir())
    payments.named(batch, "cancel", "2026-03-13", lines[:1])
    assert heads_of(payments) == {"2026-03": (1, 90_00)}

    (said,) = set((tmp_path / "dibao" / "lists").iterdir()) - before
    said.unlink()
    with pytest.raises(Refused) as caught:
        heads_of(payments)
    assert caught.value.codes == ("FL751",)


def test_after_its_approval_only_what_gives_a_line_up_makes_it_no_expense() -> None:
    """So that of most batches no more has to be read; a reissue's approval moves its parents."""
    into = {slug for slug, step in STEPS.items() if step.after in NO_EXPENSE}
    out_of = {slug for slug, step in STEPS.items() if step.before & NO_EXPENSE}

    assert into == {"reject", "withdraw", "cancel", "unclaimed", "remit"}
    assert out_of - into == {"approve"}
    assert not NO_EXPENSE & set(RESULTS.values())


@pytest.mark.parametrize("step", ["withdraw", "cancel", "unclaimed"])
def test_a_payment_that_was_given_up_is_no_head(tmp_path: Path, step: str) -> None:
    payments = Payments(tmp_path)
    batch = payments.prepare([entitlement(person, 90_00) for person in range(3)])
    payments.step(batch, "approve", "2026-03-10")
    lines = [line.line for line in payments.lines(batch)]
    if step != "withdraw":
        payments.step(batch, "export", "2026-03-10")
        payments.result(batch, "2026-03-12", dict.fromkeys(lines, "failed"))
    payments.named(batch, step, "2026-03-13", lines[:1])

    assert heads_of(payments) == {"2026-03": (2, 180_00)}


def all_read(funds: Sequence[Fund], progress: Progress | None = None) -> dict[str, FundHistory]:
    """Return what the books of funds say of 2026 up to October, in whatever order it comes."""
    with reading(funds, 2026, date(2026, 10, 31), progress) as histories:
        return {history.fund: history for history in histories()}


def test_two_processes_tell_the_same_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = office_at(tmp_path)
    for fund, line in (("dibao", DIBAO), ("tekun", ("CSO", "Tekun"))):
        funded(office, fund, line, 100_000_00)
        paid(office, fund, line, [(date(2026, 3, 5), 500_00)])
    funds = [office.fund(name) for name in office.fund_ids]
    alone = all_read(funds)
    told: list[int] = []

    monkeypatch.setattr(history, "_SHARED_BYTES", 0)
    beside = all_read(funds, lambda _fund, done, _all: told.append(done))

    assert beside == alone
    assert told == sorted({*told} & {*range(len(funds))}), "each that this process reads, in order"


def test_of_two_broken_journals_the_first_is_named_whoever_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = office_at(tmp_path)
    for fund, line in (("dibao", DIBAO), ("tekun", ("CSO", "Tekun"))):
        funded(office, fund, line, 100_000_00)
        (segment,) = (tmp_path / "ledgers" / fund / "journal").iterdir()
        segment.write_bytes(segment.read_bytes().replace(b"100000", b"100001", 1))
    monkeypatch.setattr(history, "_SHARED_BYTES", 0)
    for names in (["tekun", "dibao"], ["dibao", "tekun"], ["union", "tekun", "dibao"]):
        funds = [office.fund(name) for name in names]
        with pytest.raises(JournalBroken) as caught:
            all_read(funds)
        first = next(name for name in names if name != "union")
        assert {finding.fund for finding in caught.value.findings} == {first}
