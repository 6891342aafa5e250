"""How banks take payments, answer, and export statements: the form of `rules/banks.toml`."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictInt
from pydantic_core import PydanticCustomError

from fundledger.charter.kinds import Count, Flag, Remark, Slug, Value, Words

Encoding = Literal["gb18030", "utf-8"]
Unit = Literal["yuan", "fen"]
DayForm = Literal["YYYYMMDD", "YYYY-MM-DD", "YYYY/MM/DD"]
OutFormat = Literal["xlsx", "text", "pain.001"]
ResultFormat = Literal["table", "text", "pain.002"]
Outcome = Literal["paid", "failed", "unknown"]
Reason = Literal[
    "AC01", "AC04", "AC06", "BE01", "AM02", "AM03", "AM04", "AM05", "MD07", "RC01", "NARR"
]  # fmt: skip
OfBatch = Literal["fund", "batch", "payer_account", "payer_name", "count", "sum", "purpose", "date"]
OutField = Literal[
    "serial", "line", "account", "name", "amount", "bank", "bank_code", "memo", "word",
    "batch", "payer_account", "payer_name", "purpose", "date",
]  # fmt: skip
InField = Literal[
    "line", "account", "name", "amount", "paid", "status", "reason", "date", "other"
]  # fmt: skip
OfResult = Literal[
    "batch", "payer_account", "date", "count", "sum",
    "paid_count", "paid_sum", "failed_count", "failed_sum", "other",
]  # fmt: skip
TotalField = Literal["word", "count", "sum"]
OfLine = Literal[
    "date", "time", "out", "in", "amount", "direction", "balance", "party", "party_account",
    "summary", "memo", "serial", "own_account", "currency", "other",
]  # fmt: skip
OfStatement = Literal[
    "account", "period", "start", "end", "opening", "closing", "currency", "unit"
]  # fmt: skip

FIXED = "fixed"
TAB = "tab"
_SEPARATOR = re.compile(r"fixed|tab|[|,;^~#@!]{1,3}", re.ASCII)
_BANK_CODE = re.compile(r"(\d{12})?", re.ASCII)


def _separator(text: str) -> str:
    if not _SEPARATOR.fullmatch(text):
        raise PydanticCustomError("form", "such as {example}", {"example": "|, tab, fixed"})
    return text


def _bank_code(text: str) -> str:
    if not _BANK_CODE.fullmatch(text):
        raise PydanticCustomError("form", "such as {example}", {"example": "102290000011"})
    return text


Separator = Annotated[str, AfterValidator(_separator)]
BankCode = Annotated[str, AfterValidator(_bank_code)]
Width = Annotated[StrictInt, Field(ge=1, le=1000)]


class Column(Value):
    """A column of the file that goes out; `text` is what a column of `word` holds in each row.

    `width` counts bytes and is for fixed width alone, as everywhere below.
    """

    field: OutField
    heading: Words
    text: Remark = ""
    needed: Flag = False
    width: Width | None = None


class HeadCell(Value):
    """One thing about the batch that stands above the rows."""

    field: OfBatch
    label: Words
    width: Width | None = None


class TotalCell(Value):
    """One cell of a line of totals."""

    field: TotalField
    width: Width | None = None


class Total(Value):
    """The line of totals at the end; without `cells` the sum stands under the amounts."""

    words: Annotated[tuple[Words, ...], Field(min_length=1)]
    cells: tuple[TotalCell, ...] = ()


class Out(Value):
    """The file that goes to the bank.

    `head` stands above the rows as a label and a value a line (`pairs`), or as the values alone on
    one line (`line`); then the headings, if there are any, then the payees.
    """

    format: OutFormat
    unit: Unit = "yuan"
    dates: DayForm = "YYYYMMDD"
    encoding: Encoding | None = None
    separator: Separator | None = None
    line_end: Literal["crlf", "lf"] | None = None
    headings: Flag = True
    head_as: Literal["pairs", "line"] = "pairs"
    head: tuple[HeadCell, ...] = ()
    columns: tuple[Column, ...] = ()
    total: Total | None = None
    bank_code: BankCode = ""
    purpose_code: Annotated[str, Field(max_length=4)] = ""


class ResultColumn(Value):
    """A column of the bank's answer, by the headings that it may have."""

    field: InField
    words: tuple[Words, ...] = ()
    needed: Flag = False
    width: Width | None = None


class ResultHead(Value):
    """One thing about the batch above the rows of the answer, by the labels that it may have."""

    field: OfResult
    words: tuple[Words, ...] = ()
    needed: Flag = False
    width: Width | None = None


class ReasonWords(Value):
    """What a bank may write for a reason that ISO 20022 has a code for."""

    code: Reason
    words: Annotated[tuple[Words, ...], Field(min_length=1)]


class ResultLayout(Value):
    """The bank's answer (回盘).

    Where there is no column of status, a line of which nothing was paid failed: XPayAmt 0.00 in
    国库集中支付.  A file without headings has its columns in the order in which they stand here.
    Below a table a bank may write one of its `notes`, alone in its row.
    """

    format: ResultFormat
    unit: Unit = "yuan"
    encoding: Encoding | None = None
    separator: Separator | None = None
    headings: Flag = True
    head_as: Literal["pairs", "line"] = "pairs"
    head: tuple[ResultHead, ...] = ()
    columns: tuple[ResultColumn, ...] = ()
    total: Total | None = None
    notes: tuple[Words, ...] = ()
    paid: tuple[Words, ...] = ()
    failed: tuple[Words, ...] = ()
    unknown: tuple[Words, ...] = ()
    reasons: tuple[ReasonWords, ...] = Field(default=(), alias="reason")

    def has(self, field: InField) -> bool:
        """Whether there is a column of that field."""
        return any(column.field == field for column in self.columns)


class BankProfile(Value):
    """One bank's files, out and in; `verified` once a real file of that bank was tried."""

    id: Slug
    zh: Words
    en: Words
    source: Words
    verified: Flag
    out: Out
    result: ResultLayout


class StatementColumn(Value):
    """A column of a statement, by the headings that it may have; the first names it."""

    field: OfLine
    words: Annotated[tuple[Words, ...], Field(min_length=1)]
    needed: Flag = False


class StatementHead(Value):
    """One thing that a statement says around its table, by the labels that it may have."""

    field: OfStatement
    words: Annotated[tuple[Words, ...], Field(min_length=1)]
    needed: Flag = False


class StatementForm(Value):
    """One layout in which a bank exports its statements (对账单); a bank may have several.

    Those of a bank are also taken where the name of a fund's bank holds one of the words of
    `known_as` in any of them.  `above` is the number of rows over the headings; `order` is "up"
    where the oldest line comes first; `plus` says where money goes whose amount has no minus, if
    no column says so; `out` and `in` are the words of the column of directions.
    """

    id: Slug
    bank: Slug
    known_as: tuple[Words, ...] = ()
    zh: Words
    en: Words
    source: Words
    verified: Flag
    encoding: Encoding | None = None
    dates: DayForm | None = None
    order: Literal["up", "down"] | None = None
    above: Count | None = None
    plus: Literal["in", "out"] | None = None
    columns: Annotated[tuple[StatementColumn, ...], Field(min_length=1)]
    head: tuple[StatementHead, ...] = ()
    notes: tuple[Words, ...] = ()
    out: tuple[Words, ...] = ()
    into: tuple[Words, ...] = Field(default=(), alias="in")

    def has(self, field: OfLine) -> bool:
        """Whether there is a column of that field."""
        return any(column.field == field for column in self.columns)


class BanksForm(Value):
    """`banks.toml`; the reasons stand once for all banks, those of a bank are added to them."""

    reasons: tuple[ReasonWords, ...] = Field(default=(), alias="reason")
    banks: Annotated[tuple[BankProfile, ...], Field(min_length=1)] = Field(alias="bank")
    statements: tuple[StatementForm, ...] = Field(default=(), alias="statement")
