"""What cannot wait for its papers, and what goes back to where it came from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fundledger.example.desk import AFTER, STORY, YUAN, Act, Desk, Story, Want
from fundledger.ledger import drafts

if TYPE_CHECKING:
    from fundledger.ledger.voucher import Posting

_EMERGENCY = ("Joint", "Emergency")


def advanced_after_a_fire() -> Story:
    """After a fire aid is advanced; its papers come a week later, and the rest of it back."""
    paid_on, settled_on, back_on = date(2026, 8, 4), date(2026, 8, 11), date(2026, 8, 12)
    used_fen, left_fen = 2_600 * YUAN, 400 * YUAN

    def pay(desk: Desk, day: date) -> None:
        made = desk.draft(
            day,
            "advance",
            "火灾家庭应急救助预付1户",
            drafts.advance(2026, _EMERGENCY, used_fen + left_fen),
            approval="例街救急〔2026〕1号",
        )
        desk.record(made, label="advance")

    def rests(desk: Desk, day: date, event: str, words: str, sides: tuple[Posting, ...]) -> None:
        desk.simple(day, event, words, *sides, attachments=3, paid_by="advance")

    def settle(desk: Desk, day: date) -> None:
        sides = drafts.advance_settled(2026, _EMERGENCY, used_fen)
        rests(desk, day, "advance-settle", "火灾家庭应急救助手续补齐", sides)

    def give_back(desk: Desk, day: date) -> None:
        sides = drafts.advance_returned(2026, _EMERGENCY, left_fen)
        rests(desk, day, "advance-return", "应急救助未用预付款交回专户", sides)

    acts = (
        Act(paid_on, AFTER, pay),
        Act(settled_on, AFTER, settle),
        Act(back_on, AFTER, give_back),
    )
    return Story(acts, (Want(paid_on, _EMERGENCY, used_fen + left_fen),))


def given_by_mistake() -> Story:
    """A donation that was sent twice goes back to its donor the day after."""
    fen, came_on, back_on = 1_500 * YUAN, date(2026, 7, 8), date(2026, 7, 9)

    def receive(desk: Desk, day: date) -> None:
        words = "收到企业捐款（限定用途：助学）"
        made = desk.draft(day, "donation", words, drafts.donation(fen), documented=True)
        desk.record(made, label="gift")

    def refund(desk: Desk, day: date) -> None:
        desk.simple(
            day,
            "donor-refund",
            "企业重复汇款，捐赠款退回",
            *drafts.donation_refunded(2026, None, fen),
            attachments=2,
            approval="例街救审〔2026〕退1号",
            paid_by="gift",
        )

    return Story((Act(came_on, STORY, receive), Act(back_on, STORY, refund)))
