"""Earmark (专款专用): money goes only to what the fund may pay for, and never in cash."""

from __future__ import annotations

import re

from fundledger.checks.catalogue import Gates, Hits, Sees, check
from fundledger.checks.days import rules_day
from fundledger.ledger.books import Books
from fundledger.ledger.chart import CASH, DONATION
from fundledger.ledger.entry import Entry
from fundledger.ledger.record import Record
from fundledger.people.personal import personal

DIGEST_LENGTH = 32
_DIGEST = re.compile(rf"(?<![0-9a-f])[0-9a-f]{{{DIGEST_LENGTH},}}(?![0-9a-f])", re.ASCII)


def _only_undoes(new: Entry) -> bool:
    """Whether a voucher carries or takes back what stands, whatever the rules say by now."""
    return new.voucher.closing or new.voucher.event == "reversal"


@check("FL201", Gates.ALWAYS, Sees.LAYOUT)
def outside_purpose(new: Entry, books: Books) -> Hits:
    """An expense or budget line is a purpose of the fund on the voucher's day."""
    if _only_undoes(new):
        return
    day = rules_day(new, books)
    for posting, account in new.lines:
        if posting.signed_fen <= 0 or (account.unit, account.category) not in books.accounts.remits:
            continue
        wrong = (
            not account.payable(day)
            if account.kind == "expense"
            else account.kind == "budget" and not account.purposes
        )
        if wrong:
            yield (
                posting.account,
                {
                    "unit": account.unit,
                    "category": account.category,
                    "date": day.isoformat(),
                    "amount_fen": posting.signed_fen,
                },
            )


@check("FL202", Gates.ALWAYS, Sees.LAYOUT)
def outside_remit(new: Entry, books: Books) -> Hits:
    """A category is paid only for the unit in whose remit it lies."""
    if _only_undoes(new):
        return
    for posting, account in new.lines:
        if (
            account.unit
            and posting.signed_fen > 0
            and (account.unit, account.category) not in books.accounts.remits
        ):
            yield (
                posting.account,
                {
                    "unit": account.unit,
                    "category": account.category,
                    "amount_fen": posting.signed_fen,
                },
            )


@check(
    "FL203",
    Gates.ALWAYS,
    concerns=lambda layout: any(account.name == CASH for account in layout.accounts),
)
def paid_in_cash(new: Entry, books: Books) -> Hits:
    """Aid is paid by transfer from the dedicated account: no cash is drawn or handed out."""
    if books.charter.controls.allowed_cash or new.voucher.event in {"opening", "reversal"}:
        return
    paid_fen = sum(abs(posting.signed_fen) for posting, _ in new.lines if posting.account == CASH)
    drawn = any(p.account == CASH and p.signed_fen > 0 for p in new.voucher.postings)
    if drawn or any(account.kind == "expense" for _, account in new.lines):
        yield CASH, {"amount_fen": paid_fen}


@check("FL204", sees=Sees.TEXT, concerns=lambda layout: layout.has("expense", debit=True))
def office_cost_words(new: Entry, books: Books) -> Hits:
    """Aid money does not pay for the office: meetings, fuel, meals, stationery."""
    word = books.accounts.office_cost_word(new.voucher.narration)
    if word:
        yield word, {"word": word, "narration": new.voucher.narration}


@check("FL205", Gates.ALWAYS, Sees.TEXT)
def person_in_text(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """No text of the books holds an identity number, a phone number or a bank card."""
    voucher = new.voucher
    texts = [("narration", voucher.narration)]
    if voucher.approval:
        texts.append(("approval", voucher.approval))
    if voucher.links:
        texts.append(("links", " ".join(voucher.links)))
    for field, text in texts:
        kind = personal(text)
        if kind:
            yield field, {"field": field, "kind": kind}


@check("FL206", Gates.ALWAYS, Sees.LAYOUT)
def source_not_granted(new: Entry, books: Books) -> Hits:
    """An allocation comes from a source that the fund has on the voucher's day."""
    if _only_undoes(new):
        return
    for posting, account in new.lines:
        if account.source and not account.grants(day := rules_day(new, books)):
            details = {"source": account.source, "date": day.isoformat()}
            yield posting.account, {**details, "amount_fen": -posting.signed_fen}


@check("FL207", Gates.ACTS, Sees.LAYOUT)
def donation_not_taken(new: Entry, books: Books) -> Hits:
    """Only a fund that may take donations has any: no unexplained credit becomes one elsewhere."""
    if _only_undoes(new) or books.charter.fund.donations:
        return
    for posting, account in new.lines:
        if account.name == DONATION and posting.signed_fen < 0:
            yield posting.account, {"amount_fen": -posting.signed_fen}


@check("FL339", Gates.ALWAYS, Sees.TEXT)
def person_in_key(record: Record, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """No idempotency key is made of a person's number; it stands in the journal for good."""
    kind = personal(_DIGEST.sub("", record.key))
    if kind:
        yield "key", {"kind": kind}
