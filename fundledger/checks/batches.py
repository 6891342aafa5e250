"""Batches of payments: each step in its turn, by who may, on evidence, and posted as it must."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from fundledger.checks.catalogue import Check, Gates, Hits, check
from fundledger.checks.corrections import posted_before
from fundledger.ledger.batches.postings import posted
from fundledger.ledger.books import Books
from fundledger.ledger.entry import Entry
from fundledger.ledger.record import Record

BATCH_EVENT = "batch-"
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
        (day, Counter(postings)) for day, postings in wanted
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
