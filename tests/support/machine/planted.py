"""Faults to plant in the library, each taking away one guard, to see that the tests see it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fundledger import fund as fund_module
from fundledger.checks import advances, carry, changes, earmark, evidence, refunds, vouchers
from fundledger.checks.catalogue import Check, Gates
from fundledger.checks.listed import EVERY_CHECK
from fundledger.checks.month_books import MonthBooks
from fundledger.ledger import (
    chart,
    current,
    ending,
    faces,
    index,
    journal,
    mend,
    record,
    store,
)
from fundledger.ledger.books import Books
from fundledger.ledger.voucher import Draft, Posting, numbered

Plant = Callable[[pytest.MonkeyPatch], None]

ELSEWHERE = {
    # The program itself makes closing vouchers, and nobody here edits it: checks/test_year_end.py.
    "FL338": carry.carried_otherwise,
    # The rules of a machine's fund ask for no cashier, and take donations: checks/test_laws.py.
    "FL207": earmark.donation_not_taken,
    "FL342": vouchers.no_cashier,
    # It advances and refunds nothing: support/payouts does, and checks/test_laws.py.
    "FL345": advances.settles_no_advance,
    "FL347": refunds.refund_of_no_donation,
    # The rules of a machine's fund do not change while it runs: checks/test_changes.py.
    "FL041": changes.past_rewritten,
}


def of_batches(check: Check) -> bool:
    """Whether a check is of payments, which another machine makes (support/payouts)."""
    return check.code in {"FL329", "FL346", "FL348", "FL349"} or "FL748" <= check.code <= "FL799"


OF_STAGES = frozenset({"FL507", "FL509", "FL574", "FL575", "FL576", "FL577", "FL581"})
"""What a machine's fund has none of: support/laws/staged and test_stages do."""

SILENCED = tuple(
    check
    for check in EVERY_CHECK
    if check.gates is not Gates.NEVER
    and check not in ELSEWHERE.values()
    and check.code not in OF_STAGES
    and not of_batches(check)
)


def silence(check: Check) -> Plant:
    """Return a fault in which a check finds nothing."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(Check, "__setattr__", object.__setattr__)
        patch.setattr(check, "function", lambda *_: ())

    return plant


class _Careless:
    """A disk on which some calls do nothing."""

    def __init__(self, disk: Any, *missing: str) -> None:  # noqa: ANN401 - any disk
        self._disk = disk
        self._missing = missing

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as above
        return (lambda *_: None) if name in self._missing else getattr(self._disk, name)


def without(*missing: str) -> Plant:
    """Return a fault in which the commit forgets a call of the disk."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        write = store.Store._write  # noqa: SLF001 - the guard stands inside

        def careless(self: Any, *arguments: Any) -> None:  # noqa: ANN401 - whatever it takes
            disk = self._disk
            self._disk = _Careless(disk, *missing)
            try:
                write(self, *arguments)
            finally:
                self._disk = disk

        patch.setattr(store.Store, "_write", careless)

    return plant


def instead(owner: object, name: str, replacement: object) -> Plant:
    """Return a fault in which something else stands in a name's place."""
    return lambda patch: patch.setattr(owner, name, replacement)


def _keys_that_never_conflict(patch: pytest.MonkeyPatch) -> None:
    earlier = store.Store._earlier  # noqa: SLF001 - the guard stands inside

    def trusting(self: Any, plan: Any, books: Books) -> Any:  # noqa: ANN401 - as it was
        found = books.keys[plan.key]
        return earlier(self, replace(plan, request=found[1]) if found else plan, books)

    patch.setattr(store.Store, "_earlier", trusting)


def _digests_without_the_one_before(patch: pytest.MonkeyPatch) -> None:
    encode, chained = record.encode_line, record.chained
    alone = hashlib.sha256(b"alone").hexdigest()
    patch.setattr(store, "encode_line", lambda new, _: encode(new, alone))
    for module in (journal, mend, record):
        if hasattr(module, "chained"):
            patch.setattr(module, "chained", lambda line, _: chained(line, alone))


def _carried_with_the_wrong_sign(patch: pytest.MonkeyPatch) -> None:
    year_end = ending.year_end

    def wrong(*arguments: Any) -> tuple[Draft, ...]:  # noqa: ANN401 - whatever it takes
        return tuple(
            replace(one, postings=tuple(Posting(p.account, -p.signed_fen) for p in one.postings))
            if one.event == "year-end"
            else one
            for one in year_end(*arguments)
        )

    patch.setattr(ending, "year_end", wrong)


def _nothing_brought_forward(patch: pytest.MonkeyPatch) -> None:
    year_end = ending.year_end
    patch.setattr(ending, "year_end", lambda *arguments: year_end(*arguments)[:1])


def _a_table_not_written_back(patch: pytest.MonkeyPatch) -> None:
    changed = index.StoredTable.changed

    def forgetful(self: index.StoredTable) -> list[tuple[str, str, str]]:
        return [] if self._name == "balances" else changed(self)

    patch.setattr(index.StoredTable, "changed", forgetful)


def _two_in_one_month(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(store, "numbered", lambda draft, number: numbered(draft, max(1, number - 1)))
    silence(vouchers.number_twice)(patch)


FAULTS: dict[str, Plant] = {
    **{check.code: silence(check) for check in SILENCED},
    "keys are not looked up": instead(store.Store, "_earlier", lambda *_: None),
    "keys never conflict": _keys_that_never_conflict,
    "a refusal is not rolled back": instead(current.CurrentBooks, "roll_back", lambda *_: None),
    "acknowledged before it is durable": without("fsync"),
    "the new segment's name is not durable": without("fsync_folder"),
    "no note for who comes after a kill": instead(current.CurrentBooks, "begin", lambda _: None),
    "what is known is not asked for": instead(current, "hold_known", lambda *_, **__: True),
    "a loss is forgotten": instead(evidence.Witness, "_give_up", lambda *_: None),
    "the torn tail stays": instead(current.CurrentBooks, "_mend_tail", lambda _: None),
    "the index is believed": instead(current.CurrentBooks, "_tied", lambda *_: True),
    "the index forgets balances": _a_table_not_written_back,
    "memory is not read anew": instead(index.Index, "forget", lambda _: None),
    "books are not healed": instead(current, "write_books", lambda *_: []),
    "books are not written": instead(store, "write_on", lambda *_: None),
    "digests are not chained": _digests_without_the_one_before,
    "the year is carried with the wrong sign": _carried_with_the_wrong_sign,
    "nothing is brought forward": _nothing_brought_forward,
    "unexplained money counts as cover": instead(
        chart,
        "_COVER",
        chart._COVER - {chart.LIABILITY_SUSPENSE},  # noqa: SLF001 - the guard
    ),
    "only today's balance is looked at": instead(
        Books,
        "lowest",
        lambda self, name, since, sign=1: (sign * self.balance(name), since.isoformat()),
    ),
    "numbers are given twice": _two_in_one_month,
    "edited books pass the audit": instead(MonthBooks, "wrong", lambda _: iter(())),
    "a close does not replay its month": instead(
        fund_module.Fund, "_replayed", lambda self, _: ([], faces.BookDigests(self.id))
    ),
}
