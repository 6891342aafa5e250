"""The two laws: accepted means that the replay agrees; refused and then forced in means found."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert, structs, to_builtins

from fundledger.charter import FundCharter
from fundledger.checks.catalogue import Gates
from fundledger.checks.listed import EVERY_CHECK
from fundledger.errors import Refused
from fundledger.findings import Finding
from fundledger.fund import Fund, open_fund
from fundledger.ledger import drafts
from fundledger.ledger.asserted import reconciled
from fundledger.ledger.bodies import ReconciliationBody
from fundledger.ledger.chart import BANK
from fundledger.ledger.record import Kind
from fundledger.ledger.surroundings import Surroundings
from fundledger.ledger.text import month_file
from fundledger.ledger.voucher import Draft, Posting, Voucher, numbered
from fundledger.texts import text
from support.breakages import BREAKAGES, Break, sound, told
from support.forcing import force
from support.offices import DIBAO, LATE, Clock, charter, charter_values, draft

AT = LATE.isoformat(timespec="seconds")
TODAY = LATE.date()
GATING = {check.code for check in EVERY_CHECK if check.gates is not Gates.NEVER}
NO_VALUE = {"?", "-"}
# test_a_number_left_out_or_taken_twice_is_found; test_year_end.py for FL338.
MADE_BY_THE_PROGRAM = {"FL301", "FL302", "FL338"}
# test_changes.py; test_rules_that_ask_for_a_balance_let_no_month_close_without for FL328, and
# test_rules_that_ask_for_the_cashier_let_no_money_move_without for FL342; the next to it for FL207.
PUT_WHERE_RULES_CHANGE = {"FL041", "FL328", "FL331", "FL207", "FL342"}
# test_a_key_made_of_a_persons_number_is_refused_and_forced_in_it_is_found.
IN_THE_KEY = {"FL339"}


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a fund with a past, to be copied for each example."""
    root = tmp_path_factory.mktemp("told")
    told(root).close_files()
    return root


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    """Return a counter, for names."""
    return count()


def another(original: Path, numbers: Iterator[int]) -> Path:
    """Return a copy of a directory, beside it."""
    copy = original.with_name(f"{original.name}-{next(numbers)}")
    shutil.copytree(original, copy)
    return copy


def opened(root: Path) -> Fund:
    """Return the fund that `told` began in a directory, with keys that nobody used."""
    return open_fund(root / "dibao", charter(), Surroundings(Clock()))


def gating(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.gates]


def audited(fund: Fund) -> list[Finding]:
    return gating(fund.check(TODAY).findings)


def untold(findings: Sequence[Finding]) -> list[tuple[str, object]]:
    """Return the values that a finding's sentence would show as slugs, for want of words."""
    return [
        (finding.code, finding.details[place])
        for finding in findings
        for place, words in text(finding.code).said.items()
        if not NO_VALUE & words.keys() and finding.details.get(place, "") not in {"", *words}
    ]


def attempt(fund: Fund, batch: Sequence[Draft]) -> list[Finding]:
    """Return why a batch is refused; nothing when it was recorded."""
    try:
        fund.record(batch)
    except Refused as refusal:
        return gating(refusal.findings)
    return []


def as_numbered(fund: Fund, batch: Sequence[Draft]) -> list[Voucher]:
    """Return the vouchers as the gate would have numbered them."""
    numbers = dict(fund.books().months.rows())
    vouchers = []
    for item in batch:
        month = item.date.isoformat()[:7]
        numbers[month] = numbers.get(month, 0) + 1
        vouchers.append(numbered(item, numbers[month]))
    return vouchers


def both_laws(root: Path, numbers: Iterator[int], batch: Sequence[Draft]) -> list[Finding]:
    """Record a batch or, if it is refused, force it into a copy; return what it was refused for."""
    fund = opened(root)
    refused = attempt(fund, batch)
    found = audited(fund)
    vouchers = as_numbered(fund, batch)
    fund.close_files()

    assert found == []

    if refused:
        copy = another(root, numbers)
        forced = opened(copy)
        force(copy / "dibao", forced, vouchers, at=AT)
        found = audited(forced)
        forced.close_files()
        shutil.rmtree(copy)

        assert sorted(map(repr, found)) == sorted(map(repr, refused))
        assert untold(found) == []
    return refused


@settings(max_examples=40)
@given(st.data())
def test_what_is_sound_is_accepted_and_stays_sound(
    copies: Path, numbers: Iterator[int], data: st.DataObject
) -> None:
    root = another(copies, numbers)
    batches = data.draw(st.lists(st.lists(sound(), min_size=1, max_size=3), max_size=4))

    assert [both_laws(root, numbers, batch) for batch in batches] == [[] for _ in batches]

    shutil.rmtree(root)


@pytest.mark.parametrize(("code", "breakage"), BREAKAGES)
def test_what_breaks_a_rule_is_refused_and_forced_in_it_is_found(
    code: str, breakage: Break, copies: Path, numbers: Iterator[int]
) -> None:
    @settings(max_examples=6)
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        root = another(copies, numbers)
        before = data.draw(st.lists(sound(), max_size=2))
        batch = [*before, breakage(data, data.draw(sound()))]

        assert code in {finding.code for finding in both_laws(root, numbers, batch)}

        shutil.rmtree(root)

    holds()


@settings(max_examples=60)
@given(st.data())
def test_whatever_is_broken_together_the_replay_says_what_the_gate_said(
    copies: Path, numbers: Iterator[int], data: st.DataObject
) -> None:
    root = another(copies, numbers)
    for _ in range(data.draw(st.integers(1, 3))):
        broken = data.draw(sound())
        for _, breakage in data.draw(st.lists(st.sampled_from(BREAKAGES), max_size=3)):
            broken = breakage(data, broken)
        both_laws(root, numbers, [broken])
    shutil.rmtree(root)


FACTS = (
    ("unknown-debit", drafts.unknown_debit(10_000_00), "FL402"),
    ("bank-fee", drafts.bank_fee(10_000_00), "FL402"),
)


@pytest.mark.parametrize(("event", "postings", "code"), FACTS)
def test_a_fact_is_recorded_all_the_same_and_its_finding_stays(
    event: str, postings: Sequence[Posting], code: str, copies: Path, numbers: Iterator[int]
) -> None:
    fund = opened(another(copies, numbers))
    receipt = fund.record(draft(tuple(postings), event=event))
    told = [finding for finding in receipt.findings if finding.code == code]
    found = [finding for finding in fund.check(TODAY).findings if finding.code == code]

    assert [(finding.code, finding.gates) for finding in told] == [(code, False)]
    assert found == told


@settings(max_examples=20)
@given(st.data())
def test_a_number_left_out_or_taken_twice_is_found(
    copies: Path, numbers: Iterator[int], data: st.DataObject
) -> None:
    root = another(copies, numbers)
    fund = opened(root)
    (voucher,) = as_numbered(fund, [data.draw(sound())])
    step = data.draw(st.integers(1 - voucher.number, 5).filter(bool))
    wrong = structs.replace(voucher, number=voucher.number + step)
    force(root / "dibao", fund, [wrong], at=AT)

    assert {f.code for f in audited(fund)} == {"FL301" if step > 0 else "FL302"}

    fund.close_files()
    shutil.rmtree(root)


@settings(max_examples=10)
@given(one=sound(), digits=st.text("0123456789", min_size=9, max_size=9))
def test_a_key_made_of_a_persons_number_is_refused_and_forced_in_it_is_found(
    copies: Path, numbers: Iterator[int], one: Draft, digits: str
) -> None:
    root = another(copies, numbers)
    fund = opened(root)
    key = f"13{digits}"
    with pytest.raises(Refused) as refusal:
        fund.record(one, key=key)
    force(root / "dibao", fund, as_numbered(fund, [one]), at=AT, key=key)
    found = audited(fund)
    fund.close_files()
    shutil.rmtree(root)

    assert {finding.code for finding in found} == {"FL339"}
    assert sorted(map(repr, found)) == sorted(map(repr, gating(refusal.value.findings)))


ASSERTIONS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("FL322", {"account": "Assets:Bank:Savings", "date": "2026-03-31"}, "S05"),
    ("FL322", {"account": "Income:Appropriation:City", "date": "2026-03-31"}, "S05"),
    ("FL322", {"account": BANK, "date": "2027-07-01"}, "S05"),
    ("FL322", {"account": BANK, "date": "2024-12-31"}, "S05"),
    ("FL323", {"account": BANK, "date": "2026-03-31"}, "S03"),
    ("FL322", {"account": BANK, "date": "2026-03-31", "replaces": 3}, "S05"),
    ("FL322", {"account": BANK, "date": "2026-03-31", "replaces": 10}, "S05"),
    ("", {"account": BANK, "date": "2026-03-31"}, "S05"),
)
CLOSINGS = (
    ("FL320", "2026-01", "S02"),
    ("FL320", "2026-05", "S02"),
    ("FL320", "2027-06", "S02"),
    ("FL320", "2027-07", "S02"),
    ("FL321", "2026-03", "S02"),
    ("FL323", "2026-02", "S03"),
    ("", "2026-02", "S01"),
)


@pytest.mark.parametrize(("code", "body", "actor"), ASSERTIONS)
def test_an_assertion_is_refused_for_what_its_replay_finds(
    code: str, body: dict[str, Any], actor: str, copies: Path, numbers: Iterator[int]
) -> None:
    def act(fund: Fund) -> None:
        replaces = body.get("replaces", 0)
        fund.assert_balance(body["account"], day, 0, actor=actor, replaces=replaces)

    day = date.fromisoformat(body["date"])
    root = another(copies, numbers)
    record_laws(code, root, act, "assertion", body={**body, "amount_fen": 0}, actor=actor)


@pytest.mark.parametrize(("code", "month", "actor"), CLOSINGS)
def test_a_closing_is_refused_for_what_its_replay_finds(
    code: str, month: str, actor: str, copies: Path, numbers: Iterator[int]
) -> None:
    root = another(copies, numbers)
    fund = opened(root)
    fund.record(draft(drafts.donation(1), date(2026, 4, 2), "donation"))
    fund.assert_balance(BANK, date(2026, 3, 31), 1, actor="S05")
    book = root / "dibao" / month_file(month)
    digest = hashlib.sha256(book.read_bytes()).hexdigest() if book.exists() else ""
    body = {"month": month, "after": "2026-01", "book_sha256": digest}
    fund.close_files()

    def act(fund: Fund) -> None:
        fund.close(month, actor=actor)

    record_laws(code, root, act, "close", body=body, actor=actor)


A, B, C = ("a" * 64, "b" * 64, "c" * 64)
OPEN_AT_THE_BANK = ("book-in", "2026-01-15", 100_00, "2026-01-0001")
INTEREST = ("book-in", "2026-03-05", 1_00, "2026-03-0006")
CREDIT = ("bank-in", "2026-03-20", 50, f"{B}:7")
SIGNED: dict[str, Any] = {
    "account": BANK,
    "date": "2026-03-31",
    "amount_fen": 6_100_50,
    "booked_fen": 6_201_00,
    "statements": [B],
    "items": [OPEN_AT_THE_BANK, INTEREST, CREDIT],
}


def but(at: int, **changes: object) -> dict[str, Any]:
    """Return the sound reconciliation with one of its items changed, and the sum kept right."""
    fields = ("kind", "date", "amount_fen", "ref")
    items = [dict(zip(fields, item, strict=True)) for item in SIGNED["items"]]
    items[at] |= changes
    return with_items(*(tuple(item.values()) for item in items))


def with_items(*items: Any) -> dict[str, Any]:  # noqa: ANN401 - an item is a tuple of four
    """Return the sound reconciliation with other items, and a statement to go with them."""
    signs = {"book-in": -1, "book-out": 1, "bank-in": 1, "bank-out": -1}
    apart_fen = sum(signs[kind] * fen for kind, _, fen, _ in items)
    return {"items": [*items], "amount_fen": SIGNED["booked_fen"] + apart_fen}


RECONCILIATIONS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("", {}, "S05"),
    ("", but(2, ref=f"{B}:7 {B}:9"), "S01"),
    ("FL322", {"account": "Assets:Cash"}, "S05"),
    ("FL322", {"account": "Assets:Bank:Savings"}, "S05"),
    ("FL322", {"date": "2027-07-01"}, "S05"),
    ("FL322", {"date": "2024-12-31"}, "S05"),
    ("FL323", {}, "S03"),
    ("FL323", {}, "S04"),
    ("FL323", {}, "S07"),
    ("FL324", {"after": 0}, "S05"),
    ("FL324", {"after": 7}, "S05"),
    ("FL324", {"replaces": 10}, "S05"),
    ("FL324", {"after": 0, "replaces": 7}, "S05"),
    ("FL324", {"date": "2026-02-28"}, "S05"),
    ("FL324", {"statements": [A, B]}, "S05"),
    ("FL325", {"booked_fen": 6_201_01, "amount_fen": 6_100_51}, "S05"),
    ("FL326", {"amount_fen": 6_100_51}, "S05"),
    ("FL327", but(1, ref="2026-03-0099"), "S05"),
    ("FL327", but(1, ref=f"{B}:8"), "S05"),
    ("FL327", but(1, amount_fen=1_01), "S05"),
    ("FL327", but(1, kind="book-out"), "S05"),
    ("FL327", but(1, date="2026-03-06"), "S05"),
    ("FL327", but(0, date="2026-01-16"), "S05"),
    ("FL327", but(1, ref="2026-04-0001", date="2026-04-02"), "S05"),
    ("FL327", but(0, ref="2025-12-0001", date="2025-12-20"), "S05"),
    ("FL327", but(1, ref="2026-03-0006 2026-03-0006"), "S05"),
    ("FL327", but(2, ref=f"{C}:7"), "S05"),
    ("FL327", but(2, ref="2026-03-0006"), "S05"),
    ("FL327", but(2, date="2026-04-01"), "S05"),
    ("FL327", but(2, date="2026-02-28"), "S05"),
    ("FL327", but(2, kind="bank-out"), "S05"),
    ("FL327", with_items(*SIGNED["items"], INTEREST), "S05"),
    ("FL327", with_items(*SIGNED["items"], OPEN_AT_THE_BANK), "S05"),
    ("FL327", with_items(*SIGNED["items"], CREDIT), "S05"),
    ("FL327", with_items(*SIGNED["items"], ("bank-in", "2026-03-20", 50, f"{B}:7 {B}:8")), "S05"),
)


@pytest.mark.parametrize(("code", "changes", "actor"), RECONCILIATIONS)
def test_a_reconciliation_is_refused_for_what_its_replay_finds(
    code: str, changes: dict[str, Any], actor: str, copies: Path, numbers: Iterator[int]
) -> None:
    root = another(copies, numbers)
    fund = opened(root)
    fund.record(draft(drafts.donation(1_00), date(2026, 4, 2), "donation"))
    fund.sign(
        signed(
            {
                "account": BANK,
                "date": "2026-02-28",
                "amount_fen": 100_00,
                "booked_fen": 200_00,
                "statements": [A],
                "items": [OPEN_AT_THE_BANK],
            }
        ),
        actor="S05",
    )
    (before,) = reconciled(fund.books(), BANK)
    fund.close_files()
    body = to_builtins(signed({**SIGNED, "after": before.sequence, **changes}))

    def act(fund: Fund) -> None:
        fund.sign(convert(body, ReconciliationBody), actor=actor)

    record_laws(code, root, act, "reconciliation", body=body, actor=actor)


def signed(said: dict[str, Any]) -> ReconciliationBody:
    """Return a reconciliation told in short: an item is kind, day, fen and refs."""
    items = [
        {"kind": kind, "date": day, "amount_fen": fen, "refs": refs.split()}
        for kind, day, fen, refs in said["items"]
    ]
    return convert({**said, "items": items}, ReconciliationBody)


def test_a_reconciliation_behind_which_the_book_changed_is_followed_by_none(
    copies: Path, numbers: Iterator[int]
) -> None:
    root = another(copies, numbers)
    fund = opened(root)
    first = {"date": "2026-02-28", "amount_fen": 200_00, "booked_fen": 200_00, "items": []}
    sequence = fund.sign(signed({**SIGNED, **first, "statements": [A]}), actor="S05").sequence
    fund.record(draft(drafts.donation(1), date(2026, 2, 27), "donation"))
    fund.close_files()
    amounts = {"amount_fen": 1_201_01, "booked_fen": 1_201_01, "items": []}
    body = to_builtins(signed({**SIGNED, **amounts, "after": sequence}))

    def act(fund: Fund) -> None:
        fund.sign(convert(body, ReconciliationBody), actor="S05")

    record_laws("FL324", root, act, "reconciliation", body=body, actor="S05")


def test_of_lines_that_compete_none_is_picked_later(copies: Path, numbers: Iterator[int]) -> None:
    root = another(copies, numbers)
    fund = opened(root)
    for _ in range(2):
        fund.record(draft(drafts.donation(7), date(2026, 2, 20), "donation"))
    either = ("book-in", "2026-02-20", 7, "2026-02-0001 2026-02-0002")
    first = {"date": "2026-02-28", "amount_fen": 200_07, "booked_fen": 200_14, "items": [either]}
    sequence = fund.sign(signed({**SIGNED, **first, "statements": [A]}), actor="S05").sequence
    fund.close_files()
    one = ("book-in", "2026-02-20", 7, "2026-02-0002")
    later = {"amount_fen": 1_201_07, "booked_fen": 1_201_14, "items": [one], "after": sequence}
    body = to_builtins(signed({**SIGNED, **later}))

    def act(fund: Fund) -> None:
        fund.sign(convert(body, ReconciliationBody), actor="S05")

    record_laws("FL327", root, act, "reconciliation", body=body, actor="S05")


def test_the_cashier_signs_nothing_in_whatever_other_role(
    copies: Path, numbers: Iterator[int]
) -> None:
    values = charter_values()
    values["staff"][0]["roles"].append({"role": "cashier", "from": "2025-01-01"})
    kept_under = FundCharter.model_validate(values)
    root = another(copies, numbers)
    fund = open_fund(root / "dibao", kept_under, Surroundings(Clock()))
    fund.record(draft(drafts.donation(1), date(2026, 4, 2), "donation"))
    fund.close_files()
    even = {"amount_fen": 1_201_00, "booked_fen": 1_201_00, "items": []}
    body = to_builtins(signed({**SIGNED, **even}))

    def act(fund: Fund) -> None:
        fund.sign(convert(body, ReconciliationBody), actor="S01")

    record_laws("FL323", root, act, "reconciliation", kept_under, body=body, actor="S01")


def test_rules_that_ask_for_the_cashier_let_no_money_move_without(
    copies: Path, numbers: Iterator[int]
) -> None:
    values = charter_values()
    values["controls"]["cashier_signs"] = True
    kept_under = FundCharter.model_validate(values)
    root = another(copies, numbers)
    fund = open_fund(root / "dibao", kept_under, Surroundings(Clock()))
    gift = draft(drafts.donation(1), date(2026, 4, 2), "donation")
    fund.record(replace(gift, cashier="S04"))
    fund.record(draft(drafts.allotment(2026, DIBAO, 1), date(2026, 4, 2), "allot"))
    fund.reverse("2026-04-0001", on=date(2026, 4, 3), maker="S03", reviewer="S01")
    number = fund.books().months["2026-04"] + 1
    fund.close_files()

    def act(fund: Fund) -> None:
        fund.record(gift)

    posted = (numbered(gift, number),)
    record_laws("FL342", root, act, "voucher", kept_under, vouchers=posted)


def test_a_fund_that_takes_no_donations_makes_none_of_what_it_cannot_explain(
    copies: Path, numbers: Iterator[int]
) -> None:
    kept_under = charter(donations=False)
    root = another(copies, numbers)
    fund = open_fund(root / "dibao", kept_under, Surroundings(Clock()))
    came = draft(drafts.unknown_credit(1), date(2026, 4, 2), "unknown-credit")
    given = draft(drafts.donation(1), date(2026, 4, 2), "donation")
    fund.record(came)
    receipt = fund.record(given)
    assert [(f.code, f.gates) for f in receipt.findings if f.code == "FL207"] == [("FL207", False)]
    fund.reverse(receipt.refs[0], on=date(2026, 4, 3), maker="S03", reviewer="S01")
    fund.close_files()
    called = (Posting("Liabilities:Suspense", 1), Posting("Income:Donation", -1))
    wrong = draft(called, date(2026, 4, 3), "transfer")

    def act(fund: Fund) -> None:
        fund.record(wrong)

    record_laws("FL207", root, act, "voucher", kept_under, vouchers=(numbered(wrong, 4),))


def test_rules_that_ask_for_a_balance_let_no_month_close_without(
    copies: Path, numbers: Iterator[int]
) -> None:
    values = charter_values()
    values["controls"]["close_needs_assertion"] = True
    kept_under = FundCharter.model_validate(values)
    root = another(copies, numbers)
    fund = open_fund(root / "dibao", kept_under, Surroundings(Clock()))
    fund.record(draft(drafts.donation(1), date(2026, 4, 2), "donation"))
    fund.close_files()
    digest = hashlib.sha256((root / "dibao" / month_file("2026-03")).read_bytes()).hexdigest()
    body = {"month": "2026-03", "after": "2026-01", "book_sha256": digest}

    def act(fund: Fund) -> None:
        fund.close("2026-03", actor="S02")

    record_laws("FL328", root, act, "close", kept_under, body=body, actor="S02")


def record_laws(
    code: str,
    root: Path,
    act: Callable[[Fund], object],
    kind: Kind,
    kept_under: FundCharter | None = None,
    **said: Any,  # noqa: ANN401 - handed on
) -> None:
    """Do an act; it is refused for just what its record, forced in, is found for."""
    fund = open_fund(root / "dibao", kept_under or charter(), Surroundings(Clock()))
    refused: list[Finding] = []
    try:
        act(fund)
    except Refused as refusal:
        refused = gating(refusal.findings)
        force(root / "dibao", fund, at=AT, kind=kind, **said)
    found = audited(fund)
    fund.close_files()

    assert [finding.code for finding in found] == [finding.code for finding in refused]
    assert sorted(map(repr, found)) == sorted(map(repr, refused))
    assert code in {"", *(finding.code for finding in found)}
    assert bool(found) is bool(code)
    assert untold(found) == []


def test_every_check_that_gates_was_put_to_both_laws() -> None:
    tried = {code for code, *_ in (*BREAKAGES, *ASSERTIONS, *CLOSINGS, *RECONCILIATIONS) if code}

    assert tried | MADE_BY_THE_PROGRAM | PUT_WHERE_RULES_CHANGE | IN_THE_KEY == GATING
