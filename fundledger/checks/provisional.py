"""Before a budget is approved a line has no more than it spent in the same months of last year."""

from __future__ import annotations

from fundledger.checks.catalogue import Gates, Hits, check
from fundledger.ledger.books import Books
from fundledger.ledger.entry import Entry
from fundledger.ledger.provisional import room_of
from fundledger.ledger.stages import approved_stage


@check("FL581", Gates.ALWAYS, concerns=lambda layout: layout.has("Provisional", debit=False))
def given_beyond_last_year(new: Entry, books: Books) -> Hits:
    """Authority before the approval is capped line by line, and for a budget in preparation only.

    A budget in preparation has a stage: its approval takes the authority in (预算法 art. 54).
    """
    if new.voucher.reverses:
        return
    for posting, account in new.lines:
        if account.budget_kind != "Provisional" or posting.signed_fen >= 0:
            continue
        year, line = account.year, (account.unit, account.category)
        room = room_of(books, line, new.voucher.date)
        reason = ""
        if not books.stages[str(year)]:
            reason = "unstaged"
        elif approved_stage(books, year) is not None:
            reason = "approved"
        elif room.given_fen > room.spent_fen:
            reason = "beyond"
        if reason:
            details = {
                "year": year,
                "line": ":".join(line),
                "month": new.month,
                "spent_fen": room.spent_fen,
                "given_fen": room.given_fen,
                "reason": reason,
            }
            yield account.name, {**details, "amount_fen": max(room.given_fen - room.spent_fen, 0)}
