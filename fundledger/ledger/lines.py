"""Budget lines: their accounts by unit and category, and what moves their budget."""

from __future__ import annotations

from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger import chart
from fundledger.ledger.chart import BUDGET_KINDS
from fundledger.ledger.given import expect, is_text, is_year, shown
from fundledger.ledger.voucher import BUDGET_ROOT, Posting, credit, debit

Line = tuple[str, str]
"""Unit and category."""


def budget_account(year: int, kind: str, line: Line) -> str:
    """Return the CNYB account of a budget line: `Equity:Budget:2026:Available:CASC:Dibao`.

    Raises:
        InputInvalid: FL910, not unit and category; FL929, no year; FL909, no kind of budget.

    """
    unit, category = _line(line)
    hold_year(year)
    expect(kind=is_text(kind) and kind in BUDGET_KINDS)
    return f"{BUDGET_ROOT}{year}:{kind}:{unit}:{category}"


def expense_account(line: Line) -> str:
    """Return the CNY expense account of a unit and category.

    Raises:
        InputInvalid: FL910, not unit and category.

    """
    unit, category = _line(line)
    return f"{chart.EXPENSES}{unit}:{category}"


def _line(line: object) -> Line:
    """Return unit and category if they are two texts, not one with a colon in it."""
    match line:
        case (str(unit), str(category)) if is_text(unit) and is_text(category):
            return unit, category
    raise InputInvalid(Finding("FL910", "line", {"text": shown(line)}))


def hold_year(year: object) -> None:
    """Refuse what is no year that a book can be of.

    Raises:
        InputInvalid: FL929.

    """
    if not is_year(year):
        raise InputInvalid(Finding("FL929", "year", {"text": shown(year)}))


def moved(
    year: int, line: Line, source: str, target: str, amount_fen: int
) -> tuple[Posting, Posting]:
    """Return the postings that move budget of a line from one kind to another."""
    return (
        debit(budget_account(year, target, line), amount_fen),
        credit(budget_account(year, source, line), amount_fen),
    )


def line_of(text: str, what: str = "") -> Line:
    """Return the unit and category that a text such as `CASC:Dibao` names.

    Raises:
        InputInvalid: FL910, not two names with a colon between.

    """
    if not is_text(text):
        raise InputInvalid(Finding("FL910", what, {"text": shown(text)}))
    unit, colon, category = text.partition(":")
    if not colon or not unit or not category or ":" in category:
        raise InputInvalid(Finding("FL910", what, {"text": shown(text)}))
    return unit, category
