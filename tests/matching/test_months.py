"""Generated months of a fund: what was planted in one is found, and nothing else is.

The seeds come of a base, which is printed: `MONTHS_BASE=... make soak` takes those months again.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from secrets import token_hex

import pytest

from support.matching import Desk, Outcome
from support.matching.facts import CLASSES
from support.matching.faults import FAULTS, faulty_month
from support.matching.months import Month, Told, month

BASE = "2026-11-27"


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


def told(outcome: Outcome) -> Counter[Told]:
    """Each exception by its class, its line (a residual's batch), its row."""
    return Counter(
        (
            e["class"],
            e["line"] or (e["batch"] if e["class"] == "lump-residual" else ""),
            e["statement"],
            e["row"],
        )
        for e in outcome.exceptions
    )


def pairs(outcome: Outcome) -> set[tuple[str, int]]:
    return {(m["line"], m["row"]) for m in outcome.matches}


def look_at(desk: Desk, made: Month, seed: str) -> None:
    outcome = desk.match(*made.tables(), as_of=made.last)
    found, planted = told(outcome), Counter(made.told)

    assert (seed, planted - found, found - planted) == (seed, Counter(), Counter())
    assert (seed, pairs(outcome) ^ made.pairs) == (seed, set())


@pytest.mark.parametrize("number", range(4))
def test_of_a_month_in_which_nothing_is_wrong_nothing_is_told(desk: Desk, number: int) -> None:
    made = month(f"{BASE} {number}")

    assert made.told == []
    look_at(desk, made, f"{BASE} {number}")


@pytest.mark.parametrize("number", range(12))
def test_what_is_wrong_in_a_month_is_told_and_nothing_else(desk: Desk, number: int) -> None:
    seed = f"{BASE} {number}"

    look_at(desk, faulty_month(seed), seed)


@pytest.mark.soak
def test_what_is_wrong_in_200_months_is_told_and_nothing_else(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    base = os.environ.get("MONTHS_BASE") or token_hex(4)
    with capsys.disabled():
        sys.stdout.write(f"\nMONTHS_BASE={base}\n")

    for number in range(200):
        look_at(desk, faulty_month(f"{base} {number}"), f"{base} {number}")


def test_the_faults_between_them_give_every_class() -> None:
    classes = set()
    for fault in FAULTS:
        for number in range(40):
            made = month(f"{BASE} {number}")
            fault(made)
            classes |= {kind for kind, *_ in made.told}

    assert classes == CLASSES
