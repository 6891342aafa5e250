"""What nothing proves: returns that the bank has not, what goes by amount, fees that it kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from fundledger.findings import Finding
from fundledger.ledger.batches.shares import WAYS, voucher_of
from fundledger.ledger.batches.states import LineState
from fundledger.reconcile.words import FEES

if TYPE_CHECKING:
    from fundledger.bank import Statement
    from fundledger.reconcile.joined import Joined
    from fundledger.reconcile.model import BookLine, Item, SetOff
    from fundledger.reconcile.payments import Comparison
    from fundledger.reconcile.register import Register


def open_returns(
    items: Iterable[Item], lines: Mapping[str, BookLine], register: Register, window_days: int
) -> Iterator[Finding]:
    """Yield FL845 for what came back by the books alone, and FL846 if it was paid once more.

    A return may stand on the next statement: it is without evidence once it is older than
    `window_days`.  `lines` is the book by reference.
    """
    for item in items:
        vouchers = [lines.get(voucher_of(mark)) for mark in item.marks if item.of_book]
        if not any(one is not None and WAYS.get(one.event) == "in" for one in vouchers):
            continue
        names = {name for mark in item.marks for name in register.paid_by(mark) or ()}
        again = any(register.lines[name].standing.state is LineState.REISSUED for name in names)
        code = "FL846" if again and item.age_days > window_days else "FL845"
        details = {"ref": item.ref, "date": item.date, "age_days": item.age_days}
        yield Finding(code, item.ref, details, amount_fen=item.amount_fen)


def by_amount_alone(
    righted: Iterable[SetOff], joins: Iterable[Joined], lines: Mapping[str, BookLine]
) -> Iterator[Finding]:
    """Yield FL800 for each payment that stands in the place of a reversed voucher by its amount.

    Whose the bank's row was is on a statement that was signed before, and nobody looks at it here.
    """
    for one in righted:
        details = {"ref": one.red_ref, "date": one.date}
        yield Finding("FL800", one.ref, details, amount_fen=abs(one.signed_fen))
    for joined in joins:
        reds = [entry for entry in joined.book if _is_red(entry.refs[0].mark, lines)]
        if joined.in_parts and reds:
            own = next(entry for entry in joined.book if entry not in reds)
            for red in reds:
                details = {"ref": red.refs[0].shown, "date": own.date}
                fen = abs(red.signed_fen)
                yield Finding("FL800", own.refs[0].shown, details, amount_fen=fen)


def fees_kept(payments: Comparison, statements: Iterable[Statement]) -> Iterator[Finding]:
    """Yield FL416 for the fee of a debit that the bank took back (冲账), and that is not back.

    A fee is that of a payment if both have one serial number; without one nobody knows.
    """
    taken_back = {
        pair.line: pair.row for pair in payments.pairs if pair.way == "in" and pair.row.red
    }
    if not taken_back:
        return
    rows = {f"{one.sha256}:{line.row}": line for one in statements for line in one.lines}
    fees: dict[str, int] = defaultdict(int)
    for line in rows.values():
        if line.serial and (line.summary.strip() in FEES or line.text.strip() in FEES):
            fees[line.serial] += line.signed_fen
    for pair in payments.pairs:
        row = rows.get(pair.row.mark)
        kept_fen = -fees.get(row.serial, 0) if row is not None and pair.way == "out" else 0
        if pair.line in taken_back and kept_fen > 0:
            details = {
                "line": pair.line,
                "ref": taken_back[pair.line].shown,
                "date": taken_back[pair.line].on,
            }
            yield Finding("FL416", pair.line, details, amount_fen=kept_fen)


def _is_red(mark: str, lines: Mapping[str, BookLine]) -> bool:
    line = lines.get(mark)
    return line is not None and bool(line.reverses)
