"""What a step of a batch posts: the table of postings, line by line of the budget.

Debit first; the budget's memo accounts beside the money.  What was spent in an earlier year comes
back through the prior-year adjustment and the budget brought forward, for that year is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from fundledger.ledger import chart
from fundledger.ledger.batches.advance import Move
from fundledger.ledger.batches.states import CAME_BACK, UNDOES, LineState
from fundledger.ledger.voucher import BUDGET_ROOT, Posting

Entries = Iterator[tuple[str, str]]
"""Accounts to debit and to credit with what a move is about; what a step undoes, the other way."""

_Place = tuple[str, bool]
"""An account, and whether it is posted to in red ink."""


class Posted(NamedTuple):
    """The postings that a step makes on one day, and for how many payments."""

    on: str
    payments: int
    postings: tuple[Posting, ...]


def posted(step: str, moves: Iterable[Move], *, keeps: bool) -> list[Posted]:
    """Return what the moves of a step post, one voucher a day, in the order of days.

    `keeps`: the fund may use next year what it did not use in this one.
    """
    days: dict[str, dict[_Place, int]] = {}
    counts: dict[str, int] = {}
    for move in moves:
        entries = [*_entries(step, move, keeps=keeps)]
        if not entries:
            continue
        counts[move.on] = counts.get(move.on, 0) + move.payments
        sums = days.setdefault(move.on, {})
        red = _in_red(step, move)
        sign = -1 if step in UNDOES else 1
        for debit, credit in entries:
            for name, fen in ((debit, sign * move.amount_fen), (credit, -sign * move.amount_fen)):
                sums[name, red] = sums.get((name, red), 0) + fen
    return [
        Posted(day, counts[day], tuple(one for one in _ordered(sums) if one.signed_fen))
        for day, sums in sorted(days.items())
    ]


def undone_on(step: str, moves: Iterable[Move]) -> list[str]:
    """Return the days of the moves of money that a step takes back, in their order."""
    return sorted({_undone_on(step, move) for move in moves} - {""})


def _undone_on(step: str, move: Move) -> str:
    """Return the day of what a move takes back, or an empty text."""
    standing = move.before
    days = {"out": standing.debited_on, "in": standing.credited_on}
    return days[UNDOES[step]] if step in UNDOES else ""


def _in_red(step: str, move: Move) -> bool:
    """Whether a move takes back one of its own year: red ink on the same sides."""
    return _undone_on(step, move)[:4] == move.on[:4]


def _ordered(sums: Mapping[_Place, int]) -> list[Posting]:
    """Return money before the budget, debits before credits, else by name."""
    postings = (Posting(name, fen, red) for (name, red), fen in sums.items())
    return sorted(
        postings,
        key=lambda one: (one.account.startswith(BUDGET_ROOT), one.side == "credit", one.account),
    )


class _Accounts:
    """The accounts that a move of one budget line may touch, by what they are for."""

    def __init__(self, move: Move, *, keeps: bool) -> None:
        year, debited = move.on[:4], move.before.debited_on[:4]
        line = f"{move.unit}:{move.category}"
        this_year = move.approved in {"", year}
        self.expense = f"{chart.EXPENSES}{line}"
        self.spent = self.expense if this_year else chart.PRIOR_YEAR_ADJUSTMENT
        self.available, self.encumbered, self.expended, self.lapsed, brought = (
            f"{BUDGET_ROOT}{year}:{kind}:{line}"
            for kind in ("Available", "Encumbered", "Expended", "Lapsed", "BroughtForward")
        )
        self.used = self.expended if debited in {"", year} else brought
        self.kept = keeps or this_year
        self.freed = self.available if self.kept else self.lapsed


def _entries(step: str, move: Move, *, keeps: bool) -> Entries:
    entries = _OF_STEPS.get(step)
    return entries(_Accounts(move, keeps=keeps), move) if entries is not None else iter(())


def _approve(of: _Accounts, move: Move) -> Entries:
    if move.parent is None:
        yield of.expense, chart.SUBSIDY_PAYABLE
        yield of.encumbered, of.available
    elif move.parent.state in CAME_BACK:
        yield chart.RETURNED, chart.SUBSIDY_PAYABLE


def _withdraw(of: _Accounts, move: Move) -> Entries:
    if move.parent is None:
        yield chart.SUBSIDY_PAYABLE, of.spent
        yield of.freed, of.encumbered
    elif move.parent.state in CAME_BACK:
        yield chart.SUBSIDY_PAYABLE, chart.RETURNED


def _export(of: _Accounts, move: Move) -> Entries:  # noqa: ARG001 - all are called alike
    yield chart.SUBSIDY_PAYABLE, chart.IN_TRANSIT


def _refuse(of: _Accounts, move: Move) -> Entries:  # noqa: ARG001 - all are called alike
    yield chart.IN_TRANSIT, chart.SUBSIDY_PAYABLE


def _result(of: _Accounts, move: Move) -> Entries:  # noqa: ARG001 - all are called alike
    if move.after.state is LineState.FAILED:
        held = chart.DUE_FROM_BANK if move.before.debited_on else chart.IN_TRANSIT
        yield held, chart.SUBSIDY_PAYABLE


def _debit(of: _Accounts, move: Move) -> Entries:
    failed = move.before.state is LineState.FAILED
    yield (chart.DUE_FROM_BANK if failed else chart.IN_TRANSIT), chart.BANK
    yield of.expended, of.encumbered


def _credit_back(of: _Accounts, move: Move) -> Entries:  # noqa: ARG001 - all are called alike
    yield chart.BANK, chart.DUE_FROM_BANK
    yield of.encumbered, of.used


def _return(of: _Accounts, move: Move) -> Entries:  # noqa: ARG001 - all are called alike
    yield chart.BANK, chart.RETURNED
    yield of.encumbered, of.used


def _cancel(of: _Accounts, move: Move) -> Entries:
    payable = chart.RETURNED if move.before.state in CAME_BACK else chart.SUBSIDY_PAYABLE
    yield payable, of.spent
    yield of.freed, of.encumbered


def _remit(of: _Accounts, move: Move) -> Entries:  # noqa: ARG001 - all are called alike
    yield chart.CARRIED_FORWARD, chart.BANK
    if of.kept:
        yield of.lapsed, of.available


def _claim_back(of: _Accounts, move: Move) -> Entries:  # noqa: ARG001 - all are called alike
    yield chart.RECOVERY, of.spent


def _recover(of: _Accounts, move: Move) -> Entries:  # noqa: ARG001 - all are called alike
    yield chart.BANK, chart.RECOVERY
    yield of.available, of.used


def _write_off(of: _Accounts, move: Move) -> Entries:  # noqa: ARG001 - all are called alike
    yield of.spent, chart.RECOVERY


def _undo_debit(of: _Accounts, move: Move) -> Entries:
    failed = move.before.state is LineState.FAILED
    yield (chart.DUE_FROM_BANK if failed else chart.IN_TRANSIT), chart.BANK
    yield of.used, of.encumbered


_OF_STEPS: Mapping[str, Callable[[_Accounts, Move], Entries]] = {
    "approve": _approve,
    "withdraw": _withdraw,
    "export": _export,
    "refuse": _refuse,
    "result": _result,
    "debit": _debit,
    "credit-back": _credit_back,
    "return": _return,
    "take-back": _return,
    "cancel": _cancel,
    "unclaimed": _cancel,
    "remit": _remit,
    "claim-back": _claim_back,
    "recover": _recover,
    "write-off": _write_off,
    "undo-debit": _undo_debit,
    "undo-credit-back": _credit_back,
    "undo-return": _return,
}
"""What posts nothing is not here: preparing, rejecting, and that the bank accepted a file."""
