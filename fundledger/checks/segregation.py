"""Segregation (专户存储、单独建账): no fund touches what is another's."""

from __future__ import annotations

from collections.abc import Mapping

from fundledger.checks.catalogue import Gates, Hits, Sees, check
from fundledger.ledger.books import Books
from fundledger.ledger.chart import DUE_FROM_FUND, DUE_TO_FUND, Account
from fundledger.ledger.entry import Entry
from fundledger.ledger.voucher import Posting


@check("FL101", Gates.ALWAYS, Sees.LAYOUT)
def account_of_another_fund(new: Entry, books: Books) -> Hits:
    """A voucher touches only accounts in its own fund's chart."""
    for posting, account in new.lines:
        if account.strange and not _settles(posting, account, new, books):
            yield posting.account, {"amount_fen": posting.signed_fen, "owner": books.fund}


def _settles(posting: Posting, account: Account, new: Entry, books: Books) -> bool:
    """Whether a line only settles, or undoes, a due to or from a fund that the rules dropped."""
    if account.kind != "interfund" or books.opened[account.name] in {None, new.ref}:
        return False
    raised = (posting.signed_fen > 0) is account.name.startswith(DUE_FROM_FUND)
    return not raised or new.voucher.event == "reversal"


@check("FL102")
def unmirrored(office: Mapping[str, Books]) -> Hits:
    """What fund A says B owes it, B says it owes A, fen for fen."""
    components: dict[str, str] = {}
    for books in office.values():
        if books.chart is not None:
            components |= books.charter.funds
    for fund, books in office.items():
        if books.chart is not None:
            components[fund] = books.charter.fund.component
    named = sorted((fund, name) for fund, name in components.items() if fund in office)
    for creditor, own in named:
        for debtor, component in named:
            due_from_fen = office[creditor].fen(DUE_FROM_FUND + component)
            due_to_fen = -office[debtor].fen(DUE_TO_FUND + own)
            if due_from_fen != due_to_fen:
                yield (
                    creditor,
                    {
                        "creditor": creditor,
                        "debtor": debtor,
                        "due_from_fen": due_from_fen,
                        "due_to_fen": due_to_fen,
                        "amount_fen": due_from_fen - due_to_fen,
                    },
                )


@check("FL105")
def named_without_books(office: Mapping[str, Books]) -> Hits:
    """Whom another fund's books know as a debtor or creditor has books of its own."""
    for fund, books in sorted(office.items()):
        if books.chart is None:
            continue
        names = books.account_names()
        for other, component in sorted(books.charter.funds.items()):
            dues = {DUE_FROM_FUND + component, DUE_TO_FUND + component}
            if other in office and office[other].chart is None and dues.intersection(names):
                yield other, {"fund": other, "by": fund}


@check("FL103")
def shared_bank_account(office: Mapping[str, Books]) -> Hits:
    """By the charters in the journals, no two funds keep their money on one bank account."""
    holders: dict[str, str] = {}
    for fund, books in sorted(office.items()):
        if books.chart is None:
            continue
        number = books.charter.fund.bank_account.number
        if number in holders:
            yield fund, {"number": number, "first": holders[number], "second": fund}
        holders.setdefault(number, fund)
