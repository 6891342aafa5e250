"""The register of payments: each line of a fund's batches, and what moved its money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from fundledger.errors import Refused
from fundledger.findings import Finding
from fundledger.ledger.batches.files import Unfit, lines_in, outcomes_in
from fundledger.ledger.batches.shares import WAYS, moved_on, share_name
from fundledger.ledger.batches.states import BATCH_EVENT, UNDOES, LineState, Standing, Way
from fundledger.ledger.chart import BANK

if TYPE_CHECKING:
    from fundledger.ledger.batches.batch import Batch
    from fundledger.ledger.batches.paylist import PaymentLine
    from fundledger.ledger.books import Books
    from fundledger.ledger.record import Record
    from fundledger.ledger.voucher import Voucher


_CREDIT_BACK = "batch-credit-back"
_RECOVER = "batch-recover"
_BESIDE: Mapping[str, Way] = {
    _RECOVER: "in",
    **{f"{BATCH_EVENT}{step}": way for step, way in UNDOES.items()},
}
"""Events that move the account for a line and are no row of its payment or return."""


class Registered(NamedTuple):
    """One line as its list and the journal leave it; `sent_on` is empty before it was exported."""

    of: PaymentLine
    batch: str
    sent_on: str
    standing: Standing

    def moved_on(self, way: Way) -> str:
        """Return the day on which the books have its money out of the account, or back, or ''."""
        return moved_on(self.standing, way)


class TakenBack(NamedTuple):
    """The part of a voucher that was booked in error, and which way it had moved the money."""

    first: str
    way: Way


@dataclass(frozen=True, slots=True)
class Register:
    """Every payment of a fund by the id of its line, and its batches.

    `vouchers` are those that moved the money of a line, by line and way; `shares` the lines of each
    such voucher; `failed` the lines whose money the bank gave back because they had failed;
    `recovered` the lines of which a voucher says that a payee paid something back; `undone` the
    parts of vouchers that were booked in error, by those that took them back.
    """

    lines: Mapping[str, Registered]
    batches: tuple[Batch, ...]
    vouchers: Mapping[tuple[str, Way], str]
    shares: Mapping[str, tuple[str, ...]]
    failed: frozenset[str] = frozenset()
    recovered: Mapping[str, frozenset[str]] = field(default_factory=dict)
    undone: Mapping[str, TakenBack] = field(default_factory=dict)

    def sent(self) -> Iterator[Registered]:
        """Yield the lines that the bank was sent, in the order of their lists."""
        return (line for line in self.lines.values() if line.sent_on)

    def paid_by(self, ref: str) -> Iterable[str] | None:
        """Return the lines whose money a voucher or a part of one moves; None if it is of none."""
        line = ref.partition("/")[2]
        return [line] if line else self.shares.get(ref)


def register_of(books: Books, records: Iterable[Record]) -> Register:
    """Return the register of a fund's payments; `records` are those that the books come from.

    Raises:
        Refused: FL751, a list is not there, or not as it was.

    """
    try:
        lines = {line.of.line: line for batch in books.batches() for line in _lines(books, batch)}
        every = [*_moved(records)] if lines else []
        moved = [one for one in every if one.kind == "moved"]
        recovered = {one.voucher.ref: _named(books, one) for one in every if one.kind == _RECOVER}
        undone = _undone(books, every)
        vouchers, shares = _shared(books, lines, moved, undone)
    except Unfit as unfit:
        said = unfit.problem
        raise Refused(Finding(said.code, said.subject, said.details, books.fund)) from unfit
    whole = {
        one.voucher.ref
        for one in every
        if one.fen == sum(lines[name].of.amount_fen for name in shares.get(one.voucher.ref, ()))
    }
    failures = {one.voucher.ref for one in moved if one.voucher.event == _CREDIT_BACK}
    return Register(
        lines,
        tuple(books.batches()),
        {key: ref for key, ref in vouchers.items() if ref in whole},
        {ref: tuple(sorted(names)) for ref, names in shares.items() if ref in whole},
        frozenset(name for (name, way), ref in vouchers.items() if way == "in" and ref in failures),
        recovered,
        {
            share_name(one.red, one.line): TakenBack(share_name(one.first, one.line), one.way)
            for one in undone
        },
    )


class _Moved(NamedTuple):
    """A voucher that moves a batch's money; `digest` is of the lines that its step names, or ''.

    `kind` is "moved", or the event of one that a bank's row of a payment is not compared with;
    `way` the way in which a payment goes, or went that it takes back.
    """

    batch: str
    kind: str
    way: Way
    voucher: Voucher
    digest: str
    fen: int
    sequence: int


class _Undone(NamedTuple):
    """A line of a voucher that was booked in error, and the voucher that took it back."""

    first: str
    red: str
    line: str
    way: Way


def _lines(books: Books, batch: Batch) -> Iterator[Registered]:
    for line in lines_in(books, batch.list):
        standing = batch.standing(line.line)
        sent_on = "" if standing.state is LineState.DROPPED else batch.exported_on
        yield Registered(line, batch.id, sent_on, standing)


def _moved(records: Iterable[Record]) -> Iterator[_Moved]:
    for record in records:
        if record.kind != "batch":
            continue
        for voucher in record.vouchers:
            event = voucher.event
            kind = "moved" if event in WAYS else event
            way = WAYS.get(event) or _BESIDE.get(event)
            if way is not None:
                fen = abs(sum(one.signed_fen for one in voucher.postings if one.account == BANK))
                batch, digest = record.body["batch"], record.body.get("lines", "")
                yield _Moved(batch, kind, way, voucher, digest, fen, record.sequence)


def _undone(books: Books, every: Iterable[_Moved]) -> list[_Undone]:
    """Return what was booked in error, and by which vouchers.

    What moved a line is the voucher of that day that names it, or else the first since it was
    undone last that names none, for such a one takes every line that it can.
    """
    by_batch: dict[str, list[_Moved]] = defaultdict(list)
    for one in every:
        by_batch[one.batch].append(one)
    found = []
    for batch in books.batches():
        before: dict[tuple[str, Way], int] = {}
        for undone in batch.undone:
            line, way = undone.line, undone.way
            since = before.get((line, way), 0)
            before[line, way] = undone.sequence
            moved = [
                one
                for one in by_batch[batch.id]
                if one.kind == "moved"
                and one.way == way
                and since < one.sequence < undone.sequence
                and one.voucher.date.isoformat() == undone.on
            ]
            naming = [one for one in moved if one.digest and line in _named(books, one)]
            first = naming or [one for one in moved if not one.digest]
            red = [
                one
                for one in by_batch[batch.id]
                if one.sequence == undone.sequence and line in _named(books, one)
            ]
            if first and red:
                found.append(_Undone(first[0].voucher.ref, red[0].voucher.ref, line, way))
    return found


def _shared(
    books: Books,
    lines: Mapping[str, Registered],
    moved: Iterable[_Moved],
    undone: Iterable[_Undone],
) -> tuple[dict[tuple[str, Way], str], dict[str, list[str]]]:
    """Return the voucher that moved each line each way, and the lines of each voucher.

    Those that were undone are lines of both vouchers, and of what moved them there is none.
    """
    of_batch: dict[str, list[Registered]] = defaultdict(list)
    for registered in lines.values():
        of_batch[registered.batch].append(registered)
    taken_back: dict[str, set[str]] = defaultdict(set)
    shares: dict[str, list[str]] = defaultdict(list)
    for one in undone:
        taken_back[one.first].add(one.line)
        shares[one.first].append(one.line)
        shares[one.red].append(one.line)
    vouchers: dict[tuple[str, Way], str] = {}
    # Those that name their lines come first: what is left is of one that names none.
    for each in sorted(moved, key=lambda one: not one.digest):
        ref = each.voucher.ref
        for name in _taken(books, of_batch[each.batch], each, vouchers):
            if name not in taken_back[ref]:
                vouchers[name, each.way] = ref
    for (line, _), ref in vouchers.items():
        shares[ref].append(line)
    return vouchers, shares


def _taken(
    books: Books,
    lines: Iterable[Registered],
    one: _Moved,
    vouchers: Container[tuple[str, Way]],
) -> list[str]:
    """Return the lines whose money a voucher moved: those that its step names, else all others."""
    if one.digest:
        return sorted(_named(books, one))
    on = one.voucher.date.isoformat()
    return [
        line.of.line
        for line in lines
        if line.moved_on(one.way) == on and (line.of.line, one.way) not in vouchers
    ]


def _named(books: Books, one: _Moved) -> frozenset[str]:
    """Return the lines that the step of a voucher names for the voucher's day."""
    on = one.voucher.date.isoformat()
    return frozenset(said.line for said in outcomes_in(books, one.digest) if said.on == on)
