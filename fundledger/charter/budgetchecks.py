"""What must hold between the entries of `rules/budget.toml` that an office adds by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from fundledger.charter.budget import GIFTS
from fundledger.charter.kinds import Dated
from fundledger.charter.reading import Reading, nearest_first
from fundledger.findings import Finding

_DECIDES = frozenset({"approver", "chief"})


def said_once(budget: Reading[Any]) -> Iterator[Finding]:
    """Yield FL021 for what is said twice: of a line for one time, of a voucher, of money."""
    for entries, when in (("override", "year"), ("rest_of_year", "after")):
        seen: set[str] = set()
        for path, one in budget.entries(entries):
            found = f"{one.fund}/{one.line} {getattr(one, when)}"
            if found in seen:
                yield budget.finding("FL021", (*path, "category"), found=found)
            seen.add(found)
    for entries, key in (("one_off", "voucher"), ("other_source", "document")):
        refs: set[str] = set()
        for path, one in budget.entries(entries):
            if one.ref in refs:
                yield budget.finding("FL021", (*path, key), found=one.ref)
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


def from_its_sources(budget: Reading[Any], funds: Reading[Any]) -> Iterator[Finding]:
    """Yield FL562 for money of another source for a fund that pays nothing in that year.

    And FL020 where it is of a source from which the fund gets nothing in that year.  Nothing where
    the funds cannot be told, for they have findings of their own.
    """
    if funds.value is None or funds.removed:
        return
    by_id = {fund.id: fund for _, fund in funds.entries("fund")}
    known = {f"{fund.id}/{one.line}" for fund in by_id.values() for one in fund.purposes}
    for path, other in budget.entries("other_source"):
        fund = by_id.get(other.fund)
        if fund is None:
            continue
        first, last = max(date(other.year, 1, 1), fund.opened), date(other.year, 12, 31)
        last = min(last, fund.closed or last)
        if first > last or not any(in_force(one, first, last) for one in fund.purposes):
            found = f"{other.fund}/*:*"
            yield budget.finding("FL562", path, found=found, allowed=nearest_first(fund.id, known))
            continue
        sources = {one.source for one in fund.sources if in_force(one, first, last)}
        sources |= {GIFTS} if fund.donations else set()
        if other.source not in sources:
            allowed = nearest_first(other.source, sources)
            yield budget.finding("FL020", (*path, "source"), found=other.source, allowed=allowed)


def in_force(one: Dated, first: date, last: date) -> bool:
    """Return whether something holds on any day of a time."""
    return one.from_date <= last and (one.until is None or one.until >= first)
