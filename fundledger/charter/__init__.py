"""The charter: what `rules/` says of units, funds, staff, rates, controls and the budget.

The names below are loaded on first use, since the models need pydantic and much of the house
does not need the models.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fundledger.charter.budget import (
        BudgetRules,
        ExecutionMark,
        LinePattern,
        ReasonCode,
        Uplift,
    )
    from fundledger.charter.duties import Controls, Role, Sourced, Staff
    from fundledger.charter.kinds import Dated
    from fundledger.charter.load import load_budget_rules, load_charter, load_rules
    from fundledger.charter.models import (
        JOINT,
        BankAccount,
        Category,
        Charter,
        Fund,
        FundCharter,
        FundSource,
        Office,
        OverlapGroup,
        Purpose,
        Rate,
        Regime,
        Source,
        Unit,
    )

_HOMES = {
    "budget": ("BudgetRules", "ExecutionMark", "LinePattern", "ReasonCode", "Uplift"),
    "duties": ("Controls", "Role", "Sourced", "Staff"),
    "kinds": ("Dated",),
    "load": ("load_budget_rules", "load_charter", "load_rules"),
    "models": (
        *("JOINT", "BankAccount", "Category", "Charter", "Fund", "FundCharter", "FundSource"),
        *("Office", "OverlapGroup", "Purpose", "Rate", "Regime", "Source", "Unit"),
    ),
}

__all__ = [
    "JOINT",
    "BankAccount",
    "BudgetRules",
    "Category",
    "Charter",
    "Controls",
    "Dated",
    "ExecutionMark",
    "Fund",
    "FundCharter",
    "FundSource",
    "LinePattern",
    "Office",
    "OverlapGroup",
    "Purpose",
    "Rate",
    "ReasonCode",
    "Regime",
    "Role",
    "Source",
    "Sourced",
    "Staff",
    "Unit",
    "Uplift",
    "load_budget_rules",
    "load_charter",
    "load_rules",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the module of that name holds
    """Return a name of this package from the module that holds it."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
