"""Which vouchers paid what is not to come again (一次性因素), and what belongs to them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from fundledger.budget.facts import LeftOut
from fundledger.budget.movements import moved_fen
from fundledger.budget.spending import (
    ONE_OFF,
    BudgetLine,
    chain,
    lines_spent,
    memo_of,
)

if TYPE_CHECKING:
    from datetime import date

    from fundledger.budget.heads import BatchRecord
    from fundledger.ledger.voucher import Voucher

_OPENS = frozenset({"opening", "year-opening"})


Again = Callable[[frozenset[str]], Collection[str]]
"""Tells which batches pay once more what came back of some, and nothing else."""


class OneOffs(NamedTuple):
    """What is told as a one-off, of all years.

    `vouchers` are left out of what was spent.  `matters` are all vouchers, spending or not, of the
    lists and advances that are one-offs as a whole: a list of which all payments are named, a
    reissue of such, and an advance that is named.  They are left aside of what was owed too.
    `batches` are the lists that pay nobody but in one-offs.  `before` are named and paid what years
    before owed, which is left out as that; `named` are all that are named and not in vain.
    """

    vouchers: frozenset[str] = frozenset()
    matters: frozenset[str] = frozenset()
    batches: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()


def one_offs_of(
    vouchers: Sequence[Voucher],
    said: Iterable[BatchRecord],
    named: Iterable[str],
    again: Again = lambda _: (),
) -> OneOffs:
    """Return what is told as a one-off of a fund: by the rules, or by the link on a voucher."""
    wanted = {one.ref for one in vouchers if ONE_OFF in one.links}.union(named)
    if not wanted:
        return OneOffs()
    batch_of: dict[str, str] = {}
    approved: dict[str, str] = {}
    reissues: set[str] = set()
    for record, body in said:
        batch_of |= {voucher.ref: body.batch for voucher in record.vouchers}
        if body.step == "approve":
            approved[body.batch] = body.on[:4]
        if body.kind == "reissue":
            reissues.add(body.batch)
    by_ref = {one.ref: one for one in vouchers}
    spending = {one.ref: one for one in vouchers if lines_spent(one)}
    paying: dict[str, set[str]] = {}
    for ref, voucher in spending.items():
        if ref in batch_of and voucher.event == "batch-debit":
            paying.setdefault(batch_of[ref], set()).add(ref)
    batches = {batch for batch, refs in paying.items() if refs <= wanted}
    whole = frozenset(batches - reissues)
    whole = whole.union(again(whole) if whole else ())
    advances = {ref for ref in wanted & by_ref.keys() if by_ref[ref].event == "advance"}
    matters = frozenset(
        one.ref
        for one in vouchers
        if batch_of.get(one.ref) in whole or not advances.isdisjoint(chain(one, by_ref))
    )
    found = wanted & spending.keys()
    arrears = _paid_arrears(vouchers, batch_of)
    before = frozenset(
        ref
        for ref in found - matters
        if (ref in batch_of and approved.get(batch_of[ref], ref[:4]) < ref[:4])
        or ref in arrears
        or _settles_an_earlier_advance(spending[ref])
    )
    return OneOffs(
        vouchers=frozenset((found - before) | (matters & spending.keys())),
        matters=matters,
        batches=frozenset(batches | whole),
        before=before,
        named=frozenset(found | advances),
    )


def left_out(
    vouchers: Sequence[Voucher], one_offs: OneOffs, year: int, until: date
) -> dict[BudgetLine, LeftOut]:
    """Return what of each line of a year is left out as a one-off, through a day."""
    if not one_offs.named:
        return {}
    by_ref = {one.ref: one for one in vouchers}
    spent: dict[BudgetLine, list[str]] = {}
    for one in vouchers:
        if one.date.year != year or one.date > until:
            continue
        if not one_offs.vouchers.isdisjoint(chain(one, by_ref)):
            for line in lines_spent(one):
                spent.setdefault(line, []).append(one.ref)
    aside = [one for one in vouchers if one.ref in one_offs.matters and one.date <= until]
    due_fen = encumbered_fen(aside)
    opening_fen = encumbered_fen(one for one in aside if one.date.year < year)
    found = {}
    for line in spent.keys() | due_fen.keys():
        refs = tuple(sorted(spent.get(line, ())))
        own = LeftOut(refs, opening_fen.get(line, 0), due_fen.get(line, 0))
        if any(own):
            found[line] = own
    return found


def encumbered_fen(vouchers: Iterable[Voucher]) -> dict[BudgetLine, int]:
    """Return what vouchers of some payments left encumbered for each line, whatever the years.

    What stands of it at the end of a year is carried into the next one by others.
    """
    sums: dict[BudgetLine, int] = {}
    for account, fen in moved_fen(vouchers).items():
        memo = memo_of(account)
        if memo is not None and memo.kind == "Encumbered":
            sums[memo.line] = sums.get(memo.line, 0) + fen
    return sums


def _paid_arrears(vouchers: Iterable[Voucher], batches: Collection[str]) -> frozenset[str]:
    """Return the vouchers that settle what was encumbered before their year, and nobody names.

    What is encumbered at an opening and is of no batch and no advance is paid first, in the order
    of the vouchers; `batches` are those of batches.
    """
    ordered = sorted(vouchers, key=lambda one: (one.date, one.number))
    held: dict[tuple[int, BudgetLine], int] = {}
    left: dict[tuple[int, BudgetLine], int] = {}
    for one in ordered:
        of_payments = one.ref in batches or one.event.startswith("advance")
        if of_payments or one.event in _OPENS:
            sums = held if of_payments else left
            for line, fen in encumbered_fen([one]).items():
                key = one.date.year, line
                sums[key] = sums.get(key, 0) + fen
    for (year, line), fen in left.items():
        before_fen = sum(own for (then, of), own in held.items() if of == line and then < year)
        left[year, line] = fen - max(before_fen, 0)
    found = set()
    for one in ordered:
        if one.ref in batches or one.event.startswith("advance") or one.event in _OPENS:
            continue
        for line, fen in encumbered_fen([one]).items():
            key = one.date.year, line
            if fen < 0 < left.get(key, 0):
                left[key] += fen
                found.add(one.ref)
    return frozenset(found)


def _settles_an_earlier_advance(voucher: Voucher) -> bool:
    return voucher.event == "advance-settle" and (voucher.corrects or "")[:4] < voucher.ref[:4]
