"""What stands in the file of an order, cell by cell, whatever the file's format."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from fundledger.bankfile.order import Payee, PaymentOrder, payee_place
from fundledger.bankfile.profile import Column, DayForm, OfBatch, Out, TotalField, Unit
from fundledger.findings import Finding
from fundledger.money import format_fen

NUMBERS = frozenset({"serial", "amount", "count", "sum"})
_DAYS: dict[DayForm, str] = {
    "YYYYMMDD": "%Y%m%d",
    "YYYY-MM-DD": "%Y-%m-%d",
    "YYYY/MM/DD": "%Y/%m/%d",
}


class Piece(NamedTuple):
    """One cell that is to be written; `fen` where it is an amount, `place` where it is told of."""

    field: str
    text: str
    place: str
    fen: int | None = None
    width: int | None = None


def head_of(order: PaymentOrder, out: Out) -> list[tuple[str, Piece]]:
    """Return what stands above the rows: each label with its cell."""
    return [(cell.label, _batch_piece(order, out, cell.field, cell.width)) for cell in out.head]


def rows_of(order: PaymentOrder, out: Out) -> Iterator[list[Piece]]:
    """Yield the cells of each payee, in the order's own order."""
    for serial, payee in enumerate(order.payees, 1):
        yield [_piece(order, out, column, payee, serial) for column in out.columns]


def total_of(order: PaymentOrder, out: Out) -> list[Piece]:
    """Return the cells of the line of totals, in the order in which the profile has them."""
    if out.total is None:
        return []
    words = out.total.words[0]
    return [_total_piece(order, out, cell.field, words, cell.width) for cell in out.total.cells]


def empty_ones(order: PaymentOrder, out: Out) -> Iterator[Finding]:
    """Yield what the bank needs and the order leaves empty, the line id always (FL770).

    Where it has no column of its own the memo carries it, or the answer could not be tied to it.
    """
    needed = {column.field for column in out.columns if column.needed}
    in_memo = bool(out.columns) and all(column.field != "line" for column in out.columns)
    for payee in order.payees:
        if in_memo and payee.line not in payee.memo:
            yield Finding("FL770", payee_place(order, payee), {"field": "line"})
        for field in ("bank", "bank_code", "memo"):
            if field in needed and not getattr(payee, field).strip():
                yield Finding("FL770", payee_place(order, payee), {"field": field})


def amount_text(amount_fen: int, unit: Unit) -> str:
    """Return an amount as the file writes it: yuan with two decimals, or whole fen."""
    return format_fen(amount_fen) if unit == "yuan" else str(amount_fen)


def day_text(day: date, form: DayForm) -> str:
    """Return a day as the file writes it."""
    return day.strftime(_DAYS[form])


def _batch_piece(order: PaymentOrder, out: Out, field: OfBatch, width: int | None) -> Piece:
    place = order.batch
    if field == "sum":
        text = amount_text(order.amount_fen, out.unit)
        return Piece(field, text, place, order.amount_fen, width)
    if field == "count":
        return Piece(field, str(len(order.payees)), place, None, width)
    if field == "date":
        return Piece(field, day_text(order.on, out.dates), place, None, width)
    return Piece(field, str(getattr(order, field)), place, None, width)


def _total_piece(
    order: PaymentOrder, out: Out, field: TotalField, words: str, width: int | None
) -> Piece:
    if field == "word":
        return Piece(field, words, order.batch, None, width)
    return _batch_piece(order, out, field, width)


def _piece(order: PaymentOrder, out: Out, column: Column, payee: Payee, serial: int) -> Piece:
    place = payee_place(order, payee)
    field, width = column.field, column.width
    if field == "amount":
        text = amount_text(payee.amount_fen, out.unit)
        return Piece(field, text, place, payee.amount_fen, width)
    if field == "serial":
        return Piece(field, str(serial), place, None, width)
    if field == "word":
        return Piece(field, column.text, place, None, width)
    if field in {"line", "account", "name", "bank", "bank_code", "memo"}:
        return Piece(field, str(getattr(payee, field)), place, None, width)
    if field == "date":
        return Piece(field, day_text(order.on, out.dates), place, None, width)
    return Piece(field, str(getattr(order, field)), place, None, width)
