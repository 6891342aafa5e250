"""Open items of both sides whose amounts differ as a slip of the pen makes them differ.

Nothing is matched by it, for amounts are alike by chance; who is about to book an amount again is
told that it may stand in the book already, written wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from fundledger.findings import Finding
from fundledger.reconcile.model import Item

if TYPE_CHECKING:
    from fundledger.reconcile.payments import Comparison

_APART = frozenset({"short-paid", "over-paid", "partial-return", "lump-residual"})
_SHIFTS = (10, 100)
_DIGITS = "0123456789"


def about_slips(items: Iterable[Item], window_days: int) -> Iterator[Finding]:
    """Yield FL873 for each voucher and bank line that are one another's only likely slip.

    Both move money the same way, at most `window_days` apart.  Where one could be a slip of
    several, none is named.
    """
    every = sorted(items, key=lambda item: (item.date, item.ref, item.signed_fen))
    bank = [item for item in every if not item.of_book]
    at_bank: dict[int, list[int]] = defaultdict(list)
    for index, item in enumerate(bank):
        at_bank[item.signed_fen].append(index)
    found: list[tuple[Item, int, str]] = []
    met: dict[int, int] = defaultdict(int)
    for item in (item for item in every if item.of_book):
        near = [
            (index, slip)
            for fen, slip in slips_of(item.amount_fen).items()
            for index in at_bank.get(fen if item.signed_fen > 0 else -fen, ())
            if abs((bank[index].date - item.date).days) <= window_days
        ]
        for index, _ in near:
            met[index] += 1
        if len(near) == 1:
            found.append((item, *near[0]))
    for item, index, slip in found:
        if met[index] == 1:
            yield _finding(item, bank[index], slip)


def not_told_apart(items: Iterable[Item], payments: Comparison | None) -> list[Item]:
    """Return the items less those of which a batch's payment is told to be another amount.

    What the bank paid short or over, gave back in part, or took for a batch as no sum of it, is
    told with its difference: neither that row, nor the voucher of those lines, is a slip besides.
    """
    told = [one for one in payments.told if one.name in _APART] if payments is not None else []
    rows = {one.row.mark for one in told if one.row is not None}
    lines = {one.line for one in told if one.line}

    def apart(item: Item) -> bool:
        if payments is None or not item.of_book:
            return not rows.isdisjoint(item.marks)
        paid = payments.register.paid_by
        return any(not lines.isdisjoint(paid(mark) or ()) for mark in item.marks)

    return [item for item in items if not apart(item)]


def slips_of(amount_fen: int) -> dict[int, str]:
    """Return the amounts for which this one may have been written, each with the slip.

    Two neighbouring digits `swapped`, one `digit` wrong, or the decimal point `shifted` by one or
    two places; of as many digits otherwise, for nobody writes a leading zero.
    """
    digits = str(amount_fen)
    others: dict[int, str] = {}
    for place, (first, second) in enumerate(pairwise(digits)):
        others[int(f"{digits[:place]}{second}{first}{digits[place + 2 :]}")] = "swapped"
    for place in range(len(digits)):
        for digit in _DIGITS:
            other = int(f"{digits[:place]}{digit}{digits[place + 1 :]}")
            others.setdefault(other, "digit")
    found = {fen: slip for fen, slip in others.items() if len(str(fen)) == len(digits)}
    for factor in _SHIFTS:
        found[amount_fen * factor] = "shifted"
        if not amount_fen % factor:
            found[amount_fen // factor] = "shifted"
    return {fen: slip for fen, slip in found.items() if fen not in {0, amount_fen}}


def _finding(of_book: Item, of_bank: Item, slip: str) -> Finding:
    details = {
        "ref": of_book.ref,
        "date": of_book.date,
        "book_fen": of_book.amount_fen,
        "bank": of_bank.ref,
        "bank_date": of_bank.date,
        "bank_fen": of_bank.amount_fen,
        "slip": slip,
    }
    return Finding(
        "FL873",
        of_book.ref,
        details,
        voucher=None if of_book.ambiguous else of_book.ref,
        amount_fen=abs(of_book.amount_fen - of_bank.amount_fen),
    )
