"""A bank's answer as a text: cells parted by a sign, or each of a fixed width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fundledger.bankfile.answer import Answer, Spot, cell_place, row_place
from fundledger.bankfile.profile import FIXED, TAB, ResultColumn, ResultHead, ResultLayout, Total
from fundledger.bankfile.tableanswer import columns_of, expect_width, head_of, is_word, row_of
from fundledger.errors import InputInvalid
from fundledger.findings import Finding

if TYPE_CHECKING:
    from fundledger.bank.tables import Row

_LABEL_AND_VALUE = 2


def text_answer(data: bytes, name: str, layout: ResultLayout) -> Answer:
    """Return the parts of a text.

    Raises:
        InputInvalid: FL771 to FL773, FL789, FL939: all that can be seen.

    """
    if not data:
        raise InputInvalid(Finding("FL939", name))
    if not data.endswith(b"\n"):
        raise InputInvalid(Finding("FL773", name, {"reason": "end"}))
    lines = data.removesuffix(b"\n").split(b"\n")
    numbered = [(at, line.removesuffix(b"\r")) for at, line in enumerate(lines, 1)]
    while numbered and not numbered[-1][1].strip():
        numbered.pop()
    heads = (1 if layout.head_as == "line" else len(layout.head)) if layout.head else 0
    total = layout.total
    tops = heads + (1 if layout.headings else 0)
    if len(numbered) < tops + (1 if total else 0):
        raise InputInvalid(Finding("FL773", name, {"reason": "head"}))
    cut = _Cut(layout, name)
    ends = numbered[-1:] if total else []
    body = numbered[tops : len(numbered) - len(ends)]
    head = head_of(_head(cut, numbered[:heads], layout, name), layout, name)
    if layout.headings:
        heading = cut.row(numbered[heads], layout.columns)
        columns, aside = columns_of(heading, layout, name)
        rows = [cut.row(line, ()) for line in body]
        width = len(heading.cells)
    else:
        columns = {
            at: (column.field, column.words[0] if column.words else column.field)
            for at, column in enumerate(layout.columns)
        }
        aside = ()
        rows = [cut.row(line, layout.columns) for line in body]
        width = len(layout.columns)
    sums = [*_total(cut, ends[0], total, name)] if total else []
    cut.refuse()
    expect_width(rows, width, name)
    if not rows:
        raise InputInvalid(Finding("FL939", name))
    return Answer(head, tuple(row_of(row, columns, name) for row in rows), tuple(sums), aside)


class _Cut:
    """Lines cut into cells; what cannot be cut is noted, for all to be told at once."""

    def __init__(self, layout: ResultLayout, name: str) -> None:
        separator = layout.separator or TAB
        self._fixed = separator == FIXED
        self._separator = "\t" if separator == TAB else separator
        self._encoding = layout.encoding or "utf-8"
        self._name = name
        self._findings: list[Finding] = []

    def refuse(self) -> None:
        """Raise InputInvalid if a line could not be cut."""
        if self._findings:
            raise InputInvalid(self._findings)

    def row(self, line: tuple[int, bytes], cells: Sequence[ResultColumn | ResultHead]) -> Row:
        """Return the cells of a line; `cells` say how wide each is, where that is fixed."""
        return self.cut(line, [cell.width for cell in cells])

    def cut(self, line: tuple[int, bytes], widths: Sequence[int | None]) -> Row:
        """Return the cells of a line of those widths."""
        from fundledger.bank.tables import Row, clean  # noqa: PLC0415 - beside the readers

        number, data = line
        texts: list[str] = []
        try:
            if self._fixed:
                texts = [part.decode(self._encoding) for part in self._parts(number, data, widths)]
            else:
                text = data.decode(self._encoding)
                texts = (text.removeprefix("\ufeff") if number == 1 else text).split(
                    self._separator
                )
        except UnicodeDecodeError:
            details = {"encoding": self._encoding.upper()}
            self._findings.append(Finding("FL771", row_place(self._name, number), details))
        return Row(number, tuple(clean(text) for text in texts))

    def _parts(self, number: int, data: bytes, widths: Sequence[int | None]) -> Iterator[bytes]:
        expected = sum(width or 0 for width in widths)
        if len(data) != expected:
            details = {"found": len(data), "expected": expected}
            self._findings.append(Finding("FL772", row_place(self._name, number), details))
            return
        at = 0
        for width in widths:
            end = at + (width or 0)
            yield data[at:end]
            at = end


def _head(
    cut: _Cut, lines: Sequence[tuple[int, bytes]], layout: ResultLayout, name: str
) -> Iterator[Spot]:
    """Yield what stands above the rows: by place on one line, or a label and a value a line."""
    if layout.head_as == "line":
        for line in lines:
            row = cut.row(line, layout.head)
            cut.refuse()
            expect_width([row], len(layout.head), name)
            for index, known in enumerate(layout.head):
                named = known.words[0] if known.words else known.field
                place = cell_place(name, row.number, index, named)
                yield Spot(known.field, row.cell(index), place)
        return
    for line in lines:
        row = cut.row(line, ())
        cut.refuse()
        expect_width([row], _LABEL_AND_VALUE, name)
        for known in layout.head:
            if is_word(row.cell(0), known.words):
                yield Spot(
                    known.field, row.cell(1), cell_place(name, row.number, 1, known.words[0])
                )


def _total(cut: _Cut, line: tuple[int, bytes], total: Total, name: str) -> Iterator[Spot]:
    """Yield what the last line states; it must be the line of totals (FL773)."""
    row = cut.cut(line, [cell.width for cell in total.cells])
    words = [index for index, cell in enumerate(total.cells) if cell.field == "word"]
    if len(row.cells) != len(total.cells) or not all(
        is_word(row.cell(index), total.words) for index in words
    ):
        raise InputInvalid(Finding("FL773", name, {"reason": "total"}))
    for index, cell in enumerate(total.cells):
        if cell.field != "word":
            place = cell_place(name, row.number, index, total.words[0])
            yield Spot(cell.field, row.cell(index), place)
