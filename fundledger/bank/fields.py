"""What an element of an ISO 20022 message says: an amount in yuan, a side, a day, an account."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, TypeAlias

from fundledger.bank.cells import NotExact, account_of, amount_fen, day_and_time
from fundledger.bank.problems import Problems, shown

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Place: TypeAlias = tuple[int, str]

_CHINA = timezone(timedelta(hours=8))
_DECIMAL = re.compile(r"\d{1,18}(?:\.\d{1,17})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T.+)?", re.ASCII)
SIDES = {"CRDT": "in", "DBIT": "out"}


def text_at(parent: Element | None, path: str) -> str:
    """Return the text of an element within `parent` on one line; an empty one without it."""
    return "" if parent is None else " ".join((parent.findtext(path) or "").split())


def fen_in(
    parent: Element, path: str, place: Place, problems: Problems, *, bare: bool = False
) -> int | None:
    """Return the fen of an amount in CNY; `bare` ones have no currency.

    Nothing where it cannot be read: FL816 for what is no amount, FL823 for another currency.
    """
    row, column = place
    amount = parent.find(path)
    text = text_at(parent, path)
    if amount is not None and not bare and amount.get("Ccy") != "CNY":
        problems.add("FL823", row=row, column=column, text=shown(amount.get("Ccy", "")))
        return None
    try:
        return amount_fen(text if _DECIMAL.fullmatch(text) else "")
    except ValueError:
        problems.add("FL816", row=row, column=column, text=shown(text))
        return None


def direction_in(parent: Element, place: Place, problems: Problems) -> str | None:
    """Return the direction that CdtDbtInd says, as the bank sees it: DBIT is money out for us."""
    row, column = place
    text = text_at(parent, "CdtDbtInd")
    if text not in SIDES:
        problems.add("FL820", row=row, column=column, text=shown(text))
    return SIDES.get(text)


def moment_of(text: str) -> datetime:
    """Return a moment of XML as it is in China; one without a zone is taken as it stands.

    Raises:
        ValueError: not a moment of the years of statements.

    """
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    try:
        moment = datetime.fromisoformat(text)
        local = (moment.astimezone(_CHINA) if moment.tzinfo else moment).replace(tzinfo=None)
    except OverflowError:
        raise ValueError(text) from None
    day_and_time(local)
    return local


def day_in(
    parent: Element, path: str, place: Place, problems: Problems
) -> tuple[date | None, time | None]:
    """Return the day of a date or a moment within an element, and the time if it has one."""
    row, column = place
    text = text_at(parent, f"{path}/Dt")
    moment = text_at(parent, f"{path}/DtTm")
    try:
        if moment:
            return day_and_time(moment_of(moment))
        return _day(text), None
    except ValueError:
        problems.add("FL818", row=row, column=column, text=shown(moment or text))
        return None, None


def _day(text: str) -> date:
    """Return a day, behind which XML allows a zone.

    Raises:
        ValueError: not a day of the years of statements.

    """
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return day_and_time(text[:10])[0]


def number_of(holder: Element | None) -> str:
    """Return what stands for the number of an account."""
    return text_at(holder, "Id/Othr/Id") or text_at(holder, "Id/IBAN")


def account_in(holder: Element | None, place: Place, problems: Problems) -> str:
    """Return the number of an account; an empty one where there is none or it is no number."""
    number = number_of(holder)
    try:
        return account_of(number)
    except (NotExact, ValueError):
        row, column = place
        problems.add("FL832", row=row, column=column, text=shown(number))
        return ""
