"""A reconciliation that is signed becomes a record of the fund, and the next one carries on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from fundledger.checks.run import on_book
from fundledger.checks.timely import approved_and_unpaid
from fundledger.errors import NotFound, NotInstalled, Refused
from fundledger.findings import Finding, Severity
from fundledger.ledger.asserted import Signed, reconciled, reconciliation, short_refs
from fundledger.ledger.batches.shares import voucher_of
from fundledger.ledger.bodies import Decided, OpenItem, ReconciliationBody
from fundledger.ledger.chart import BANK
from fundledger.ledger.given import expect
from fundledger.ledger.record import Record, request_digest
from fundledger.reconcile.adjust import reconcile
from fundledger.reconcile.cure import drafted
from fundledger.reconcile.identities import (
    Identity,
    broken,
    identities,
    posted_by_batches,
    received_otherwise,
)
from fundledger.reconcile.model import Adjustment, BookLine, Carried, Item, Kind, Tolerance
from fundledger.reconcile.payments import Comparison, Known, compare_payments
from fundledger.reconcile.proposed import Proposed, proposed
from fundledger.reconcile.register import register_of
from fundledger.reconcile.statement import without_copies

if TYPE_CHECKING:
    from fundledger.bank import Statement
    from fundledger.charter.models import Clearing
    from fundledger.fund import Fund
    from fundledger.ledger.books import Books
    from fundledger.ledger.plan import Receipt
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
        return _body(self.adjustment, self.after, self.replaces, self.payments)

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
        InputInvalid: FL909, no statement; FL896, what is decided cannot be.
        NotFound: FL865, `replaces` is no standing reconciliation.

    """
    given = tuple(statements)
    expect(statements=bool(given))
    books = fund.books()
    chain = reconciled(books, BANK) if books.chart else []
    digests = {statement.sha256 for statement in given}
    at = _place(chain, digests, replaces, fund.id)
    after = chain[at - 1] if at else None
    of_batches: list[Record] = []
    later: list[str] = []
    book = book_lines(_vouchers(fund, of_batches, after, later))
    end = max((statement.end for statement in given), default=date.min)
    previous = _carried(chain[:at], books, frozenset(later))
    standing = chain[at] if at < len(chain) else None
    decisions = {**_decided_before(books, digests), **(decided or {})}
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
        tolerance=Tolerance(aged_days=fund.charter.controls.aged_item_days),
        payments=payments,
    )
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
    behind = previous is not None and end <= previous.end
    trial = Trial(
        adjustment,
        after,
        standing,
        payments=payments,
        identities=held,
        proposed=()
        if behind
        else proposed(
            adjustment,
            book,
            payments,
            pays_batches=bool(of_batches),
            interest_policy=fund.charter.fund.interest,
        ),
        book=tuple(line for line in book if line.date <= end),
    )
    if standing is not None:
        earlier = reconciliation(books, standing.body.replaces)
        if _body(adjustment, after, earlier, payments) == standing.body:
            return replace(trial, replaces=earlier, signed=standing)
    return trial


def _approved_by(books: Books, name: str, end: date) -> bool:
    """Whether a batch was approved by a day: what came later was not due from the account then."""
    batch = books.batch(name)
    return batch is None or batch.approved_on <= end.isoformat()


def _vouchers(
    fund: Fund, of_batches: list[Record], after: Signed | None, later: list[str]
) -> Iterator[Voucher]:
    """Yield the vouchers of a fund, and keep the records of its batches.

    Kept are also, in `later`, those that were dated behind a signature after it was made.
    """
    for record in fund.records():
        if record.kind == "batch":
            of_batches.append(record)
        if after is not None and record.sequence > after.sequence:
            until = after.body.date
            later += [voucher.ref for voucher in record.vouchers if voucher.date <= until]
        yield from record.vouchers


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


def sign(fund: Fund, trial: Trial, *, actor: str, key: str | None = None) -> Receipt:
    """Record a reconciliation as signed by `actor`; what was signed just so gives its receipt.

    Raises:
        Refused: FL864 and what is wrong, while there is a difference or an error; FL893, something
            was booked since it was compared; FL322 to FL327.

    """
    adjustment = trial.adjustment
    if not adjustment.settled and trial.signed is None:
        errors = [f for f in adjustment.findings if f.severity is Severity.ERROR]
        unsettled = Finding(
            "FL864",
            adjustment.account,
            {"as_of": adjustment.as_of, "errors": len(errors)},
            fund.id,
            amount_fen=adjustment.difference_fen,
            gates=True,
        )
        raise Refused([unsettled, *errors])
    now = book_lines(_vouchers(fund, [], None, []))
    until = adjustment.as_of
    if trial.signed is None and trial.book != tuple(one for one in now if one.date <= until):
        raise Refused(Finding("FL893", adjustment.account, {"as_of": until}, fund.id, gates=True))
    return fund.sign(trial.body, actor=actor, key=key or trial.key)


def book_lines(vouchers: Iterable[Voucher]) -> list[BookLine]:
    """Return the postings to the dedicated account, each with what it reverses or corrects."""
    since: dict[str, date] = {}
    book = []
    for voucher in vouchers:
        corrected = (voucher.corrects or "") if voucher.event == "correction" else ""
        day = since.get(corrected)
        if day is None or day.year != voucher.date.year:
            day = None
        since[voucher.ref] = day or voucher.date
        book += [
            BookLine(
                voucher.date,
                voucher.ref,
                posting.signed_fen,
                voucher.narration,
                voucher.reverses or "",
                corrected,
                day,
                voucher.event,
            )
            for posting in voucher.postings
            if posting.account == BANK
        ]
    return book


def _place(chain: list[Signed], digests: set[str], replaces: int | None, fund: str) -> int:
    """Return how many of the signed reconciliations come before the statements."""
    for number, signed in enumerate(chain):
        if signed.sequence == replaces or (
            replaces is None and set(signed.body.statements) == digests
        ):
            return number
    if replaces is not None:
        raise NotFound(Finding("FL865", str(replaces), {"record": replaces}, fund))
    return len(chain)


def _decided_before(books: Books, digests: set[str]) -> dict[str, str]:
    """Return what was decided of these statements whenever they were signed, the last word."""
    every = [(int(number), said[0].decided) for number, said in books.signed.rows() if said]
    return {
        one.row: one.line
        for _, decided in sorted(every)
        for one in decided
        if one.row.partition(":")[0] in digests
    }


def _body(
    adjustment: Adjustment,
    after: Signed | None,
    replaces: Signed | None,
    payments: Comparison | None,
) -> ReconciliationBody:
    decided = payments.decided if payments is not None else {}
    items = [
        OpenItem(item.kind.value, item.date, item.amount_fen, item.marks)
        for item in adjustment.items
    ]
    return ReconciliationBody(
        account=BANK,
        date=adjustment.as_of,
        amount_fen=adjustment.bank_fen,
        booked_fen=adjustment.book_fen,
        statements=adjustment.digests,
        items=tuple(sorted(items, key=lambda item: (item.kind, item.date, item.refs))),
        after=after.sequence if after else 0,
        replaces=replaces.sequence if replaces else 0,
        decided=tuple(Decided(*one) for one in sorted(decided.items())),
    )


def _carried(before: list[Signed], books: Books, later: frozenset[str]) -> Carried | None:
    """Return what the last of these hands on, with the words that the books have for it."""
    if not before:
        return None
    body = before[-1].body
    used = sorted({digest for signed in before for digest in signed.body.statements})
    items = tuple(_item(item, body.date, books) for item in body.items)
    return Carried(body.date, body.amount_fen, body.booked_fen, items, tuple(used), later)


def _item(item: OpenItem, day: date, books: Books) -> Item:
    shown = tuple(short_refs((ref,)) for ref in item.refs)
    vouchers = [books.voucher(voucher_of(ref)) for ref in item.refs if item.of_book]
    texts = {voucher.narration for voucher in vouchers if voucher is not None}
    return Item(
        kind=Kind(item.kind),
        date=item.date,
        ref=short_refs(item.refs),
        signed_fen=item.signed_fen,
        text=texts.pop() if len(texts) == 1 else "",
        age_days=(day - item.date).days,
        candidates=shown if len(shown) > 1 else (),
        marks=item.refs,
    )
