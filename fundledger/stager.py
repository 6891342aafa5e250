"""What takes a year's budget through its stages: declared, controlled, revised, approved."""

from __future__ import annotations

from dataclasses import replace

from fundledger.ledger.books import Books
from fundledger.ledger.plan import Content, Receipt
from fundledger.ledger.provisional import given_before_approval
from fundledger.ledger.stages import StageAct, adopting, hold_stage, stage_body
from fundledger.payer import Payer

__all__ = ("StageAct", "Stager")


class Stager(Payer):
    """One fund as its yearly budget is declared, controlled, revised and approved (两上两下)."""

    def stage(self, act: StageAct, *, key: str | None = None) -> Receipt:
        """Record a stage of a year's budget; what is approved is adopted by the same record.

        Raises:
            InputInvalid: FL909, a value is not of its form.
            Refused: FL507, FL509, FL575 to FL577 and others; nothing was written.

        """
        hold_stage(act)
        act = replace(act, lines=dict(act.lines))
        body = stage_body(act)

        def make(books: Books) -> Content:
            return Content(body, adopting(act, given_before_approval(books, act.year)))

        signed = [act.maker, act.reviewer, act.poster, act.attachments, list(act.documents)]
        posted_on = act.posted_on.isoformat() if act.posted_on else ""
        return self._commit("budget-stage", act.actor, key, [body, *signed, posted_on], make)
