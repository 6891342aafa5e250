"""Which vouchers paid what is not to come again (一次性因素), and what belongs to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from fundledger.budget.facts import LeftOut
from fundledger.budget.spending import (
    ONE_OFF,
    BudgetLine,
    chain,
    lines_spent,
    memo_of,
    moved_fen,
)

if TYPE_CHECKING:
    from datetime import date

    from fundledger.budget.heads import BatchRecord
    from fundledger.ledger.voucher import Voucher

_OPENS = frozenset({"opening", "year-opening"})


class OneOffs(NamedTuple):
    """What is told as a one-off, of all years.

    `vouchers` are those that are left out of what was spent: the ones named that spent something,
    what settles an advance that is named, and all else of a batch whose payments are all named,
    such as what came back.  `batches` are
    these: whom they paid is no head.  `before` are named and paid what years before owed, which is
    left out as that; `named` are all that the rules name and that spent something.  `owing` are all
    vouchers of these batches and advances, by which something came to be owed.
    """

    vouchers: frozenset[str] = frozenset()
    batches: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    owing: frozenset[str] = frozenset()


def one_offs_of(
    vouchers: Sequence[Voucher], said: Iterable[BatchRecord], named: Iterable[str]
) -> OneOffs:
    """Return what is told as a one-off of a fund: by the rules, or by the link on a voucher."""
    wanted = {one.ref for one in vouchers if ONE_OFF in one.links}.union(named)
    if not wanted:
        return OneOffs()
    batch_of: dict[str, str] = {}
    approved: dict[str, str] = {}
    for record, body in said:
        batch_of |= {voucher.ref: body.batch for voucher in record.vouchers}
        if body.step == "approve":
            approved[body.batch] = body.on[:4]
    paying: dict[str, set[str]] = {}
    spending = {one.ref: one for one in vouchers if lines_spent(one)}
    for ref, voucher in spending.items():
        if ref in batch_of and voucher.event == "batch-debit":
            paying.setdefault(batch_of[ref], set()).add(ref)
    whole = {batch for batch, refs in paying.items() if refs <= wanted}
    opened = _encumbered_at_openings(vouchers)
    settles = {
        ref: one.corrects
        for ref, one in spending.items()
        if one.event == "advance-settle" and one.corrects in wanted
    }
    found = (wanted & spending.keys()) | settles.keys()
    before = {
        ref
        for ref in found
        if (ref in batch_of and approved.get(batch_of[ref], ref[:4]) < ref[:4])
        or (ref not in batch_of and _pays_what_was_owed(spending[ref], opened))
    }
    of_batches = {ref for ref in spending if batch_of.get(ref) in whole}
    late = {batch for batch in whole if approved.get(batch, "") < min(paying[batch])[:4]}
    own = (found | {ref for ref in of_batches if batch_of[ref] not in late}) - before
    named_so = frozenset(wanted & {*found, *settles.values()})
    owing = {ref for ref, batch in batch_of.items() if batch in whole - late}
    advances = {advance for ref, advance in settles.items() if ref not in before}
    by_ref = {one.ref: one for one in vouchers}
    owing |= {one.ref for one in vouchers if not advances.isdisjoint(chain(one, by_ref))}
    return OneOffs(frozenset(own), frozenset(whole), frozenset(before), named_so, frozenset(owing))


def left_out(
    vouchers: Sequence[Voucher], one_offs: OneOffs, year: int, until: date
) -> dict[BudgetLine, LeftOut]:
    """Return what of each line of a year is left out as a one-off, through a day."""
    if not one_offs.vouchers:
        return {}
    by_ref = {one.ref: one for one in vouchers}
    own = [one for one in vouchers if one.date.year == year and one.date <= until]
    spent: dict[BudgetLine, list[str]] = {}
    for one in own:
        if not one_offs.vouchers.isdisjoint(chain(one, by_ref)):
            for line in lines_spent(one):
                spent.setdefault(line, []).append(one.ref)
    due_fen: dict[BudgetLine, int] = {}
    for account, fen in moved_fen(one for one in own if one.ref in one_offs.owing).items():
        memo = memo_of(account)
        if memo is not None and (memo.year, memo.kind) == (str(year), "Encumbered"):
            due_fen[memo.line] = fen
    return {
        line: LeftOut(tuple(sorted(spent.get(line, ()))), due_fen.get(line, 0))
        for line in spent.keys() | due_fen.keys()
    }


def _encumbered_at_openings(vouchers: Iterable[Voucher]) -> frozenset[tuple[str, tuple[str, str]]]:
    """Return the years and lines that had something encumbered when the year was opened."""
    found = set()
    for voucher in vouchers:
        if voucher.event in _OPENS:
            for posting in voucher.postings:
                memo = memo_of(posting.account)
                if memo is not None and memo.kind == "Encumbered":
                    found.add((memo.year, memo.line))
    return frozenset(found)


def _pays_what_was_owed(voucher: Voucher, opened: frozenset[tuple[str, tuple[str, str]]]) -> bool:
    """Whether a voucher outside of batches settles what was encumbered before its year."""
    if voucher.event == "advance-settle":
        return (voucher.corrects or "")[:4] < voucher.ref[:4]
    memos = (memo_of(one.account) for one in voucher.postings)
    return any(m.kind == "Encumbered" and (m.year, m.line) in opened for m in memos if m)
