"""What is asked of a fund's commit path, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fundledger.findings import Finding
from fundledger.ledger.books import Books
from fundledger.ledger.entry import Entry
from fundledger.ledger.given import shown
from fundledger.ledger.record import Kind, Record
from fundledger.ledger.voucher import Draft, Voucher

Rules = Callable[[], dict[str, Any] | None]


def no_rules() -> None:
    """Return that the charter in force is not asked about."""
    return


@dataclass(frozen=True, slots=True)
class Receipt:
    """The acknowledgement of a commit: what it is called, and the head of the chain after it.

    `again` says that the key had been used before for the same request: nothing was written.  Then
    record, numbers and head are those of the first receipt, and `findings` is empty.  What the
    checks found then, `check` tells still; that the journal began with it (FL964), or that
    something of the disk was mended on the way, was told once.
    """

    fund: str
    sequence: int
    refs: tuple[str, ...]
    head: str
    key: str
    findings: tuple[Finding, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What a record will say, made under the lock from the books as they are there.

    `files` are what it rests on, by the sha256 that names them; they are durable before it is.
    """

    body: dict[str, Any]
    drafts: Sequence[Draft] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """A commit to be: its kind, who asks, the idempotency key, and what makes its content."""

    kind: Kind
    actor: str
    key: str
    request: str
    make: Callable[[Books], Content]


@dataclass(frozen=True, slots=True)
class Gate:
    """The checks as the commit path calls them: on the vouchers of a record, and on the record.

    `receipt` says what is to be told of a record that passed, beside what they found.
    """

    vouchers: Callable[[Sequence[Entry], Books], Iterable[Finding]]
    record: Callable[[Record, Books], Iterable[Finding]]
    receipt: Callable[[Record, Books], Iterable[Finding]]


def balances_of(vouchers: Iterable[Voucher], books: Books) -> dict[str, int]:
    """Return the balance in fen of each account that vouchers touch, in their order."""
    names = [posting.account for voucher in vouchers for posting in voucher.postings]
    return {name: books.fen(name) for name in dict.fromkeys(names)}


def foreign(receipt: Receipt, fund: str) -> Finding:
    """Return that a receipt was not given by whoever is asked about it."""
    details = {"of": shown(receipt.fund), "record": shown(receipt.sequence)}
    return Finding("FL961", "receipt", details, fund)


def begun(fund: str, *, began: bool) -> tuple[Finding, ...]:
    """Return what is to be told of a fund's first record: there was no journal before it."""
    return (Finding("FL964", fund, {}, fund, 1),) if began else ()
