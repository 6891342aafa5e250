"""What one cell of a table says; `place` names the cell in what is raised."""

from __future__ import annotations

from datetime import date

from fundledger.bank.cells import amount_fen, day_and_time
from fundledger.bank.tables import Cell
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.money import parse_fen

_MOST_PAPERS = 999_999
_YES = frozenset(("是", "yes"))
_NO = frozenset(("否", "no"))
_NOT_TEXT = ("不是文字", "it is no text")
_UNPRINTABLE = ("含有换行或不可见字符", "it has line breaks or invisible characters in it")
_NOT_YES = ("只能填“是”或“否”", "it is neither yes nor no")
_NO_TIME = ("日期不应带时刻", "a day has no time of day")


def text_in(cell: Cell, place: str) -> str:
    """Return one line of text.

    Raises:
        InputInvalid: FL937, it is a number or a day, or not printable.

    """
    if not isinstance(cell, str):
        raise _unfit(place, _NOT_TEXT)
    if not cell.isprintable():
        raise _unfit(place, _UNPRINTABLE)
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
            raise InputInvalid(Finding("FL901", place, {"text": str(cell)[:40]})) from None
    if fen <= 0:
        raise InputInvalid(Finding("FL928", place, {"text": str(cell)[:40]}))
    return fen


def day_in(cell: Cell, place: str) -> date:
    """Return a day: year first, in any of the usual spellings, or a day of the spreadsheet.

    Raises:
        InputInvalid: FL903, or FL937 for a day with a time.

    """
    try:
        day, moment = day_and_time(cell)
    except (ValueError, TypeError):
        raise InputInvalid(Finding("FL903", place, {"text": str(cell)[:40]})) from None
    if moment is not None and moment.isoformat() != "00:00:00":
        raise _unfit(place, _NO_TIME)
    return day


def count_in(cell: Cell, place: str) -> int:
    """Return a whole number from 0 on.

    Raises:
        InputInvalid: FL930.

    """
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else cell
    if not isinstance(text, str) or not text.isascii() or not text.isdecimal():
        raise InputInvalid(Finding("FL930", place, {"text": str(cell)[:40]}))
    if len(text) > len(str(_MOST_PAPERS)):
        raise InputInvalid(Finding("FL930", place, {"text": text[:40]}))
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
    raise _unfit(place, _NOT_YES)


def _unfit(place: str, reason: tuple[str, str]) -> InputInvalid:
    details = {"reason_zh": reason[0], "reason_en": reason[1]}
    return InputInvalid(Finding("FL937", place, details))
