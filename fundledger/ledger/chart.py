"""The chart of accounts of one fund: what each account name means, by the fund's charter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fundledger.charter.accounts import code_of
from fundledger.ledger.voucher import BUDGET_ROOT

if TYPE_CHECKING:
    from fundledger.charter import FundCharter, FundSource, Purpose

BANK = "Assets:Bank:Dedicated"
CASH = "Assets:Cash"
CARRIED_FORWARD = "Equity:CarriedForward"
PRIOR_YEAR_ADJUSTMENT = "Equity:PriorYearAdjustment"
DUE_FROM_BANK = "Assets:DueFrom:Bank"
DUE_FROM_OFFICE = "Assets:DueFrom:OfficeExpenses"
DUE_FROM_FUND = "Assets:DueFrom:Fund:"
DUE_TO_FUND = "Liabilities:DueTo:Fund:"
ASSET_SUSPENSE = "Assets:Suspense"
RECOVERY = "Assets:Receivable:Recovery"
ADVANCE = "Assets:Advance"
SUBSIDY_PAYABLE = "Liabilities:SubsidyPayable"
IN_TRANSIT = "Liabilities:InTransit"
RETURNED = "Liabilities:Returned"
CUSTODIAL = "Liabilities:Custodial"
LIABILITY_SUSPENSE = "Liabilities:Suspense"
TREASURY_PAYABLE = "Liabilities:TreasuryPayable"
DONATION = "Income:Donation"
INTEREST = "Income:Interest"
APPROPRIATION = "Income:Appropriation:"
EXPENSES = "Expenses:"

FIXED_NAMES = {
    BANK: ("专户存款", "dedicated bank account"),
    CASH: ("库存现金", "cash"),
    DUE_FROM_BANK: ("应收银行退款", "due from the bank"),
    DUE_FROM_OFFICE: ("应收工作经费", "due from office expenses"),
    RECOVERY: ("应收追回款", "recoveries receivable"),
    ADVANCE: ("应急预付款", "emergency advances"),
    ASSET_SUSPENSE: ("待查扣款", "unexplained debits"),
    SUBSIDY_PAYABLE: ("应付政府补贴款", "subsidies payable"),
    IN_TRANSIT: ("在途代发款", "payments in transit"),
    RETURNED: ("退汇待补发", "returned payments"),
    TREASURY_PAYABLE: ("应缴财政款", "payable to the treasury"),
    LIABILITY_SUSPENSE: ("待查来款", "unexplained credits"),
    CUSTODIAL: ("受托代理负债", "custodial money"),
    DONATION: ("捐赠收入", "donations"),
    INTEREST: ("利息收入", "interest"),
    CARRIED_FORWARD: ("累计盈余", "carried forward"),
    PRIOR_YEAR_ADJUSTMENT: ("以前年度盈余调整", "prior-year adjustment"),
}
BUDGET_KINDS = {
    "Approved": ("预算批复", "approved"),
    "BroughtForward": ("上年结转", "brought forward"),
    "Provisional": ("批复前指标", "given before approval"),
    "Unallotted": ("未分配指标", "unallotted"),
    "Available": ("可用指标", "available"),
    "Encumbered": ("已占用指标", "encumbered"),
    "Expended": ("已支出指标", "expended"),
    "CarriedForward": ("结转下年", "carried forward"),
    "Lapsed": ("指标收回", "lapsed"),
}
ROLE_NAMES = {
    "Expenses": ("支出", "expenses"),
    "Income:Appropriation": ("拨款收入", "appropriations"),
    "Assets:DueFrom:Fund": ("应收其他基金", "due from another fund"),
    "Liabilities:DueTo:Fund": ("应付其他基金", "due to another fund"),
    **FIXED_NAMES,
    **BUDGET_KINDS,
}
SOURCE_KINDS = frozenset({"Approved", "BroughtForward", "Provisional"})
_COVER = frozenset({BANK, CASH, DUE_FROM_BANK, ADVANCE, TREASURY_PAYABLE, LIABILITY_SUSPENSE})
"""What covers the authority to spend; an advance left the bank, and its budget is encumbered."""

_COMPONENT = r"[A-Z][A-Za-z0-9-]*"
_BUDGET = re.compile(rf"{BUDGET_ROOT}(\d{{4}}):(\w+):({_COMPONENT}):({_COMPONENT})", re.ASCII)
_EXPENSE = re.compile(rf"{EXPENSES}({_COMPONENT}):({_COMPONENT})", re.ASCII)
_INTERFUND = re.compile(rf"(?:{DUE_FROM_FUND}|{DUE_TO_FUND})({_COMPONENT})", re.ASCII)
_APPROPRIATION = re.compile(rf"{APPROPRIATION}({_COMPONENT})", re.ASCII)


class Role:
    """The roles that many accounts share; an account of its own is called by its name.

    A budget account's role is its kind, such as `Available`.
    """

    EXPENSE = "Expenses"
    APPROPRIATION = "Income:Appropriation"
    DUE_FROM_FUND = "Assets:DueFrom:Fund"
    DUE_TO_FUND = "Liabilities:DueTo:Fund"


@dataclass(frozen=True, slots=True)
class Account:
    """What one account name means in this fund.

    `spends` says that a debit uses a budget, `sources` which accounts give the line its budget.

    `kind` is `expense`, `income`, `budget`, `interfund` or `fixed`; `strange` is the code of the
    check that an account outside the chart breaks; `granted` are the times for which the fund has
    the source of an appropriation; `line` is (year, unit, category) of a budget account; `headroom`
    is 1 where a debit is money that may be allotted, -1 where it is allotted already (see FL505);
    `natural` is 1 where the
    balance is never a credit, -1 where it is never a debit (see FL404).
    """

    name: str
    kind: str
    strange: str = ""
    role: str = ""
    unit: str = ""
    category: str = ""
    year: int = 0
    budget_kind: str = ""
    party: str = ""
    headroom: int = 0
    daily: bool = False
    natural: int = 0
    purposes: tuple[Purpose, ...] = ()
    source: str = ""
    granted: tuple[FundSource, ...] = ()
    spends: bool = False
    sources: tuple[str, ...] = ()

    @property
    def line(self) -> tuple[int, str, str]:
        """The budget line: year, unit and category."""
        return (self.year, self.unit, self.category)

    @property
    def carried(self) -> bool:
        """Whether a year end carries the balance to the fund's equity."""
        return self.kind in {"income", "expense"} or self.name == PRIOR_YEAR_ADJUSTMENT

    @property
    def emptied(self) -> bool:
        """Whether a year end leaves nothing on it, so that its figures are those before."""
        return self.carried or self.budget_kind in {"Unallotted", "Available", "Encumbered"}

    def payable(self, day: date) -> bool:
        """Whether the fund may pay for this account's purpose on `day`."""
        return any(purpose.holds(day) for purpose in self.purposes)

    def grants(self, day: date) -> bool:
        """Whether the fund gets money from this account's source on `day`."""
        return any(source.holds(day) for source in self.granted)


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The accounts of a voucher's lines, in their order; a chart has one object for each row.

    `covering` are the positions of those with headroom, each with it; `expenses` those of expenses.
    """

    names: tuple[str, ...]
    accounts: tuple[Account, ...]
    covering: tuple[tuple[int, int], ...]
    expenses: tuple[int, ...]


def _group(accounts: list[Account]) -> Group:
    numbered = tuple(enumerate(accounts))
    return Group(
        tuple([account.name for account in accounts]),
        tuple(accounts),
        tuple([(at, account.headroom) for at, account in numbered if account.headroom]),
        tuple([at for at, account in numbered if account.kind == "expense"]),
    )


class Chart:
    """The accounts of one fund under one charter; asks for a name are answered from memory."""

    __slots__ = (
        "_accounts",
        "_groups",
        "_office_words",
        "_purposes",
        "_sources",
        "_staff",
        "charter",
        "near_fen",
        "remits",
        "text",
    )

    def __init__(self, charter: FundCharter, text: str) -> None:
        """Build the chart from the charter; `text` is its JSON as the journal keeps it."""
        controls = charter.controls
        self.charter = charter
        self.text = text
        self.remits = frozenset((category.unit, category.slug) for category in charter.categories)
        self._accounts: dict[str, Account] = {}
        self._groups: dict[tuple[str, ...], Group] = {}
        self._sources: dict[str, tuple[FundSource, ...]] = {}
        for source in charter.fund.sources:
            self._sources[source.slug] = (*self._sources.get(source.slug, ()), source)
        self._purposes: dict[tuple[str, str], tuple[Purpose, ...]] = {}
        for purpose in charter.fund.purposes:
            key = (purpose.unit, purpose.category)
            self._purposes[key] = (*self._purposes.get(key, ()), purpose)
        limit_fen, share = controls.approval_threshold_fen, controls.split_share_basis_points
        self.near_fen = max(-(-limit_fen * share // 10_000), 1)
        words = [re.escape("".join(word.split())) for word in controls.office_cost_words]
        self._office_words = re.compile("|".join(words)) if words else None
        self._staff = {person.code: person.roles for person in charter.staff}

    def holds(self, person: str, role: str, day: date) -> bool:
        """Whether a person, by staff code, holds a role on a day."""
        roles = self._staff.get(person, ())
        return any(held.role == role and held.holds(day) for held in roles)

    def office_cost_word(self, text: str) -> str:
        """Return the first word of office cost that stands in a text, or an empty text.

        Spaces in it do not hide it (办 公 费).
        """
        if self._office_words is None:
            return ""
        found = self._office_words.search("".join(text.split()))
        return found.group() if found else ""

    def account(self, name: str) -> Account:
        """Return what `name` means; an account outside the chart carries a `strange` code."""
        found = self._accounts.get(name)
        if found is None:
            found = self._accounts[name] = self._classify(name)
        return found

    def group(self, names: tuple[str, ...]) -> Group:
        """Return what each of several names means; the same object for the same names."""
        found = self._groups.get(names)
        if found is None:
            found = self._groups[names] = _group([self.account(name) for name in names])
        return found

    def _classify(self, name: str) -> Account:
        if name in FIXED_NAMES:
            return Account(
                name,
                "income" if name.startswith("Income:") else "fixed",
                role=name,
                headroom=int(name in _COVER),
                daily=name in {BANK, CASH},
                natural=0 if name in {BANK, CASH} else _natural(name),
            )
        if match := _EXPENSE.fullmatch(name):
            unit, category = match.groups()
            purposes = self._purposes.get((unit, category), ())
            return Account(
                name,
                "expense",
                role=Role.EXPENSE,
                unit=unit,
                category=category,
                purposes=purposes,
            )
        if match := _BUDGET.fullmatch(name):
            year, kind, unit, category = match.groups()
            return Account(
                name,
                "budget",
                "" if kind in BUDGET_KINDS else "FL101",
                role=kind,
                unit=unit,
                category=category,
                year=int(year),
                budget_kind=kind,
                headroom=-int(kind in {"Available", "Encumbered"}),
                purposes=self._purposes.get((unit, category), ()),
                spends=kind in {"Encumbered", "Expended"},
                sources=tuple(
                    f"{BUDGET_ROOT}{year}:{source}:{unit}:{category}"
                    for source in sorted(SOURCE_KINDS)
                ),
            )
        if match := _INTERFUND.fullmatch(name):
            party = match.group(1)
            known = party in self.charter.funds.values()
            owed = name.startswith(DUE_TO_FUND)
            return Account(
                name,
                "interfund",
                "" if known else "FL101",
                role=Role.DUE_TO_FUND if owed else Role.DUE_FROM_FUND,
                party=party,
                headroom=int(owed),
                natural=_natural(name),
            )
        if match := _APPROPRIATION.fullmatch(name):
            source = match.group(1)
            granted = self._sources.get(source, ())
            return Account(name, "income", role=Role.APPROPRIATION, source=source, granted=granted)
        return Account(name, "fixed", "FL101")

    def names(self, name: str) -> tuple[str, str]:
        """Return the Chinese and English name of an account, for `open` lines and tables."""
        if name in FIXED_NAMES:
            return FIXED_NAMES[name]
        account = self.account(name)
        if account.kind == "interfund":
            due = ("应收", "due from") if name.startswith(DUE_FROM_FUND) else ("应付", "due to")
            return (f"{due[0]}基金 {account.party}", f"{due[1]} fund {account.party}")
        if account.source:
            source = account.granted[0] if account.granted else None
            zh, en = (source.zh, source.en) if source else (account.source, account.source)
            return (f"拨款收入-{zh}", f"appropriation, {en}")
        zh, en = self._category_names(account.unit, account.category)
        if account.kind == "budget":
            kind_zh, kind_en = BUDGET_KINDS.get(account.budget_kind, ("?", "?"))
            return (f"{account.year}年{kind_zh}-{zh}", f"{account.year} {kind_en}, {en}")
        return (zh, en)

    def _category_names(self, unit: str, category: str) -> tuple[str, str]:
        for item in self.charter.categories:
            if (item.unit, item.slug) == (unit, category):
                return (item.zh, item.en)
        return (category, category)

    def code(self, name: str) -> str:
        """Return the account code (科目编码) of the fund's regime, or an empty text."""
        return code_of(name, self.charter.account_codes)

    def title(self, name: str) -> str:
        """Return the title (科目名称) that the regime gives an account's code, or an empty text."""
        return self.charter.code_titles.get(self.code(name), "")


def _natural(name: str) -> int:
    """Return 1 for an asset, -1 for a liability, 0 for what may stand on either side."""
    return {"Assets": 1, "Liabilities": -1}.get(name.partition(":")[0], 0)
