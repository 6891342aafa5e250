"""An order as a text: cells parted by a sign, or each of a fixed width."""

from __future__ import annotations

from collections.abc import Sequence

from fundledger.bankfile.order import PaymentOrder, unfit_text
from fundledger.bankfile.profile import FIXED, TAB, Out
from fundledger.bankfile.sheetrows import NUMBERS, Piece, head_of, rows_of, total_of
from fundledger.errors import InputInvalid
from fundledger.findings import Finding

_ENDS = {"crlf": b"\r\n", "lf": b"\n"}


def text_bytes(order: PaymentOrder, out: Out) -> bytes:
    """Return the bytes of an order as text.

    Numbers of a fixed width stand to the right, filled with zeros; texts to the left, with blanks.

    Raises:
        InputInvalid: FL768, a cell with the sign that parts cells, a line's end, or a sign that
            the encoding does not have; FL769, one longer than its width: all of them.

    """
    writer = _Writer(out)
    head = head_of(order, out)
    if out.head_as == "line" and head:
        writer.line([piece for _, piece in head])
    else:
        for label, piece in head:
            writer.line([Piece("word", label, piece.place), piece])
    if out.headings:
        writer.line([Piece("word", column.heading, order.batch) for column in out.columns])
    for row in rows_of(order, out):
        writer.line(row)
    if total := total_of(order, out):
        writer.line(total)
    return writer.done()


class _Writer:
    """The lines so far, and what of them cannot be written."""

    def __init__(self, out: Out) -> None:
        separator = out.separator or TAB
        self._fixed = separator == FIXED
        self._separator = "\t" if separator == TAB else separator
        self._encoding = out.encoding or "utf-8"
        self._end = _ENDS[out.line_end or "crlf"]
        self._lines: list[bytes] = []
        self._findings: list[Finding] = []

    def line(self, pieces: Sequence[Piece]) -> None:
        """Add a line of cells."""
        cells = [self._cell(piece) for piece in pieces]
        between = b"" if self._fixed else self._separator.encode(self._encoding)
        self._lines.append(between.join(cells))

    def done(self) -> bytes:
        """Return all lines, each with its end; raises InputInvalid for cells it cannot carry."""
        if self._findings:
            raise InputInvalid(self._findings)
        return b"".join(line + self._end for line in self._lines)

    def _cell(self, piece: Piece) -> bytes:
        parted = not self._fixed and self._separator in piece.text
        if parted or unfit_text(piece.text):
            self._findings.append(Finding("FL768", piece.place, {"field": piece.field}))
            return b""
        data = piece.text.encode(self._encoding)
        if not self._fixed or piece.width is None:
            return data
        if len(data) > piece.width:
            details = {"field": piece.field, "found": len(data), "limit": piece.width}
            self._findings.append(Finding("FL769", piece.place, details))
            return b""
        fits = data.rjust(piece.width, b"0") if piece.field in NUMBERS else None
        return data.ljust(piece.width) if fits is None else fits
