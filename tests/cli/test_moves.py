"""What a transfer on the command line can say is what a transfer may post."""

from __future__ import annotations

from fundledger.cli.moves import MOVES
from fundledger.ledger.chart import Chart
from fundledger.ledger.events import EVENTS
from support.offices import charter


def test_each_way_of_a_transfer_can_be_said_and_nothing_else() -> None:
    chart = Chart(charter(), "")
    said = set()
    for move in MOVES:
        taker = move.taker if move.taker[-1] != ":" else "Income:Donation"
        debited, credited = (move.giver, taker) if move.debits_giver else (taker, move.giver)
        said.add((debited, credited))
    ways = {
        (debited, credited)
        for form in EVENTS["transfer"].forms
        for debited in form.debits
        for credited in form.credits
    }
    income = {name for _, name in ways if name.startswith("Income:")}

    assert said == {way for way in ways if way[1] not in income - {"Income:Donation"}}
    assert all(chart.account(name).role == name for way in said for name in way)
