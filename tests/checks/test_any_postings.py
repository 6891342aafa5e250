"""Whatever postings anybody writes under whatever event: money goes only the ways it may go.

The ways are told here a second time, from the table of postings, and not by event: from the account
that gives to the accounts that take.  A gate that let something else through would agree with its
own audit; it does not agree with this.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fundledger.errors import Refused
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.events import EVENTS
from fundledger.ledger.voucher import Draft, Posting, Voucher
from support.machine.watched import MEMORY
from support.offices import DIBAO, ILLNESS, draft, fund_at

DAY = date(2026, 3, 10)
BANK, CASH = "Assets:Bank:Dedicated", "Assets:Cash"
UNKNOWN_IN, UNKNOWN_OUT = "Liabilities:Suspense", "Assets:Suspense"
OFFICE, FROM_BANK = "Assets:DueFrom:OfficeExpenses", "Assets:DueFrom:Bank"
PAID = "2026-03-0006"
CLAIM, DEBT = "Assets:DueFrom:Fund:Union", "Liabilities:DueTo:Fund:Union"
TREASURY, SURPLUS = "Liabilities:TreasuryPayable", "Equity:CarriedForward"
GIFTS = "Income:Donation"
INCOME = ("Income:Appropriation:District", GIFTS, "Income:Interest")
AID = tuple(drafts.expense_account(line) for line in (DIBAO, ILLNESS))
ADVANCE, EARLIER = "Assets:Advance", "Equity:PriorYearAdjustment"
RESTS_ON = {"advance-settle": "2026-03-0012", "advance-return": "2026-03-0012"}
GIVEN, GIVEN_BEFORE = "2026-03-0013", "2025-12-0001"
OTHERS = (
    "Assets:Receivable:Recovery",
    ADVANCE,
    "Liabilities:SubsidyPayable",
    "Liabilities:InTransit",
    "Liabilities:Returned",
    "Liabilities:Custodial",
    EARLIER,
)
CNY = (
    *(BANK, CASH, UNKNOWN_IN, UNKNOWN_OUT, OFFICE, FROM_BANK, CLAIM, DEBT, TREASURY, SURPLUS),
    *(*INCOME, *AID, *OTHERS),
)
KINDS = ("Approved", "Provisional", "Unallotted", "Available", "Encumbered", "Expended", "Lapsed")
CNYB = tuple(drafts.budget_account(2026, kind, line) for kind in KINDS for line in (DIBAO, ILLNESS))
WAYS: dict[str, set[str]] = {
    BANK: {*AID, OFFICE, UNKNOWN_OUT, UNKNOWN_IN, DEBT, SURPLUS, TREASURY, ADVANCE, EARLIER, GIFTS},
    ADVANCE: {BANK, *AID},
    **{name: {BANK, UNKNOWN_IN} for name in INCOME},
    UNKNOWN_IN: {BANK},
    UNKNOWN_OUT: {BANK, OFFICE, FROM_BANK, UNKNOWN_IN, *AID},
    OFFICE: {BANK, UNKNOWN_IN},
    FROM_BANK: {BANK, UNKNOWN_IN},
    CLAIM: {BANK},
    DEBT: {*AID},
    TREASURY: {UNKNOWN_IN},
    **{name: {CLAIM} for name in AID},
    CASH: {BANK},
    "Assets:Receivable:Recovery": {BANK},
}

OFTEN = frozenset({"allocation", "expense", "transfer", "virement", "interfund"}) | RESTS_ON.keys()
OFTEN |= {"advance", "donor-refund"}

amounts = st.sampled_from((1, 5_00, 5_00, 5_00, 40_00, 700_00))


@st.composite
def pairs(draw: st.DrawFn, accounts: tuple[str, ...]) -> tuple[Posting, ...]:
    """Return a debit and a credit of one amount, on any two accounts."""
    fen = draw(amounts)
    taker = draw(st.sampled_from(accounts))
    giver = draw(st.sampled_from(sorted(WAYS.get(taker, accounts)) if draw(COIN) else accounts))
    first, second = (taker, giver) if draw(COIN) else (giver, taker)
    return Posting(first, fen), Posting(second, -fen)


COIN = st.booleans()


@st.composite
def anything(draw: st.DrawFn) -> Draft:
    """Return a voucher of any event with one or two pairs of money, and some of budget, or none."""
    event = draw(st.sampled_from([slug for slug, known in EVENTS.items() if known.forms]))
    money = draw(st.lists(pairs(CNY), min_size=1, max_size=2))
    authority = draw(st.lists(pairs(CNYB), max_size=2)) if draw(COIN) else []
    return _of(event, [posting for pair in (*money, *authority) for posting in pair])


@st.composite
def nearly_right(draw: st.DrawFn) -> Draft:
    """Return a voucher of accounts of one form of its event; half of them forget the ties.

    Of no event of a batch, which no voucher beside its batch may have (FL756).
    """
    events = [slug for slug, known in EVENTS.items() if known.forms and "batch-" not in slug]
    event = draw(st.sampled_from(events if draw(COIN) else sorted(OFTEN)))
    form = draw(st.sampled_from(EVENTS[event].forms))
    postings = []
    even = draw(COIN)
    same_fen = draw(amounts)
    for accounts in (CNY, CNYB):
        one = [name for name in accounts if not even or not name.endswith(ILLNESS[1])]
        takers = [name for name in one if _role(name) in form.debits | form.reds]
        givers = [name for name in one if _role(name) in form.credits]
        count = 1 if even else draw(st.integers(0, 2))
        for _ in range(count if takers and givers else 0):
            fen = same_fen if even else draw(amounts)
            taker = draw(st.sampled_from(takers))
            postings.append(Posting(taker, fen, _role(taker) in form.reds))
            postings.append(Posting(draw(st.sampled_from(givers)), -fen))
    return _of(event, postings or [Posting(BANK, 1), Posting(BANK, -1)])


def _of(event: str, postings: Iterable[Posting]) -> Draft:
    lines = tuple(postings)
    claim = event == "interfund" and any(p.account == CLAIM and p.signed_fen > 0 for p in lines)
    corrects = PAID if claim else RESTS_ON.get(event)
    if event == "donor-refund":
        corrects = GIVEN if any(p.account == GIFTS for p in lines) else GIVEN_BEFORE
    return draft(lines, DAY, event, approval="示批〔2026〕1号", corrects=corrects)


def _role(name: str) -> str:
    if name.startswith("Equity:Budget:"):
        return name.split(":")[3]
    for role in (
        "Expenses",
        "Income:Appropriation",
        "Assets:DueFrom:Fund",
        "Liabilities:DueTo:Fund",
    ):
        if name.startswith(f"{role}:"):
            return role
    return name


def strayed(voucher: Voucher) -> set[tuple[str, str]]:
    """Return the ways of a voucher's money that there are not."""
    money = [posting for posting in voucher.postings if _role(posting.account) == posting.account]
    money += [p for p in voucher.postings if p.account in {*INCOME, *AID, CLAIM, DEBT}]
    givers = {posting.account for posting in money if posting.signed_fen < 0}
    takers = {posting.account for posting in money if posting.signed_fen > 0}
    return {(giver, taker) for giver in givers for taker in takers - WAYS.get(giver, set())}


def funded(root: Path) -> Fund:
    """Return a fund with a surplus of an earlier year, a grant, and a little of everything."""
    fund = fund_at(root)
    fund.record(draft(drafts.donation(90_00), date(2025, 12, 8), "donation"))
    fund.close_year(2025, actor="S02", maker="S03", reviewer="S01")
    early = date(2026, 3, 2)
    for event, postings in (
        ("allocation", drafts.allocation("District", 900_00)),
        ("budget-adopt", drafts.adoption(2026, DIBAO, 600_00)),
        ("budget-adopt", drafts.adoption(2026, ILLNESS, 300_00)),
        ("allot", drafts.allotment(2026, DIBAO, 400_00)),
        ("allot", drafts.allotment(2026, ILLNESS, 200_00)),
        ("expense", drafts.expense(2026, DIBAO, 50_00)),
        ("encumber", drafts.encumbrance(2026, ILLNESS, 50_00)),
        ("unknown-credit", drafts.unknown_credit(50_00)),
        ("unknown-debit", drafts.unknown_debit(50_00)),
        ("interfund", drafts.claimed(2026, DIBAO, "Union", 10_00)),
        ("interfund", drafts.owed(2026, DIBAO, "Union", 20_00)),
        ("advance", drafts.advance(2026, DIBAO, 45_00)),
        ("donation", drafts.donation(60_00)),
    ):
        claim = any(posting.account == CLAIM for posting in postings)
        fund.record(draft(postings, early, event, corrects=PAID if claim else None))
    return fund


def test_money_goes_only_the_ways_it_may_go_and_the_budget_with_it() -> None:
    accepted: Counter[str] = Counter()

    @settings(max_examples=120)
    @given(st.lists(st.one_of(anything(), nearly_right(), nearly_right()), min_size=3, max_size=8))
    def holds(many: list[Draft]) -> None:
        root = Path(tempfile.mkdtemp(dir=MEMORY))
        fund = funded(root)
        known = len(list(fund.vouchers()))
        for one in many:
            try:
                fund.record(one)
            except Refused:
                continue
            accepted[one.event] += 1
        vouchers = list(fund.vouchers())[known:]
        books = fund.books()
        balance = books.balance
        fund.close_files()
        shutil.rmtree(root)

        assert [strayed(voucher) for voucher in vouchers] == [set() for _ in vouchers]
        for kind in ("Available", "Encumbered", "Expended", "Unallotted", "Lapsed"):
            assert all(balance(drafts.budget_account(2026, kind, x)) >= 0 for x in (DIBAO, ILLNESS))
        for asset in (CASH, UNKNOWN_OUT, OFFICE, FROM_BANK, CLAIM, ADVANCE):
            assert balance(asset) >= 0
        taken = any(voucher.event in {"bank-fee", "unknown-debit"} for voucher in vouchers)
        assert taken or balance(BANK) >= 0  # what the bank took is a fact
        assert balance(ADVANCE) <= sum(
            balance(drafts.budget_account(2026, "Encumbered", line)) for line in (DIBAO, ILLNESS)
        )
        assert 0 <= balance(EARLIER) <= 90_00
        back_fen = sum(
            p.signed_fen
            for voucher in vouchers
            for p in voucher.postings
            if voucher.event == "donor-refund" and p.account == GIFTS
        )
        assert 0 <= back_fen <= 60_00
        for debt in (UNKNOWN_IN, DEBT, TREASURY):
            assert balance(debt) <= 0
        expenses = sum(balance(drafts.expense_account(line)) for line in (DIBAO, ILLNESS))
        expended = sum(
            balance(drafts.budget_account(2026, "Expended", line)) for line in (DIBAO, ILLNESS)
        )
        assert expenses - expended == -balance(DEBT)
        assert balance(SURPLUS) + balance(EARLIER) <= 0

    holds()

    assert accepted.keys() >= OFTEN
