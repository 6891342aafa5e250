"""Vouchers drawn for the two laws that rest on another: settlements of advances, refunds."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from fundledger.ledger import drafts
from fundledger.ledger.chart import PRIOR_YEAR_ADJUSTMENT
from fundledger.ledger.voucher import Draft, Posting, debit
from support.breakages import AMOUNTS_FEN, DAYS
from support.laws.acts import recording, reversing
from support.laws.kinds import Break, Drawn, Said, drawn
from support.laws.world import World
from support.offices import DIBAO, draft

LAST = date(2026, 6, 30)
FIRST = date(2026, 2, 2)
_NAMES = st.sampled_from((None, "2026-03-0001", "2026-09-0001", "2025-12-0001"))


def _paid(data: st.DataObject, world: World, event: str, more: bool) -> Said:  # noqa: FBT001 - which of two
    """Pay an advance or take a donation, and draw what rests on it."""
    fen, on = data.draw(AMOUNTS_FEN) + 1, data.draw(DAYS)
    make = drafts.advance(2026, DIBAO, fen) if event == "advance" else drafts.donation(fen)
    world.must(recording([draft(make, on, event)]))
    books = world.books()
    ref = f"{on.isoformat()[:7]}-{books.months[on.isoformat()[:7]]:04d}"
    day = data.draw(st.dates(on, LAST))
    own = data.draw(st.integers(1, fen))
    said = {"ref": ref, "fen": fen, "since": on, "own": own, "day": day, "more": more, "of": event}
    return {**said, "named": ref}


def _resting(said: Said) -> Draft:
    """Return the voucher that rests on what was paid or given."""
    own = said["own"]
    postings: tuple[Posting, ...]
    if said["of"] == "donation":
        event, postings = "donor-refund", drafts.donation_refunded(2026, None, own)
        if said.get("adjusted"):
            postings = (debit(PRIOR_YEAR_ADJUSTMENT, own), postings[1])
    elif said["more"]:
        event, postings = "advance-return", drafts.advance_returned(2026, DIBAO, own)
    else:
        event, postings = "advance-settle", drafts.advance_settled(2026, DIBAO, own)
    return draft(postings, said["day"], event, corrects=said["named"])


def _beyond(data: st.DataObject, _: World, said: Said) -> Said:
    return {**said, "own": said["fen"] + data.draw(st.integers(1, 5_00))}


def _early(data: st.DataObject, _: World, said: Said) -> Said:
    return {**said, "day": data.draw(st.dates(FIRST, said["since"] - timedelta(days=1)))}


def _undone(_: st.DataObject, world: World, said: Said) -> Said:
    world.must(reversing(said["ref"], said["since"], "S03", "S01"))
    return said


def _adjusted(_: st.DataObject, __: World, said: Said) -> Said:
    return {**said, "adjusted": True}


def _kind(name: str, code: str, event: str, *more: tuple[str, Break], returned: bool) -> Drawn:
    return Drawn(
        name,
        lambda data, world: _paid(data, world, event, returned),
        (
            (code, _beyond),
            (code, _early),
            (code, _undone),
            (code, drawn(named=_NAMES)),
            *more,
        ),
        lambda _, said: recording([_resting(said)]),
    )


def _settled_first(world: World, said: Said) -> Said:
    """Record what rests on a voucher, where that one is to be reversed."""
    if said["rests"]:
        world.must(recording([_resting(said)]))
    return said


def _undoing(name: str, code: str, event: str) -> Drawn:
    """Return the reversal of a voucher, refused where another rests on it."""
    return Drawn(
        name,
        lambda data, world: {**_paid(data, world, event, False), "rests": False},  # noqa: FBT003 - as above
        ((code, lambda _data, _world, said: {**said, "rests": True}),),
        lambda _, said: reversing(said["ref"], LAST, "S03", "S01"),
        _settled_first,
    )


RESTING = (
    _kind("settlement", "FL345", "advance", returned=False),
    _kind("advance back", "FL345", "advance", returned=True),
    _kind("refund", "FL347", "donation", ("FL347", _adjusted), returned=False),
    _undoing("advance undone", "FL345", "advance"),
    _undoing("donation undone", "FL347", "donation"),
)
