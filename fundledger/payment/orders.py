"""A batch as its bank is to get it: the people behind the pseudonyms, as they were approved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from fundledger.bankfile import Payee, PaymentOrder, Sent, SentLine
from fundledger.errors import Refused
from fundledger.findings import Finding
from fundledger.people import same_name

if TYPE_CHECKING:
    from fundledger.charter import FundCharter
    from fundledger.ledger.batches.batch import Batch
    from fundledger.ledger.batches.paylist import PaymentLine
    from fundledger.people.pseudonyms import Pseudonyms
    from fundledger.people.vault import Account, Person


def order_of(  # noqa: PLR0913, PLR0917 - a batch, whom it pays, and how they are known
    charter: FundCharter,
    batch: Batch,
    lines: Sequence[PaymentLine],
    people: Mapping[str, Person],
    made: Pseudonyms,
    on: date,
    at: str = "",
    *,
    sent: bool = False,
) -> PaymentOrder:
    """Return the order for some lines of a batch, to the accounts that were approved.

    `at` is the time of the approval's record; of what was `sent` already that of the export's: the
    accounts are as they were then, and nobody asks who has died since, or what has changed.

    Raises:
        Refused: FL790, the vault knows no such person; FL791, another account is in use than was
            approved; FL792, the approver put it there; FL714, the person's name, or the account's
            holder or bank, changed in the vault since the approval; FL709, the person died before
            the month or the day on which it is paid.  Nobody is named.

    """
    findings: list[Finding] = []
    payees = []
    for line in lines:
        person = people.get(line.person)
        account = _in_use_then(line, people, made, at) if sent else _in_use(person)
        if person is None or account is None:
            findings.append(_told("FL790", batch, line, charter))
        elif not sent and (reason := _died(person, line, on)):
            more = {"period": line.period, "reason": reason}
            findings.append(_told("FL709", batch, line, charter, **more))
        elif made.account(account.number) != line.account:
            findings.append(_told("FL791", batch, line, charter))
        elif not sent and batch.approver in _entered_by(person, account):
            findings.append(_told("FL792", batch, line, charter))
        elif not sent and (what := _changed_since(person, account, at)):
            findings.append(_told("FL714", batch, line, charter, what=what))
        else:
            payees.append(
                Payee(
                    line.line,
                    account.holder,
                    account.number,
                    account.bank,
                    "",
                    line.amount_fen,
                    line.line,
                )
            )
    if findings:
        raise Refused(findings)
    bank = charter.fund.bank_account
    return PaymentOrder(
        charter.fund.id, batch.id, bank.number, bank.holder, on, charter.fund.zh, tuple(payees)
    )


def sent_lines(
    charter: FundCharter,
    batch: Batch,
    lines: Sequence[PaymentLine],
    people: Mapping[str, Person],
    made: Pseudonyms,
) -> Sent:
    """Return what the bank was sent of a batch, with the accounts as they were then.

    Their holders are all that the vault knows: of one that was put right since, the bank may still
    state what it was sent.

    Raises:
        Refused: FL790, the vault does not know the person or the account any more.

    """
    found: list[SentLine] = []
    findings = []
    for line in lines:
        accounts = [*_accounts(line, people, made)]
        if not accounts:
            findings.append(_told("FL790", batch, line, charter))
        else:
            holders = tuple(dict.fromkeys(account.holder for account in accounts))
            found.append(SentLine(line.line, accounts[0].number, line.amount_fen, holders))
    if findings:
        raise Refused(findings)
    on = date.fromisoformat(batch.exported_on)
    return Sent(batch.id, charter.fund.bank_account.number, on, tuple(found))


def _in_use_then(
    line: PaymentLine, people: Mapping[str, Person], made: Pseudonyms, at: str
) -> Account | None:
    """Return the account that a line was sent to, with its holder and bank at that time."""
    known = [*_accounts(line, people, made)]
    then = [account for account in known if not at or account.since <= at]
    return then[-1] if then else next(iter(known), None)


def _in_use(person: Person | None) -> Account | None:
    return person.accounts[-1] if person is not None and person.accounts else None


def _entered_by(person: Person, account: Account) -> set[str]:
    """Return who entered an account's number, or changed its holder or bank, at any time."""
    return {one.by for one in person.accounts if one.number == account.number and one.by}


def _accounts(
    line: PaymentLine, people: Mapping[str, Person], made: Pseudonyms
) -> Iterator[Account]:
    person = people.get(line.person)
    for account in person.accounts if person is not None else ():
        if made.account(account.number) == line.account:
            yield account


def _died(person: Person, line: PaymentLine, on: date) -> str:
    """Return why a payee who has died is not paid on a day, or an empty text."""
    if person.outlived_by(line.period):
        return "period"
    return "day" if person.died and person.died < on.isoformat() else ""


def _changed_since(person: Person, account: Account, approved_at: str) -> str:
    """Return what of a payee is another than when the batch was approved, or an empty text.

    The account itself is compared by its pseudonym, which the list holds.
    """
    then = person.account_on(approved_at) if approved_at else None
    if approved_at and not same_name(person.name_on(approved_at), person.name):
        return "name"
    if then is None or then.number != account.number:
        return ""
    if not same_name(then.holder, account.holder):
        return "holder"
    return "bank" if then.bank != account.bank else ""


def _told(code: str, batch: Batch, line: PaymentLine, charter: FundCharter, **more: str) -> Finding:
    details = {"batch": batch.id, "person": line.person, **more}
    return Finding(code, line.line, details, charter.fund.id, gates=True)
