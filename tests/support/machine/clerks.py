"""What clerks propose: sound drafts of every event, and drafts with one mistake each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.drafts import Line, budget_account, expense_account
from fundledger.ledger.plan import Receipt
from fundledger.ledger.voucher import Draft, Posting, credit, debit
from support.machine.model import BANK, Model, authority, cover
from support.offices import DIBAO, ILLNESS, draft

THRESHOLD_FEN = 100_000_00
LINES: tuple[Line, Line] = (DIBAO, ILLNESS)
MONEY = ("allocation", "donation", "interest", "bank-fee", "unknown-credit", "unknown-debit")
BUDGET = ("budget-adopt", "supplement", "reduction", "allot", "encumber", "release")
SPENDING = ("virement", "expense", "returned", "given back")
TRANSFERS = frozenset({"returned", "given back"})
PAYING = frozenset({"expense", "returned"})
HEAD = {"maker": "S03", "reviewer": "S01"}


@dataclass(frozen=True)
class Wish:
    """An event somebody wants recorded; `size` is fen, or "all" there is, or one fen "over"."""

    event: str
    line: int
    size: int | str
    days_ago: int


@dataclass(frozen=True)
class Call:
    """One call of the library that records, to be made again under its key."""

    method: str
    arguments: tuple[Any, ...]
    options: tuple[tuple[str, Any], ...] = ()

    def on(self, fund: Fund, key: str) -> Receipt:
        """Make the call."""
        receipt: Receipt = getattr(fund, self.method)(
            *self.arguments, key=key, **dict(self.options)
        )
        return receipt


def call(method: str, *arguments: object, **options: object) -> Call:
    """Return a call."""
    return Call(method, arguments, tuple(options.items()))


def limit(wish: Wish, model: Model, day: date) -> int:
    """Return the most that an event may move that day, as the model has it."""

    def held(kind: str) -> int:
        return model.lowest(budget_account(day.year, kind, LINES[wish.line]), day)

    days = {day} | {booked.day for booked in model.booked if booked.day > day}
    spare = min(cover(model.moves(d)) - authority(model.moves(d)) for d in days)
    return {
        "bank-fee": lambda: model.lowest(BANK, day),
        "unknown-debit": lambda: model.lowest(BANK, day),
        "returned": lambda: min(
            model.lowest("Liabilities:Suspense", day, -1), model.lowest(BANK, day)
        ),
        "given back": lambda: model.lowest("Assets:Suspense", day),
        "reduction": lambda: held("Unallotted"),
        "allot": lambda: min(held("Unallotted"), spare),
        "encumber": lambda: held("Available"),
        "virement": lambda: held("Available"),
        "release": lambda: held("Encumbered"),
        "expense": lambda: min(held("Available"), model.lowest(BANK, day)),
    }.get(wish.event, lambda: 1_000_00)()


def postings(event: str, year: int, line: Line, fen: int) -> tuple[Posting, ...]:
    """Return the postings of an event, as the library drafts them."""
    other = LINES[1 - LINES.index(line)]
    makers: dict[str, Callable[[], tuple[Posting, ...]]] = {
        "allocation": lambda: drafts.allocation("District", fen),
        "donation": lambda: drafts.donation(fen),
        "interest": lambda: drafts.interest(fen, "retain"),
        "bank-fee": lambda: drafts.bank_fee(fen),
        "unknown-credit": lambda: drafts.unknown_credit(fen),
        "unknown-debit": lambda: drafts.unknown_debit(fen),
        "returned": lambda: (debit("Liabilities:Suspense", fen), credit(BANK, fen)),
        "given back": lambda: (debit(BANK, fen), credit("Assets:Suspense", fen)),
        "budget-adopt": lambda: drafts.adoption(year, line, fen),
        "supplement": lambda: drafts.adoption(year, line, fen),
        "reduction": lambda: drafts.reduction(year, line, fen),
        "allot": lambda: drafts.allotment(year, line, fen),
        "encumber": lambda: drafts.encumbrance(year, line, fen),
        "release": lambda: drafts.release(year, line, fen),
        "virement": lambda: drafts.virement(year, line, other, fen),
        "expense": lambda: drafts.expense(year, line, fen),
    }
    return makers[event]()


def drafted(wish: Wish, model: Model, today: date) -> Draft:
    """Return a draft without mistakes; the state may still have to refuse it."""
    day = today - timedelta(days=wish.days_ago)
    if isinstance(wish.size, int):
        fen = wish.size
    else:
        fen = max(limit(wish, model, day), 0) + (wish.size == "over")
    fen = max(fen, 1)
    lines = postings(wish.event, day.year, LINES[wish.line], fen)
    one = draft(lines, day, "transfer" if wish.event in TRANSFERS else wish.event)
    approved = wish.event in PAYING and fen >= THRESHOLD_FEN
    return replace(one, approval="示批〔2025〕1号") if approved else one


def mistakes(day: date, fen: int, opened: date) -> dict[str, tuple[str, Draft]]:
    """Return drafts with one mistake each, and the code that must refuse it.

    None of them is sound in another respect than its mistake, except that a fund may be too
    poor for it: so more codes may come with the one that is named.
    """
    year = day.year
    grant = draft(drafts.allocation("Street", fen), day)
    spend = draft(drafts.expense(year, DIBAO, fen), day, "expense")
    stranger: Line = ("CASC", "LowIncome")
    elsewhere: Line = ("CASC", "Weather")
    short = (debit(BANK, fen), credit("Income:Donation", fen + 1))
    crossed = (
        debit(budget_account(year, "Unallotted", DIBAO), fen),
        credit(budget_account(year, "Approved", ILLNESS), fen),
    )
    cash = (debit(expense_account(DIBAO), fen), credit("Assets:Cash", fen), *spend.postings[2:])
    made: dict[str, tuple[str, Draft]] = {
        "another fund's account": (
            "FL101",
            replace(grant, postings=(debit("Assets:DueFrom:Fund:Nobody", fen), credit(BANK, fen))),
        ),
        "another fund's source": (
            "FL206",
            replace(grant, postings=drafts.allocation("Nation", fen)),
        ),
        "outside the purpose": ("FL201", replace(spend, postings=_spent(year, stranger, fen))),
        "outside the remit": ("FL202", replace(spend, postings=_spent(year, elsewhere, fen))),
        "in cash": ("FL203", replace(spend, postings=cash)),
        "a person in the text": ("FL205", replace(grant, narration=f"转 {10**16 + fen}")),
        "no papers": ("FL303", replace(grant, attachments=0)),
        "own reviewer": ("FL304", replace(grant, maker="S06", reviewer="S06")),
        "cashier reviews": ("FL305", replace(grant, cashier="S01")),
        "reversal of nothing": (
            "FL306",
            replace(grant, event="reversal", reverses="2025-01-9999"),
        ),
        "a fen apart": ("FL308", replace(grant, postings=short, event="donation")),
        "approved by nothing": ("FL340", replace(grant, approval="同意")),
        "control character": ("FL311", replace(grant, narration="拨款\n到账")),
        "tomorrow": ("FL312", replace(grant, date=day + timedelta(days=400))),
        "before the fund": ("FL312", replace(grant, date=opened - timedelta(days=1))),
        "correction of nothing": ("FL313", replace(grant, event="correction", attachments=0)),
        "a fact that spends": ("FL314", replace(spend, event="donation")),
        "not on the staff": ("FL315", replace(grant, maker="S77")),
        "not in the role": ("FL315", replace(grant, reviewer="S04")),
        "no approval": (
            "FL316",
            replace(spend, postings=drafts.expense(year, DIBAO, THRESHOLD_FEN)),
        ),
        "closing by hand": ("FL318", replace(grant, closing=True)),
        "year end by hand": (
            "FL318",
            replace(
                grant,
                event="year-end",
                closing=True,
                postings=(debit("Income:Donation", fen), credit("Equity:CarriedForward", fen)),
            ),
        ),
        "an event nobody knows": ("FL319", replace(grant, event="gift")),
        "a line of nothing": (
            "FL319",
            replace(grant, postings=(*grant.postings, Posting(BANK, 0))),
        ),
        "another year's line": (
            "FL508",
            replace(spend, postings=drafts.expense(year - 1, DIBAO, fen)),
        ),
        "two lines mixed": ("FL503", replace(grant, postings=crossed, event="budget-adopt")),
        "opened again": (
            "FL336",
            replace(
                grant,
                event="opening",
                postings=(debit(BANK, fen), credit("Equity:CarriedForward", fen)),
            ),
        ),
        "undecided": (
            "FL337",
            draft(drafts.adoption(year, DIBAO, fen), day, "budget-adopt", approval=None),
        ),
        "claimed for no payment": (
            "FL341",
            draft(drafts.claimed(year, DIBAO, "Union", fen), day, "interfund"),
        ),
        "into the fund's surplus": (
            "FL314",
            replace(
                grant,
                event="transfer",
                postings=(debit("Equity:CarriedForward", fen), credit(BANK, fen)),
            ),
        ),
        "more given back than came": (
            "FL404",
            replace(
                grant,
                event="transfer",
                postings=(debit("Liabilities:Suspense", 10**9), credit(BANK, 10**9)),
                approval="示批〔2025〕1号",
            ),
        ),
        "expense without budget": ("FL504", replace(spend, postings=spend.postings[:2])),
        "more expense than budget": (
            "FL504",
            replace(
                spend,
                postings=(
                    *drafts.expense(year, DIBAO, fen + 1)[:2],
                    *spend.postings[2:],
                ),
            ),
        ),
    }
    return made


def _spent(year: int, line: Line, fen: int) -> tuple[Posting, ...]:
    return drafts.expense(year, line, fen)


MISTAKES = tuple(sorted(mistakes(date(2026, 1, 1), 1, date(2025, 1, 1))))
