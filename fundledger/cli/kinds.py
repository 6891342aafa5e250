"""Kinds of values on the command line: read strictly, and what is wrong gathered in the session."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import click

from fundledger.cli.framework import name_of

if TYPE_CHECKING:
    from datetime import date

    from fundledger.cli.session import Session

_Value = TypeVar("_Value")
_COUNT = re.compile(r"0|[1-9]\d{0,5}", re.ASCII)
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)
_YEAR = re.compile(r"20\d\d", re.ASCII)


class Kind(click.ParamType, Generic[_Value]):  # type: ignore[type-arg]
    """A kind of value; one that cannot be read is noted, and the call refused with all of them."""

    name = "value"

    @abstractmethod
    def read(self, text: str, what: str, session: Session) -> _Value | None:
        """Return the value of a text; `what` names the option in what is noted or raised."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's own
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> _Value | None:
        """Return the value, or None with its finding in the session."""
        if not isinstance(value, str) or ctx is None or param is None:
            return value  # type: ignore[no-any-return]
        from fundledger.errors import InputInvalid  # noqa: PLC0415 - brings the texts along

        session: Session = ctx.obj
        try:
            return self.read(value, name_of(param), session)
        except InputInvalid as error:
            session.wrong(error.findings)
            return None


class Amount(Kind[int]):
    """An amount in yuan, as fen; only above zero unless `signed`."""

    name = "amount"

    def __init__(self, *, signed: bool = False) -> None:
        """Take also zero and amounts below it if `signed`."""
        self._signed = signed

    def read(self, text: str, what: str, session: Session) -> int | None:
        """Return fen."""
        from fundledger.money import parse_fen  # noqa: PLC0415 - brings the texts along

        amount_fen = parse_fen(text, what=what)
        if amount_fen <= 0 and not self._signed:
            session.wrong_once("FL928", what, {"text": text})
        return amount_fen


class Day(Kind["date"]):
    """A day as YYYY-MM-DD."""

    name = "day"

    def read(self, text: str, what: str, session: Session) -> date:
        """Return the day."""
        del session
        from fundledger.ledger.voucher import parse_date  # noqa: PLC0415 - brings the texts along

        return parse_date(text, what=what)


class Month(Kind[str]):
    """A month such as 2026-03."""

    name = "month"

    def read(self, text: str, what: str, session: Session) -> str | None:
        """Return the month."""
        if _MONTH.fullmatch(text):
            return text
        session.wrong_once("FL903", what, {"text": text[:40]})
        return None


class Year(Kind[int]):
    """A year such as 2026."""

    name = "year"

    def read(self, text: str, what: str, session: Session) -> int | None:
        """Return the year."""
        if _YEAR.fullmatch(text):
            return int(text)
        session.wrong_once("FL929", what, {"text": text[:40]})
        return None


class Count(Kind[int]):
    """A whole number from 0 on, such as of attachments."""

    name = "count"

    def read(self, text: str, what: str, session: Session) -> int | None:
        """Return the number."""
        if _COUNT.fullmatch(text):
            return int(text)
        session.wrong_once("FL930", what, {"text": text[:40]})
        return None


class Line(Kind[tuple[str, str]]):
    """A budget line: unit and category, such as CASC:Dibao."""

    name = "line"

    def read(self, text: str, what: str, session: Session) -> tuple[str, str]:
        """Return unit and category."""
        del session
        from fundledger.ledger.drafts import line_of  # noqa: PLC0415 - heavy

        return line_of(text, what)


class Share(Kind[tuple[str, int]]):
    """A name with its amount, such as CASC:Dibao=1200000.00, in fen."""

    name = "share"

    def read(self, text: str, what: str, session: Session) -> tuple[str, int] | None:
        """Return the name and its fen."""
        from fundledger.money import parse_fen  # noqa: PLC0415 - brings the texts along

        name, equals, amount = text.partition("=")
        if not equals or not name:
            session.wrong_once("FL931", what, {"text": text[:60]})
            return None
        return name, parse_fen(amount, what=what)


class OneOf(Kind[str]):
    """One of a few words."""

    name = "word"

    def __init__(self, words: Sequence[str]) -> None:
        """Take these words only."""
        self._words = tuple(words)

    def read(self, text: str, what: str, session: Session) -> str | None:
        """Return the word."""
        if text in self._words:
            return text
        session.wrong_once("FL923", what, {"text": text[:40], "allowed": ", ".join(self._words)})
        return None


AMOUNT = Amount()
SIGNED_AMOUNT = Amount(signed=True)
DAY = Day()
MONTH = Month()
YEAR = Year()
COUNT = Count()
LINE = Line()
SHARE = Share()
