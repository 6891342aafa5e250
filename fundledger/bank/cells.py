"""What one cell of a statement says: an amount, a day, a time or an account, by strict grammar."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from fundledger.bank.tables import Cell
from fundledger.money import LIMIT_FEN

EXACT_FLOAT_DIGITS = 15

_AMOUNT = re.compile(
    r"([+-]?)(0|[1-9]\d{0,2}(?:,\d{3}){1,4}|[1-9]\d{0,12})(?:\.(\d{1,2})0*)?", re.ASCII
)
_DAY = re.compile(
    r"(?:(\d{4})(\d\d)(\d\d)|(\d{4})([-/.])(\d{1,2})\5(\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})日)"
    r"(?:[\sT]*(\d{1,2}:\d\d(?::\d\d)?|(?<=\d{8})\d{6}|(?<=\d{8}\s)\d{6})(?:\.0+)?)?",
    re.ASCII,
)
_TIME = re.compile(r"(\d{1,2}):?(\d\d)(?::?(\d\d))?(?:\.0+)?", re.ASCII)
_ACCOUNT = re.compile(r"[0-9A-Za-z*-]{1,40}", re.ASCII)
_GROUPED = re.compile(r"\d+(?:-+\d+)+", re.ASCII)
_YEARS = range(1990, 2100)


class NotExact(ValueError):  # noqa: N818 - what the number is
    """A floating-point number that is not exactly an amount in fen."""


def amount_fen(cell: Cell) -> int:
    """Return the fen of a cell in yuan: `1234.5`, `1,234.00`, `+10.00`, or an exact number cell.

    Thousands commas are allowed, as banks print them, but only in their right places; decimals
    past the second only if zero.  Full-width digits, signs of currency and units are refused:
    no bank's system prints them, so a person has retyped the file.

    Raises:
        NotExact: a number cell whose value is not a whole number of fen.
        ValueError: not an amount.

    """
    if isinstance(cell, float):
        return _float_fen(cell)
    match = _AMOUNT.fullmatch(cell) if isinstance(cell, str) else None
    if match is None:
        raise ValueError(cell)
    sign, whole, fraction = match.groups()
    fen = int(whole.replace(",", "")) * 100 + int((fraction or "0").ljust(2, "0"))
    if fen > LIMIT_FEN or (sign == "-" and not fen):
        raise ValueError(cell)
    return -fen if sign == "-" else fen


def _float_fen(value: float) -> int:
    if not abs(value) < 10**13:
        raise NotExact(value)
    fen = round(value * 100)
    if fen / 100 != value:
        raise NotExact(value)
    return fen


def day_and_time(cell: Cell) -> tuple[date, time | None]:
    """Return the day of a cell, and the time of day if it says one.

    Reads 20251201, 2025-12-01, 2025/12/3, 2025年12月3日, each also with a time behind it, an Excel
    date, and the number 20251201; years 1990 to 2099.

    Raises:
        ValueError: not such a day.

    """
    if isinstance(cell, datetime):
        day, moment = cell.date(), cell.time().replace(microsecond=0)
    elif isinstance(cell, date):
        day, moment = cell, None
    else:
        if isinstance(cell, float) and cell.is_integer():
            cell = str(int(cell))
        match = _DAY.fullmatch(cell) if isinstance(cell, str) else None
        if match is None:
            raise ValueError(cell)
        compact, dashed, chinese = match.group(1, 2, 3), match.group(4, 6, 7), match.group(8, 9, 10)
        parts = next(group for group in (compact, dashed, chinese) if group[0])
        day = date(int(parts[0]), int(parts[1]), int(parts[2]))
        moment = time_of(match.group(11)) if match.group(11) else None
    if day.year not in _YEARS:
        raise ValueError(cell)
    return day, moment


def time_of(cell: Cell) -> time | None:
    """Return the time of day of a cell; nothing for an empty one.

    Raises:
        ValueError: not a time.

    """
    if cell == "":
        return None
    if isinstance(cell, time):
        return cell.replace(microsecond=0)
    if isinstance(cell, datetime):
        return cell.time().replace(microsecond=0)
    match = _TIME.fullmatch(cell) if isinstance(cell, str) else None
    if match is None:
        _, moment = day_and_time(cell)
        return moment
    hour, minute, second = (int(part or 0) for part in match.groups())
    return time(hour, minute, second)


def account_of(cell: Cell) -> str:
    """Return an account number without its padding; an empty text for an empty cell.

    Digits in groups, with blanks or hyphens between them, are one number.

    A number cell holds at most 15 digits exactly; a longer one has lost its last digits, and the
    account cannot be known.

    Raises:
        NotExact: a number cell that may have lost digits.
        ValueError: not an account number.

    """
    if isinstance(cell, float):
        if not cell.is_integer() or abs(cell) >= 10**EXACT_FLOAT_DIGITS:
            raise NotExact(cell)
        return str(int(cell))
    number = re.sub(r"\s", "", cell) if isinstance(cell, str) else "?"
    if number and not _ACCOUNT.fullmatch(number):
        raise ValueError(cell)
    return number.replace("-", "") if _GROUPED.fullmatch(number) else number
