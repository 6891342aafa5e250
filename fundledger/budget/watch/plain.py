"""How a budget is used as plain JSON values: ASCII keys, whole fen, shares in basis points."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

from fundledger.budget.annual import WHOLE_BASIS_POINTS
from fundledger.budget.model import HALF
from fundledger.budget.watch.figures import Used

if TYPE_CHECKING:
    from fundledger.budget.watch.forecast import Outlook
    from fundledger.budget.watch.model import FundStatus, LineStatus, OfficeStatus


def office_json(status: OfficeStatus) -> dict[str, Any]:
    """Return all funds with their sums."""
    return {
        **_head(status),
        "funds": [_fund(fund) for fund in status.funds],
        "total": {
            **_used(status.used),
            "deviation_basis_points": basis_points(status.deviation),
            "forecast_fen": status.forecast_fen,
        },
        "findings": [finding.as_json() for finding in status.findings],
    }


def fund_json(status: OfficeStatus) -> dict[str, Any]:
    """Return the one fund that was asked for, with its lines."""
    (fund,) = status.funds
    return {
        **_fund(fund),
        **_head(status),
        "lines": [_line(line) for line in fund.lines],
        "findings": [finding.as_json() for finding in status.findings],
    }


def basis_points(share: Fraction | None) -> int | None:
    """Return a share in basis points, half up."""
    return None if share is None else floor(share * WHOLE_BASIS_POINTS + HALF)


def _head(status: OfficeStatus) -> dict[str, Any]:
    return {
        "year": status.year,
        "as_of": status.as_of.isoformat(),
        "progress_basis_points": basis_points(status.progress),
    }


def _used(used: Used) -> dict[str, Any]:
    return {
        **asdict(used),
        "adjusted_fen": used.adjusted_fen,
        "rate_basis_points": basis_points(used.rate),
    }


def _fund(fund: FundStatus) -> dict[str, Any]:
    return {
        "fund": fund.fund,
        "name_zh": fund.names.zh,
        "name_en": fund.names.en,
        **_used(fund.used),
        "deviation_basis_points": basis_points(fund.deviation),
        "own_basis_points": basis_points(fund.own),
        "forecast_fen": fund.forecast_fen,
        "dry_on": fund.dry_on.isoformat() if fund.dry_on is not None else None,
    }


def _line(line: LineStatus) -> dict[str, Any]:
    return {
        "line": line.place.key.line,
        "name_zh": line.place.category.zh,
        "name_en": line.place.category.en,
        "treatment": "rigid" if line.place.rigid else "discretionary",
        "pattern": line.place.pattern,
        **_used(line.used),
        "deviation_basis_points": basis_points(line.deviation),
        "own_basis_points": basis_points(line.own),
        "own_deviation_basis_points": basis_points(line.own_deviation),
        **_outlook(line.outlook),
    }


def _outlook(seen: Outlook) -> dict[str, Any]:
    rest = seen.rest
    return {
        "forecast_fen": seen.whole_fen,
        "forecast_exact_fen": None if seen.forecast_fen is None else str(seen.forecast_fen),
        "rest": None
        if rest is None
        else {
            "exact_fen": str(rest.amount_fen),
            "rule": rest.rule,
            "source": rest.source,
            "inputs": dict(rest.inputs),
        },
        "to_come": [{"month": month, "exact_fen": str(fen)} for month, fen in seen.to_come],
        "dry_on": seen.dry_on.isoformat() if seen.dry_on is not None else None,
        "untold": None if seen.untold is None else seen.untold.as_json(),
    }
