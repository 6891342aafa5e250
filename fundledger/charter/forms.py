"""The form of each file of `rules/`: what its top level holds."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from fundledger.charter.duties import Staff
from fundledger.charter.kinds import Component, Dated, Value
from fundledger.charter.models import (
    CategoryTerms,
    FundTerms,
    Office,
    OverlapGroup,
    Rate,
    Regime,
    Source,
    Unit,
)


class UnitEntry(Unit):
    """A unit with the categories of its remit; the finance owner has none."""

    categories: tuple[CategoryTerms, ...] = ()


class UnitsForm(Value):
    """`units.toml`."""

    office: Office
    units: Annotated[tuple[UnitEntry, ...], Field(min_length=1)] = Field(alias="unit")
    joint_rounds: tuple[CategoryTerms, ...] = Field(default=(), alias="joint")
    overlap_groups: tuple[OverlapGroup, ...] = Field(default=(), alias="overlap")


class RegimesForm(Value):
    """`regimes.toml`."""

    regimes: Annotated[tuple[Regime, ...], Field(min_length=1)] = Field(alias="regime")


class SourceTerms(Dated):
    """A source that a fund names by its slug, for as long as it has it."""

    source: Component


class FundEntry(FundTerms):
    """A fund that names its sources by slug."""

    sources: Annotated[tuple[SourceTerms, ...], Field(min_length=1)]


class FundsForm(Value):
    """`funds.toml`."""

    sources: Annotated[tuple[Source, ...], Field(min_length=1)] = Field(alias="source")
    funds: Annotated[tuple[FundEntry, ...], Field(min_length=1)] = Field(alias="fund")


class StaffForm(Value):
    """`staff.toml`."""

    staff: Annotated[tuple[Staff, ...], Field(min_length=1)]


class RatesForm(Value):
    """`rates.toml`."""

    rates: tuple[Rate, ...] = Field(default=(), alias="rate")
