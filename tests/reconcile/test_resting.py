"""What rests on another voucher is no correction of it, and meets the bank on its own day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from fundledger.ledger import drafts
from fundledger.ledger.voucher import numbered
from fundledger.reconcile import book_lines
from support.offices import DIBAO, draft


def test_money_back_of_an_advance_is_not_looked_for_before_it_came() -> None:
    paid = numbered(draft(drafts.advance(2026, DIBAO, 9_00), date(2026, 3, 5), "advance"), 1)
    postings = drafts.advance_returned(2026, DIBAO, 4_00)
    back = draft(postings, date(2026, 3, 20), "advance-return", corrects=paid.ref)
    corrected = replace(back, event="correction")

    first, second = book_lines([paid, numbered(back, 2)])
    assert (second.corrects, second.since) == ("", None)
    assert (first.signed_fen, second.signed_fen) == (-9_00, 4_00)
    _, other = book_lines([paid, numbered(corrected, 2)])
    assert (other.corrects, other.since) == (paid.ref, date(2026, 3, 5))
