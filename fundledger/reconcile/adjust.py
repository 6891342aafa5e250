"""R2: the book's bank account against the bank's statements (银行存款余额调节表)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fundledger.bank import Statement
from fundledger.findings import Finding
from fundledger.ledger.given import expect, is_fen, is_text, row_of
from fundledger.reconcile.bankred import set_off_at_bank
from fundledger.reconcile.doubled import OnceMore, sums_once_more, told_of_sums
from fundledger.reconcile.entries import carried_in, entries_of, entry_of
from fundledger.reconcile.inparts import taken_back
from fundledger.reconcile.items import items_of, match_of, matches_of, refs_of, shown
from fundledger.reconcile.joined import Joined, join, parted, vouchers_in
from fundledger.reconcile.match import Entry, Matching, Rest, match
from fundledger.reconcile.model import Adjustment, BookLine, Carried, SetOff, Tolerance
from fundledger.reconcile.paid import InBook, told_of_payments
from fundledger.reconcile.payments import Comparison
from fundledger.reconcile.register import Register
from fundledger.reconcile.righted import righted
from fundledger.reconcile.setoff import set_off
from fundledger.reconcile.slips import about_slips, not_told_apart
from fundledger.reconcile.statement import check_statements, distinct, without_copies
from fundledger.reconcile.sums import about_sums
from fundledger.reconcile.told import about_items, book_changed, unexplained
from fundledger.reconcile.undone import SetAside, set_off_undone, undone_and_open
from fundledger.reconcile.unproved import by_amount_alone, fees_kept, open_returns

_USUAL = Tolerance()


def reconcile(  # noqa: PLR0913 - the two sides, and by keyword what the period inherits
    statements: Statement | Iterable[Statement],
    account: str,
    book: Iterable[BookLine],
    book_fen: int,
    *,
    previous: Carried | None = None,
    fund: str | None = None,
    tolerance: Tolerance = _USUAL,
    payments: Comparison | None = None,
    register: Register | None = None,
    suspended_fen: Container[int] = frozenset(),
) -> Adjustment:
    """Return the reconciliation of `account` at the end of its last statement.

    `book` are the postings to the bank account and `book_fen` its balance at the statement's end
    (later postings are left out).  With `previous`, its open items are carried in and clear at
    any age.  Without, postings up to `look_back_days` before the start take part only if the two
    opening balances differ, and count as open only if that, all together, explains the difference.
    A voucher and its red copy are set off inside the book first, and inside the bank a line and
    the negative one that takes it back, where fewer are open for it.  Bank and book lines of equal
    fen and direction match on one date, else within `window_days`; before that, by `payments`, the
    rows and vouchers of batches by the lines that they pay; without it the `register` says what of
    them was booked in error.  Of `suspended_fen` the bank may give something back that is of no
    batch.  The result depends neither on the order of the input nor on a file being given twice.

    Raises:
        InputInvalid: FL909, no statement, or an argument of another type.

    """
    row = row_of((statements,) if isinstance(statements, Statement) else statements, Statement)
    lines_given = row_of(book, BookLine)
    expect(
        statements=bool(row),
        account=is_text(account),
        book=lines_given is not None,
        book_fen=is_fen(book_fen),
        previous=previous is None or isinstance(previous, Carried),
        fund=fund is None or is_text(fund),
        tolerance=isinstance(tolerance, Tolerance),
        payments=payments is None or isinstance(payments, Comparison),
        register=register is None or isinstance(register, Register),
    )
    given = distinct(row or ())
    ordered = without_copies(given)
    as_of = max(statement.end for statement in ordered)
    start = min(statement.start for statement in ordered)
    every = sorted(lines_given or ())
    known = [line for line in every if line.date <= as_of]
    since = previous.end + timedelta(days=1) if previous else start
    opening_fen = book_fen - sum(line.signed_fen for line in known if line.date >= since)
    lines = {line.ref: line for line in known}
    register = payments.register if payments is not None else register
    bank_entries, book_entries, earlier = _sides(ordered, known, opening_fen, previous, tolerance)
    undone = SetAside(book_entries, [], ())
    if register is not None:
        before = vouchers_in(earlier)
        undone = set_off_undone([*book_entries, *earlier], register)
        book_entries, earlier = parted(undone.left, before)
    joins: tuple[Joined, ...] = ()
    if payments is not None:
        reds = taken_back([*book_entries, *earlier], lines)
        bank_entries, book_entries, earlier, joins = join(
            bank_entries, book_entries, earlier, payments, reds
        )
    bank_fen = ordered[-1].closing_fen
    apart_fen = bank_fen - book_fen + sum(entry.signed_fen for entry in undone.aside)
    found = [
        _compared(
            set_off_at_bank(bank_entries, left, ordered),
            left,
            inside,
            start,
            apart_fen,
            carried=previous is not None,
        )
        for left, inside in _ways_to_set_off(book_entries, earlier, lines)
    ]
    chosen = next((one for one in found if one.explains), found[0])
    matching, book_rests = chosen.matching, chosen.book_rests
    bank_rests = matching.bank
    more: tuple[SetOff, ...] = ()
    once_more: tuple[OnceMore, ...] = ()
    if payments is not None:
        book_rests, more = righted(book_rests, lines, payments.register)
        bank_rests, book_rests, joined, once_more = sums_once_more(
            matching, book_rests, payments, lines
        )
        joins += joined
    if undone.aside:
        book_rests = (*book_rests, *(Rest((entry,), 1) for entry in undone.aside))
    items = items_of(bank_rests, as_of, of_book=False) + items_of(book_rests, as_of, of_book=True)
    in_book = InBook(
        lines,
        frozenset(line.reverses for line in every if line.reverses),
        frozenset(one.ref for one in more) | undone.anew,
        suspended_fen,
    )
    told = told_of_payments(payments, matching, joins, in_book, tolerance.amount_fen)
    cures = told.cures
    findings = [
        *check_statements(given, account, previous),
        *book_changed(previous, opening_fen, known),
        *unexplained(items, bank_fen - book_fen),
        *about_items(
            items, tolerance.aged_days, frozenset(mark for cure in cures for mark in cure.rows)
        ),
        *told.findings,
        *(told_of_sums(once_more, matching.pairs, payments, lines) if payments is not None else ()),
        *undone_and_open(items, lines),
        *by_amount_alone(more, joins, lines),
        *(fees_kept(payments, ordered) if payments is not None else ()),
        *(open_returns(items, lines, register, tolerance.window_days) if register else ()),
        *_about_ambiguous((*bank_rests, *book_rests)),
        *about_sums(items, tolerance.window_days),
        *about_slips(not_told_apart(items, payments), tolerance.window_days),
    ]
    if previous is not None and as_of <= previous.end:
        # Behind a signature (FL855) nothing was carried in, so all else would be told wrongly.
        findings, cures = [*check_statements(given, account, previous)], ()
    return Adjustment(
        account=account,
        start=start,
        as_of=as_of,
        digests=tuple(sorted(statement.sha256 for statement in ordered)),
        bank_fen=bank_fen,
        book_fen=book_fen,
        items=items,
        matches=tuple(
            sorted([*map(match_of, matching.pairs), *(one for j in joins for one in matches_of(j))])
        ),
        findings=tuple(finding.at(fund=fund) for finding in findings),
        set_off=tuple(sorted((*chosen.inside, *undone.pairs, *more))),
        bank_set_off=chosen.at_bank,
        cures=cures,
        payments=told.payments,
    )


def _sides(
    statements: Sequence[Statement],
    known: Iterable[BookLine],
    opening_fen: int,
    previous: Carried | None,
    tolerance: Tolerance,
) -> tuple[list[Entry], list[Entry], list[Entry]]:
    """Return the bank's entries, the book's of these days, and earlier ones that may be open."""
    start = min(statement.start for statement in statements)
    since = previous.end + timedelta(days=1) if previous else start
    bank = [*entries_of(statements, tolerance.window_days), *carried_in(previous, of_book=False)]
    book = [
        *(entry_of(line, tolerance.window_days) for line in known if line.date >= since),
        *carried_in(previous, of_book=True),
    ]
    if previous is not None or opening_fen == statements[0].opening_fen:
        return bank, book, []
    earliest = start - timedelta(days=tolerance.look_back_days)
    before = (line for line in known if earliest <= line.date < start)
    return bank, book, [entry_of(line, tolerance.look_back_days) for line in before]


@dataclass(frozen=True, slots=True)
class _Compared:
    """The two sides matched, the book's rests that count, and whether they explain everything."""

    matching: Matching
    book_rests: tuple[Rest, ...]
    inside: tuple[SetOff, ...]
    at_bank: tuple[SetOff, ...]
    explains: bool


def _ways_to_set_off(
    entries: list[Entry], earlier: list[Entry], lines: Mapping[str, BookLine]
) -> Iterator[tuple[list[Entry], tuple[SetOff, ...]]]:
    """Yield the book less its red ink; then once more, if that reached before the first statement.

    Nobody signed what was open then: a voucher reversed since may have been, or the bank had it.
    """
    left, inside = set_off([*entries, *earlier], lines)
    yield left, inside
    if earlier:
        now, of_now = set_off(entries, lines)
        before, of_before = set_off(earlier, lines)
        if len(of_now) + len(of_before) != len(inside):
            yield [*now, *before], tuple(sorted((*of_now, *of_before)))


def _compared(  # noqa: PLR0913 - the two sides, and what they are to explain
    of_bank: tuple[list[Entry], tuple[SetOff, ...]],
    book: list[Entry],
    inside: tuple[SetOff, ...],
    start: date,
    apart_fen: int,
    *,
    carried: bool,
) -> _Compared:
    bank, at_bank = of_bank
    matching = match(bank, book)
    rests = _open_rests(matching, start, apart_fen, carried=carried)
    explains = apart_fen + _total_fen(rests) == _total_fen(matching.bank)
    return _Compared(matching, rests, inside, at_bank, explains)


def _open_rests(
    matching: Matching, start: date, apart_fen: int, *, carried: bool
) -> tuple[Rest, ...]:
    """Leave out postings before the start unless together they explain the difference."""
    if carried:
        return matching.book
    within = tuple(rest for rest in matching.book if rest.entries[-1].date >= start)
    if len(within) == len(matching.book):
        return matching.book
    bank_fen = _total_fen(matching.bank)
    whole = apart_fen + _total_fen(matching.book) - bank_fen == 0
    return matching.book if whole and apart_fen + _total_fen(within) != bank_fen else within


def _total_fen(rests: Iterable[Rest]) -> int:
    return sum(rest.entries[0].signed_fen * rest.count for rest in rests)


def _about_ambiguous(rests: Iterable[Rest]) -> Iterator[Finding]:
    for rest in rests:
        refs = refs_of(rest.entries)
        if len(refs) > 1 and (rest.count < len(rest.entries)):
            yield Finding(
                "FL863",
                shown(refs),
                {"candidates": shown(refs), "count": rest.count, "of": len(refs)},
                amount_fen=abs(rest.entries[0].signed_fen),
            )
