"""Whatever a program gives for an argument, it gets a finding back, and no bare exception."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import fundledger
from fundledger import BatchAct, Draft, Office, Surroundings, drafts
from fundledger.bank import BankLine, Statement, read_statement
from fundledger.bankfile import (
    PaymentOrder,
    bank_named,
    cover_sheet,
    load_banks,
    load_layouts,
    read_results,
    render,
    sent_of,
)
from fundledger.budget import NeedRow, propose, whole_fen, write_need
from fundledger.errors import FundledgerError, InputInvalid
from fundledger.reconcile import (
    Tolerance,
    book_lines,
    check_statements,
    mirrored,
    reconcile,
    sign,
    try_out,
)
from support.honest_bank import order_of
from support.offices import Clock, draft, fund_at, numbered_keys
from support.paying import CASHIER, EVIDENCE, MAKER, REVIEWER, Payments, entitlement

Call = tuple[Callable[..., object], dict[str, Any]]
RULES = Path(__file__).resolve().parents[2] / "rules"
BANK = "Assets:Bank:Dedicated"
LINE = ("CASC", "Dibao")
MARCH = date(2026, 3, 10)
WRONG = (None, 5, "x", [5], object())
OR_TEXT = frozenset({"key", "fund", "needs_dir"})
"""What may be left out, and is a text if not."""


class World(NamedTuple):
    """What a program holds when it begins to give wrong values."""

    office: Office
    payments: Payments
    batch: str
    lines: list[str]
    root: Path


@pytest.fixture
def world(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    office = Office(root, Surroundings(Clock(), numbered_keys()))
    payments = Payments(tmp_path / "paying")
    batch, lines = payments.sent([entitlement(1), entitlement(2)])
    monkeypatch.chdir(tmp_path)
    return World(office, payments, batch, lines, tmp_path)


def statement() -> Statement:
    rows = (BankLine(2, date(2026, 3, 1), "in", 5),)
    ends = date(2026, 3, 1), date(2026, 3, 31)
    return Statement("march.csv", "3" * 64, "1", *ends, 0, 5, rows, stated_period=True)


def of_files(world: World) -> list[Call]:
    banks = load_banks(RULES)
    bank, order = bank_named(banks, "pipe-text"), order_of(151000, 5)
    layouts = load_layouts(RULES)
    answer = world.root / "answer.txt"
    answer.write_bytes(b"x\n")
    return [
        (load_banks, {"rules_dir": RULES}),
        (load_layouts, {"rules_dir": RULES}),
        (bank_named, {"banks": banks, "name": "pipe-text"}),
        (layouts.named, {"name": "spdb"}),
        (layouts.of_bank, {"words": "浦发"}),
        (render, {"order": order, "profile": bank}),
        (cover_sheet, {"file": render(order, bank), "order": order}),
        (sent_of, {"order": order}),
        (read_results, {"path": answer, "profile": bank, "sent": sent_of(order)}),
        (read_statement, {"path": answer, "encoding": None, "layouts": (), "binding": True}),
    ]


def of_reconciling(world: World) -> list[Call]:
    fund, march = fund_at(world.root / "held"), statement()
    fund.record(draft(drafts.donation(5), date(2026, 3, 1), "donation"))
    trial, books = try_out(fund, [march]), fund.books()
    sides = {"statements": [march], "account": "1", "previous": None}
    more = {"book": trial.book, "book_fen": 5, "fund": None, "tolerance": Tolerance()}
    asked = {"statements": [march], "replaces": None, "known": None, "decided": None}
    return [
        (try_out, {"fund": fund, **asked}),
        (book_lines, {"vouchers": [*fund.vouchers()]}),
        (check_statements, sides),
        (reconcile, {**sides, **more, "payments": None}),
        (lambda **given: [*mirrored(**given)], {"own": books, "others": {"Other": books}}),
        (fund.rehearsal().sign, {"reconciliation": trial.body, "actor": "S07", "key": None}),
        (sign, {"fund": fund, "trial": trial, "actor": "S07"}),
    ]


def of_budgets(world: World) -> list[Call]:
    row = NeedRow("dibao", "低保金", 1, 1, 100, 1, "S01", "S02", MARCH)
    form = {"path": "need.xlsx", "unit": "CASC", "year": 2027, "rows": [row]}
    year = {"office": world.office, "year": 2027, "as_of": None, "needs_dir": None}
    return [
        (propose, year),
        (write_need, {**form, "created": datetime(2026, 1, 1)}),  # noqa: DTZ001 - no zone here
        (whole_fen, {"amount_fen": 1}),
    ]


def of_offices(world: World) -> list[Call]:
    office = world.office
    return [
        (fundledger.open, {"root": "gumei", "surroundings": None}),
        (office.fund, {"fund_id": "dibao"}),
        (office.check, {"funds": (), "as_of": None}),
        (office.timeliness, {"funds": (), "as_of": None}),
        (lambda said: [*office.crosswise(said)], {"said": {}}),
        (lambda fund_id: [*office.deleted(fund_id)], {"fund_id": "dibao"}),
        (Surroundings, {"clock": Clock(), "key": numbered_keys(), "lock_timeout_seconds": 1}),
        (fundledger.format_fen, {"amount_fen": 1}),
        (fundledger.capitals, {"amount_fen": 1}),
        (fundledger.parse_fen, {"text": "1"}),
    ]


def of_funds(world: World) -> list[Call]:
    fund = world.payments.fund
    books, voucher = fund.books(), next(fund.vouchers())
    trial, one = fund.rehearsal(), draft(drafts.donation(5))
    receipt = trial.record(one)
    signed: dict[str, Any] = {"maker": MAKER, "reviewer": REVIEWER}
    step: dict[str, Any] = {
        "batch": world.batch,
        "step": "debit",
        "on": MARCH,
        "actor": MAKER,
        "cashier": CASHIER,
    }
    act = BatchAct(**step, **signed, document=EVIDENCE)
    listed = {"on": MARCH, "actor": MAKER, "document": EVIDENCE, "key": None}
    stated = {"account": BANK, "on": MARCH, "amount_fen": 1, "actor": MAKER, "document": ""}
    return [
        (fund.examine, {"draft": one}),
        (fund.preview, {"draft": one}),
        (trial.record, {"draft": one, "key": None}),
        (trial.recorded, {"receipt": receipt}),
        (trial.touched, {"receipt": receipt}),
        (trial.reverse, {"ref": voucher.ref, "on": MARCH, **signed, "key": None}),
        (trial.correct, {"ref": voucher.ref, "draft": one, "key": None}),
        (trial.prepare_batch, {"entitlements": [entitlement(9)], **listed}),
        (trial.prepare_reissue, {"accounts": {"x": "x"}, **listed, "reconfirmed": True}),
        (trial.advance_batch, {"act": act, "key": None}),
        (trial.assert_balance, {**stated, "replaces": 0, "key": None}),
        (trial.close, {"month": "2026-01", "actor": "S01", "key": None}),
        (trial.close_year, {"year": 2025, "actor": "S01", **signed, "key": None}),
        (fund.check, {"as_of": None}),
        (fund.timeliness, {"as_of": None}),
        (fund.verify, {"known_head": ""}),
        (fund.denied, {"attestations": []}),
        (fund.last_durable, {"timeout_seconds": 1}),
        (fund.give_up, {"reason": "x", "actor": "S01", "key": None}),
        (fund.twins, {"vouchers": [voucher]}),
        (books.balance, {"account": BANK, "on": None}),
        (books.batch, {"name": world.batch}),
        (books.voucher, {"ref": voucher.ref}),
        (books.is_closed, {"month": "2026-01"}),
        (books.standing_of, {"line": world.lines[0]}),
        (books.list_bytes, {"digest": EVIDENCE}),
    ]


def of_drafts(world: World) -> list[Call]:
    books, voucher = world.payments.fund.books(), next(world.payments.fund.vouchers())
    fen = {"amount_fen": 1}
    line = {"year": 2026, "line": LINE, **fen}
    alike = (
        *(drafts.expense, drafts.advance, drafts.advance_settled, drafts.advance_returned),
        *(drafts.surplus_surrendered, drafts.adoption, drafts.reduction, drafts.allotment),
        *(drafts.encumbrance, drafts.release),
    )
    simple = (drafts.donation, drafts.bank_fee, drafts.unknown_credit, drafts.unknown_debit)
    owed = (drafts.claimed, drafts.owed, drafts.debt_settled)
    return [
        *((make, line) for make in alike),
        *((make, fen) for make in (*simple, drafts.surrender)),
        *((make, {**line, "party": "linshi"}) for make in owed),
        (partial(drafts.donation_refunded, 2026), {"line": None, **fen}),
        (drafts.claim_settled, {"party": "linshi", **fen}),
        (drafts.allocation, {"source": "District", **fen}),
        (drafts.interest, {"policy": "retain", **fen}),
        (drafts.virement, {"year": 2026, "giver": LINE, "taker": LINE, **fen}),
        (drafts.budget_lines, {"books": books, "year": 2026}),
        (lambda original: drafts.reversal(original, MARCH, "S01", "S03"), {"original": voucher}),
    ]


ROOMS = (of_files, of_reconciling, of_budgets, of_offices, of_funds, of_drafts)


def may_be_taken(argument: str, sound: object, value: object) -> bool:
    """Whether a value is of the type of a sound one, so that it need not be refused."""
    if isinstance(value, str) and (
        isinstance(sound, Path) or (sound is None and argument in OR_TEXT)
    ):
        return True
    return type(value) is type(sound) and not isinstance(value, list)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_a_wrong_value_is_told_by_its_argument(
    world: World, room: Callable[[World], list[Call]]
) -> None:
    for act, sound in room(world):
        for argument, value in product(sound, WRONG):
            given = {**sound, argument: value}
            if may_be_taken(argument, sound[argument], value):
                with suppress(FundledgerError):
                    act(**given)
                continue
            with pytest.raises(FundledgerError) as refusal:
                act(**given)
            findings = refusal.value.findings
            fields = [one.details["field"] for one in findings if one.code == "FL909"]
            assert all(field.startswith(argument) for field in fields), (act, value)


def told(act: Callable[[], object]) -> list[object]:
    with pytest.raises(InputInvalid) as refusal:
        act()
    assert set(refusal.value.codes) == {"FL909"}
    return [one.details["field"] for one in refusal.value.findings]


def test_a_field_of_an_order_that_is_of_another_type_is_told_by_its_place() -> None:
    bank, order = bank_named(load_banks(RULES), "pipe-text"), order_of(151000, 5)
    first, second = order.payees
    wrong: Any = {"batch": None, "on": datetime(2026, 3, 1)}  # noqa: DTZ001 - no zone here
    nothing: Any = None
    payees: Any = (first, second._replace(name=5), "x")  # type: ignore[arg-type]
    acts: tuple[Callable[[PaymentOrder], object], ...] = (
        lambda given: render(given, bank),
        lambda given: cover_sheet(render(order, bank), given),
        sent_of,
    )
    for act in acts:
        assert told(partial(act, replace(order, **wrong))) == ["order.batch", "order.on"]
        assert told(partial(act, replace(order, payees=payees))) == [
            "order.payees[1].name",
            "order.payees[2]",
        ]
        assert told(partial(act, replace(order, payees=nothing))) == ["order.payees"]


def test_a_field_of_a_need_that_is_of_another_type_is_told_by_its_place(tmp_path: Path) -> None:
    sound = NeedRow("dibao", "低保金", 1, 1, 100, 1, "S01", "S02", MARCH)
    rows: Any = [sound, replace(sound, persons="1", declared=None), None]  # type: ignore[arg-type]
    path, made = tmp_path / "need.xlsx", datetime(2026, 1, 1)  # noqa: DTZ001 - no zone here

    assert told(lambda: write_need(path, "CASC", 2027, rows, made)) == [
        "rows[1].persons",
        "rows[1].declared",
        "rows[2]",
    ]
    assert not path.exists()


@pytest.mark.parametrize("month", ["2026-3", "2026", "2026-13", "2026-03-01", "x", ""])
def test_what_is_no_month_is_neither_closed_nor_open(world: World, month: str) -> None:
    assert told(lambda: world.payments.fund.books().is_closed(month)) == ["month"]


def test_a_draft_may_be_made_of_anything_and_is_refused_where_it_is_recorded(
    world: World,
) -> None:
    sound: dict[str, Any] = {"date": MARCH, "narration": "x", "maker": "S03", "reviewer": "S01"}
    sound["postings"] = ()
    for field in sound:
        for value in WRONG:
            with pytest.raises(FundledgerError):
                world.payments.fund.record(Draft(**{**sound, field: value}))
