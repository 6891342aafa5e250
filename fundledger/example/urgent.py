"""Aid that cannot wait for its papers, and a gift that goes back to who gave it."""

from __future__ import annotations

from datetime import date

from fundledger.example.desk import STORY, YUAN, Act, Desk, Story, Want
from fundledger.ledger import drafts


def advanced() -> Story:
    """After a fire money is advanced; the papers come within days, and what is left comes back."""
    day, line, fen, used_fen = date(2026, 5, 14), ("Joint", "Emergency"), 4_000 * YUAN, 3_600 * YUAN
    approval = "例街救审〔2026〕急1号"

    def advance(desk: Desk, day: date) -> None:
        words = "火灾受灾家庭应急预付"
        postings = drafts.advance(day.year, line, fen)
        draft = desk.draft(day, "advance", words, postings, attachments=1, approval=approval)
        desk.record(draft, label="advanced")

    def settle(desk: Desk, day: date) -> None:
        postings = drafts.advance_settled(day.year, line, used_fen)
        words = "火灾受灾家庭应急预付核销"
        desk.simple(
            day,
            "advance-settle",
            words,
            *postings,
            attachments=4,
            approval=approval,
            paid_by="advanced",
        )

    def give_back(desk: Desk, day: date) -> None:
        postings = drafts.advance_returned(day.year, line, fen - used_fen)
        words = "应急预付余款交回"
        desk.simple(day, "advance-return", words, *postings, paid_by="advanced")

    acts = (
        Act(day, STORY, advance),
        Act(date(2026, 5, 20), STORY, settle),
        Act(date(2026, 5, 21), STORY, give_back),
    )
    return Story(acts, (Want(day, line, fen),))


def refunded() -> Story:
    """A donor asks a gift back before anything was decided about it."""
    fen = 2_000 * YUAN

    def receive(desk: Desk, day: date) -> None:
        words = "收到居民捐款（限定用途：助残）"
        draft = desk.draft(day, "donation", words, drafts.donation(fen), documented=True)
        desk.record(draft, label="gift")

    def refund(desk: Desk, day: date) -> None:
        desk.simple(
            day,
            "donor-refund",
            "应捐赠人要求退回捐款",
            *drafts.donation_refunded(day.year, None, fen),
            attachments=2,
            approval="例慈〔2025〕退1号",
            paid_by="gift",
        )

    acts = (Act(date(2025, 11, 24), STORY, receive), Act(date(2025, 12, 3), STORY, refund))
    return Story(acts)
