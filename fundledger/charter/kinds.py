"""The kinds of value that a charter is written in: days, words, names of accounts, money.

Whoever reads `rules/` gives pydantic the context `RULES`: there money is written in yuan, as text
(`"1234.50"`), while a journal and Python code give whole fen.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from fundledger.errors import InvalidAmount
from fundledger.money import parse_fen

RULES: Final = {"rules": True}
DEVICES: Final = frozenset(
    {"aux", "con", "nul", "prn", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
_WORDS_LENGTH = 200
_FUND_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,30}", re.ASCII)


def _day(value: object) -> date:
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
        if day is not None and day.isoformat() == value:
            return day
    elif isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise PydanticCustomError("day", "a day as YYYY-MM-DD")


def _words(text: str) -> str:
    if text != text.strip() or not text.isprintable() or len(text) > _WORDS_LENGTH:
        raise PydanticCustomError("words", "one line of printable text")
    return text


def _named(text: str) -> str:
    if not text:
        raise PydanticCustomError("words", "one line of printable text")
    return _words(text)


def _fen(value: object, info: ValidationInfo) -> object:
    if isinstance(value, str):
        try:
            return parse_fen(value)
        except InvalidAmount as error:
            raise PydanticCustomError("amount", "yuan as text") from error
    if info.context == RULES:
        raise PydanticCustomError("amount", "yuan as text")
    return value


def _fund_id(text: str) -> str:
    if not _FUND_ID.fullmatch(text) or text in DEVICES:
        raise PydanticCustomError("fund_id", "small letters, digits and hyphens")
    return text


def _written(pattern: str, example: str) -> AfterValidator:
    """Return a validator of texts that match the whole pattern; `example` is shown when not."""
    form = re.compile(pattern, re.ASCII)

    def fits(text: str) -> str:
        if not form.fullmatch(text):
            raise PydanticCustomError("form", "such as {example}", {"example": example})
        return text

    return AfterValidator(fits)


Day = Annotated[date, BeforeValidator(_day)]
Words = Annotated[str, AfterValidator(_named)]
Remark = Annotated[str, AfterValidator(_words)]
Flag = StrictBool
Count = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
BasisPoints = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
Fen = Annotated[StrictInt, BeforeValidator(_fen), Field(ge=0)]
SignedFen = Annotated[StrictInt, BeforeValidator(_fen)]
Slug = Annotated[str, _written(r"[a-z0-9][a-z0-9-]{1,30}", "low-income")]
FundId = Annotated[str, AfterValidator(_fund_id)]
Component = Annotated[str, _written(r"[A-Z][A-Za-z0-9-]{0,39}", "LowIncome")]
Line = Annotated[
    str, _written(r"[A-Z][A-Za-z0-9-]{0,39}:[A-Z][A-Za-z0-9-]{0,39}", "CASC:LowIncome")
]
AccountPrefix = Annotated[
    str,
    _written(
        r"(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z][A-Za-z0-9-]*)*",
        "Assets:Bank:Dedicated",
    ),
]
AccountCode = Annotated[str, _written(r"[0-9]{3,12}", "1002")]
AccountNumber = Annotated[str, _written(r"[0-9]{8,32}", "3100000000000000101")]
FunctionalCode = Annotated[str, _written(r"([0-9]{3}|[0-9]{5}|[0-9]{7})?", "2081901")]
StaffCode = Annotated[str, _written(r"S[0-9]{2,4}", "S01")]
VoucherRef = Annotated[str, _written(r"[0-9]{4}-(0[1-9]|1[0-2])-[0-9]{4,}", "2026-05-0012")]
ReasonLetter = Annotated[str, _written(r"[A-Z]", "S")]
Month = Annotated[str, _written(r"20[0-9]{2}-(0[1-9]|1[0-2])", "2026-10")]
MonthDay = Annotated[str, _written(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", "12-01")]
TimeOfDay = Annotated[str, _written(r"([01][0-9]|2[0-3]):[0-5][0-9]", "07:00")]


class Value(BaseModel):
    """A part of the charter: a value that never changes and knows every key it may have."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Dated(Value):
    """A fact that holds from a day on, until a day if it has one; both days belong to it."""

    from_date: Day = Field(alias="from")
    until: Day | None = None

    @model_validator(mode="after")
    def _forward(self) -> Any:  # noqa: ANN401 - the model itself, whichever it is
        in_order(self.from_date, self.until, "from", "until")
        return self

    def holds(self, on: date) -> bool:
        """Whether the fact holds on that day."""
        return self.from_date <= on and (self.until is None or on <= self.until)

    def meets(self, other: Dated) -> bool:
        """Whether there is a day on which both facts hold."""
        return (self.until is None or other.from_date <= self.until) and (
            other.until is None or self.from_date <= other.until
        )


def in_order(first: date, last: date | None, first_key: str, last_key: str) -> None:
    """Raise a validation error when `last` lies before `first`."""
    if last is not None and last < first:
        raise PydanticCustomError(
            "disorder",
            "{last_key} before {first_key}",
            {
                "first": first.isoformat(),
                "last": last.isoformat(),
                "first_key": first_key,
                "last_key": last_key,
            },
        )
