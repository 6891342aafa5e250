"""Vouchers (记账凭证) and their postings, as values and as the JSON that the journal keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any

from msgspec import Struct, to_builtins

from fundledger.errors import InputInvalid, InvalidAmount
from fundledger.findings import Finding
from fundledger.ledger.given import expect, shown

BUDGET_ROOT = "Equity:Budget:"


@lru_cache(maxsize=4096)
def day_text(day: date) -> str:
    """Return a day as ISO text; most vouchers share theirs with others."""
    return day.isoformat()


class Posting(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """One entry line (分录): an account and fen with beancount's sign, debit positive.

    `red` says that the amount stands in red ink, negative on its own side (红字): a red debit is
    a negative `signed_fen` on the debit side.
    """

    account: str
    signed_fen: int
    red: bool = False

    @property
    def side(self) -> str:
        """`debit` (借) or `credit` (贷), where the line stands on paper."""
        return "debit" if (self.signed_fen > 0) is not self.red else "credit"

    @property
    def amount_fen(self) -> int:
        """The figure as it stands on its side; negative in red ink."""
        return -abs(self.signed_fen) if self.red else abs(self.signed_fen)

    @property
    def commodity(self) -> str:
        """CNY, or the memo commodity CNYB for the accounts of the budget."""
        return "CNYB" if self.account.startswith(BUDGET_ROOT) else "CNY"


def debit(account: str, amount_fen: int) -> Posting:
    """Return a debit line (借) of whole fen, negative for red ink.

    Raises:
        InvalidAmount: FL952, anything else than an int: yuan are read by `fundledger.debit`.

    """
    whole = whole_fen(amount_fen, account)
    return Posting(account, whole, whole < 0)


def credit(account: str, amount_fen: int) -> Posting:
    """Return a credit line (贷) of whole fen, negative for red ink.

    Raises:
        InvalidAmount: FL952, anything else than an int: yuan are read by `fundledger.credit`.

    """
    whole = whole_fen(amount_fen, account)
    return Posting(account, -whole, whole < 0)


def whole_fen(amount: object, what: str) -> int:
    """Return an amount that is an int, which whole fen are; never a bool, float or Decimal.

    Raises:
        InvalidAmount: FL952.

    """
    if type(amount) is not int:
        raise InvalidAmount(
            Finding(
                "FL952", shown(what, 120), {"text": shown(amount), "type": type(amount).__name__}
            )
        )
    return amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A voucher before it has a number: what a maker proposes to record.

    `event` says what happened (see `fundledger.ledger.events`); people are staff codes;
    `documents` are sha256 digests of source documents; `reverses` and `corrects` name a voucher
    by its reference, such as `2026-03-0007`.  Source: 会计基础工作规范 art. 51.
    """

    date: date
    narration: str
    maker: str
    reviewer: str
    postings: Sequence[Posting]
    event: str = "transfer"
    attachments: int = 0
    poster: str | None = None
    cashier: str | None = None
    approval: str | None = None
    documents: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    reverses: str | None = None
    corrects: str | None = None
    closing: bool = False

    def __post_init__(self) -> None:
        """Keep the postings as a tuple.

        Raises:
            InputInvalid: FL909, they are no row of postings.

        """
        expect(postings=isinstance(self.postings, Iterable))
        object.__setattr__(self, "postings", tuple(self.postings))


class Voucher(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A numbered voucher as it stands in the journal; numbers run on in each fund and month.

    Its fields in this order, without those that are empty, are its JSON object in the journal.
    """

    number: int
    date: date
    narration: str
    event: str
    maker: str
    reviewer: str
    attachments: int
    postings: tuple[Posting, ...]
    poster: str | None = None
    cashier: str | None = None
    approval: str | None = None
    documents: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    reverses: str | None = None
    corrects: str | None = None
    closing: bool = False

    @property
    def cny(self) -> tuple[Posting, ...]:
        """The postings that move money or claims, without those of the budget."""
        return tuple(p for p in self.postings if not p.account.startswith(BUDGET_ROOT))

    @property
    def month(self) -> str:
        """The accounting period, such as `2026-03`."""
        return day_text(self.date)[:7]

    @property
    def ref(self) -> str:
        """The month and number by which other vouchers name this one, such as `2026-03-0007`."""
        return f"{day_text(self.date)[:7]}-{self.number:04d}"


_VALUES = attrgetter(*Voucher.__struct_fields__[1:])


def numbered(draft: Draft, number: int) -> Voucher:
    """Return the draft as the voucher with this number."""
    return Voucher(number, *_VALUES(draft))


def voucher_json(voucher: Voucher | Draft) -> dict[str, Any]:
    """Return a voucher or draft as plain JSON values; what is empty is left out."""
    if isinstance(voucher, Draft):
        voucher = numbered(voucher, 0)
    values: dict[str, Any] = to_builtins(voucher)
    return values


def parse_date(text: str, *, what: str = "") -> date:
    """Return the day that `text` says as YYYY-MM-DD.

    Raises:
        InputInvalid: FL903, not such a day.

    """
    try:
        day = date.fromisoformat(text)
    except (ValueError, TypeError):
        day = None
    if day is None or day.isoformat() != text:
        raise InputInvalid(Finding("FL903", what, {"text": shown(text)}))
    return day
