"""What the bank does to a fund's account without being asked, and what others give or send."""

from __future__ import annotations

from datetime import date

from fundledger.example.desk import STORY, YUAN, Act, Desk, Story
from fundledger.ledger import chart, drafts
from fundledger.ledger.voucher import credit, debit


def taken_twice_by_the_bank() -> Story:
    """The bank debits a payment twice and gives it back six days later."""
    fen = 2_590 * YUAN

    def taken(desk: Desk, day: date) -> None:
        words = "银行重复扣款，待查"
        desk.simple(day, "unknown-debit", words, *drafts.unknown_debit(fen))

    def returned(desk: Desk, day: date) -> None:
        sides = (debit(chart.BANK, fen), credit(chart.ASSET_SUSPENSE, fen))
        desk.simple(day, "transfer", "银行退回重复扣款", *sides)

    acts = (Act(date(2025, 10, 21), STORY, taken), Act(date(2025, 10, 27), STORY, returned))
    return Story(acts)


def charged(day: date, fen: int) -> Story:
    """The bank charges a fee, which the office pays back: aid money bears no costs."""

    def fee(desk: Desk, day: date) -> None:
        desk.simple(day, "bank-fee", "银行扣收账户手续费，应由工作经费承担", *drafts.bank_fee(fen))

    def refund(desk: Desk, day: date) -> None:
        sides = (debit(chart.BANK, fen), credit(chart.DUE_FROM_OFFICE, fen))
        desk.simple(day, "transfer", "工作经费归还银行手续费", *sides)

    return Story((Act(day, STORY, fee), Act(day.replace(day=day.day + 9), STORY, refund)))


def not_ours() -> Story:
    """A credit that is not this fund's goes back to whoever sent it."""
    fen = 3_260 * YUAN

    def arrives(desk: Desk, day: date) -> None:
        desk.simple(day, "unknown-credit", "不明来款，待查", *drafts.unknown_credit(fen))

    def returned(desk: Desk, day: date) -> None:
        sides = (debit(chart.LIABILITY_SUSPENSE, fen), credit(chart.BANK, fen))
        desk.simple(day, "transfer", "退回误汇款项", *sides, attachments=2)

    return Story((Act(date(2026, 4, 14), STORY, arrives), Act(date(2026, 4, 21), STORY, returned)))


def given() -> tuple[Story, ...]:
    """Donations come when they come; each is for a purpose that the donor names."""
    gifts = (
        (date(2025, 3, 5), 20_000, "助学"),
        (date(2025, 5, 16), 5_000, "助残"),
        (date(2025, 9, 5), 30_000, "助困"),
        (date(2025, 11, 20), 8_800, "助医"),
        (date(2026, 1, 21), 10_000, "助困"),
        (date(2026, 3, 5), 15_000, "助医"),
        (date(2026, 6, 1), 6_000, "助学"),
        (date(2026, 9, 7), 25_000, "助学"),
        (date(2026, 10, 16), 3_000, "助困"),
        (date(2026, 10, 30), 5_000, "助困"),
    )
    return tuple(_gift(day, yuan * YUAN, purpose) for day, yuan, purpose in gifts)


def _gift(day: date, fen: int, purpose: str) -> Story:
    def receive(desk: Desk, day: date) -> None:
        words = f"收到企业捐款（限定用途：{purpose}）"
        desk.simple(day, "donation", words, *drafts.donation(fen), attachments=2, documented=True)

    return Story((Act(day, STORY, receive),))


def given_without_a_word() -> Story:
    """A credit that nobody can explain turns out to be a donation."""
    fen = 2_000 * YUAN

    def arrives(desk: Desk, day: date) -> None:
        desk.simple(day, "unknown-credit", "不明来款，待查", *drafts.unknown_credit(fen))

    def known(desk: Desk, day: date) -> None:
        desk.simple(
            day,
            "transfer",
            "待查款项查明为居民自治组织捐款（限定用途：助困）",
            debit(chart.LIABILITY_SUSPENSE, fen),
            credit(chart.DONATION, fen),
        )

    return Story((Act(date(2025, 9, 10), STORY, arrives), Act(date(2025, 9, 22), STORY, known)))
