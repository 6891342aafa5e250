"""Virements (预算调剂) as the journal has them: what which line gave which other, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from fundledger.ledger.lines import Line
from fundledger.ledger.voucher import BUDGET_ROOT, Voucher

if TYPE_CHECKING:
    from fundledger.ledger.voucher import Posting

COLON = "："
"""What stands in a narration between what happened and why."""
_APPROVED = ":Approved:"


@dataclass(frozen=True, slots=True)
class Virement:
    """An amount that one line of a fund gave another, by the voucher that moved it.

    `approval` is the number of the decision (批准文号); `undone_by` the voucher that reversed it,
    or empty.
    """

    ref: str
    on: date
    giver: Line
    taker: Line
    amount_fen: int
    reason: str
    approval: str
    undone_by: str = ""


def virements(vouchers: Iterable[Voucher], year: int) -> list[Virement]:
    """Return what was moved within a year's budget, in the order of recording, undone ones too.

    A correction that moves approved budget between lines counts as one.  Where a voucher has
    several givers or takers, they are paired in the order of its lines.
    """
    found: list[Virement] = []
    undone: dict[str, str] = {}
    for voucher in vouchers:
        if voucher.reverses:
            undone[voucher.reverses] = voucher.ref
        elif not voucher.closing:
            found += _moved(voucher, f"{BUDGET_ROOT}{year}{_APPROVED}")
    return [replace(one, undone_by=undone.get(one.ref, "")) for one in found]


def _moved(voucher: Voucher, root: str) -> Iterator[Virement]:
    """Yield each amount that a voucher moves between lines of approved budget below a root."""
    sums_fen: dict[Line, int] = {}
    for posting in voucher.postings:
        if posting.account.startswith(root):
            line = _line(posting, root)
            sums_fen[line] = sums_fen.get(line, 0) + posting.signed_fen
    left_fen = {line: fen for line, fen in sums_fen.items() if fen > 0}
    for taker, signed_fen in sums_fen.items():
        wanted_fen = -signed_fen
        while wanted_fen > 0 and left_fen:
            giver = next(iter(left_fen))
            amount_fen = min(wanted_fen, left_fen[giver])
            wanted_fen -= amount_fen
            left_fen[giver] -= amount_fen
            if not left_fen[giver]:
                del left_fen[giver]
            yield Virement(
                voucher.ref,
                voucher.date,
                giver,
                taker,
                amount_fen,
                voucher.narration.partition(COLON)[2] or voucher.narration,
                voucher.approval or "",
            )


def _line(posting: Posting, root: str) -> Line:
    unit, _, category = posting.account.removeprefix(root).partition(":")
    return unit, category
