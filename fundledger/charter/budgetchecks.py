"""What must hold between the entries of `rules/budget.toml` that an office adds by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from fundledger.charter.kinds import Dated
from fundledger.charter.reading import Reading, nearest_first
from fundledger.findings import Finding

_DECIDES = frozenset({"approver", "chief"})


def said_once(budget: Reading[Any]) -> Iterator[Finding]:
    """Yield FL021 for what is said twice: of a line in a year or after a month, of a voucher."""
    for entries, when in (("override", "year"), ("rest_of_year", "after")):
        seen: set[str] = set()
        for path, one in budget.entries(entries):
            found = f"{one.fund}/{one.line} {getattr(one, when)}"
            if found in seen:
                yield budget.finding("FL021", (*path, "category"), found=found)
            seen.add(found)
    refs: set[str] = set()
    for path, one in budget.entries("one_off"):
        if one.ref in refs:
            yield budget.finding("FL021", (*path, "voucher"), found=one.ref)
        refs.add(one.ref)


def decided_by_who_may(budget: Reading[Any], staff: Reading[Any]) -> Iterator[Finding]:
    """Yield FL594 for what was decided by hand by a post that never may."""
    posts = {post.code: post for _, post in staff.entries("staff")}
    for path, one in budget.entries("override"):
        post = posts.get(one.actor)
        if post is not None and _DECIDES.isdisjoint(held.role for held in post.roles):
            title = {"title_zh": post.title_zh, "title_en": post.title_en}
            yield budget.finding("FL594", (*path, "actor"), found=one.actor, **title)


def of_a_line(
    budget: Reading[Any], funds: Reading[Any], lines: Collection[str]
) -> Iterator[Finding]:
    """Yield FL562 for each step that is for no line that any fund may pay, while it holds.

    And for what the rest of a year takes of a line that its fund may not pay in that year.  `lines`
    are those of the units; what is none of them, or of no fund, has a finding of its own.

    Nothing where the purposes of funds cannot be told, for those have findings of their own.
    """
    if funds.value is None or funds.removed:
        return
    purposes = [
        (fund.id, purpose) for _, fund in funds.entries("fund") for purpose in fund.purposes
    ]
    known = {f"{fund}/{purpose.line}" for fund, purpose in purposes}
    for path, rest in budget.entries("rest_of_year"):
        first, last = date(rest.year, 1, 1), date(rest.year, 12, 31)
        is_known = rest.line in lines and rest.fund in {fund for fund, _ in purposes}
        if is_known and not any(
            (fund, purpose.line) == (rest.fund, rest.line) and in_force(purpose, first, last)
            for fund, purpose in purposes
        ):
            found = f"{rest.fund}/{rest.line}"
            yield budget.finding("FL562", path, found=found, allowed=nearest_first(found, known))
    for path, step in budget.entries("step"):
        if not any(
            step.is_for(fund, purpose.unit, purpose.category) and step.meets(purpose)
            for fund, purpose in purposes
        ):
            said = (step.fund or "*", f"{step.unit or '*'}:{step.category or '*'}")
            found = "/".join(said)
            allowed = nearest_first(found.replace("*", ""), known)
            yield budget.finding("FL562", path, found=found, allowed=allowed)


def in_force(one: Dated, first: date, last: date) -> bool:
    """Return whether something holds on any day of a time."""
    return one.from_date <= last and (one.until is None or one.until >= first)
