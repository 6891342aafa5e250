"""What the year before says of one budget line: paid, owed across years, by heads, by rounds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple


class Heads(NamedTuple):
    """One month of the payment lists: how many persons it pays, and fen in all."""

    month: str
    persons: int
    amount_fen: int


class Owed(NamedTuple):
    """What a line owed for the years before, in fen, and what became of it.

    `opening_fen` was encumbered when the year was opened; `came_back_fen` had been paid before it
    and came back since; `released_fen` of both was released and never paid.
    """

    opening_fen: int = 0
    came_back_fen: int = 0
    released_fen: int = 0

    @property
    def amount_fen(self) -> int:
        """What of it was paid since, or is owed still."""
        return self.opening_fen + self.came_back_fen - self.released_fen


NOTHING_OWED = Owed()


class LeftOut(NamedTuple):
    """What of a line is left out as a one-off: the vouchers that spent it, and what is due for it.

    `opening_fen` was encumbered for payments that are one-offs when the year was opened, `due_fen`
    is so at the cut-off.
    """

    vouchers: tuple[str, ...] = ()
    opening_fen: int = 0
    due_fen: int = 0


NOTHING_LEFT_OUT = LeftOut()


class Season(NamedTuple):
    """An earlier round (届): fen that had accrued by the month of the cut-off, and in all."""

    name: str
    accrued_fen: int
    total_fen: int


class Standard(NamedTuple):
    """A standard in one month: fen a person-month, and whether it is assumed, not published."""

    month: str
    amount_fen: Fraction
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What a line spent in `months` whole months of `year`, and all that tells the rest of it.

    `actual_fen` is net of what came back (its Expended); `one_off_fen` of it is documented as such.
    `begun` says whether its purpose had begun by then, `last_month` is the last one of the year in
    which it may be paid.
    `before` is what was owed for the years before, `encumbered_fen` stands encumbered at the
    cut-off; `left_out` says which vouchers spent the one-offs, and what of it is for them.
    `heads` are the months of the year that its payment lists pay, `standards` those of this year
    and the next.  `recent_fen` are the months before the cut-off, without one-offs, the last one
    last; of an event they reach back over the years.  Of a line that is seasonal `seasons` are the
    rounds of earlier years, `turned_fen` what the round of this one took beyond the year, None if
    the books do not say, and `round_over` whether it has ended.  `rest_fen` is what somebody says
    that the rest of the year will take where that is not to be told, as `rest_source` says.
    `source` says where all of it stands.
    """

    year: int
    months: int
    source: str
    actual_fen: int
    one_off_fen: int = 0
    begun: bool = True
    last_month: int = 12
    before: Owed = NOTHING_OWED
    encumbered_fen: int = 0
    left_out: LeftOut = NOTHING_LEFT_OUT
    heads: tuple[Heads, ...] = ()
    standards: tuple[Standard, ...] = ()
    seasons: tuple[Season, ...] = ()
    turned_fen: int | None = 0
    round_over: bool = False
    recent_fen: tuple[int, ...] = ()
    rest_fen: int | None = None
    rest_source: str = ""

    @property
    def opening_fen(self) -> int:
        """What was owed for the years before and paid since, or is owed still; no one-offs."""
        return self.before.amount_fen - self.left_out.opening_fen

    @property
    def closing_fen(self) -> int:
        """What was due at the cut-off and not paid yet, without one-offs."""
        return self.encumbered_fen - self.left_out.due_fen
