"""What must hold between the entries of `rules/budget.toml` that an office adds by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fundledger.charter.reading import Reading, nearest_first
from fundledger.findings import Finding


def decided_once(budget: Reading[Any]) -> Iterator[Finding]:
    """Yield FL021 for each line that is decided by hand more than once for one year."""
    seen: set[str] = set()
    for path, one in budget.entries("override"):
        found = f"{one.fund}/{one.line} {one.year}"
        if found in seen:
            yield budget.finding("FL021", (*path, "category"), found=found)
        seen.add(found)


def of_a_line(budget: Reading[Any], funds: Reading[Any]) -> Iterator[Finding]:
    """Yield FL562 for each step that is for no line that any fund may pay, while it holds.

    Nothing where the purposes of funds cannot be told, for those have findings of their own.
    """
    if funds.value is None or funds.removed:
        return
    purposes = [
        (fund.id, purpose) for _, fund in funds.entries("fund") for purpose in fund.purposes
    ]
    for path, step in budget.entries("step"):
        if not any(
            step.is_for(fund, purpose.unit, purpose.category) and step.meets(purpose)
            for fund, purpose in purposes
        ):
            said = (step.fund or "*", f"{step.unit or '*'}:{step.category or '*'}")
            known = {f"{fund}/{purpose.line}" for fund, purpose in purposes}
            found = "/".join(said)
            yield budget.finding(
                "FL562", path, found=found, allowed=nearest_first(found.replace("*", ""), known)
            )
