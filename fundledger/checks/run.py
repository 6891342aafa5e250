"""The catalogue in its order, and how it is run: on a record, a book, the office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fundledger.checks import (
    balances,
    budget,
    changes,
    conduct,
    earmark,
    periods,
    segregation,
    standing,
    vouchers,
)
from fundledger.checks.catalogue import Check, Gates, Layout, Sees
from fundledger.findings import Finding
from fundledger.ledger.books import Books, Entry
from fundledger.ledger.chart import EXPENSES
from fundledger.ledger.events import EVENTS
from fundledger.ledger.record import Record
from fundledger.money import LIMIT_FEN

VOUCHER_CHECKS: tuple[Check, ...] = (
    segregation.account_of_another_fund,
    earmark.outside_purpose,
    earmark.outside_remit,
    earmark.paid_in_cash,
    earmark.office_cost_words,
    earmark.person_in_text,
    earmark.source_not_granted,
    vouchers.number_gap,
    vouchers.number_twice,
    vouchers.no_attachment,
    vouchers.maker_is_reviewer,
    vouchers.incompatible_roles,
    vouchers.bad_reversal,
    vouchers.closed_period,
    vouchers.unbalanced,
    vouchers.unclean_text,
    vouchers.impossible_date,
    vouchers.bad_correction,
    vouchers.fact_that_spends,
    vouchers.unknown_staff,
    vouchers.approval_missing,
    vouchers.document_twice,
    vouchers.false_carry,
    vouchers.malformed,
    conduct.maker_is_poster,
    conduct.outside_festival_round,
    balances.overdrawn,
    budget.no_budget_line,
    budget.overspent,
    budget.line_does_not_sum,
    budget.expense_without_budget,
    budget.allotted_beyond_money,
    budget.budget_kind_below_zero,
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Voucher checks sorted by how much they see; `name` keeps apart what each found sound."""

    name: str
    parts: tuple[Check, ...]
    shape: tuple[Check, ...]
    number: tuple[Check, ...]
    whole: tuple[Check, ...]


@dataclass(slots=True)
class _Sound:
    """What is known of vouchers whose layout, days and signers are sound: what is left to check."""

    whole: tuple[Check, ...]
    shape: bool = False


def selection(name: str, checks: Iterable[Check]) -> Selection:
    """Return these checks sorted by how much they see."""
    chosen = tuple(checks)
    return Selection(
        name,
        tuple(check for check in chosen if check.sees in {Sees.LAYOUT, Sees.PARTIES}),
        tuple(check for check in chosen if check.sees is Sees.SHAPE),
        tuple(check for check in chosen if check.sees is Sees.NUMBER),
        tuple(check for check in chosen if check.sees in {Sees.TEXT, Sees.ALL}),
    )


EVERY = selection("every", VOUCHER_CHECKS)
TEXTS = selection("texts", (check for check in VOUCHER_CHECKS if check.sees is Sees.TEXT))
WITHOUT_TEXTS = selection(
    "without texts", (check for check in VOUCHER_CHECKS if check.sees is not Sees.TEXT)
)
RECORD_CHECKS: tuple[Check, ...] = (
    periods.close_out_of_order,
    periods.close_with_assertion_off,
    periods.assertion_of_nothing,
    periods.actor_unknown,
    changes.past_rewritten,
)
BOOK_CHECKS: tuple[Check, ...] = (
    balances.assertion_off,
    balances.assertion_stale,
    standing.idle_money,
    standing.interest_missing,
    standing.open_item,
    standing.aged_item,
    standing.interfund_aged,
    standing.carried_too_long,
    standing.maker_posts,
    conduct.split_payment,
)
OFFICE_CHECKS: tuple[Check, ...] = (segregation.unmirrored, segregation.shared_bank_account)


def on_voucher(entry: Entry, books: Books, chosen: Selection = EVERY) -> list[Finding]:
    """Return what the checks find in a voucher that was just posted into `books`.

    Checks that see only a part of a voucher are left out where the same part was sound before,
    under the same charter.
    """
    voucher = entry.voucher
    memory = books.memory.get(chosen.name)
    if memory is None:
        memory = books.memory[chosen.name] = {}
    amounts_fen = [posting[1] for posting in voucher.postings]
    seen = (
        entry.names,
        tuple([amount_fen > 0 for amount_fen in amounts_fen]),
        voucher.event,
        voucher.closing,
        voucher.attachments > 0,
        voucher.reverses is None,
        voucher.corrects is None,
        not voucher.documents,
        voucher.maker,
        voucher.reviewer,
        voucher.poster,
        voucher.cashier,
        entry.record.at[:10],
        entry.day,
    )
    sound = memory.get(seen)
    findings: list[Finding] = []
    if sound is None:
        layout = _layout(entry)
        sound = _Sound(tuple(c for c in chosen.whole if c.concerns(layout)))
        findings += _found(chosen.parts, entry, books)
        if not findings and voucher.corrects is None:
            memory[seen] = sound
    if not sound.shape:
        found = _found(chosen.shape, entry, books)
        sound.shape = not found and _alike(amounts_fen)
        findings += found
    elif not _alike(amounts_fen):
        findings += _found(chosen.shape, entry, books)
    if voucher.number != entry.previous_number + 1 or entry.taken:
        findings += _found(chosen.number, entry, books)
    return findings + _found(sound.whole, entry, books)


def _alike(amounts_fen: list[int]) -> bool:
    """Whether there are amounts, all the same but for their sign, and in range."""
    if not amounts_fen:
        return False
    size_fen = abs(amounts_fen[0])
    return 0 < size_fen <= LIMIT_FEN and {size_fen, -size_fen}.issuperset(amounts_fen)


def _layout(entry: Entry) -> Layout:
    voucher = entry.voucher
    return Layout(
        voucher.event,
        voucher.closing,
        entry.accounts,
        tuple(posting.signed_fen > 0 for posting in voucher.postings),
        voucher.reverses is not None,
        voucher.corrects is not None,
        bool(voucher.documents),
        voucher.attachments > 0,
    )


def _found(checks: Iterable[Check], entry: Entry, books: Books) -> list[Finding]:
    findings = []
    for check in checks:
        for subject, details in check.function(entry, books):
            event = EVENTS.get(entry.voucher.event)
            fact = event is not None and event.fact
            gates = check.gates is Gates.ALWAYS or (check.gates is Gates.ACTS and not fact)
            findings.append(
                _finding(check, subject, details, gates=gates).at(
                    fund=books.fund, sequence=entry.record.sequence, voucher=entry.ref
                )
            )
    return findings


def on_record(
    record: Record, books: Books, checks: Iterable[Check] = RECORD_CHECKS
) -> list[Finding]:
    """Return what the checks find in a record that was just folded into `books`."""
    if record.kind == "voucher":
        return []
    return [
        _finding(check, subject, details, gates=check.gates is not Gates.NEVER).at(
            fund=books.fund, sequence=record.sequence
        )
        for check in checks
        for subject, details in check.function(record, books)
    ]


def on_receipt(record: Record, books: Books) -> list[Finding]:
    """Return what the receipt of a record tells beside what the gate found; nothing of it gates."""
    if record.kind == "charter":
        return changes.adopted(record, books)
    postings = [posting for voucher in record.vouchers for posting in voucher.postings]
    items = {p.account for p in postings if p.account in standing.ITEMS}
    near_fen = books.accounts.near_fen
    paid = {p.account for p in postings if p.signed_fen >= near_fen and EXPENSES in p.account}
    posted = {v.maker for v in record.vouchers if v.maker == v.poster}
    day = date.fromisoformat(record.at[:10])
    return [
        _finding(check, subject, details).at(fund=books.fund, sequence=record.sequence)
        for check, concerned in (
            (standing.open_item, items),
            (standing.aged_item, items),
            (standing.maker_posts, posted),
            (conduct.split_payment, paid),
        )
        if concerned
        for subject, details in check.function(books, day)
        if subject in concerned
    ]


def on_book(books: Books, as_of: date) -> list[Finding]:
    """Return what the checks find in a whole book at the end of a day."""
    if books.chart is None:
        return []
    return [
        _finding(check, subject, details).at(fund=books.fund)
        for check in BOOK_CHECKS
        for subject, details in check.function(books, as_of)
    ]


def on_office(office: Mapping[str, Books]) -> list[Finding]:
    """Return what the checks find between the funds of an office; subjects are fund ids."""
    return [
        _finding(check, subject, details).at(fund=subject)
        for check in OFFICE_CHECKS
        for subject, details in check.function(office)
    ]


def _finding(
    check: Check, subject: str, details: Mapping[str, Any], *, gates: bool = False
) -> Finding:
    amount_fen = details.get("amount_fen")
    return Finding(check.code, subject, details, amount_fen=amount_fen, gates=gates)
