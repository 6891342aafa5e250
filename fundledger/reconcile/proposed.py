"""What a row that the books have not could be booked as: a voucher to be picked, never recorded.

What the bank moved is a fact, and has to be in the books even while nobody knows what it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from fundledger.ledger import drafts
from fundledger.ledger.events import EVENTS
from fundledger.reconcile.model import Kind

if TYPE_CHECKING:
    from fundledger.findings import Finding
    from fundledger.ledger.voucher import Posting
    from fundledger.reconcile.model import Adjustment, Item

_FEE_WORDS = ("手续费", "工本费", "管理费", "年费", "回单费", "短信费", "汇划费", "邮电费")
_INTEREST_WORDS = ("利息", "结息", "付息")

_PLAIN = {
    "bank-fee": drafts.bank_fee,
    "unknown-debit": drafts.unknown_debit,
    "unknown-credit": drafts.unknown_credit,
}


class Proposed(NamedTuple):
    """A voucher for one row of a statement: its event, its day, and what it would post.

    `code` is that of the finding that it cures, `row` the row by its mark, `paper` its file.
    """

    code: str
    event: str
    on: str
    amount_fen: int
    ref: str
    row: str
    paper: str
    postings: tuple[Posting, ...]

    @property
    def narration(self) -> str:
        """What the voucher says of itself; the bank's own words may name people."""
        waits = self.event.startswith("unknown-")
        return f"{EVENTS[self.event].zh}{'，待查' if waits else ''}"

    @property
    def digest(self) -> str:
        """The sha256 of the statement, which a program gives as the voucher's document."""
        return self.row.partition(":")[0]

    def words(self, fund: str, office: str = "") -> tuple[str, ...]:
        """Return the command that records it in an office's folder, but for who signs it.

        Without `office` it is the current folder.
        """
        yuan = f"{self.amount_fen // 100}.{self.amount_fen % 100:02d}"
        return (
            *(("-C", office) if office else ()),
            "record",
            fund,
            self.event,
            "--amount",
            yuan,
            "--date",
            self.on,
            "--narration",
            self.narration,
            "--document",
            self.paper,
        )


def proposed(adjustment: Adjustment, interest_policy: str) -> tuple[Proposed, ...]:
    """Return a voucher for each row that the bank alone has, in the order of the open items.

    None where it is not known which of several rows is open, nor where a step of a batch books the
    row, or vouchers that are there may stand for it (FL872, FL873). `interest_policy`: the fund's.
    """
    told = {mark for cure in adjustment.cures for mark in cure.rows}
    alike = set(_may_be_booked(adjustment.findings))
    return tuple(
        _of(item, interest_policy)
        for item in adjustment.items
        if not item.of_book
        and not item.ambiguous
        and told.isdisjoint(item.marks)
        and item.ref not in alike
    )


def _of(item: Item, interest_policy: str) -> Proposed:
    code, event = _event(item)
    fen = item.amount_fen
    (mark,) = item.marks
    paper = item.ref.rpartition(":")[0]
    postings = drafts.interest(fen, interest_policy) if event == "interest" else _PLAIN[event](fen)
    return Proposed(code, event, item.date.isoformat(), fen, item.ref, mark, paper, postings)


def _event(item: Item) -> tuple[str, str]:
    """Return what is told of a row, and the event that the bank's summary says, if it does."""
    if item.kind is Kind.BANK_OUT:
        is_fee = any(word in item.text for word in _FEE_WORDS)
        return "FL861", "bank-fee" if is_fee else "unknown-debit"
    is_interest = any(word in item.text for word in _INTEREST_WORDS)
    return "FL862", "interest" if is_interest else "unknown-credit"


def _may_be_booked(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the rows that open vouchers may stand for: written wrong, or in another number."""
    for finding in findings:
        if finding.code == "FL873":
            yield str(finding.details["bank"])
        elif finding.code == "FL872":
            yield str(finding.details["ref"])
            yield from re.split(" … |、", str(finding.details["many"]))
