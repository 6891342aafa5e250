"""R1: the statement itself: the right account, opening + lines = closing, no gap, no overlap."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from fundledger.bank import Statement
from fundledger.findings import Finding
from fundledger.ledger.given import expect, is_text, row_of
from fundledger.reconcile.model import Carried


def distinct(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return the statements in order of time, a file that was read twice only once."""
    by_digest = {statement.sha256: statement for statement in statements}
    return tuple(sorted(by_digest.values(), key=lambda s: (s.start, s.end, s.sha256)))


def twins(statements: Iterable[Statement]) -> tuple[tuple[Statement, Statement], ...]:
    """Return each statement that says just what one before it says in another file, with that one.

    An account that a file masks or leaves out may be any.
    """
    met: dict[object, list[Statement]] = {}
    found = []
    for statement in distinct(statements):
        moved = sorted((line.date, line.signed_fen) for line in statement.lines)
        ends = statement.start, statement.end, statement.opening_fen, statement.closing_fen
        alike = met.setdefault((*ends, *moved), [])
        account = _digits(statement.account or "")
        first = next(
            (s for s in alike if _digits(s.account or "") in {"", account} or not account), None
        )
        if first is None:
            alike.append(statement)
        else:
            found.append((statement, first))
    return tuple(found)


def without_copies(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return the statements in order of time, each once, whatever files say it."""
    given = distinct(statements)
    copies = [copy for copy, _ in twins(given)]
    return tuple(statement for statement in given if statement not in copies)


def check_statements(
    statements: Iterable[Statement], account: str, previous: Carried | None = None
) -> tuple[Finding, ...]:
    """Return what is wrong with the statements of `account` as a run of consecutive periods.

    FL850 another account (gates), FL851 account not stated, FL852 opening + lines is not closing
    (gates), FL853 not the closing before (gates), FL854 days between, FL855 overlap (gates),
    FL856 used in the previous reconciliation (gates), FL859 the same in another file (gates),
    FL870 no period stated, and the last line before the end of a month.

    Raises:
        InputInvalid: FL909, an argument is of another type.

    """
    row = row_of(statements, Statement)
    expect(
        statements=row is not None,
        account=is_text(account),
        previous=previous is None or isinstance(previous, Carried),
    )
    given = distinct(row or ())
    same = twins(given)
    ordered = [statement for statement in given if all(statement is not s for s, _ in same)]
    findings = [Finding("FL859", s.name, {"other": first.name}, gates=True) for s, first in same]
    end = previous.end if previous else None
    closing_fen = previous.bank_fen if previous else None
    used = frozenset(previous.digests if previous else ())
    for statement in ordered:
        findings += _alone(statement, account)
        if statement.sha256 in used:
            findings.append(Finding("FL856", statement.name, gates=True))
        else:
            findings += _continues(statement, end, closing_fen)
        end = max(statement.end, end) if end else statement.end
        closing_fen = statement.closing_fen
    return tuple(findings)


def _alone(statement: Statement, account: str) -> Iterator[Finding]:
    if statement.account is None:
        yield Finding("FL851", statement.name, {"expected": account})
    elif _digits(statement.account) != _digits(account):
        details = {"found": statement.account, "expected": account}
        yield Finding("FL850", statement.name, details, gates=True)
    moved_fen = sum(line.signed_fen for line in statement.lines)
    off_fen = statement.opening_fen + moved_fen - statement.closing_fen
    if off_fen:
        yield Finding("FL852", statement.name, amount_fen=off_fen, gates=True)
    if (
        not statement.stated_period
        and statement.end.day != monthrange(statement.end.year, statement.end.month)[1]
    ):
        days = {"start": statement.start, "end": statement.end}
        yield Finding("FL870", statement.name, days)


def _continues(
    statement: Statement, end: date | None, closing_fen: int | None
) -> Iterator[Finding]:
    behind = end is not None and statement.end <= end
    if not behind and closing_fen is not None and statement.opening_fen != closing_fen:
        yield Finding(
            "FL853",
            statement.name,
            {"found_fen": statement.opening_fen, "expected_fen": closing_fen},
            amount_fen=statement.opening_fen - closing_fen,
            gates=True,
        )
    if end is None:
        return
    details = {"start": statement.start, "end": end}
    if statement.start <= end:
        yield Finding("FL855", statement.name, details, gates=True)
    elif statement.start > end + timedelta(days=1) and statement.stated_period:
        yield Finding("FL854", statement.name, details)


def _digits(account: str) -> str:
    return re.sub(r"[\s-]", "", account)
