"""What can happen to a fund: the words for it, and the postings that it may have.

The forms are those of the table of postings: debit first, CNYB beside the money wherever an event
uses or gives authority to spend.  A form names accounts by their role (`Account.role`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

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
    Account,
    Role,
)

if TYPE_CHECKING:
    from fundledger.ledger.voucher import Posting

Lines = Iterable[tuple["Posting", Account]]


class Tie(NamedTuple):
    """Two sums of a voucher that must be equal to the fen: what each role moves, debit positive.

    `by_line` compares them for every unit and category apart; no role on the right means zero.
    """

    left: str
    right: str = ""
    by_line: bool = False


class Apart(NamedTuple):
    """Where a tie does not hold: by how many fen, and in which line if it is tied by line."""

    tie: Tie
    unit: str
    category: str
    off_fen: int


@dataclass(frozen=True, slots=True)
class Form:
    """The roles that an event may debit and credit together, and what of it must be equal.

    What is `decided` needs the number of a decision (批准文号), whatever the amount.
    """

    debits: frozenset[str]
    credits: frozenset[str]
    ties: tuple[Tie, ...] = ()
    decided: bool = False

    def allows(self, role: str, side: str) -> bool:
        """Whether an account of a role may stand on a side."""
        return role in (self.debits if side == "debit" else self.credits)

    def apart(self, lines: Lines) -> Iterator[Apart]:
        """Yield every tie that does not hold in a voucher's lines."""
        for tie in self.ties:
            sums_fen: dict[tuple[str, str], int] = {}
            for posting, account in lines:
                sign = (account.role == tie.left) - (account.role == tie.right != "")
                if sign:
                    line = (account.unit, account.category) if tie.by_line else ("", "")
                    sums_fen[line] = sums_fen.get(line, 0) + sign * posting.signed_fen
            for (unit, category), off_fen in sums_fen.items():
                if off_fen:
                    yield Apart(tie, unit, category, off_fen)


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of event; a fact happened whatever we decide, an act is ours to refuse.

    `papers`: it needs source documents.
    """

    slug: str
    zh: str
    en: str
    forms: tuple[Form, ...] = ()
    fact: bool = False
    papers: bool = True


def _form(
    debits: Iterable[str], credits_: Iterable[str], *ties: Tie, decided: bool = False
) -> Form:
    return Form(frozenset(debits), frozenset(credits_), ties, decided)


_EXPENDED = Tie(Role.EXPENSE, "Expended", by_line=True)
_ASSETS = (BANK, CASH, DUE_FROM_BANK, DUE_FROM_OFFICE, ASSET_SUSPENSE, RECOVERY, ADVANCE)
_DEBTS = (SUBSIDY_PAYABLE, IN_TRANSIT, RETURNED, TREASURY_PAYABLE, LIABILITY_SUSPENSE, CUSTODIAL)
_INCOME = (Role.APPROPRIATION, DONATION, INTEREST)
_EXPLAINED = (DUE_FROM_BANK, DUE_FROM_OFFICE)

_SPENT = (Role.EXPENSE, PRIOR_YEAR_ADJUSTMENT)
_FREED = ("Available", "Lapsed")
_USED = ("Expended", "BroughtForward")
_OF_BATCHES = (
    Event(
        "batch-approve",
        "批次批准",
        "batch approved",
        (
            _form(
                (Role.EXPENSE, "Encumbered"),
                (SUBSIDY_PAYABLE, "Available"),
                Tie(Role.EXPENSE, "Encumbered", by_line=True),
            ),
            _form((RETURNED,), (SUBSIDY_PAYABLE,)),
        ),
    ),
    Event(
        "batch-withdraw",
        "批次撤销",
        "batch withdrawn",
        (
            _form((SUBSIDY_PAYABLE, *_FREED), (*_SPENT, "Encumbered")),
            _form((SUBSIDY_PAYABLE,), (RETURNED,)),
        ),
    ),
    Event(
        "batch-export",
        "批次送银行",
        "batch sent to the bank",
        (_form((SUBSIDY_PAYABLE,), (IN_TRANSIT,)),),
    ),
    Event(
        "batch-refuse",
        "银行退回批次",
        "batch refused by the bank",
        (_form((IN_TRANSIT,), (SUBSIDY_PAYABLE,)),),
        fact=True,
    ),
    Event(
        "batch-result",
        "代发失败",
        "payments failed",
        (_form((IN_TRANSIT, DUE_FROM_BANK), (SUBSIDY_PAYABLE,)),),
        fact=True,
    ),
    Event(
        "batch-debit",
        "代发扣款",
        "payments debited",
        (
            _form(
                (IN_TRANSIT, DUE_FROM_BANK, "Expended"),
                (BANK, "Encumbered"),
                Tie(BANK, "Encumbered"),
            ),
        ),
        fact=True,
    ),
    Event(
        "batch-credit-back",
        "失败款退回",
        "failed payments credited back",
        (_form((BANK, "Encumbered"), (DUE_FROM_BANK, *_USED), Tie(BANK, "Encumbered")),),
        fact=True,
    ),
    Event(
        "batch-return",
        "退汇",
        "payments returned",
        (_form((BANK, "Encumbered"), (RETURNED, *_USED), Tie(BANK, "Encumbered")),),
        fact=True,
    ),
    Event(
        "batch-take-back",
        "冲账",
        "debits taken back",
        (_form((BANK, "Encumbered"), (RETURNED, *_USED), Tie(BANK, "Encumbered")),),
        fact=True,
    ),
    Event(
        "batch-cancel",
        "代发取消",
        "payments cancelled",
        (_form((SUBSIDY_PAYABLE, RETURNED, *_FREED), (*_SPENT, "Encumbered")),),
    ),
    Event(
        "batch-unclaimed",
        "无人领取",
        "payments unclaimed",
        (_form((SUBSIDY_PAYABLE, RETURNED, *_FREED), (*_SPENT, "Encumbered")),),
    ),
    Event(
        "batch-remit",
        "无人领取款上缴",
        "unclaimed money surrendered",
        (_form((CARRIED_FORWARD, "Lapsed"), (BANK, "Available"), decided=True),),
    ),
    Event(
        "batch-claim-back",
        "多付追回",
        "overpayment asked back",
        (_form((RECOVERY,), _SPENT, decided=True),),
    ),
    Event(
        "batch-recover",
        "追回到账",
        "overpayment paid back",
        (_form((BANK, "Available"), (RECOVERY, *_USED), Tie(BANK, "Available")),),
        fact=True,
    ),
    Event(
        "batch-write-off",
        "追回款核销",
        "overpayment written off",
        (_form(_SPENT, (RECOVERY,), decided=True),),
    ),
)

_EVENTS = (
    Event(
        "opening",
        "期初建账",
        "opening balances",
        (
            _form(
                (*_ASSETS, Role.DUE_FROM_FUND, CARRIED_FORWARD, "Available", "Encumbered"),
                (*_DEBTS, Role.DUE_TO_FUND, CARRIED_FORWARD, "BroughtForward"),
            ),
        ),
    ),
    Event(
        "allocation",
        "拨款到账",
        "allocation received",
        (_form((BANK,), (Role.APPROPRIATION,)),),
        fact=True,
    ),
    Event("donation", "捐赠收入", "donation received", (_form((BANK,), (DONATION,)),), fact=True),
    Event(
        "interest",
        "利息收入",
        "interest credited",
        (_form((BANK,), (INTEREST, TREASURY_PAYABLE)),),
        fact=True,
    ),
    Event("bank-fee", "银行手续费", "bank fee", (_form((DUE_FROM_OFFICE,), (BANK,)),), fact=True),
    Event(
        "unknown-credit",
        "不明来款",
        "unknown credit",
        (_form((BANK,), (LIABILITY_SUSPENSE,)),),
        fact=True,
    ),
    Event(
        "unknown-debit",
        "不明扣款",
        "unknown debit",
        (_form((ASSET_SUSPENSE,), (BANK,)),),
        fact=True,
    ),
    Event(
        "expense",
        "直接支付",
        "expense paid at once",
        (
            _form(
                (Role.EXPENSE, "Expended"),
                (BANK, CASH, ASSET_SUSPENSE, "Available", "Encumbered"),
                _EXPENDED,
            ),
        ),
    ),
    Event(
        "transfer",
        "基金内划转",
        "transfer within the fund",
        (
            _form((BANK,), (CASH, ASSET_SUSPENSE, RECOVERY, *_EXPLAINED)),
            _form((CASH,), (BANK,)),
            _form(_EXPLAINED, (ASSET_SUSPENSE,), decided=True),
            _form((LIABILITY_SUSPENSE,), (BANK, *_INCOME, TREASURY_PAYABLE)),
            _form((LIABILITY_SUSPENSE,), (ASSET_SUSPENSE, *_EXPLAINED), decided=True),
        ),
    ),
    Event(
        "interfund",
        "基金间往来",
        "due between funds",
        (
            _form(
                (Role.DUE_FROM_FUND, "Available"),
                (Role.EXPENSE, "Expended"),
                _EXPENDED,
                decided=True,
            ),
            _form(
                (Role.EXPENSE, "Encumbered"),
                (Role.DUE_TO_FUND, "Available"),
                Tie(Role.EXPENSE, "Encumbered", by_line=True),
                decided=True,
            ),
            _form(
                (Role.DUE_TO_FUND, "Expended"),
                (BANK, "Encumbered"),
                Tie(Role.DUE_TO_FUND, "Expended"),
                decided=True,
            ),
            _form((BANK,), (Role.DUE_FROM_FUND,)),
        ),
    ),
    Event(
        "surrender",
        "上缴财政",
        "surrendered to the treasury",
        (
            _form((TREASURY_PAYABLE,), (BANK,)),
            _form((CARRIED_FORWARD,), (BANK,), decided=True),
            _form(
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
        (_form(("Unallotted",), ("Approved",), decided=True),),
    ),
    Event(
        "supplement",
        "预算追加",
        "budget supplement",
        (_form(("Unallotted",), ("Approved",), decided=True),),
    ),
    Event(
        "reduction",
        "预算追减",
        "budget reduction",
        (_form(("Approved",), ("Unallotted", "Available"), decided=True),),
    ),
    Event(
        "allot", "指标分配", "money allotted to lines", (_form(("Available",), ("Unallotted",)),)
    ),
    Event(
        "virement",
        "预算调剂",
        "virement within the fund",
        (
            _form(
                ("Approved", "Available"),
                ("Approved", "Available"),
                Tie("Approved"),
                decided=True,
            ),
        ),
    ),
    Event("encumber", "指标占用", "budget encumbered", (_form(("Encumbered",), ("Available",)),)),
    Event("release", "占用释放", "encumbrance released", (_form(("Available",), ("Encumbered",)),)),
    *_OF_BATCHES,
    Event("reversal", "红字冲销", "red-ink reversal", papers=False),
    Event("correction", "更正凭证", "correcting voucher", papers=False),
    Event("year-end", "年末结转", "year-end carry forward", papers=False),
    Event("year-opening", "上年结转", "brought forward", papers=False),
)
EVENTS: Mapping[str, Event] = {event.slug: event for event in _EVENTS}

WITHIN_THE_YEAR = tuple(
    form
    for event in _EVENTS
    if event.slug != "opening" and event not in _OF_BATCHES
    for form in event.forms
)
"""What may stand in the place of a voucher that was reversed in its year (art. 51(5))."""

OF_AN_EARLIER_YEAR = (
    _form(
        (BANK, DUE_FROM_BANK, RECOVERY, Role.DUE_FROM_FUND),
        (PRIOR_YEAR_ADJUSTMENT,),
    ),
    _form((PRIOR_YEAR_ADJUSTMENT,), (BANK, ASSET_SUSPENSE), decided=True),
    _form(
        (BANK, "Available"),
        (PRIOR_YEAR_ADJUSTMENT, "BroughtForward"),
        Tie(PRIOR_YEAR_ADJUSTMENT, "BroughtForward"),
    ),
    _form(
        (PRIOR_YEAR_ADJUSTMENT, "BroughtForward"),
        (BANK, ASSET_SUSPENSE, "Available"),
        Tie(PRIOR_YEAR_ADJUSTMENT, "BroughtForward"),
        decided=True,
    ),
)
"""What corrects an earlier year's voucher: in blue, through the prior-year adjustment."""


def fitting(forms: Iterable[Form], lines: Lines) -> tuple[Form, ...]:
    """Return the forms that allow every line of a voucher.

    Lines outside the chart or of no amount are left to other checks.  A line in red ink fits none:
    red stands in reversals, which mirror a voucher (art. 51(5)).
    """
    kept = [(p, account) for p, account in lines if p.signed_fen and not account.strange]
    return tuple(
        form
        for form in forms
        if all(not p.red and form.allows(account.role, p.side) for p, account in kept)
    )
