"""The six lines that are worked by hand have the figures of the proposal, step by step."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from fundledger.budget import Proposal, propose
from fundledger.office import Office

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "budget-by-hand.md").read_text(encoding="utf-8")
BY_HAND = {
    heading: re.findall(r"^\| ([a-z-]+) \| (-?\d+\.\d\d) \|$", text, re.MULTILINE)
    for heading, text in re.findall(
        r"^## (\S+ \S+:\S+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL
    )
}


@pytest.fixture(scope="module")
def proposal() -> Proposal:
    return propose(Office(ROOT), 2027, as_of=date(2026, 10, 31))


def fen(yuan: str) -> int:
    return int(yuan.replace(".", ""))


@pytest.mark.parametrize("heading", BY_HAND)
def test_a_line_worked_by_hand_is_the_line_of_the_proposal(
    proposal: Proposal, heading: str
) -> None:
    (line,) = [one for one in proposal.lines if f"{one.key.fund} {one.key.line}" == heading]
    names = [step.name for step in line.steps]
    shown = list(zip(names, line.shown_fen(), strict=True))

    assert [(name, fen(yuan)) for name, yuan in BY_HAND[heading]] == [
        *shown,
        ("proposed", line.proposed_fen),
    ]


def test_they_are_of_six_kinds(proposal: Proposal) -> None:
    decided = {f"{one.key.fund} {one.key.line}": one.decision for one in proposal.lines}

    assert [str(decided[heading]) for heading in BY_HAND] == [
        *("rigid", "as-declared", "capped", "capped", "new", "discontinued"),
    ]
