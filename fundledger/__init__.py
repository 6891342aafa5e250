"""fundledger keeps earmarked public money apart, in the open, and provably right.

`open` an office, take a `fund`, `record` drafts made of `debit` and `credit`, `check` the books.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fundledger.checks.audit import Audit
    from fundledger.errors import (
        Busy,
        FundledgerError,
        InputInvalid,
        JournalBroken,
        KeyConflict,
        NotFound,
        NotWritten,
        OutcomeUnknown,
        Refused,
    )
    from fundledger.findings import Finding, Severity
    from fundledger.fund import Fund, Surroundings
    from fundledger.ledger import drafts
    from fundledger.ledger.entered import credit, debit
    from fundledger.ledger.store import Receipt
    from fundledger.ledger.voucher import Draft, Posting, Voucher
    from fundledger.money import capitals, format_fen, parse_fen
    from fundledger.office import Office
    from fundledger.office import Office as open  # noqa: A004, N813 - `fundledger.open(...)`

_HOMES = {
    "Audit": "checks.audit",
    "Busy": "errors",
    "Draft": "ledger.voucher",
    "Finding": "findings",
    "Fund": "fund",
    "FundledgerError": "errors",
    "InputInvalid": "errors",
    "JournalBroken": "errors",
    "KeyConflict": "errors",
    "NotFound": "errors",
    "NotWritten": "errors",
    "Office": "office",
    "OutcomeUnknown": "errors",
    "Posting": "ledger.voucher",
    "Receipt": "ledger.store",
    "Refused": "errors",
    "Severity": "findings",
    "Surroundings": "fund",
    "Voucher": "ledger.voucher",
    "capitals": "money",
    "credit": "ledger.entered",
    "debit": "ledger.entered",
    "drafts": "ledger.drafts",
    "format_fen": "money",
    "open": "office",
    "parse_fen": "money",
}

__all__ = [
    "Audit",
    "Busy",
    "Draft",
    "Finding",
    "Fund",
    "FundledgerError",
    "InputInvalid",
    "JournalBroken",
    "KeyConflict",
    "NotFound",
    "NotWritten",
    "Office",
    "OutcomeUnknown",
    "Posting",
    "Receipt",
    "Refused",
    "Severity",
    "Surroundings",
    "Voucher",
    "capitals",
    "credit",
    "debit",
    "drafts",
    "format_fen",
    "open",
    "parse_fen",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the module of that name holds
    """Return a public name from the module that holds it; nothing is imported before."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    module = import_module(f"{__name__}.{home}")
    return module if name == "drafts" else getattr(module, "Office" if name == "open" else name)
