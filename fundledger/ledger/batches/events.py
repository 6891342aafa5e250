"""What befalls a batch, as events: each step's words, and the postings that it may have."""

from __future__ import annotations

from fundledger.ledger.chart import (
    BANK,
    CARRIED_FORWARD,
    DUE_FROM_BANK,
    IN_TRANSIT,
    PRIOR_YEAR_ADJUSTMENT,
    RECOVERY,
    RETURNED,
    SUBSIDY_PAYABLE,
    Role,
)
from fundledger.ledger.forms import Event, Form, Tie, form

_SPENT = (Role.EXPENSE, PRIOR_YEAR_ADJUSTMENT)
_FREED = ("Available", "Lapsed")
_USED = ("Expended", "BroughtForward")
_PAID_OUT = (IN_TRANSIT, DUE_FROM_BANK, "Expended")


def _undone(came_from: str) -> Form:
    """Return the form of money that did not come back: of its year in red, else in blue."""
    return form(
        (came_from, "BroughtForward"),
        (BANK, "Encumbered"),
        Tie(BANK, "Encumbered"),
        red_debits=(BANK, "Encumbered"),
        reds=(came_from, *_USED),
    )


OF_BATCHES = (
    Event(
        "batch-approve",
        "批次批准",
        "batch approved",
        (
            form(
                (Role.EXPENSE, "Encumbered"),
                (SUBSIDY_PAYABLE, "Available"),
                Tie(Role.EXPENSE, "Encumbered", by_line=True),
            ),
            form((RETURNED,), (SUBSIDY_PAYABLE,)),
        ),
    ),
    Event(
        "batch-withdraw",
        "批次撤销",
        "batch withdrawn",
        (
            form((SUBSIDY_PAYABLE, *_FREED), (*_SPENT, "Encumbered")),
            form((SUBSIDY_PAYABLE,), (RETURNED,)),
        ),
    ),
    Event(
        "batch-export",
        "批次送银行",
        "batch sent to the bank",
        (form((SUBSIDY_PAYABLE,), (IN_TRANSIT,)),),
    ),
    Event(
        "batch-refuse",
        "银行退回批次",
        "batch refused by the bank",
        (form((IN_TRANSIT,), (SUBSIDY_PAYABLE,)),),
        fact=True,
    ),
    Event(
        "batch-result",
        "代发失败",
        "payments failed",
        (form((IN_TRANSIT, DUE_FROM_BANK), (SUBSIDY_PAYABLE,)),),
        fact=True,
    ),
    Event(
        "batch-debit",
        "代发扣款",
        "payments debited",
        (
            form(
                _PAID_OUT,
                (BANK, "Encumbered"),
                Tie(BANK, "Encumbered"),
            ),
        ),
        fact=True,
    ),
    Event(
        "batch-undo-debit",
        "红冲扣款",
        "debit undone",
        (
            form(
                (BANK, "Encumbered"),
                (IN_TRANSIT, DUE_FROM_BANK, "BroughtForward"),
                Tie(BANK, "Encumbered"),
                red_debits=_PAID_OUT,
                reds=(BANK, "Encumbered"),
            ),
        ),
        fact=True,
    ),
    Event(
        "batch-credit-back",
        "失败款退回",
        "failed payments credited back",
        (form((BANK, "Encumbered"), (DUE_FROM_BANK, *_USED), Tie(BANK, "Encumbered")),),
        fact=True,
    ),
    Event(
        "batch-undo-credit-back",
        "红冲失败款退回",
        "credit-back undone",
        (_undone(DUE_FROM_BANK),),
        fact=True,
    ),
    Event(
        "batch-return",
        "退汇",
        "payments returned",
        (form((BANK, "Encumbered"), (RETURNED, *_USED), Tie(BANK, "Encumbered")),),
        fact=True,
    ),
    Event(
        "batch-take-back",
        "冲账",
        "debits taken back",
        (form((BANK, "Encumbered"), (RETURNED, *_USED), Tie(BANK, "Encumbered")),),
        fact=True,
    ),
    Event("batch-undo-return", "红冲退汇", "return undone", (_undone(RETURNED),), fact=True),
    Event(
        "batch-cancel",
        "代发取消",
        "payments cancelled",
        (form((SUBSIDY_PAYABLE, RETURNED, *_FREED), (*_SPENT, "Encumbered")),),
    ),
    Event(
        "batch-unclaimed",
        "无人领取",
        "payments unclaimed",
        (form((SUBSIDY_PAYABLE, RETURNED, *_FREED), (*_SPENT, "Encumbered")),),
    ),
    Event(
        "batch-remit",
        "无人领取款上缴",
        "unclaimed money surrendered",
        (form((CARRIED_FORWARD, "Lapsed"), (BANK, "Available"), decided=True),),
    ),
    Event(
        "batch-claim-back",
        "多付追回",
        "overpayment asked back",
        (form((RECOVERY,), _SPENT, decided=True),),
    ),
    Event(
        "batch-recover",
        "追回到账",
        "overpayment paid back",
        (form((BANK, "Available"), (RECOVERY, *_USED), Tie(BANK, "Available")),),
        fact=True,
    ),
    Event(
        "batch-write-off",
        "追回款核销",
        "overpayment written off",
        (form(_SPENT, (RECOVERY,), decided=True),),
    ),
)
