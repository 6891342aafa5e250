"""A bank is sent just what was approved, to accounts that the approver has not entered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from fundledger.errors import Refused
from fundledger.payer import Entitlement
from fundledger.payment.orders import order_of, sent_lines
from fundledger.people import Identity
from fundledger.people.identity import Document
from fundledger.people.pseudonyms import Pseudonyms
from fundledger.people.vault import Account, Person, with_account
from support.paying import APPROVER, MAKER, Payments

MADE = Pseudonyms(bytes(32))
ON = date(2026, 3, 12)


def account(number: int, by: str = MAKER) -> Account:
    return Account(f"622202{number:013d}", "某甲", "某银行", "2026-03-01T09:00:00+08:00", by)


def person(number: int, *accounts: Account) -> Person:
    return Person(Document.PASSPORT, f"E{number:08d}", "某甲", accounts)


class Case:
    """One person who is paid by a batch, as the vault has them."""

    def __init__(self, root: Path, one: Person) -> None:
        """Prepare and approve a batch that pays them to their account."""
        self.name = MADE.person(one.identity)
        self.payments = Payments(root)
        paid_to = MADE.account(one.accounts[-1].number)
        due = Entitlement(self.name, "", "CASC", "Dibao", "2026-03", 500_00, paid_to)
        self.batch = self.payments.prepare([due])
        self.payments.step(self.batch, "approve", "2026-03-11")

    def order(self, people: dict[str, Person], *, sent: bool = False) -> list[str]:
        batch, lines = self.payments.batch(self.batch), self.payments.lines(self.batch)
        charter = self.payments.fund.charter
        order = order_of(charter, batch, lines, people, MADE, ON, sent=sent)
        return [payee.account for payee in order.payees]

    def refused(self, people: dict[str, Person]) -> tuple[str, ...]:
        with pytest.raises(Refused) as caught:
            self.order(people)
        return caught.value.codes


def test_the_order_pays_what_was_approved_to_the_account_that_was(tmp_path: Path) -> None:
    one = person(1, account(1))
    case = Case(tmp_path, one)

    assert case.order({case.name: one}) == [account(1).number]
    assert "某甲" not in repr(case.refused({}))


def test_nobody_is_sent_whom_the_vault_does_not_know(tmp_path: Path) -> None:
    one = person(1, account(1))
    case = Case(tmp_path, one)

    assert case.refused({}) == ("FL790",)
    assert case.refused({case.name: person(1)}) == ("FL790",)


def test_nobody_is_sent_whose_account_changed(tmp_path: Path) -> None:
    one = person(1, account(1))
    case = Case(tmp_path, one)

    assert case.refused({case.name: with_account(one, account(2))}) == ("FL791",)


def test_nobody_is_sent_whose_account_the_approver_entered(tmp_path: Path) -> None:
    one = person(1, account(1, APPROVER))
    case = Case(tmp_path, one)

    assert case.refused({case.name: one}) == ("FL792",)


@pytest.mark.parametrize(
    ("died", "reason"),
    [
        ("2026-02-28", "period"),
        ("2026-03-11", "day"),
        ("2026-03-12", ""),
        ("2026-04-01", ""),
        ("", ""),
    ],
)
def test_nobody_is_sent_who_died_before_the_month_or_the_day(
    tmp_path: Path, died: str, reason: str
) -> None:
    one = person(1, account(1))
    case = Case(tmp_path, one)
    people = {case.name: replace(one, died=died)}
    if not reason:
        assert case.order(people) == [account(1).number]
        return
    with pytest.raises(Refused) as caught:
        case.order(people)

    (finding,) = caught.value.findings
    assert (finding.code, finding.details["reason"]) == ("FL709", reason)
    assert (finding.details["person"], finding.details["period"]) == (case.name, "2026-03")
    assert "某甲" not in str(finding.as_json())


def test_what_was_sent_is_written_again_whoever_has_died_since(tmp_path: Path) -> None:
    one = person(1, account(1))
    case = Case(tmp_path, one)

    assert case.order({case.name: replace(one, died="2026-03-01")}, sent=True) == [
        account(1).number
    ]


def test_an_answer_is_held_against_the_account_of_then(tmp_path: Path) -> None:
    one = person(1, account(1))
    case = Case(tmp_path, one)
    case.payments.step(case.batch, "export", "2026-03-12")
    batch, lines = case.payments.batch(case.batch), case.payments.lines(case.batch)
    charter = case.payments.fund.charter
    now = {case.name: with_account(one, account(2))}
    sent = sent_lines(charter, batch, lines, now, MADE)

    assert [line.account for line in sent.lines] == [account(1).number]
    assert [line.holders for line in sent.lines] == [(account(1).holder,)]
    renamed = with_account(one, replace(account(1), holder="某丙"))
    again = sent_lines(charter, batch, lines, {case.name: renamed}, MADE)
    assert [line.holders for line in again.lines] == [(account(1).holder, "某丙")]
    with pytest.raises(Refused) as caught:
        sent_lines(charter, batch, lines, {case.name: person(1, account(3))}, MADE)
    assert caught.value.codes == ("FL790",)


def test_an_identity_is_what_the_pseudonym_is_of() -> None:
    assert person(1).identity == Identity(Document.PASSPORT, "E00000001")


def test_what_was_sent_is_made_again_with_the_account_holder_and_bank_of_then(
    tmp_path: Path,
) -> None:
    first = account(1)
    one = person(1, first)
    case = Case(tmp_path, one)
    later = replace(first, holder="某乙", bank="另一银行", since="2026-03-20T09:00:00+08:00")
    changed = with_account(with_account(one, later), account(2))
    batch, lines = case.payments.batch(case.batch), case.payments.lines(case.batch)
    charter = case.payments.fund.charter
    people = {case.name: changed}

    (payee,) = order_of(
        charter, batch, lines, people, MADE, ON, "2026-03-12T09:00:00+08:00", sent=True
    ).payees
    assert (payee.account, payee.name, payee.bank) == (first.number, "某甲", "某银行")


def test_a_number_that_the_approver_entered_stays_theirs_whoever_changes_its_bank(
    tmp_path: Path,
) -> None:
    one = person(1, account(1, APPROVER))
    case = Case(tmp_path, one)
    banked = with_account(one, replace(account(1, MAKER), bank="另一银行"))

    assert case.refused({case.name: banked}) == ("FL792",)
