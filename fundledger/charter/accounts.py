"""The accounts of a fund's books that a regime must give a code, and how a code is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

FIXED = (
    "Assets:Bank:Dedicated",
    "Assets:Cash",
    "Assets:DueFrom:Bank",
    "Assets:DueFrom:OfficeExpenses",
    "Assets:Receivable:Recovery",
    "Assets:Advance",
    "Assets:Suspense",
    "Liabilities:SubsidyPayable",
    "Liabilities:InTransit",
    "Liabilities:Returned",
    "Liabilities:TreasuryPayable",
    "Liabilities:Suspense",
    "Liabilities:Custodial",
    "Equity:CarriedForward",
    "Equity:PriorYearAdjustment",
    "Income:Donation",
    "Income:Interest",
)
"""The accounts that every fund may use."""


def accounts(sources: Iterable[str], lines: Iterable[str]) -> Iterator[str]:
    """Yield the accounts of a fund with these sources and lines; dues stand for all funds."""
    yield from FIXED
    yield from ("Assets:DueFrom:Fund", "Liabilities:DueTo:Fund")
    yield from (f"Income:Appropriation:{source}" for source in sources)
    yield from (f"Expenses:{line}" for line in lines)


def code_of(name: str, codes: Mapping[str, str]) -> str:
    """Return the code (科目编码) of an account: that of the longest beginning that has one."""
    while name:
        if name in codes:
            return codes[name]
        name = name.rpartition(":")[0]
    return ""
