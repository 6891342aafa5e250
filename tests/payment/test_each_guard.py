"""Each guard of batches by itself: take one away, and a test here says which.

What is expected is written down here by hand, and never read from the guards.  What the public acts
cannot say is written as a record by hand and put before the same gate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec import convert, to_builtins

from fundledger.checks.batches import STEP_ROLES
from fundledger.errors import Refused
from fundledger.ledger import drafts
from fundledger.ledger.batches.advance import advance
from fundledger.ledger.batches.files import Problem
from fundledger.ledger.batches.outcomes import Outcome, render_outcomes
from fundledger.ledger.batches.paylist import (
    PaymentLine,
    line_id,
    list_digest,
    render_list,
    totals_of,
)
from fundledger.ledger.batches.prepare import prepared
from fundledger.ledger.batches.states import LineState
from fundledger.ledger.bodies import BatchBody
from fundledger.ledger.plan import Content, Receipt
from fundledger.ledger.voucher import Posting
from support.offices import DIBAO, draft
from support.paying import (
    APPROVER,
    CASHIER,
    EVIDENCE,
    MAKER,
    REVIEWER,
    Payments,
    entitlement,
    pseudonym,
    why,
)

ROLES = ("maker", "reviewer", "poster", "cashier", "chief", "handler", "approver", "auditor")
ONE_EACH = {role: f"S1{number}" for number, role in enumerate(ROLES, 1)}
"""Somebody for each role who holds no other."""

BANK_SAYS = {"maker", "poster", "cashier"}
WHO_MAY: Mapping[str, set[str]] = {
    "prepare": {"maker", "handler"},
    "approve": {"approver"},
    "reject": {"approver"},
    "withdraw": {"approver"},
    "export": {"cashier"},
    "accept": BANK_SAYS,
    "refuse": BANK_SAYS,
    "result": BANK_SAYS,
    "debit": BANK_SAYS,
    "credit-back": BANK_SAYS,
    "return": BANK_SAYS,
    "take-back": BANK_SAYS,
    "undo-debit": BANK_SAYS,
    "undo-credit-back": BANK_SAYS,
    "undo-return": BANK_SAYS,
    "recover": BANK_SAYS,
    "cancel": {"approver"},
    "unclaimed": {"approver"},
    "claim-back": {"approver"},
    "remit": {"approver", "chief"},
    "write-off": {"approver", "chief"},
}
"""Who may take each step, by the division of posts that the office wrote down."""

BEFORE: Mapping[str, tuple[str, ...]] = {
    "prepare": (),
    "approve": (),
    "reject": (),
    "withdraw": ("approve",),
    "export": ("approve",),
    "accept": ("approve", "export"),
    "refuse": ("approve", "export"),
    "result": ("approve", "export"),
    "debit": ("approve", "export"),
    "credit-back": ("approve", "export", "debit", "failed"),
    "return": ("approve", "export", "debit", "paid"),
    "take-back": ("approve", "export", "debit", "paid"),
    "undo-debit": ("approve", "export", "debit"),
    "undo-credit-back": ("approve", "export", "debit", "failed", "credit-back"),
    "undo-return": ("approve", "export", "debit", "paid", "return"),
    "recover": ("approve", "export", "debit", "paid", "claim-back"),
    "cancel": ("approve", "export", "failed"),
    "unclaimed": ("approve", "export", "failed"),
    "claim-back": ("approve", "export", "debit", "paid"),
    "remit": ("approve", "export", "debit", "paid", "return", "unclaimed", "year end"),
    "write-off": ("approve", "export", "debit", "paid", "claim-back"),
}
"""What befalls a batch of one line until it is the turn of each step."""

UNNAMED = frozenset({"approve", "export", "accept", "refuse", "debit", "reject", "withdraw"})
NAMED = sorted(set(WHO_MAY) - UNNAMED - {"prepare", "remit"})
ON, LATER = "2026-03-10", "2026-03-11"
FEN = 100_00


@pytest.fixture
def payments(tmp_path: Path) -> Payments:
    return Payments(tmp_path)


def told(act: Callable[[], object]) -> list[tuple[str, object]]:
    """Return the codes for which an act is refused, each with its reason if it has one."""
    with pytest.raises(Refused) as caught:
        act()
    return [(one.code, one.details.get("reason", "")) for one in caught.value.findings]


def take(payments: Payments, batch: str, step: str, on: str, **more: Any) -> Receipt:  # noqa: ANN401 - of any field
    """Take a step about the whole amount of the batch's one line."""
    if step in UNNAMED:
        return payments.step(batch, step, on, **more)
    (line,) = payments.lines(batch)
    word = "paid" if step == "result" else step
    said = Outcome(line.line, word, on, line.amount_fen, why(step))
    return payments.step(batch, step, on, [said], **more)


def led_to(payments: Payments, steps: Iterable[str]) -> str:
    """Prepare a batch of one line, take it so far, and return its id."""
    batch = payments.prepare([entitlement(1, FEN)])
    for step in steps:
        if step in {"paid", "failed"}:
            (line,) = payments.lines(batch)
            payments.result(batch, ON, {line.line: step})
        elif step == "year end":
            for month in range(1, 12):
                payments.fund.close(f"2026-{month:02d}", actor="S02")
            payments.fund.close_year(2026, actor="S02", maker=MAKER, reviewer=REVIEWER)
        else:
            take(payments, batch, step, ON)
    return batch


# --- who may


def test_every_step_has_its_roles() -> None:
    assert {step: set(roles) for step, roles in STEP_ROLES.items()} == WHO_MAY
    assert set(BEFORE) == set(WHO_MAY)


@pytest.mark.parametrize(
    ("step", "role"), [(step, role) for step in WHO_MAY for role in sorted(WHO_MAY[step])]
)
def test_a_step_is_for_those_whose_post_it_is(step: str, role: str, tmp_path: Path) -> None:
    posts = {code: (of,) for of, code in ONE_EACH.items()}
    payments = Payments(tmp_path, posts=posts)
    given = [entitlement(2, FEN)]
    batch = led_to(payments, BEFORE[step])
    on = "2027-01-08" if step == "remit" else ON

    def act(code: str) -> object:
        if step == "prepare":
            return payments.prepare(given, actor=code)
        return take(payments, batch, step, on, actor=code)

    known = len(list(payments.fund.records()))
    for other in sorted(set(ROLES) - WHO_MAY[step]):
        assert told(lambda other=other: act(ONE_EACH[other])) == [("FL748", "")]  # type: ignore[misc]
    assert told(lambda: act("S99")) == [("FL748", "")]
    assert len(list(payments.fund.records())) == known
    act(ONE_EACH[role])
    assert len(list(payments.fund.records())) == known + 1


# --- who made it does not approve it


def both_posts(root: Path) -> Payments:
    return Payments(root, posts={"S20": ("maker", "approver"), "S21": ("maker", "approver")})


def test_who_prepared_a_batch_does_not_approve_it(tmp_path: Path) -> None:
    payments = both_posts(tmp_path)
    batch = payments.prepare([entitlement(1, FEN)], actor="S20")

    assert told(lambda: payments.step(batch, "approve", ON, actor="S20")) == [("FL754", "")]
    payments.step(batch, "approve", ON, actor="S21")
    assert payments.batch(batch).approver == "S21"


def test_who_makes_the_voucher_of_an_approval_does_not_approve(tmp_path: Path) -> None:
    payments = both_posts(tmp_path)
    batch = payments.prepare([entitlement(1, FEN)], actor="S20")

    def approve(maker: str) -> Receipt:
        return payments.step(batch, "approve", ON, actor="S21", maker=maker)

    assert told(lambda: approve("S21")) == [("FL754", "")]
    approve("S20")
    assert payments.batch(batch).approver == "S21"


def test_an_approval_by_the_preparer_moves_nothing(tmp_path: Path) -> None:
    payments = both_posts(tmp_path)
    batch = payments.prepare([entitlement(1, FEN)], actor="S20")
    body = BatchBody(batch, "approve", ON, 1, FEN)

    for actor, codes in (("S20", ["FL754"]), ("S21", [])):
        done = advance(payments.fund.books(), body, sequence=9, actor=actor, day=ON)
        assert [one.code for one in done.problems] == codes
        assert bool(done.moves) is not bool(codes)


# --- what stands for payments is moved by batches alone


BANK = "Assets:Bank:Dedicated"
ENCUMBERED = "Equity:Budget:2026:Encumbered:CASC:Dibao"
HELD: Mapping[str, tuple[str, ...]] = {
    "Liabilities:SubsidyPayable": ("approve",),
    "Liabilities:InTransit": ("approve", "export"),
    "Liabilities:Returned": ("approve", "export", "debit", "paid", "return"),
    "Assets:DueFrom:Bank": ("approve", "export", "debit", "failed"),
    "Assets:Receivable:Recovery": ("approve", "export", "debit", "paid", "claim-back"),
}


@pytest.mark.parametrize("account", HELD)
@pytest.mark.parametrize("fen", [FEN, 1])
def test_no_voucher_beside_takes_from_a_control_account(
    account: str, fen: int, tmp_path: Path
) -> None:
    payments = Payments(tmp_path)
    led_to(payments, HELD[account])
    sign = 1 if account.startswith("Liabilities:") else -1
    postings = (Posting(account, sign * fen), Posting(BANK, -sign * fen))
    entry = draft(postings, date(2026, 3, 12), "transfer", cashier=CASHIER)

    assert taken(payments, entry) == [(account, FEN, fen)]


@pytest.mark.parametrize("account", HELD)
def test_what_stands_for_no_payment_is_not_told_as_one(account: str, payments: Payments) -> None:
    sign = 1 if account.startswith("Liabilities:") else -1
    postings = (Posting(account, sign), Posting(BANK, -sign))

    assert taken(payments, draft(postings, date(2026, 3, 12), "transfer", cashier=CASHIER)) == []


def taken(payments: Payments, entry: Any) -> list[tuple[object, object, object]]:  # noqa: ANN401 - drafts
    """Return what FL797 tells of a voucher: the account, what it must hold, and what is short."""
    with pytest.raises(Refused) as caught:
        payments.fund.record(entry)
    return [
        (one.details["account"], one.details["needed_fen"], one.details["amount_fen"])
        for one in caught.value.findings
        if one.code == "FL797"
    ]


def test_nothing_beside_releases_what_is_set_aside_for_payments(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    led_to(payments, ["approve"])
    entry = draft(drafts.release(2026, DIBAO, 1), date(2026, 3, 12), "release")

    assert taken(payments, entry) == [(ENCUMBERED, FEN, 1)]


def test_nothing_beside_releases_what_is_set_aside_for_an_advance(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    day = date(2026, 3, 5)
    payments.fund.record(draft(drafts.advance(2026, DIBAO, 70_00), day, "advance", cashier=CASHIER))
    entry = draft(drafts.release(2026, DIBAO, 1), date(2026, 3, 12), "release")
    assert taken(payments, entry) == [(ENCUMBERED, 70_00, 1)]

    led_to(payments, ["approve"])
    assert taken(payments, entry) == [(ENCUMBERED, FEN + 70_00, 1)]


def test_what_was_set_aside_beside_may_be_released(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    led_to(payments, ["approve"])
    day = date(2026, 3, 12)
    payments.fund.record(draft(drafts.encumbrance(2026, DIBAO, 5_00), day, "encumber"))

    over = draft(drafts.release(2026, DIBAO, 5_01), day, "release")
    assert taken(payments, over) == [(ENCUMBERED, FEN, 1)]
    payments.fund.record(draft(drafts.release(2026, DIBAO, 5_00), day, "release"))


# --- lists written by hand


def own_line(person: object, **changes: Any) -> PaymentLine:  # noqa: ANN401 - of any field
    """Return the first line of a person, as it would be listed."""
    one = entitlement(person, FEN)
    name = line_id("dibao", one.unit, one.category, one.period, one.person)
    return PaymentLine(name, *one)._replace(**changes)


def by_hand(
    lines: Sequence[PaymentLine], number: int, kind: str = "payment", **changes: object
) -> tuple[BatchBody, dict[str, bytes]]:
    """Return what a record says that prepares a list, and the list."""
    data = render_list(lines)
    values = {
        "batch": f"B2026-03-{number:03d}",
        "step": "prepare",
        "on": "2026-03-20",
        "payments": len(lines),
        "amount_fen": sum(line.amount_fen for line in lines),
        "lines": list_digest(data),
        "document": EVIDENCE,
        "kind": kind,
        "totals": [[*key, *total] for key, total in totals_of(lines).items()],
    }
    return convert({**values, **changes}, BatchBody), {list_digest(data): data}


def put(payments: Payments, body: BatchBody, files: Mapping[str, bytes]) -> Receipt:
    """Put a record of a list, as it was written by hand, before the gate."""
    content = Content(to_builtins(body), (), files)
    commit = payments.fund._commit  # noqa: SLF001 - past what makes lists
    receipt: Receipt = commit("batch", MAKER, None, ["by hand"], lambda _: content)
    return receipt


def listed(payments: Payments, lines: Sequence[PaymentLine], number: int, **changes: Any) -> object:  # noqa: ANN401 - of any field
    return put(payments, *by_hand(lines, number, **changes))


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


# --- lines of such lists


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


NEW = pseudonym("A", "new")
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


# --- what befalls a line


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
