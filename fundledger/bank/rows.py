"""The rows of the table: one line of the account each, or why it is not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from fundledger.bank.cells import NotExact, account_of, amount_fen, day_and_time, time_of
from fundledger.bank.headers import Header
from fundledger.bank.layout import Words, plain
from fundledger.bank.preamble import Stated, label_of, read_label_row
from fundledger.bank.problems import Problems, shown, shown_cell
from fundledger.bank.statement import BankLine
from fundledger.bank.tables import Cell, Row
from fundledger.bank.totals import check_totals
from fundledger.money import LIMIT_FEN

_UNREADABLE = LIMIT_FEN + 1
_ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+?\d+", re.ASCII)
"""An account's number that a spreadsheet has rounded, as it writes it into text: 6.21E+18."""


@dataclass(slots=True)
class Body:
    """The lines of a table in the order of the file; nothing where one could not be read."""

    slots: list[BankLine | None] = field(default_factory=list)
    totals: list[tuple[Row, int]] = field(default_factory=list)


def read_rows(rows: tuple[Row, ...], header: Header, stated: Stated, problems: Problems) -> Body:
    """Read the rows under the header: lines, repeated headers, totals and words at the foot.

    A row of what was cumulated since the month or the year began is passed over.
    """
    body = Body()
    words = header.layout.words
    head = tuple(map(plain, header.words))
    for row in rows:
        filled = row.filled()
        texts = tuple(map(plain, row.cells))
        if not filled or texts[: len(head)] == head:
            continue
        if label_of(row.cells[filled[0]], words):
            read_label_row(row, stated, problems)
        elif _is_mark(row, header):
            _balance_mark(row, header, stated, problems)
        elif _is_cumulated(row, header, body.slots[-1] if body.slots else None):
            continue
        elif _is_trailer(row, header):
            if texts[filled[0]].rstrip(":") in words.words["total"]:
                body.totals.append((row, len(body.slots)))
            read_label_row(row, stated, problems)
        else:
            body.slots.append(_Line(row, header, stated, problems).read())
    if len(body.totals) == 1 and body.totals[0][1] == len(body.slots):
        check_totals(body.totals[0][0], body.slots, header, problems)
    return body


def _amounts(row: Row, header: Header) -> list[int]:
    columns = (header.columns.get(role) for role in ("in", "out", "amount"))
    return [index for index in columns if index is not None and row.cell(index) != ""]


def _mark(row: Row, words: Words) -> str | None:
    texts = {plain(cell).rstrip(":") for cell in row.cells}
    return next((role for role in ("opening", "closing") if words.labels[role] & texts), None)


def _is_mark(row: Row, header: Header) -> bool:
    balance = row.cell(header.columns.get("balance"))
    marked = _mark(row, header.layout.words) is not None
    return marked and balance != "" and not _amounts(row, header)


def _balance_mark(row: Row, header: Header, stated: Stated, problems: Problems) -> None:
    index = header.columns["balance"]
    try:
        setattr(stated, f"{_mark(row, stated.words)}_fen", amount_fen(row.cell(index)))
    except ValueError:
        text = shown(row.cell(index))
        problems.add("FL816", row=row.number, column=header.label(index), text=text)


def _is_cumulated(row: Row, header: Header, before: BankLine | None) -> bool:
    """Return whether a cell says that the row sums up, and it cannot be a line.

    A line has a day, one amount that is not zero, and another balance than the one before it.
    """
    said = {plain(cell).rstrip(":") for cell in row.cells}
    if said.isdisjoint(header.layout.words.words["cumulated"]):
        return False
    if not _has_day(row, header):
        return True
    amounts = [_fen_of(row.cells[index]) for index in _amounts(row, header)]
    balance_fen = _fen_of(row.cell(header.columns.get("balance")))
    stands = before is not None and balance_fen is not None and before.balance_fen == balance_fen
    return None not in amounts and (len([fen for fen in amounts if fen]) > 1 or stands)


def _has_day(row: Row, header: Header) -> bool:
    try:
        day_and_time(row.cell(header.columns["date"]))
    except ValueError:
        return False
    return True


def _is_trailer(row: Row, header: Header) -> bool:
    if _has_day(row, header):
        return False
    filled = row.filled()
    first = plain(row.cells[filled[0]])
    if first.startswith(header.layout.words.words["trailer"]):
        return True
    alone = row.cells[filled[0]]
    return len(filled) == 1 and isinstance(alone, str) and _fen_of(alone) is None


def _fen_of(cell: Cell) -> int | None:
    try:
        return amount_fen(cell)
    except ValueError:
        return None


class _Line:
    """One row on its way to a line; every cell that cannot be read is noted."""

    __slots__ = ("_failed", "_header", "_problems", "_red", "_row", "_stated")

    def __init__(self, row: Row, header: Header, stated: Stated, problems: Problems) -> None:
        self._row = row
        self._header = header
        self._stated = stated
        self._problems = problems
        self._failed = False
        self._red = False

    def read(self) -> BankLine | None:
        header, row = self._header, self._row
        for index in row.filled():
            if index > header.last or isinstance(row.cells[index], bool):
                self._fail("FL822", index)
        day, moment = None, None
        index = header.columns["date"]
        try:
            day, moment = self._day(row.cell(index))
        except ValueError:
            self._fail("FL818", index, text=shown_cell(row.cell(index)))
        if "time" in header.columns:
            index = header.columns["time"]
            try:
                moment = time_of(row.cell(index)) or moment
            except ValueError:
                self._fail("FL818", index, text=shown_cell(row.cell(index)))
        signed_fen = self._signed_fen()
        balance_fen = self._amount("balance")
        self._check_currency()
        self._note_own_account()
        counterparty_account = self._counterparty_account()
        if day is None or signed_fen is None or self._failed:
            return None
        summary = self._joined("summary")
        return BankLine(
            row=row.number,
            date=day,
            direction="in" if signed_fen > 0 else "out",
            amount_fen=abs(signed_fen),
            balance_fen=balance_fen,
            counterparty=self._text("party"),
            counterparty_account=counterparty_account,
            summary=summary,
            text=" ".join(part for part in (summary, self._joined("memo")) if part),
            serial=self._text("serial"),
            time=moment,
            red=self._red,
        )

    def _fail(self, code: str, index: int | None = None, **details: Any) -> None:  # noqa: ANN401 - the places of a sentence hold anything
        self._failed = True
        if index is not None:
            details["column"] = self._header.label(index)
        self._problems.add(code, row=self._row.number, **details)

    def _day(self, cell: Cell) -> tuple[date, time | None]:
        """Return the day, in the form that the bank writes where its layout says so.

        Raises:
            ValueError: no such day.

        """
        form = self._header.layout.day
        if form is not None and not isinstance(cell, date) and not form.match(_as_text(cell)):
            raise ValueError(cell)
        return day_and_time(cell)

    def _amount(self, role: str) -> int | None:
        index = self._header.columns.get(role)
        cell = self._row.cell(index)
        if index is None or cell == "":
            return None
        try:
            return amount_fen(cell)
        except NotExact:
            self._fail("FL817", index, text=repr(cell))
        except ValueError:
            self._fail("FL816", index, text=shown_cell(cell))
        return _UNREADABLE

    def _signed_fen(self) -> int | None:
        """Return the change in fen; a negative figure is the bank's red ink, the other way."""
        columns = self._header.columns
        amounts = [self._amount(role) for role in ("in", "out", "amount") if role in columns]
        if _UNREADABLE in amounts:
            return None
        if sum(map(bool, amounts)) != 1:
            self._fail("FL819")
            return None
        signless = "amount" not in columns or "direction" in columns
        self._red = signless and any(fen is not None and fen < 0 for fen in amounts)
        if "amount" not in columns:
            in_fen, out_fen = amounts
            return in_fen or -(out_fen or 0)
        return self._directed(amounts[0] or 0)

    def _directed(self, fen: int) -> int | None:
        index = self._header.columns.get("direction")
        if index is None:
            return fen if self._header.layout.plus == "in" else -fen
        word = plain(self._row.cell(index))
        known = self._header.layout.words.words
        if word in known["out"]:
            return -fen
        if word in known["in"]:
            return fen
        self._fail("FL820", index, text=shown_cell(self._row.cell(index)))
        return None

    def _check_currency(self) -> None:
        index = self._header.columns.get("currency")
        cell = self._row.cell(index)
        known = self._header.layout.words.words["currency"]
        if index is not None and cell != "" and plain(cell) not in known:
            self._fail("FL823", index, text=shown_cell(cell))

    def _note_own_account(self) -> None:
        index = self._header.columns.get("own_account")
        if index is None:
            return
        try:
            number = account_of(self._row.cell(index))
        except NotExact:
            self._fail("FL821", index)
        except ValueError:
            self._fail("FL832", index, text=shown_cell(self._row.cell(index)))
        else:
            if number and "*" not in number:
                self._stated.accounts.setdefault(number, self._row.number)

    def _counterparty_account(self) -> str:
        index = self._header.columns.get("party_account")
        cell = self._row.cell(index)
        if isinstance(cell, str):
            if _ROUNDED.fullmatch(cell.strip()):
                self._fail("FL821", index)
            return cell
        try:
            return account_of(cell)
        except NotExact:
            self._fail("FL821", index)
        except ValueError:
            self._fail("FL822", index)
        return ""

    def _text(self, role: str) -> str:
        return _as_text(self._row.cell(self._header.columns.get(role)))

    def _joined(self, role: str) -> str:
        parts = [_as_text(self._row.cell(index)) for index in self._header.join.get(role, ())]
        return " ".join(part for part in parts if part)


def _as_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
