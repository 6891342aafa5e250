"""Budget: every yuan spent has a line, and no line spends more than it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fundledger.checks.catalogue import Gates, Hits, Sees, check
from fundledger.checks.days import moved_against, taken_fen
from fundledger.ledger.books import Books
from fundledger.ledger.chart import BANK, BUDGET_KINDS, CASH, SOURCE_KINDS, Account, Role
from fundledger.ledger.daily import HEADROOM
from fundledger.ledger.entry import Entry
from fundledger.ledger.events import EVENTS

_WATCHED = tuple(BUDGET_KINDS.keys() - SOURCE_KINDS - {"Available"})
_TIED = frozenset({Role.EXPENSE, Role.DUE_FROM_FUND, Role.DUE_TO_FUND})
_NEXT_YEAR_TOO = frozenset({"budget-adopt"})


def _line(account: Account) -> dict[str, object]:
    return {"year": account.year, "unit": account.unit, "category": account.category}


def _moved(entries: Sequence[Entry], *, up: bool) -> Iterator[tuple[str, Account]]:
    """Yield each account that a record's vouchers debit (up) or credit, once."""
    seen = set()
    for entry in entries:
        for posting, account in entry.lines:
            if (posting.signed_fen > 0) is up and account.name not in seen:
                seen.add(account.name)
                yield account.name, account


@check(
    "FL501",
    Gates.ACTS,
    Sees.STATE,
    concerns=lambda layout: layout.has("Encumbered", "Expended", debit=True),
    lasting=True,
)
def no_budget_line(entries: Sequence[Entry], books: Books) -> Hits:
    """What is spent or encumbered has a line in that year's budget (预算法)."""
    for name, account in _moved(entries, up=True):
        if account.spends and all(books.opened[source] is None for source in account.sources):
            yield name, {**_line(account), "amount_fen": books.fen(name)}


@check(
    "FL502",
    Gates.ACTS,
    Sees.STATE,
    concerns=lambda layout: layout.has("Available", debit=False),
    watches=lambda layout: layout.moving(_available),
)
def overspent(entries: Sequence[Entry], books: Books) -> Hits:
    """A budget line never spends more than it has on any day's end."""
    for name, day in moved_against(entries, _available).items():
        dip = books.dip(name, day)
        if dip is not None:
            line = _line(books.accounts.account(name))
            yield name, {**line, "date": dip[1], "amount_fen": -dip[0]}


@check("FL503", Gates.ALWAYS, Sees.SHAPE)
def line_does_not_sum(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """In each year and line, what was given equals what became of it."""
    sums: dict[tuple[int, str, str], int] = {}
    for posting, account in new.lines:
        if account.kind == "budget":
            line = account.line
            sums[line] = sums.get(line, 0) + posting.signed_fen
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


def _gives_or_takes(slug: str, closing: bool, accounts: Iterable[Account]) -> bool:  # noqa: FBT001 - a flag of vouchers
    """Whether a voucher is an act that moves no expense and no due between funds."""
    event = EVENTS.get(slug)
    act = event is not None and not event.fact and not closing
    return act and not any(account.role in _TIED for account in accounts)


@check(
    "FL505",
    Gates.ACTS,
    Sees.STATE,
    concerns=lambda layout: (
        _gives_or_takes(layout.event, layout.closing, layout.accounts)
        and (
            layout.has("Available", "Encumbered", debit=True) or layout.has(BANK, CASH, debit=False)
        )
    ),
)
def allotted_beyond_money(entries: Sequence[Entry], books: Books) -> Hits:
    """What lines may still spend never exceeds the money that is there, on any day's end.

    Asked of what gives authority or takes money away otherwise than by an expense or a due between
    funds, whose budget is tied to them.  Facts and year ends are left out.
    """
    raised_fen = 0
    days = []
    for entry in entries:
        if not _gives_or_takes(entry.voucher.event, entry.voucher.closing, entry.accounts):
            continue
        days.append(entry.voucher.date)
        for posting, account in entry.lines:
            raised_fen -= posting.signed_fen * account.headroom
    dip = books.dip(HEADROOM, min(days)) if raised_fen > 0 else None
    if dip is not None:
        yield HEADROOM[1:], {"date": dip[1], "amount_fen": -dip[0]}


def _available(account: Account) -> int:
    return int(account.budget_kind == "Available")


def _side(account: Account) -> int:
    """The sign that a budget account keeps, but for what is available (FL502)."""
    if not account.budget_kind or account.budget_kind == "Available":
        return 0
    return -1 if account.budget_kind in SOURCE_KINDS else 1


@check(
    "FL506",
    Gates.ACTS,
    Sees.STATE,
    concerns=lambda layout: (
        layout.has(*_WATCHED, debit=False) or layout.has(*SOURCE_KINDS, debit=True)
    ),
    watches=lambda layout: layout.moving(_side),
)
def budget_kind_below_zero(entries: Sequence[Entry], books: Books) -> Hits:
    """Unallotted, encumbered, expended, carried and lapsed are never below zero, sources above."""
    for name, day in moved_against(entries, _side).items():
        account = books.accounts.account(name)
        sign = _side(account)
        dip = books.dip(name, day, sign)
        if dip is not None:
            kind, (left_fen, when) = account.budget_kind, dip
            fen = taken_fen(entries, name, sign, when)
            yield (
                name,
                {
                    **_line(account),
                    "kind": kind,
                    "way": kind,
                    "date": when,
                    "before_fen": left_fen + fen,
                    "taken_fen": fen,
                    "most_fen": max(left_fen + fen, 0),
                    "amount_fen": sign * left_fen,
                },
            )


@check("FL508", Gates.ALWAYS, Sees.LAYOUT)
def other_year(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """A budget is used in its own year; only a coming year's may be adopted before it begins."""
    year = new.voucher.date.year
    for posting, account in new.lines:
        if account.kind != "budget" or account.year == year or new.voucher.reverses:
            continue
        if account.year != year + 1 or new.voucher.event not in _NEXT_YEAR_TOO:
            yield (
                posting.account,
                {**_line(account), "date": new.day, "amount_fen": posting.signed_fen},
            )
