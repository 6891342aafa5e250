"""What was booked of a payment and never happened at the bank is taken back, by line.

In red ink within its year (会计基础工作规范 art. 51(5)), later in blue through what was brought
forward.  Figures are yuan, each on the side of its account's nature; what is zero is left out.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundledger.errors import Refused
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.batches.states import LineState
from fundledger.ledger.voucher import Posting
from support.offices import Clock
from support.paying import MAKER, REVIEWER, Payments, entitlement, pseudonym

AVAILABLE, ENCUMBERED, EXPENDED, BROUGHT = (
    f"Equity:Budget:{{}}:{kind}:CASC:Dibao"
    for kind in ("Available", "Encumbered", "Expended", "BroughtForward")
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def payments(tmp_path: Path, clock: Clock) -> Payments:
    return Payments(tmp_path, clock, granted_fen=10_000_00)


def last(payments: Payments) -> tuple[str, str, list[Posting]]:
    """Return event, narration and postings of the last voucher."""
    *_, record = payments.fund.records()
    (voucher,) = record.vouchers
    return voucher.event, voucher.narration, list(voucher.postings)


def test_a_debit_that_the_bank_never_made_is_taken_back_in_red_ink(payments: Payments) -> None:
    batch, (one, two) = payments.sent([entitlement(n, 100_00) for n in range(2)])
    sent = payments.figures()
    payments.step(batch, "debit", "2026-03-11")
    payments.named(batch, "undo-debit", "2026-03-12", [one])

    assert payments.figures() == {
        "bank": "9900",
        "expense": "200",
        "transit": "100",
        "available": "9800",
        "encumbered": "100",
        "expended": "100",
    }
    assert payments.batch(batch).standing(one).debited_on == ""
    assert payments.batch(batch).standing(two).debited_on == "2026-03-11"
    assert last(payments) == (
        "batch-undo-debit",
        f"{batch} 红冲扣款（注销2026-03-11所记），1笔",
        [
            Posting("Liabilities:InTransit", -100_00, red=True),
            Posting("Assets:Bank:Dedicated", 100_00, red=True),
            Posting(EXPENDED.format(2026), -100_00, red=True),
            Posting(ENCUMBERED.format(2026), 100_00, red=True),
        ],
    )
    payments.named(batch, "undo-debit", "2026-03-12", [two])
    assert payments.figures() == sent


def test_a_debit_of_what_failed_is_taken_back_from_the_banks_debt(payments: Payments) -> None:
    batch, (line,) = payments.sent([entitlement(0, 100_00)])
    payments.result(batch, "2026-03-11", {line: "failed"})
    failed = payments.figures()
    payments.named(batch, "debit", "2026-03-12", [line])
    assert payments.figures()["due from bank"] == "100"
    payments.named(batch, "undo-debit", "2026-03-13", [line])

    assert payments.figures() == failed
    assert payments.batch(batch).standing(line).state is LineState.FAILED


def test_what_was_given_back_by_the_books_alone_is_owed_again(payments: Payments) -> None:
    batch, (line,) = payments.sent([entitlement(0, 100_00)])
    payments.step(batch, "debit", "2026-03-11")
    payments.result(batch, "2026-03-12", {line: "failed"})
    owed = payments.figures()
    payments.named(batch, "credit-back", "2026-03-13", [line])
    payments.named(batch, "undo-credit-back", "2026-03-16", [line])

    assert payments.figures() == owed
    with pytest.raises(Refused, match="FL757"):
        payments.reissue({line: pseudonym("A", "new")}, "2026-03-16")


@pytest.mark.parametrize("step", ["return", "take-back"])
def test_a_return_that_never_came_leaves_the_line_paid(payments: Payments, step: str) -> None:
    batch, (line,) = payments.sent([entitlement(0, 100_00)])
    payments.step(batch, "debit", "2026-03-11")
    payments.result(batch, "2026-03-11", {line: "paid"})
    paid, stood = payments.figures(), payments.batch(batch).standing(line)
    on = "2026-03-13"
    payments.step(batch, step, on, [Outcome(line, step, on, 100_00, "AC04")])
    payments.named(batch, "undo-return", "2026-03-16", [line])

    assert payments.figures() == paid
    assert payments.batch(batch).standing(line) == stood
    assert last(payments)[2] == [
        Posting("Assets:Bank:Dedicated", -100_00, red=True),
        Posting("Liabilities:Returned", 100_00, red=True),
        Posting(ENCUMBERED.format(2026), -100_00, red=True),
        Posting(EXPENDED.format(2026), 100_00, red=True),
    ]


def test_what_an_earlier_year_booked_is_taken_back_in_blue(
    payments: Payments, clock: Clock
) -> None:
    batch, (line, back) = payments.sent([entitlement(n, 100_00) for n in range(2)], "2026-12-20")
    payments.step(batch, "debit", "2026-12-21")
    payments.result(batch, "2026-12-22", dict.fromkeys((line, back), "paid"))
    payments.named(batch, "return", "2026-12-24", [back])
    clock.advance(days=300)
    for month in range(1, 12):
        payments.fund.close(f"2026-{month:02d}", actor="S02")
    payments.fund.close_year(2026, actor="S02", maker=MAKER, reviewer=REVIEWER)
    payments.named(batch, "undo-debit", "2027-01-04", [line])

    assert last(payments)[2] == [
        Posting("Assets:Bank:Dedicated", 100_00),
        Posting("Liabilities:InTransit", -100_00),
        Posting(ENCUMBERED.format(2027), 100_00),
        Posting(BROUGHT.format(2027), -100_00),
    ]
    payments.named(batch, "undo-return", "2027-01-05", [back])
    assert last(payments)[2] == [
        Posting("Liabilities:Returned", 100_00),
        Posting("Assets:Bank:Dedicated", -100_00),
        Posting(BROUGHT.format(2027), 100_00),
        Posting(ENCUMBERED.format(2027), -100_00),
    ]
    assert payments.figures(2027)["transit"] == "100"
    assert [one for one in payments.fund.check().findings if one.gates] == []


@pytest.mark.parametrize(
    ("before", "step"),
    [
        ((), "undo-debit"),
        (("debit",), "undo-return"),
        (("debit",), "undo-credit-back"),
        (("debit", "return"), "undo-debit"),
        (("debit", "return"), "undo-credit-back"),
        (("debit", "return", "cancel"), "undo-return"),
        (("debit", "claim-back"), "undo-debit"),
    ],
)
def test_only_the_last_move_of_the_money_is_taken_back(
    payments: Payments, before: tuple[str, ...], step: str
) -> None:
    batch, (line,) = payments.sent([entitlement(0, 100_00)])
    payments.result(batch, "2026-03-10", {line: "paid"})
    for done in before:
        payments.named(batch, done, "2026-03-11", [line])
    figures = payments.figures()

    with pytest.raises(Refused, match="FL750"):
        payments.named(batch, step, "2026-03-12", [line])
    assert payments.figures() == figures


@pytest.mark.parametrize(
    ("on", "more", "code"),
    [
        ("2026-03-10", {}, "FL750"),
        ("2026-03-12", {"document": ""}, "FL759"),
        ("2026-03-12", {"actor": "S07"}, "FL748"),
        ("2026-03-12", {"reviewer": MAKER}, "FL304"),
    ],
)
def test_it_rests_on_a_paper_after_the_debit_and_is_by_who_may(
    payments: Payments, on: str, more: dict[str, str], code: str
) -> None:
    batch, (line,) = payments.sent([entitlement(0, 100_00)])
    payments.step(batch, "debit", "2026-03-11")

    with pytest.raises(Refused, match=code):
        payments.named(batch, "undo-debit", on, [line], **more)


def test_what_is_paid_again_is_not_undone(payments: Payments) -> None:
    batch, (line,) = payments.sent([entitlement(0, 100_00)])
    payments.step(batch, "debit", "2026-03-11")
    payments.result(batch, "2026-03-11", {line: "paid"})
    payments.named(batch, "return", "2026-03-12", [line])
    again = payments.reissue({line: pseudonym("A", "new")}, "2026-03-13")
    payments.step(again, "approve", "2026-03-13")

    with pytest.raises(Refused, match="FL750"):
        payments.named(batch, "undo-return", "2026-03-14", [line])


def test_a_reissue_is_not_approved_once_the_return_is_undone(payments: Payments) -> None:
    batch, (line,) = payments.sent([entitlement(0, 100_00)])
    payments.step(batch, "debit", "2026-03-11")
    payments.result(batch, "2026-03-11", {line: "paid"})
    payments.named(batch, "return", "2026-03-12", [line])
    again = payments.reissue({line: pseudonym("A", "new")}, "2026-03-13")
    payments.named(batch, "undo-return", "2026-03-14", [line])

    with pytest.raises(Refused, match="FL757"):
        payments.step(again, "approve", "2026-03-14")


@settings(max_examples=15, deadline=None)
@given(debited=st.sets(st.integers(0, 3)), undone=st.sets(st.integers(0, 3), min_size=1))
def test_undone_and_booked_anew_is_as_if_it_was_booked_once(
    tmp_path_factory: pytest.TempPathFactory, debited: set[int], undone: set[int]
) -> None:
    root = tmp_path_factory.mktemp("undone")
    ways = {}
    for way in ("once", "anew"):
        payments = Payments(root / way, granted_fen=10_000_00)
        batch, lines = payments.sent([entitlement(n, (n + 1) * 100_00) for n in range(4)])
        if debited:
            payments.named(batch, "debit", "2026-03-11", [lines[n] for n in debited])
        if debited < set(range(4)):
            payments.step(batch, "debit", "2026-03-11")
        if way == "anew":
            payments.named(batch, "undo-debit", "2026-03-12", [lines[n] for n in undone])
            payments.step(batch, "debit", "2026-03-12")
        found = payments.batch(batch)
        days = {line: found.standing(line).debited_on for line in lines}
        ways[way] = payments.figures(), sorted(line for line, on in days.items() if on)

    assert ways["once"] == ways["anew"]
