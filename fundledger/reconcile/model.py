"""What a reconciliation takes and gives: book lines, open items, and the adjusted balances."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from fundledger.findings import Finding, Severity
from fundledger.reconcile.cure import Cure

if TYPE_CHECKING:
    from fundledger.reconcile.payments import Comparison

Day = date
"""A day, in a class that has a `date` of its own."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far apart, in days, two sides of one event may stand.

    `window_days`: between bank and book; `look_back_days`: how far before the first statement a
    posting may still be open; `aged_days`: after how long an open item must be explained.
    `amount_fen` is by how much a payment may be off its line without being severe.
    """

    window_days: int = 10
    look_back_days: int = 92
    aged_days: int = 30
    amount_fen: int = 0


class Kind(StrEnum):
    """The four kinds of open items (未达账项)."""

    BOOK_IN = "book-in"
    BOOK_OUT = "book-out"
    BANK_IN = "bank-in"
    BANK_OUT = "bank-out"

    @property
    def zh(self) -> str:
        """The name on the form."""
        return _NAMES[self][0]

    @property
    def en(self) -> str:
        """The name in English."""
        return _NAMES[self][1]


_NAMES = {
    Kind.BOOK_IN: ("单位已收银行未收", "received in the book, not at the bank"),
    Kind.BOOK_OUT: ("单位已付银行未付", "paid in the book, not at the bank"),
    Kind.BANK_IN: ("银行已收单位未收", "received at the bank, not in the book"),
    Kind.BANK_OUT: ("银行已付单位未付", "paid at the bank, not in the book"),
}


@dataclass(frozen=True, slots=True, order=True)
class BookLine:
    """One posting to the bank account in the book; positive fen for money in (借 1002).

    `reverses` and `corrects` name the voucher that it is the red copy of, or stands in the place
    of; `since` is the day of the latter, on which the bank may have moved the money.
    """

    date: date
    ref: str
    signed_fen: int
    narration: str = ""
    reverses: str = ""
    corrects: str = ""
    since: Day | None = field(default=None, compare=False)
    event: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One amount that one side has and the other has not.

    `ref` is the voucher, or the statement's file and row; `text` the narration, or the bank's
    summary.  Where several equal lines compete, `candidates` names them all: which one is open is
    not picked, and `date` is the earliest, so that the age is not understated.  `marks` are the
    same lines as the journal names them, in the same order: vouchers, or `statement digest:row`.
    """

    kind: Kind
    date: date
    ref: str
    signed_fen: int
    text: str
    age_days: int
    candidates: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def amount_fen(self) -> int:
        """The amount without its sign."""
        return abs(self.signed_fen)

    @property
    def ambiguous(self) -> bool:
        """Whether it is one of several and not known which."""
        return bool(self.candidates)

    @property
    def of_book(self) -> bool:
        """Whether the book has it (and the bank has not)."""
        return self.kind in {Kind.BOOK_IN, Kind.BOOK_OUT}


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """A bank line and a book line taken for one event; not `certain` where equals compete.

    `tier` says why: `same-date`, `window` (so many days apart), `corrected` (the book line stands
    in the place of an earlier one), `carried` (open before), or, for a payment of a batch, the tier
    by which it was found (docs/matching.md).
    """

    bank_date: date
    bank_ref: str
    book_date: date
    book_ref: str
    signed_fen: int
    tier: str
    certain: bool = True


@dataclass(frozen=True, slots=True, order=True)
class SetOff:
    """A line and the red one that cancels it on one side, book or bank: neither is open."""

    date: Day
    ref: str
    red_date: Day
    red_ref: str
    signed_fen: int


@dataclass(frozen=True, slots=True)
class Carried:
    """What one reconciliation hands to the next: the closing balances and the items left open.

    `digests` are of the statements that were used so far.  `later` are the vouchers that were
    recorded after it was signed and are dated until its day.
    """

    end: date
    bank_fen: int
    book_fen: int
    items: tuple[Item, ...] = ()
    digests: tuple[str, ...] = ()
    later: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Adjustment:
    """The bank reconciliation statement (银行存款余额调节表) of one account on one day.

    Law: bank balance + book-in − book-out = book balance + bank-in − bank-out, but for
    `difference_fen`, which nothing explains and which must be zero.  `set_off` cancels inside the
    book, `bank_set_off` inside the bank's statements.  `cures` are steps of batches that the bank
    took and the book has not; `payments` is what is left to tell of them.
    """

    account: str
    start: date
    as_of: date
    digests: tuple[str, ...]
    bank_fen: int
    book_fen: int
    items: tuple[Item, ...]
    matches: tuple[Match, ...]
    findings: tuple[Finding, ...]
    set_off: tuple[SetOff, ...] = ()
    bank_set_off: tuple[SetOff, ...] = ()
    cures: tuple[Cure, ...] = ()
    payments: Comparison | None = field(default=None, repr=False)

    def of_kind(self, kind: Kind) -> tuple[Item, ...]:
        """Return the open items of one kind, oldest first."""
        return tuple(item for item in self.items if item.kind is kind)

    @property
    def adjusted_bank_fen(self) -> int:
        """The bank's balance as if it had what the book has."""
        return self.bank_fen + sum(item.signed_fen for item in self.items if item.of_book)

    @property
    def adjusted_book_fen(self) -> int:
        """The book's balance as if it had what the bank has."""
        return self.book_fen + sum(item.signed_fen for item in self.items if not item.of_book)

    @property
    def difference_fen(self) -> int:
        """What is left unexplained: adjusted bank less adjusted book."""
        return self.adjusted_bank_fen - self.adjusted_book_fen

    @property
    def settled(self) -> bool:
        """Whether it can be signed: no difference and no error among the findings."""
        errors = any(finding.severity is Severity.ERROR for finding in self.findings)
        return not self.difference_fen and not errors

    def carried(self) -> Carried:
        """Return what the next reconciliation starts from."""
        return Carried(self.as_of, self.bank_fen, self.book_fen, self.items, self.digests)
