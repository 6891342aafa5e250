"""What an office's charter says: units, funds and their purposes, staff, controls and rates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import AliasChoices, Field, model_validator

from fundledger.charter.duties import Controls, Staff
from fundledger.charter.kinds import (
    AccountCode,
    AccountNumber,
    AccountPrefix,
    Component,
    Dated,
    Day,
    Fen,
    Flag,
    FunctionalCode,
    FundId,
    Line,
    Remark,
    Slug,
    Value,
    Words,
    in_order,
)
from fundledger.errors import NotFound
from fundledger.findings import Finding

JOINT: Final = "Joint"
MONEY_KINDS: Final = frozenset("CD")


class Office(Value):
    """The office that keeps the funds, such as a sub-district."""

    id: Slug
    zh: Words
    en: Words


class Unit(Value):
    """A member unit of the joint conference; `clause` is the one that gives it its duties."""

    slug: Component
    zh: Words
    en: Words
    clause: Words


class CategoryTerms(Dated):
    """A category of aid as its unit's entry in `units.toml` tells it.

    `kind`: C cash by entitlement (rigid), D cash at discretion, S service without money,
    F a function without beneficiaries.
    """

    slug: Component
    zh: Words
    en: Words
    kind: Literal["C", "D", "S", "F"]

    @property
    def money(self) -> bool:
        """Whether aid of this category is paid in money."""
        return self.kind in MONEY_KINDS


class Category(CategoryTerms):
    """A category of aid in the remit of a unit; a joint round has the unit `JOINT`."""

    unit: Component

    @property
    def line(self) -> str:
        """Unit and category as accounts and rates write them, such as `CASC:Dibao`."""
        return f"{self.unit}:{self.slug}"


class OverlapGroup(Dated):
    """Categories that one person should not draw twice by oversight (少重复).

    In an `exclusive` group no person holds two of the categories in one month; in another group
    the second one asks for a look.
    """

    slug: Component
    zh: Words
    en: Words
    exclusive: Flag = False
    categories: Annotated[tuple[Line, ...], Field(min_length=2)]


class Purpose(Dated):
    """One thing that a fund may pay for (专款专用)."""

    unit: Component
    category: Component

    @property
    def line(self) -> str:
        """Unit and category as accounts write them, such as `CASC:Dibao`."""
        return f"{self.unit}:{self.category}"


class Clearing(Value):
    """An account of the bank's own through which sums of batches go (代发过渡户)."""

    holder: Words
    number: AccountNumber | None = None

    def __str__(self) -> str:
        """Return it as a change of it is told."""
        return " ".join(filter(None, (self.holder, self.number)))


class BankAccount(Value):
    """The dedicated account of one fund (专户); `approval` is the document that allowed it.

    An account that takes the place of another, or a number that was put right, `replaces` it.
    `clearing` are the bank's own accounts: what goes there has gone to nobody yet.
    """

    number: AccountNumber
    bank: Words
    holder: Words
    approval: Words
    opened: Day
    closed: Day | None = None
    replaces: AccountNumber | None = None
    clearing: tuple[Clearing, ...] = ()

    @model_validator(mode="after")
    def _forward(self) -> Any:  # noqa: ANN401 - the model itself
        in_order(self.opened, self.closed, "opened", "closed")
        return self


class Source(Value):
    """Where money comes from; `slug` is the account component in `Income:Appropriation:…`."""

    slug: Component
    zh: Words
    en: Words


class FundSource(Source, Dated):
    """A source from which one fund gets money, for as long as it does."""


class FundTerms(Value):
    """What is said of a fund, except where its money comes from.

    `component` names the fund in `DueFrom:Fund:…`; `channel` is 条 (line) or 块 (block);
    `interest` stays in the fund or goes to the treasury; `carry_over` keeps or lapses what a year
    leaves; `authority` is the document number (文号) of the money; `donations` says whether the
    fund may take them.
    """

    id: FundId
    component: Component
    zh: Words
    en: Words
    opened: Day
    closed: Day | None = None
    bank_account: BankAccount
    regime: Slug
    channel: Literal["line", "block"]
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)]
    interest: Literal["retain", "remit"]
    carry_over: Literal["keep", "lapse"]
    functional_code: FunctionalCode
    track_code: Remark = ""
    authority: Remark = ""
    donations: Flag = False

    @model_validator(mode="after")
    def _forward(self) -> Any:  # noqa: ANN401 - the model itself
        in_order(self.opened, self.closed, "opened", "closed")
        return self


class Fund(FundTerms):
    """A restricted fund with its own account, books and purposes (专户存储、单独建账、专款专用)."""

    sources: Annotated[tuple[FundSource, ...], Field(min_length=1)]


class Rate(Dated):
    """A published standard of aid for a time; money in fen for each `unit`."""

    slug: Slug
    zh: Words
    en: Words
    category: Line
    amount_fen: Annotated[Fen, Field(gt=0)] = Field(
        validation_alias=AliasChoices("amount", "amount_fen")
    )
    unit: Literal["person-month", "household-month", "person-time", "household-time"]
    source: Words
    verified: Flag


class Regime(Dated):
    """A set of accounting rules: its codes, by account or beginning of an account, with titles."""

    slug: Slug
    zh: Words
    en: Words
    source: Words
    verified: Flag
    codes: Annotated[Mapping[AccountPrefix, AccountCode], Field(min_length=1)]
    titles: Mapping[AccountCode, Words]


class FundCharter(Value):
    """What one fund is kept under: the part of the charter that its journal stores.

    `funds` gives the account component of every other fund by id.  It goes into the journal as
    `model_dump(mode="json", by_alias=True)` and comes back by `model_validate`.
    """

    fund: Fund
    units: tuple[Unit, ...]
    categories: tuple[Category, ...]
    funds: Mapping[FundId, Component]
    staff: tuple[Staff, ...]
    controls: Controls
    account_codes: Mapping[AccountPrefix, AccountCode]
    code_titles: Mapping[AccountCode, Words]


class Charter(Value):
    """All that `rules/` says of an office, except how its budget is derived."""

    office: Office
    units: tuple[Unit, ...]
    categories: tuple[Category, ...]
    joint_rounds: tuple[Category, ...]
    overlap_groups: tuple[OverlapGroup, ...]
    funds: tuple[Fund, ...]
    staff: tuple[Staff, ...]
    controls: Controls
    rates: tuple[Rate, ...]
    regimes: tuple[Regime, ...]

    def fund(self, fund_id: str) -> Fund:
        """Return the fund of that id.

        Raises:
            NotFound: FL030, there is no such fund.

        """
        for fund in self.funds:
            if fund.id == fund_id:
                return fund
        known = ", ".join(fund.id for fund in self.funds)
        raise NotFound(Finding("FL030", fund_id, {"allowed": known}))

    def regime(self, slug: str) -> Regime:
        """Return the regime of that slug; a charter that was loaded has those of its funds."""
        return next(regime for regime in self.regimes if regime.slug == slug)

    def fund_charter(self, fund_id: str) -> FundCharter:
        """Return what the fund of that id is kept under.

        Raises:
            NotFound: FL030, there is no such fund.

        """
        fund = self.fund(fund_id)
        regime = self.regime(fund.regime)
        slugs = {purpose.unit for purpose in fund.purposes}
        remits = (*self.categories, *self.joint_rounds)
        return FundCharter(
            fund=fund,
            units=tuple(unit for unit in self.units if unit.slug in slugs),
            categories=tuple(category for category in remits if category.unit in slugs),
            funds={other.id: other.component for other in self.funds if other.id != fund_id},
            staff=self.staff,
            controls=self.controls,
            account_codes=regime.codes,
            code_titles=regime.titles,
        )
