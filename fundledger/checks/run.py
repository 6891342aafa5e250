"""The catalogue in its order, and how it is run: on a record, a book, the office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fundledger.checks import batches, changes, conduct, standing
from fundledger.checks.catalogue import Check, Gates, Layout, Sees, Watched
from fundledger.checks.listed import (
    BOOK_CHECKS,
    KEY_CHECKS,
    OFFICE_CHECKS,
    RECORD_CHECKS,
    VOUCHER_CHECKS,
)
from fundledger.findings import Finding
from fundledger.ledger.books import Books
from fundledger.ledger.chart import EXPENSES
from fundledger.ledger.entry import Entry
from fundledger.ledger.events import EVENTS
from fundledger.ledger.record import Record
from fundledger.money import LIMIT_FEN


@dataclass(frozen=True, slots=True)
class Selection:
    """Voucher checks sorted by how much they see; `name` keeps apart what each found sound."""

    name: str
    parts: tuple[Check, ...]
    shape: tuple[Check, ...]
    number: tuple[Check, ...]
    whole: tuple[Check, ...]
    state: tuple[Check, ...]


@dataclass(slots=True)
class _Sound:
    """What is known of vouchers whose layout, days and signers are sound: what is left to check."""

    whole: tuple[Check, ...]
    state: tuple[Check, ...]
    lasting: tuple[Check, ...]
    watching: tuple[Check, ...]
    watched: Watched
    large: tuple[tuple[int, Check], ...]
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
        tuple(check for check in chosen if check.sees is Sees.STATE),
    )


EVERY = selection("every", VOUCHER_CHECKS)
TEXTS = selection("texts", (check for check in VOUCHER_CHECKS if check.sees is Sees.TEXT))
WITHOUT_TEXTS = selection(
    "without texts", (check for check in VOUCHER_CHECKS if check.sees is not Sees.TEXT)
)


def on_vouchers(entries: Sequence[Entry], books: Books, chosen: Selection = EVERY) -> list[Finding]:
    """Return what the checks find in the vouchers of a record that was just posted into `books`.

    Checks that see only a part of a voucher are left out where the same part was sound before,
    under the same charter.  What a record does to the state is looked at when all of it is there.
    """
    if len(entries) == 1:
        (entry,) = entries
        sound, findings = _on_one(entry, books, chosen)
        if sound.lasting:
            found = _found(sound.lasting, entries, books)
            sound.lasting = sound.lasting if found else ()
            findings += found
        if sound.state:
            findings += _found(sound.state, entries, books)
        if sound.watching and not _kept(sound.watched, entry, books):
            findings += _found(sound.watching, entries, books)
        return findings
    findings = []
    concerned: set[str] = set()
    for entry in entries:
        sound, found = _on_one(entry, books, chosen)
        findings += found
        concerned.update(c.code for c in (*sound.lasting, *sound.state, *sound.watching))
    state = [check for check in chosen.state if check.code in concerned]
    return findings + _found(state, entries, books)


def _kept(watched: Watched, entry: Entry, books: Books) -> bool:
    """Whether a voucher is dated last of all, and the accounts that it moved keep their side."""
    if entry.day != books.head.last_day:
        return False
    balances = books.balances
    return not [name for name, sign in watched if balances[name] * sign < 0]


def _on_one(entry: Entry, books: Books, chosen: Selection) -> tuple[_Sound, list[Finding]]:
    """Return what is found in one voucher, and what is known of vouchers of its layout."""
    voucher = entry.voucher
    memory = books.memory.get(chosen.name)
    if memory is None:
        memory = books.memory[chosen.name] = {}
    amounts_fen = [posting.signed_fen for posting in voucher.postings]
    size_fen = _size(amounts_fen)
    seen = (
        entry.group,
        tuple([amount_fen > 0 for amount_fen in amounts_fen]),
        voucher.event,
        voucher.closing,
        voucher.attachments > 0,
        not voucher.approval,
        voucher.reverses is None,
        voucher.corrects is None,
        not voucher.documents,
        entry.signatures,
        entry.day,
        entry.closed_through,
    )
    sound = memory.get(seen)
    findings: list[Finding] = []
    one = (entry,)
    if sound is None:
        layout = layout_of(entry)
        whole = [c for c in chosen.whole if c.concerns(layout)]
        state = [c for c in chosen.state if c.concerns(layout)]
        sound = _Sound(
            tuple([c for c in whole if c.floor is None]),
            tuple([c for c in state if c.watches is None and not c.lasting]),
            tuple([c for c in state if c.lasting]),
            tuple([c for c in state if c.watches is not None]),
            tuple([one for c in state if c.watches is not None for one in c.watches(layout)]),
            tuple(_by_floor(whole, books)),
        )
        findings += _found(chosen.parts, one, books)
        if not findings and voucher.corrects is None:
            memory[seen] = sound
    if not (sound.shape and size_fen):
        found = _found(chosen.shape, one, books)
        sound.shape = sound.shape or (not found and size_fen > 0)
        findings += found
    if voucher.number != entry.previous_number + 1:
        findings += _found(chosen.number, one, books)
    if sound.whole:
        findings += _found(sound.whole, one, books)
    if sound.large:
        total_fen = size_fen * len(amounts_fen) or sum(map(abs, amounts_fen))
        if total_fen >= sound.large[0][0]:
            large = [check for floor_fen, check in sound.large if total_fen >= floor_fen]
            findings += _found(large, one, books)
    return sound, findings


def _by_floor(checks: Iterable[Check], books: Books) -> list[tuple[int, Check]]:
    """Return the checks with a floor, each after it, the lowest first."""
    floors = [(check.floor(books.accounts), check) for check in checks if check.floor is not None]
    return sorted(floors, key=lambda one: one[0])


def _size(amounts_fen: list[int]) -> int:
    """Return the amount that all of these have but for their sign, in range, or 0."""
    size_fen = abs(amounts_fen[0]) if amounts_fen else 0
    alike = size_fen <= LIMIT_FEN and {size_fen, -size_fen}.issuperset(amounts_fen)
    return size_fen if alike else 0


def layout_of(entry: Entry) -> Layout:
    """Return what a voucher shares with others of its kind."""
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
        bool(voucher.approval),
    )


def _found(checks: Iterable[Check], entries: Sequence[Entry], books: Books) -> list[Finding]:
    """Return what checks find; what concerns the state is told of the voucher that moved it."""
    findings = []
    for check in checks:
        state = check.sees is Sees.STATE
        for subject, details in check.function(entries if state else entries[0], books):
            entry = _mover(check, entries, subject, details) if state else entries[0]
            gates = check.gates is Gates.ALWAYS or (check.gates is Gates.ACTS and _act(entry))
            findings.append(
                _finding(check, subject, details, gates=gates).at(
                    fund=books.fund, sequence=entry.record.sequence, voucher=entry.ref
                )
            )
    return findings


def _act(entry: Entry) -> bool:
    """Whether a voucher is ours to refuse, and no fact."""
    event = EVENTS.get(entry.voucher.event)
    return event is None or not event.fact


def _mover(
    check: Check, entries: Sequence[Entry], account: str, details: Mapping[str, Any]
) -> Entry:
    """Return the voucher of a record to which a finding about an account is put down.

    Where the account went to its wrong side, the act that took it there; else the last act that
    moved it, or if none did, the last fact.
    """
    movers = [entry for entry in entries if account in entry.names] or entries
    if check.watches is not None and len(movers) > 1:
        signs = dict(one for entry in movers for one in check.watches(layout_of(entry)))
        until = str(details.get("date", ""))
        days = sorted((entry.day, place) for place, entry in enumerate(movers))
        short_fen = abs(details["amount_fen"])
        for day, place in reversed(days):
            entry = movers[place]
            moved_fen = signs.get(account, 0) * _moved_fen(entry, account)
            if day > until or not moved_fen:
                continue
            if moved_fen < 0 and _act(entry) and short_fen + moved_fen <= 0:
                return entry
            short_fen += moved_fen
    return next(filter(_act, reversed(movers)), movers[-1])


def _moved_fen(entry: Entry, account: str) -> int:
    return sum(p.signed_fen for p in entry.voucher.postings if p.account == account)


def on_record(
    record: Record, books: Books, checks: Iterable[Check] = RECORD_CHECKS
) -> list[Finding]:
    """Return what the checks find in a record that was just folded into `books`."""
    return [] if record.kind == "voucher" else on_checks(checks, record, books)


def on_checks(checks: Iterable[Check], record: Record, books: Books) -> list[Finding]:
    """Return what these checks find in a record."""
    return [
        _finding(check, subject, details, gates=check.gates is not Gates.NEVER).at(
            fund=books.fund, sequence=record.sequence
        )
        for check in checks
        for subject, details in check.function(record, books)
    ]


def on_key(record: Record, books: Books) -> list[Finding]:
    """Return what the checks find in the key under which a record was asked for."""
    return on_checks(KEY_CHECKS, record, books) if record.key else []


def on_receipt(record: Record, books: Books) -> list[Finding]:
    """Return what the receipt of a record tells beside what the gate found; nothing of it gates."""
    if record.kind == "charter":
        return changes.adopted(record, books)
    postings = [posting for voucher in record.vouchers for posting in voucher.postings]
    items = {p.account for p in postings if p.account in standing.ITEMS}
    near_fen = books.accounts.near_fen
    paid = {p.account for p in postings if p.signed_fen >= near_fen and EXPENSES in p.account}
    posted = {v.maker for v in record.vouchers if v.maker == v.poster}
    accepted = {record.body["batch"]} if record.body.get("step") == "accept" else set()
    day = date.fromisoformat(record.at[:10])
    return [
        _finding(check, subject, details).at(fund=books.fund, sequence=record.sequence)
        for check, concerned in (
            (standing.open_item, items),
            (standing.aged_item, items),
            (standing.maker_posts, posted),
            (conduct.split_payment, paid),
            (batches.received_otherwise, accepted),
        )
        if concerned
        for subject, details in check.function(books, day)
        if subject in concerned
    ]


def on_book(books: Books, as_of: date, checks: Iterable[Check] = BOOK_CHECKS) -> list[Finding]:
    """Return what the checks find in a whole book at the end of a day."""
    if books.chart is None:
        return []
    return [
        _finding(check, subject, details).at(fund=books.fund)
        for check in checks
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
