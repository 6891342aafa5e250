"""Batches of payments: each step in its turn, by who may, on evidence, and posted as it must."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from fundledger.checks.catalogue import Check, Gates, Hits, Layout, Sees, check
from fundledger.checks.corrections import posted_before
from fundledger.ledger.batches.batch import Batch
from fundledger.ledger.batches.postings import posted
from fundledger.ledger.batches.received import unlike
from fundledger.ledger.batches.states import BATCH_EVENT, LineState, Standing
from fundledger.ledger.books import Books
from fundledger.ledger.chart import (
    DUE_FROM_BANK,
    IN_TRANSIT,
    RECOVERY,
    RETURNED,
    SUBSIDY_PAYABLE,
    Account,
)
from fundledger.ledger.entry import Entry
from fundledger.ledger.record import Record
from fundledger.ledger.voucher import BUDGET_ROOT

_CAME_TO_NOTHING = frozenset({"failed", "returned", "reversed"})
_YEAR_DAYS = 366
_BANK_SAYS = ("maker", "poster", "cashier")
STEP_ROLES: Mapping[str, tuple[str, ...]] = {
    "prepare": ("maker", "handler"),
    "approve": ("approver",),
    "reject": ("approver",),
    "withdraw": ("approver",),
    "export": ("cashier",),
    "accept": _BANK_SAYS,
    "refuse": _BANK_SAYS,
    "result": _BANK_SAYS,
    "debit": _BANK_SAYS,
    "credit-back": _BANK_SAYS,
    "return": _BANK_SAYS,
    "take-back": _BANK_SAYS,
    "undo-debit": _BANK_SAYS,
    "undo-credit-back": _BANK_SAYS,
    "undo-return": _BANK_SAYS,
    "recover": _BANK_SAYS,
    "cancel": ("approver",),
    "unclaimed": ("approver",),
    "claim-back": ("approver",),
    "remit": ("approver", "chief"),
    "write-off": ("approver", "chief"),
}
"""The roles of which one is needed for each step of a batch (不相容岗位: 财会〔2012〕21号)."""


def _of_the_fold(code: str, what: str) -> Check:
    """Return the check that tells what the fold of batches found under a code."""

    def found(record: Record, books: Books) -> Hits:
        if record.kind == "batch":
            for problem in books.advanced.problems:
                if problem.code == code:
                    yield problem.subject, problem.details

    found.__name__ = what
    found.__doc__ = what.replace("_", " ")
    return check(code, Gates.ALWAYS)(found)


out_of_turn = _of_the_fold("FL750", "out_of_turn")
list_not_there = _of_the_fold("FL751", "list_not_there")
list_says_otherwise = _of_the_fold("FL752", "list_says_otherwise")
paid_elsewhere = _of_the_fold("FL753", "paid_elsewhere")
reissue_without_ground = _of_the_fold("FL757", "reissue_without_ground")
no_evidence = _of_the_fold("FL759", "no_evidence")


@check("FL754", Gates.ALWAYS)
def approved_by_its_maker(record: Record, books: Books) -> Hits:
    """Who prepared a batch, or made the voucher of its approval, does not approve it."""
    if record.kind != "batch" or record.body["step"] != "approve":
        return
    batch = books.batch(record.body["batch"])
    makers = {voucher.maker for voucher in record.vouchers}
    if batch is not None:
        makers.add(batch.maker)
    if record.actor in makers:
        yield record.actor[:12], {"batch": record.body["batch"], "staff": record.actor[:12]}


@check("FL755", Gates.ALWAYS)
def posted_otherwise(record: Record, books: Books) -> Hits:
    """A step of a batch posts what its lines come to, a voucher a day, and nothing else."""
    if record.kind != "batch" or books.advanced.problems:
        return
    step, batch = record.body["step"], record.body["batch"]
    keeps = books.charter.fund.carry_over == "keep"
    wanted = posted(step, books.advanced.moves, keeps=keeps)
    found = [
        (voucher.date.isoformat(), Counter(voucher.postings))
        for voucher in record.vouchers
        if voucher.event == f"{BATCH_EVENT}{step}" and not voucher.closing
    ]
    if len(found) != len(record.vouchers) or found != [
        (one.on, Counter(one.postings)) for one in wanted
    ]:
        yield batch, {"batch": batch, "step": step}


@check(
    "FL756",
    Gates.ALWAYS,
    concerns=lambda layout: (
        layout.event.startswith(BATCH_EVENT) or layout.reverses or layout.corrects
    ),
)
def batch_event_outside(new: Entry, books: Books) -> Hits:
    """What befalls a batch is recorded as its step, and is not reversed beside it."""
    voucher = new.voucher
    if voucher.event.startswith(BATCH_EVENT):
        if new.record.kind != "batch" or voucher.reverses or voucher.corrects:
            yield voucher.event, {"event": voucher.event, "reason": "outside"}
        return
    for ref in filter(None, (voucher.reverses, voucher.corrects)):
        original = posted_before(ref, new, books)
        if original is not None and original.event.startswith(BATCH_EVENT):
            yield ref, {"event": original.event, "reason": "reversed"}


def _takes(layout: Layout) -> bool:
    """Whether a voucher beside the batches takes from an account that also stands for payments."""
    beside = not layout.event.startswith(BATCH_EVENT) and not layout.closing
    return beside and (
        layout.has(DUE_FROM_BANK, RECOVERY, "Encumbered", debit=False)
        or layout.has(SUBSIDY_PAYABLE, IN_TRANSIT, RETURNED, debit=True)
    )


@check("FL797", Gates.ALWAYS, Sees.STATE, concerns=_takes)
def taken_from_payments(entries: Sequence[Entry], books: Books) -> Hits:
    """What is set aside for payments, owed by the bank or asked back, is moved by batches alone.

    So is what is set aside for emergency advances, by their settlement.
    """
    held = books.held()
    least_fen = {
        SUBSIDY_PAYABLE: (-1, held.subsidy_payable_fen),
        IN_TRANSIT: (-1, held.in_transit_fen),
        RETURNED: (-1, held.returned_fen),
        DUE_FROM_BANK: (1, held.due_from_bank_fen),
        RECOVERY: (1, held.recovery_fen),
    }
    accounts = {
        account.name: account
        for entry in entries
        if entry.record.kind != "batch"
        for account in entry.accounts
    }
    for name, account in sorted(accounts.items()):
        left_fen = needed_fen = 0
        if name in least_fen:
            sign, needed_fen = least_fen[name]
            left_fen = sign * books.fen(name)
        elif account.budget_kind == "Encumbered":
            needed_fen = books.set_aside_fen(account.unit, account.category)
            needed_fen += books.advanced_fen(account.unit, account.category)
            left_fen = _encumbered_fen(account, books)
        if left_fen < needed_fen and needed_fen > 0:
            details = {"account": name, "needed_fen": needed_fen}
            yield name, {**details, "left_fen": left_fen, "amount_fen": needed_fen - left_fen}


def _encumbered_fen(account: Account, books: Books) -> int:
    """Return what is encumbered on a budget line in all years: a year end moves it on."""
    tail = f":Encumbered:{account.unit}:{account.category}"
    years = {month[:4] for month, _ in books.months.rows()}
    years |= {str(int(year) + 1) for year in years}
    return sum(books.fen(f"{BUDGET_ROOT}{year}{tail}") for year in sorted(years))


@check("FL758", Gates.ALWAYS)
def apart_from_its_lines(record: Record, books: Books) -> Hits:
    """After each step the control accounts hold what the lines in their states come to."""
    if record.kind != "batch" or books.advanced.problems:
        return
    for account, fen in books.apart_fen().items():
        yield account, {"account": account, "amount_fen": fen}


@check("FL748", Gates.ALWAYS)
def step_by_no_one_who_may(record: Record, books: Books) -> Hits:
    """Each step of a batch is by somebody whose post it is."""
    if record.kind != "batch":
        return
    allowed = STEP_ROLES.get(record.body["step"], ())
    day = date.fromisoformat(record.at[:10])
    if allowed and not any(books.accounts.holds(record.actor, role, day) for role in allowed):
        roles = " / ".join(allowed)
        yield record.actor[:12], {"step": record.body["step"], "roles": roles}


def orphans(names: Iterable[str], books: Books) -> list[str]:
    """Return the digests of lists that lie there and that no record names."""
    return [name for name in names if name not in books.named_lists]


@check("FL898", Gates.NEVER)
def received_otherwise(books: Books, as_of: date) -> Hits:
    """The bank took in what was sent: count, sum and digest of the file (R8)."""
    for batch in books.batches():
        found = unlike(batch) if batch.accepted_on <= as_of.isoformat() else None
        if found is not None:
            yield batch.id, {**found._asdict(), "amount_fen": found.apart_fen}


@check("FL796", Gates.NEVER)
def payment_left_open(books: Books, as_of: date) -> Hits:
    """What was approved is paid, what was sent is answered, what came back is paid again, in time.

    What failed or came back is held against the days for a reissue, what nobody claimed against the
    years of carry-over, all else against the days after which an open item is looked into.
    """
    controls = books.charter.controls
    for batch in books.batches():
        found: dict[tuple[str, str], list[int]] = {}
        for standing, _, total in batch.groups():
            since = _open_since(batch, standing)
            if since:
                own = found.setdefault((str(standing.state), since), [0, 0])
                own[0] += total.payments
                own[1] += total.amount_fen
        for (state, since), (count, fen) in sorted(found.items()):
            limit_days = controls.aged_item_days
            if state in _CAME_TO_NOTHING:
                limit_days = controls.reissue_days
            elif state == LineState.UNCLAIMED:
                limit_days = controls.carry_over_years * _YEAR_DAYS
            age_days = (as_of - date.fromisoformat(since)).days
            if age_days > limit_days:
                details = {"batch": batch.id, "state": state, "count": count, "since": since}
                yield batch.id, {**details, "age_days": age_days, "amount_fen": fen}


def _open_since(batch: Batch, standing: Standing) -> str:
    """Return the day since which a line waits, or an empty text if it does not."""
    if standing.state is LineState.UNCLAIMED:
        return max(batch.exported_on, standing.last_on)
    if not standing.open or standing.state is LineState.PLANNED:
        return ""
    if standing.state is LineState.APPROVED:
        return batch.approved_on
    return max(batch.exported_on, standing.last_on)
