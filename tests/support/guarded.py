"""Batches taken to where a guard stands, and lists written by hand; for tests of single guards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pytest
from msgspec import convert, to_builtins

from fundledger.errors import Refused
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.batches.paylist import (
    PaymentLine,
    line_id,
    list_digest,
    render_list,
    totals_of,
)
from fundledger.ledger.bodies import BatchBody
from fundledger.ledger.plan import Content, Receipt
from support.paying import (
    EVIDENCE,
    MAKER,
    REVIEWER,
    Payments,
    entitlement,
    pseudonym,
    why,
)

ROLES = ("maker", "reviewer", "poster", "cashier", "chief", "handler", "approver", "auditor")


ONE_EACH = {role: f"S1{number}" for number, role in enumerate(ROLES, 1)}


"""Somebody for each role who holds no other."""


BANK_SAYS = {"maker", "poster", "cashier"}


WHO_MAY: Mapping[str, set[str]] = {
    "prepare": {"maker", "handler"},
    "approve": {"approver"},
    "reject": {"approver"},
    "withdraw": {"approver"},
    "export": {"cashier"},
    "accept": BANK_SAYS,
    "refuse": BANK_SAYS,
    "result": BANK_SAYS,
    "debit": BANK_SAYS,
    "credit-back": BANK_SAYS,
    "return": BANK_SAYS,
    "take-back": BANK_SAYS,
    "undo-debit": BANK_SAYS,
    "undo-credit-back": BANK_SAYS,
    "undo-return": BANK_SAYS,
    "recover": BANK_SAYS,
    "cancel": {"approver"},
    "unclaimed": {"approver"},
    "claim-back": {"approver"},
    "remit": {"approver", "chief"},
    "write-off": {"approver", "chief"},
}


"""Who may take each step, by the division of posts that the office wrote down."""


BEFORE: Mapping[str, tuple[str, ...]] = {
    "prepare": (),
    "approve": (),
    "reject": (),
    "withdraw": ("approve",),
    "export": ("approve",),
    "accept": ("approve", "export"),
    "refuse": ("approve", "export"),
    "result": ("approve", "export"),
    "debit": ("approve", "export"),
    "credit-back": ("approve", "export", "debit", "failed"),
    "return": ("approve", "export", "debit", "paid"),
    "take-back": ("approve", "export", "debit", "paid"),
    "undo-debit": ("approve", "export", "debit"),
    "undo-credit-back": ("approve", "export", "debit", "failed", "credit-back"),
    "undo-return": ("approve", "export", "debit", "paid", "return"),
    "recover": ("approve", "export", "debit", "paid", "claim-back"),
    "cancel": ("approve", "export", "failed"),
    "unclaimed": ("approve", "export", "failed"),
    "claim-back": ("approve", "export", "debit", "paid"),
    "remit": ("approve", "export", "debit", "paid", "return", "unclaimed", "year end"),
    "write-off": ("approve", "export", "debit", "paid", "claim-back"),
}


"""What befalls a batch of one line until it is the turn of each step."""


UNNAMED = frozenset({"approve", "export", "accept", "refuse", "debit", "reject", "withdraw"})


NAMED = sorted(set(WHO_MAY) - UNNAMED - {"prepare", "remit"})


ON, LATER = "2026-03-10", "2026-03-11"


FEN = 100_00
NEW = pseudonym("A", "new")


def told(act: Callable[[], object]) -> list[tuple[str, object]]:
    """Return the codes for which an act is refused, each with its reason if it has one."""
    with pytest.raises(Refused) as caught:
        act()
    return [(one.code, one.details.get("reason", "")) for one in caught.value.findings]


def take(payments: Payments, batch: str, step: str, on: str, **more: Any) -> Receipt:  # noqa: ANN401 - of any field
    """Take a step about the whole amount of the batch's one line."""
    if step in UNNAMED:
        return payments.step(batch, step, on, **more)
    (line,) = payments.lines(batch)
    word = "paid" if step == "result" else step
    said = Outcome(line.line, word, on, line.amount_fen, why(step))
    return payments.step(batch, step, on, [said], **more)


def led_to(payments: Payments, steps: Iterable[str]) -> str:
    """Prepare a batch of one line, take it so far, and return its id."""
    batch = payments.prepare([entitlement(1, FEN)])
    for step in steps:
        if step in {"paid", "failed"}:
            (line,) = payments.lines(batch)
            payments.result(batch, ON, {line.line: step})
        elif step == "year end":
            for month in range(1, 12):
                payments.fund.close(f"2026-{month:02d}", actor="S02")
            payments.fund.close_year(2026, actor="S02", maker=MAKER, reviewer=REVIEWER)
        else:
            take(payments, batch, step, ON)
    return batch


def own_line(person: object, **changes: Any) -> PaymentLine:  # noqa: ANN401 - of any field
    """Return the first line of a person, as it would be listed."""
    one = entitlement(person, FEN)
    name = line_id("dibao", one.unit, one.category, one.period, one.person)
    return PaymentLine(name, *one)._replace(**changes)


def by_hand(
    lines: Sequence[PaymentLine], number: int, kind: str = "payment", **changes: object
) -> tuple[BatchBody, dict[str, bytes]]:
    """Return what a record says that prepares a list, and the list."""
    data = render_list(lines)
    values = {
        "batch": f"B2026-03-{number:03d}",
        "step": "prepare",
        "on": "2026-03-20",
        "payments": len(lines),
        "amount_fen": sum(line.amount_fen for line in lines),
        "lines": list_digest(data),
        "document": EVIDENCE,
        "kind": kind,
        "totals": [[*key, *total] for key, total in totals_of(lines).items()],
    }
    return convert({**values, **changes}, BatchBody), {list_digest(data): data}


def put(payments: Payments, body: BatchBody, files: Mapping[str, bytes]) -> Receipt:
    """Put a record of a list, as it was written by hand, before the gate."""
    content = Content(to_builtins(body), (), files)
    commit = payments.fund._commit  # noqa: SLF001 - past what makes lists
    receipt: Receipt = commit("batch", MAKER, None, ["by hand"], lambda _: content)
    return receipt


def listed(payments: Payments, lines: Sequence[PaymentLine], number: int, **changes: Any) -> object:  # noqa: ANN401 - of any field
    return put(payments, *by_hand(lines, number, **changes))
