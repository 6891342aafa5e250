"""What a form of postings is: the accounts that may stand together, and what must be equal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fundledger.ledger.chart import Account

if TYPE_CHECKING:
    from fundledger.ledger.voucher import Posting

Lines = Iterable[tuple["Posting", Account]]


class Tie(NamedTuple):
    """Two sums of a voucher that must be equal to the fen: what each role moves, debit positive.

    `by_line` compares them for every unit and category apart; no role on the right means zero.
    """

    left: str
    right: str = ""
    by_line: bool = False


class Apart(NamedTuple):
    """Where a tie does not hold: by how many fen, and in which line if it is tied by line."""

    tie: Tie
    unit: str
    category: str
    off_fen: int


@dataclass(frozen=True, slots=True)
class Form:
    """The roles that an event may debit and credit together, and what of it must be equal.

    What is `decided` needs the number of a decision (批准文号), whatever the amount.  The roles in
    `reds` stand on the credit side in red ink: income that is given back within its year, and with
    `red_debits` on the other side what is taken back in its year.
    """

    debits: frozenset[str]
    credits: frozenset[str]
    ties: tuple[Tie, ...] = ()
    decided: bool = False
    reds: frozenset[str] = frozenset()
    red_debits: frozenset[str] = frozenset()

    def allows(self, role: str, posting: Posting) -> bool:
        """Whether an account of a role may stand as a posting has it."""
        if posting.red:
            return role in (self.red_debits if posting.side == "debit" else self.reds)
        return role in (self.debits if posting.side == "debit" else self.credits)

    def apart(self, lines: Lines) -> Iterator[Apart]:
        """Yield every tie that does not hold in a voucher's lines."""
        for tie in self.ties:
            sums_fen: dict[tuple[str, str], int] = {}
            for posting, account in lines:
                sign = (account.role == tie.left) - (account.role == tie.right != "")
                if sign:
                    line = (account.unit, account.category) if tie.by_line else ("", "")
                    sums_fen[line] = sums_fen.get(line, 0) + sign * posting.signed_fen
            for (unit, category), off_fen in sums_fen.items():
                if off_fen:
                    yield Apart(tie, unit, category, off_fen)


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of event; a fact happened whatever we decide, an act is ours to refuse.

    `papers`: it needs source documents.
    """

    slug: str
    zh: str
    en: str
    forms: tuple[Form, ...] = ()
    fact: bool = False
    papers: bool = True


def form(
    debits: Iterable[str],
    credits_: Iterable[str],
    *ties: Tie,
    decided: bool = False,
    reds: Iterable[str] = (),
    red_debits: Iterable[str] = (),
) -> Form:
    """Return the form of these roles, debit first."""
    sides = frozenset(debits), frozenset(credits_)
    return Form(*sides, ties, decided, frozenset(reds), frozenset(red_debits))
