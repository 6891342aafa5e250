"""Who may do what in an office, and the limits and periods of its internal control."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    Field,
    SerializerFunctionWrapHandler,
    StrictInt,
    model_serializer,
)
from pydantic_core import PydanticCustomError

from fundledger.charter.kinds import (
    BasisPoints,
    Count,
    Dated,
    Fen,
    Flag,
    Line,
    MonthDay,
    StaffCode,
    TimeOfDay,
    Value,
    Words,
)

RoleName = Literal[
    "maker", "reviewer", "poster", "cashier", "chief", "handler", "approver", "auditor"
]


class Role(Dated):
    """A duty that someone has for a time."""

    role: RoleName


class Staff(Value):
    """A post in the office, by code and title; whose it is stands outside the rules."""

    code: StaffCode
    title_zh: Words
    title_en: Words
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]

    def has(self, role: str, on: date) -> bool:
        """Whether the post has that role on that day."""
        return any(held.role == role and held.holds(on) for held in self.roles)


class Sourced(Value):
    """Where one value of a file comes from; not `verified` means: to be confirmed."""

    name: Words
    source: Words
    verified: Flag = True


class DueDay(Dated):
    """Until which day the payments of a month are to be paid (如期拨付), or its lists handed in.

    Of one budget line, or without `line` of every line that has no rule of its own; `months_after`
    the month that is paid for.  A day that the month does not have is its last one.
    """

    line: Line | None = None
    day: Annotated[StrictInt, Field(ge=1, le=31)]
    months_after: Annotated[StrictInt, Field(ge=0, le=12)] = 0
    source: Words
    verified: Flag = True

    @property
    def whose(self) -> str:
        """The budget line that the rule is about, or what stands for all of them."""
        return self.line or "*:*"

    @property
    def said(self) -> str:
        """Whose it is and which day, in short: `*:* 25`, or a month later `*:* +1 5`."""
        later = f" +{self.months_after}" if self.months_after else ""
        return f"{self.whose}{later} {self.day}"

    @property
    def grounds(self) -> str:
        """The source, with a mark where it is to be confirmed."""
        return self.source if self.verified else f"{self.source} (?)"

    def of(self, month: date) -> date:
        """Return the day until which that is done for the month that begins on `month`."""
        years, place = divmod(month.month - 1 + self.months_after, 12)
        year, due_month = month.year + years, place + 1
        return date(year, due_month, min(self.day, monthrange(year, due_month)[1]))


def _in_one_day(hours: tuple[str, str]) -> tuple[str, str]:
    if hours[0] >= hours[1]:
        example = '["07:00", "20:00"]'
        raise PydanticCustomError("form", "such as {example}", {"example": example})
    return hours


class Controls(Dated):
    """The limits and periods of the office's internal control, each with its source.

    `notice_in_sum` are the budget lines of which a public notice names nobody; without it none is
    made.  `office_hours` are from when until when (Shanghai) vouchers are recorded on working days,
    `list_days` until when units hand in their lists of a month; without them nobody looks.
    By `amount_tolerance_fen` the bank may pay another sum than a list's without its being severe.
    """

    incompatible: tuple[tuple[RoleName, RoleName], ...]
    maker_may_post: Flag
    approval_threshold_fen: Fen = Field(
        validation_alias=AliasChoices("approval_threshold", "approval_threshold_fen")
    )
    split_share_basis_points: BasisPoints
    split_window_days: Count
    allowed_cash: Flag
    office_cost_words: tuple[Words, ...]
    stale_assertion_days: Count
    close_needs_assertion: Flag = False
    cashier_signs: Flag = False
    idle_money_days: Count
    interest_gap_days: Count
    aged_item_days: Count
    amount_tolerance_fen: Fen = Field(
        default=0, validation_alias=AliasChoices("amount_tolerance", "amount_tolerance_fen")
    )
    reissue_days: Count
    emergency_papers_days: Count
    interfund_open_days: Count
    publicity_days: Count
    notice_in_sum: tuple[Line, ...] | None = None
    notice_least_people: Count = 3
    carry_over_years: Count
    festival_lines: tuple[Line, ...]
    festival_window: tuple[MonthDay, MonthDay]
    office_hours: Annotated[tuple[TimeOfDay, TimeOfDay], AfterValidator(_in_one_day)] | None = None
    due_days: tuple[DueDay, ...] = Field(default=(), alias="due_day")
    list_days: tuple[DueDay, ...] = Field(default=(), alias="list_day")
    sources: tuple[Sourced, ...] = ()

    @model_serializer(mode="wrap")
    def _as_it_was(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave the unsaid out, so that charters of journals that knew none stay as they are."""
        values: dict[str, Any] = dump(self)
        if self.office_hours is None:
            values.pop("office_hours", None)
        if not self.amount_tolerance_fen:
            values.pop("amount_tolerance_fen", None)
        if not self.list_days:
            values.pop("list_day", None)
            values.pop("list_days", None)
        return values

    def festival(self, on: date) -> bool:
        """Whether the day lies in the festival round (元旦春节), across the turn of the year."""
        first, last = self.festival_window
        today = on.isoformat()[5:]
        return first <= today <= last if first <= last else today >= first or today <= last

    def due_on(self, line: str, period: str) -> date | None:
        """Return until which day a month such as `2026-03` of a budget line is to be paid.

        By the rule that holds on the first day of that month; None where there is none.
        """
        return _day_of(self.due_days, line, period)

    def listed_on(self, line: str, period: str) -> date | None:
        """Return until which day the list of a month of a budget line is to be handed in.

        By the rule that holds on the first day of that month; None where there is none.
        """
        return _day_of(self.list_days, line, period)


def _day_of(days: Iterable[DueDay], line: str, period: str) -> date | None:
    month = date.fromisoformat(f"{period}-01")
    rules = [rule for rule in days if rule.holds(month)]
    own = [rule for rule in rules if rule.line == line]
    found = own or [rule for rule in rules if rule.line is None]
    return found[0].of(month) if found else None
