"""Periods drawn for the two laws: what is asserted, which month is closed, how a year ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from fundledger.checks.periods import month_end
from fundledger.ledger.books import Books
from fundledger.ledger.chart import BANK, CASH, DONATION, LIABILITY_SUSPENSE
from fundledger.ledger.voucher import Draft, Posting
from support.laws.acts import asserting, closing, ending, ending_falsely
from support.laws.kinds import Drawn, Said, but, drawn
from support.laws.recorded import adopt
from support.laws.world import TODAY, Act, Impossible, World

OPENED = date(2025, 1, 1)
EARLY, LATER = st.dates(date(2020, 1, 1), date(2024, 12, 31)), st.dates(date(2027, 7, 1))
FEN = st.integers(-10_000_00, 10_000_00)
CLOSERS = st.sampled_from(("S01", "S02"))
NO_CLOSER = st.sampled_from(("S03", "S04", "S05", "S06", "S99"))


def _asserted(data: st.DataObject, _: World) -> Said:
    known = (BANK, CASH, DONATION, LIABILITY_SUSPENSE, "Income:Appropriation:District")
    return {
        "account": data.draw(st.sampled_from(known)),
        "day": data.draw(st.dates(OPENED, TODAY)),
        "fen": data.draw(FEN),
        "actor": data.draw(st.sampled_from(("S01", "S02", "S05", "S06"))),
        "replaces": 0,
    }


def _replaced(data: st.DataObject, world: World, said: Said) -> Said:
    """Take the place of an assertion of another day, account, or that something else replaced."""
    other = data.draw(st.sampled_from(("day", "account", "replaced")))
    earlier = dict(said)
    if other == "day":
        earlier["day"] = OPENED if said["day"] != OPENED else TODAY
    elif other == "account":
        earlier["account"] = BANK if said["account"] != BANK else CASH
    world.must(_assert(world, earlier))
    sequence = world.books().head.sequence
    if other == "replaced":
        world.must(_assert(world, {**said, "replaces": sequence}))
    return {**said, "replaces": sequence}


def _assert(_: World, said: Said) -> Act:
    return asserting(said["account"], said["day"], said["fen"], said["actor"], said["replaces"])


NOWHERE = ("Assets:Bank:Savings", "Income:Appropriation:City", "Equity:Budget:2026:Spare:CASC:D")
ASSERTED = Drawn(
    "assertion",
    _asserted,
    (
        ("FL322", drawn(account=st.sampled_from(NOWHERE))),
        ("FL322", drawn(day=EARLY)),
        ("FL322", drawn(day=LATER.filter(lambda day: day < date.max))),
        ("FL322", drawn(replaces=st.integers(1, 60))),
        ("FL322", _replaced),
        ("FL323", drawn(actor=st.sampled_from(("S03", "S04", "S99")))),
    ),
    _assert,
)


def open_months(books: Books) -> list[str]:
    return sorted(month for month, _ in books.months.rows() if month > books.head.closed_through)


def _prepare(world: World, said: Said) -> Said:
    """Adopt the rules, close what is to be closed before, and say what the bank held."""
    if said["strict"]:
        adopt(world, strict=True)
    months = open_months(world.books())
    if not months:
        raise Impossible
    last = said["month"] or months[min(said["before"], len(months) - 1)]
    for month in months[: said["before"]]:
        if month < last:
            state(world, month, 0)
            world.does(closing(month, "S02"))
    if said["stated"] is not None:
        state(world, last, said["stated"])
    return {**said, "month": last}


def state(world: World, month: str, off_fen: int) -> None:
    """Assert what the bank held at the end of a month, or so many fen more."""
    day = month_end(month)
    fen = world.books().fen(BANK, day) + off_fen
    world.does(asserting(BANK, day, fen, "S05"))


OFF = FEN.filter(bool)


def _closed(data: st.DataObject, _: World) -> Said:
    return {
        "strict": data.draw(st.booleans()),
        "before": data.draw(st.integers(0, 2)),
        "stated": 0,
        "month": None,
        "actor": data.draw(CLOSERS),
    }


def _in_december(_: st.DataObject, __: World, said: Said) -> Said:
    return {**said, "before": 12, "month": "2026-12"}


_PAST = ("2025-11", "2025-12", "2026-01", "2024-12")
_AHEAD = ("2026-12", "2027-01", "2027-05", "2027-06", "2027-07", "2030-02")
CLOSED = Drawn(
    "close",
    _closed,
    (
        ("FL320", drawn(month=st.sampled_from(_PAST), stated=st.none())),
        ("FL320", drawn(month=st.sampled_from(_AHEAD), before=st.integers(0, 12))),
        ("FL320", _in_december),
        ("FL321", drawn(stated=OFF)),
        ("FL323", drawn(actor=NO_CLOSER)),
        ("FL328", but(strict=True, stated=None)),
    ),
    lambda _, said: closing(said["month"], said["actor"]),
    _prepare,
)


def _ended(data: st.DataObject, _: World) -> Said:
    return {
        "strict": data.draw(st.booleans()),
        "before": 12,
        "stated": 0,
        "month": "2026-12",
        "year": 2026,
        "actor": data.draw(CLOSERS),
        "maker": data.draw(st.sampled_from(("S03", "S06"))),
        "reviewer": "S01",
        "forge": None,
    }


def _end(world: World, said: Said) -> Act:
    if said["forge"] is not None:
        return ending_falsely(world.root / "dibao", said["year"], said["actor"], said["forge"])
    return ending(said["year"], said["actor"], said["maker"], said["reviewer"])


def _left_out(data: st.DataObject, _: World, said: Said) -> Said:
    at = data.draw(st.integers(0, 1))
    return {**said, "forge": lambda carry: [one for i, one in enumerate(carry) if i != at]}


def _twice(data: st.DataObject, _: World, said: Said) -> Said:
    at = data.draw(st.integers(0, 1))
    return {**said, "forge": lambda carry: [*carry, *carry[at : at + 1]]}


def _moved(data: st.DataObject, _: World, said: Said) -> Said:
    """Carry some fen from one account of a closing voucher to another one."""
    at, fen = data.draw(st.integers(0, 1)), data.draw(OFF)
    places = data.draw(st.tuples(st.integers(0, 9), st.integers(0, 9)))

    def forge(carry: Sequence[Draft]) -> Sequence[Draft]:
        if at >= len(carry):
            return carry
        one = carry[at]
        first = places[0] % len(one.postings)
        second = (first + 1 + places[1] % (len(one.postings) - 1)) % len(one.postings)
        names = one.postings[first].account, one.postings[second].account
        more = Posting(names[0], fen), Posting(names[1], -fen)
        forged = replace(one, postings=(*one.postings, *more))
        return [forged if i == at else other for i, other in enumerate(carry)]

    return {**said, "forge": forge}


def _shifted(data: st.DataObject, _: World, said: Said) -> Said:
    """Bring the budget forward on another day."""
    days = data.draw(st.integers(1, 200))

    def forge(carry: Sequence[Draft]) -> Sequence[Draft]:
        later = [replace(one, date=one.date + timedelta(days=days)) for one in carry[-1:]]
        return [*carry[:-1], *later]

    return {**said, "forge": forge}


def _year(*years: int) -> Any:  # noqa: ANN401 - a breakage
    return drawn(year=st.sampled_from(years))


ENDED = Drawn(
    "year end",
    _ended,
    (
        ("FL320", _year(2020, 2024, 2025)),
        ("FL320", _year(2027, 2028, 2030)),
        ("FL320", but(before=0)),
        ("FL321", drawn(stated=OFF)),
        ("FL323", drawn(actor=NO_CLOSER)),
        ("FL304", but(maker="S06", reviewer="S06")),
        ("FL315", drawn(reviewer=st.sampled_from(("S03", "S99")))),
        ("FL328", but(strict=True, stated=None)),
        ("FL338", _left_out),
        ("FL338", _twice),
        ("FL338", _moved),
        ("FL338", _shifted),
    ),
    _end,
    _prepare,
)
PERIODS = (ASSERTED, CLOSED, ENDED)
