"""What can happen to a fund: the words for it, and whether it is an act or a fact."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of event; a fact happened whatever we decide, an act is ours to refuse."""

    slug: str
    zh: str
    en: str
    fact: bool = False
    papers: bool = True


EVENTS: dict[str, Event] = {
    event.slug: event
    for event in (
        Event("opening", "期初建账", "opening balances"),
        Event("allocation", "拨款到账", "allocation received", fact=True),
        Event("donation", "捐赠收入", "donation received", fact=True),
        Event("interest", "利息收入", "interest credited", fact=True),
        Event("bank-fee", "银行手续费", "bank fee", fact=True),
        Event("unknown-credit", "不明来款", "unknown credit", fact=True),
        Event("unknown-debit", "不明扣款", "unknown debit", fact=True),
        Event("expense", "直接支付", "expense paid at once"),
        Event("transfer", "基金内划转", "transfer within the fund"),
        Event("interfund", "基金间往来", "due between funds"),
        Event("surrender", "上缴财政", "surrendered to the treasury"),
        Event("budget-adopt", "预算下达", "budget adopted"),
        Event("supplement", "预算追加", "budget supplement"),
        Event("reduction", "预算追减", "budget reduction"),
        Event("allot", "指标分配", "money allotted to lines"),
        Event("virement", "预算调剂", "virement within the fund"),
        Event("encumber", "指标占用", "budget encumbered"),
        Event("release", "占用释放", "encumbrance released"),
        Event("reversal", "红字冲销", "red-ink reversal", papers=False),
        Event("correction", "更正凭证", "correcting voucher", papers=False),
        Event("year-end", "年末结转", "year-end carry forward", papers=False),
        Event("year-opening", "上年结转", "brought forward", papers=False),
    )
}
