"""The lines of a proposal in the order in which every form has them."""

from __future__ import annotations

from typing import TypeAlias

from fundledger.budget import Blocked, Line, LineKey, Place, Proposal

Item: TypeAlias = Line | Blocked


def items(proposal: Proposal) -> tuple[Item, ...]:
    """Return lines and blocked lines together, fund by fund in the order of the rules."""
    known: dict[LineKey, Item] = {line.key: line for line in proposal.lines}
    known.update((item.key, item) for item in proposal.blocked)
    funds = list(dict.fromkeys(key.fund for key in proposal.places))
    ordered = sorted(proposal.places, key=lambda key: funds.index(key.fund))
    return tuple(known[key] for key in ordered if key in known)


def line_name(place: Place, language: str) -> str:
    """Return unit and category as people read them."""
    return f"{place.unit.name(language)} · {place.category.name(language)}"


def line_id(key: LineKey) -> str:
    """Return by what the rows of a line are known to each other."""
    return "-".join(key)
