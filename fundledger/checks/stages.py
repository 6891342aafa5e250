"""Stages of a budget: none is skipped or taken twice, and what is adopted is what was approved."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from fundledger.checks.catalogue import Gates, Hits, Sees, check
from fundledger.checks.vouchers import APPROVAL, unclean
from fundledger.ledger.books import Books
from fundledger.ledger.entry import Entry
from fundledger.ledger.provisional import given_before_approval
from fundledger.ledger.record import Record
from fundledger.ledger.stages import STAGES, Staged, approved_stage
from fundledger.ledger.voucher import BUDGET_ROOT
from fundledger.people.personal import personal

STAGE_ROLES = {
    "declared": ("maker", "handler", "reviewer", "chief", "approver"),
    "controlled": ("maker", "reviewer", "chief", "approver"),
    "revised": ("maker", "handler", "reviewer", "chief", "approver"),
    "approved": ("approver", "chief"),
}
"""The roles of which one is needed to record each stage."""
_HANDED_UP = frozenset({"declared", "revised"})
_APPROVED = re.compile(rf"{BUDGET_ROOT}(\d{{4}}):Approved:([^:]+):([^:]+)", re.ASCII)


def _taken(record: Record, books: Books) -> tuple[list[Staged], Staged | None]:
    """Return the stages of its year before a record, and its own; None where it is of none."""
    if record.kind != "budget-stage":
        return [], None
    *before, own = books.stages[str(record.body["year"])]
    return before, own


@check("FL507", Gates.ALWAYS)
def stage_out_of_turn(record: Record, books: Books) -> Hits:
    """Stages follow one another; the last one may be taken again if it says that it replaces.

    Nothing is posted on a day before the document that it rests on.
    """
    before, own = _taken(record, books)
    if own is None:
        return
    body = own.body
    reasons = [_out_of_order(before, own)]
    if before and body.on < before[-1].body.on:
        reasons.append("before")
    if body.on > record.at[:10]:
        reasons.append("future")
    if int(body.on[:4]) not in {body.year - 1, body.year}:
        reasons.append("year")
    if not before and body.stage != "approved" and _adopted(body.year, books):
        reasons.append("adopted")
    if any(voucher.date.isoformat() < body.on for voucher in record.vouchers):
        reasons.append("posted")
    last = before[-1].body.stage if before else ""
    details = {"year": body.year, "stage": body.stage, "last": last, "date": body.on}
    for reason in filter(None, reasons):
        yield str(body.year), {**details, "reason": reason}


def _out_of_order(before: list[Staged], own: Staged) -> str:
    """Return what is wrong with the place of a stage among those of its year, or nothing."""
    last = before[-1] if before else None
    step = STAGES.index(own.body.stage) - (STAGES.index(last.body.stage) if last else -1)
    if last is not None and last.body.stage == "approved":
        return "approved"
    if step < 0:
        return "back"
    if step > 1:
        return "skipped"
    if step == 0 and not own.body.replaces:
        return "twice"
    stands_for = last.sequence if last is not None and step == 0 else 0
    return "" if own.body.replaces == stands_for else "replaces"


def _adopted(year: int, books: Books) -> bool:
    """Whether lines have an approved budget of a year already."""
    root = f"{BUDGET_ROOT}{year}:Approved:"
    return any(books.fen(name) for name in books.account_names() if name.startswith(root))


@check("FL509", Gates.ALWAYS)
def approved_otherwise(record: Record, books: Books) -> Hits:
    """What is approved is posted by its own record, line by line to the fen, and nothing else.

    It takes in what was given before it.
    """
    _, own = _taken(record, books)
    if own is None:
        return
    approves = own.body.stage == "approved"
    for voucher in record.vouchers:
        if voucher.event != "budget-adopt" or not approves:
            yield voucher.ref, _apart(own, 0, 0, "event")
    if approves:
        for line, fen in given_before_approval(books, own.body.year).items():
            yield ":".join(line), _apart(own, 0, fen, "provisional")
    said, posted = _said(own), _posted(record)
    for key in sorted(said.keys() | posted.keys()):
        if said[key] != posted[key]:
            yield ":".join(key[1:]), _apart(own, said[key], posted[key], "line")


def _said(own: Staged) -> Counter[tuple[str, ...]]:
    """Return what an approval gives, by year, unit and category."""
    found: Counter[tuple[str, ...]] = Counter()
    if own.body.stage == "approved":
        for one in own.body.lines:
            found[str(own.body.year), *one.line] += one.amount_fen
    return found


def _posted(record: Record) -> Counter[tuple[str, ...]]:
    """Return the approved budget that a record posts, by year, unit and category."""
    found: Counter[tuple[str, ...]] = Counter()
    for voucher in record.vouchers:
        for posting in voucher.postings:
            if account := _APPROVED.fullmatch(posting.account):
                found[account.groups()] -= posting.signed_fen
    return found


def _apart(own: Staged, said_fen: int, posted_fen: int, reason: str) -> dict[str, object]:
    return {
        "year": own.body.year,
        "stage": own.body.stage,
        "said_fen": said_fen,
        "posted_fen": posted_fen,
        "amount_fen": posted_fen - said_fen,
        "reason": reason,
    }


@check(
    "FL574",
    Gates.ALWAYS,
    concerns=lambda layout: layout.has("Approved") and layout.event != "donor-refund",
)
def adopted_beside_its_stages(new: Entry, books: Books) -> Hits:
    """A budget with stages is adopted by its approval alone, and changed only after it.

    The approval's own voucher is undone by nothing: what follows is a supplement or a reduction,
    on no day before the document that approves it.
    """
    if new.record.kind == "budget-stage":
        return
    years = {account.year for account in new.accounts if account.budget_kind == "Approved"}
    for year in sorted(years):
        stages = books.stages[str(year)]
        approved = approved_stage(books, year) if stages else None
        reason = ""
        if stages and approved is None:
            reason = "early"
        elif approved is not None and new.voucher.event == "budget-adopt":
            reason = "again"
        elif approved is not None and new.voucher.reverses in approved.refs:
            reason = "undone"
        elif approved is not None and new.voucher.date.isoformat() < approved.body.on:
            reason = "before"
        if reason:
            last = stages[-1].body.stage
            yield str(year), {"year": year, "reason": reason, "last": last}


@check("FL575", Gates.ALWAYS)
def stage_by_no_one_who_may(record: Record, books: Books) -> Hits:
    """Each stage is recorded by a post that may, and none approves what they handed up."""
    before, own = _taken(record, books)
    if own is None:
        return
    stage = own.body.stage
    day = date.fromisoformat(record.at[:10])
    allowed = STAGE_ROLES[stage]
    details = {"year": own.body.year, "stage": stage, "roles": " / ".join(allowed)}
    if not any(books.accounts.holds(record.actor, role, day) for role in allowed):
        yield record.actor[:12], {**details, "reason": "role"}
    handed_up = {one.actor for one in before if one.body.stage in _HANDED_UP}
    if stage == "approved" and record.actor in handed_up:
        yield record.actor[:12], {**details, "reason": "same"}


@check("FL576", Gates.ALWAYS)
def stage_line_false(record: Record, books: Books) -> Hits:
    """A stage gives each line once, and only purposes of the fund that are in force in its year.

    It is whole: what the stage before has is not left out, but given nothing in figures.
    """
    before, own = _taken(record, books)
    if own is None:
        return
    first, last = date(own.body.year, 1, 1), date(own.body.year, 12, 31)
    in_force = {
        (purpose.unit, purpose.category)
        for purpose in books.charter.fund.purposes
        if purpose.from_date <= last and (purpose.until is None or first <= purpose.until)
    }
    seen: set[tuple[str, str]] = set()
    for one in own.body.lines:
        reason = "twice" if one.line in seen else "" if one.line in in_force else "purpose"
        seen.add(one.line)
        if reason:
            line = ":".join(one.line)[:120]
            details = {"line": line, "year": own.body.year, "reason": reason}
            yield line, {**details, "amount_fen": one.amount_fen}
    for one in before[-1].body.lines if before else ():
        if one.line in in_force and one.line not in seen:
            line = ":".join(one.line)
            details = {"line": line, "year": own.body.year, "reason": "left-out"}
            yield line, {**details, "amount_fen": one.amount_fen}


@check("FL577", Gates.ALWAYS, Sees.TEXT)
def stage_without_number(record: Record, books: Books) -> Hits:
    """A stage names its document's number, an approval also the conference's resolution."""
    _, own = _taken(record, books)
    if own is None:
        return
    body = own.body
    texts = {"document_number": body.document_number}
    if body.stage == "approved" or body.resolution:
        texts["resolution"] = body.resolution
    for field, text in texts.items():
        kind = personal(text)
        reason = ""
        if kind:
            reason = kind
        elif not APPROVAL.fullmatch(text) or unclean(text):
            reason = "form" if text else "missing"
        elif field == "resolution" and body.stage != "approved":
            reason = "early"
        if reason:
            yield field, {"field": field, "year": body.year, "stage": body.stage, "reason": reason}
