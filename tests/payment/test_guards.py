"""What somebody with the right to press buttons might try, and cannot."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fundledger.errors import InputInvalid, NotFound, NotReadable, Refused
from fundledger.ledger import drafts
from fundledger.ledger.batches.outcomes import Outcome, render_outcomes
from fundledger.ledger.batches.states import LineState
from fundledger.ledger.voucher import Posting
from fundledger.payer import BatchAct, Entitlement
from support.offices import DIBAO, draft
from support.paying import EVIDENCE, MAKER, Payments, act_values, entitlement, pseudonym


@pytest.fixture
def payments(tmp_path: Path) -> Payments:
    return Payments(tmp_path, granted_fen=1_000_00)


def paid(payments: Payments, *people: object, on: str = "2026-03-10") -> tuple[str, list[str]]:
    """Pay people 100 yuan each, with the bank's debit and its word for it."""
    batch, lines = payments.sent([entitlement(person, 100_00) for person in people], on)
    payments.step(batch, "debit", on)
    payments.result(batch, on, dict.fromkeys(lines, "paid"))
    return batch, lines


def refused(act: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.codes


def test_who_gave_a_part_back_keeps_the_rest_and_is_not_paid_anew(payments: Payments) -> None:
    batch, (line,) = paid(payments, 1)
    payments.step(batch, "claim-back", "2026-03-11", [Outcome(line, "claim-back", "2026-03-11", 1)])
    payments.step(batch, "recover", "2026-03-12", [Outcome(line, "recover", "2026-03-12", 1)])

    assert payments.batch(batch).standing(line).state is LineState.PAID
    assert refused(lambda: payments.prepare([entitlement(1)], "2026-03-13")) == ("FL753",)


def test_who_gave_all_back_may_be_paid_anew(payments: Payments) -> None:
    batch, (line,) = paid(payments, 1)
    whole = Outcome(line, "claim-back", "2026-03-11", 100_00)
    payments.step(batch, "claim-back", "2026-03-11", [whole])
    back = whole._replace(outcome="recover")
    payments.step(batch, "recover", "2026-03-11", [back])

    assert payments.batch(batch).standing(line).state is LineState.RECOVERED
    again, _ = paid(payments, 1, on="2026-03-13")
    assert [one.line for one in payments.lines(again)] == [f"{line}-1"]


def test_the_same_money_is_not_taken_back_twice(payments: Payments) -> None:
    batch, (line,) = paid(payments, 1)
    asked = Outcome(line, "claim-back", "2026-03-11", 40_00)
    payments.step(batch, "claim-back", "2026-03-11", [asked])
    part = [asked._replace(outcome="recover", amount_fen=10_00)]
    first = payments.step(batch, "recover", "2026-03-12", part)

    assert payments.step(batch, "recover", "2026-03-12", part).again
    assert first.again is False
    assert payments.figures()["recovery"] == "30"


@pytest.mark.parametrize("step", ["approve", "export", "debit"])
def test_no_step_is_taken_on_a_list_that_was_changed(payments: Payments, step: str) -> None:
    batch = payments.prepare([entitlement(1, 100_00), entitlement(2, 100_00)])
    for before in ("approve", "export", "debit")[: ("approve", "export", "debit").index(step)]:
        payments.step(batch, before, "2026-03-10")
    name = payments.batch(batch).list
    path = payments.fund._disk.root / "lists" / f"{name}.csv"  # type: ignore[attr-defined] # noqa: SLF001 - where it lies
    path.write_bytes(path.read_bytes().replace(b",10000,", b",10001,"))

    assert refused(lambda: payments.step(batch, step, "2026-03-11")) == ("FL751",)


def test_what_was_refused_leaves_no_file_in_memory(payments: Payments) -> None:
    batch, (line,) = payments.sent([entitlement(1, 100_00)])
    payments.result(batch, "2026-03-11", {line: "paid"})
    assert refused(lambda: payments.result(batch, "2026-03-11", {line: "paid"})) == ("FL750",)
    books = payments.fund.books()
    unwritten = "0" * 64
    with pytest.raises(AssertionError), books.with_files({unwritten: b"of this act"}) as shelf:
        assert shelf.list_bytes(unwritten) != b"of this act"
    with pytest.raises(NotFound) as missing:
        books.list_bytes(unwritten)
    assert [(one.code, one.subject) for one in missing.value.findings] == [("FL751", unwritten)]
    name = payments.batch(batch).list
    path = payments.fund._disk.root / "lists" / f"{name}.csv"  # type: ignore[attr-defined] # noqa: SLF001 - where it lies
    path.write_bytes(path.read_bytes().replace(b",10000,", b",10001,"))

    assert refused(lambda: payments.step(batch, "debit", "2026-03-11")) == ("FL751",)


def test_a_result_for_no_line_or_of_another_amount_is_not_passed_over(payments: Payments) -> None:
    batch, lines = payments.sent([entitlement(person, 100_00) for person in range(5)])
    payments.result(batch, "2026-03-11", dict.fromkeys(lines[:4], "paid"))
    last = Outcome(lines[4], "paid", "2026-03-11", 100_00)
    for wrong in (
        Outcome(lines[0], "paid", "2026-03-11", 1),
        Outcome("L-AAAAAAAAAAAA", "paid", "2026-03-11", 100_00),
    ):
        said = [last, wrong]
        assert refused(lambda said=said: payments.step(batch, "result", "2026-03-11", said)) == (  # type: ignore[misc]
            "FL750",
        )


def test_an_answer_that_says_all_of_it_again_brings_what_is_new(payments: Payments) -> None:
    batch, lines = payments.sent([entitlement(person, 100_00) for person in range(3)])
    payments.result(batch, "2026-03-11", {lines[0]: "failed"})
    again = payments.reissue({lines[0]: pseudonym("A", "new")}, "2026-03-12")
    payments.step(again, "approve", "2026-03-12")
    payments.result(
        batch, "2026-03-13", {lines[0]: "failed", lines[1]: "paid", lines[2]: "unknown"}
    )

    states = [payments.batch(batch).standing(line).state.value for line in lines]
    assert states == ["reissued", "paid", "unknown"]


def test_nothing_is_given_up_before_it_came_back(payments: Payments) -> None:
    batch, (first, second) = paid(payments, 1, 2)
    payments.named(batch, "return", "2026-03-14", [first])
    payments.named(batch, "return", "2026-03-20", [second])

    assert refused(lambda: payments.named(batch, "cancel", "2026-03-15", [second])) == ("FL750",)
    other = {second: pseudonym("A", "new")}
    assert refused(lambda: payments.reissue(other, "2026-03-15")) == ("FL757",)


def told(act: Callable[[], object]) -> tuple[object, str]:
    """Return the reason for which a step is out of turn, and the sentence."""
    with pytest.raises(Refused) as caught:
        act()
    (found,) = (finding for finding in caught.value.findings if finding.code == "FL750")
    return found.details["reason"], found.sentence("en")


def test_money_does_not_come_back_before_it_went_though_no_line_is_named(
    payments: Payments,
) -> None:
    batch, (line,) = payments.sent([entitlement(1, 100_00)])
    payments.result(batch, "2026-03-12", {line: "failed"})
    payments.named(batch, "debit", "2026-03-16", [line])

    reason, sentence = told(lambda: payments.step(batch, "credit-back", "2026-03-15"))
    assert (reason, "2026-03-15 < 2026-03-16" in sentence) == ("day", True)
    payments.step(batch, "credit-back", "2026-03-16")


def test_where_the_cash_of_a_line_is_stands_in_the_refusal(payments: Payments) -> None:
    batch, (first, second) = payments.sent([entitlement(person, 100_00) for person in (1, 2)])
    payments.result(batch, "2026-03-11", {first: "failed", second: "paid"})
    early = told(lambda: payments.named(batch, "credit-back", "2026-03-12", [first]))
    assert early[0] == "not-debited"
    assert told(lambda: payments.named(batch, "return", "2026-03-12", [second]))[0] == "not-debited"
    payments.named(batch, "debit", "2026-03-12", [first, second])

    again = told(lambda: payments.named(batch, "debit", "2026-03-13", [first]))
    assert again == (
        "debited",
        f"{first}, debit: the bank has debited it already, on 2026-03-12 (it is failed).",
    )
    assert told(lambda: payments.step(batch, "debit", "2026-03-13"))[0] == "debited"
    owed = told(lambda: payments.named(batch, "cancel", "2026-03-13", [first]))
    assert owed[0] == "not-back"
    assert "on 2026-03-12 (it is failed)" in owed[1]
    payments.named(batch, "credit-back", "2026-03-14", [first])
    back = told(lambda: payments.named(batch, "credit-back", "2026-03-15", [first]))
    assert (back[0], " on 2026-03-14 " in back[1]) == ("credited", True)
    assert told(lambda: payments.named(batch, "cancel", "2026-03-15", [second]))[0] == "state"


def test_a_day_out_of_order_is_told_with_the_first_or_last_that_is_not(payments: Payments) -> None:
    batch, (line,) = payments.sent([entitlement(1, 100_00)])
    payments.step(batch, "debit", "2026-03-12")
    payments.result(batch, "2026-03-12", {line: "paid"})

    (today,) = {str(payments.clock().date())}
    for act, days in (
        (lambda: payments.step(batch, "accept", "2026-03-09"), "2026-03-09 < 2026-03-10"),
        (lambda: payments.named(batch, "return", "2026-03-11", [line]), "2026-03-11 < 2026-03-12"),
        (lambda: payments.prepare([entitlement(2)], "2028-01-01"), f"2028-01-01 > {today}"),
        (lambda: payments.step(batch, "debit", "2028-01-01"), f"2028-01-01 > {today}"),
    ):
        reason, said = told(act)
        assert (reason, days in said) == ("day", True), said


def test_an_account_that_failed_once_is_not_tried_again_unconfirmed(payments: Payments) -> None:
    batch, (line,) = payments.sent([entitlement(1, 100_00)])
    account = payments.lines(batch)[0].account
    payments.result(batch, "2026-03-11", {line: "failed"})
    other = payments.reissue({line: pseudonym("A", "new")}, "2026-03-12")
    payments.step(other, "approve", "2026-03-12")
    payments.step(other, "export", "2026-03-12")
    payments.result(other, "2026-03-13", {f"{line}-1": "failed"})

    back = {f"{line}-1": account}
    assert refused(lambda: payments.reissue(back, "2026-03-14")) == ("FL757",)
    assert payments.reissue(back, "2026-03-14", reconfirmed=True)


def test_nobody_is_on_two_units_lists_for_the_same(payments: Payments) -> None:
    payments.prepare([entitlement(1, 100_00)])
    other = entitlement(1, 100_00, line=("Union", "Dibao"))

    assert refused(lambda: payments.prepare([other])) == ("FL753",)
    both = [entitlement(2, 100_00), entitlement(2, 100_00, line=("Union", "Dibao"))]
    assert refused(lambda: payments.prepare(both)) == ("FL753",)


def test_what_was_paid_out_after_all_is_not_surrendered_too(tmp_path: Path) -> None:
    payments = Payments(tmp_path, granted_fen=1_000_00)
    batch, (line,) = paid(payments, 1)
    payments.named(batch, "return", "2026-03-12", [line])
    payments.named(batch, "unclaimed", "2026-03-12", [line])
    paid(payments, 1, on="2026-03-13")

    assert refused(lambda: payments.named(batch, "remit", "2026-03-14", [line])) == ("FL753",)


@pytest.mark.parametrize(
    ("event", "make"),
    [
        ("release", lambda: drafts.release(2026, DIBAO, 100_00)),
        (
            "transfer",
            lambda: (
                Posting("Assets:Bank:Dedicated", 100_00),
                Posting("Assets:DueFrom:Bank", -100_00),
            ),
        ),
    ],
)
def test_what_stands_for_payments_is_moved_by_batches_alone(
    payments: Payments, event: str, make: Callable[[], Any]
) -> None:
    batch, lines = payments.sent([entitlement(1, 100_00), entitlement(2, 100_00)])
    payments.named(batch, "debit", "2026-03-11", lines[:1])
    payments.result(batch, "2026-03-11", {lines[0]: "failed"})
    entry = draft(make(), date(2026, 3, 12), event, cashier="S04")

    assert "FL797" in refused(lambda: payments.fund.record(entry))


ANY: Any = None
BAD_TEXTS: tuple[object, ...] = ([], {}, None, 1, b"P", "\ud800", "a,b", "x\n")
BAD_ENTITLEMENTS = [
    entitlement(1)._replace(amount_fen=amount)  # type: ignore[arg-type]
    for amount in ("100", Decimal(100), 1.0, True, None, 0, -1, 10**13)
] + [
    entitlement(1)._replace(**{field: value})  # type: ignore[arg-type]
    for field in ("person", "household", "unit", "category", "period", "account")
    for value in BAD_TEXTS
]


@pytest.mark.parametrize("wrong", BAD_ENTITLEMENTS, ids=repr)
def test_an_entitlement_of_no_form_is_refused(payments: Payments, wrong: Entitlement) -> None:
    with pytest.raises(InputInvalid) as caught:
        payments.fund.prepare_batch([wrong], on=date(2026, 3, 10), actor=MAKER, document=EVIDENCE)
    assert set(caught.value.codes) == {"FL909"}


def fields_told(caught: pytest.ExceptionInfo[InputInvalid]) -> list[object]:
    """Return the fields that are told, each of them by FL909."""
    assert set(caught.value.codes) == {"FL909"}
    return [finding.details["field"] for finding in caught.value.findings]


def test_each_entitlement_of_no_form_is_told_by_its_place(payments: Payments) -> None:
    sound = [entitlement(number) for number in range(3)]
    first, second, third = sound
    for given, told in (
        ([first, second._replace(period="2026-13")], ["entitlements[1].period"]),
        (
            [first._replace(amount_fen=0, unit="casc"), second, third._replace(account="A-1")],
            ["entitlements[0].unit", "entitlements[0].amount_fen", "entitlements[2].account"],
        ),
        ([first, second._replace(person=ANY)], ["entitlements[1].person"]),
        ([first, second, ANY], ["entitlements[2]"]),
        ([first, second, first], ["entitlements[2] = entitlements[0]"]),
    ):
        with pytest.raises(InputInvalid) as caught:
            payments.fund.prepare_batch(given, on=date(2026, 3, 10), actor=MAKER, document=EVIDENCE)
        assert fields_told(caught) == told
    assert payments.batches() == []


def test_an_account_of_no_form_is_told_by_its_line(payments: Payments) -> None:
    batch, (line,) = payments.sent([entitlement(1, 100_00)])
    payments.result(batch, "2026-03-11", {line: "failed"})
    with pytest.raises(InputInvalid) as caught:
        payments.reissue({line: "6222"}, "2026-03-12")
    assert fields_told(caught) == [f"accounts[{line}]"]


def test_each_outcome_of_no_form_is_told_by_its_place(payments: Payments) -> None:
    batch, lines = payments.sent([entitlement(number, 100_00) for number in range(3)])
    payments.result(batch, "2026-03-11", {lines[0]: "paid"})
    known, first, second = (Outcome(line, "paid", "2026-03-11", 100_00) for line in lines)
    for given, told in (
        ([known, first._replace(on="2026-02-30")], ["outcomes[1].on"]),
        ([known, first, second._replace(amount_fen=0)], ["outcomes[2].amount_fen"]),
        ([known, first._replace(line="L-1"), second], ["outcomes[1].line"]),
        ([known, first, first], ["outcomes[2] = outcomes[1]"]),
        ([known, ANY], ["outcomes[1]"]),
        ([known, first._replace(amount_fen=ANY)], ["outcomes[1].amount_fen"]),
    ):
        with pytest.raises(InputInvalid) as caught:
            payments.step(batch, "result", "2026-03-11", given)
        assert fields_told(caught) == told
    assert payments.batch(batch).standing(lines[1]).state is LineState.EXPORTED


def test_outcomes_of_no_form_are_no_file() -> None:
    sound = Outcome("L-AAAAAAAAAAAA", "debit", "2026-03-10", 1)
    for given, told in (
        ([sound, sound], ["outcomes[1] = outcomes[0]"]),
        ([sound, sound._replace(line=ANY)], ["outcomes[1].line"]),
        ([sound._replace(reason="\ud800", on="")], ["outcomes[0].on", "outcomes[0].reason"]),
        ([5], ["outcomes[0]"]),
    ):
        with pytest.raises(InputInvalid) as caught:
            render_outcomes(given)  # type: ignore[arg-type]
        assert fields_told(caught) == told


@pytest.mark.parametrize("digest", [None, 5, "", "../../rules/funds", "0" * 63, [], "A" * 64])
def test_a_list_is_asked_for_by_its_digest(payments: Payments, digest: Any) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(InputInvalid) as caught:
        payments.fund.books().list_bytes(digest)
    assert fields_told(caught) == ["digest"]


def test_a_list_that_the_system_keeps_back_is_not_readable(payments: Payments) -> None:
    def kept_back(_: str) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    books = payments.fund.books()
    books._read_list = kept_back  # noqa: SLF001 - a disk that fails
    with pytest.raises(NotReadable) as caught:
        books.list_bytes("0" * 64)
    assert caught.value.codes == ("FL973",)


BAD_VALUES: dict[str, tuple[object, ...]] = {
    "batch": (None, "", "B1", 1, "B2026-03-001\n"),
    "step": (None, "", "prepare", "nothing", 1),
    "on": (None, "2026-03-10", date(1, 1, 1)),
    "document": (None, "x", 1),
    "actor": (None, 1, "\ud800"),
    "maker": (None, 1, b"S03", [], "\ud800"),
    "reviewer": (None, 1, float("nan"), {}),
    "poster": (1, b"S03", []),
    "cashier": (1, True, 0.5),
    "approval": (1, float("nan"), b"x"),
    "attachments": (None, "1", -1, 10**30, True, []),
    "outcomes": (
        None,
        [1],
        ["x"],
        [("a",)],
        [Outcome([], "debit", "2026-03-10", 1)],  # type: ignore[arg-type]
        [Outcome("L-AAAAAAAAAAAA", "debit", "2026-03-10", "1")],  # type: ignore[arg-type]
        [Outcome("L-AAAAAAAAAAAA", "debit", date(2026, 3, 10), 1)],  # type: ignore[arg-type]
        [Outcome("x", "debit", "2026-03-10", 1)],
        [Outcome("L-AAAAAAAAAAAA", "debit", "2026-02-30", 1)],
        [Outcome("L-AAAAAAAAAAAA", "debit", "2026-03-10", 1)] * 2,
    ),
}


@pytest.mark.parametrize(
    ("field", "value"), [(f, v) for f, values in BAD_VALUES.items() for v in values], ids=repr
)
def test_an_act_with_a_value_of_no_form_is_refused(
    payments: Payments, field: str, value: object
) -> None:
    batch, _ = payments.sent([entitlement(1, 100_00)])
    sound = BatchAct(batch=batch, step="debit", on=date(2026, 3, 11), **act_values("debit"))
    with pytest.raises(InputInvalid) as caught:
        payments.fund.advance_batch(replace(sound, **{field: value}))  # type: ignore[arg-type]
    assert set(caught.value.codes) == {"FL909"}


@pytest.mark.parametrize("accounts", [{}, {"x": None}, {1: "A"}, None, [], {"\ud800": "A"}])
def test_a_reissue_of_no_form_is_refused(payments: Payments, accounts: Any) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(InputInvalid) as caught:
        payments.fund.prepare_reissue(
            accounts, on=date(2026, 3, 10), actor=MAKER, document=EVIDENCE
        )
    assert set(caught.value.codes) == {"FL909"}


def test_what_nobody_claimed_is_told_once_it_is_not_surrendered_in_time(
    payments: Payments,
) -> None:
    batch, (line,) = paid(payments, 1)
    payments.named(batch, "return", "2026-03-16", [line])
    payments.named(batch, "unclaimed", "2026-03-20", [line])

    def told(as_of: date) -> list[object]:
        found = payments.fund.check(as_of=as_of).findings
        return [one.details["state"] for one in found if one.code == "FL796"]

    years = payments.fund.charter.controls.carry_over_years
    assert told(date(2026 + years, 3, 16)) == []
    assert told(date(2026 + years, 3, 31)) == ["unclaimed"]
