"""fundledger keeps earmarked public money apart, in the open, and provably right.

    import fundledger

    with fundledger.open("gumei") as office:              # a directory with rules/ in it
        dibao = office.fund("dibao")
        grant = fundledger.Draft(date=..., narration="3月拨款到账", maker="S03", reviewer="S01",
            event="allocation", attachments=2, postings=(
                fundledger.debit("Assets:Bank:Dedicated", "120000.00"),
                fundledger.credit("Income:Appropriation:District", "120000.00")))
        receipt = dibao.record(grant, key="HZ-17")        # durable when it returns, or raises
        print(dibao.check().clean)

`Office` and `Fund` are what a program holds, `drafts` has the postings of every event, `Finding`
says what is wrong in Chinese and English, and every failure is a `FundledgerError`.  All names are
listed with an example of each in docs/embedding.md.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fundledger.checks.audit import Audit
    from fundledger.checks.chain import Verification
    from fundledger.errors import (
        Busy,
        CharterInvalid,
        FundledgerError,
        InputInvalid,
        InvalidAmount,
        JournalBroken,
        KeyConflict,
        NeedInvalid,
        NotFound,
        NotInstalled,
        NotReadable,
        NotWritten,
        OutcomeUnknown,
        Refused,
        StatementInvalid,
        VaultClosed,
    )
    from fundledger.findings import Finding, Severity
    from fundledger.fund import Fund
    from fundledger.ledger import drafts
    from fundledger.ledger.batches.outcomes import Outcome
    from fundledger.ledger.bodies import BankReceipt
    from fundledger.ledger.books import Books
    from fundledger.ledger.entered import credit, debit
    from fundledger.ledger.plan import Receipt
    from fundledger.ledger.record import Record
    from fundledger.ledger.surroundings import Surroundings
    from fundledger.ledger.voucher import Draft, Posting, Voucher
    from fundledger.money import capitals, format_fen, parse_fen
    from fundledger.office import Office, OfficeAudit
    from fundledger.payer import BatchAct, Entitlement
    from fundledger.stager import StageAct

    open = Office  # noqa: A001 - `fundledger.open(...)`
    __version__: str

_HOMES = {
    "Audit": "checks.audit",
    "BankReceipt": "ledger.bodies",
    "BatchAct": "payer",
    "Books": "ledger.books",
    "Busy": "errors",
    "CharterInvalid": "errors",
    "Draft": "ledger.voucher",
    "Entitlement": "payer",
    "Finding": "findings",
    "Fund": "fund",
    "FundledgerError": "errors",
    "InputInvalid": "errors",
    "InvalidAmount": "errors",
    "JournalBroken": "errors",
    "KeyConflict": "errors",
    "NeedInvalid": "errors",
    "NotFound": "errors",
    "NotInstalled": "errors",
    "NotReadable": "errors",
    "NotWritten": "errors",
    "Office": "office",
    "OfficeAudit": "office",
    "Outcome": "ledger.batches.outcomes",
    "OutcomeUnknown": "errors",
    "Posting": "ledger.voucher",
    "Receipt": "ledger.store",
    "Record": "ledger.record",
    "Refused": "errors",
    "Severity": "findings",
    "StageAct": "stager",
    "StatementInvalid": "errors",
    "Surroundings": "ledger.surroundings",
    "VaultClosed": "errors",
    "Verification": "checks.chain",
    "Voucher": "ledger.voucher",
    "capitals": "money",
    "credit": "ledger.entered",
    "debit": "ledger.entered",
    "drafts": "ledger.drafts",
    "format_fen": "money",
    "open": "office",
    "parse_fen": "money",
}

# What `*` takes; `open` is public too, but would stand in the way of Python's own.
__all__ = [
    "Audit",
    "BankReceipt",
    "BatchAct",
    "Books",
    "Busy",
    "CharterInvalid",
    "Draft",
    "Entitlement",
    "Finding",
    "Fund",
    "FundledgerError",
    "InputInvalid",
    "InvalidAmount",
    "JournalBroken",
    "KeyConflict",
    "NeedInvalid",
    "NotFound",
    "NotInstalled",
    "NotReadable",
    "NotWritten",
    "Office",
    "OfficeAudit",
    "Outcome",
    "OutcomeUnknown",
    "Posting",
    "Receipt",
    "Record",
    "Refused",
    "Severity",
    "StageAct",
    "StatementInvalid",
    "Surroundings",
    "VaultClosed",
    "Verification",
    "Voucher",
    "capitals",
    "credit",
    "debit",
    "drafts",
    "format_fen",
    "parse_fen",
]


if not TYPE_CHECKING:  # a type checker would take any name for one of ours

    def __getattr__(name: str) -> object:
        """Return a public name from the module that holds it; nothing is imported before."""
        if name == "__version__":
            return import_module("importlib.metadata").version(__name__)
        home = _HOMES.get(name)
        if home is None:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        module = import_module(f"{__name__}.{home}")
        return module if name == "drafts" else getattr(module, "Office" if name == "open" else name)


def __dir__() -> list[str]:
    """Return the public names too, which are not imported before they are used."""
    return sorted({*globals(), *_HOMES, "__version__"})
