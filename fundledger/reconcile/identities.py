"""R1 to R9: what must be equal between statement, book, budget and the register of payments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from fundledger.findings import Finding
from fundledger.ledger.batches.received import unlike
from fundledger.ledger.batches.states import NO_EXPENSE, LineState
from fundledger.ledger.books import Books
from fundledger.ledger.chart import (
    DUE_FROM_FUND,
    DUE_TO_FUND,
    EXPENSES,
    PRIOR_YEAR_ADJUSTMENT,
    ROLE_NAMES,
)
from fundledger.ledger.given import expect, is_text
from fundledger.ledger.voucher import BUDGET_ROOT
from fundledger.reconcile.joined import IN_PARTS

if TYPE_CHECKING:
    from fundledger.bank import Statement
    from fundledger.ledger.batches.batch import Batch
    from fundledger.ledger.record import Record
    from fundledger.reconcile.model import Adjustment
    from fundledger.reconcile.payments import Comparison
    from fundledger.reconcile.register import Register, Registered

_SEVERE = frozenset({"R3", "R5", "R6", "R7", "R8"})
_RECEIPTS = "receipts"
_SPENT = ("Expended", "BroughtForward")


_RULES = {
    "R1": ("对账单期初加发生额＝期末", "opening and rows = closing"),
    "R2": ("调节后余额相等", "adjusted balances"),
    "R3": ("控制科目＝各状态发放行", "control account = lines by state"),
    "R4": ("本期账上发放＝银行发放（减退回）", "booked in these days = at the bank (less returns)"),
    "R5": ("列支＝计入的发放行", "expenses = lines that count"),
    "R6": ("预算支出＝已付的发放行", "budget used up = lines paid"),
    "R7": ("待遇数＝有效发放行数", "entitlements = live lines"),
    "R8": ("送盘文件＝批次清单", "files sent = lists"),
    "R9": ("与其他基金的往来两边相等", "claims between funds, on both sides"),
}
"""What each rule says, in Chinese and English."""


_PLACES = {
    **ROLE_NAMES,
    "count": ("笔数", "count"),
    "sum": ("金额", "sum"),
    _RECEIPTS: ("银行受理回单", "bank's receipts"),
}
"""What the places of rules are called, where they are no file and no fund."""


class Identity(NamedTuple):
    """Two figures that must be equal: fen, or where it `counts`, payments.

    `place` is what they are of where a rule has several: an account, or a fund.
    """

    rule: str
    place: str
    one: int
    other: int
    counts: bool = False

    @property
    def holds(self) -> bool:
        """Whether they are equal."""
        return self.one == self.other

    def said(self, language: str) -> str:
        """Return in words what must be equal, in `zh` or `en`."""
        return _RULES[self.rule][language != "zh"]

    def place_said(self, language: str) -> str:
        """Return in words what the figures are of, in `zh` or `en`."""
        names = _PLACES.get(self.place)
        return names[language != "zh"] if names else self.place


class Posted(NamedTuple):
    """What the vouchers and steps of batches came to, in fen over all years.

    `expense_fen` on expenses and the prior-year adjustment, `spent_fen` of budgets used up;
    `recovered_fen` and `written_off_fen` of what was asked back; `exported` count and sum of the
    files that the bank did not refuse.
    """

    expense_fen: int
    spent_fen: int
    recovered_fen: int
    written_off_fen: int
    exported: tuple[int, int]


def identities(
    adjustment: Adjustment,
    statements: Iterable[Statement],
    books: Books,
    comparison: Comparison | None,
    posted: Posted,
) -> tuple[Identity, ...]:
    """Return R1 to R8 of a fund as its journal stands; R3 to R8 are of its batches.

    R9, which takes other funds' books, is `mirrored`.
    """
    found = [
        Identity("R1", one.name, one.opening_fen + _sum_fen(one), one.closing_fen)
        for one in statements
    ]
    found.append(Identity("R2", "", adjustment.adjusted_bank_fen, adjustment.adjusted_book_fen))
    if comparison is not None:
        found += _of_register(adjustment, books, comparison, posted)
    return tuple(found)


def broken(found: Iterable[Identity]) -> Iterator[Finding]:
    """Yield FL895 for each of R3 and R5 to R8 that does not hold.

    R1, R2 and the bank's receipts have findings of their own; what R4 is apart by stands among the
    open items, and R9 is told by the check of both funds.
    """
    for one in found:
        if one.rule in _SEVERE and not one.holds and one.place != _RECEIPTS:
            details = {
                "rule": one.rule,
                "place": one.place,
                "one_fen": one.one,
                "other_fen": one.other,
            }
            yield Finding(
                "FL895", f"{one.rule} {one.place}".strip(), details, amount_fen=one.one - one.other
            )


def received_otherwise(batches: Iterable[Batch]) -> Iterator[Finding]:
    """Yield FL898 for each file of which the bank's receipt states something else than was sent."""
    for found in filter(None, map(unlike, batches)):
        yield Finding("FL898", found.batch, found._asdict(), amount_fen=found.apart_fen)


def posted_by_batches(records: Iterable[Record]) -> Posted:
    """Return what the vouchers of batches posted, and count and sum of what was exported last."""
    expense_fen = spent_fen = 0
    steps: dict[str, int] = Counter()
    files: dict[str, tuple[int, int]] = {}
    for record in records:
        if record.kind != "batch":
            continue
        step, fen = record.body["step"], record.body["amount_fen"]
        steps[step] += fen
        if step == "export":
            files[record.body["batch"]] = record.body["payments"], fen
        elif step == "refuse":
            files.pop(record.body["batch"], None)
        for voucher in record.vouchers:
            for posting in voucher.postings:
                if posting.account.startswith(EXPENSES) or posting.account == PRIOR_YEAR_ADJUSTMENT:
                    expense_fen += posting.signed_fen
                elif _kind(posting.account) in _SPENT:
                    spent_fen += posting.signed_fen
    exported = sum(count for count, _ in files.values()), sum(fen for _, fen in files.values())
    return Posted(expense_fen, spent_fen, steps["recover"], steps["write-off"], exported)


def mirrored(own: Books, others: Mapping[str, Books]) -> Iterator[Identity]:
    """Yield R9: what another fund owes this one by its own book, and the other way round.

    `others` are books by the component that names their fund in accounts.

    Raises:
        InputInvalid: FL909, they are no books.

    """
    expect(own=isinstance(own, Books), others=_are_books(others))
    name = own.charter.fund.component
    for component, books in sorted(others.items()):
        pairs = (
            (own.fen(DUE_FROM_FUND + component), -books.fen(DUE_TO_FUND + name)),
            (-own.fen(DUE_TO_FUND + component), books.fen(DUE_FROM_FUND + name)),
        )
        for one, other in pairs:
            if one or other:
                yield Identity("R9", component, one, other)


def _are_books(given: object) -> bool:
    return isinstance(given, Mapping) and all(
        is_text(name) and isinstance(books, Books) for name, books in given.items()
    )


def _of_register(
    adjustment: Adjustment, books: Books, comparison: Comparison, posted: Posted
) -> Iterator[Identity]:
    register = comparison.register
    lines = register.lines.values()
    for account, (of_vouchers, of_lines) in books.control_fen().items():
        yield Identity("R3", account, of_vouchers, of_lines)
    yield Identity("R4", "", _moved_fen(adjustment, register), _found_fen(adjustment, comparison))
    counted_fen = sum(map(_counted_fen, lines)) + posted.written_off_fen
    yield Identity("R5", "", posted.expense_fen, counted_fen)
    spent_fen = sum(map(_spent_fen, lines)) - posted.recovered_fen
    yield Identity("R6", "", posted.spent_fen, spent_fen)
    approved = [line for line in lines if _is_live(line)]
    rights = Counter((line.of.person, line.of.category, line.of.period) for line in approved)
    yield Identity("R7", "", len(rights), len(approved), counts=True)
    sent = [line.of.amount_fen for line in register.sent()]
    payments, fen = posted.exported
    yield Identity("R8", "count", payments, len(sent), counts=True)
    yield Identity("R8", "sum", fen, sum(sent))
    received = [batch for batch in register.batches if batch.receipt is not None]
    told = sum(unlike(batch) is None for batch in received)
    yield Identity("R8", _RECEIPTS, told, len(received), counts=True)


def _sum_fen(statement: Statement) -> int:
    return sum(line.signed_fen for line in statement.lines)


def _kind(account: str) -> str:
    return (
        account.removeprefix(BUDGET_ROOT).split(":")[1] if account.startswith(BUDGET_ROOT) else ""
    )


def _moved_fen(adjustment: Adjustment, register: Register) -> int:
    """Return what the books have out for lines in these days, less what they have come back."""
    start, end = adjustment.start.isoformat(), adjustment.as_of.isoformat()
    return sum(
        line.of.amount_fen * (1 if way == "out" else -1)
        for line in register.lines.values()
        for way in ("out", "in")
        if start <= line.moved_on(way) <= end
    )


def _found_fen(adjustment: Adjustment, comparison: Comparison) -> int:
    """Return what the bank's rows of payments come to, less those of returns.

    Counted are the pairs, and rows of which it is only known together what they pay.
    """
    lines = comparison.register.lines
    paired = {pair.row.shown for pair in comparison.pairs}
    in_parts_fen = sum(
        -match.signed_fen
        for match in adjustment.matches
        if match.tier == IN_PARTS and match.bank_ref not in paired
    )
    return in_parts_fen + sum(
        lines[pair.line].of.amount_fen * (1 if pair.way == "out" else -1)
        for pair in comparison.pairs
    )


def _counted_fen(line: Registered) -> int:
    """Return what of a line is an expense: what was asked back of it is none."""
    counts = line.standing.state not in NO_EXPENSE
    return line.of.amount_fen - line.standing.claimed_fen if counts else 0


def _spent_fen(line: Registered) -> int:
    """Return what of the budget a line used up: what is out of the account, and not back."""
    out = line.standing.debited_on and not line.standing.credited_on
    return line.of.amount_fen if out else 0


def _is_live(line: Registered) -> bool:
    return line.standing.live and line.standing.state is not LineState.PLANNED
