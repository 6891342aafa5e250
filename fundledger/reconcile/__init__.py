"""The book against the bank: R1 (the statement itself) and R2 (银行存款余额调节表)."""

from fundledger.reconcile.adjust import reconcile
from fundledger.reconcile.booklines import book_lines
from fundledger.reconcile.cure import Cure
from fundledger.reconcile.identities import Identity, mirrored
from fundledger.reconcile.model import (
    Adjustment,
    BookLine,
    Carried,
    Item,
    Kind,
    Match,
    SetOff,
    Tolerance,
)
from fundledger.reconcile.payments import Comparison, Known
from fundledger.reconcile.proposed import Proposed
from fundledger.reconcile.signing import sign
from fundledger.reconcile.statement import check_statements
from fundledger.reconcile.trial import Trial, try_out

__all__ = [
    "Adjustment",
    "BookLine",
    "Carried",
    "Comparison",
    "Cure",
    "Identity",
    "Item",
    "Kind",
    "Known",
    "Match",
    "Proposed",
    "SetOff",
    "Tolerance",
    "Trial",
    "book_lines",
    "check_statements",
    "mirrored",
    "reconcile",
    "sign",
    "try_out",
]
