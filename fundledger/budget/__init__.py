"""The yearly budget: from what was spent and what is needed to figures that explain themselves."""

from fundledger.budget.assumed import what_if
from fundledger.budget.compare import (
    Difference,
    InputChange,
    LineChange,
    StepChange,
    TotalChange,
    difference,
)
from fundledger.budget.documents import Documents, Listed, Performance, documents
from fundledger.budget.inputs import (
    Declaration,
    History,
    LineKey,
    Names,
    Need,
    Place,
)
from fundledger.budget.kept import Kept, compared_of, kept_bytes, read_kept
from fundledger.budget.lots import Disposal, FundLots, fund_lots
from fundledger.budget.model import (
    Announced,
    Blocked,
    BookHead,
    Decision,
    FundTotal,
    Line,
    Overridden,
    Proposal,
    Provenance,
    Step,
    whole_fen,
)
from fundledger.budget.needform import NeedRow, write_need
from fundledger.budget.outturn import Outturn, outturn
from fundledger.budget.propose import propose
from fundledger.budget.verify import Verified, verified
from fundledger.budget.watch import (
    FundStatus,
    LineStatus,
    OfficeStatus,
    Outlook,
    Used,
    budget_status,
)

__all__ = [
    "Announced",
    "Blocked",
    "BookHead",
    "Decision",
    "Declaration",
    "Difference",
    "Disposal",
    "Documents",
    "FundLots",
    "FundStatus",
    "FundTotal",
    "History",
    "InputChange",
    "Kept",
    "Line",
    "LineChange",
    "LineKey",
    "LineStatus",
    "Listed",
    "Names",
    "Need",
    "NeedRow",
    "OfficeStatus",
    "Outlook",
    "Outturn",
    "Overridden",
    "Performance",
    "Place",
    "Proposal",
    "Provenance",
    "Step",
    "StepChange",
    "TotalChange",
    "Used",
    "Verified",
    "budget_status",
    "compared_of",
    "difference",
    "documents",
    "fund_lots",
    "kept_bytes",
    "outturn",
    "propose",
    "read_kept",
    "verified",
    "what_if",
    "whole_fen",
    "write_need",
]
