"""What the bank did and the books have not: the step of a batch that books each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from fundledger.findings import Finding
from fundledger.ledger.batches.states import STEPS, LineState
from fundledger.reconcile.cure import Cure
from fundledger.reconcile.inparts import may_be_to
from fundledger.reconcile.rows import Pair

if TYPE_CHECKING:
    from fundledger.ledger.batches.batch import Batch
    from fundledger.reconcile import match
    from fundledger.reconcile.payments import Comparison
    from fundledger.reconcile.register import Register, Registered
    from fundledger.reconcile.rows import Row


_COMES_BACK = frozenset({"return", "take-back"})


def cures_of(
    comparison: Comparison,
    explained: Container[str],
    others: Container[str],
    suspended_fen: Container[int],
) -> tuple[Cure, ...]:
    """Return the steps that the bank took and the books have not, in the order of days.

    `explained` are rows, by their marks, that a voucher of no batch has: what came in is booked so.
    What went out and is among the `others`, which such a voucher has that stands, would be booked
    twice.
    A credit is no return of a line while more debits than one may be what it gives back: the line
    was debited twice, or a debit of its amount waits to be explained (`suspended_fen`).
    """
    twice = _twice(comparison)
    groups: dict[tuple[str, str, str, str], list[Pair]] = defaultdict(list)
    for pair in _not_booked(comparison):
        if pair.row.mark in (explained if pair.way == "in" else others):
            continue
        code, step = _missing(pair, comparison.register)
        line = comparison.register.lines[pair.line]
        if step in _COMES_BACK and (pair.line in twice or pair.row.signed_fen in suspended_fen):
            continue
        if _taken(pair, line, step):
            groups[pair.row.on.isoformat(), code, line.batch, step].append(pair)
    for on, pairs in _in_parts(comparison):
        line = comparison.register.lines[pairs[0].line]
        if all(pair.row.mark not in others and _taken(pair, line, "debit") for pair in pairs):
            groups[on, "FL874", line.batch, "debit"] += pairs
    return tuple(
        _cure(code, batch, step, on, pairs, comparison.register)
        for (on, code, batch, step), pairs in sorted(groups.items())
    )


def booked_beside(
    comparison: Comparison, others: Mapping[str, str], suspended_fen: Container[int]
) -> Iterator[Finding]:
    """Yield what the bank moved of payments, and the books have by a voucher beside their batch.

    `others` are such vouchers by the marks of their rows.  A credit that may give back a debit of
    its amount that is not explained is none.
    """
    twice = _twice(comparison)
    groups: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for pair in _not_booked(comparison):
        line = comparison.register.lines[pair.line]
        voucher = others.get(pair.row.mark, "")
        _, step = _missing(pair, comparison.register)
        doubtful = pair.way == "in" and (pair.line in twice or pair.row.signed_fen in suspended_fen)
        if voucher and not doubtful and _taken(pair, line, step):
            groups[voucher, line.batch, pair.row.on.isoformat(), pair.way].append(pair.line)
    for (voucher, batch, on, way), lines in sorted(groups.items()):
        details = {"batch": batch, "date": on, "count": len(lines), "voucher": voucher, "how": way}
        fen = sum(comparison.register.lines[line].of.amount_fen for line in lines)
        yield Finding("FL848", voucher, details, amount_fen=fen)


def _twice(comparison: Comparison) -> set[str]:
    """Return the lines that the bank debited more than once in these days."""
    return {told.line for told in comparison.told if told.name == "line-debited-twice"}


def out_of_turn(comparison: Comparison, explained: Container[str]) -> Iterator[Finding]:
    """Yield what came back of lines whose result the books lack, so that none is taken back yet."""
    for pair in _not_booked(comparison):
        line = comparison.register.lines[pair.line]
        code, step = _missing(pair, comparison.register)
        if pair.row.mark in explained:
            continue
        if pair.way == "in" and not STEPS[step].takes(line.standing):
            details = {"batch": line.batch, "date": pair.row.on, "count": 1, "step": step}
            yield Finding(code, pair.line, details, amount_fen=line.of.amount_fen)


def without_recovered(comparison: Comparison, pairs: Iterable[match.Pair]) -> Comparison:
    """Return the comparison without partial returns that are booked: that payee's paying back.

    `pairs` are rows and vouchers of one amount.  Of equal ones it is nothing which is with which,
    as long as each payee's are as many.
    """
    register = comparison.register
    rows: set[str] = set()
    booked: Counter[tuple[str, int]] = Counter()
    for pair in pairs:
        names = {line for ref in pair.book.refs for line in register.recovered.get(ref.mark, ())}
        people = {register.lines[name].of.person for name in names if name in register.lines}
        booked.update((person, pair.bank.signed_fen) for person in people)
        if people:
            rows |= {ref.mark for ref in pair.bank.refs}
    left = []
    for told in comparison.told:
        if told.name == "partial-return" and told.row is not None and told.row.mark in rows:
            own = register.lines[told.line].of.person, told.row.signed_fen
            booked[own] -= 1
            if booked[own] >= 0:
                continue
        left.append(told)
    return replace(comparison, told=tuple(left))


def _not_booked(comparison: Comparison) -> Iterator[Pair]:
    lines = comparison.register.lines
    return (pair for pair in comparison.pairs if not lines[pair.line].moved_on(pair.way))


def _in_parts(comparison: Comparison) -> Iterator[tuple[str, list[Pair]]]:
    """Yield the rows that name one line, and come to it, that the books have no debit of.

    The day is that of the last of them, on which it was paid up.
    """
    by_line: dict[str, list[Row]] = defaultdict(list)
    for told in comparison.told:
        if told.name == "one-to-many" and told.row is not None:
            by_line[told.line].append(told.row)
    for name, rows in sorted(by_line.items()):
        line = comparison.register.lines.get(name)
        if line is None or line.moved_on("out"):
            continue
        to_payee = all(may_be_to(line.of.account, row.mark, comparison) for row in rows)
        if to_payee and -sum(row.signed_fen for row in rows) == line.of.amount_fen:
            on = max(row.on for row in rows).isoformat()
            yield on, [Pair("parts", name, row, 0, "") for row in rows]


def _taken(pair: Pair, line: Registered, step: str) -> bool:
    """Whether a step can be taken for a line that a row pays, or gives back."""
    return STEPS[step].takes(line.standing) and pair.row.on.isoformat() >= line.sent_on


def _missing(pair: Pair, register: Register) -> tuple[str, str]:
    """Return what is told of a pair that the books have not, and the step that books it."""
    if pair.way == "out":
        return "FL874", "debit"
    if register.lines[pair.line].standing.state is LineState.FAILED:
        return "FL875", "credit-back"
    return "FL875", "take-back" if pair.row.red else "return"


def _cure(  # noqa: PLR0913, PLR0917 - a step, and what it takes
    code: str, batch: str, step: str, on: str, pairs: Sequence[Pair], register: Register
) -> Cure:
    lines = tuple(sorted({pair.line for pair in pairs}))
    fen = sum(register.lines[line].of.amount_fen for line in lines)
    own = next(one for one in register.batches if one.id == batch)
    named = () if _whole(own, step, len(lines)) else lines
    rows = tuple(sorted({pair.row.mark for pair in pairs}))
    paper = min(pair.row for pair in pairs).shown.rpartition(":")[0]
    return Cure(code, batch, step, on, named, len(lines), fen, rows, paper)


def _whole(batch: Batch, step: str, count: int) -> bool:
    """Whether a step that names no line would take just so many."""
    taken = STEPS[step]
    if taken.named:
        return False
    groups = batch.groups()
    return count == sum(
        total.payments for standing, _, total in groups if taken.takes_unnamed(standing)
    )
