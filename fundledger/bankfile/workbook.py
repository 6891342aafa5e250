"""An order as the workbook that a bank's site takes in."""

from __future__ import annotations

import io
from datetime import datetime, time

from fundledger.bankfile.order import PaymentOrder
from fundledger.bankfile.profile import Out
from fundledger.bankfile.sheetrows import Piece, head_of, rows_of
from fundledger.money import format_fen

_SHEET = "代发明细"
_WIDTHS = {"account": 24, "payer_account": 24, "line": 18, "bank": 24, "memo": 24, "name": 14}
_WIDTH = 12


def workbook_bytes(order: PaymentOrder, out: Out) -> bytes:
    """Return an order as the bytes of an .xlsx: texts are text, amounts numbers, nothing a formula.

    The same order always gives the same bytes; the file says that it was made at the beginning of
    the order's day.
    """
    import xlsxwriter  # noqa: PLC0415 - heavy, and only workbooks need it

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": _SHEET, "created": datetime.combine(order.on, time())})
        sheet = book.add_worksheet(_SHEET)
        text = book.add_format({"num_format": "@"})
        money = book.add_format({"num_format": "0.00" if out.unit == "yuan" else "0"})

        def write(row: int, column: int, piece: Piece) -> None:
            if piece.fen is not None:
                figure = piece.fen / 100 if out.unit == "yuan" else piece.fen
                sheet.write_number(row, column, figure, money)
            else:
                sheet.write_string(row, column, piece.text, text)

        row = 0
        for label, piece in head_of(order, out):
            sheet.write_string(row, 0, label, text)
            write(row, 1, piece)
            row += 1
        for column, named in enumerate(out.columns):
            sheet.write_string(row, column, named.heading, text)
            sheet.set_column(column, column, _WIDTHS.get(named.field, _WIDTH))
        row += 1
        for pieces in rows_of(order, out):
            for column, piece in enumerate(pieces):
                write(row, column, piece)
            row += 1
        if out.total is not None:
            fields = [column.field for column in out.columns]
            sheet.write_string(row, 0, out.total.words[0], text)
            write(row, fields.index("amount"), _sum(order))
    return stream.getvalue()


def _sum(order: PaymentOrder) -> Piece:
    return Piece("sum", format_fen(order.amount_fen), order.batch, order.amount_fen)
