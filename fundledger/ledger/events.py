"""What can happen to a fund: the words for it, and the postings that it may have.

The forms are those of the table of postings: debit first, CNYB beside the money wherever an event
uses or gives authority to spend.  A form names accounts by their role (`Account.role`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fundledger.ledger.batches.events import OF_BATCHES
from fundledger.ledger.chart import (
    ADVANCE,
    ASSET_SUSPENSE,
    BANK,
    CARRIED_FORWARD,
    CASH,
    CUSTODIAL,
    DONATION,
    DUE_FROM_BANK,
    DUE_FROM_OFFICE,
    IN_TRANSIT,
    INTEREST,
    LIABILITY_SUSPENSE,
    PRIOR_YEAR_ADJUSTMENT,
    RECOVERY,
    RETURNED,
    SUBSIDY_PAYABLE,
    TREASURY_PAYABLE,
    Role,
)
from fundledger.ledger.forms import Event, Form, Lines, Tie, form

_EXPENDED = Tie(Role.EXPENSE, "Expended", by_line=True)
_ASSETS = (BANK, CASH, DUE_FROM_BANK, DUE_FROM_OFFICE, ASSET_SUSPENSE, RECOVERY, ADVANCE)
_DEBTS = (SUBSIDY_PAYABLE, IN_TRANSIT, RETURNED, TREASURY_PAYABLE, LIABILITY_SUSPENSE, CUSTODIAL)
_INCOME = (Role.APPROPRIATION, DONATION, INTEREST)
_EXPLAINED = (DUE_FROM_BANK, DUE_FROM_OFFICE)

_EVENTS = (
    Event(
        "opening",
        "期初建账",
        "opening balances",
        (
            form(
                (*_ASSETS, Role.DUE_FROM_FUND, CARRIED_FORWARD, "Available", "Encumbered"),
                (*_DEBTS, Role.DUE_TO_FUND, CARRIED_FORWARD, "BroughtForward"),
            ),
        ),
    ),
    Event(
        "allocation",
        "拨款到账",
        "allocation received",
        (form((BANK,), (Role.APPROPRIATION,)),),
        fact=True,
    ),
    Event("donation", "捐赠收入", "donation received", (form((BANK,), (DONATION,)),), fact=True),
    Event(
        "interest",
        "利息收入",
        "interest credited",
        (form((BANK,), (INTEREST, TREASURY_PAYABLE)),),
        fact=True,
    ),
    Event("bank-fee", "银行手续费", "bank fee", (form((DUE_FROM_OFFICE,), (BANK,)),), fact=True),
    Event(
        "unknown-credit",
        "不明来款",
        "unknown credit",
        (form((BANK,), (LIABILITY_SUSPENSE,)),),
        fact=True,
    ),
    Event(
        "unknown-debit",
        "不明扣款",
        "unknown debit",
        (form((ASSET_SUSPENSE,), (BANK,)),),
        fact=True,
    ),
    Event(
        "expense",
        "直接支付",
        "expense paid at once",
        (
            form(
                (Role.EXPENSE, "Expended"),
                (BANK, CASH, ASSET_SUSPENSE, "Available", "Encumbered"),
                _EXPENDED,
            ),
        ),
    ),
    Event(
        "advance",
        "应急预付",
        "emergency advance",
        (
            form(
                (ADVANCE, "Encumbered"),
                (BANK, "Available"),
                Tie(ADVANCE, "Encumbered"),
                decided=True,
            ),
        ),
    ),
    Event(
        "advance-settle",
        "应急预付核销",
        "emergency advance settled with papers",
        (
            form(
                (Role.EXPENSE, "Expended"),
                (ADVANCE, "Encumbered"),
                _EXPENDED,
                Tie(ADVANCE, "Encumbered"),
            ),
        ),
    ),
    Event(
        "advance-return",
        "应急预付退回",
        "unused emergency advance given back",
        (
            form(
                (BANK, "Available", "Lapsed"),
                (ADVANCE, "Encumbered"),
                Tie(ADVANCE, "Encumbered"),
            ),
        ),
    ),
    Event(
        "donor-refund",
        "捐赠款退回",
        "donation refunded to its donor",
        (
            form(
                ("Approved",),
                (BANK, "Available"),
                Tie(BANK, "Available"),
                decided=True,
                reds=(DONATION,),
            ),
            form((), (BANK,), decided=True, reds=(DONATION,)),
            form(
                (PRIOR_YEAR_ADJUSTMENT, "BroughtForward"),
                (BANK, "Available"),
                Tie(PRIOR_YEAR_ADJUSTMENT, "BroughtForward"),
                decided=True,
            ),
            form((PRIOR_YEAR_ADJUSTMENT,), (BANK,), decided=True),
        ),
    ),
    Event(
        "transfer",
        "基金内划转",
        "transfer within the fund",
        (
            form((BANK,), (CASH, ASSET_SUSPENSE, RECOVERY, *_EXPLAINED)),
            form((CASH,), (BANK,)),
            form(_EXPLAINED, (ASSET_SUSPENSE,), decided=True),
            form((LIABILITY_SUSPENSE,), (BANK, *_INCOME, TREASURY_PAYABLE)),
            form((LIABILITY_SUSPENSE,), (ASSET_SUSPENSE, *_EXPLAINED), decided=True),
        ),
    ),
    Event(
        "interfund",
        "基金间往来",
        "due between funds",
        (
            form(
                (Role.DUE_FROM_FUND, "Available"),
                (Role.EXPENSE, "Expended"),
                _EXPENDED,
                decided=True,
            ),
            form(
                (Role.EXPENSE, "Encumbered"),
                (Role.DUE_TO_FUND, "Available"),
                Tie(Role.EXPENSE, "Encumbered", by_line=True),
                decided=True,
            ),
            form(
                (Role.DUE_TO_FUND, "Expended"),
                (BANK, "Encumbered"),
                Tie(Role.DUE_TO_FUND, "Expended"),
                decided=True,
            ),
            form((BANK,), (Role.DUE_FROM_FUND,)),
        ),
    ),
    Event(
        "surrender",
        "上缴财政",
        "surrendered to the treasury",
        (
            form((TREASURY_PAYABLE,), (BANK,)),
            form((CARRIED_FORWARD,), (BANK,), decided=True),
            form(
                (CARRIED_FORWARD, "Lapsed"),
                (BANK, "Available"),
                Tie(CARRIED_FORWARD, "Lapsed"),
                decided=True,
            ),
        ),
    ),
    Event(
        "budget-adopt",
        "预算下达",
        "budget adopted",
        (
            form(("Unallotted",), ("Approved",), decided=True),
            form(("Unallotted", "Provisional"), ("Approved", "Unallotted"), decided=True),
        ),
    ),
    Event(
        "provisional",
        "批复前安排",
        "authority before approval",
        (form(("Unallotted",), ("Provisional",), decided=True),),
    ),
    Event(
        "supplement",
        "预算追加",
        "budget supplement",
        (form(("Unallotted",), ("Approved",), decided=True),),
    ),
    Event(
        "reduction",
        "预算追减",
        "budget reduction",
        (form(("Approved",), ("Unallotted", "Available"), decided=True),),
    ),
    Event("allot", "指标分配", "money allotted to lines", (form(("Available",), ("Unallotted",)),)),
    Event(
        "virement",
        "预算调剂",
        "virement within the fund",
        (
            form(
                ("Approved", "Available"),
                ("Approved", "Available"),
                Tie("Approved"),
                decided=True,
            ),
        ),
    ),
    Event("encumber", "指标占用", "budget encumbered", (form(("Encumbered",), ("Available",)),)),
    Event("release", "占用释放", "encumbrance released", (form(("Available",), ("Encumbered",)),)),
    *OF_BATCHES,
    Event("reversal", "红字冲销", "red-ink reversal", papers=False),
    Event("correction", "更正凭证", "correcting voucher", papers=False),
    Event("year-end", "年末结转", "year-end carry forward", papers=False),
    Event("year-opening", "上年结转", "brought forward", papers=False),
)
EVENTS: Mapping[str, Event] = {event.slug: event for event in _EVENTS}

RESTING = frozenset({"interfund", "advance-settle", "advance-return", "donor-refund"})
"""Events whose vouchers name, as a correction does, the voucher that they rest on."""

WITHIN_THE_YEAR = tuple(
    form
    for event in _EVENTS
    if event.slug not in {"opening", "donor-refund"} and event not in OF_BATCHES
    for form in event.forms
)
"""What may stand in the place of a voucher that was reversed in its year (art. 51(5)).

A refund that was reversed is recorded anew, for it names the donation.
"""

OF_AN_EARLIER_YEAR = (
    form(
        (BANK, DUE_FROM_BANK, RECOVERY, Role.DUE_FROM_FUND),
        (PRIOR_YEAR_ADJUSTMENT,),
    ),
    form((PRIOR_YEAR_ADJUSTMENT,), (BANK, ASSET_SUSPENSE), decided=True),
    form(
        (BANK, "Available"),
        (PRIOR_YEAR_ADJUSTMENT, "BroughtForward"),
        Tie(PRIOR_YEAR_ADJUSTMENT, "BroughtForward"),
    ),
    form(
        (PRIOR_YEAR_ADJUSTMENT, "BroughtForward"),
        (BANK, ASSET_SUSPENSE, "Available"),
        Tie(PRIOR_YEAR_ADJUSTMENT, "BroughtForward"),
        decided=True,
    ),
)
"""What corrects an earlier year's voucher: in blue, through the prior-year adjustment."""


def fitting(forms: Iterable[Form], lines: Lines) -> tuple[Form, ...]:
    """Return the forms that allow every line of a voucher.

    Lines outside the chart or of no amount are left to other checks.  Red ink stands in reversals,
    which mirror a voucher (art. 51(5)), and here only where a form has it.
    """
    kept = [(p, account) for p, account in lines if p.signed_fen and not account.strange]
    return tuple(
        form
        for form in forms
        if all(form.allows(account.role, posting) for posting, account in kept)
    )
