"""A reconciliation tried out: what it says, and where it stands among the signed ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from fundledger.bank import Statement
from fundledger.checks.run import on_book
from fundledger.checks.timely import approved_and_unpaid
from fundledger.errors import NotInstalled
from fundledger.findings import Finding
from fundledger.fund import Fund
from fundledger.ledger.asserted import Signed, reconciled, reconciliation
from fundledger.ledger.bodies import ReconciliationBody
from fundledger.ledger.chart import BANK
from fundledger.ledger.given import expect, is_fen, is_text, row_of
from fundledger.ledger.record import Record, request_digest
from fundledger.reconcile.adjust import reconcile
from fundledger.reconcile.booklines import book_lines, vouchers_of
from fundledger.reconcile.cure import drafted
from fundledger.reconcile.identities import (
    Identity,
    broken,
    identities,
    posted_by_batches,
    received_otherwise,
)
from fundledger.reconcile.model import Adjustment, BookLine, Carried, Tolerance
from fundledger.reconcile.payments import Comparison, Known, compare_payments
from fundledger.reconcile.proposed import Proposed, proposed
from fundledger.reconcile.recorded import body_of, carried_from, decided_before, place_of
from fundledger.reconcile.register import Register, register_of
from fundledger.reconcile.statement import without_copies
from fundledger.reconcile.waiting import keeping, suspended_fen, waiting

if TYPE_CHECKING:
    from fundledger.charter.models import Clearing
    from fundledger.ledger.books import Books
    from fundledger.ledger.voucher import Voucher


@dataclass(frozen=True, slots=True)
class Trial:
    """An adjustment of a fund's dedicated account, and where it stands among the signed ones.

    `after` is the signed one whose open items it carries in.  `replaces` is the one that it takes
    the place of when it is signed; `signed` the one that says just the same already.  `payments`
    is what became of the payments of batches at the bank, where there are any, `identities` are R1
    to R8, and `book` is what the book had.  `proposed` are vouchers for rows that the books have
    not, to be picked by a person.
    """

    adjustment: Adjustment
    after: Signed | None = None
    replaces: Signed | None = None
    signed: Signed | None = None
    payments: Comparison | None = None
    identities: tuple[Identity, ...] = ()
    proposed: tuple[Proposed, ...] = ()
    book: tuple[BookLine, ...] = field(default=(), repr=False)

    @property
    def unlooked(self) -> date | None:
        """The first day that the book moved the account before any statement that is looked at."""
        days = [line.date for line in self.book if line.event != "opening"]
        if self.after is not None or not days or min(days) >= self.adjustment.start:
            return None
        return min(days)

    @property
    def body(self) -> ReconciliationBody:
        """What the record says."""
        return body_of(self.adjustment, self.after, self.replaces, self.payments)

    @property
    def key(self) -> str:
        """The idempotency key: the same statements in the same place are signed once."""
        body = self.body
        asked: list[object] = [body.account, body.statements, body.after, body.replaces]
        if body.decided:
            asked.append([[one.row, one.line] for one in body.decided])
        return f"reconciliation-{request_digest(asked)[:32]}"


def try_out(
    fund: Fund,
    statements: Iterable[Statement],
    *,
    replaces: int | None = None,
    known: Known | None = None,
    decided: Mapping[str, str] | None = None,
) -> Trial:
    """Reconcile a fund's dedicated account, carrying in what was signed; records nothing.

    Statements that were signed before are looked at again after what came before them.  `replaces`
    names the signed reconciliation whose place others are to take, with all after it.  Where people
    are paid in batches, each payment is looked for at the bank, by what is `known` of accounts;
    `decided` are lines by the marks of rows (`statement digest:row`) where that leaves it open, ''
    for no payment.  What was decided when the same statements were signed stands.

    Raises:
        InputInvalid: FL909, no statement, or an argument of another type; FL896, what is decided
            cannot be.
        NotFound: FL865, `replaces` is no standing reconciliation.

    """
    row = row_of(statements, Statement)
    expect(
        fund=isinstance(fund, Fund),
        statements=bool(row),
        replaces=replaces is None or is_fen(replaces),
        known=known is None or isinstance(known, Known),
        decided=decided is None or _are_texts(decided),
    )
    given = row or ()
    books = fund.books()
    chain = reconciled(books, BANK) if books.chart else []
    digests = {statement.sha256 for statement in given}
    at = place_of(chain, digests, replaces, fund.id)
    after = chain[at - 1] if at else None
    standing = chain[at] if at < len(chain) else None
    of_batches: list[Record] = []
    later: list[str] = []
    behind: list[str] = []
    waits: list[Voucher] = []
    signed = [(one, kept) for one, kept in ((after, later), (standing, behind)) if one is not None]
    book = book_lines(keeping(vouchers_of(fund, of_batches, signed), waits))
    end = max((statement.end for statement in given), default=date.min)
    previous = carried_from(chain[:at], books, frozenset(later))
    decisions = {**decided_before(books, digests), **(decided or {})}
    account = fund.charter.fund.bank_account
    payments, missing = _payments(
        books,
        of_batches,
        given,
        previous,
        known=known,
        clearing=account.clearing,
        decided=decisions,
    )
    adjustment = reconcile(
        given,
        account.number,
        book,
        sum(line.signed_fen for line in book if line.date <= end),
        previous=previous,
        fund=fund.id,
        tolerance=Tolerance(
            aged_days=fund.charter.controls.aged_item_days,
            amount_fen=fund.charter.controls.amount_tolerance_fen,
        ),
        payments=payments,
        register=_register(books, of_batches) if payments is None else None,
        suspended_fen=suspended_fen(waits, end),
    )
    payments = adjustment.payments
    held = identities(
        adjustment, without_copies(given), books, payments, posted_by_batches(of_batches)
    )
    unlike = received_otherwise(books.batches())
    unpaid = [
        finding
        for finding in on_book(books, end, (approved_and_unpaid,))
        if _approved_by(books, str(finding.details["batch"]), end)
    ]
    more = (finding.at(fund=fund.id) for finding in (*broken(held), *unlike, *unpaid, *missing))
    adjustment = replace(
        adjustment,
        findings=(*adjustment.findings, *more),
        cures=tuple(
            cure for cure in (drafted(one, books) for one in adjustment.cures) if cure.vouchers
        ),
    )
    trial = Trial(
        adjustment,
        after,
        standing,
        payments=payments,
        identities=held,
        proposed=()
        if previous is not None and end <= previous.end
        else proposed(
            adjustment,
            book,
            payments,
            waits=waiting(waits),
            pays_batches=bool(of_batches),
            interest_policy=fund.charter.fund.interest,
        ),
        book=tuple(line for line in book if line.date <= end),
    )
    # What was booked behind it since is to be signed for, though it came to nothing together.
    if standing is not None and {line.ref for line in book}.isdisjoint(behind):
        earlier = reconciliation(books, standing.body.replaces)
        if body_of(adjustment, after, earlier, payments) == standing.body:
            return replace(trial, replaces=earlier, signed=standing)
    return trial


def _are_texts(given: object) -> bool:
    return isinstance(given, Mapping) and all(map(is_text, (*given, *given.values())))


def _register(books: Books, of_batches: Sequence[Record]) -> Register | None:
    """Return the register where something was undone: payments that nobody compares have none."""
    undone = any(batch.undone and not batch.unread for batch in books.batches())
    return register_of(books, of_batches) if undone else None


def _approved_by(books: Books, name: str, end: date) -> bool:
    """Whether a batch was approved by a day: what came later was not due from the account then."""
    batch = books.batch(name)
    return batch is None or batch.approved_on <= end.isoformat()


def _payments(  # noqa: PLR0913 - both sides, and by keyword what is known of them
    books: Books,
    of_batches: Sequence[Record],
    statements: Sequence[Statement],
    previous: Carried | None,
    *,
    known: Known | None,
    clearing: Sequence[Clearing],
    decided: Mapping[str, str],
) -> tuple[Comparison | None, list[Finding]]:
    """Return the payments against the statements, and FL894 if not all of it could be compared."""
    sent = any(batch.exported_on or batch.unread for batch in books.batches())
    if not statements or not sent:
        return None, []
    given = without_copies(statements)
    carried, since = None, given[0].start - timedelta(days=Tolerance().look_back_days)
    if previous is not None:
        marks = (mark for item in previous.items if item.of_book for mark in item.marks)
        carried, since = frozenset(marks), previous.end + timedelta(days=1)
    reason = "key" if known is None else ""
    try:
        found = compare_payments(
            register_of(books, of_batches),
            given,
            as_of=max(statement.end for statement in given),
            carried=carried,
            since=since,
            known=known,
            clearing=clearing,
            decided=decided,
        )
    except NotInstalled:
        found, reason = None, "engine"
    return found, [Finding("FL894", books.fund, {"reason": reason})] if reason else []
