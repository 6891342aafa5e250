"""Drafts of the events that a fund knows, with both commodities where a budget is used.

The postings are those of the table of events: debit first, and the memo commodity CNYB beside the
money wherever an event uses or gives authority to spend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from fundledger.ledger import chart
from fundledger.ledger.books import Books
from fundledger.ledger.chart import BUDGET_KINDS
from fundledger.ledger.given import expect, is_text
from fundledger.ledger.lines import (
    Line,
    budget_account,
    expense_account,
    hold_year,
    line_of,
    moved,
)
from fundledger.ledger.voucher import Draft, Posting, Voucher
from fundledger.ledger.voucher import credit as _credit
from fundledger.ledger.voucher import debit as _debit

ATTACHMENTS_MAX = 999_999


def _other_fund(root: str, party: str) -> str:
    """Return the account of another fund, which is named by its component."""
    expect(party=is_text(party) and bool(party))
    return root + party


def allocation(source: str, amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of an appropriation that reached the dedicated account (拨款到账)."""
    expect(source=is_text(source) and bool(source))
    return _debit(chart.BANK, amount_fen), _credit(chart.APPROPRIATION + source, amount_fen)


def donation(amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of a donation received (捐赠收入)."""
    return _debit(chart.BANK, amount_fen), _credit(chart.DONATION, amount_fen)


def interest(amount_fen: int, policy: str) -> tuple[Posting, ...]:
    """Return the postings of interest, kept or owed to the treasury by the fund's policy.

    Raises:
        InputInvalid: FL909, the policy is neither `retain` nor `remit`.

    """
    expect(policy=is_text(policy) and policy in {"retain", "remit"})
    account = chart.INTEREST if policy == "retain" else chart.TREASURY_PAYABLE
    return _debit(chart.BANK, amount_fen), _credit(account, amount_fen)


def bank_fee(amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of a bank fee, which office expenses owe to the fund."""
    return _debit(chart.DUE_FROM_OFFICE, amount_fen), _credit(chart.BANK, amount_fen)


def unknown_credit(amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of a credit that nobody can explain yet (不明来款)."""
    return _debit(chart.BANK, amount_fen), _credit(chart.LIABILITY_SUSPENSE, amount_fen)


def unknown_debit(amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of a debit that nobody can explain yet (不明扣款)."""
    return _debit(chart.ASSET_SUSPENSE, amount_fen), _credit(chart.BANK, amount_fen)


def expense(year: int, line: Line, amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of aid paid at once, with its budget line used (直接支付)."""
    return (
        _debit(expense_account(line), amount_fen),
        _credit(chart.BANK, amount_fen),
        *moved(year, line, "Available", "Expended", amount_fen),
    )


def advance(year: int, line: Line, amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of aid advanced in an emergency, its papers to come (应急预付)."""
    return (
        _debit(chart.ADVANCE, amount_fen),
        _credit(chart.BANK, amount_fen),
        *moved(year, line, "Available", "Encumbered", amount_fen),
    )


def advance_settled(year: int, line: Line, amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of an advance whose papers came: now it is an expense (应急预付核销)."""
    return (
        _debit(expense_account(line), amount_fen),
        _credit(chart.ADVANCE, amount_fen),
        *moved(year, line, "Encumbered", "Expended", amount_fen),
    )


def advance_returned(
    year: int, line: Line, amount_fen: int, *, lapsed: bool = False
) -> tuple[Posting, ...]:
    """Return the postings of what was not used of an advance and came back (应急预付退回).

    `lapsed`: it was paid in an earlier year, and the fund does not keep what that year left.
    """
    return (
        _debit(chart.BANK, amount_fen),
        _credit(chart.ADVANCE, amount_fen),
        *moved(year, line, "Encumbered", "Lapsed" if lapsed else "Available", amount_fen),
    )


def donation_refunded(
    year: int, line: Line | None, amount_fen: int, *, earlier: bool = False
) -> tuple[Posting, ...]:
    """Return the postings of a donation that its donor gets back (捐赠款退回).

    In red ink within its year; of an `earlier` one through the prior-year adjustment.  Without a
    line no budget was given for it yet.
    """
    paid = _credit(chart.BANK, amount_fen)  # it holds that this is an amount, before the sign
    income = (
        _debit(chart.PRIOR_YEAR_ADJUSTMENT, amount_fen)
        if earlier
        else _credit(chart.DONATION, -amount_fen)
    )
    given_back = (
        ()
        if line is None
        else moved(year, line, "Available", "BroughtForward" if earlier else "Approved", amount_fen)
    )
    return (income, paid, *given_back)


def claimed(year: int, line: Line, party: str, amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of a claim on the fund for which this one paid (串户, 应收).

    `party` is the other fund's component; the expense and its budget are given back.
    """
    return (
        _debit(_other_fund(chart.DUE_FROM_FUND, party), amount_fen),
        _credit(expense_account(line), amount_fen),
        *moved(year, line, "Expended", "Available", amount_fen),
    )


def owed(year: int, line: Line, party: str, amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of a debt to the fund that paid for this one (串户, 应付)."""
    return (
        _debit(expense_account(line), amount_fen),
        _credit(_other_fund(chart.DUE_TO_FUND, party), amount_fen),
        *moved(year, line, "Available", "Encumbered", amount_fen),
    )


def claim_settled(party: str, amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of a claim on another fund that was paid."""
    return _debit(chart.BANK, amount_fen), _credit(
        _other_fund(chart.DUE_FROM_FUND, party), amount_fen
    )


def debt_settled(year: int, line: Line, party: str, amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of a debt to another fund that is paid, out of what was set aside."""
    return (
        _debit(_other_fund(chart.DUE_TO_FUND, party), amount_fen),
        _credit(chart.BANK, amount_fen),
        *moved(year, line, "Encumbered", "Expended", amount_fen),
    )


def surplus_surrendered(year: int, line: Line, amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of carried money handed to the treasury, with the authority for it."""
    return (
        _debit(chart.CARRIED_FORWARD, amount_fen),
        _credit(chart.BANK, amount_fen),
        *moved(year, line, "Available", "Lapsed", amount_fen),
    )


def surrender(amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of interest handed to the treasury (上缴财政)."""
    return _debit(chart.TREASURY_PAYABLE, amount_fen), _credit(chart.BANK, amount_fen)


def adoption(year: int, line: Line, amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of an approved budget or a supplement: authority, not yet money."""
    return moved(year, line, "Approved", "Unallotted", amount_fen)


def provisional(year: int, line: Line, amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of authority before the approval (批复前安排, 预算法 art. 54)."""
    return moved(year, line, "Provisional", "Unallotted", amount_fen)


def reduction(year: int, line: Line, amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of a budget reduction (追减)."""
    return moved(year, line, "Unallotted", "Approved", amount_fen)


def allotment(year: int, line: Line, amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of money allotted to a line (指标分配)."""
    return moved(year, line, "Unallotted", "Available", amount_fen)


def encumbrance(year: int, line: Line, amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of budget set aside for a payment to come (指标占用)."""
    return moved(year, line, "Available", "Encumbered", amount_fen)


def release(year: int, line: Line, amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of an encumbrance given back (占用释放)."""
    return moved(year, line, "Encumbered", "Available", amount_fen)


def virement(year: int, giver: Line, taker: Line, amount_fen: int) -> tuple[Posting, ...]:
    """Return the postings of budget moved between two lines of one fund (预算调剂)."""
    return (
        _debit(budget_account(year, "Approved", giver), amount_fen),
        _credit(budget_account(year, "Approved", taker), amount_fen),
        _debit(budget_account(year, "Available", taker), amount_fen),
        _credit(budget_account(year, "Available", giver), amount_fen),
    )


def reversal(original: Voucher, draft_date: date, maker: str, reviewer: str) -> Draft:
    """Return the red-ink copy of a voucher (art. 51(5): 注销某月某日某号凭证).

    Raises:
        InputInvalid: FL909, it is no voucher.

    """
    expect(original=isinstance(original, Voucher))
    day = original.date
    return Draft(
        date=draft_date,
        narration=f"注销{day.year}年{day.month}月{day.day}日记-{original.ref}号凭证",
        maker=maker,
        reviewer=reviewer,
        event="reversal",
        postings=tuple(Posting(p.account, -p.signed_fen, not p.red) for p in original.postings),
        reverses=original.ref,
    )


def budget_lines(books: Books, year: int) -> Mapping[Line, Mapping[str, int]]:
    """Return each budget line of a year with its fen by kind; sources are shown positive.

    Raises:
        InputInvalid: FL909, no books; FL929, no year.

    """
    expect(books=isinstance(books, Books))
    hold_year(year)
    lines: dict[Line, dict[str, int]] = {}
    for name in books.account_names():
        account = books.accounts.account(name)
        if account.kind != "budget" or account.year != year:
            continue
        line = lines.setdefault((account.unit, account.category), dict.fromkeys(BUDGET_KINDS, 0))
        sign = -1 if account.budget_kind in chart.SOURCE_KINDS else 1
        line[account.budget_kind] = sign * books.balance(name)
    return lines


__all__: Sequence[str] = [
    "Line",
    "adoption",
    "advance",
    "advance_returned",
    "advance_settled",
    "allocation",
    "allotment",
    "bank_fee",
    "budget_account",
    "budget_lines",
    "claim_settled",
    "claimed",
    "debt_settled",
    "donation",
    "donation_refunded",
    "encumbrance",
    "expense",
    "expense_account",
    "interest",
    "line_of",
    "owed",
    "provisional",
    "reduction",
    "release",
    "reversal",
    "surplus_surrendered",
    "surrender",
    "unknown_credit",
    "unknown_debit",
    "virement",
]
