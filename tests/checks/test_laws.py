"""The two laws: accepted means that the replay agrees; refused and then forced in means found."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundledger.checks.catalogue import Gates
from fundledger.checks.listed import EVERY_CHECK
from fundledger.ledger import drafts
from fundledger.ledger.chart import BANK
from fundledger.ledger.voucher import Draft, Posting
from support.breakages import BREAKAGES, Break, sound
from support.laws.acts import recording
from support.laws.listed import DRAWN
from support.laws.world import TODAY, World
from support.offices import draft

pytestmark = pytest.mark.no_cover  # properties, if in a loop: see conftest.py
SIZES_FEN = st.integers(1, 9_000_00)
CASES = Path(__file__).with_name("cases")
OF_BATCHES = {check.code for check in EVERY_CHECK if "FL748" <= check.code <= "FL799"}
OF_BATCHES |= {"FL329", "FL346", "FL348", "FL349"}
"""Put to both laws by their cases (test_cases), and by the machine of payments."""

GATING = {check.code for check in EVERY_CHECK if check.gates is not Gates.NEVER}


def no_new_line(one: Draft) -> bool:
    """Whether a draft leaves the second line without a budget, on which FL501 rests."""
    return not any("MajorIllness" in posting.account for posting in one.postings)


@settings(max_examples=40)
@given(st.data())
def test_what_is_sound_is_accepted_and_stays_sound(
    copies: Path, numbers: Iterator[int], data: st.DataObject
) -> None:
    world = World(copies, numbers).another()
    batches = data.draw(st.lists(st.lists(sound(), min_size=1, max_size=3), max_size=4))

    assert [world.hold_laws(recording(batch)) for batch in batches] == [[] for _ in batches]

    shutil.rmtree(world.root)


@pytest.mark.parametrize(("code", "breakage"), BREAKAGES)
def test_what_breaks_a_rule_is_refused_and_forced_in_it_is_found(
    code: str, breakage: Break, copies: Path, numbers: Iterator[int]
) -> None:
    @settings(max_examples=6)
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        world = World(copies, numbers).another()
        before = data.draw(st.lists(sound().filter(no_new_line), max_size=2))
        batch = [*before, breakage(data, data.draw(sound()))]

        assert code in {finding.code for finding in world.hold_laws(recording(batch))}

        shutil.rmtree(world.root)

    holds()


@settings(max_examples=60)
@given(st.data())
def test_whatever_is_broken_together_the_replay_says_what_the_gate_said(
    copies: Path, numbers: Iterator[int], data: st.DataObject
) -> None:
    world = World(copies, numbers).another()
    for _ in range(data.draw(st.integers(1, 3))):
        broken = data.draw(sound())
        for _, breakage in data.draw(st.lists(st.sampled_from(BREAKAGES), max_size=3)):
            broken = breakage(data, broken)
        world.hold_laws(recording([broken]))
    shutil.rmtree(world.root)


FACTS = (
    ("unknown-debit", drafts.unknown_debit(10_000_00), "FL402"),
    ("bank-fee", drafts.bank_fee(10_000_00), "FL402"),
)


@pytest.mark.parametrize(("event", "postings", "code"), FACTS)
def test_a_fact_is_recorded_all_the_same_and_its_finding_stays(
    event: str, postings: Sequence[Posting], code: str, copies: Path, numbers: Iterator[int]
) -> None:
    fund = World(copies, numbers).another().opened()
    receipt = fund.record(draft(tuple(postings), event=event))
    told = [finding for finding in receipt.findings if finding.code == code]
    found = [finding for finding in fund.check(TODAY).findings if finding.code == code]

    assert [(finding.code, finding.gates) for finding in told] == [(code, False)]
    assert found == told


@given(
    came=st.integers(1, 9_000_00), went=st.integers(1, 9_000_00), beyond=st.integers(1, 9_000_00)
)
@settings(max_examples=20)
def test_what_overdraws_after_others_of_its_day_keeps_its_finding(
    copies: Path, numbers: Iterator[int], came: int, went: int, beyond: int
) -> None:
    world = World(copies, numbers).another()
    fund = world.opened()
    both = (
        (drafts.allocation("District", came), ""),
        (drafts.unknown_debit(went), "unknown-debit"),
    )
    first = fund.record([draft(postings, TODAY, event) for postings, event in both])
    left_fen = max(fund.books().balance(BANK), 0) + beyond
    last = fund.record(draft(drafts.unknown_debit(left_fen), TODAY, "unknown-debit"))
    told = [f for receipt in (first, last) for f in receipt.findings if f.code == "FL402"]
    found = [f for f in fund.check(TODAY).findings if f.code == "FL402"]
    fund.close_files()
    shutil.rmtree(world.root)

    assert told
    assert sorted(map(repr, found)) == sorted(map(repr, told))


def test_every_check_that_gates_was_put_to_both_laws() -> None:
    """No code is left out: what the program itself makes is asked of its gate or store."""
    drawn = {code for kind in DRAWN for code, _ in kind.breakages}

    assert {code for code, _ in BREAKAGES} | drawn == GATING - OF_BATCHES
    assert {path.name for path in CASES.iterdir()} > OF_BATCHES
