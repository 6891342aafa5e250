"""Red ink of the bank (冲正): a line and the negative one that takes it back, both on a statement.

Where the book knows neither, both would stand open until somebody books what never was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, islice

from fundledger.bank import BankLine, Statement
from fundledger.reconcile.match import Entry, match
from fundledger.reconcile.model import SetOff


def set_off_at_bank(
    bank: Sequence[Entry], book: Sequence[Entry], statements: Iterable[Statement]
) -> tuple[list[Entry], tuple[SetOff, ...]]:
    """Return the bank's entries that are left for the book, and what cancels inside the bank.

    A pair cancels where fewer lines of that amount are open for it: one of which the book has both
    is left to be matched, and one of which it has the first alone stays open with its second.  Of a
    pair of which one was found otherwise, the other stays.
    """
    left, known = _by_amount(bank), _by_amount(book)
    there = {ref.mark for entry in bank for ref in entry.refs}
    found = []
    for statement in statements:
        for first, red in red_pairs(statement):
            marks = {f"{statement.sha256}:{line.row}" for line in (first, red)}
            if not marks <= there:
                continue
            alike, of_book = left[first.amount_fen], known[first.amount_fen]
            less = [entry for entry in alike if entry.refs[0].mark not in marks]
            if not of_book or _open(less, of_book) < _open(alike, of_book):
                left[first.amount_fen] = less
                found.append(
                    SetOff(
                        first.date,
                        f"{statement.name}:{first.row}",
                        red.date,
                        f"{statement.name}:{red.row}",
                        first.signed_fen,
                    )
                )
    return sorted(chain.from_iterable(left.values())), tuple(sorted(found))


def red_pairs(statement: Statement) -> tuple[tuple[BankLine, BankLine], ...]:
    """Return each line with the negative one that takes it back, where both are the only ones.

    They stand in one column with one amount, the negative one on the same day or later, and with
    one counterparty's account where both state it.  Of several nothing is guessed.
    """
    lines: dict[int, list[BankLine]] = defaultdict(list)
    for line in statement.lines:
        lines[line.signed_fen].append(line)
    pairs = []
    for red in sorted((line for line in statement.lines if line.red), key=lambda line: line.row):
        fitting = (line for line in lines[-red.signed_fen] if _takes_back(red, line))
        two = [*islice(fitting, 2)]
        if len(two) == 1:
            pairs.append((two[0], red))
    return tuple(
        (first, red)
        for first, red in pairs
        if not any(_takes_back(other, first) for other in lines[red.signed_fen] if other is not red)
    )


def _takes_back(red: BankLine, line: BankLine) -> bool:
    """Return whether it may be this line, of its amount the other way, that is taken back."""
    accounts = {red.counterparty_account, line.counterparty_account} - {""}
    return red.red and not line.red and line.date <= red.date and len(accounts) <= 1


def _by_amount(entries: Iterable[Entry]) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[abs(entry.signed_fen)].append(entry)
    return found


def _open(bank: Iterable[Entry], book: Sequence[Entry]) -> int:
    """Return how many entries of the amounts are left over on both sides."""
    matching = match(bank, book)
    return sum(rest.count for rest in (*matching.bank, *matching.book))
