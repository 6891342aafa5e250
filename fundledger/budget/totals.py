"""What each fund needs and asks for: its lines, its reserve, its carry-over and other sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from fundledger.budget.annual import WHOLE_BASIS_POINTS
from fundledger.budget.inputs import Names
from fundledger.budget.model import (
    Announced,
    Blocked,
    FundTotal,
    Line,
)

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules, Charter

_GIFTS = Names("捐赠", "donations")


def other_sources_of(
    charter: Charter, rules: BudgetRules, year: int
) -> dict[str, tuple[Announced, ...]]:
    """Return by fund what documents announce for the year, in the order of the rules."""
    names = {
        (fund.id, source.slug): Names(source.zh, source.en)
        for fund in charter.funds
        for source in fund.sources
    }
    found: dict[str, tuple[Announced, ...]] = {}
    for one in rules.other_sources:
        if one.year == year:
            called = names.get((one.fund, one.source), _GIFTS)
            told = Announced(one.source, called, one.amount_fen, one.document)
            found[one.fund] = (*found.get(one.fund, ()), told)
    return found


def fund_totals(
    funds: Iterable[str],
    lines: Sequence[Line],
    blocked: Sequence[Blocked],
    rules: BudgetRules,
    others: Mapping[str, tuple[Announced, ...]],
) -> tuple[FundTotal, ...]:
    """Add up each fund that has lines; the reserve is a share of those at discretion, floored.

    `others` are what other sources announce for the year, by fund.
    """
    share = min(rules.reserve_basis_points, rules.reserve_limit_basis_points)
    lines_of: dict[str, list[Line]] = {}
    for line in lines:
        lines_of.setdefault(line.key.fund, []).append(line)
    waiting = Counter(item.key.fund for item in blocked)
    places = [*(line.place for line in lines), *(item.place for item in blocked)]
    names = {place.key.fund: place.fund for place in places}
    totals = []
    for fund in funds:
        if fund not in names:
            continue
        of_fund = lines_of.get(fund, [])
        optional_fen = sum(line.proposed_fen for line in of_fund if not line.place.rigid)
        totals.append(
            FundTotal(
                fund=fund,
                names=names[fund],
                lines=len(of_fund),
                blocked=waiting[fund],
                proposed_fen=sum(line.proposed_fen for line in of_fund),
                reserve_fen=optional_fen * share // WHOLE_BASIS_POINTS,
                carry_over_fen=sum(line.carry_over_fen for line in of_fund),
                other_sources=others.get(fund, ()),
            )
        )
    return tuple(totals)
