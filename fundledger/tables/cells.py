"""What one cell of a table says; `place` names the cell in what is raised."""

from __future__ import annotations

import re
from datetime import date

from fundledger.bank.cells import amount_fen, day_and_time
from fundledger.bank.tables import Cell
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.money import parse_fen
from fundledger.tables.unfit import (
    NOT_TEXT,
    NOT_YES,
    TIMED,
    UNFORMATTED,
    UNPRINTABLE,
    untaken,
)

_MOST_PAPERS = 999_999
_YES = frozenset(("是", "yes"))
_NO = frozenset(("否", "no"))
_SERIAL = re.compile(r"[3-7]\d{4}", re.ASCII)


def text_in(cell: Cell, place: str) -> str:
    """Return one line of text.

    Raises:
        InputInvalid: FL937, it is a number or a day, or not printable.

    """
    if not isinstance(cell, str):
        raise InputInvalid(untaken(place, NOT_TEXT))
    if not cell.isprintable():
        raise InputInvalid(untaken(place, UNPRINTABLE))
    return cell


def amount_in(cell: Cell, place: str) -> int:
    """Return an amount above zero in fen: text as `parse_fen` reads it, or an exact number.

    Raises:
        InputInvalid: FL901, FL928.

    """
    if isinstance(cell, str):
        fen = parse_fen(cell, what=place)
    else:
        try:
            fen = amount_fen(cell)
        except (ValueError, TypeError):
            raise InputInvalid(Finding("FL901", place, {"text": shown(cell)})) from None
    if fen <= 0:
        raise InputInvalid(Finding("FL928", place, {"text": shown(cell)}))
    return fen


def day_in(cell: Cell, place: str) -> date:
    """Return a day: year first, in any of the usual spellings, or a day of the spreadsheet.

    Raises:
        InputInvalid: FL903, or FL937 for a day with a time and for a spreadsheet's bare number.

    """
    try:
        day, moment = day_and_time(cell)
    except (ValueError, TypeError):
        text = shown(cell)
        if _SERIAL.fullmatch(text):
            raise InputInvalid(untaken(place, UNFORMATTED, text=text)) from None
        raise InputInvalid(Finding("FL903", place, {"text": text})) from None
    if moment is not None and moment.isoformat() != "00:00:00":
        raise InputInvalid(untaken(place, TIMED))
    return day


def count_in(cell: Cell, place: str) -> int:
    """Return a whole number from 0 on.

    Raises:
        InputInvalid: FL930.

    """
    text = shown(cell)
    if not isinstance(cell, (str, float)) or not text.isascii() or not text.isdecimal():
        raise InputInvalid(Finding("FL930", place, {"text": shown(cell)}))
    if len(text) > len(str(_MOST_PAPERS)):
        raise InputInvalid(Finding("FL930", place, {"text": text}))
    return int(text)


def flag_in(cell: Cell, place: str) -> bool:
    """Return whether a cell says yes.

    Raises:
        InputInvalid: FL937, it says neither yes nor no.

    """
    if cell in _YES:
        return True
    if cell in _NO:
        return False
    raise InputInvalid(untaken(place, NOT_YES))


def shown(cell: Cell) -> str:
    """Return what a cell holds as a sentence shows it; a whole number without its `.0`."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))[:40]
    return str(cell)[:40]
