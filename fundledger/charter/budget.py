"""How a budget is derived and watched: the shares, limits and patterns of `budget.toml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AliasChoices, Field, StrictInt

from fundledger.charter.duties import Sourced
from fundledger.charter.kinds import (
    BasisPoints,
    Component,
    Count,
    Dated,
    Fen,
    FundId,
    ReasonLetter,
    Slug,
    Value,
    Words,
)

Treatment = Literal["rigid", "discretionary"]
Rounding = Literal["up", "half-up"]


class LinePattern(Dated):
    """How spending of one category runs through a year: what the rest of a year is told from.

    `rate` is the standard that its monthly grants follow, where they follow one.
    """

    unit: Component
    category: Component
    pattern: Literal["monthly", "seasonal", "event"]
    rate: Slug | None = None

    @property
    def line(self) -> str:
        """Unit and category as accounts write them, such as `CASC:Dibao`."""
        return f"{self.unit}:{self.category}"


class ExecutionMark(Value):
    """The share of the year's budget that should be spent by the end of a month."""

    month: Annotated[StrictInt, Field(ge=1, le=12)]
    basis_points: BasisPoints


class ReasonCode(Value):
    """Why a need differs from its comparable base."""

    code: ReasonLetter
    zh: Words
    en: Words


class Uplift(Dated):
    """An assumed rise of a rate that is not yet published, over the last one that is."""

    rate: Slug
    basis_points: BasisPoints
    source: Words


class RestOfYear(Value):
    """What a line is going to take until the end of a year that the books cannot tell."""

    fund: FundId
    unit: Component
    category: Component
    year: Annotated[StrictInt, Field(ge=2000, le=2100)]
    amount_fen: Fen = Field(validation_alias=AliasChoices("amount", "amount_fen"))
    source: Words

    @property
    def line(self) -> str:
        """Unit and category as accounts write them, such as `CASC:Dibao`."""
        return f"{self.unit}:{self.category}"


class BudgetRules(Dated):
    """The figures of the derivation; shares in basis points, 10,000 to the whole.

    Lines of kind C take `treatment_entitlement`, of kind D `treatment_discretion`.  What begins
    with `watch` are the limits of the early warnings; rules from before there were any go by these.
    """

    treatment_entitlement: Treatment
    treatment_discretion: Treatment
    tolerance_basis_points: BasisPoints
    cap_basis_points: BasisPoints
    headcount_tie_basis_points: BasisPoints
    reserve_basis_points: BasisPoints
    reserve_limit_basis_points: BasisPoints
    rounding_unit_fen: Annotated[Fen, Field(gt=0)] = Field(
        validation_alias=AliasChoices("rounding_unit", "rounding_unit_fen")
    )
    rounding_rigid: Rounding
    rounding_discretionary: Rounding
    recent_months: Count
    seasonal_least_basis_points: BasisPoints
    event_months: Count
    event_least_months: Count
    change_guard_basis_points: BasisPoints
    headcount_guard_basis_points: BasisPoints
    watch_behind_basis_points: BasisPoints = 1000
    watch_ahead_basis_points: BasisPoints = 1000
    watch_left_basis_points: BasisPoints = 1000
    watch_left_from_month: Annotated[StrictInt, Field(ge=1, le=12)] = 10
    patterns: tuple[LinePattern, ...] = Field(alias="pattern")
    marks: tuple[ExecutionMark, ...] = Field(alias="mark")
    reasons: tuple[ReasonCode, ...] = Field(alias="reason")
    uplifts: tuple[Uplift, ...] = Field(default=(), alias="uplift")
    rests: tuple[RestOfYear, ...] = Field(default=(), alias="rest_of_year")
    sources: tuple[Sourced, ...] = ()
