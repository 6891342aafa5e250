"""Watching a year's budget: how far it is used, how far it should be, and how the year will end."""

from fundledger.budget.watch.figures import Used
from fundledger.budget.watch.forecast import Outlook
from fundledger.budget.watch.model import FundStatus, LineStatus, OfficeStatus
from fundledger.budget.watch.status import Watch, budget_status

__all__ = ["FundStatus", "LineStatus", "OfficeStatus", "Outlook", "Used", "Watch", "budget_status"]
