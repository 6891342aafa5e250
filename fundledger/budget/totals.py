"""What each fund needs and asks for: the sums of its lines, its reserve and its carry-over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from fundledger.budget.annual import WHOLE_BASIS_POINTS
from fundledger.budget.model import Blocked, FundTotal, Line

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules


def fund_totals(
    funds: Iterable[str], lines: Sequence[Line], blocked: Sequence[Blocked], rules: BudgetRules
) -> tuple[FundTotal, ...]:
    """Add up each fund that has lines; the reserve is a share of those at discretion, floored."""
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
            )
        )
    return tuple(totals)
