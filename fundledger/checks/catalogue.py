"""What a check is: one function, under one code, that says where something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from fundledger.ledger.chart import Account, Chart

Watched = tuple[tuple[str, int], ...]
"""Accounts, each with the sign that its balance never goes against."""

Hits = Iterable[tuple[str, Mapping[str, Any]]]
"""Subject and details of each place where a check finds something."""


class Gates(StrEnum):
    """When a check refuses: always, only what we decide to do, or never."""

    ALWAYS = "always"
    ACTS = "acts"
    NEVER = "never"


class Sees(StrEnum):
    """How much of a voucher a check looks at; what it looked at and found sound, it need not again.

    `layout`: the day, and what `Layout` says; `shape`: the layout and the amounts up to a common
    factor, in range; `parties`: who signs, both days, and what is closed; `number`: whether the
    number follows the one before; `text`: what people wrote; `all`: anything of the voucher;
    `state`: the books as the whole record leaves them, called with all of the record's entries.
    """

    LAYOUT = "layout"
    SHAPE = "shape"
    PARTIES = "parties"
    NUMBER = "number"
    TEXT = "text"
    ALL = "all"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Layout:
    """What many vouchers share: the event, the accounts with the side they stand on, the links."""

    event: str
    closing: bool
    accounts: tuple[Account, ...]
    debits: tuple[bool, ...]
    reverses: bool
    corrects: bool
    documents: bool
    papers: bool
    approved: bool

    def has(self, *kinds: str, debit: bool | None = None) -> bool:
        """Whether a line stands on an account of a kind or role, on the side if given."""
        return any(
            (account.kind in kinds or account.role in kinds) and (debit is None or side is debit)
            for account, side in zip(self.accounts, self.debits, strict=True)
        )

    def moving(self, sign: Callable[[Account], int]) -> Watched:
        """Return the accounts that are moved against the sign that `sign` gives them."""
        lines = zip(self.accounts, self.debits, strict=True)
        return tuple(
            (account.name, sign(account))
            for account, side in lines
            if sign(account) * _way(side) < 0
        )


def _way(side: bool) -> int:  # noqa: FBT001 - debit or not
    return 1 if side else -1


def always(layout: Layout) -> bool:  # noqa: ARG001 - every concern is asked alike
    """Every layout concerns the check."""
    return True


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its code in the catalogue, when it gates, what it sees, and its function.

    `concerns` says of a layout whether the check can find anything in a voucher of that layout.  A
    check of the state that `watches` accounts finds nothing while each is on its side at the end
    of a voucher that is dated last of all.  One that is `lasting` and has found nothing in a layout
    finds nothing in it any more, under the same charter.  Below its `floor`, in fen by the charter,
    a voucher's amounts together give a check nothing to find.
    """

    code: str
    gates: Gates
    sees: Sees
    concerns: Callable[[Layout], bool]
    function: Callable[..., Hits]
    watches: Callable[[Layout], Watched] | None = None
    lasting: bool = False
    floor: Callable[[Chart], int] | None = None

    @property
    def name(self) -> str:
        """The name of the function, in words."""
        return self.function.__name__.replace("_", " ")


def check(  # noqa: PLR0913 - what a check is
    code: str,
    gates: Gates = Gates.NEVER,
    sees: Sees = Sees.ALL,
    concerns: Callable[[Layout], bool] = always,
    watches: Callable[[Layout], Watched] | None = None,
    *,
    lasting: bool = False,
    floor: Callable[[Chart], int] | None = None,
) -> Callable[[Callable[..., Hits]], Check]:
    """Return a decorator that makes a function the check of `code`."""

    def make(function: Callable[..., Hits]) -> Check:
        return Check(code, gates, sees, concerns, function, watches, lasting, floor)

    return make
