"""A list that is written by hand meets each guard of the gate by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from fundledger.ledger.batches.paylist import (
    PaymentLine,
)
from fundledger.ledger.batches.prepare import prepared
from support.guarded import FEN, NEW, ON, by_hand, led_to, listed, own_line, put, told
from support.paying import (
    MAKER,
    Payments,
    entitlement,
    pseudonym,
)


@pytest.fixture
def payments(tmp_path: Path) -> Payments:
    return Payments(tmp_path)


def test_a_list_written_by_hand_as_it_must_be_passes(payments: Payments) -> None:
    listed(payments, [own_line(1), own_line(2)], 1)

    assert [len(payments.lines(one.id)) for one in payments.batches()] == [2]


WRONG_HEADS: Mapping[str, tuple[dict[str, Any], tuple[str, object]]] = {
    "number skipped": ({"batch": "B2026-03-003"}, ("FL752", "totals")),
    "number of another month": ({"batch": "B2026-02-001"}, ("FL752", "totals")),
    "payment reconfirmed": ({"reconfirmed": True}, ("FL752", "totals")),
    "count": ({"payments": 2}, ("FL752", "totals")),
    "sum": ({"amount_fen": FEN + 1}, ("FL752", "totals")),
    "totals": ({"totals": [["CASC", "MajorIllness", 1, FEN]]}, ("FL752", "totals")),
    "no document": ({"document": ""}, ("FL759", "")),
    "to come": ({"on": "2027-07-01", "batch": "B2027-07-001"}, ("FL750", "day")),
    "there": ({"batch": "B2026-03-001"}, ("FL750", "there")),
}


@pytest.mark.parametrize("wrong", WRONG_HEADS)
def test_a_list_is_refused_for_what_its_record_says(payments: Payments, wrong: str) -> None:
    listed(payments, [own_line(1)], 1)
    changes, why_not = WRONG_HEADS[wrong]
    body, files = by_hand([own_line(2)], 2, **changes)

    assert told(lambda: put(payments, body, files)) == [why_not]
    put(payments, *by_hand([own_line(2)], 2))


def test_a_list_of_nobody_is_none(payments: Payments) -> None:
    body, files = by_hand([], 1, payments=1, amount_fen=1)

    assert told(lambda: put(payments, body, files)) == [("FL752", "totals")]


def test_a_batch_that_is_there_is_not_made_anew(payments: Payments) -> None:
    listed(payments, [own_line(1)], 1)
    body, files = by_hand([own_line(2)], 1)
    with payments.fund.books().with_files(files) as shelf:
        batch, problems = prepared(shelf, body, sequence=9, actor=MAKER, day="2026-03-20")

    assert batch is None
    assert [(one.code, one.details["reason"]) for one in problems] == [("FL750", "there")]


WRONG_LINES: Mapping[str, tuple[Sequence[PaymentLine], tuple[str, object]]] = {
    "of another": (
        [own_line(1, line=own_line(2).line)],
        ("FL752", "id"),
    ),
    "of another month": ([own_line(1, period="2026-04")], ("FL752", "id")),
    "numbered though the first": ([own_line(1, line=f"{own_line(1).line}-1")], ("FL752", "number")),
    "twice": ([own_line(1), own_line(1, line=f"{own_line(1).line}-1")], ("FL753", "")),
}


@pytest.mark.parametrize("wrong", WRONG_LINES)
def test_a_line_is_refused_that_is_not_its_own(payments: Payments, wrong: str) -> None:
    lines, why_not = WRONG_LINES[wrong]

    assert told(lambda: listed(payments, lines, 1)) == [why_not]


def test_a_second_line_has_the_number_after_the_first(payments: Payments) -> None:
    batch = payments.prepare([entitlement(1, FEN)])
    assert told(lambda: listed(payments, [own_line(1)], 2)) == [("FL752", "number")]
    root = own_line(1).line
    once_more = [own_line(1, line=f"{root}-1")]
    assert told(lambda: listed(payments, once_more, 2)) == [("FL753", "")]

    payments.step(batch, "reject", ON)
    skipped = [own_line(1, line=f"{root}-2")]
    assert told(lambda: listed(payments, skipped, 2)) == [("FL752", "number")]
    listed(payments, once_more, 2)


AGAIN: Mapping[str, tuple[dict[str, Any], dict[str, Any], tuple[str, object]]] = {
    "amount more": ({"amount_fen": FEN + 1}, {}, ("FL757", "amount")),
    "amount less": ({"amount_fen": FEN - 1}, {}, ("FL757", "amount")),
    "household": ({"household": pseudonym("H", 2)}, {}, ("FL757", "household")),
    "account": ({"account": own_line(1).account}, {}, ("FL757", "account")),
    "number": ({"line": f"{own_line(1).line}-2"}, {}, ("FL752", "number")),
    "first number": ({"line": own_line(1).line}, {}, ("FL752", "number")),
    "day": ({}, {"on": "2026-03-11"}, ("FL757", "day")),
}


"""What is changed of the line and of the record of a reissue, and why it is refused."""


@pytest.mark.parametrize("wrong", AGAIN)
def test_a_reissue_pays_the_same_once_more(payments: Payments, wrong: str) -> None:
    batch, (line,) = payments.sent([entitlement(1, FEN)])
    payments.result(batch, "2026-03-12", {line: "failed"})
    sound = own_line(1, line=f"{line}-1", account=NEW)
    changed, head, why_not = AGAIN[wrong]

    told_of = told(lambda: listed(payments, [sound._replace(**changed)], 2, kind="reissue", **head))
    assert told_of == [why_not]
    listed(payments, [sound], 2, kind="reissue", on="2026-03-12")


def test_a_reissue_goes_to_the_same_account_if_that_was_confirmed(payments: Payments) -> None:
    batch, (line,) = payments.sent([entitlement(1, FEN)])
    payments.result(batch, "2026-03-12", {line: "failed"})

    listed(payments, [own_line(1, line=f"{line}-1")], 2, kind="reissue", reconfirmed=True)


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ((), "state"),
        (("approve",), "state"),
        (("approve", "export"), "state"),
        (("approve", "export", "debit", "paid"), "state"),
        (("approve", "export", "debit", "failed"), "not-credited"),
        (("approve", "export", "failed", "cancel"), "state"),
        (("reject",), "nothing"),
    ],
)
def test_only_what_came_to_nothing_is_paid_once_more(
    payments: Payments, steps: Sequence[str], reason: str
) -> None:
    batch = led_to(payments, steps)
    (line,) = payments.lines(batch)
    again = [line._replace(line=f"{line.line}-1", account=NEW)]

    assert told(lambda: listed(payments, again, 2, kind="reissue")) == [("FL757", reason)]


def test_what_was_never_listed_is_not_paid_once_more(payments: Payments) -> None:
    assert told(lambda: listed(payments, [own_line(1)], 1, kind="reissue")) == [
        ("FL757", "nothing")
    ]
