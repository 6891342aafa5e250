"""What a reader of the proposal must be told of a line, though it does not change its figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from fundledger.budget.annual import (
    PAID_IN_A_YEAR,
    WHOLE_BASIS_POINTS,
    YEAR_MONTHS,
)
from fundledger.budget.basis import Basis
from fundledger.budget.inputs import (
    History,
    LineKey,
    Need,
    Place,
)
from fundledger.budget.lines import (
    heads_apart,
    in_percent,
    lists_missing,
    named,
    of_heads,
)
from fundledger.budget.model import Blocked, Line, exact_sum, whole_fen
from fundledger.budget.reasons import codes_of, is_explained, reason_code
from fundledger.findings import Finding

if TYPE_CHECKING:
    from datetime import date

_FEW_MONTHS = 2


def guarded(line: Line, basis: Basis) -> Iterator[Finding]:
    """Yield what is to be explained: part of a year, a leap, a gap, a copied figure; what waits.

    A change beyond the limit is measured against what was paid, told for twelve months.
    """
    if line.need is None:
        return
    begun = list(_from_january(line, basis))
    yield from begun or _at_once(line, basis)
    if line.base_fen > 0:
        yield from _leap(line, line.need, basis)
    yield from _other_heads(line, line.need, basis)
    if line.need_fen:
        yield from lists_missing(line.place, basis.facts(line.place, line.history), basis.rules)
    if line.need_fen and basis.declared_before.get(line.key) == line.need_fen:
        yield named("FL545", line.place, amount_fen=line.need_fen, row=line.need.row)
    yield from by_hand(line)
    if line.deferred_fen:
        yield named(
            "FL546",
            line.place,
            amount_fen=line.deferred_fen,
            need_fen=line.need_fen,
            proposed_fen=line.proposed_fen,
        )


def _other_heads(line: Line, need: Need, basis: Basis) -> Iterator[Finding]:
    """Yield FL557 where far more or fewer persons are declared than the payment lists pay."""
    facts = basis.facts(line.place, line.history)
    apart = heads_apart(need, facts, basis.rules)
    limit = Fraction(basis.rules.headcount_guard_basis_points, WHOLE_BASIS_POINTS)
    if apart is not None and abs(apart) > limit:
        yield of_heads("FL557", line.place, need, facts, basis.rules)


def _from_january(line: Line, basis: Basis) -> Iterator[Finding]:
    """Yield that a line's books begin within the year, so that no twelve months follow.

    Of a line that is paid by lists only the fund's, for its heads are told for twelve months.
    """
    first = basis.books[line.key.fund].first_month
    facts = basis.facts(line.place, line.history)
    if facts.begun and not facts.heads:
        first = max(first, line.place.since)
    if first > f"{basis.year - 1}-01":
        yield named("FL550", line.place, first_month=first, months=basis.months)


def _at_once(line: Line, basis: Basis) -> Iterator[Finding]:
    """Yield that a line was paid in a month or two only, so that the year told from it misleads.

    Twelve months are told as they are, and of the first few nothing can be said.
    """
    if line.place.pattern != "monthly":
        return
    paid = basis.books[line.key.fund].paid_months.get((line.key.unit, line.key.category), 0)
    if line.need_fen and 0 < paid <= _FEW_MONTHS and _FEW_MONTHS * 2 <= basis.months < YEAR_MONTHS:
        yield named(
            "FL553",
            line.place,
            amount_fen=whole_fen(line.base_fen),
            actual_fen=line.history.actual_fen,
            paid_months=paid,
            months=basis.months,
        )


def _leap(line: Line, need: Need, basis: Basis) -> Iterator[Finding]:
    """Yield a change beyond the limits; one that is explained must still be looked at.

    What is proposed is held against what last year paid, told for twelve months: without the
    effects of standard and heads, for these are what is to be explained.  The need of an
    entitlement is held against the comparable base, and wants a reason code.
    """
    rules = basis.rules
    limit = Fraction(rules.change_guard_basis_points, WHOLE_BASIS_POINTS)
    tolerance = Fraction(rules.tolerance_basis_points, WHOLE_BASIS_POINTS)
    paid_fen = exact_sum(step.amount_fen for step in line.steps if step.name in PAID_IN_A_YEAR)
    change = line.proposed_fen / (paid_fen if paid_fen > 0 else line.base_fen) - 1
    share = line.gap_fen / line.base_fen
    explained = line.overridden or is_explained(need, rules)
    if not explained and abs(change) > limit:
        yield _compared("FL544", line, change)
        return
    coded = line.overridden or reason_code(need, rules)
    if not coded and line.place.rigid and abs(share) > tolerance:
        yield _compared("FL543", line, share, codes=codes_of(rules))
    if line.need_fen and max(abs(change), abs(share)) > limit:
        yield _compared("FL551", line, max(change, share, key=abs))


def by_hand(line: Line) -> Iterator[Finding]:
    """Yield FL560 where an entitlement was given less than was declared, by hand or own steps."""
    twice_fen = line.need.duplicates_fen if line.need is not None else 0
    due_fen = line.need_fen - twice_fen
    if line.place.rigid and line.need is not None and line.proposed_fen < due_fen:
        yield named(
            "FL560",
            line.place,
            amount_fen=due_fen - line.proposed_fen,
            need_fen=due_fen,
            proposed_fen=line.proposed_fen,
            document=line.overridden.document if line.overridden else "rules/budget.toml",
        )


def overrides_of_nothing(
    basis: Basis, lines: Iterable[Line], blocked: Iterable[Blocked]
) -> Iterator[Finding]:
    """Yield what was decided by hand in vain: no line has it (FL558), or one that waits (FL559)."""
    decided = {line.key for line in lines if line.overridden}
    waiting = {item.key: item for item in blocked}
    for one in basis.rules.overrides:
        key = LineKey(one.fund, one.unit, one.category)
        if one.year != basis.year or key in decided:
            continue
        said = {"line": key.line, "year": one.year, "document": one.document}
        code = "FL558"
        if key in waiting:
            code, said = "FL559", {**said, "waits": waiting[key].code}
        yield Finding(code, key.line, said, key.fund, amount_fen=one.amount_fen)


def one_offs_of_nothing(basis: Basis, cut_off: date) -> Iterator[Finding]:
    """Yield each voucher that is named as a one-off in vain.

    FL595, it spent nothing by the cut-off; FL598, it paid what was owed for the year before, which
    is left out already.
    """
    for one in basis.rules.one_offs:
        told = basis.books[one.fund].one_offs
        said = {"cut_off": cut_off.isoformat(), "document": one.document}
        if one.voucher[:4] < str(basis.year) and one.voucher not in told.named:
            yield Finding("FL595", one.voucher, said, one.fund)
        elif one.voucher in told.before:
            yield Finding("FL598", one.voucher, said, one.fund)


def rests_of_other_months(basis: Basis) -> Iterator[Finding]:
    """Yield FL599 for what is said of the rest of the year after another month than the last.

    Of a year that is over nothing is left to be said.
    """
    last = f"{basis.year - 1}-{basis.months:02d}"
    said = {(one.fund, one.line) for one in basis.rules.rests if one.after == last}
    for one in basis.rules.rests if basis.months < YEAR_MONTHS else ():
        if one.after[:4] == last[:4] and (one.fund, one.line) not in said:
            details = {"line": one.line, "after": one.after, "last_month": last}
            yield Finding("FL599", one.line, details, one.fund, amount_fen=one.amount_fen)


def bank_differs(place: Place, basis: Basis) -> Iterator[Finding]:
    """Yield a finding where the books paid a line another sum than the bank paid out for it."""
    key = place.key
    history = basis.books[key.fund].lines.get((key.unit, key.category), History())
    if history.actual_fen != history.bank_fen:
        yield named(
            "FL537",
            place,
            amount_fen=history.actual_fen - history.bank_fen,
            actual_fen=history.actual_fen,
            bank_fen=history.bank_fen,
        )


def _compared(code: str, line: Line, share: Fraction, **more: str) -> Finding:
    said = {"percent": in_percent(share), "row": line.need.row if line.need else 0, **more}
    return named(code, line.place, amount_fen=line.proposed_fen, **said)
