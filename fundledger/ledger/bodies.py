"""What each kind of record says beside its vouchers, as typed values."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct

Month = Annotated[str, Meta(pattern=r"^(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])\Z")]
Digest = Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?\Z")]
Year = Annotated[int, Meta(ge=1900, le=2999)]


class CharterBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The fund charter that is in force from here on, as JSON values."""

    charter: dict[str, Any]


class VoucherBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing: the vouchers say it all."""


class AssertionBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What a statement says an account held at the end of a day, in fen."""

    account: str
    date: date
    amount_fen: int
    document: Digest = ""

    def __post_init__(self) -> None:
        """Refuse the last day that there is: beancount's assertion stands on the next morning."""
        if self.date == date.max:
            raise ValueError(self.date)


class CloseBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A month that is closed, the month closed before it, and the digest of the month's book."""

    month: Month
    after: str
    book_sha256: str


class YearEndBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A year that ends, and what is said of its December as of any month that is closed."""

    year: Year
    month: Month
    after: str
    book_sha256: str


class LossBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The last record that was known and is given up as lost, by whom stands in the record; why."""

    known: Annotated[int, Meta(ge=1)]
    digest: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    reason: Annotated[str, Meta(min_length=1)]


Body = CharterBody | VoucherBody | AssertionBody | CloseBody | YearEndBody | LossBody

BODIES: dict[str, type[Body]] = {
    "charter": CharterBody,
    "voucher": VoucherBody,
    "assertion": AssertionBody,
    "close": CloseBody,
    "year-end": YearEndBody,
    "loss": LossBody,
}
