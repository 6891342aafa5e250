"""What the account's rows and vouchers, once matched, say of the payments of batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from fundledger.findings import Finding
from fundledger.ledger.batches.states import BATCH_EVENT
from fundledger.reconcile.exceptions import exceptions, without_open, without_sums
from fundledger.reconcile.items import shown
from fundledger.reconcile.missing import booked_beside, cures_of, without_recovered

if TYPE_CHECKING:
    from fundledger.reconcile.cure import Cure
    from fundledger.reconcile.joined import Joined
    from fundledger.reconcile.match import Entry, Matching
    from fundledger.reconcile.model import BookLine
    from fundledger.reconcile.payments import Comparison
    from fundledger.reconcile.register import Registered

_UNKNOWN_DEBIT = "unknown-debit"


class InBook(NamedTuple):
    """What the book has beside the matching: its `lines` by voucher, and what became of them.

    `undone` are vouchers that are reversed by now, whenever; `righted` those, in whole or in part,
    that stand in the place of one.  Of `suspended_fen` the bank may still give a debit back.
    """

    lines: Mapping[str, BookLine]
    undone: frozenset[str]
    righted: frozenset[str]
    suspended_fen: Container[int]


class OfPayments(NamedTuple):
    """The steps of batches that the books lack, what does not fit, and what is left of it to tell.

    `payments` tells no more of what the account's rows and vouchers were found to be.
    """

    cures: tuple[Cure, ...] = ()
    findings: Sequence[Finding] = ()
    payments: Comparison | None = None


def told_of_payments(
    payments: Comparison | None,
    matching: Matching,
    joins: Iterable[Joined],
    book: InBook,
    tolerance_fen: int = 0,
) -> OfPayments:
    """Return what the account's rows and vouchers, once matched, say of the payments."""
    if payments is None:
        return OfPayments()
    booked, explained, matched = set(book.righted), set[str](), set[str]()
    beside: list[Entry] = []
    waiting: list[Entry] = []
    others: dict[str, str] = {}
    for pair in matching.pairs:
        marks = {ref.mark for ref in pair.bank.refs}
        matched |= marks
        booked |= {ref.mark for ref in pair.book.refs}
        if pair.book.payees is not None:
            continue
        standing = not book.undone.issuperset(ref.mark for ref in pair.book.refs)
        if standing and not _clears(pair.book, book.lines):
            others |= dict.fromkeys(marks, shown(pair.book.refs))
        if _pays(pair.book, book.lines):
            beside.append(pair.bank)
        else:
            explained |= marks
            waiting.append(pair.bank)
    in_parts: set[str] = set()
    for one in joins:
        marks = {ref.mark for entry in one.bank for ref in entry.refs}
        matched |= marks
        if one.in_parts:
            in_parts |= marks
            booked |= {ref.mark for entry in one.book for ref in entry.refs}
    payments = without_recovered(without_sums(payments, in_parts), matching.pairs)
    cures = cures_of(payments, explained, others, book.suspended_fen)
    payments = without_sums(payments, {mark for cure in cures for mark in cure.rows})
    there = {line for ref in booked for line in payments.register.paid_by(ref) or ()}
    payments = without_open(payments, there)
    twice = [*booked_beside(payments, others, book.suspended_fen)]
    found = {finding.subject for finding in twice}
    told = [*exceptions(payments, cures, frozenset(explained), frozenset(matched), tolerance_fen)]
    once = [row for row in beside if others.get(row.refs[0].mark) not in found]
    more = _once_more(payments, waiting, told)
    findings = [*told, *twice, *more, *_paid_beside(payments, once)]
    return OfPayments(cures, findings, payments)


def _clears(entry: Entry, lines: Mapping[str, BookLine]) -> bool:
    """Whether a voucher says what came in: a debit given back, or what a payee paid back."""
    events = {lines[ref.mark].event for ref in entry.refs if ref.mark in lines}
    known = all(event == "transfer" or event.startswith(BATCH_EVENT) for event in events)
    return entry.signed_fen > 0 and known


def _pays(entry: Entry, lines: Mapping[str, BookLine]) -> bool:
    """Whether a voucher is no batch's step, pays something, and does not wait to be explained."""
    events = {lines[ref.mark].event for ref in entry.refs if ref.mark in lines}
    other = {one for one in events if one != _UNKNOWN_DEBIT and not one.startswith(BATCH_EVENT)}
    return entry.signed_fen < 0 and bool(other)


def _paid_beside(comparison: Comparison, rows: Iterable[Entry]) -> Iterator[Finding]:
    """Yield rows of just what somebody of the lists was to get, booked as paid beside the batches.

    `rows` are those that a voucher of no batch has which does not wait to be explained.
    """
    for row, line in _due_to(comparison, rows):
        details: dict[str, object] = {
            "line": line.of.line,
            "batch": line.batch,
            "ref": row.refs[0].shown,
            "date": row.date,
            "state": str(line.standing.state),
        }
        yield Finding("FL899", row.refs[0].shown, details, amount_fen=-row.signed_fen)


def _once_more(
    comparison: Comparison, rows: Iterable[Entry], told: Iterable[Finding]
) -> Iterator[Finding]:
    """Yield rows, booked as unexplained, of just what somebody got already; not what is `told`."""
    known = {one.details.get("ref") for one in told if one.code in {"FL883", "FL897"}}
    paired = {pair.row.mark for pair in comparison.pairs}
    for row, line in _due_to(comparison, rows):
        (ref,) = row.refs[:1]
        if line.moved_on("out") and ref.mark not in paired and ref.shown not in known:
            details: dict[str, object] = {
                "line": line.of.line,
                "batch": line.batch,
                "ref": ref.shown,
                "date": row.date,
                "bank_fen": -row.signed_fen,
            }
            yield Finding("FL897", line.of.line, details, amount_fen=-row.signed_fen)


def _due_to(comparison: Comparison, rows: Iterable[Entry]) -> Iterator[tuple[Entry, Registered]]:
    """Yield rows of just what somebody of the lists was to get, each with the line sent last."""
    ordered = sorted(rows)
    due: dict[tuple[str, int], set[str]] = defaultdict(set)
    for one in comparison.register.sent() if ordered else ():
        for name in (one.of.line, one.of.account):
            due[name, one.of.amount_fen].add(one.of.line)
    for row in ordered:
        whom = comparison.payees.get(row.refs[0].mark, frozenset())
        found = {line for one in whom for line in due.get((one, -row.signed_fen), ())}
        if found:
            yield row, comparison.register.lines[max(found, key=_sent_last(comparison))]


def _sent_last(comparison: Comparison) -> Callable[[str], tuple[str, str]]:
    return lambda line: (comparison.register.lines[line].sent_on, line)
