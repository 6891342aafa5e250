"""Money as whole fen: read strictly, written exactly, and spelled in Chinese capitals."""

from __future__ import annotations

import re

from fundledger.errors import InvalidAmount
from fundledger.findings import Finding

LIMIT_FEN = 10**15 - 1
_WRITTEN_BITS = 13_000  # what Python still writes; a forged journal may come near it

_AMOUNT = re.compile(r"-?(0|[1-9]\d{0,12})(\.\d{1,2})?", re.ASCII)
_TOO_LARGE = re.compile(r"-?[1-9]\d{13,}(\.\d{1,2})?", re.ASCII)
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_FULL_GROUP = 1_000
_GROUPS = ("", "万", "亿", "万亿")


def parse_fen(text: str, *, what: str = "") -> int:
    """Return the fen that `text` says in yuan, such as `1234.5`.

    ASCII digits, at most 13 before and 2 after the point; no separators, signs of currency,
    exponents, spaces, full-width digits or minus zero.  `what` names the field in the error.

    Raises:
        InvalidAmount: FL901, with the text and what is allowed; FL902, more than a book holds.

    """
    if isinstance(text, str) and _TOO_LARGE.fullmatch(text):
        raise InvalidAmount(Finding("FL902", what, {"text": _shown(text)}))
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise InvalidAmount(Finding("FL901", what, {"text": _shown(text)}))
    whole, _, fraction = text.removeprefix("-").partition(".")
    amount_fen = int(whole) * 100 + int(fraction.ljust(2, "0"))
    if not text.startswith("-"):
        return amount_fen
    if amount_fen == 0:
        raise InvalidAmount(Finding("FL901", what, {"text": _shown(text)}))
    return -amount_fen


def format_fen(amount_fen: int) -> str:
    """Return fen as plain yuan with two decimals, as books and machines read it.

    Raises:
        InvalidAmount: FL952, no int; FL902, an int beyond all sums of money.

    """
    if type(amount_fen) is not int or amount_fen.bit_length() > _WRITTEN_BITS:
        raise _unfit(amount_fen)
    if amount_fen < 0:
        return f"-{-amount_fen // 100}.{-amount_fen % 100:02d}"
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"


def display_fen(amount_fen: int) -> str:
    """Return fen as yuan with thousands separators, as people read it."""
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100:,}.{abs(amount_fen) % 100:02d}"


def capitals(amount_fen: int) -> str:
    """Return the amount in Chinese capitals (大写金额).

    Source: 会计基础工作规范 art. 52: 元 or 角 without fen ends in 整; zeros between digits are
    read once; a negative amount begins with 负.

    Raises:
        InvalidAmount: FL952, no int; FL902, an amount of 10 trillion yuan or more.

    """
    if type(amount_fen) is not int or abs(amount_fen) > LIMIT_FEN:
        raise _unfit(amount_fen)
    sign = "负" if amount_fen < 0 else ""
    whole, cents = divmod(abs(amount_fen), 100)
    jiao, fen = divmod(cents, 10)
    words = f"{_integer_capitals(whole)}元" if whole else ""
    if not cents:
        return f"{sign}{words or '零元'}整"
    if jiao:
        bridge = "零" if whole and whole % 10 == 0 else ""
        words += f"{bridge}{_DIGITS[jiao]}角"
    elif whole:
        words += "零"
    words += f"{_DIGITS[fen]}分" if fen else "整"
    return sign + words


def _integer_capitals(whole: int) -> str:
    groups = []
    while whole:
        whole, group = divmod(whole, 10_000)
        groups.append(group)
    words = ""
    zero = False
    for index in reversed(range(len(groups))):
        group = groups[index]
        if not group:
            zero = bool(words)
            continue
        if words and (zero or group < _FULL_GROUP):
            words += "零"
        unit = "万" if index == 3 and groups[2] else _GROUPS[index]  # noqa: PLR2004 - 万亿
        words += _group_capitals(group) + unit
        zero = group % 10 == 0
    return words


def _group_capitals(group: int) -> str:
    words = ""
    zero = False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if not digit:
            zero = bool(words)
            continue
        if zero:
            words += "零"
            zero = False
        words += _DIGITS[digit] + _PLACES[place]
    return words


def _unfit(amount: object) -> InvalidAmount:
    """Return that an amount is no int, which whole fen are, or one too large for a book."""
    if type(amount) is int:
        return InvalidAmount(Finding("FL902", "", {"text": _shown(amount)}))
    details = {"text": _shown(amount), "type": type(amount).__name__}
    return InvalidAmount(Finding("FL952", "", details))


def _shown(text: object) -> str:
    try:
        told = str(text)[:41]
    except Exception:  # noqa: BLE001 - whatever a stranger's class does when it is asked
        told = type(text).__name__
    shown = "".join(c if c.isprintable() else "\ufffd" for c in told)
    return shown if len(shown) <= 40 else f"{shown[:37]}..."  # noqa: PLR2004 - a screen's worth
