"""Budget: every yuan spent has a line, and no line spends more than it has."""

from __future__ import annotations

from fundledger.checks.catalogue import Gates, Hits, Sees, check
from fundledger.ledger.books import AUTHORITY, COVER, Books, Entry
from fundledger.ledger.chart import BANK, BUDGET_KINDS, CASH, SOURCE_KINDS, Account

_MONEY = frozenset({BANK, CASH})
_WATCHED = tuple(BUDGET_KINDS.keys() - SOURCE_KINDS - {"Available"})


def _line(account: Account) -> dict[str, object]:
    return {"year": account.year, "unit": account.unit, "category": account.category}


@check(
    "FL501",
    Gates.ACTS,
    concerns=lambda layout: layout.has("Encumbered", "Expended", debit=True),
)
def no_budget_line(new: Entry, books: Books) -> Hits:
    """What is spent or encumbered has a line in that year's budget (预算法)."""
    for posting, account in new.lines:
        if account.spends and posting[1] > 0:
            year = new.voucher.date.year
            approved, brought = account.sources
            if account.year != year or (
                books.opened[approved] is None and books.opened[brought] is None
            ):
                details = {**_line(account), "year": year, "amount_fen": posting.signed_fen}
                yield posting.account, details


@check("FL502", Gates.ACTS, concerns=lambda layout: layout.has("Available", debit=False))
def overspent(new: Entry, books: Books) -> Hits:
    """A budget line never spends more than it has."""
    for posting, account in new.lines:
        if account.budget_kind == "Available" and posting[1] < 0:
            short_fen = -books.balance(posting.account)
            if short_fen > 0:
                yield posting.account, {**_line(account), "amount_fen": short_fen}


@check("FL503", Gates.ALWAYS, Sees.SHAPE)
def line_does_not_sum(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """In each year and line, what was given equals what became of it."""
    sums: dict[tuple[int, str, str], int] = {}
    for (_, signed_fen, _), account in new.lines:
        if account.kind == "budget":
            line = account.line
            sums[line] = sums.get(line, 0) + signed_fen
    for (year, unit, category), off_fen in sums.items():
        if off_fen:
            yield (
                f"{unit}:{category}",
                {
                    "year": year,
                    "unit": unit,
                    "category": category,
                    "amount_fen": off_fen,
                },
            )


@check("FL504", Gates.ACTS, Sees.SHAPE)
def expense_without_budget(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """An expense uses its budget line in the same voucher, and gives it back only with the money.

    What leaves the bank at once is expended; encumbered suffices only for what is paid later.
    Budget once expended comes back with the expense taken back or money returned to the bank.
    """
    if new.voucher.closing:
        return
    sums: dict[tuple[str, str], dict[str, int]] = {}
    bank_fen = 0
    for (name, signed_fen, _), account in new.lines:
        kind = account.budget_kind or account.kind
        if kind in {"expense", "Expended", "Encumbered"}:
            line = sums.setdefault((account.unit, account.category), {})
            line[kind] = line.get(kind, 0) + signed_fen
        elif name in _MONEY:
            bank_fen += signed_fen
    for (unit, category), line in sums.items():
        spent_fen = line.get("expense", 0)
        expended_fen = line.get("Expended", 0)
        later_fen = line.get("Encumbered", 0) if bank_fen >= 0 else 0
        short_fen = spent_fen - max(expended_fen, later_fen, 0)
        returned_fen = -expended_fen - max(-spent_fen, bank_fen, 0)
        amount_fen = max(short_fen, returned_fen)
        if amount_fen > 0:
            details = {"unit": unit, "category": category, "amount_fen": amount_fen}
            yield f"{unit}:{category}", details


@check(
    "FL505", Gates.ACTS, concerns=lambda layout: layout.has("Available", "Encumbered", debit=True)
)
def allotted_beyond_money(new: Entry, books: Books) -> Hits:
    """What lines may still spend never exceeds the money that is there (payments.md, allotted)."""
    raised_fen = sum(p.signed_fen for p, account in new.lines if account.authority)
    covered_fen = sum(p.signed_fen for p, account in new.lines if account.cover)
    if new.voucher.closing or raised_fen <= max(covered_fen, 0):
        return
    short_fen = books.balance(AUTHORITY) - books.balance(COVER)
    if short_fen > 0:
        yield (
            AUTHORITY[1:],
            {
                "authority_fen": books.balance(AUTHORITY),
                "cover_fen": books.balance(COVER),
                "amount_fen": short_fen,
            },
        )


@check(
    "FL506",
    Gates.ACTS,
    concerns=lambda layout: (
        layout.has(*_WATCHED, debit=False) or layout.has(*SOURCE_KINDS, debit=True)
    ),
)
def budget_kind_below_zero(new: Entry, books: Books) -> Hits:
    """Unallotted, encumbered, expended, carried and lapsed are never below zero, sources above."""
    for (name, signed_fen, _), account in new.lines:
        kind = account.budget_kind
        if not kind or kind == "Available":
            continue
        if kind in SOURCE_KINDS:
            wrong = signed_fen > 0 and books.balance(name) > 0
        else:
            wrong = signed_fen < 0 and books.balance(name) < 0
        if wrong:
            yield name, {**_line(account), "kind": kind, "amount_fen": books.balance(name)}
