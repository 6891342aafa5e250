"""Payments that the bank made in several rows: too little at first, and the rest later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from fundledger.ledger.batches.shares import share_name

if TYPE_CHECKING:
    from fundledger.reconcile.match import Entry
    from fundledger.reconcile.model import BookLine
    from fundledger.reconcile.payments import Comparison
    from fundledger.reconcile.register import Register


class InParts(NamedTuple):
    """The rows that are one line's payment together, and what of the book is the same money.

    `share` is the part of a voucher that debits the line; `reds` took back what of it stood as
    unexplained, where the bank had that when it was signed last.
    """

    share: str
    rows: tuple[str, ...]
    reds: tuple[str, ...] = ()


def paid_in_parts(
    rows: Mapping[str, Entry],
    book: Mapping[str, Entry],
    payments: Comparison,
    reds: Iterable[str],
) -> list[InParts]:
    """Return the lines that the books have debited once and the bank in several rows, in order.

    The rows are all that name the line, or its payee of whom no other payment waits, and come to it
    to the fen; or they are what was lacking of it when an earlier part was signed as unexplained.
    """
    register = payments.register
    paired = {pair.row.mark for pair in payments.pairs}
    single: dict[str, str] = {}
    for mark, entry in sorted(rows.items()):
        whom = payments.payees.get(mark, frozenset())
        if mark not in paired and entry.signed_fen < 0 and len(whom) == 1:
            (single[mark],) = whom
    waiting = _waiting(register, book, payments) if single else {}
    by_line: dict[str, list[str]] = defaultdict(list)
    for mark, name in single.items():
        lines = waiting.get(name, ())
        if len(lines) == 1 and may_be_to(register.lines[lines[0]].of.account, mark, payments):
            by_line[lines[0]].append(mark)
    lacking = {
        line: register.lines[line].of.amount_fen + sum(rows[mark].signed_fen for mark in marks)
        for line, marks in by_line.items()
        if all(rows[mark].date.isoformat() >= register.lines[line].sent_on for mark in marks)
    }
    earlier = _taken_back(lacking, {mark: book[mark].signed_fen for mark in reds if mark in book})
    return [
        InParts(share_name(register.vouchers[line, "out"], line), tuple(by_line[line]), of_line)
        for line, fen in sorted(lacking.items())
        if (of_line := earlier.get(line, ())) or (fen == 0 and len(by_line[line]) > 1)
    ]


def may_be_to(account: str, mark: str, payments: Comparison) -> bool:
    """Whether a row went to an account, as far as it says to whom it went."""
    said = payments.by_account and mark not in payments.anonymous
    return not said or account in payments.stated.get(mark, ())


def taken_back(book: Iterable[Entry], lines: Mapping[str, BookLine]) -> frozenset[str]:
    """Return the red copies of unexplained debits that the bank had when it was signed last.

    `lines` is the book by reference.  Of a debit that is open still, both cancel in the book.
    """
    there = {ref.mark for entry in book for ref in entry.refs}
    found = set()
    for mark in there & lines.keys():
        original = lines.get(lines[mark].reverses)
        if original is not None and original.event == "unknown-debit" and original.ref not in there:
            found.add(mark)
    return frozenset(found)


def _waiting(
    register: Register, book: Mapping[str, Entry], payments: Comparison
) -> dict[str, list[str]]:
    """Return the lines whose debit the book has open, by their ids and by their accounts."""
    found = {pair.line for pair in payments.pairs if pair.way == "out"}
    waiting: dict[str, list[str]] = defaultdict(list)
    for (line, way), ref in register.vouchers.items():
        if way != "out" or line in found:
            continue
        if ref in book or share_name(ref, line) in book:
            waiting[line].append(line)
            waiting[register.lines[line].of.account].append(line)
    return waiting


def _taken_back(
    lacking: Mapping[str, int], red_fen: Mapping[str, int]
) -> dict[str, tuple[str, ...]]:
    """Return the red copies that are what lines lack, by the lines.

    As many of an amount as lines lack it; if fewer, it is not known whose they are.  All there are
    may be what the only line lacks.
    """
    short = {line: fen for line, fen in lacking.items() if fen > 0}
    found: dict[str, tuple[str, ...]] = {}
    for fen in set(short.values()):
        lines = sorted(line for line, own_fen in short.items() if own_fen == fen)
        marks = sorted(mark for mark, own_fen in red_fen.items() if own_fen == fen)
        if len(lines) == len(marks):
            found |= {line: (mark,) for line, mark in zip(lines, marks, strict=True)}
    if len(short) == 1 and not found and sum(red_fen.values()) in short.values():
        (line,) = short
        found[line] = tuple(sorted(red_fen))
    return found
