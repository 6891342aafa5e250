"""What a line will carry into the budget's year: by lots, without what goes back by then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from fundledger.budget.spending import BudgetLine, memo_of
from fundledger.ledger.lots import LEFT, Lot, lots_of_kinds

if TYPE_CHECKING:
    from fundledger.ledger.voucher import Voucher


def lots_until(vouchers: Iterable[Voucher], as_of: date) -> dict[BudgetLine, tuple[Lot, ...]]:
    """Return the lots of each line in the year of a day up to that day, from all vouchers.

    They are those that the books of these vouchers have (`lots_by_line`).
    """
    kinds: dict[BudgetLine, dict[int, dict[str, int]]] = {}
    for voucher in vouchers:
        if voucher.date > as_of:
            continue
        ends = voucher.event == "year-end"
        for posting in voucher.postings:
            memo = memo_of(posting.account)
            if memo is None or int(memo.year) > as_of.year:
                continue
            own = kinds.setdefault(memo.line, {}).setdefault(int(memo.year), {})
            own[memo.kind] = own.get(memo.kind, 0) + posting.signed_fen
            if ends and memo.kind in LEFT:
                own["emptied"] = own.get("emptied", 0) - posting.signed_fen
    return lots_of_kinds(kinds, as_of.year)


def due_back_fen(lots: Sequence[Lot], used_fen: Fraction, year: int, limit_years: int) -> int:
    """Return what of the lots is a surplus (结余) when `year` begins, after so much more is used.

    What is used takes the oldest lot first; rounded up.  Source: 预算法 art. 42.
    """
    due_fen = Fraction(0)
    for lot in lots:
        open_fen = Fraction(max(lot.open_fen, 0))
        taken_fen = min(max(used_fen, Fraction(0)), open_fen)
        used_fen -= taken_fen
        if year - lot.origin > limit_years:
            due_fen += open_fen - taken_fen
    return ceil(due_fen)


def usable_carry_over(available_fen: int, rest_fen: Fraction, due_fen: int = 0) -> int:
    """Return the fen that a line will likely still have available in the budget's year.

    What is available now, less what the rest of the year takes, and less what goes back as a
    surplus when it ends; rounded down.  What is encumbered left the available budget before.  Money
    not yet allotted is not counted on, and the bank balance is never looked at.
    """
    return max(0, floor(available_fen - max(Fraction(0), rest_fen)) - due_fen)
