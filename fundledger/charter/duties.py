"""Who may do what in an office, and the limits and periods of its internal control."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AliasChoices, Field

from fundledger.charter.kinds import (
    BasisPoints,
    Count,
    Dated,
    Fen,
    Flag,
    Line,
    MonthDay,
    StaffCode,
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


UNREAD: Final = frozenset({"publicity_days"})
"""Controls that nothing reads yet."""


class Controls(Dated):
    """The limits and periods of the office's internal control, each with its source.

    Those in `UNREAD` are written down and held against nothing yet; the file says so of each.
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
    reissue_days: Count
    emergency_papers_days: Count
    interfund_open_days: Count
    publicity_days: Count
    carry_over_years: Count
    festival_lines: tuple[Line, ...]
    festival_window: tuple[MonthDay, MonthDay]
    sources: tuple[Sourced, ...] = ()

    def festival(self, on: date) -> bool:
        """Whether the day lies in the festival round (元旦春节), across the turn of the year."""
        first, last = self.festival_window
        today = on.isoformat()[5:]
        return first <= today <= last if first <= last else today >= first or today <= last
