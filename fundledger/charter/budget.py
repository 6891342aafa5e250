"""How a budget is derived and watched: the shares, limits and patterns of `budget.toml`."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Final, Literal, Self

from pydantic import AliasChoices, Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from fundledger.charter.duties import Sourced
from fundledger.charter.kinds import (
    BasisPoints,
    Component,
    Count,
    Dated,
    Fen,
    FundId,
    Month,
    ReasonLetter,
    SignedFen,
    Slug,
    StaffCode,
    Value,
    VoucherRef,
    Words,
)

Treatment = Literal["rigid", "discretionary"]
Rounding = Literal["up", "half-up"]
STEP_TAKES: Final = MappingProxyType(
    {"fixed": ("amount",), "share": ("basis_points",), "per-person": ("amount", "months")}
)
"""What each type of a step in the rules is told by."""
GIFTS: Final = "Donation"
"""The source of what donors promise, as in `Income:Donation`."""


class LinePattern(Dated):
    """How spending of one category runs through a year: what the rest of a year is told from.

    `rate` is the standard that its monthly grants follow, where they follow one.  A seasonal one
    may have a month from which on its rounds (届) run, such as November for what is paid before the
    spring festival; else they are the calendar years.
    """

    unit: Component
    category: Component
    pattern: Literal["monthly", "seasonal", "event"]
    rate: Slug | None = None
    round_from: Annotated[StrictInt, Field(ge=1, le=12)] = 1

    @model_validator(mode="after")
    def _of_rounds(self) -> Self:
        """Refuse a month of rounds where there are none."""
        if self.pattern != "seasonal" and "round_from" in self.model_fields_set:
            raise PydanticCustomError(
                "stray", "{stray} is too much", {"stray": "round_from", "allowed": "rate"}
            )
        return self

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
    """What a line is going to take after a month, until the end of its year."""

    fund: FundId
    unit: Component
    category: Component
    after: Month
    amount_fen: Fen = Field(validation_alias=AliasChoices("amount", "amount_fen"))
    source: Words

    @property
    def line(self) -> str:
        """Unit and category as accounts write them, such as `CASC:Dibao`."""
        return f"{self.unit}:{self.category}"

    @property
    def year(self) -> int:
        """The year that it is the rest of."""
        return int(self.after[:4])


class OneOff(Value):
    """A voucher that paid what is not to come again (一次性因素), as a document says.

    `voucher` is its number in the fund's books.
    """

    fund: FundId
    voucher: VoucherRef
    reason: Words
    document: Words

    @property
    def ref(self) -> str:
        """Fund and voucher, such as `dibao 2026-05-0012`."""
        return f"{self.fund} {self.voucher}"


class Override(Value):
    """A figure decided by hand for a line of one year's budget, on the strength of a document."""

    fund: FundId
    unit: Component
    category: Component
    year: Annotated[StrictInt, Field(ge=2000, le=2100)]
    amount_fen: Fen = Field(validation_alias=AliasChoices("amount", "amount_fen"))
    actor: StaffCode
    reason: Words
    document: Words

    @property
    def line(self) -> str:
        """Unit and category as accounts write them, such as `CASC:Dibao`."""
        return f"{self.unit}:{self.category}"


class OtherSource(Value):
    """Money that a document announces for a fund and a year, beside what is asked for (其他来源).

    `source` is one of the fund's own, or `Donation` (捐赠) where it takes donations.
    """

    fund: FundId
    year: Annotated[StrictInt, Field(ge=2000, le=2100)]
    amount_fen: Annotated[Fen, Field(gt=0)] = Field(
        validation_alias=AliasChoices("amount", "amount_fen")
    )
    source: Component
    document: Words

    @property
    def ref(self) -> str:
        """By what it is known: its fund, year, source and document."""
        return f"{self.fund} {self.year} {self.source} {self.document}"


class Target(Dated):
    """What an indicator (绩效指标) is to reach in budget years whose first day it holds on."""

    indicator: Literal["timely", "full", "through-accounts", "accurate", "coverage", "complaints"]
    basis_points: Annotated[StrictInt, Field(ge=0, le=10_000)]
    source: Words


class OwnStep(Dated):
    """A step that the office adds to the derivation of some lines, in each year that it meets.

    `fixed` is an amount, `share` so many basis points of the sum of the steps before it, and
    `per-person` an amount times the recent heads of the payment lists times `months`.  It stands
    before the gap, in the comparable base, or after it.  Of `fund`, `unit` and `category` it names
    one or more; it is for every line that has all of them.
    """

    slug: Slug
    zh: Words = Field(validation_alias=AliasChoices("name_zh", "zh"))
    en: Words = Field(validation_alias=AliasChoices("name_en", "en"))
    type: Literal["fixed", "share", "per-person"]
    place: Literal["before-gap", "after-gap"]
    fund: FundId | None = None
    unit: Component | None = None
    category: Component | None = None
    amount_fen: SignedFen | None = Field(
        default=None, validation_alias=AliasChoices("amount", "amount_fen")
    )
    basis_points: Annotated[StrictInt, Field(ge=-10_000, le=1_000_000)] | None = None
    months: Annotated[StrictInt, Field(ge=1, le=12)] | None = None
    source: Words

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse a step without what its type takes, with what it does not, or for no line."""
        given = {"amount": self.amount_fen, "basis_points": self.basis_points}
        taken = STEP_TAKES[self.type]
        for key, value in {**given, "months": self.months}.items():
            if key in taken and value is None:
                raise PydanticCustomError("lacks", "{lacking} is lacking", {"lacking": key})
            if key not in taken and value is not None:
                allowed = ", ".join(taken)
                raise PydanticCustomError(
                    "stray", "{stray} is too much", {"stray": key, "allowed": allowed}
                )
        if self.fund is self.unit is self.category is None:
            raise PydanticCustomError("lacks", "{lacking} is lacking", {"lacking": "fund"})
        return self

    def is_for(self, fund: str, unit: str, category: str) -> bool:
        """Whether it is for that line."""
        own = (self.fund, self.unit, self.category)
        line = (fund, unit, category)
        return all(one is None or one == other for one, other in zip(own, line, strict=True))


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
    rounding_unit_fen: Annotated[Fen, Field(gt=0, le=10_000_00)] = Field(
        validation_alias=AliasChoices("rounding_unit", "rounding_unit_fen")
    )
    rounding_rigid: Rounding
    rounding_discretionary: Rounding
    recent_months: Annotated[Count, Field(ge=1)]
    seasonal_least_basis_points: BasisPoints
    event_months: Annotated[Count, Field(ge=1)]
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
    one_offs: tuple[OneOff, ...] = Field(default=(), alias="one_off")
    overrides: tuple[Override, ...] = Field(default=(), alias="override")
    other_sources: tuple[OtherSource, ...] = Field(default=(), alias="other_source")
    steps: tuple[OwnStep, ...] = Field(default=(), alias="step")
    targets: tuple[Target, ...] = Field(default=(), alias="target")
    sources: tuple[Sourced, ...] = ()
