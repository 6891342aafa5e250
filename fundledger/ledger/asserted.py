"""What statements say against what the books say: held, explained by a reconciliation, or off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from fundledger.ledger.bodies import AssertionBody, ReconciliationBody

if TYPE_CHECKING:
    from fundledger.ledger.books import Books
    from fundledger.ledger.record import Record


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a statement says an account held at the end of a day, by the record that says so.

    `signed_fen` is the book balance that a signed reconciliation ties to it, where the record is
    one; `replaced_by` the later record that took its place, or 0.
    """

    sequence: int
    account: str
    day: str
    amount_fen: int
    actor: str
    signed_fen: int | None = None
    replaced_by: int = 0


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed reconciliation: what it says, who signed and when, and what had stood before."""

    sequence: int
    body: ReconciliationBody
    actor: str
    at: str
    stood: tuple[int, ...] = ()


class State(StrEnum):
    """What becomes of an assertion."""

    HELD = "held"
    EXPLAINED = "explained"
    OFF = "off"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Judged:
    """An assertion and what the books say; `reconciliation` is the record that explains it, or 0.

    `expected_fen` is what the books should say: the statement's balance or, where a reconciliation
    of that balance was signed, the book balance that was signed.
    """

    assertion: Assertion
    booked_fen: int
    expected_fen: int
    reconciliation: int

    @property
    def apart_fen(self) -> int:
        """Book less statement."""
        return self.booked_fen - self.assertion.amount_fen

    @property
    def off_fen(self) -> int:
        """What nothing explains: book less what it should be."""
        return self.booked_fen - self.expected_fen

    @property
    def state(self) -> State:
        """Held, explained by the open items that were signed, off, or replaced."""
        if self.assertion.replaced_by:
            return State.REPLACED
        if self.off_fen:
            return State.OFF
        return State.EXPLAINED if self.apart_fen else State.HELD


def take_assertion(books: Books, record: Record, body: AssertionBody) -> None:
    """Fold an assertion in, and take away what it replaces."""
    _say(books, record, body, None)
    _replace(books, body.replaces, record.sequence)


def take_reconciliation(books: Books, record: Record, body: ReconciliationBody) -> None:
    """Fold a signed reconciliation in, on top of the one it follows; what stood above it falls."""
    stood = books.standing[body.account]
    if body.after in stood:
        kept = stood[: stood.index(body.after) + 1]
    else:
        kept = stood if body.after else []
    for earlier in stood[len(kept) :]:
        _replace(books, earlier, record.sequence)
    _say(books, record, body, body.booked_fen)
    books.signed[str(record.sequence)] = [body, record.actor, record.at, stood]
    books.standing[body.account] = [*kept, record.sequence]


def _say(
    books: Books,
    record: Record,
    body: AssertionBody | ReconciliationBody,
    signed_fen: int | None,
) -> None:
    day = body.date.isoformat()
    said = [body.account, day, body.amount_fen, record.actor, signed_fen, 0]
    books.assertions[str(record.sequence)] = said


def _replace(books: Books, earlier: int, sequence: int) -> None:
    said = books.assertions[str(earlier)]
    if earlier != sequence and said is not None and not said[-1]:
        books.assertions[str(earlier)] = [*said[:-1], sequence]


def reconciliation(books: Books, sequence: int) -> Signed | None:
    """Return the signed reconciliation of a record, or None."""
    found = books.signed[str(sequence)]
    if found is None:
        return None
    body, actor, at, stood = found
    return Signed(sequence, body, actor, at, tuple(stood))


def reconciled(books: Books, account: str) -> list[Signed]:
    """Return the signed reconciliations of an account that stand, each after the one before."""
    found = (reconciliation(books, sequence) for sequence in books.standing[account])
    return [signed for signed in found if signed is not None]


def standing(assertions: Iterable[Assertion]) -> list[Assertion]:
    """Return those that no later record replaces."""
    return [item for item in assertions if not item.replaced_by]


def explanations(assertions: Iterable[Assertion]) -> Mapping[tuple[str, str, int], Assertion]:
    """Return the signed reconciliations that stand, by account, day and statement's balance."""
    return {
        (item.account, item.day, item.amount_fen): item
        for item in standing(assertions)
        if item.signed_fen is not None
    }


def judged(books: Books, as_of: date | None = None) -> Iterator[Judged]:
    """Yield every assertion up to a day with what the books say, in the order of account and day.

    Of an account that a year end empties, the last day of the year is looked at before its closing
    vouchers: what a statement of the year says is what was there to be carried.
    """
    every = books.asserted()
    explained = explanations(every)
    for item in sorted(every, key=lambda item: (item.account, item.day, item.sequence)):
        if as_of is not None and item.day > as_of.isoformat():
            continue
        found = explained.get((item.account, item.day, item.amount_fen))
        expected_fen = item.amount_fen
        if found is not None and found.signed_fen is not None:
            expected_fen = found.signed_fen
        booked_fen = books.fen(item.account, date.fromisoformat(item.day))
        booked_fen -= books.emptied[f"{item.account}@{item.day}"]
        yield Judged(item, booked_fen, expected_fen, found.sequence if found else 0)


def conflicts(assertions: Iterable[Assertion]) -> Iterator[tuple[Assertion, Assertion]]:
    """Yield each standing assertion that says otherwise than the one before of its account and day.

    Which of them errs is not ours to say.
    """
    known: dict[tuple[str, str], Assertion] = {}
    for item in sorted(standing(assertions), key=lambda item: item.sequence):
        earlier = known.get((item.account, item.day))
        if earlier is not None and earlier.amount_fen != item.amount_fen:
            yield earlier, item
        known[item.account, item.day] = item


def mornings(
    assertions: Sequence[Assertion], emptied_fen: Mapping[str, int]
) -> list[tuple[str, str, int, Assertion]]:
    """Return what the books must hold by what stands: day, account, fen, and the assertion.

    `emptied_fen` is what the closing vouchers of `account@day` took away, for whoever looks after
    them.  Of several for one account and day the last stands, for beancount takes no two.
    """
    explained = explanations(assertions)
    lines: dict[tuple[str, str], tuple[int, Assertion]] = {}
    for item in sorted(standing(assertions), key=lambda item: item.sequence):
        found = explained.get((item.account, item.day, item.amount_fen))
        fen = item.amount_fen
        if found is not None and found.signed_fen is not None:
            fen = found.signed_fen
        fen += emptied_fen.get(f"{item.account}@{item.day}", 0)
        lines[item.day, item.account] = (fen, item)
    return [(day, account, *line) for (day, account), line in sorted(lines.items())]


def short_refs(refs: Sequence[str]) -> str:
    """Return references as people may read them: a digest is cut to twelve letters."""
    shown = []
    for ref in refs[:3]:
        digest, colon, row = ref.partition(":")
        shown.append(f"{digest[:12]}:{row}" if colon else ref)
    return " | ".join(shown) + (" | …" if len(refs) > len(shown) else "")
