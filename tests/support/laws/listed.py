"""Every kind of act that the two laws are put to."""

from __future__ import annotations

from support.laws.kinds import Drawn
from support.laws.periods import PERIODS
from support.laws.recorded import PLAIN, RECORDED
from support.laws.resting import RESTING
from support.laws.rules import CHANGED
from support.laws.signed import SIGNED
from support.laws.staged import OF_BUDGETS

DRAWN: tuple[Drawn, ...] = (*RECORDED, *RESTING, *PERIODS, *OF_BUDGETS, CHANGED, SIGNED)
EVERY = (PLAIN, *DRAWN)
