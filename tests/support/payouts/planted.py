"""Guards of payments taken away, one at a time, by the name of what then gets through.

Behind most of them stands another: the accounts are held against the lines after each step, and no
account may stand on its wrong side.  `second_line_away` takes that away too, so that each guard is
seen to hold by itself; cases/FL404, FL506 and FL758 show the second line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest
from msgspec import structs

from fundledger.checks import balances, budget, events
from fundledger.checks import batches as checks
from fundledger.ledger.batches import advance, effect, prepare, states
from fundledger.ledger.batches.batch import Batch
from fundledger.ledger.batches.files import Problem
from fundledger.ledger.batches.states import Standing, Step

Plant = Callable[[pytest.MonkeyPatch], None]


def without_check(module: object, name: str) -> Plant:
    """Let what a check finds pass."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        found = getattr(module, name)
        patch.setattr(type(found), "__setattr__", object.__setattr__)
        patch.setattr(found, "function", lambda *_: ())

    return plant


def _unlisted(code: str, reason: str = "") -> Plant:
    """Let a line be prepared that is refused under a code, and for a reason if one is given."""
    before = prepare._unfit_line  # noqa: SLF001 - a guard

    def without(*given: object) -> Problem | None:
        problem = before(*given)  # type: ignore[arg-type]
        if problem is not None and problem.code == code:
            return problem if reason and problem.details["reason"] != reason else None
        return problem

    return lambda patch: patch.setattr(prepare, "_unfit_line", without)


def _outcome(reason: str, *steps: str) -> Plant:
    """Let an outcome pass that is refused for a reason, of some steps or of any."""
    before = effect.unfit_outcome

    def without(*given: object) -> str:
        found = before(*given)  # type: ignore[arg-type]
        slug = given[1].slug  # type: ignore[attr-defined]
        return "" if found == reason and (not steps or slug in steps) else found

    return lambda patch: patch.setattr(advance, "unfit_outcome", without)


def _order(code: str, reason: str = "") -> Plant:
    """Let a step pass that is out of order under a code, and for a reason if one is given."""
    before = advance._out_of_order  # noqa: SLF001 - a guard

    def without(*given: object) -> Iterator[Problem]:
        for problem in before(*given):  # type: ignore[arg-type]
            if problem.code != code or (reason and problem.details["reason"] != reason):
                yield problem

    return lambda patch: patch.setattr(advance, "_out_of_order", without)


def _any_cash(*slugs: str) -> Plant:
    """Let steps take lines whatever became of their cash."""
    before = Step.takes

    def takes(self: Step, standing: Standing) -> bool:
        return standing.state in self.before if self.slug in slugs else before(self, standing)

    return lambda patch: patch.setattr(Step, "takes", takes)


def _any_state(*slugs: str) -> Plant:
    """Let steps take lines in any state."""
    before = Step.takes

    def takes(self: Step, standing: Standing) -> bool:
        return self.slug in slugs or before(self, standing)

    return lambda patch: patch.setattr(Step, "takes", takes)


def _forgotten(name: str) -> Plant:
    """Let a step be taken on any day before one of those that a batch keeps."""
    order, first = advance._out_of_order, effect.first_day  # noqa: SLF001 - a guard

    def without(batch: Batch, *given: object) -> Iterator[Problem]:
        return order(structs.replace(batch, **{name: ""}), *given)  # type: ignore[arg-type]

    def first_day(batch: Batch, *given: object) -> str:
        return first(structs.replace(batch, **{name: ""}), *given)  # type: ignore[arg-type]

    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(advance, "_out_of_order", without)
        for module in (advance, effect):
            patch.setattr(module, "first_day", first_day)

    return plant


def all_of(*plants: Plant) -> Plant:
    """Take several guards away together."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        for one in plants:
            one(patch)

    return plant


second_line_away = all_of(
    without_check(checks, "apart_from_its_lines"),
    without_check(balances, "wrong_side"),
    without_check(budget, "budget_kind_below_zero"),
)

SELDOM = {
    "a file is refused of which money was taken",
    "a payment comes back whole of which a part was paid back",
    "a debit is undone of which a part was paid back",
    "what never came back is undone",
    "what was paid turns out failed",
    "what was not paid comes back",
    "what nobody asked for is paid back",
    "more is asked back than was paid",
    "more is paid back than was asked for",
    "a step dates before the approval",
    "a file is sent before the bank refused it",
    "a step takes lines that it does not name",
}
"""What a random walk hardly ever tries; each has its short walk (`support.payouts.walks`)."""

FAULTS: Mapping[str, Plant] = {
    "somebody is listed who is paid elsewhere": _unlisted("FL753"),
    "what was paid or is unknown is paid again": _unlisted("FL757", "state"),
    "what the bank still owes is paid again": _unlisted("FL757", "not-credited"),
    "a reissue goes to the account that failed": _unlisted("FL757", "account"),
    "a reissue is approved whose line was given up": lambda patch: patch.setattr(
        advance, "parent_states", lambda *_: []
    ),
    "a maker approves": all_of(_order("FL754"), without_check(checks, "approved_by_its_maker")),
    "anybody takes a step": without_check(checks, "step_by_no_one_who_may"),
    "a step dates before the one before, or tomorrow": all_of(
        _order("FL750", "day"), _outcome("day")
    ),
    "another amount than the list's is taken": _outcome("amount"),
    "a line is debited twice": _any_cash("debit"),
    "a line is sent twice": _any_state("export"),
    "a planned line is withdrawn": _any_state("withdraw"),
    "an approved line is rejected": _any_state("reject"),
    "a paid line is cancelled": _any_state("cancel", "unclaimed"),
    "a failure is cancelled while the bank owes it": _any_cash("cancel", "unclaimed"),
    "an undebited payment is asked back": _any_cash("claim-back"),
    "a line is asked back that was not paid": _any_state("claim-back"),
    "what nobody left is surrendered": all_of(
        # Behind it: nothing is surplus while it is somebody's.
        _any_state("remit"),
        without_check(balances, "remitted_too_early"),
    ),
    "what is no surplus yet is surrendered": without_check(balances, "remitted_too_early"),
    "a file is refused of which money was taken": _any_cash("refuse"),
    "a payment comes back whole of which a part was paid back": _any_cash("return", "take-back"),
    "a debit is undone of which a part was paid back": _any_cash("undo-debit"),
    "what never came back is undone": all_of(
        # Behind it: its voucher would go the other way than the event does.
        _any_cash("undo-credit-back"),
        without_check(events, "not_of_its_event"),
    ),
    "what was paid turns out failed": _any_state("result"),
    "what was not paid comes back": _any_state("return"),
    "what nobody asked for is paid back": all_of(
        # Behind it: nothing is left of what was asked for.
        _any_state("recover"),
        _outcome("amount", "recover"),
    ),
    "more is asked back than was paid": _outcome("amount", "claim-back"),
    "more is paid back than was asked for": _outcome("amount", "recover"),
    "a step dates before the approval": _forgotten("approved_on"),
    "a file is sent before the bank refused it": _forgotten("refused_on"),
    "a step takes lines that it does not name": _order("FL750", "lines"),
    "more is approved than there is": without_check(budget, "overspent"),
    "a live line counts as given up": lambda patch: patch.setattr(
        states, "LIVE", states.LIVE - {states.LineState.PAID}
    ),
}
