"""What the books of a fund say of the year before a budget: per line, up to a day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from fundledger.budget.annual import YEAR_MONTHS
from fundledger.budget.carried import lots_until
from fundledger.budget.facts import Heads, LeftOut, Owed
from fundledger.budget.heads import BatchRecord, heads_by_line, reissues_of
from fundledger.budget.inputs import History
from fundledger.budget.movements import Movements
from fundledger.budget.one_offs import OneOffs, left_out, one_offs_of
from fundledger.budget.owed import due_by_month, owed_before
from fundledger.budget.paid import paid_months, payments_of, year_lines
from fundledger.budget.spending import Spent, spent_by_month
from fundledger.checks.child import shared
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.books import Books
from fundledger.ledger.tables import MemoryTables
from fundledger.ledger.voucher import Voucher

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules
    from fundledger.ledger.bodies import BatchBody
    from fundledger.ledger.journal import Line
    from fundledger.ledger.lots import Lot
    from fundledger.ledger.record import Record
    from fundledger.reader import Reader

_CLOSINGS = frozenset({"close", "year-end"})
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_SHARED_BYTES = 4 << 20  # of journals, from which on a second process is worth its start

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class FundHistory:
    """The lines of one fund's year, by unit and category; how far the journal was read.

    `first_month` is that of the earliest voucher, with which the books begin; "" if there is none.
    `paid_months` says of each line in how many months it was paid, `spent` what in which month, of
    all years; `owed_before` what it owed for the years before; `one_offs` are those of the vouchers
    named as such that spent something, `left_out` what of each line of the year they are; `due`
    says what it came to owe in each month beside what it spent, `lots` what it had left by the year
    that it comes from, of a fund that keeps it; `heads` whom its payment lists pay in which month
    of the year.
    """

    fund: str
    records: int
    head: str
    lines: Mapping[tuple[str, str], History]
    findings: tuple[Finding, ...]
    first_month: str
    paid_months: Mapping[tuple[str, str], int]
    spent: Mapping[tuple[str, str], Mapping[str, Spent]]
    owed_before: Mapping[tuple[str, str], Owed]
    one_offs: OneOffs
    left_out: Mapping[tuple[str, str], LeftOut]
    due: Mapping[tuple[str, str], Mapping[str, int]]
    lots: Mapping[tuple[str, str], tuple[Lot, ...]]
    heads: Mapping[tuple[str, str], tuple[Heads, ...]]


def cut_off(year: int, as_of: date, today: date) -> tuple[date, int]:
    """Return the last day of the last whole month before `year` is budgeted, and the months.

    Only whole months of the year before are counted, so that twelve can be told from them; a month
    that lies ahead is none that nothing was spent in.

    Raises:
        InputInvalid: FL552, `as_of` is a day after today; FL549, not one whole month of that year
            has passed on `as_of`.

    """
    if as_of > today:
        ahead = {"as_of": as_of.isoformat(), "today": today.isoformat()}
        raise InputInvalid(Finding("FL552", as_of.isoformat(), ahead))
    sane = isinstance(year, int) and _FIRST_YEAR <= year <= _LAST_YEAR
    if sane and as_of.year >= year:
        return date(year - 1, YEAR_MONTHS, 31), YEAR_MONTHS
    tomorrow = as_of + timedelta(days=1)
    if not sane or tomorrow < date(year - 1, 2, 1):
        details = {"year": year, "as_of": as_of.isoformat()}
        raise InputInvalid(Finding("FL549", str(year), details))
    months = YEAR_MONTHS if tomorrow.year == year else tomorrow.month - 1
    return date(year - 1, months, monthrange(year - 1, months)[1]), months


class _Books(Books):
    """Books that keep what was said of batches, and make nothing of it."""

    def __init__(self, fund: str) -> None:
        super().__init__(fund, MemoryTables(), with_keys=False)
        self.said: list[BatchRecord] = []

    def _advance(self, record: Record, body: BatchBody) -> None:
        self.said.append(BatchRecord(record, body))


@dataclass(slots=True)
class _Journal:
    """What is kept of a journal as it is read: vouchers, batches, closings."""

    books: _Books
    vouchers: list[Voucher] = field(default_factory=list)
    closed_through: str = ""

    def take(self, line: Line, record: Record) -> None:
        """Take in a record.

        Raises:
            JournalBroken: FL602, it says what none of its kind says; FL607, no charter came before.

        """
        self.books.begin(record, line.segment, line.start)
        self.books.head.at = record.at
        self.books.accounts  # noqa: B018 - it raises where there is no charter
        if record.kind in _CLOSINGS:
            self.closed_through = max(self.closed_through, record.body["month"])
        self.vouchers += record.vouchers


def fund_history(
    fund: Reader, year: int, until: date, rules: BudgetRules | None = None
) -> FundHistory:
    """Return what a fund's journal says of `year` through the day `until`.

    It is read once, and the chain verified on the way; `rules` say which vouchers are one-offs and
    which lines are seasonal.  FL536 and FL547 say that the books are empty or end before the last
    month.

    Raises:
        JournalBroken: FL602 and others, the journal does not hold or is not whole.
        Refused: FL751, a payment list is not there, or not as it was.

    """
    read = _Journal(_Books(fund.id))
    chain = fund.verified(read.take)
    movements = Movements(read.vouchers, until)
    vouchers, months = movements.vouchers, movements.months
    last_month = months[-1] if months else ""
    findings = list(chain.findings)
    if not last_month:
        findings.append(Finding("FL536", fund.id, {"cut_off": until.isoformat()}, fund.id))
    elif max(last_month, read.closed_through) < until.isoformat()[:7]:
        details = {"last_month": last_month, "cut_off": until.isoformat()}
        findings.append(Finding("FL547", fund.id, details, fund.id))
    payments = payments_of(movements, year)
    lines = year_lines(movements, payments, year)
    patterns = rules.patterns if rules is not None else ()
    by_what_came_due = {(one.unit, one.category) for one in patterns if one.pattern != "monthly"}
    told = rules.one_offs if rules is not None else ()
    named = [one.voucher for one in told if one.fund == fund.id]
    said = read.books.said
    one_offs = one_offs_of(
        vouchers, said, named, lambda paid: reissues_of(fund.no_batches(), said, paid)
    )
    heads = heads_by_line(fund.no_batches(), said, year, until, one_offs.batches)
    return FundHistory(
        fund.id,
        chain.records,
        chain.head,
        lines,
        tuple(findings),
        months[0] if months else "",
        paid_months(payments, year),
        spent_by_month(movements, one_offs.vouchers),
        owed_before(movements, year, one_offs.matters),
        one_offs,
        left_out(vouchers, one_offs, year, until),
        due_by_month(movements, by_what_came_due | (lines.keys() - heads.keys()), one_offs.matters),
        lots_until(movements) if fund.charter.fund.carry_over == "keep" else {},
        heads,
    )


@contextmanager
def reading(
    funds: Sequence[Reader],
    year: int,
    until: date,
    progress: Progress | None = None,
    *,
    rules: BudgetRules | None = None,
) -> Iterator[Callable[[], Iterator[FundHistory]]]:
    """Begin to read the history of each fund; gives what reads the rest, each as it comes.

    With large journals a second process begins, where there can be one, and both share what is left
    then, so that they come in no order; that makes no difference to what is raised.  `progress` is
    told fund, its place and funds in all, of those that are read in this process.
    Raises as `fund_history` does, of the first fund that does not hold.
    """

    def read(fund: Reader) -> FundHistory:
        return fund_history(fund, year, until, rules)

    def begun(at: int) -> None:
        if progress is not None:
            progress(funds[at].id, at, len(funds))

    large = len(funds) > 1 and sum(fund.journal_bytes() for fund in funds) >= _SHARED_BYTES
    with shared(read, funds, worthwhile=large) as rest:
        yield lambda: (history for _, history in rest(begun))
