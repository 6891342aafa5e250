"""How a fund stands on a day: money that lies idle, interest that is missing, items left open."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fundledger.checks.catalogue import Gates, Hits, check
from fundledger.ledger.books import Books
from fundledger.ledger.chart import (
    ASSET_SUSPENSE,
    BANK,
    DUE_FROM_BANK,
    DUE_FROM_OFFICE,
    DUE_TO_FUND,
    INTEREST,
    LIABILITY_SUSPENSE,
    TREASURY_PAYABLE,
)
from fundledger.ledger.conduct import MAKER_POSTS
from fundledger.ledger.lots import lots_by_line
from fundledger.ledger.voucher import Voucher

ITEMS = (ASSET_SUSPENSE, LIABILITY_SUSPENSE, DUE_FROM_OFFICE, DUE_FROM_BANK)
_TURN_OF_THE_YEAR = frozenset({"12-31", "01-01"})


@dataclass(frozen=True, slots=True)
class _Open:
    """What of an account's balance is open, by first in, first out: fen and the oldest day."""

    fen: int
    oldest: str


@check("FL410", Gates.NEVER)
def idle_money(books: Books, as_of: date) -> Hits:
    """Money does not lie on the dedicated account with nothing allotted or paid (滞留闲置)."""
    limit_days = books.charter.controls.idle_money_days
    flows = _flows(books, BANK, as_of)
    old = [fen for day, fen in flows if _age(day, as_of) > limit_days]
    held_fen = idle_fen = sum(old)
    for _, fen in flows[len(old) :]:
        held_fen += fen
        idle_fen = min(idle_fen, held_fen)
    idle_fen -= _owed(books, as_of)
    if idle_fen <= 0:
        return
    lying = max(_last_used(books, as_of), _held(flows)[1])
    age_days = _age(lying, as_of)
    if age_days > limit_days:
        yield BANK, {"since": lying, "age_days": age_days, "amount_fen": idle_fen}


def _owed(books: Books, as_of: date) -> int:
    """Return what of the money is not the fund's to allot: owed to others, or not explained yet."""
    names = [TREASURY_PAYABLE, LIABILITY_SUSPENSE]
    names += [name for name in books.account_names() if name.startswith(DUE_TO_FUND)]
    return sum(max(-books.fen(name, as_of), 0) for name in names)


def _last_used(books: Books, as_of: date) -> str:
    """Return the last day on which money was allotted or paid, or an empty text.

    On the turn of the year budget is carried, not allotted.
    """
    last = ""
    for name in books.account_names():
        kind = books.accounts.account(name).budget_kind
        if kind in {"Available", "Expended"}:
            days = [
                day
                for day, fen in _flows(books, name, as_of)
                if fen > 0 and (kind == "Expended" or day[5:] not in _TURN_OF_THE_YEAR)
            ]
            last = max([last, *days[-1:]])
    return last


@check("FL411", Gates.NEVER)
def interest_missing(books: Books, as_of: date) -> Hits:
    """An account with money on it gets interest, and the interest is booked."""
    held_fen, since = _held(_flows(books, BANK, as_of))
    if held_fen <= 0:
        return
    booked = [
        day
        for name in (INTEREST, TREASURY_PAYABLE)
        for day, fen in _flows(books, name, as_of)
        if fen <= 0
    ]
    last = max(booked, default="")
    age_days = _age(max(last, since), as_of)
    if age_days > books.charter.controls.interest_gap_days:
        yield BANK, {"last": last or "-", "age_days": age_days, "held_fen": held_fen}


def _held(flows: list[tuple[str, int]]) -> tuple[int, str]:
    """Return what an account holds in fen, and the day since which it holds anything."""
    held_fen = 0
    since = ""
    for day, fen in flows:
        if held_fen <= 0 < held_fen + fen:
            since = day
        held_fen += fen
    return held_fen, since


@check("FL412", Gates.NEVER)
def open_item(books: Books, as_of: date) -> Hits:
    """What the bank took or gave without a reason, and what it or the office owes, is cleared."""
    limit_days = books.charter.controls.aged_item_days
    for name in ITEMS:
        yield from _items(books, name, as_of, at_most_days=limit_days)


@check("FL413", Gates.NEVER)
def aged_item(books: Books, as_of: date) -> Hits:
    """No such item stays open for longer than the office allows."""
    limit_days = books.charter.controls.aged_item_days
    for name in ITEMS:
        yield from _items(books, name, as_of, over_days=limit_days)


@check("FL414", Gates.NEVER)
def interfund_aged(books: Books, as_of: date) -> Hits:
    """What one fund owes another is settled within the time that the office allows."""
    limit_days = books.charter.controls.interfund_open_days
    for name in books.account_names():
        account = books.accounts.account(name)
        if account.kind == "interfund":
            for subject, details in _items(books, name, as_of, over_days=limit_days):
                yield subject, {**details, "party": account.party}


def _items(
    books: Books, name: str, as_of: date, *, over_days: int = -1, at_most_days: int | None = None
) -> Hits:
    """Yield what of an account is open for more than `over_days` and at most `at_most_days`."""
    if books.opened[name] is None:
        return
    open_fen = 0
    oldest = ""
    for day, fen in _layers(_named_first(_flows(books, name, as_of), books, name, as_of)):
        age_days = _age(day, as_of)
        if over_days < age_days and (at_most_days is None or age_days <= at_most_days):
            open_fen += fen
            oldest = oldest or day
    if open_fen:
        age_days = _age(oldest, as_of)
        details = {"account": name, "since": oldest, "age_days": age_days}
        yield name, {**details, "amount_fen": abs(open_fen)}


def _named_first(
    flows: list[tuple[str, int]], books: Books, account: str, as_of: date
) -> list[tuple[str, int]]:
    """Return what moved an account without what red ink undid, and with corrections in its place.

    So a reversal clears the amount that it names and not the oldest one, and what a correction puts
    in the place of another is as old as that; red ink of another year undoes nothing (FL306).  Only
    months that moved the account are looked at.
    """
    moved: Counter[str] = Counter(dict(flows))
    months = {day[:7] for day, _ in flows}

    def found(ref: str) -> tuple[Voucher, int] | None:
        voucher = books.voucher(ref) if ref[:7] in months else None
        if voucher is None or voucher.date > as_of:
            return None
        fen = sum(p.signed_fen for p in voucher.postings if p.account == account)
        return (voucher, fen) if fen else None

    def first(voucher: Voucher) -> Voucher:
        """Return what stands at the beginning of a chain of corrections."""
        before = found(voucher.corrects or "") if voucher.event == "correction" else None
        return voucher if before is None or before[0].ref >= voucher.ref else first(before[0])

    undone = set()
    for ref, by in books.undone.rows():
        wrong, red = found(ref), found(by)
        if wrong is not None and red is not None and _undoes(red, wrong):
            undone.add(ref)
            for voucher, fen in (wrong, red):
                moved[voucher.date.isoformat()] -= fen
    for ref, corrections in books.corrected.rows():
        for by in corrections if ref[:7] in months else ():
            right = found(by) if by not in undone else None
            if right is not None:
                moved[right[0].date.isoformat()] -= right[1]
                moved[first(right[0]).date.isoformat()] += right[1]
    return sorted(moved.items())


def _undoes(red: tuple[Voucher, int], wrong: tuple[Voucher, int]) -> bool:
    """Whether a red copy takes just what an earlier voucher of its year put there."""
    day, before = red[0].date, wrong[0].date
    return red[1] + wrong[1] == 0 and before <= day and before.year == day.year


def _layers(flows: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Yield the day and fen of what is left of each move, the oldest cleared first."""
    layers: deque[tuple[str, int]] = deque()
    for day, moved_fen in flows:
        fen = moved_fen
        while fen and layers and (layers[0][1] > 0) is not (fen > 0):
            since, open_fen = layers.popleft()
            fen += open_fen
            if (fen > 0) is (open_fen > 0) and fen:
                layers.appendleft((since, fen))
                fen = 0
        if fen:
            layers.append((day, fen))
    yield from layers


@check("FL415", Gates.NEVER)
def carried_too_long(books: Books, as_of: date) -> Hits:
    """What a line has carried over for more than two years is a surplus and goes back."""
    limit_years = books.charter.controls.carry_over_years
    for (unit, category), lots in lots_by_line(books, as_of).items():
        old = [lot for lot in lots if lot.open_fen > 0 and as_of.year - lot.origin > limit_years]
        if old:
            details = {"unit": unit, "category": category, "origin": old[0].origin}
            amount_fen = sum(lot.open_fen for lot in old)
            yield f"{unit}:{category}", {**details, "years": limit_years, "amount_fen": amount_fen}


@check("FL330", Gates.NEVER)
def maker_posts(books: Books, as_of: date) -> Hits:
    """Where the rules let a maker also post, the books still say who did so."""
    if not books.charter.controls.maker_may_post:
        return
    last = as_of.isoformat()
    for (person, duty), signed in sorted(books.signers().items()):
        days = [day for day in signed if day <= last]
        if duty == MAKER_POSTS and days:
            yield person, {"staff": person, "days": len(days), "last": max(days)}


def _age(day: str, as_of: date) -> int:
    return (as_of - date.fromisoformat(day)).days


def _flows(books: Books, account: str, as_of: date) -> list[tuple[str, int]]:
    """Return the days up to `as_of` on which an account moved, with the fen of each, in order."""
    books.settle()
    last = as_of.isoformat()
    months = sorted(month for month, _ in books.months.rows())
    totals = [item for month in months for item in books.days[f"{account}@{month}"].items()]
    return sorted((day, fen) for day, fen in totals if day <= last)
