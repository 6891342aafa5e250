"""What the bank states of a file that it took in is held against what was sent (R8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fundledger.errors import InputInvalid, Refused
from fundledger.findings import Finding, Severity
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.bodies import BankReceipt
from fundledger.payer import BatchAct
from fundledger.reconcile import sign
from support.paidbank import Bank, Said
from support.paying import EVIDENCE, Given, Payments, act_values, entitlement

AS_SENT = BankReceipt(2, 1_000_00)
LESS = BankReceipt(1, 500_00)


class Sent:
    """Two people who are paid 500.00 each, sent on the 10th, and the bank's word for the file."""

    def __init__(self, root: Path) -> None:
        """Send the batch."""
        self.payments = Payments(root)
        people = [entitlement(person) for person in (1, 2)]
        self.batch, self.lines = self.payments.sent(people)

    def accept(self, receipt: BankReceipt | None, on: str = "2026-03-11") -> None:
        self.payments.step(self.batch, "accept", on, receipt=receipt)

    def told(self) -> list[Finding]:
        """Return what the audit says of receipts."""
        found = self.payments.fund.check(as_of=date(2026, 3, 31))
        return [finding for finding in found.findings if finding.code == "FL898"]


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    return Sent(tmp_path)


@pytest.mark.parametrize(
    ("receipt", "what"),
    [
        (LESS, "figures"),
        (BankReceipt(2, 1_000_01), "figures"),
        (BankReceipt(0, 0), "figures"),
        (BankReceipt(3, 1_000_00), "figures"),
        (BankReceipt(2, 1_000_00, "b" * 64), "digest"),
    ],
)
def test_another_file_than_was_sent_is_told(sent: Sent, receipt: BankReceipt, what: str) -> None:
    sent.accept(receipt)

    (found,) = sent.told()
    assert found.severity is Severity.ERROR
    assert found.details["what"] == what
    assert (found.details["sent"], found.details["sent_fen"]) == (2, 1_000_00)
    assert found.details["received"] == receipt.payments
    assert found.details["received_fen"] == receipt.amount_fen


@pytest.mark.parametrize("receipt", [None, AS_SENT, BankReceipt(2, 1_000_00, EVIDENCE)])
def test_what_was_sent_is_not_told(sent: Sent, receipt: BankReceipt | None) -> None:
    sent.accept(receipt)

    assert sent.told() == []


def test_a_line_that_was_struck_before_is_not_sent(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    batch = payments.prepare([entitlement(person) for person in (1, 2, 3)])
    payments.step(batch, "approve", "2026-03-10")
    payments.named(batch, "withdraw", "2026-03-10", [payments.lines(batch)[0].line])
    payments.step(batch, "export", "2026-03-10")
    payments.step(batch, "accept", "2026-03-11", receipt=AS_SENT)

    found = payments.fund.check(as_of=date(2026, 3, 11)).findings
    assert "FL898" not in [finding.code for finding in found]


def test_a_receipt_that_was_copied_wrongly_is_put_right_and_a_right_one_stands(sent: Sent) -> None:
    sent.accept(LESS)
    sent.accept(AS_SENT)

    assert sent.told() == []
    with pytest.raises(Refused) as caught:
        sent.accept(LESS)
    assert caught.value.codes == ("FL750",)


def test_a_file_that_the_bank_gives_back_takes_its_receipt_with_it(sent: Sent) -> None:
    sent.accept(LESS)
    sent.payments.step(sent.batch, "refuse", "2026-03-12")
    assert sent.told() == []

    sent.payments.step(sent.batch, "export", "2026-03-12")
    assert sent.payments.batch(sent.batch).receipt is None
    sent.accept(AS_SENT, "2026-03-13")
    assert sent.told() == []


def test_it_is_told_until_the_bank_has_answered_for_each_line(sent: Sent) -> None:
    sent.accept(LESS)
    sent.payments.step(sent.batch, "debit", "2026-03-12")
    one, other = sent.lines
    sent.payments.result(sent.batch, "2026-03-12", {one: "paid"})
    assert len(sent.told()) == 1

    sent.payments.result(sent.batch, "2026-03-12", {other: "paid"})
    assert sent.told() == []


def test_nothing_is_signed_while_a_receipt_says_otherwise(sent: Sent) -> None:
    sent.payments.step(sent.batch, "debit", "2026-03-11")
    bank = Bank(sent.payments)
    march = bank.month("2026-03", [Said("2026-03-11", -1_000_00, memo=sent.batch)])
    assert bank.tried(march).adjustment.settled

    sent.accept(LESS)
    trial = bank.tried(march)
    held = {(one.rule, one.place): one.holds for one in trial.identities}
    assert not held["R8", "receipts"]
    assert {finding.code for finding in trial.adjustment.findings} == {"FL898"}
    with pytest.raises(Refused) as caught:
        sign(sent.payments.fund, trial, actor="S05")
    assert {"FL864", "FL898"} <= set(caught.value.codes)

    sent.accept(AS_SENT)
    sign(sent.payments.fund, bank.tried(march), actor="S05")


def test_a_receipt_is_known_after_the_journal_is_read_again(sent: Sent, tmp_path: Path) -> None:
    sent.accept(BankReceipt(1, 500_00, "b" * 64))
    again = Payments(tmp_path, granted_fen=0)

    assert again.batch(sent.batch).receipt == BankReceipt(1, 500_00, "b" * 64)


@pytest.mark.parametrize(
    "more",
    [
        {"step": "debit"},
        {"receipt": (2, 1_000_00, "")},
        {"receipt": BankReceipt(-1, 1_000_00)},
        {"receipt": BankReceipt(2, 1.0)},  # type: ignore[arg-type]
        {"receipt": BankReceipt(2, 1_000_00, "b")},
    ],
)
def test_a_receipt_of_another_form_or_step_is_refused(sent: Sent, more: dict[str, Given]) -> None:
    act = BatchAct(
        batch=sent.batch,
        step="accept",
        on=date(2026, 3, 11),
        receipt=AS_SENT,
        **act_values("accept"),
    )
    records = len(list(sent.payments.fund.records()))

    with pytest.raises(InputInvalid) as caught:
        sent.payments.fund.advance_batch(replace(act, **more))
    assert caught.value.codes == ("FL909",)
    assert len(list(sent.payments.fund.records())) == records


def test_a_receipt_takes_no_lines(sent: Sent) -> None:
    named = [Outcome(sent.lines[0], "accept", "2026-03-11", 500_00)]
    with pytest.raises(Refused):
        sent.payments.step(sent.batch, "accept", "2026-03-11", named, receipt=LESS)
