"""A batch as its bank is to get it: the people behind the pseudonyms, as they were approved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from fundledger.bankfile import Payee, PaymentOrder, Sent, SentLine
from fundledger.errors import Refused
from fundledger.findings import Finding

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
) -> PaymentOrder:
    """Return the order for some lines of a batch, to the accounts that were approved.

    Raises:
        Refused: FL790, the vault knows no such person; FL791, another account is in use than was
            approved; FL792, the approver put it there.  Nobody is named.

    """
    findings: list[Finding] = []
    payees = []
    for line in lines:
        person = people.get(line.person)
        account = person.accounts[-1] if person is not None and person.accounts else None
        if person is None or account is None:
            findings.append(_told("FL790", batch, line, charter))
        elif made.account(account.number) != line.account:
            findings.append(_told("FL791", batch, line, charter))
        elif account.by and account.by == batch.approver:
            findings.append(_told("FL792", batch, line, charter))
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

    Raises:
        Refused: FL790, the vault does not know the person or the account any more.

    """
    found: list[SentLine] = []
    findings = []
    for line in lines:
        account = next(_accounts(line, people, made), None)
        if account is None:
            findings.append(_told("FL790", batch, line, charter))
        else:
            found.append(SentLine(line.line, account.number, line.amount_fen))
    if findings:
        raise Refused(findings)
    on = date.fromisoformat(batch.exported_on)
    return Sent(batch.id, charter.fund.bank_account.number, on, tuple(found))


def _accounts(
    line: PaymentLine, people: Mapping[str, Person], made: Pseudonyms
) -> Iterator[Account]:
    person = people.get(line.person)
    for account in person.accounts if person is not None else ():
        if made.account(account.number) == line.account:
            yield account


def _told(code: str, batch: Batch, line: PaymentLine, charter: FundCharter) -> Finding:
    details = {"batch": batch.id, "person": line.person}
    return Finding(code, line.line, details, charter.fund.id, gates=True)
