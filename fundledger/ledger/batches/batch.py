"""One batch as the journal's records leave it: totals, and the lines that stand otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from msgspec import Struct, structs

from fundledger.ledger.batches.paylist import LineTotal
from fundledger.ledger.batches.states import (
    CAME_BACK,
    OVER,
    SENT,
    BatchState,
    LineState,
    Standing,
    Way,
)
from fundledger.ledger.bodies import BankReceipt

BatchKind = Literal["payment", "reissue"]


class Facts(NamedTuple):
    """What a list says of a line, as far as the books ask for it."""

    unit: str
    category: str
    amount_fen: int


class Apart(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A line that stands otherwise than most of its batch, with what the list says of it."""

    standing: Standing
    unit: str
    category: str
    amount_fen: int


class Parent(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The line that a reissue pays once more: where it is, and how it stood before."""

    batch: str
    line: str
    standing: Standing


class Undone(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A move of a line's money that was booked `on` a day and taken back by a later record."""

    line: str
    way: Way
    on: str
    sequence: int


class Batch(Struct, frozen=True, forbid_unknown_fields=True):
    """A batch after some of the fund's records.

    `base` is how every line stands that is not in `apart`, so that a list of a million lines takes
    a few figures and the lines that failed.  `totals` are those of the list, by `Unit:Category`;
    `parents` are those of a reissue's lines, `file` is the sha256 of what was sent to the bank, and
    `receipt` what the bank states of it.  `undone` are moves of money that were booked in error.
    Days are ISO, empty for what has not been.  Of one that is `unread` files are gone or changed,
    and nothing is known.
    """

    id: str
    sequence: int
    kind: BatchKind
    list: str
    document: str
    maker: str
    prepared_on: str
    totals: dict[str, LineTotal]
    base: Standing = Standing()
    apart: dict[str, Apart] = {}
    parents: dict[str, Parent] = {}
    approver: str = ""
    approved_on: str = ""
    exported_on: str = ""
    accepted_on: str = ""
    refused_on: str = ""
    file: str = ""
    receipt: BankReceipt | None = None
    undone: tuple[Undone, ...] = ()
    unread: bool = False

    @property
    def total(self) -> LineTotal:
        """How many payments the list has, and fen in all."""
        return summed(self.totals.values())

    @property
    def base_totals(self) -> dict[str, LineTotal]:
        """The totals of the lines that stand as `base` says, by `Unit:Category`."""
        left = {key: [total.payments, total.amount_fen] for key, total in self.totals.items()}
        for line in self.apart.values():
            own = left[f"{line.unit}:{line.category}"]
            own[0] -= 1
            own[1] -= line.amount_fen
        return {key: LineTotal(*own) for key, own in left.items() if own[0]}

    def standing(self, line: str) -> Standing:
        """Return how a line of the batch stands; it is not asked whether its list has the line.

        `Books.standing_of` does that, for whoever has an id from elsewhere.
        """
        found = self.apart.get(line)
        return self.base if found is None else found.standing

    def groups(self) -> Iterator[tuple[Standing, str, LineTotal]]:
        """Yield count and fen of the lines that stand alike, by `Unit:Category`."""
        for key, total in self.base_totals.items():
            yield self.base, key, total
        found: dict[tuple[Standing, str], list[int]] = {}
        for line in self.apart.values():
            own = found.setdefault((line.standing, f"{line.unit}:{line.category}"), [0, 0])
            own[0] += 1
            own[1] += line.amount_fen
        for (standing, key), own in found.items():
            yield standing, key, LineTotal(*own)

    def by_state(self) -> dict[LineState, LineTotal]:
        """Return count and fen of the lines in each state that has any, in the order of states."""
        found: dict[LineState, list[LineTotal]] = {}
        for standing, _, total in self.groups():
            found.setdefault(standing.state, []).append(total)
        return {state: summed(found[state]) for state in LineState if state in found}

    @property
    def open(self) -> LineTotal:
        """How many lines something is still to be done about, and their fen."""
        return summed(total for standing, _, total in self.groups() if standing.open)

    @property
    def state(self) -> BatchState:
        """Where the batch stands, by its lines: the least of them says it."""
        there = set(self.by_state())
        if there == {LineState.DROPPED}:
            return BatchState.WITHDRAWN if self.approved_on else BatchState.REJECTED
        for line_state in (LineState.PLANNED, LineState.APPROVED):
            if line_state in there:
                return self._before_sending(line_state)
        if LineState.EXPORTED in there and LineState.PAID not in there:
            return BatchState.ACCEPTED if self.accepted_on else BatchState.EXPORTED
        if LineState.UNKNOWN in there:
            return BatchState.UNKNOWN
        if not self.open.payments:
            return BatchState.CLOSED
        return BatchState.PAID if there - OVER == {LineState.PAID} else BatchState.PARTLY_PAID

    def _before_sending(self, line_state: LineState) -> BatchState:
        if line_state is LineState.PLANNED:
            return BatchState.REVIEW
        refused = self.refused_on and not self.exported_on
        return BatchState.BANK_REJECTED if refused else BatchState.APPROVED


class Control(NamedTuple):
    """What the control accounts must hold for some lines: the side of their nature, in fen."""

    subsidy_payable_fen: int = 0
    in_transit_fen: int = 0
    returned_fen: int = 0
    due_from_bank_fen: int = 0
    recovery_fen: int = 0

    @property
    def encumbered_fen(self) -> int:
        """What of the budget is set aside for them."""
        return (
            self.subsidy_payable_fen
            + self.in_transit_fen
            + self.returned_fen
            - self.due_from_bank_fen
        )


def control_of(batch: Batch) -> Control:
    """Return what the control accounts must hold for a batch."""
    sums = [0] * len(Control._fields)
    for standing, _, total in batch.groups():
        for at, fen in enumerate(_held(standing, total)):
            sums[at] += fen
    return Control(*sums)


def encumbered_by_line(batch: Batch) -> dict[str, int]:
    """Return the fen of the budget that are set aside for a batch, by `Unit:Category`."""
    found: dict[str, int] = {}
    for standing, key, total in batch.groups():
        fen = _held(standing, total).encumbered_fen
        if fen:
            found[key] = found.get(key, 0) + fen
    return found


def _held(standing: Standing, total: LineTotal) -> Control:
    """Return what the control accounts must hold for lines that stand alike.

    In transit is what the bank has to pay and has not debited, whether or not it says that it was
    paid; a failure whose debit is not given back is payable, and the bank owes it.
    """
    state, fen = standing.state, total.amount_fen
    if state in {LineState.APPROVED, LineState.FAILED}:
        due_fen = fen if standing.owed_by_bank else 0
        return Control(subsidy_payable_fen=fen, due_from_bank_fen=due_fen)
    if state in SENT and not standing.debited_on:
        return Control(in_transit_fen=fen)
    if state in CAME_BACK:
        return Control(returned_fen=fen)
    if state is LineState.RECOVERABLE:
        left_fen = standing.claimed_fen - standing.settled_fen
        return Control(recovery_fen=left_fen * total.payments)
    return Control()


def moved(batch: Batch, changes: Mapping[str, Apart]) -> Batch:
    """Return the batch with some of its lines standing otherwise, its base as it was."""
    apart = dict(batch.apart)
    for line, own in changes.items():
        if own.standing == batch.base:
            apart.pop(line, None)
        else:
            apart[line] = own
    return structs.replace(batch, apart=apart)


def rebased(batch: Batch, everything: Mapping[str, Facts]) -> Batch:
    """Return the same batch with what most of its lines have in common as its base."""
    counts: dict[Standing, int] = {batch.base: len(everything) - len(batch.apart)}
    for line in batch.apart.values():
        counts[line.standing] = counts.get(line.standing, 0) + 1
    base = max(counts, key=lambda standing: counts[standing])
    if base == batch.base or counts[base] == counts[batch.base]:
        return batch
    apart = {
        line: Apart(standing, *facts)
        for line, facts in everything.items()
        if (standing := batch.standing(line)) != base
    }
    return structs.replace(batch, base=base, apart=apart)


def summed(totals: Iterable[LineTotal]) -> LineTotal:
    """Return the sum of several totals."""
    payments = amount_fen = 0
    for total in totals:
        payments += total.payments
        amount_fen += total.amount_fen
    return LineTotal(payments, amount_fen)
