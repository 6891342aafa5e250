"""What does not happen every year: mistakes and their cure, and changes of the budget."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fundledger.example.arrivals import (
    charged,
    given,
    given_without_a_word,
    not_ours,
    taken_twice_by_the_bank,
)
from fundledger.example.desk import AFTER, STORY, YUAN, Act, Desk, Story, Want
from fundledger.example.spending import from_encumbered
from fundledger.example.urgent import advanced_after_a_fire, given_by_mistake
from fundledger.ledger import chart, drafts
from fundledger.ledger.voucher import credit, debit

if TYPE_CHECKING:
    from fundledger.ledger.drafts import Line

_DISABLED = ("CSO", "Disabled")
_ILLNESS = ("CASC", "IllnessExp")
_SETTLEMENT = ("2025-JY-01",)


def stories_of(fund: str) -> tuple[Story, ...]:
    """Return what happens in one fund beside the ordinary course."""
    told: dict[str, tuple[Story, ...]] = {
        "dibao": (paid_twice_in_the_book(),),
        "tekun": (
            mistyped(),
            at_the_end(("CSO", "Tekun"), date(2026, 10, 29), 4_200, "支付特困人员丧葬费1人"),
        ),
        "low-income": (shifted(), across_the_year(), came_back()),
        "disability": (
            *(paid_for_another(),),
            raised_budget(_DISABLED, date(2025, 7, 22), 160_000, "残疾人补贴标准自7月1日起调整"),
        ),
        "lottery": (paid_by_another(),),
        "children": (
            raised_budget(("CSO", "ChildDifficulty"), date(2025, 8, 12), 9_000, "补贴标准调整"),
        ),
        "returnee": (
            taken_twice_by_the_bank(),
            at_the_end(
                ("CASC", "ReturneeSubsidy"), date(2026, 10, 30), 1_170, "补发2026年10月补助6人"
            ),
        ),
        "women": (charged(date(2025, 4, 16), 10_00), charged(date(2026, 5, 13), 12_50)),
        "petition": (charged(date(2026, 3, 17), 5_00),),
        "justice": (lowered_budget(("Justice", "Released"), date(2026, 9, 15), 4_000),),
        "union": (
            not_ours(),
            at_the_end(
                ("Union", "UnionMember"), date(2026, 10, 29), 3_000, "困难工会会员补助（追加批次）"
            ),
        ),
        "emergency": (advanced_after_a_fire(),),
        "charity": (*given(), given_without_a_word(), given_by_mistake()),
    }
    return told.get(fund, ())


def paid_twice_in_the_book() -> Story:
    """A payment is booked a second time and taken back in red ink the next day."""
    day, line, fen = date(2026, 3, 11), ("CASC", "Dibao"), 12_760 * YUAN

    def book(desk: Desk, day: date) -> None:
        draft = desk.draft(
            day,
            "expense",
            "发放2026年3月最低生活保障金（补发8人，重复制单）",
            drafts.expense(2026, line, fen),
            attachments=2,
        )
        desk.record(draft, label="twice")

    def undo(desk: Desk, day: date) -> None:
        desk.reverse("twice", day)

    return Story(
        (Act(day, AFTER, book), Act(date(2026, 3, 12), AFTER, undo)), (Want(day, line, fen),)
    )


def mistyped() -> Story:
    """A sum with two figures the wrong way round is corrected within the year."""
    day, line = date(2025, 5, 20), ("CSO", "Tekun")
    wrong_fen, right_fen = 5_190 * YUAN, 5_910 * YUAN
    words = "支付特困人员住院护理费3人"

    def book(desk: Desk, day: date) -> None:
        draft = desk.draft(
            day, "expense", words, drafts.expense(2025, line, wrong_fen), attachments=4
        )
        desk.record(draft, label="mistyped")

    def put_right(desk: Desk, day: date) -> None:
        draft = desk.draft(
            day,
            "correction",
            f"更正5月20日凭证金额：{words}",
            drafts.expense(2025, line, right_fen),
            attachments=1,
        )
        desk.correct("mistyped", draft)

    return Story(
        (Act(day, AFTER, book), Act(date(2025, 5, 26), AFTER, put_right)),
        (Want(day, line, wrong_fen + right_fen),),
    )


def shifted() -> Story:
    """Budget moves from one line to another of the same fund."""
    day, taker, fen = date(2025, 9, 16), ("CASC", "MajorIllness"), 15_000 * YUAN

    def move(desk: Desk, day: date) -> None:
        desk.simple(
            day,
            "virement",
            "预算调剂：因病支出型调入大重病",
            *drafts.virement(2025, _ILLNESS, taker, fen),
            attachments=2,
            approval="联席会议纪要〔2025〕6号",
            documented=True,
        )

    return Story((Act(day, STORY, move),), (Want(day, _ILLNESS, fen),))


def across_the_year() -> Story:
    """Budget set aside in December is carried forward and paid in January."""
    day, held_fen, paid_fen = date(2025, 12, 24), 8_000 * YUAN, 7_600 * YUAN
    links, words = ("2025-YB-188",), "因病支出型贫困家庭生活救助（2025年12月跨年）"

    def hold(desk: Desk, day: date) -> None:
        postings = drafts.encumbrance(2025, _ILLNESS, held_fen)
        desk.simple(day, "encumber", f"占用指标：{words}", *postings, links=links)

    def pay(desk: Desk, day: date) -> None:
        postings = from_encumbered(2026, _ILLNESS, paid_fen)
        desk.simple(day, "expense", words, *postings, attachments=4, links=links, documented=True)

    def release(desk: Desk, day: date) -> None:
        postings = drafts.release(2026, _ILLNESS, held_fen - paid_fen)
        desk.simple(day, "release", f"释放多占指标：{words}", *postings, links=links)

    return Story(
        (
            Act(day, STORY, hold),
            Act(date(2026, 1, 15), STORY, pay),
            Act(date(2026, 1, 16), STORY, release),
        ),
        (Want(day, _ILLNESS, held_fen),),
    )


def came_back() -> Story:
    """What was paid too much last year comes back: corrected in blue through the adjustment."""
    fen = 1_200 * YUAN

    def correct(desk: Desk, day: date) -> None:
        draft = desk.draft(
            day,
            "correction",
            "收回2025年11月多付因病支出型救助款",
            (
                debit(chart.BANK, fen),
                credit(chart.PRIOR_YEAR_ADJUSTMENT, fen),
                debit(drafts.budget_account(2026, "Available", _ILLNESS), fen),
                credit(drafts.budget_account(2026, "BroughtForward", _ILLNESS), fen),
            ),
            attachments=2,
        )
        desk.correct("2025-11 CASC:IllnessExp", draft)

    return Story((Act(date(2026, 2, 11), STORY, correct),))


def paid_for_another() -> Story:
    """By mistake this fund paid what the lottery fund owed (串户); it gets its money back."""
    fen = 4_480 * YUAN

    def claim(desk: Desk, day: date) -> None:
        desk.simple(
            day,
            "interfund",
            "误付福彩公益金居家养护补助14人，转列应收",
            debit(f"{chart.DUE_FROM_FUND}Lottery", fen),
            credit(drafts.expense_account(_DISABLED), fen),
            debit(drafts.budget_account(2025, "Available", _DISABLED), fen),
            credit(drafts.budget_account(2025, "Expended", _DISABLED), fen),
            attachments=2,
            paid_by="2025-06 CSO:Disabled",
            links=_SETTLEMENT,
            approval="例街救审〔2025〕往来1号",
        )

    def receive(desk: Desk, day: date) -> None:
        desk.simple(
            day,
            "interfund",
            "收回福彩公益金归还垫付款",
            debit(chart.BANK, fen),
            credit(f"{chart.DUE_FROM_FUND}Lottery", fen),
            links=_SETTLEMENT,
            approval="例街救审〔2025〕往来1号",
        )

    acts = (Act(date(2025, 6, 24), STORY, claim), Act(date(2025, 7, 9), STORY, receive))
    return Story(acts)


def paid_by_another() -> Story:
    """The other side of it: the lottery fund owes the disability fund, and pays."""
    fen, day = 4_480 * YUAN, date(2025, 6, 24)

    def owe(desk: Desk, day: date) -> None:
        desk.simple(
            day,
            "interfund",
            "残疾人救助资金代付居家养护补助14人，转列应付",
            debit(drafts.expense_account(_DISABLED), fen),
            credit(f"{chart.DUE_TO_FUND}Disability", fen),
            *drafts.encumbrance(2025, _DISABLED, fen),
            attachments=2,
            links=_SETTLEMENT,
            approval="例街救审〔2025〕往来1号",
        )

    def pay(desk: Desk, day: date) -> None:
        desk.simple(
            day,
            "interfund",
            "归还残疾人救助资金垫付款",
            debit(f"{chart.DUE_TO_FUND}Disability", fen),
            credit(chart.BANK, fen),
            debit(drafts.budget_account(2025, "Expended", _DISABLED), fen),
            credit(drafts.budget_account(2025, "Encumbered", _DISABLED), fen),
            links=_SETTLEMENT,
            approval="例街救审〔2025〕往来1号",
        )

    return Story(
        (Act(day, STORY, owe), Act(date(2025, 7, 9), STORY, pay)), (Want(day, _DISABLED, fen),)
    )


def raised_budget(line: Line, day: date, yuan: int, why: str) -> Story:
    """A budget that does not reach is raised (追加)."""
    fen = yuan * YUAN

    def supplement(desk: Desk, day: date) -> None:
        desk.simple(
            day,
            "supplement",
            f"追加{day.year}年度预算：{why}",
            *drafts.adoption(day.year, line, fen),
            attachments=2,
            approval=f"联席会议纪要〔{day.year}〕5号",
            documented=True,
        )

    return Story((Act(day, STORY, supplement),), (Want(day, line, 0, -fen),))


def lowered_budget(line: Line, day: date, yuan: int) -> Story:
    """A budget that is not needed is lowered (追减)."""
    fen = yuan * YUAN

    def reduce(desk: Desk, day: date) -> None:
        desk.simple(
            day,
            "reduction",
            f"追减{day.year}年度预算：安置人数减少",
            *drafts.reduction(day.year, line, fen),
            attachments=2,
            approval=f"联席会议纪要〔{day.year}〕8号",
            documented=True,
        )

    return Story((Act(day, STORY, reduce),), (Want(day, line, 0, fen),))


def at_the_end(line: Line, day: date, yuan: int, words: str) -> Story:
    """A payment so late in the month that the bank may not have it before the next."""
    fen = yuan * YUAN

    def pay(desk: Desk, day: date) -> None:
        desk.simple(day, "expense", words, *drafts.expense(day.year, line, fen), attachments=3)

    return Story((Act(day, STORY, pay),), (Want(day, line, fen),))
