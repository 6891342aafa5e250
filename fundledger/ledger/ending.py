"""The vouchers that close a year: what is carried forward, what lapses, what is brought in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from fundledger.ledger import chart
from fundledger.ledger.chart import Chart
from fundledger.ledger.drafts import budget_account
from fundledger.ledger.voucher import Draft, Posting


class Ending(Protocol):
    """What a year end asks of the books: their chart, their accounts, and balances by day."""

    @property
    def accounts(self) -> Chart:
        """The chart of accounts in force."""

    def account_names(self) -> list[str]:
        """Return every account that a voucher ever touched, in order."""

    def balance(self, account: str, on: date) -> int:
        """Return an account's balance in fen at the end of a day."""


def year_end(books: Ending, year: int, maker: str, reviewer: str) -> tuple[Draft, ...]:
    """Return the closing vouchers of a year: what is carried forward, then what is brought in.

    Income, expenses and the prior-year adjustment go to the fund's equity; of the budget what is
    encumbered, and what is available if the fund keeps it, goes into the next year, the rest
    lapses.  A year in which nothing is left to carry gives no voucher.
    """
    last = date(year, 12, 31)
    keeps = books.accounts.charter.fund.carry_over == "keep"
    carried: list[Posting] = []
    brought: list[Posting] = []
    result_fen = 0
    for name in books.account_names():
        account = books.accounts.account(name)
        balance_fen = books.balance(name, last)
        if not balance_fen:
            continue
        if account.carried:
            carried.append(Posting(name, -balance_fen))
            result_fen += balance_fen
        elif account.kind == "budget" and account.year == year:
            line = (account.unit, account.category)
            kept = account.budget_kind == "Encumbered" or (
                account.budget_kind == "Available" and keeps
            )
            if account.budget_kind in {"Unallotted", "Available", "Encumbered"}:
                target = "CarriedForward" if kept else "Lapsed"
                carried.append(Posting(name, -balance_fen))
                carried.append(Posting(budget_account(year, target, line), balance_fen))
            if kept:
                kind = account.budget_kind
                brought.append(Posting(budget_account(year + 1, kind, line), balance_fen))
                source = budget_account(year + 1, "BroughtForward", line)
                brought.append(Posting(source, -balance_fen))
    if result_fen:
        carried.append(Posting(chart.CARRIED_FORWARD, result_fen))
    first = date(year + 1, 1, 1)
    return tuple(
        Draft(
            date=day,
            narration=f"{year}年{narration}",
            maker=maker,
            reviewer=reviewer,
            event=event,
            postings=_merged(postings),
            closing=True,
        )
        for day, narration, event, postings in (
            (last, "年末结转", "year-end", carried),
            (first, "结转指标转入", "year-opening", brought),
        )
        if postings
    )


def _merged(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    sums: dict[str, int] = {}
    for posting in postings:
        sums[posting.account] = sums.get(posting.account, 0) + posting.signed_fen
    return tuple(Posting(account, fen) for account, fen in sums.items() if fen)
