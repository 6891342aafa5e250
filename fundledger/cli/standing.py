"""What an act leaves in the accounts it touches: the money, and what a line may still spend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from fundledger.cli.figures import side_of
from fundledger.money import display_fen
from fundledger.report.paper import account_title
from fundledger.report.table import pad, width

if TYPE_CHECKING:
    from fundledger.ledger.chart import Chart

_REMAINING = frozenset(("Unallotted", "Available", "Encumbered"))


def balances_after(balances: Mapping[str, int], chart: Chart, language: str) -> Iterator[str]:
    """Yield a line for each account whose balance a clerk looks at after an act.

    Of the money these are assets and liabilities; of the budget what is not yet allotted, what is
    available and what is set aside.
    """
    shown = [name for name in balances if _looked_at(name, chart)]
    if not shown:
        return
    yield "记账后余额：" if language == "zh" else "Balances after it:"
    titles = [account_title(chart, name, language) for name in shown]
    figures = [display_fen(abs(balances[name])) for name in shown]
    left, right = max(map(width, titles)), max(map(width, figures))
    for name, title, figure in zip(shown, titles, figures, strict=True):
        side = side_of(balances[name], language)
        yield f"  {pad(title, left)}  {side}  {pad(figure, right, right=True)}"
    yield ""


def _looked_at(name: str, chart: Chart) -> bool:
    account = chart.account(name)
    if account.kind == "budget":
        return account.budget_kind in _REMAINING
    return name.startswith(("Assets:", "Liabilities:"))
