"""What the comparison of payments with the bank tells, as findings.

Classes of the matching (docs/matching.md) become findings of the catalogue; what the books have no
voucher for, and what is merely open, is told once for each batch, day and age.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from fundledger.findings import Finding
from fundledger.ledger.batches.paylist import root_of
from fundledger.ledger.batches.states import LineState
from fundledger.reconcile.items import named
from fundledger.reconcile.missing import out_of_turn
from fundledger.reconcile.rows import OPEN, Told

if TYPE_CHECKING:
    from fundledger.reconcile.cure import Cure
    from fundledger.reconcile.payments import Comparison
    from fundledger.reconcile.rows import Pair

_TEAMS = frozenset({"one-to-many", "many-to-one", "ambiguous"})

# Of the other classes, rows without a book are told by the account's open items (FL861, FL862), and
# returns that are not booked from the pairs (FL875).
_CODES = {
    "short-paid": "FL878",
    "over-paid": "FL879",
    "lump-residual": "FL880",
    "paid-before-approval": "FL882",
    "line-debited-twice": "FL883",
    "proposal": "FL885",
    "parent-and-reissue-both-paid": "FL886",
    "return-of-unknown-payment": "FL887",
    "partial-return": "FL888",
}
_SEVERE = frozenset(
    {"over-paid", "paid-before-approval", "line-debited-twice", "parent-and-reissue-both-paid"}
)
_OFF = frozenset({"short-paid", "over-paid"})
_OF_SUMS = _TEAMS | {"lump-residual", "proposal", "short-paid"}


def without_sums(comparison: Comparison, in_parts: Container[str]) -> Comparison:
    """Return the comparison without what it tells of sums that are, in parts, a batch as booked."""
    teams: dict[str, set[bool]] = defaultdict(set)
    for told in comparison.told:
        if told.row is not None:
            teams[told.team].add(told.row.mark in in_parts)
    left = []
    for told in comparison.told:
        own = told.row is not None and told.row.mark in in_parts
        if told.name not in _OF_SUMS or not (own or teams[told.team] == {True}):
            left.append(told)
    return replace(comparison, told=tuple(left))


def without_open(comparison: Comparison, there: Container[str]) -> Comparison:
    """Return the comparison without what it tells of lines that need no row of these statements.

    `there` are the lines that the bank has, by their amounts or in parts.
    """
    left = tuple(
        told
        for told in comparison.told
        if not told.name.startswith(OPEN) or (told.line not in there and comparison.awaits(told))
    )
    return replace(comparison, told=left)


def exceptions(
    comparison: Comparison,
    cures: Iterable[Cure],
    explained: frozenset[str],
    matched: frozenset[str],
    tolerance_fen: int = 0,
) -> Iterator[Finding]:
    """Yield what does not fit between the payments and the bank.

    Rows that are `explained` have a voucher of no batch, and those that are `matched` any: what is
    severe of them is booked as what it is, and told as that.  What was paid too much or too little
    is told as within the tolerance up to `tolerance_fen`.
    """
    for cure in cures:
        details: dict[str, object] = {
            "batch": cure.batch,
            "date": cure.on,
            "count": cure.payments,
            "step": cure.step,
        }
        yield Finding(cure.code, cure.batch, details, amount_fen=cure.amount_fen)
    yield from out_of_turn(comparison, explained)
    yield from _open(comparison)
    yield from _teams(comparison)
    yield from _late(comparison)
    settled = _settled_rows(comparison, explained, matched)
    for told in comparison.told:
        if told.name not in _CODES or _given_back(told, explained):
            continue
        if told.name in _OFF and abs(told.diff_fen) <= tolerance_fen:
            yield _single("FL700", told, comparison)
            continue
        if told.row is None or told.row.mark not in settled or told.name not in _SEVERE:
            yield _single(_CODES[told.name], told, comparison)
        elif told.row.mark in explained:
            yield _single("FL897", told, comparison)
    yield from _again(comparison, explained)
    yield from _outlived(comparison)
    yield from _others(comparison)


def _given_back(told: Told, explained: Container[str]) -> bool:
    """Whether what came back of no line is booked as that."""
    of_none = told.name == "return-of-unknown-payment" and not told.line
    return of_none and told.row is not None and told.row.mark in explained


def _outlived(comparison: Comparison) -> Iterator[Finding]:
    """Yield what was paid to people who had died, and is neither back nor asked back."""
    for line in comparison.register.sent():
        died, standing = comparison.died.get(line.of.person, ""), line.standing
        kept = standing.debited_on and not standing.credited_on and not standing.claimed_fen
        before = died and (died[:7] < line.of.period or died < standing.debited_on)
        if kept and before and standing.state in {LineState.PAID, LineState.EXPORTED}:
            details: dict[str, object] = {
                "line": line.of.line,
                "batch": line.batch,
                "period": line.of.period,
                "date": standing.debited_on,
                "reason": "period" if died[:7] < line.of.period else "day",
            }
            yield Finding("FL849", line.of.line, details, amount_fen=line.of.amount_fen)


def _settled_rows(
    comparison: Comparison, explained: frozenset[str], matched: frozenset[str]
) -> frozenset[str]:
    """Return the rows of severe exceptions that are booked: all of a team, one as what it is."""
    teams: dict[tuple[str, str], set[str]] = defaultdict(set)
    for told in comparison.told:
        if told.name in _SEVERE and told.row is not None:
            teams[told.name, told.team or root_of(told.line)].add(told.row.mark)
    done = (rows for rows in teams.values() if rows <= matched and not rows.isdisjoint(explained))
    return frozenset(mark for rows in done for mark in rows)


def _again(comparison: Comparison, explained: frozenset[str]) -> Iterator[Finding]:
    """Yield what is paid, or comes back, of lines whose money was there when it was signed last."""
    until = comparison.settled_until
    for pair in comparison.pairs:
        line = comparison.register.lines[pair.line]
        before = line.moved_on(pair.way)
        if not until or not before or before > until or pair.line in comparison.late:
            continue
        told = Told(pair.row, "", pair.line, pair.line, line.batch, 0, 0, "")
        twice = "FL897" if pair.row.mark in explained else "FL883"
        yield _single("FL887" if pair.way == "in" else twice, told, comparison)


def _open(comparison: Comparison) -> Iterator[Finding]:
    """Yield what waits for the bank, by batch, age and what the books say of it."""
    groups: dict[tuple[str, str, str], list[Told]] = defaultdict(list)
    for told in comparison.told:
        if told.name.startswith(OPEN):
            standing = comparison.register.lines[told.line].standing
            code = "FL877"
            if "" < standing.debited_on <= comparison.end:
                code = "FL876"
            elif standing.state is LineState.PAID:
                code = "FL889"
            groups[code, told.batch, told.name.removeprefix(OPEN)].append(told)
    for (code, batch, age), group in sorted(groups.items()):
        fen = sum(comparison.register.lines[told.line].of.amount_fen for told in group)
        details = {
            "batch": batch,
            "count": len(group),
            "age": age,
            "age_days": max(told.age_days for told in group),
            "line": named(told.line for told in group),
        }
        yield Finding(code, batch, details, amount_fen=fen)


def _teams(comparison: Comparison) -> Iterator[Finding]:
    """Yield the lines and rows of which it is not known which belong together."""
    teams: dict[tuple[str, str, str], list[Told]] = defaultdict(list)
    for told in comparison.told:
        if told.name in _TEAMS:
            teams[told.name, told.team, told.detail].append(told)
    for (name, team, detail), group in sorted(teams.items()):
        rows = sorted({told.row for told in group if told.row is not None})
        details = {
            "how": name,
            "lines": named(sorted({told.line for told in group if told.line})) or "-",
            "rows": named(row.shown for row in rows),
            "detail": detail,
        }
        fen = max((abs(row.signed_fen) for row in rows), default=0)
        yield Finding("FL884", team, details, amount_fen=fen)


def _late(comparison: Comparison) -> Iterator[Finding]:
    """Yield what was debited late, by batch and day."""
    late: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for told in comparison.told:
        if told.name == "late" and told.row is not None:
            late[told.batch, told.row.on.isoformat()].append(told)
    for (batch, on), group in sorted(late.items()):
        lines = [comparison.register.lines[told.line] for told in group]
        sent_on = lines[0].sent_on
        details = {
            "batch": batch,
            "sent_on": sent_on,
            "date": on,
            "count": len(lines),
            "days": (date.fromisoformat(on) - date.fromisoformat(sent_on)).days,
        }
        fen = sum(line.of.amount_fen for line in lines)
        yield Finding("FL881", batch, details, amount_fen=fen)


def _single(code: str, told: Told, comparison: Comparison) -> Finding:
    row = told.row
    proposed = [pair.line for pair in comparison.proposed if pair.row == row]
    name = told.line or (proposed[0] if proposed else "")
    line = comparison.register.lines.get(name)
    book_fen = line.of.amount_fen if line is not None else 0
    lines = named(sorted(proposed)) if told.name == "proposal" else told.line
    details: dict[str, object] = {
        "line": lines or "-",
        "batch": told.batch or (line.batch if line is not None else "-"),
        "ref": row.shown if row is not None else "-",
        "date": row.on if row is not None else "-",
        "book_fen": book_fen,
        "bank_fen": abs(row.signed_fen) if row is not None else 0,
        "apart_fen": abs(told.diff_fen),
        "sent_on": line.sent_on if line is not None and line.sent_on else "-",
        "age_days": told.age_days,
    }
    fen = abs(told.diff_fen) or book_fen or abs(row.signed_fen if row is not None else 0)
    subject = told.line or told.batch or told.team
    return Finding(code, subject, details, amount_fen=fen)


def _others(comparison: Comparison) -> Iterator[Finding]:
    """Yield what went to another (FL890, FL891), and what is booked in another month (FL892)."""
    yield from _sums_elsewhere(comparison)
    for pair in comparison.pairs:
        line = comparison.register.lines[pair.line]
        details: dict[str, object] = {
            "line": pair.line,
            "batch": line.batch,
            "ref": pair.row.shown,
            "date": pair.row.on,
        }
        for what in ("name", "account") if comparison.by_account else ():
            if f"another {what}" in pair.reasons:
                yield Finding(
                    "FL890", pair.line, {**details, "what": what}, amount_fen=line.of.amount_fen
                )
    months: dict[tuple[str, str, str], list[Pair]] = defaultdict(list)
    for pair in comparison.pairs:
        line = comparison.register.lines[pair.line]
        booked_on = line.moved_on(pair.way)
        if booked_on and booked_on[:7] != pair.row.on.isoformat()[:7]:
            months[line.batch, booked_on, pair.row.on.isoformat()].append(pair)
    for (batch, booked_on, on), pairs in sorted(months.items()):
        fen = sum(comparison.register.lines[pair.line].of.amount_fen for pair in pairs)
        details = {"batch": batch, "booked_on": booked_on, "date": on, "count": len(pairs)}
        yield Finding("FL892", batch, details, amount_fen=fen)


def _sums_elsewhere(comparison: Comparison) -> Iterator[Finding]:
    """Yield sums of batches that say to whom they went, and not to the bank's own account."""
    rows = {
        (pair.row, comparison.register.lines[pair.line].batch)
        for pair in comparison.pairs
        if pair.tier in {"T5", "T6"} and pair.row.mark not in comparison.anonymous
    }
    for row, batch in sorted(rows):
        details = {"batch": batch, "ref": row.shown, "date": row.on}
        yield Finding("FL891", batch, details, amount_fen=abs(row.signed_fen))
