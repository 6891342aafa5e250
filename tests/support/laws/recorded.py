"""Vouchers drawn for the two laws: their keys and numbers, who posts them, what undoes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st
from msgspec import structs

from fundledger.charter import FundCharter
from fundledger.ledger import drafts
from fundledger.ledger.chart import (
    BANK,
    DONATION,
    INTEREST,
    LIABILITY_SUSPENSE,
    PRIOR_YEAR_ADJUSTMENT,
)
from fundledger.ledger.voucher import Voucher, credit, debit
from support.breakages import AMOUNTS_FEN, BREAKAGES, DIGITS, Break, sound
from support.laws.acts import correcting, misnumbered, recording, reversing
from support.laws.kinds import Break as BreakSaid
from support.laws.kinds import Drawn, Said, but, drawn
from support.laws.world import World
from support.offices import DIBAO, SINCE, charter, charter_values, draft

LAST = date(2026, 6, 30)
UNDONE = frozenset({"donation", "allocation", "interest", "bank-fee", "expense"})


def rules(*, strict: bool) -> FundCharter:
    """Return rules of today, where a maker posts, or strict ones; S08 may do both."""
    values = charter_values()
    values["controls"] |= {"maker_may_post": not strict, "close_needs_assertion": strict}
    both = [{"role": role, "from": SINCE} for role in ("maker", "poster")]
    values["staff"].append({"code": "S08", "title_zh": "岗位", "title_en": "post", "roles": both})
    return FundCharter.model_validate(values)


def adopt(world: World, *, strict: bool) -> None:
    """Let a donation bring new rules along."""
    world.rules = rules(strict=strict)
    world.must(recording([draft(drafts.donation(1), date(2026, 3, 6))]))


def _keyed(data: st.DataObject, world: World) -> Said:
    key = data.draw(
        st.text("abcHZ-汇总/", min_size=1, max_size=30).filter(lambda t: t.strip() == t)
    )
    return {"draft": data.draw(sound()), "key": f"{key}{world.books().head.sequence}"}


PERSONAL = st.one_of(
    DIGITS.map(lambda nine: f"13{nine}"),
    DIGITS.map(lambda nine: f"31010119900101{nine[:4]}"),
    DIGITS.map(lambda nine: f"6222{nine}{nine[:6]}"),
)


def _of(breakage: Break) -> BreakSaid:
    return lambda data, _, said: {"draft": breakage(data, said["draft"])}


PLAIN = Drawn(
    "voucher",
    lambda data, _: {"draft": data.draw(sound())},
    tuple((code, _of(breakage)) for code, breakage in BREAKAGES),
    lambda _, said: recording([said["draft"]]),
)
KEYED = Drawn(
    "key",
    _keyed,
    (("FL339", drawn(key=PERSONAL)), ("FL339", drawn(key=PERSONAL.map(lambda n: f"低保 {n}号")))),
    lambda _, said: recording([said["draft"]], said["key"]),
)

_STEPS = st.integers(1, 9)


def _again(data: st.DataObject, _: World, said: Said) -> Said:
    """Take a number that a voucher of March has."""
    on = data.draw(st.dates(date(2026, 3, 6), date(2026, 3, 31)))
    return {"draft": replace(said["draft"], date=on), "step": -data.draw(st.integers(1, 7))}


NUMBERED = Drawn(
    "number",
    lambda data, _: {"draft": data.draw(sound()), "step": 0},
    (("FL301", drawn(step=_STEPS)), ("FL302", _again)),
    lambda _, said: misnumbered(said["draft"], said["step"]),
)


def _posted(data: st.DataObject, world: World) -> Said:
    strict = data.draw(st.booleans())
    adopt(world, strict=strict)
    maker = data.draw(st.sampled_from(("S03", "S08")))
    poster = "S02" if strict else "S08"
    return {"draft": replace(data.draw(sound()), maker=maker, poster=poster)}


def _by_oneself(_: st.DataObject, world: World, said: Said) -> Said:
    adopt(world, strict=True)
    return {"draft": replace(said["draft"], maker="S08", poster="S08")}


POSTED = Drawn(
    "poster",
    _posted,
    (("FL331", _by_oneself),),
    lambda _, said: recording([said["draft"]]),
)


def _signed_for(data: st.DataObject, world: World) -> Said:
    """Draw what moves the bank account, under rules that ask for the cashier."""
    values = charter_values()
    values["controls"]["cashier_signs"] = True
    world.rules = FundCharter.model_validate(values)
    gift = draft(drafts.donation(1), date(2026, 3, 6))
    world.must(recording([replace(gift, cashier="S04")]))
    moving = sound().filter(lambda one: any(p.account == BANK for p in one.postings))
    return {"draft": replace(data.draw(moving), cashier="S04")}


def _without_cashier(_: st.DataObject, __: World, said: Said) -> Said:
    return {"draft": replace(said["draft"], cashier=None)}


PAID = Drawn(
    "cashier",
    _signed_for,
    (("FL342", _without_cashier),),
    lambda _, said: recording([said["draft"]]),
)


def _explained(data: st.DataObject, world: World) -> Said:
    """Draw what an unexplained credit turns out to be, in a fund that takes no donations."""
    world.rules = charter(donations=False)
    fen = data.draw(AMOUNTS_FEN)
    world.must(recording([draft(drafts.unknown_credit(fen), date(2026, 3, 6), "unknown-credit")]))
    interest = (debit(LIABILITY_SUSPENSE, fen), credit(INTEREST, fen))
    return {"draft": draft(interest, data.draw(st.dates(date(2026, 3, 6), LAST)), "transfer")}


def _as_donation(_: st.DataObject, __: World, said: Said) -> Said:
    (first, last) = said["draft"].postings
    gift = (first, structs.replace(last, account=DONATION))
    return {"draft": replace(said["draft"], postings=gift)}


EXPLAINED = Drawn(
    "donation",
    _explained,
    (("FL207", _as_donation),),
    lambda _, said: recording([said["draft"]]),
)


def _undoable(data: st.DataObject, world: World) -> Voucher:
    """Record a voucher that may be undone, and return it."""
    one = data.draw(sound().filter(lambda one: one.event in UNDONE))
    world.must(recording([one]))
    vouchers: Sequence[Voucher] = world.looked_at(lambda fund: list(fund.vouchers()))
    return vouchers[-1]


def _reversed(data: st.DataObject, world: World) -> Said:
    original = _undoable(data, world)
    on = data.draw(st.dates(original.date, LAST))
    return {"ref": original.ref, "on": on, "maker": "S03", "reviewer": "S01"}


def _before(data: st.DataObject, world: World, said: Said) -> Said:
    original = world.books().voucher(said["ref"])
    assert original is not None
    first = date(2026, 2, 1)
    return {**said, "on": data.draw(st.dates(first, original.date - timedelta(days=1)))}


def _twice(_: st.DataObject, world: World, said: Said) -> Said:
    world.does(REVERSED.act(world, said))
    return said


NO_ORIGINAL = ("2026-03-0004", "2026-03-0005", "2025-12-0001", "2025-12-0002")
REVERSED = Drawn(
    "reversal",
    _reversed,
    (
        ("FL306", drawn(ref=st.sampled_from(NO_ORIGINAL))),
        ("FL306", _twice),
        ("FL306", _before),
        ("FL304", but(maker="S06", reviewer="S06")),
        ("FL307", drawn(on=st.dates(date(2025, 12, 1), date(2026, 1, 31)))),
        ("FL312", drawn(on=st.dates(date(2027, 7, 1), date(2030, 1, 1)))),
        ("FL315", drawn(reviewer=st.sampled_from(("S03", "S99")))),
    ),
    lambda _, said: reversing(said["ref"], said["on"], said["maker"], said["reviewer"]),
)


def _corrected(data: st.DataObject, world: World) -> Said:
    if data.draw(st.booleans()):
        on = data.draw(st.dates(date(2026, 3, 6), LAST))
        fen = data.draw(st.integers(1, 100_00))
        postings = (debit(BANK, fen), credit(PRIOR_YEAR_ADJUSTMENT, fen))
        return {"ref": "2025-12-0001", "right": draft(postings, on, "correction")}
    original = _undoable(data, world)
    on = data.draw(st.dates(original.date, LAST))
    return {"ref": original.ref, "right": draft(drafts.donation(data.draw(AMOUNTS_FEN)), on)}


def _wrong(data: st.DataObject, _: World, __: Said) -> Said:
    """Correct a voucher of the year before in a way that blue ink does not."""
    fen = data.draw(st.integers(1, 100_00))
    postings = data.draw(
        st.sampled_from(
            (
                (debit(BANK, -fen), credit(PRIOR_YEAR_ADJUSTMENT, -fen)),
                (debit(BANK, 100_00 + fen), credit(PRIOR_YEAR_ADJUSTMENT, 100_00 + fen)),
                drafts.donation(fen),
                drafts.expense(2026, DIBAO, fen),
            )
        )
    )
    on = data.draw(st.dates(date(2026, 3, 6), LAST))
    return {"ref": "2025-12-0001", "right": draft(postings, on, "correction")}


def _too_early(data: st.DataObject, world: World, said: Said) -> Said:
    original = world.books().voucher(said["ref"])
    assert original is not None
    first = date(2026, 2, 1) if original.date.year == LAST.year else date(2025, 1, 1)
    on = data.draw(st.dates(first, original.date - timedelta(days=1)))
    return {**said, "right": replace(said["right"], date=on)}


def _once_more(_: st.DataObject, world: World, said: Said) -> Said:
    world.does(CORRECTED.act(world, said))
    world.does(CORRECTED.act(world, said))
    return said


def _by_s06(_: st.DataObject, __: World, said: Said) -> Said:
    return {**said, "right": replace(said["right"], maker="S06", reviewer="S06")}


CORRECTED = Drawn(
    "correction",
    _corrected,
    (
        ("FL313", _wrong),
        ("FL313", _too_early),
        ("FL313", drawn(ref=st.sampled_from(("2026-03-0005", "2025-12-0002")))),
        ("FL306", but(ref="2026-03-0004")),
        ("FL304", _by_s06),
    ),
    lambda _, said: correcting(said["ref"], said["right"]),
)
RECORDED = (KEYED, NUMBERED, POSTED, PAID, EXPLAINED, REVERSED, CORRECTED)
