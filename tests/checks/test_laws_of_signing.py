"""The two laws on reconciliations, at the edges that a drawn one seldom stands on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec import convert

from fundledger.charter import FundCharter
from fundledger.ledger import drafts
from fundledger.ledger.asserted import reconciled
from fundledger.ledger.bodies import ReconciliationBody
from fundledger.ledger.chart import BANK
from support.laws.acts import recording, signing
from support.laws.world import World
from support.offices import charter_values, draft

A, B, C = ("a" * 64, "b" * 64, "c" * 64)
OPEN_AT_THE_BANK = ("book-in", "2026-01-15", 100_00, "2026-01-0001")
INTEREST = ("book-in", "2026-03-05", 1_00, "2026-03-0006")
CREDIT = ("bank-in", "2026-03-20", 50, f"{B}:7")
SIGNED: dict[str, Any] = {
    "account": BANK,
    "date": "2026-03-31",
    "amount_fen": 6_100_50,
    "booked_fen": 6_201_00,
    "statements": [B],
    "items": [OPEN_AT_THE_BANK, INTEREST, CREDIT],
}


def but(at: int, **changes: object) -> dict[str, Any]:
    """Return the sound reconciliation with one of its items changed, and the sum kept right."""
    fields = ("kind", "date", "amount_fen", "ref")
    items = [dict(zip(fields, item, strict=True)) for item in SIGNED["items"]]
    items[at] |= changes
    return with_items(*(tuple(item.values()) for item in items))


def with_items(*items: Any) -> dict[str, Any]:  # noqa: ANN401 - an item is a tuple of four
    """Return the sound reconciliation with other items, and a statement to go with them."""
    signs = {"book-in": -1, "book-out": 1, "bank-in": 1, "bank-out": -1}
    apart_fen = sum(signs[kind] * fen for kind, _, fen, _ in items)
    return {"items": [*items], "amount_fen": SIGNED["booked_fen"] + apart_fen}


RECONCILIATIONS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("", {}, "S05"),
    ("", but(2, ref=f"{B}:7 {B}:9"), "S01"),
    ("FL322", {"account": "Assets:Cash"}, "S05"),
    ("FL322", {"account": "Assets:Bank:Savings"}, "S05"),
    ("FL322", {"date": "2027-07-01"}, "S05"),
    ("FL322", {"date": "2024-12-31"}, "S05"),
    ("FL323", {}, "S03"),
    ("FL323", {}, "S04"),
    ("FL323", {}, "S07"),
    ("FL324", {"after": 0}, "S05"),
    ("FL324", {"after": 7}, "S05"),
    ("FL324", {"replaces": 10}, "S05"),
    ("FL324", {"after": 0, "replaces": 7}, "S05"),
    ("FL324", {"date": "2026-02-28"}, "S05"),
    ("FL324", {"statements": [A, B]}, "S05"),
    ("FL325", {"booked_fen": 6_201_01, "amount_fen": 6_100_51}, "S05"),
    ("FL326", {"amount_fen": 6_100_51}, "S05"),
    ("FL327", but(1, ref="2026-03-0099"), "S05"),
    ("FL327", but(1, ref=f"{B}:8"), "S05"),
    ("FL327", but(1, amount_fen=1_01), "S05"),
    ("FL327", but(1, kind="book-out"), "S05"),
    ("FL327", but(1, date="2026-03-06"), "S05"),
    ("FL327", but(0, date="2026-01-16"), "S05"),
    ("FL327", but(1, ref="2026-04-0001", date="2026-04-02"), "S05"),
    ("FL327", but(0, ref="2025-12-0001", date="2025-12-20"), "S05"),
    ("FL327", but(1, ref="2026-03-0006 2026-03-0006"), "S05"),
    ("FL327", but(2, ref=f"{C}:7"), "S05"),
    ("FL327", but(2, ref="2026-03-0006"), "S05"),
    ("FL327", but(2, date="2026-04-01"), "S05"),
    ("FL327", but(2, date="2026-02-28"), "S05"),
    ("FL327", but(2, kind="bank-out"), "S05"),
    ("FL327", with_items(*SIGNED["items"], INTEREST), "S05"),
    ("FL327", with_items(*SIGNED["items"], OPEN_AT_THE_BANK), "S05"),
    ("FL327", with_items(*SIGNED["items"], CREDIT), "S05"),
    ("FL327", with_items(*SIGNED["items"], ("bank-in", "2026-03-20", 50, f"{B}:7 {B}:8")), "S05"),
)


def donated(world: World, day: date, *fen: int) -> None:
    for one in fen:
        world.must(recording([draft(drafts.donation(one), day, "donation")]))


def sign(world: World, said: dict[str, Any]) -> int:
    """Sign what must be taken; return its sequence."""
    world.must(signing(signed(said), "S05"))
    return reconciled(world.books(), BANK)[-1].sequence


def refused(world: World, said: dict[str, Any], actor: str = "S05") -> set[str]:
    """Sign under both laws; return the codes of what it is refused for."""
    return {finding.code for finding in world.hold_laws(signing(signed(said), actor))}


@pytest.mark.parametrize(("code", "changes", "actor"), RECONCILIATIONS)
def test_a_reconciliation_is_refused_for_what_its_replay_finds(
    code: str, changes: dict[str, Any], actor: str, copies: Path, numbers: Iterator[int]
) -> None:
    world = World(copies, numbers).another()
    donated(world, date(2026, 4, 2), 1_00)
    before = sign(
        world,
        {
            "account": BANK,
            "date": "2026-02-28",
            "amount_fen": 100_00,
            "booked_fen": 200_00,
            "statements": [A],
            "items": [OPEN_AT_THE_BANK],
        },
    )

    found = refused(world, {**SIGNED, "after": before, **changes}, actor)

    assert code in found or not (code or found)


def signed(said: dict[str, Any]) -> ReconciliationBody:
    """Return a reconciliation told in short: an item is kind, day, fen and refs."""
    items = [
        {"kind": kind, "date": day, "amount_fen": fen, "refs": refs.split()}
        for kind, day, fen, refs in said["items"]
    ]
    return convert({**said, "items": items}, ReconciliationBody)


def test_a_reconciliation_behind_which_the_book_changed_is_followed_by_none(
    copies: Path, numbers: Iterator[int]
) -> None:
    world = World(copies, numbers).another()
    first = {"date": "2026-02-28", "amount_fen": 200_00, "booked_fen": 200_00, "items": []}
    sequence = sign(world, {**SIGNED, **first, "statements": [A]})
    donated(world, date(2026, 2, 27), 1)
    amounts = {"amount_fen": 6_201_01, "booked_fen": 6_201_01, "items": []}

    assert refused(world, {**SIGNED, **amounts, "after": sequence}) == {"FL324"}


def test_of_lines_that_compete_none_is_picked_later(copies: Path, numbers: Iterator[int]) -> None:
    world = World(copies, numbers).another()
    donated(world, date(2026, 2, 20), 7, 7)
    either = ("book-in", "2026-02-20", 7, "2026-02-0001 2026-02-0002")
    first = {"date": "2026-02-28", "amount_fen": 200_07, "booked_fen": 200_14, "items": [either]}
    sequence = sign(world, {**SIGNED, **first, "statements": [A]})
    one = ("book-in", "2026-02-20", 7, "2026-02-0002")
    later = {"amount_fen": 6_201_07, "booked_fen": 6_201_14, "items": [one], "after": sequence}

    assert refused(world, {**SIGNED, **later}) == {"FL327"}


def test_the_cashier_signs_nothing_in_whatever_other_role(
    copies: Path, numbers: Iterator[int]
) -> None:
    values = charter_values()
    values["staff"][0]["roles"].append({"role": "cashier", "from": "2025-01-01"})
    world = World(copies, numbers, FundCharter.model_validate(values)).another()
    donated(world, date(2026, 4, 2), 1)
    even = {"amount_fen": 6_201_00, "booked_fen": 6_201_00, "items": []}

    assert refused(world, {**SIGNED, **even}, "S01") == {"FL323"}
