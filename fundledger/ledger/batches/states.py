"""Where a payment stands, and which step takes it from where to where."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, NamedTuple

from msgspec import Struct

BATCH_EVENT = "batch-"
"""What the events of all steps begin with."""

Way = Literal["out", "in"]
"""Which way a line's money moved the account: out to the payee, or in again."""


class LineState(StrEnum):
    """Where one line of a batch stands; the value is the word in files and on screens."""

    PLANNED = "planned"
    APPROVED = "approved"
    EXPORTED = "exported"
    UNKNOWN = "unknown"
    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"
    REVERSED = "reversed"
    REISSUED = "reissued"
    CANCELLED = "cancelled"
    UNCLAIMED = "unclaimed"
    REMITTED = "remitted"
    RECOVERABLE = "recoverable"
    RECOVERED = "recovered"
    WRITTEN_OFF = "written-off"
    DROPPED = "dropped"


class BatchState(StrEnum):
    """Where a batch stands; it follows from its lines and is stored nowhere."""

    REVIEW = "review"
    APPROVED = "approved"
    EXPORTED = "exported"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    PARTLY_PAID = "partly-paid"
    PAID = "paid"
    CLOSED = "closed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    BANK_REJECTED = "bank-rejected"


_S = LineState
SENT = frozenset({_S.EXPORTED, _S.UNKNOWN, _S.PAID})
"""The bank has the order, and did not refuse it."""

CAME_BACK = frozenset({_S.RETURNED, _S.REVERSED})
OVER = frozenset(
    {_S.DROPPED, _S.CANCELLED, _S.UNCLAIMED, _S.REMITTED, _S.REISSUED, _S.RECOVERED, _S.WRITTEN_OFF}
)
"""Nothing more is to be done about the line."""

NO_EXPENSE = frozenset(
    {_S.PLANNED, _S.DROPPED, _S.REISSUED, _S.CANCELLED, _S.UNCLAIMED, _S.REMITTED}
)
"""The line is no expense: it was none yet, is none any more, or another one is in its place."""

_GIVEN_UP = frozenset({_S.DROPPED, _S.CANCELLED, _S.UNCLAIMED, _S.REMITTED, _S.RECOVERED})
LIVE = frozenset(LineState) - _GIVEN_UP - {_S.REISSUED}
"""The line stands for its entitlement, so that no other may be paid for it."""


class Standing(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Where a line stands, and where its cash is: two things, for a lump leaves the account first.

    `debited_on` is the day on which the bank took the money, `credited_on` that on which it gave it
    back, empty if it did not; `turned_on` that on which it failed, or was asked back last.
    `claimed_fen` is asked back of the payee in all, `settled_fen` of that is paid back or written
    off.  `reason` is the bank's, by ISO code, or the office's.
    """

    state: LineState = LineState.PLANNED
    debited_on: str = ""
    credited_on: str = ""
    reason: str = ""
    claimed_fen: int = 0
    settled_fen: int = 0
    turned_on: str = ""

    @property
    def last_on(self) -> str:
        """The last day on which something befell the line or its cash."""
        return max(self.debited_on, self.credited_on, self.turned_on)

    @property
    def live(self) -> bool:
        """Whether no other line may be paid for the same entitlement."""
        return self.state in LIVE

    @property
    def open(self) -> bool:
        """Whether something is still to be done about the line."""
        return self.state not in OVER and not (self.state is _S.PAID and self.debited_on)

    @property
    def owed_by_bank(self) -> bool:
        """Whether the bank took the money of a payment that failed, and has not given it back."""
        return self.state is _S.FAILED and bool(self.debited_on) and not self.credited_on

    @property
    def may_be_paid_again(self) -> bool:
        """Whether the money is here, and the payee has none of it."""
        return self.state in CAME_BACK or (self.state is _S.FAILED and not self.owed_by_bank)


class Step(NamedTuple):
    """One thing that befalls lines of a batch: from which states, and to which.

    A fact is the bank's or life's; what has `grounds` rests on a document, which the record names.
    `whole`: it takes the whole batch, never a part; `named`: it names each line that it takes.
    Without a state after it a step speaks of the cash alone, or says line by line what befell it.
    """

    slug: str
    zh: str
    en: str
    before: frozenset[LineState]
    after: LineState | None
    fact: bool = False
    grounds: bool = False
    whole: bool = False
    named: bool = False

    @property
    def event(self) -> str:
        """The event of its vouchers."""
        return f"{BATCH_EVENT}{self.slug}"

    def takes(self, standing: Standing) -> bool:
        """Whether a line that stands so can be taken."""
        return standing.state in self.before and self._bears(standing)

    def _bears(self, standing: Standing) -> bool:
        """Whether the cash of a line is where the step needs it."""
        match self.slug:
            case "refuse" | "debit":
                bears = not standing.debited_on
            case "return" | "take-back":
                bears = bool(standing.debited_on) and not standing.claimed_fen
            case "undo-debit":
                moved = standing.debited_on and not standing.credited_on
                bears = bool(moved) and not standing.claimed_fen
            case "undo-credit-back":
                bears = bool(standing.credited_on)
            case "claim-back":
                bears = bool(standing.debited_on)
            case "credit-back":
                bears = standing.owed_by_bank
            case "cancel" | "unclaimed":
                bears = standing.may_be_paid_again
            case _:
                bears = True
        return bears

    def takes_unnamed(self, standing: Standing) -> bool:
        """Whether a line is taken where none is named: a lump is debited for what may be paid."""
        return self.takes(standing) and not (
            self.slug == "debit" and standing.state is LineState.FAILED
        )


_BACK = frozenset({_S.FAILED, _S.RETURNED, _S.REVERSED})
_UNDOING = (
    Step(
        "undo-debit", "红冲扣款", "debit undone", SENT | {_S.FAILED}, None, grounds=True, named=True
    ),
    Step(
        "undo-credit-back",
        "红冲失败款退回",
        "credit-back undone",
        frozenset({_S.FAILED}),
        None,
        grounds=True,
        named=True,
    ),
    Step("undo-return", "红冲退汇", "return undone", CAME_BACK, _S.PAID, grounds=True, named=True),
)
"""What was booked of a line and the bank never did is taken back, the last of it first."""

UNDOES: Mapping[str, Way] = {
    "undo-debit": "out",
    "undo-credit-back": "in",
    "undo-return": "in",
}
"""Which way the money went, by the books, that a step takes back."""

_STEPS = (
    Step("approve", "批准", "approved", frozenset({_S.PLANNED}), _S.APPROVED, whole=True),
    Step("reject", "退回", "rejected", frozenset({_S.PLANNED}), _S.DROPPED),
    Step("withdraw", "撤销", "withdrawn", frozenset({_S.APPROVED}), _S.DROPPED),
    Step(
        "export",
        "送银行",
        "sent to the bank",
        frozenset({_S.APPROVED}),
        _S.EXPORTED,
        grounds=True,
        whole=True,
    ),
    Step(
        "accept",
        "银行受理",
        "accepted by the bank",
        frozenset({_S.EXPORTED}),
        None,
        fact=True,
        grounds=True,
        whole=True,
    ),
    Step(
        "refuse",
        "银行整批退回",
        "file refused by the bank",
        frozenset({_S.EXPORTED}),
        _S.APPROVED,
        fact=True,
        grounds=True,
        whole=True,
    ),
    Step(
        "result",
        "银行回盘",
        "result from the bank",
        frozenset({_S.EXPORTED, _S.UNKNOWN}),
        None,
        fact=True,
        grounds=True,
        named=True,
    ),
    Step("debit", "银行扣款", "debited", SENT | {_S.FAILED}, None, fact=True, grounds=True),
    Step(
        "credit-back",
        "失败款退回",
        "credited back",
        frozenset({_S.FAILED}),
        None,
        fact=True,
        grounds=True,
    ),
    Step(
        "return",
        "退汇",
        "returned",
        frozenset({_S.PAID}),
        _S.RETURNED,
        fact=True,
        grounds=True,
        named=True,
    ),
    Step(
        "take-back",
        "冲账",
        "debit taken back",
        frozenset({_S.PAID}),
        _S.REVERSED,
        fact=True,
        grounds=True,
        named=True,
    ),
    Step("cancel", "取消", "cancelled", _BACK, _S.CANCELLED, named=True),
    Step("unclaimed", "无人领取", "unclaimed", _BACK, _S.UNCLAIMED, named=True),
    Step("remit", "上缴", "surrendered", frozenset({_S.UNCLAIMED}), _S.REMITTED, named=True),
    Step("claim-back", "追回", "asked back", frozenset({_S.PAID}), _S.RECOVERABLE, named=True),
    Step(
        "recover",
        "已追回",
        "paid back",
        frozenset({_S.RECOVERABLE}),
        _S.RECOVERED,
        fact=True,
        grounds=True,
        named=True,
    ),
    Step(
        "write-off",
        "核销",
        "written off",
        frozenset({_S.RECOVERABLE}),
        _S.WRITTEN_OFF,
        named=True,
    ),
    *_UNDOING,
)
STEPS: Mapping[str, Step] = {step.slug: step for step in _STEPS}

RESULTS: Mapping[str, LineState] = {
    "paid": _S.PAID,
    "failed": _S.FAILED,
    "unknown": _S.UNKNOWN,
}
"""What a bank's result may say of a line."""
