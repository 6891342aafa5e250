"""Wrong vouchers as people write them, each with every code that `check` must give it.

The gate refuses each of them (but for the warnings); see `mistakes` for how they come in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import fundledger
from fundledger import Draft
from fundledger.ledger import chart, drafts
from fundledger.ledger.drafts import budget_account
from fundledger.ledger.voucher import credit, debit

if TYPE_CHECKING:
    from fundledger.ledger.drafts import Line

TODAY = date(2026, 10, 30)
CENT = 1
_YUAN = 100


@dataclass(frozen=True, slots=True)
class Case:
    """A wrong voucher: its fund, the codes, the draft, the story; `skip` leaves out numbers.

    `place` is where it shows, if not at the voucher.
    """

    fund: str
    codes: str
    draft: Draft
    zh: str
    en: str
    skip: int = 0
    place: str = ""


def wrong_vouchers(fen: int, number: str) -> Iterator[Case]:
    """Yield the cases, in the order in which they are recorded.

    `fen` is a small sum; `number` looks like an identity number and is nobody's.
    """
    yield from _of_purpose(fen)
    yield from _of_signatures(fen)
    yield from _of_budget(fen)
    yield from _of_other_money(fen)
    yield from _of_texts(fen, number)


def paid(line: Line, fen: int, narration: str = "支付救助款") -> Draft:
    """Return a sound payment of aid."""
    return Draft(
        date=TODAY,
        narration=narration,
        event="expense",
        postings=drafts.expense(TODAY.year, line, fen),
        maker="S03",
        reviewer="S01",
        poster="S05",
        cashier="S06",
        attachments=2,
    )


def _of_purpose(fen: int) -> Iterator[Case]:
    """Money for what it is not for, out of the wrong pocket, or in cash."""
    other = ("CASC", "TradRelief")
    yield Case(
        "dibao",
        "FL201 FL504",
        replace(paid(other, fen), postings=_bare(other, fen)),
        "用低保资金支付别的救助（挤占挪用）",
        "dibao money pays for another kind of aid",
    )
    stranger = ("Petition", "PetitionHH")
    yield Case(
        "disability",
        "FL202 FL504",
        replace(paid(stranger, fen), postings=_bare(stranger, fen)),
        "用残疾人资金支付信访户，不属任何成员单位的此项职责",
        "disability money pays for another unit's people",
    )
    foreign = (debit(chart.BANK, fen), credit("Income:Appropriation:Lottery", fen))
    yield Case(
        "low-income",
        "FL206",
        replace(paid(other, fen), event="allocation", postings=foreign),
        "福彩公益金的拨款记进低收入资金",
        "lottery money is booked into the low-income fund",
    )
    saved = (debit("Assets:Bank:Savings", fen), credit(chart.BANK, fen))
    yield Case(
        "low-income",
        "FL101",
        replace(paid(other, fen, "转存"), event="transfer", postings=saved),
        "专户的钱转到了另一个户头",
        "money moves to an account beside the dedicated one",
    )
    drawn = (debit(chart.CASH, fen), credit(chart.BANK, fen))
    visit = ("Joint", "Visit")
    yield Case(
        "festival",
        "FL203",
        replace(paid(visit, fen, "提取备用金"), event="transfer", postings=drawn),
        "先提现金",
        "cash is drawn first",
    )
    handed = tuple(
        credit(chart.CASH, fen) if posting.account == chart.BANK else posting
        for posting in drafts.expense(TODAY.year, visit, fen)
    )
    yield Case(
        "festival",
        "FL203",
        replace(paid(visit, fen, "走访慰问"), postings=handed),
        "再用现金发慰问金",
        "and handed out",
    )
    lent = drafts.claimed(TODAY.year, ("Union", "UnionMember"), "Party", fen)
    yield Case(
        "union",
        "FL102 FL341",
        replace(
            paid(visit, fen, "垫付党费帮困"),
            event="interfund",
            postings=lent,
            approval="例街救审〔2026〕往来2号",
        ),
        "工会账上挂了应收党费，写不出付款凭证，党费账上也没有应付",
        "the union's book says Party dues owe it money, names no payment; theirs does not",
        place="union",
    )


def _of_signatures(fen: int) -> Iterator[Case]:
    """Papers, posts, numbers and days."""
    tekun, sick = ("CSO", "Tekun"), ("Women", "GynSevere")
    yield Case(
        "tekun",
        "FL304 FL315",
        replace(paid(tekun, fen), maker="S04", reviewer="S04"),
        "制单人自己复核（且并无复核岗位）",
        "the maker reviews the voucher",
    )
    yield Case(
        "women",
        "FL303",
        replace(paid(sick, fen), attachments=0),
        "没有附件",
        "no source document",
    )
    yield Case(
        "lottery",
        "FL305 FL315",
        replace(paid(("CSO", "LoneElder"), fen), poster="S06"),
        "出纳兼记账",
        "the cashier also posts",
    )
    yield Case(
        "children",
        "FL316",
        paid(("CSO", "ChildDifficulty"), 50_000 * _YUAN),
        "大额支付没有审批",
        "a large payment without an approval",
    )
    yield Case(
        "dibao",
        "FL307 FL401",
        replace(paid(("CASC", "Dibao"), fen, "补记9月低保金"), date=date(2026, 9, 28)),
        "凭证倒填到已结账的月份，月末对账余额因此不符",
        "a voucher is dated back into a closed month, whose asserted balance no longer holds",
    )
    yield Case(
        "emergency",
        "FL301",
        replace(paid(("CSO", "Vagrant"), fen), approval="例街救审〔2026〕补1号"),
        "凭证跳号（中间一张被抽走）",
        "a number is missing: one voucher was taken out",
        skip=1,
    )
    late = replace(paid(("CSO", "Vagrant"), fen), date=date(2026, 11, 4))
    yield Case("emergency", "FL312", late, "预先记了下月的凭证", "next month's voucher already")


def _of_budget(fen: int) -> Iterator[Case]:
    """More than there is, or not the way it adds up."""
    jobless = ("CASC", "UnempHardship")
    yield Case(
        "low-income",
        "FL502",
        replace(paid(jobless, 30_000 * _YUAN), approval="例街救审〔2026〕补2号"),
        "超过指标支付",
        "a line spends more than it has",
    )
    yield Case(
        "lottery",
        "FL501 FL502",
        paid(("CSO", "ChildDifficulty"), fen),
        "未列预算先支出",
        "spent without a line in the budget",
    )
    line = ("Charity", "PovAid")
    yield Case(
        "charity",
        "FL504",
        replace(paid(line, fen), postings=_bare(line, fen)),
        "支出没有同时核减指标",
        "an expense that uses no budget",
    )
    aid, other = ("Justice", "Released"), ("Justice", "CommCorrect")
    crossed = (
        *_bare(aid, fen),
        debit(budget_account(TODAY.year, "Expended", aid), fen),
        credit(budget_account(TODAY.year, "Available", other), fen),
    )
    yield Case(
        "justice",
        "FL503 FL503",
        replace(paid(aid, fen), postings=crossed),
        "用了甲项的钱，却核减乙项的指标",
        "one line spends and another is charged",
    )
    yield Case(
        "party",
        "FL505",
        replace(
            paid(("Party", "PartyMember"), fen, "分配用款指标"),
            event="allot",
            postings=drafts.allotment(TODAY.year, ("Party", "PartyMember"), 7_500 * _YUAN),
        ),
        "没有到账的钱也分配了指标",
        "more is allotted than there is money",
    )


def _of_other_money(fen: int) -> Iterator[Case]:
    """What is no expense of its line: an advance, money that came back, a release."""
    line, aid = ("Charity", "PovAid"), ("Justice", "Released")
    advance = (debit("Assets:Advance", 60_000 * _YUAN), credit(chart.BANK, 60_000 * _YUAN))
    yield Case(
        "festival",
        "FL402 FL314 FL316",
        replace(paid(line, fen, "预付慰问品款"), event="transfer", postings=advance),
        "没有审批、没有指标的大额预付，专户透支",
        "a large advance without approval or budget overdraws the account",
    )
    back = (
        debit(chart.BANK, fen),
        credit(drafts.expense_account(("CASC", "ReturneeSubsidy")), fen),
        debit(budget_account(TODAY.year, "Available", ("CASC", "ReturneeSubsidy")), fen),
        credit(budget_account(TODAY.year, "Expended", ("CASC", "ReturneeSubsidy")), fen),
    )
    yield Case(
        "returnee",
        "FL313",
        replace(
            paid(line, fen, "收回上年多付补助"),
            event="correction",
            corrects="2025-11-0001",
            postings=back,
        ),
        "上年的差错冲减了本年支出",
        "last year's error is taken off this year's expense",
    )
    cut = (debit(chart.BANK, fen), credit(drafts.expense_account(("CASC", "ReturneeSubsidy")), fen))
    yield Case(
        "returnee",
        "FL314",
        replace(paid(line, fen, "专户利息冲减支出"), event="interest", postings=cut),
        "利息直接冲减了救助支出",
        "interest is taken off what was spent",
    )
    yield Case(
        "emergency",
        "FL506",
        replace(
            paid(line, fen, "释放指标"),
            event="release",
            postings=drafts.release(TODAY.year, ("CSO", "Vagrant"), fen),
        ),
        "释放了没有占用过的指标",
        "budget is released that was never set aside",
    )
    short = (debit(drafts.expense_account(aid), fen), credit(chart.BANK, fen - CENT))
    use = drafts.expense(TODAY.year, aid, fen)[2:]
    yield Case(
        "justice",
        "FL308",
        replace(paid(aid, fen), postings=(*short, *use)),
        "借贷差一分钱",
        "a fen is missing on one side",
    )


def _bare(line: Line, fen: int) -> tuple[fundledger.Posting, ...]:
    """Return the money side of a payment, without its budget."""
    return (debit(drafts.expense_account(line), fen), credit(chart.BANK, fen))


def _of_texts(fen: int, number: str) -> Iterator[Case]:
    """What is written on a voucher."""
    line = ("Petition", "PetitionHH")
    yield Case(
        "petition",
        "FL205",
        paid(line, fen, f"信访困难户帮扶，身份证{number}"),
        "摘要里写了身份证号（号码是随机编的）",
        "an identity number in the narration (a random one)",
    )
    yield Case(
        "petition",
        "FL204",
        paid(line, fen, "走访用车加油"),
        "救助资金里列支了办公费用",
        "aid money pays for the office",
    )
    yield Case(
        "petition",
        "FL311",
        paid(line, fen, "帮扶\t补助"),
        "摘要里有不能打印的字符",
        "a character that does not print",
    )
