"""What befalls a line of a batch: the right word, the right amount, on a day that can be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fundledger.ledger.batches.advance import advance
from fundledger.ledger.batches.files import Problem
from fundledger.ledger.batches.outcomes import Outcome, render_outcomes
from fundledger.ledger.batches.paylist import (
    list_digest,
)
from fundledger.ledger.batches.states import LineState
from fundledger.ledger.bodies import BatchBody
from fundledger.ledger.plan import Receipt
from support.guarded import BEFORE, FEN, LATER, NAMED, NEW, ON, led_to, listed, own_line, take, told
from support.paying import (
    APPROVER,
    EVIDENCE,
    Payments,
    entitlement,
)


@pytest.fixture
def payments(tmp_path: Path) -> Payments:
    return Payments(tmp_path)


def outcome_told(payments: Payments, batch: str, step: str, *said: Outcome) -> list[Problem]:
    """Return the problems that a step has with outcomes, as the gate finds them."""
    data = render_outcomes(said)
    fen = sum(one.amount_fen for one in said)
    lines = list_digest(data)
    body = BatchBody(batch, step, "2026-03-20", len(said), fen, lines, EVIDENCE)
    with payments.fund.books().with_files({lines: data}) as shelf:
        done = advance(shelf, body, sequence=99, actor=APPROVER, day="2026-03-20")
    assert bool(done.problems) is not bool(done.moves)
    return list(done.problems)


@pytest.mark.parametrize(
    ("step", "word"),
    [
        ("result", "refused"),
        ("result", "debit"),
        ("debit", "paid"),
        ("debit", "credit-back"),
        ("return", "take-back"),
        ("take-back", "return"),
        ("credit-back", "failed"),
        ("undo-debit", "debit"),
        ("undo-credit-back", "credit-back"),
        ("undo-return", "return"),
        ("claim-back", "recover"),
        ("recover", "write-off"),
        ("write-off", "recover"),
        ("cancel", "unclaimed"),
        ("unclaimed", "cancel"),
    ],
)
def test_what_is_said_of_a_line_is_the_step(payments: Payments, step: str, word: str) -> None:
    batch = led_to(payments, BEFORE[step])
    (line,) = payments.lines(batch)
    said = Outcome(line.line, word, LATER, FEN)
    (problem,) = outcome_told(payments, batch, step, said)

    assert (problem.code, problem.details["reason"]) == ("FL750", "outcome")
    assert told(lambda: payments.step(batch, step, LATER, [said])) == [("FL750", "outcome")]
    take(payments, batch, step, LATER)


@pytest.mark.parametrize("step", [*NAMED, "debit"])
@pytest.mark.parametrize("apart_fen", [-1, 1])
def test_a_step_takes_the_whole_of_a_line(payments: Payments, step: str, apart_fen: int) -> None:
    batch = led_to(payments, BEFORE[step])
    (line,) = payments.lines(batch)
    word = "paid" if step == "result" else step
    said = Outcome(line.line, word, LATER, FEN + apart_fen)
    in_parts = step in {"claim-back", "recover"} and apart_fen < 0

    found = [one.details["reason"] for one in outcome_told(payments, batch, step, said)]
    assert found == ([] if in_parts else ["amount"])


def test_what_is_asked_back_is_settled_to_the_fen(payments: Payments) -> None:
    batch = led_to(payments, BEFORE["claim-back"])
    (line,) = payments.lines(batch)

    def said(word: str, fen: int) -> Callable[[], Receipt]:
        one = Outcome(line.line, word, LATER, fen)
        return lambda: payments.step(batch, word, LATER, [one], key=f"{word} {fen}")

    said("claim-back", 60_00)()
    no_fit = [("FL750", "amount")]
    for word, fen in (("write-off", 59_99), ("write-off", 60_01), ("recover", 60_01)):
        assert told(said(word, fen)) == no_fit
    said("recover", 20_00)()
    for word, fen in (
        ("write-off", 60_00),
        ("write-off", 20_00),
        ("write-off", 39_99),
        ("write-off", 40_01),
        ("recover", 40_01),
    ):
        assert told(said(word, fen)) == no_fit
    said("write-off", 40_00)()
    assert payments.batch(batch).standing(line.line).state is LineState.WRITTEN_OFF


def test_no_more_is_asked_back_than_was_paid(payments: Payments) -> None:
    batch = led_to(payments, BEFORE["claim-back"])
    (line,) = payments.lines(batch)
    first = Outcome(line.line, "claim-back", LATER, 60_00)
    payments.step(batch, "claim-back", LATER, [first])
    payments.step(batch, "recover", LATER, [first._replace(outcome="recover")])

    def more(fen: int) -> Callable[[], Receipt]:
        one = first._replace(amount_fen=fen)
        return lambda: payments.step(batch, "claim-back", LATER, [one])

    assert told(more(40_01)) == [("FL750", "amount")]
    more(40_00)()


def test_nothing_befalls_a_line_that_is_not_on_the_list(payments: Payments) -> None:
    batch = led_to(payments, BEFORE["result"])
    said = Outcome("L-AAAAAAAAAAAA", "paid", LATER, FEN)
    (problem,) = outcome_told(payments, batch, "result", said)

    assert problem.details["reason"] == "no-line"


@pytest.mark.parametrize("step", [*NAMED, "debit"])
@pytest.mark.parametrize(
    ("on", "reasons"), [("2026-03-09", ["day"]), ("2026-03-21", ["day"]), (ON, [])]
)
def test_what_befalls_a_line_is_after_it_was_sent_and_not_to_come(
    payments: Payments, step: str, on: str, reasons: list[str]
) -> None:
    batch = led_to(payments, BEFORE[step])
    (line,) = payments.lines(batch)
    said = Outcome(line.line, "paid" if step == "result" else step, on, FEN)

    found = [one.details["reason"] for one in outcome_told(payments, batch, step, said)]
    assert found == reasons


@pytest.mark.parametrize(
    ("step", "reasons"),
    [("result", []), ("claim-back", ["day"]), ("return", ["day"]), ("undo-debit", ["day"])],
)
def test_what_follows_a_debit_is_not_before_it_but_for_the_banks_answer(
    payments: Payments, step: str, reasons: list[str]
) -> None:
    batch = led_to(payments, ("approve", "export"))
    (line,) = payments.lines(batch)
    payments.step(batch, "debit", "2026-03-12")
    if step != "result":
        payments.result(batch, "2026-03-12", {line.line: "paid"})
    said = Outcome(line.line, "paid" if step == "result" else step, LATER, FEN)

    found = [one.details["reason"] for one in outcome_told(payments, batch, step, said)]
    assert found == reasons


def test_what_the_bank_refused_is_not_withdrawn_before_that(payments: Payments) -> None:
    batch = led_to(payments, ("approve", "export"))
    (line,) = payments.lines(batch)
    payments.step(batch, "refuse", "2026-03-12")
    for on, reasons in (("2026-03-09", ["day"]), (LATER, ["day"]), ("2026-03-12", [])):
        said = Outcome(line.line, "withdraw", on, FEN)
        found = [one.details["reason"] for one in outcome_told(payments, batch, "withdraw", said)]
        assert found == reasons


def test_what_is_withdrawn_was_approved_by_then(payments: Payments) -> None:
    batch = led_to(payments, ("approve",))
    (line,) = payments.lines(batch)
    said = Outcome(line.line, "withdraw", "2026-03-09", FEN)

    (problem,) = outcome_told(payments, batch, "withdraw", said)
    assert problem.details["reason"] == "day"


def test_nobody_is_listed_whom_another_unit_pays(payments: Payments) -> None:
    payments.prepare([entitlement(1, FEN, line=("Union", "Dibao"))])

    assert told(lambda: listed(payments, [own_line(1)], 2)) == [("FL753", "")]


def test_an_account_of_any_earlier_line_has_to_be_confirmed(payments: Payments) -> None:
    batch, (line,) = payments.sent([entitlement(1, FEN)])
    payments.result(batch, "2026-03-12", {line: "failed"})
    again = payments.reissue({line: NEW}, "2026-03-12")
    for step in ("approve", "export"):
        payments.step(again, step, "2026-03-12")
    payments.result(again, "2026-03-12", {f"{line}-1": "failed"})

    third = [own_line(1, line=f"{line}-2")]
    assert told(lambda: listed(payments, third, 3, kind="reissue")) == [("FL757", "account")]
    listed(payments, third, 3, kind="reissue", reconfirmed=True)


def test_what_is_unknown_is_not_made_unknown_again(payments: Payments) -> None:
    batch = led_to(payments, ("approve", "export"))
    (line,) = payments.lines(batch)
    payments.result(batch, ON, {line.line: "unknown"})
    for word, reasons in (("unknown", ["state"]), ("paid", []), ("failed", [])):
        said = Outcome(line.line, word, LATER, FEN)
        found = [one.details["reason"] for one in outcome_told(payments, batch, "result", said)]
        assert found == reasons
