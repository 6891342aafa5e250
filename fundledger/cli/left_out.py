"""What a debit of a whole batch leaves out: what failed, which the bank may have taken too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundledger.ledger.batches.paylist import LineTotal
from fundledger.ledger.batches.states import STEPS
from fundledger.money import display_fen

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.ledger.batches.batch import Batch


def failed_left_out(batch: Batch) -> LineTotal:
    """Return the failed payments that a debit takes only where they are named."""
    debit = STEPS["debit"]
    left = [
        total
        for standing, _, total in batch.groups()
        if debit.takes(standing) and not debit.takes_unnamed(standing)
    ]
    return LineTotal(sum(one.payments for one in left), sum(one.amount_fen for one in left))


def tell_left_out(session: Session, batch: Batch, left: LineTotal) -> None:
    """Say how many failed payments are not in the debit, and what to do if the bank took them."""
    if session.tells and left.payments:
        fen = display_fen(left.amount_fen)
        session.say(
            f"批次 {batch.id} 有失败的 {left.payments} 笔共 {fen} 元不在这次扣款之内。"
            "银行也扣了款的，用 --line 写明各笔另记一次扣款，退回时再记 batch credit-back。",
            f"{left.payments} failed payments of {batch.id}, {fen} in all, are not in this debit. "
            "If the bank took them too, record a debit that names them with --line, and batch "
            "credit-back once they are back.",
        )
