"""What each kind of record says beside its vouchers, as typed values."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from fundledger.money import LIMIT_FEN

Month = Annotated[str, Meta(pattern=r"^(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])\Z")]
Digest = Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?\Z")]
Year = Annotated[int, Meta(ge=1900, le=2999)]
Sequence = Annotated[int, Meta(ge=0)]
Statement = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
LineDigest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
FundId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}\Z")]
BatchId = Annotated[str, Meta(pattern=r"^B[0-9]{4}-[0-9]{2}-[0-9]{3,6}\Z")]
IsoDay = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
StageName = Literal["declared", "controlled", "revised", "approved"]
ItemKind = Literal["book-in", "book-out", "bank-in", "bank-out"]
ItemRef = Annotated[
    str,
    Meta(
        pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{4,9}(/L-[A-Z2-7]{12}(-[1-9][0-9]?)?)?"
        r"|[0-9a-f]{64}:[1-9][0-9]{0,8})\Z"
    ),
]


class CharterBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The fund charter that is in force from here on, as JSON values."""

    charter: dict[str, Any]


class VoucherBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing: the vouchers say it all."""


class AssertionBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What a statement says an account held at the end of a day, in fen.

    `replaces` is the sequence of an earlier assertion that was wrong, or 0.
    """

    account: str
    date: date
    amount_fen: int
    document: Digest = ""
    replaces: Sequence = 0

    def __post_init__(self) -> None:
        """Refuse the last day that there is: beancount's assertion stands on the next morning."""
        if self.date == date.max:
            raise ValueError(self.date)


class OpenItem(Struct, frozen=True, forbid_unknown_fields=True):
    """An amount that one side has and the other has not (未达账项), always above zero.

    `refs` are vouchers for what the book has, or `voucher/line` for the part of a batch's that pays
    one line; `statement digest:row` for what the bank has: one, or all that compete where it is not
    known which of them is open.  What the bank wrote is not here.
    """

    kind: ItemKind
    date: date
    amount_fen: Annotated[int, Meta(gt=0)]
    refs: Annotated[tuple[ItemRef, ...], Meta(min_length=1)]

    @property
    def of_book(self) -> bool:
        """Whether the book has it and the bank has not."""
        return self.kind.startswith("book")

    @property
    def signed_fen(self) -> int:
        """The amount as it moves the account: positive for money in."""
        return self.amount_fen if self.kind.endswith("in") else -self.amount_fen


class Decided(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a person decided of a row, `statement digest:row`: the line that it pays, or '' if none.

    So where the bank's words alone leave it open.
    """

    row: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}:[1-9][0-9]{0,8}\Z")]
    line: Annotated[str, Meta(pattern=r"^(L-[A-Z2-7]{12}(-[1-9][0-9]?)?)?\Z")]


class ReconciliationBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A signed reconciliation of an account with its statements (银行存款余额调节表).

    `amount_fen` is the statements' closing balance and `booked_fen` the books' at the end of that
    day, as the journal stood.  `after` is the sequence of the signed reconciliation whose open
    items it carries in, 0 for none; `replaces` that of the first which it takes the place of.
    `decided` is what the signer decided of rows, so that it is not asked again.
    """

    account: str
    date: date
    amount_fen: int
    booked_fen: int
    statements: Annotated[tuple[Statement, ...], Meta(min_length=1)]
    items: tuple[OpenItem, ...] = ()
    after: Sequence = 0
    replaces: Sequence = 0
    decided: tuple[Decided, ...] = ()

    def __post_init__(self) -> None:
        """Refuse the last day that there is, as an assertion does."""
        if self.date == date.max:
            raise ValueError(self.date)

    @property
    def explained_fen(self) -> int:
        """What the open items make of the difference: statement less book."""
        return sum(-item.signed_fen if item.of_book else item.signed_fen for item in self.items)


class SeenHead(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The last record of another fund's journal as a closing saw it: its sequence and digest."""

    sequence: Annotated[int, Meta(ge=1)]
    digest: LineDigest


class CloseBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A month that is closed, the month closed before it, and the digest of the month's book.

    `heads` are those of the office's other funds when it was closed, by fund.
    """

    month: Month
    after: str
    book_sha256: str
    heads: dict[FundId, SeenHead] = {}


class YearEndBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A year that ends, and what is said of its December as of any month that is closed."""

    year: Year
    month: Month
    after: str
    book_sha256: str
    heads: dict[FundId, SeenHead] = {}


class LossBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The last record that was known and is given up as lost, by whom stands in the record; why.

    `since` is the first one that is not there any more, where it is not the record's own number.
    """

    known: Annotated[int, Meta(ge=1)]
    digest: LineDigest
    reason: Annotated[str, Meta(min_length=1)]
    since: Sequence = 0


class BankReceipt(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What the bank states of a file that it took in: count, sum, and its sha256 or nothing."""

    payments: Annotated[int, Meta(ge=0)]
    amount_fen: Annotated[int, Meta(ge=0)]
    digest: Digest | Literal[""] = ""


class BatchBody(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A step of a batch of payments, on a day, with the files that it rests on by their sha256.

    `lines` is the payment list where the batch is prepared, else the outcomes of the lines that the
    step takes; empty where it takes every line that it can.  `document` is what came from outside:
    the unit's list, the file sent to the bank, its answer, a statement.  `payments` and
    `amount_fen` are count and sum of the lines taken; `totals` (unit, category, count, fen) those
    of a prepared list.  `reconfirmed` says that a reissue goes to accounts that were confirmed.
    `receipt` is what the bank states of the file, where it is accepted.
    """

    batch: BatchId
    step: str
    on: IsoDay
    payments: Annotated[int, Meta(ge=1)]
    amount_fen: Annotated[int, Meta(ge=1)]
    lines: Digest = ""
    document: Digest = ""
    kind: Literal["payment", "reissue"] = "payment"
    totals: tuple[tuple[str, str, int, int], ...] = ()
    reconfirmed: bool = False
    receipt: BankReceipt | None = None

    def __post_init__(self) -> None:
        """Refuse a day that the calendar lacks."""
        date.fromisoformat(self.on)


class StageLine(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a stage of a budget gives a line of the fund, in fen; 0 for one that ends."""

    unit: Annotated[str, Meta(min_length=1)]
    category: Annotated[str, Meta(min_length=1)]
    amount_fen: Annotated[int, Meta(ge=0, le=LIMIT_FEN)]

    @property
    def line(self) -> tuple[str, str]:
        """Unit and category."""
        return self.unit, self.category


class StageBody(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A stage of a year's budget on its way to approval (两上两下), whole: every line it gives.

    `on` is the day of the document that has `document_number` (文号); `rests_on` the sha256 of the
    proposal or table that the lines were taken from; `resolution` the number of the joint
    conference's, where it is approved; `replaces` the record of the same stage that it stands in
    the place of, or 0.
    """

    year: Year
    stage: StageName
    on: IsoDay
    document_number: str
    lines: Annotated[tuple[StageLine, ...], Meta(min_length=1)]
    rests_on: Digest = ""
    resolution: str = ""
    replaces: Sequence = 0

    def __post_init__(self) -> None:
        """Refuse a day that the calendar lacks."""
        date.fromisoformat(self.on)


Body = (
    CharterBody
    | VoucherBody
    | AssertionBody
    | ReconciliationBody
    | CloseBody
    | YearEndBody
    | LossBody
    | BatchBody
    | StageBody
)

BODIES: dict[str, type[Body]] = {
    "charter": CharterBody,
    "voucher": VoucherBody,
    "assertion": AssertionBody,
    "reconciliation": ReconciliationBody,
    "close": CloseBody,
    "year-end": YearEndBody,
    "loss": LossBody,
    "batch": BatchBody,
    "budget-stage": StageBody,
}
