"""Signed reconciliations drawn for the two laws, on a book of which another was signed before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import strategies as st
from msgspec import structs

from fundledger.ledger import drafts
from fundledger.ledger.bodies import OpenItem, ReconciliationBody
from fundledger.ledger.chart import BANK
from support.laws.acts import recording, signing
from support.laws.kinds import Break, Drawn, Said, drawn
from support.laws.world import TODAY, Act, World
from support.offices import draft

A, B, C = ("a" * 64, "b" * 64, "c" * 64)
DAY = timedelta(days=1)
SET_OFF = frozenset({"2026-03-0004", "2026-03-0005"})
FEN = st.integers(1, 9_99)
REVERSED = date(2026, 3, 4)
UNDONE = OpenItem("book-in", date(2026, 3, 3), 5_00, ("2026-03-0004",))
INTEREST = OpenItem("book-in", date(2026, 3, 5), 1_00, ("2026-03-0006",))


def _lines(world: World, after: date, until: date) -> list[OpenItem]:
    """Return what the book has on the bank account of some days, each as an open item."""
    vouchers = world.looked_at(lambda fund: list(fund.vouchers()))
    return [
        OpenItem(
            "book-in" if p.signed_fen > 0 else "book-out", one.date, abs(p.signed_fen), (one.ref,)
        )
        for one in vouchers
        for p in one.postings
        if p.account == BANK and after < one.date <= until and one.ref not in SET_OFF
    ]


def _at_the_bank(data: st.DataObject, digest: str, after: date, until: date) -> list[OpenItem]:
    """Return lines of a statement that the book does not have."""
    count = data.draw(st.integers(0, 2))
    days = st.dates(after + DAY, until)
    return [
        OpenItem("bank-in", data.draw(days), data.draw(FEN), (f"{digest}:{row}",))
        for row in range(1, count + 1)
    ]


def _some(data: st.DataObject, items: list[OpenItem]) -> list[OpenItem]:
    return [item for item in items if data.draw(st.booleans())]


def _even(body: ReconciliationBody) -> ReconciliationBody:
    """Return a reconciliation whose balances are as far apart as its items explain."""
    return structs.replace(body, amount_fen=body.booked_fen + body.explained_fen)


def _sound(data: st.DataObject, world: World) -> Said:
    """Sign a first one, and return another that follows it or takes its place."""
    long_ago = date(2025, 1, 1)
    day = data.draw(st.dates(date(2026, 2, 1), date(2026, 5, 31)))
    items = _some(data, _lines(world, long_ago, day)) + _at_the_bank(data, A, long_ago, day)
    books = world.books()
    fallen = next(iter(books.standing[BANK]), 0)
    booked = books.fen(BANK, day)
    body = ReconciliationBody(BANK, day, 0, booked, (A,), tuple(items), replaces=fallen)
    first = _even(body)
    world.must(signing(first, "S05"))
    sequence = world.books().head.sequence
    on = data.draw(st.dates(day + DAY, TODAY))
    follows = data.draw(st.booleans())
    since = day if follows else long_ago
    carried = _some(data, items) if follows else []
    items = [*carried, *_some(data, _lines(world, since, on)), *_at_the_bank(data, B, since, on)]
    after, replaces = (sequence, 0) if follows else (0, sequence)
    booked = world.books().fen(BANK, on)
    body = ReconciliationBody(BANK, on, 0, booked, (B,), tuple(items), after, replaces)
    actor = data.draw(st.sampled_from(("S01", "S02", "S05", "S06")))
    return {"body": _even(body), "first": first, "sequence": sequence, "actor": actor}


def _with(change: Callable[[st.DataObject, Said], dict[str, object]]) -> Break:
    """Return the breakage that changes fields of what is signed."""

    def broken(data: st.DataObject, _: World, said: Said) -> Said:
        return {**said, "body": structs.replace(said["body"], **change(data, said))}

    return broken


def _following(**changes: object) -> Break:
    return _with(lambda _, said: {"after": said["sequence"], "replaces": 0, **changes})


def _behind(data: st.DataObject, world: World, said: Said) -> Said:
    """Record a voucher into the days that were signed for."""
    day = data.draw(st.dates(date(2026, 2, 1), said["first"].date))
    world.must(recording([draft(drafts.donation(data.draw(FEN)), day)]))
    return _following()(data, world, said)


def _no_earlier(data: st.DataObject, said: Said) -> dict[str, object]:
    day = data.draw(st.dates(date(2026, 1, 1), said["first"].date))
    return {"after": said["sequence"], "replaces": 0, "date": day}


def _off(field: str) -> Break:
    def off(data: st.DataObject, said: Said) -> dict[str, object]:
        fen = data.draw(st.one_of(FEN, FEN.map(lambda fen: -fen)))
        more = {"booked_fen": said["body"].booked_fen + fen} if field == "booked_fen" else {}
        return {"amount_fen": said["body"].amount_fen + fen, **more}

    return _with(off)


def _false_item(data: st.DataObject, _: World, said: Said) -> Said:
    """Add an item that is true neither of the book nor of the statement."""
    body: ReconciliationBody = said["body"]
    credit = OpenItem("bank-in", body.date, data.draw(FEN), (f"{B}:7",))
    credit_of_nobody = structs.replace(credit, refs=(f"{C}:7",))
    ahead = data.draw(st.dates(body.date + DAY, date(2030, 1, 1)))
    others = [1_01, 99, data.draw(st.integers(2_00, 9_00))]
    false = data.draw(
        st.sampled_from(
            (
                structs.replace(INTEREST, refs=("2026-09-0001",)),
                structs.replace(INTEREST, refs=(f"{B}:8",)),
                structs.replace(INTEREST, refs=INTEREST.refs * 2),
                structs.replace(INTEREST, kind="book-out"),
                structs.replace(INTEREST, amount_fen=data.draw(st.sampled_from(others))),
                structs.replace(INTEREST, date=data.draw(st.dates(date(2026, 3, 6)))),
                UNDONE if body.date >= REVERSED else credit_of_nobody,
                credit_of_nobody,
                structs.replace(credit, refs=("2026-03-0006",)),
                structs.replace(credit, date=ahead),
                structs.replace(credit, kind="bank-out"),
            )
        )
    )
    return {**said, "body": _even(structs.replace(body, items=(*body.items, false)))}


def _item_twice(data: st.DataObject, _: World, said: Said) -> Said:
    body: ReconciliationBody = said["body"]
    credit = OpenItem("bank-in", body.date, data.draw(FEN), (f"{B}:7",))
    items = (*body.items, credit)
    items = (*items, data.draw(st.sampled_from(items)))
    return {**said, "body": _even(structs.replace(body, items=items))}


def _act(_: World, said: Said) -> Act:
    return signing(said["body"], said["actor"])


_LATER = st.dates(TODAY + DAY, date(2030, 1, 1))
_EARLIER = st.dates(date(2020, 1, 1), date(2024, 12, 31))
_NOBODY = st.integers(40, 99)
SIGNED = Drawn(
    "reconciliation",
    _sound,
    (
        ("FL322", _with(lambda data, _: {"date": data.draw(_LATER)})),
        ("FL322", _with(lambda data, _: {"date": data.draw(_EARLIER)})),
        (
            "FL322",
            _with(lambda data, _: {"account": data.draw(st.sampled_from(("Assets:Cash", "A:B")))}),
        ),
        ("FL323", drawn(actor=st.sampled_from(("S03", "S04", "S99")))),
        ("FL324", _with(lambda data, _: {"after": data.draw(_NOBODY)})),
        ("FL324", _with(lambda data, _: {"replaces": data.draw(_NOBODY)})),
        ("FL324", _with(lambda _, __: {"after": 0, "replaces": 0})),
        ("FL324", _with(_no_earlier)),
        ("FL324", _following(statements=(A, B))),
        ("FL324", _behind),
        ("FL325", _off("booked_fen")),
        ("FL326", _off("amount_fen")),
        ("FL327", _false_item),
        ("FL327", _item_twice),
    ),
    _act,
)
