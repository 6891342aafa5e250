"""What goes to the joint conference beside a proposal: how the year before it stands, by fund.

All of it is read from the same records of the journals as the proposal was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from fundledger.budget.inputs import LineKey
from fundledger.budget.lots import FundLots, fund_lots
from fundledger.budget.model import Proposal
from fundledger.budget.movements import Movements
from fundledger.budget.outturn import Outturn, outturn_of
from fundledger.budget.paid import payments_of
from fundledger.budget.watch import OfficeStatus, Watch
from fundledger.earlier import earlier
from fundledger.errors import Refused
from fundledger.findings import Finding
from fundledger.ledger.batches.files import Unfit
from fundledger.ledger.batches.states import BATCH_EVENT, LineState
from fundledger.ledger.batches.timely import (
    NOT_COUNTED,
    Tally,
    payments_by_month,
    standings,
    summed_tallies,
)
from fundledger.ledger.virements import Virement, virements
from fundledger.reader import Folded, Reader

if TYPE_CHECKING:
    from fundledger.charter.budget import Target
    from fundledger.ledger.batches.batch import Batch
    from fundledger.ledger.books import Books
    from fundledger.ledger.voucher import Voucher
    from fundledger.office import Office

Progress = Callable[[str, int, int], None]
_NOT_SENT = frozenset({LineState.PLANNED, LineState.DROPPED, LineState.APPROVED})
_NOTHING_WRONG = frozenset({LineState.EXPORTED, LineState.UNKNOWN, LineState.PAID})


class Listed(NamedTuple):
    """What payment lists say of a line's year, in fen.

    `due_fen` was approved for its months, each entitlement once (`batches/timely.py`); `unpaid_fen`
    of it failed or came back, is here, and is neither paid again nor given up.
    """

    due_fen: int = 0
    unpaid_fen: int = 0


class Sent(NamedTuple):
    """How many payments went to the bank, and of how many nothing was wrong afterwards.

    A payment is wrong if it failed, came back or was asked back, whatever became of it then.
    """

    payments: int = 0
    sound: int = 0


@dataclass(frozen=True, slots=True)
class Performance:
    """How the year was paid: what was listed for its months, through accounts, and without error.

    `targets` are what is aimed at in the year of the proposal, by indicator; without a target none.
    Of `spent_fen` (all lines, as the proposal has it) `through_fen` was paid by batches, which go
    to the payees' accounts.
    """

    tally: Tally
    spent_fen: int
    through_fen: int
    sent: Sent
    targets: Mapping[str, Target]


@dataclass(frozen=True, slots=True)
class Documents:
    """The year before a proposal's on `day`: the day of the proposal, or that year's last.

    Lots, outturns and virements are by fund, in the order of the rules.  `listed` has the lines
    that payment lists pay, through the month of the proposal's cut-off, and `performance` too.
    `recorded_through` is by fund the last month that its books have, or nothing.
    """

    year: int
    day: date
    lots: tuple[FundLots, ...]
    status: OfficeStatus
    virements: Mapping[str, tuple[Virement, ...]]
    outturns: tuple[Outturn, ...]
    listed: Mapping[LineKey, Listed]
    performance: Performance
    recorded_through: Mapping[str, str]


def documents(office: Office, proposal: Proposal, progress: Progress | None = None) -> Documents:
    """Return what stands beside a proposal that was derived from this office's books.

    `progress` is told fund, funds done and funds in all.

    Raises:
        Refused: FL751, a list that has to be read is not there or not as it was.
        CharterInvalid, JournalBroken: the rules or a journal do not hold.

    """
    year = proposal.year - 1
    day = min(proposal.as_of, date(year, 12, 31))
    records = {book.fund: book.records for book in proposal.provenance.books}
    months = f"{year}-01", f"{year}-{proposal.months:02d}"
    watch = Watch(office, year, day)
    lots, statuses, moved, outturns, recorded = [], [], {}, [], {}
    listed: dict[LineKey, Listed] = {}
    tallies: list[Tally] = []
    sent = Sent()
    through_fen = 0
    for done, (fund, read) in enumerate(records.items()):
        if progress is not None:
            progress(fund, done, len(records))
        charter = office.charter.fund_charter(fund)
        reader = earlier(office.fund(fund), read)
        books, vouchers = folded = reader.folded()
        recorded[fund] = _recorded_through(folded)
        lots.append(fund_lots(books, day, charter))
        statuses.append(watch.fund(reader, books))
        moved[fund] = tuple(virements([one for one in vouchers if one.date <= day], year))
        outturns.append(outturn_of(folded, year, day, charter))
        own, tally = _listed(reader, books, months, day)
        listed |= {LineKey(fund, *line): found for line, found in own.items()}
        tallies.append(tally)
        sent = _sent(books.batches(), year, proposal.cut_off, sent)
        through_fen += _through_fen(vouchers, year, proposal.cut_off)
    histories = [line.history for line in proposal.lines]
    histories += [item.history for item in proposal.blocked]
    spent_fen = sum(history.actual_fen for history in histories)
    begins = date(proposal.year, 1, 1)
    performance = Performance(
        tally=summed_tallies(tallies),
        spent_fen=spent_fen,
        through_fen=through_fen,
        sent=sent,
        targets={one.indicator: one for one in office.budget_rules.targets if one.holds(begins)},
    )
    return Documents(
        year=year,
        day=day,
        lots=tuple(lots),
        status=watch.office(statuses),
        virements=moved,
        outturns=tuple(outturns),
        listed=listed,
        performance=performance,
        recorded_through=recorded,
    )


def _recorded_through(folded: Folded) -> str:
    """Return the last month that books have, or that was closed though nothing happened in it."""
    last = max((voucher.month for voucher in folded.vouchers), default="")
    return max(last, folded.books.head.closed_through) if last else ""


def _listed(
    reader: Reader, books: Books, months: tuple[str, str], day: date
) -> tuple[dict[tuple[str, str], Listed], Tally]:
    """Return by unit and category what lists pay of some months, and how all of it was paid."""
    first, last = months
    found: dict[tuple[str, str], Listed] = {}
    try:
        periods = books.periods()
        for batch in books.batches():
            for name, month, standing, total in standings(books, batch, periods):
                if standing.state in NOT_COUNTED or not first <= month <= last:
                    continue
                unit, _, category = name.partition(":")
                own = found.get((unit, category), Listed())
                unpaid_fen = total.amount_fen if standing.may_be_paid_again else 0
                found[unit, category] = Listed(
                    own.due_fen + total.amount_fen, own.unpaid_fen + unpaid_fen
                )
        rows = payments_by_month(books, reader.charter.controls, day)
    except Unfit as unfit:
        said = unfit.problem
        raise Refused(Finding(said.code, said.subject, said.details, reader.id)) from unfit
    return found, summed_tallies(row.tally for row in rows if first <= row.month <= last)


def _sent(batches: Sequence[Batch], year: int, until: date, so_far: Sent) -> Sent:
    """Return what was sent to the bank in a year through a day, with what is counted already."""
    payments, sound = so_far
    for batch in batches:
        if f"{year}-01-01" <= batch.exported_on <= until.isoformat():
            for standing, _, total in batch.groups():
                if standing.state not in _NOT_SENT:
                    payments += total.payments
                    sound += total.payments * (standing.state in _NOTHING_WRONG)
    return Sent(payments, sound)


def _through_fen(vouchers: Sequence[Voucher], year: int, until: date) -> int:
    """Return what of a year's expenditure the vouchers of batches paid, net of what came back."""
    of_batches = [one for one in vouchers if one.event.startswith(BATCH_EVENT)]
    payments = payments_of(Movements(of_batches, until), year)
    return sum(fen for payment in payments for fen in payment.paid.values())
