"""The yearly budget: from what was spent and what is needed to figures that explain themselves."""

from fundledger.budget.lots import Disposal, FundLots, fund_lots
from fundledger.budget.model import (
    Blocked,
    BookHead,
    Decision,
    Declaration,
    FundTotal,
    History,
    Line,
    LineKey,
    Names,
    Need,
    Place,
    Proposal,
    Provenance,
    Step,
    whole_fen,
)
from fundledger.budget.needform import NeedRow, write_need
from fundledger.budget.outturn import Outturn, outturn
from fundledger.budget.propose import propose

__all__ = [
    "Blocked",
    "BookHead",
    "Decision",
    "Declaration",
    "Disposal",
    "FundLots",
    "FundTotal",
    "History",
    "Line",
    "LineKey",
    "Names",
    "Need",
    "NeedRow",
    "Outturn",
    "Place",
    "Proposal",
    "Provenance",
    "Step",
    "outturn",
    "fund_lots",
    "propose",
    "whole_fen",
    "write_need",
]
