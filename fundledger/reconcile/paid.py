"""What the account's rows and vouchers, once matched, say of the payments of batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from fundledger.findings import Finding
from fundledger.ledger.batches.states import BATCH_EVENT
from fundledger.reconcile.exceptions import exceptions, without_sums
from fundledger.reconcile.missing import cures_of, without_recovered

if TYPE_CHECKING:
    from fundledger.reconcile.cure import Cure
    from fundledger.reconcile.joined import Joined
    from fundledger.reconcile.match import Entry, Matching
    from fundledger.reconcile.model import BookLine
    from fundledger.reconcile.payments import Comparison

_UNKNOWN_DEBIT = "unknown-debit"


def told_of_payments(
    payments: Comparison | None,
    matching: Matching,
    joins: Iterable[Joined],
    lines: Mapping[str, BookLine],
    suspended_fen: Container[int],
) -> tuple[tuple[Cure, ...], list[Finding]]:
    """Return the steps of batches that the books lack, and what does not fit.

    `suspended_fen` are the amounts of debits that the bank may still have to give back.
    """
    if payments is None:
        return (), []
    booked, explained, matched = set[str](), set[str](), set[str]()
    beside: list[Entry] = []
    for pair in matching.pairs:
        marks = {ref.mark for ref in pair.bank.refs}
        matched |= marks
        booked |= {ref.mark for ref in pair.book.refs}
        if pair.book.payees is None and not _pays(pair.book, lines):
            explained |= marks
        elif pair.book.payees is None:
            beside.append(pair.bank)
    in_parts: set[str] = set()
    for one in joins:
        marks = {ref.mark for entry in one.bank for ref in entry.refs}
        matched |= marks
        if one.in_parts:
            in_parts |= marks
            booked |= {ref.mark for entry in one.book for ref in entry.refs}
    payments = without_recovered(without_sums(payments, in_parts), matching.pairs)
    cures = cures_of(payments, explained, suspended_fen)
    told = exceptions(payments, cures, booked, frozenset(explained), frozenset(matched))
    return cures, [*told, *_paid_beside(payments, beside)]


def _pays(entry: Entry, lines: Mapping[str, BookLine]) -> bool:
    """Whether a voucher is no batch's step, pays something, and does not wait to be explained."""
    events = {lines[ref.mark].event for ref in entry.refs if ref.mark in lines}
    other = {one for one in events if one != _UNKNOWN_DEBIT and not one.startswith(BATCH_EVENT)}
    return entry.signed_fen < 0 and bool(other)


def _paid_beside(comparison: Comparison, rows: Iterable[Entry]) -> Iterator[Finding]:
    """Yield rows of just what somebody of the lists was to get, booked as paid beside the batches.

    `rows` are those that a voucher of no batch has which does not wait to be explained.
    """
    due: dict[tuple[str, int], set[str]] = defaultdict(set)
    for one in comparison.register.sent():
        for name in (one.of.line, one.of.account):
            due[name, one.of.amount_fen].add(one.of.line)
    for row in sorted(rows):
        (ref,) = row.refs[:1]
        whom = comparison.payees.get(ref.mark, frozenset())
        found = {line for one in whom for line in due.get((one, -row.signed_fen), ())}
        if found:
            line = comparison.register.lines[max(found, key=_sent_last(comparison))]
            details: dict[str, object] = {
                "line": line.of.line,
                "batch": line.batch,
                "ref": ref.shown,
                "date": row.date,
                "state": str(line.standing.state),
            }
            yield Finding("FL899", ref.shown, details, amount_fen=-row.signed_fen)


def _sent_last(comparison: Comparison) -> Callable[[str], tuple[str, str]]:
    return lambda line: (comparison.register.lines[line].sent_on, line)
