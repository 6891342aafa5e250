"""A statement made of its lines, whatever the format they came in: all that must hold of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fundledger.bank.balance import settle
from fundledger.bank.layout import Order
from fundledger.bank.preamble import Stated
from fundledger.bank.problems import Problems
from fundledger.bank.statement import BankLine, Statement


def finished(
    slots: Sequence[BankLine | None],
    stated: Stated,
    file: tuple[str, str],
    problems: Problems,
    order: Order | None = None,
) -> Statement:
    """Return the statement of these lines; `slots` holds nothing where one could not be read.

    `file` is its name and digest.

    Raises:
        StatementInvalid: FL824 to FL828, FL830, FL831, FL833, FL834, and all found before.

    """
    name, sha256 = file
    if len(stated.accounts) > 1:
        rows = "、".join(str(row) for row in sorted(stated.accounts.values()))
        problems.add("FL833", rows=rows)
    readable = any(slots) or not problems
    settled = settle(slots, stated, problems, order) if readable else None
    lines = settled.lines if settled else ()
    _check_repeats(lines, problems)
    start, end = _period(lines, stated, problems)
    problems.refuse()
    if settled is None or start is None or end is None:
        problems.stop("FL826")
    return Statement(
        name=name,
        sha256=sha256,
        account=next(iter(stated.accounts), None),
        start=start,
        end=end,
        opening_fen=settled.opening_fen,
        closing_fen=settled.closing_fen,
        lines=lines,
        stated_period=stated.start is not None and stated.end is not None,
    )


def _check_repeats(lines: Sequence[BankLine], problems: Problems) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for line in lines:
        if not line.serial:
            continue
        key = (line.serial, line.date, line.time, line.signed_fen, line.counterparty_account)
        if key in seen:
            problems.add("FL830", row=line.row, first=seen[key], amount_fen=line.amount_fen)
        seen.setdefault(key, line.row)


def _period(
    lines: Sequence[BankLine], stated: Stated, problems: Problems
) -> tuple[date | None, date | None]:
    days = [line.date for line in lines]
    start = stated.start or min(days, default=None)
    end = stated.end or max(days, default=None)
    if start and end and start > end:
        problems.add("FL831", start=start, end=end)
        return start, end
    outside = [
        line
        for line in lines
        if (stated.start and line.date < stated.start) or (stated.end and line.date > stated.end)
    ]
    if len(outside) == len(lines) > 1:
        count = len(lines)
        problems.add("FL834", start=start, end=end, count=count, first=min(days), last=max(days))
        return start, end
    for line in outside:
        problems.add("FL828", row=line.row, date=line.date, start=start, end=end)
    return start, end
