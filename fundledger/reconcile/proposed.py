"""What a row that the books have not could be booked as: a voucher to be picked, never recorded.

What the bank moved is a fact, and has to be in the books even while nobody knows what it was.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from fundledger.ledger import drafts
from fundledger.ledger.chart import ASSET_SUSPENSE, BANK, DUE_FROM_BANK, DUE_FROM_OFFICE
from fundledger.ledger.events import EVENTS
from fundledger.ledger.voucher import credit, debit
from fundledger.reconcile.model import Kind
from fundledger.reconcile.rows import NOBODY
from fundledger.reconcile.slips import slips_of
from fundledger.reconcile.waiting import Waiting
from fundledger.reconcile.words import FEES, INTEREST

if TYPE_CHECKING:
    from fundledger.ledger.voucher import Posting
    from fundledger.reconcile.model import Adjustment, BookLine, Item
    from fundledger.reconcile.payments import Comparison

_PLAIN = {
    "bank-fee": drafts.bank_fee,
    "unknown-debit": drafts.unknown_debit,
    "unknown-credit": drafts.unknown_credit,
}

_CAME_BACK = {
    ASSET_SUSPENSE: "不明扣款退回",
    DUE_FROM_BANK: "银行退款到账",
    DUE_FROM_OFFICE: "应收工作经费收回",
}


class Proposed(NamedTuple):
    """A voucher for one row of a statement: its event, its day, and what it would post.

    `code` is that of the finding that it cures, `row` the row by its mark.  Of what comes back
    `giver` is the account that it clears, and `clears` the voucher that opened it, where known.
    """

    code: str
    event: str
    on: str
    amount_fen: int
    ref: str
    row: str
    postings: tuple[Posting, ...]
    giver: str = ""
    clears: str = ""

    @property
    def narration(self) -> str:
        """What the voucher says of itself; the bank's own words may name people."""
        if self.giver:
            return _CAME_BACK[self.giver] + (f"（{self.clears}）" if self.clears else "")
        waits = self.event.startswith("unknown-")
        return f"{EVENTS[self.event].zh}{'，待查' if waits else ''}"

    @property
    def digest(self) -> str:
        """The sha256 of the statement, which a program gives as the voucher's document."""
        return self.row.partition(":")[0]

    def words(self, fund: str, office: str = "") -> tuple[str, ...]:
        """Return the command that records it in an office's folder, but for who signs it.

        Its paper is the bank's advice: the statement would be that of every row (FL317).
        Without `office` it is the current folder.
        """
        yuan = f"{self.amount_fen // 100}.{self.amount_fen % 100:02d}"
        return (
            *(("-C", office) if office else ()),
            "record",
            fund,
            self.event,
            *(("--from", self.giver, "--to", BANK) if self.giver else ()),
            "--amount",
            yuan,
            "--date",
            self.on,
            "--narration",
            self.narration,
            "--attachments",
            "1",
        )


def proposed(  # noqa: PLR0913 - what is known of rows, and by keyword of the fund
    adjustment: Adjustment,
    book: Iterable[BookLine],
    payments: Comparison | None,
    *,
    waits: Iterable[Waiting] = (),
    pays_batches: bool,
    interest_policy: str,
) -> tuple[Proposed, ...]:
    """Return a voucher for each row that is surely not booked, in the order of the open items.

    None where a voucher that is open, or dated after the statements, has its amount or one that a
    slip of the pen makes of it; where rows and vouchers add up (FL872); where it is known, or in
    doubt, whose payment a row is; nor for rows of signed months.  What went out of a fund that
    `pays_batches` may be a payment as long as nobody knows the accounts: of that, fees alone, and
    what a person decided to be no payment.  What came in and is just what `waits` to be given back
    is that if it is the only one on both sides; where not, or while nobody knows the accounts, it
    is nothing that could be named.
    """
    if any(finding.code == "FL872" for finding in adjustment.findings):
        return ()
    open_fen = {item.signed_fen for item in adjustment.items if item.of_book}
    open_fen |= {line.signed_fen for line in book if line.date > adjustment.as_of}
    taken, strange = _of_payments(adjustment, payments)
    decided = frozenset() if payments is None else _of_nobody(payments)
    blind = pays_batches and (payments is None or not payments.by_account)
    debits = [item for item in adjustment.items if item.kind is Kind.BANK_OUT]
    waits = [*waits, *_to_wait(item for item in debits if taken.isdisjoint(item.marks))]
    found = []
    for item in adjustment.items:
        near = {fen * (1 if item.signed_fen > 0 else -1) for fen in slips_of(item.amount_fen)}
        if (
            item.of_book
            or item.ambiguous
            or item.date < adjustment.start
            or not taken.isdisjoint(item.marks)
            or not open_fen.isdisjoint({item.signed_fen, *near})
        ):
            continue
        one = _of(item, interest_policy)
        awaited = [w for w in waits if w.amount_fen == item.signed_fen and w.date <= item.date]
        if one.event == "unknown-credit" and awaited:
            alike = [other for other in adjustment.items if other.signed_fen == item.signed_fen]
            if len(awaited) == len(alike) == 1 and awaited[0].sure and not blind:
                found.append(_came_back(one, awaited[0]))
        elif strange.isdisjoint(item.marks) and (
            one.event != "unknown-debit" or not blind or one.row in decided
        ):
            found.append(one)
    return tuple(found)


def _to_wait(items: Iterable[Item]) -> Iterator[Waiting]:
    """Yield debits that are not booked yet: what came back of one is named once it is."""
    return (Waiting("", item.date, "", item.amount_fen, sure=False) for item in items)


def _came_back(one: Proposed, of: Waiting) -> Proposed:
    postings = (debit(BANK, one.amount_fen), credit(of.account, one.amount_fen))
    return one._replace(event="transfer", postings=postings, giver=of.account, clears=of.ref)


def _of_nobody(payments: Comparison) -> frozenset[str]:
    """Return the rows that a person decided to be no payment of any batch."""
    return frozenset(mark for mark, whom in payments.payees.items() if whom == {NOBODY})


def _of_payments(adjustment: Adjustment, payments: Comparison | None) -> tuple[set[str], set[str]]:
    """Return the rows that are, or may be, payments of batches or what came back of them.

    First those that name somebody of the lists, or a batch, in any way.  Of a line that is debited
    twice and booked, what is left is one too many.  Then those that name a stranger alone: whose
    money it was is in doubt, but for what comes back.
    """
    taken = {mark for cure in adjustment.cures for mark in cure.rows}
    if payments is None:
        return taken, set()
    lines = payments.register.lines
    paid = {line.of.account for line in lines.values()}
    named = {mark: whom for mark, whom in payments.payees.items() if whom}
    strange = {mark for mark, whom in named.items() if all(_strange(one, paid) for one in whom)}
    taken |= {pair.row.mark for pair in payments.pairs}
    taken |= payments.sums.keys() | (named.keys() - strange)
    too_many = set()
    for told in payments.told:
        if told.row is None:
            continue
        line = lines.get(told.line)
        unknown = told.name == "return-of-unknown-payment" and not told.line
        if told.name == "line-debited-twice" and line and line.moved_on("out"):
            too_many.add(told.row.mark)
        elif not told.name.startswith("bank-") and not unknown:
            taken.add(told.row.mark)
    sure = too_many | _of_nobody(payments)
    return taken - sure, strange - sure


def _strange(whom: str, paid: Container[str]) -> bool:
    """Whether whom a row names is an account that nobody is paid to or a name of nobody."""
    unpaid = whom.startswith("A-") and whom not in paid
    return unpaid or whom.startswith("name ")


def _of(item: Item, interest_policy: str) -> Proposed:
    code, event = _event(item)
    fen = item.amount_fen
    (mark,) = item.marks
    postings = drafts.interest(fen, interest_policy) if event == "interest" else _PLAIN[event](fen)
    return Proposed(code, event, item.date.isoformat(), fen, item.ref, mark, postings)


def _event(item: Item) -> tuple[str, str]:
    """Return what is told of a row, and the event that the bank's summary says, if it does."""
    said = item.text.strip()
    if item.kind is Kind.BANK_OUT:
        return "FL861", "bank-fee" if said in FEES else "unknown-debit"
    return "FL862", "interest" if said in INTEREST else "unknown-credit"
