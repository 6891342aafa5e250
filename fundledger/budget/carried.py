"""What a line will carry into the budget's year: by lots, without what goes back by then."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from fundledger.budget.movements import Movements
from fundledger.budget.spending import BudgetLine, memo_of
from fundledger.ledger.lots import LEFT, Lot, lots_of_kinds


def lots_until(movements: Movements) -> dict[BudgetLine, tuple[Lot, ...]]:
    """Return the lots of each line in the year of the day `until`, as they stand on it.

    They are those that the books of these vouchers have (`lots_by_line`).
    """
    kinds: dict[BudgetLine, dict[int, dict[str, int]]] = {}
    ends = movements.closed_fen
    until = movements.until.year
    for account, fen in movements.net_fen.items():
        memo = memo_of(account)
        if memo is None or (year := int(memo.year)) > until:
            continue
        own = kinds.setdefault(memo.line, {}).setdefault(year, {})
        own[memo.kind] = fen
        if account in ends and memo.kind in LEFT:
            own["emptied"] = own.get("emptied", 0) - ends[account]
    return lots_of_kinds(kinds, until)


def due_back_fen(lots: Sequence[Lot], used_fen: Fraction, year: int, limit_years: int) -> Fraction:
    """Return what of the lots is a surplus (结余) when `year` begins, after so much more is used.

    The lots are in their order; what is used takes the oldest first; exact.
    Source: 预算法 art. 42.
    """
    old_fen = sum(max(lot.open_fen, 0) for lot in lots if year - lot.origin > limit_years)
    return max(Fraction(0), old_fen - max(used_fen, Fraction(0)))


def usable_carry_over(available_fen: int, rest_fen: Fraction, due_fen: Fraction | int) -> int:
    """Return the fen that a line will likely still have available in the budget's year.

    What is available now, less what the rest of the year takes, and less what goes back as a
    surplus when it ends; rounded down.  What is encumbered left the available budget before.  Money
    not yet allotted is not counted on, and the bank balance is never looked at.
    """
    return max(0, floor(available_fen - max(Fraction(0), rest_fen) - due_fen))
