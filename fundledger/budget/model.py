"""What a budget proposal is made of: lines with their steps, what is blocked, what is put off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import dropwhile
from math import floor

from fundledger.budget.inputs import Declaration, History, LineKey, Names, Need, Place
from fundledger.findings import Finding
from fundledger.ledger.given import expect

HALF = Fraction(1, 2)
_GAP = "accepted-gap"
OWN = "own:"
"""How the name of a step that the office adds begins; its slug follows."""

_TAKERS = ("headcount", "annualisation")


class Decision(StrEnum):
    """How a line came to its figure."""

    RIGID = "rigid"
    AS_DECLARED = "as-declared"
    CAPPED = "capped"
    NEW = "new"
    DISCONTINUED = "discontinued"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a derivation: an exact amount in fen, its rule, where its figures come from.

    A step that the office's rules add is called by their `names`.
    """

    name: str
    amount_fen: Fraction
    rule: str
    source: str
    inputs: tuple[tuple[str, int | str], ...] = ()
    names: Names | None = None


def exact_sum(amounts: Iterable[Fraction | int]) -> Fraction:
    """Return the exact sum of amounts; most are whole, and whole numbers add up far sooner."""
    whole, parts = 0, Fraction(0)
    for amount in amounts:
        if amount.denominator == 1:
            whole += amount.numerator
        else:
            parts += amount
    return parts + whole if parts else Fraction(whole)


@dataclass(frozen=True, slots=True)
class Overridden:
    """What would stand in a line that was decided by hand, and who decided on what document."""

    computed_fen: int
    decision: Decision
    actor: str
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its proposed figure, which is the sum of its steps to the fen.

    `base_fen` is the comparable base (exact), `deferred_fen` what is left for the joint conference
    to talk over, `carry_over_fen` what of the figure last year's money of this line covers.
    `warned` are the codes that a reader must see beside the figure.  Of a line that was decided by
    hand `overridden` keeps what the two sources give.
    """

    place: Place
    decision: Decision
    history: History
    need: Need | None
    base_fen: Fraction
    steps: tuple[Step, ...]
    proposed_fen: int
    carry_over_fen: int = 0
    warned: tuple[str, ...] = ()
    overridden: Overridden | None = None

    @property
    def computed_fen(self) -> int:
        """What the two sources give, whatever was decided by hand."""
        return self.overridden.computed_fen if self.overridden else self.proposed_fen

    @property
    def computed_decision(self) -> Decision:
        """How the two sources give it."""
        return self.overridden.decision if self.overridden else self.decision

    @property
    def key(self) -> LineKey:
        """Fund, unit and category."""
        return self.place.key

    @property
    def need_fen(self) -> int:
        """What the unit declared; nothing for a line that ended."""
        return self.need.amount_fen if self.need else 0

    @property
    def gap_fen(self) -> Fraction:
        """How far the declared need lies above the comparable base; exact."""
        return self.need_fen - self.base_fen

    @property
    def shown_base_fen(self) -> int:
        """The comparable base as forms show it: what their steps before the gap come to."""
        names = [step.name for step in self.steps]
        return sum(self.shown_fen()[: names.index(_GAP)])

    @property
    def deferred_fen(self) -> int:
        """What was declared and not accepted, for the list of matters to be discussed (待议).

        What the office's own steps add to the figure, or take off it, accepts nothing of a need;
        a figure decided by hand does.
        """
        if self.need is None or self.computed_decision is not Decision.CAPPED:
            return 0
        own_fen = Fraction(0)
        if self.overridden is None:
            after = dropwhile(lambda step: step.name != _GAP, self.steps)
            own_fen += sum(step.amount_fen for step in after if step.name.startswith(OWN))
        asked_fen = self.need_fen - self.need.duplicates_fen
        return max(0, asked_fen - self.proposed_fen + whole_fen(own_fen))

    @property
    def appropriation_fen(self) -> int:
        """What of the figure is asked for as this year's money."""
        return self.proposed_fen - self.carry_over_fen

    def shown_fen(self) -> tuple[int, ...]:
        """Return the steps in whole fen; they still add up to the proposed figure.

        Each is rounded half up; the headcount effect takes the odd fen, or what tells the rest of
        the year where a line has none.
        """
        shown = [whole_fen(step.amount_fen) for step in self.steps]
        names = [step.name for step in self.steps]
        taker = next((name for name in _TAKERS if name in names), None)
        if taker is not None:
            shown[names.index(taker)] += self.proposed_fen - sum(shown)
        return tuple(shown)


@dataclass(frozen=True, slots=True)
class Blocked:
    """A line without a figure; `code` names the finding that says what it waits for."""

    place: Place
    code: str
    history: History
    need: Need | None = None

    @property
    def key(self) -> LineKey:
        """Fund, unit and category."""
        return self.place.key


@dataclass(frozen=True, slots=True)
class Announced:
    """Money of another source (其他来源) that a document announces to a fund for the year."""

    source: str
    names: Names
    amount_fen: int
    document: str


@dataclass(frozen=True, slots=True)
class FundTotal:
    """What a fund needs and asks for, in fen; without its blocked lines it is not complete.

    `other_sources` cover what is left of the need after the carry-over, and never more than that.
    """

    fund: str
    names: Names
    lines: int
    blocked: int
    proposed_fen: int
    reserve_fen: int
    carry_over_fen: int
    other_sources: tuple[Announced, ...] = ()

    @property
    def need_fen(self) -> int:
        """The sum of the lines, and the reserve."""
        return self.proposed_fen + self.reserve_fen

    @property
    def other_sources_fen(self) -> int:
        """What other sources announce in all."""
        return sum(one.amount_fen for one in self.other_sources)

    @property
    def other_sources_over_fen(self) -> int:
        """What of that is more than the fund needs: it covers nothing."""
        return self.other_sources_fen - (self.need_fen - self.carry_over_fen - self.request_fen)

    @property
    def request_fen(self) -> int:
        """What is asked for as this year's money."""
        return max(0, self.need_fen - self.carry_over_fen - self.other_sources_fen)

    @property
    def complete(self) -> bool:
        """Whether every line of the fund has a figure."""
        return not self.blocked


@dataclass(frozen=True, slots=True)
class BookHead:
    """How far a fund's journal was read: so many records, and the digest of the last."""

    fund: str
    records: int
    head: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a proposal rests on: journal heads, and digests of needs and rules by file name."""

    books: tuple[BookHead, ...]
    needs: tuple[tuple[str, str], ...]
    rules: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """The budget that the two sources give for a year, and all that it rests on.

    `months` whole months of the year before, through `cut_off`, stand in the books as of `as_of`.
    """

    office: Names
    year: int
    as_of: date
    cut_off: date
    months: int
    lines: tuple[Line, ...]
    blocked: tuple[Blocked, ...]
    totals: tuple[FundTotal, ...]
    declarations: tuple[Declaration, ...]
    places: Mapping[LineKey, Place]
    findings: tuple[Finding, ...]
    provenance: Provenance

    @property
    def deferred(self) -> tuple[Line, ...]:
        """The lines of which a part is put off for the joint conference to discuss (待议)."""
        return tuple(line for line in self.lines if line.deferred_fen)

    @property
    def complete(self) -> bool:
        """Whether every line has a figure."""
        return not self.blocked

    def as_json(self) -> dict[str, object]:
        """Return the proposal as plain JSON values, amounts in fen."""
        from fundledger.budget.plain import proposal_json  # noqa: PLC0415 - it reads this module

        return proposal_json(self)


def whole_fen(amount_fen: Fraction) -> int:
    """Return an exact amount in whole fen, rounded half up.

    Raises:
        InputInvalid: FL909, it is no exact amount.

    """
    expect(amount_fen=type(amount_fen) in {int, Fraction})
    return floor(amount_fen + HALF)
