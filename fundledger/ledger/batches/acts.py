"""What is asked of a fund's batches: whom to pay, which step to take; held against its types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from fundledger.ledger.batches.outcomes import Outcome, expect_outcomes
from fundledger.ledger.batches.reasons import GIVES_UP
from fundledger.ledger.batches.states import STEPS
from fundledger.ledger.bodies import BankReceipt
from fundledger.ledger.drafts import ATTACHMENTS_MAX
from fundledger.ledger.given import expect, is_day, is_digest, is_fen, is_text, is_year

_BATCH = re.compile(r"B\d{4}-\d{2}-\d{3,6}", re.ASCII)


class Entitlement(NamedTuple):
    """What one person is to get of one category for one month, by pseudonyms, and where to.

    `household` may be empty; `period` is a month such as `2026-03`.
    """

    person: str
    household: str
    unit: str
    category: str
    period: str
    amount_fen: int
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAct:
    """A step of a batch (`fundledger.ledger.batches.states.STEPS`), and who signs its vouchers.

    `outcomes` name the lines that it takes; without them it takes every line that it can.
    `document` is the sha256 of what it rests on, `actor` who takes it.  Vouchers are dated `on`, or
    on the day of each outcome.  `note` says in words why lines are given up whose reason is `OTHR`;
    `receipt` what the bank states of the file that it accepted.
    """

    batch: str
    step: str
    on: date
    actor: str
    maker: str
    reviewer: str
    outcomes: Sequence[Outcome] = ()
    document: str = ""
    poster: str | None = None
    cashier: str | None = None
    approval: str | None = None
    attachments: int = 1
    note: str = ""
    receipt: BankReceipt | None = None


def entitlements_given(given: Iterable[Entitlement]) -> list[Entitlement]:
    """Return what was given, each of its form; what the ids rest on is held by the list's text."""
    expect(entitlements=isinstance(given, Iterable) and not isinstance(given, (str, bytes)))
    wanted = list(given)
    expect(entitlements=bool(wanted))
    expect(**dict.fromkeys(_untyped("entitlements", wanted, Entitlement._fields), False))
    return [Entitlement(*one) for one in wanted]


def _untyped(what: str, rows: Iterable[object], fields: Sequence[str]) -> Iterator[str]:
    """Yield what is not of its type: a row that is none, or which field of which row."""
    for at, row in enumerate(rows):
        if not isinstance(row, tuple) or len(row) != len(fields):
            yield f"{what}[{at}]"
            continue
        for field, value in zip(fields, row, strict=True):
            if not (is_fen(value) if field == "amount_fen" else is_text(value)):
                yield f"{what}[{at}].{field}"


def _unheld(outcomes: object, step: object) -> dict[str, bool]:
    """Return what does not hold of outcomes: their types, or that each is of another line.

    What was paid has no reason why it was not, whoever says so: it would be shown as one.
    """
    if not isinstance(outcomes, (list, tuple)):
        return {"outcomes": False}
    wrong = dict.fromkeys(_untyped("outcomes", outcomes, Outcome._fields), False)
    if not wrong and len({one[0] for one in outcomes}) != len(outcomes):
        expect_outcomes(outcomes)
    if not wrong and step == "result":
        said = enumerate(Outcome(*one) for one in outcomes)
        reasoned = [at for at, one in said if one.outcome == "paid" and one.reason]
        wrong = {f"outcomes[{at}].reason": False for at in reasoned}
    return wrong


def _is_receipt(one: object) -> bool:
    return (
        isinstance(one, BankReceipt)
        and all(is_fen(value) and value >= 0 for value in (one.payments, one.amount_fen))
        and (one.digest == "" or is_digest(one.digest))
    )


def _is_code(value: object) -> bool:
    return value is None or is_text(value)


def hold_act(act: BatchAct) -> None:
    """Refuse an act whose values are not of their types.

    Raises:
        InputInvalid: FL909.

    """
    expect(act=isinstance(act, BatchAct))
    expect(
        batch=is_text(act.batch) and _BATCH.fullmatch(act.batch) is not None,
        step=is_text(act.step) and act.step in STEPS,
        on=is_day(act.on) and is_year(act.on.year),
        document=act.document == "" or is_digest(act.document),
        actor=is_text(act.actor),
        maker=is_text(act.maker),
        reviewer=is_text(act.reviewer),
        poster=_is_code(act.poster),
        cashier=_is_code(act.cashier),
        approval=_is_code(act.approval),
        note=is_text(act.note) and (act.note == "" or act.step in GIVES_UP),
        receipt=act.receipt is None or (act.step == "accept" and _is_receipt(act.receipt)),
        attachments=type(act.attachments) is int and 0 <= act.attachments <= ATTACHMENTS_MAX,
        **_unheld(act.outcomes, act.step),
    )
