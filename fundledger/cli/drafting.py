"""From what a clerk said, in options or in a row of a table, to a draft."""

from __future__ import annotations

import errno
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.cli.accounts import account_named, chart_of
from fundledger.cli.happenings import FORMS, Facts, postings_of
from fundledger.cli.named import line_named, source_named
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.fund import file_digest
from fundledger.ledger.events import EVENTS, RESTING
from fundledger.ledger.voucher import Draft, Posting, credit, debit
from fundledger.tables.files import irregular, unusable

if TYPE_CHECKING:
    from fundledger.charter import FundCharter

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
DECISIONS = frozenset(
    (
        "advance",
        "donor-refund",
        "budget-adopt",
        "provisional",
        "supplement",
        "reduction",
        "virement",
    )
)
"""What somebody above decides, in a document with a number (批准文号), whatever the amount."""
OPTIONS: Mapping[str, str] = {
    "amount_fen": "--amount",
    "line": "--line",
    "source": "--source",
    "giver": "--from",
    "taker": "--to",
    "due_from": "--due-from",
    "due_to": "--due-to",
    "settle": "--settle",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What a voucher says beside its postings; `documents` are digests (art. 51)."""

    day: date
    narration: str
    maker: str
    reviewer: str
    poster: str | None = None
    cashier: str | None = None
    approval: str | None = None
    attachments: int | None = None
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said of an event, as text where the charter must know it."""

    amount_fen: int | None = None
    source: str | None = None
    line: str | None = None
    giver: str | None = None
    taker: str | None = None
    due_from: str | None = None
    due_to: str | None = None
    settle: bool = False
    paid_by: str | None = None
    debits: tuple[tuple[str, int], ...] = ()
    credits: tuple[tuple[str, int], ...] = field(default=())


def draft_of(
    slug: str, papers: Papers, postings: Sequence[Posting], paid_by: str | None = None
) -> Draft:
    """Return the draft of an event with these postings.

    `paid_by` is the voucher that it rests on: that paid what is claimed from another fund, or the
    advance that is settled, or that took in the donation that is refunded.
    """
    count = len(papers.documents) if papers.attachments is None else papers.attachments
    return Draft(
        date=papers.day,
        narration=papers.narration,
        maker=papers.maker,
        reviewer=papers.reviewer,
        poster=papers.poster,
        cashier=papers.cashier,
        approval=papers.approval,
        attachments=count,
        documents=papers.documents,
        event=FORMS[slug].event,
        postings=tuple(postings),
        corrects=paid_by,
    )


def not_claimed(slug: str, paid_by: str | None, said: Said, what: str) -> list[Finding]:
    """Return that a voucher is named to rest on where an event rests on none.

    FL970 where other funds are dealt with, FL925 elsewhere.
    """
    claimed = slug in RESTING and not said.due_to and not said.settle
    if not paid_by or claimed:
        return []
    if slug == "interfund":
        return [Finding("FL970", what)]
    event = EVENTS[FORMS[slug].event]
    return [Finding("FL925", what, {"event": slug, "event_zh": event.zh, "event_en": event.en})]


def undecided(slug: str, approval: str | None, what: str) -> list[Finding]:
    """Return that a decision on the budget lacks its document number, if it does (FL957)."""
    if slug not in DECISIONS or approval:
        return []
    event = EVENTS[FORMS[slug].event]
    details = {"event": slug, "event_zh": event.zh, "event_en": event.en}
    return [Finding("FL957", what, details)]


def said_postings(
    slug: str, said: Said, charter: FundCharter, day: date, named: Callable[[str], str]
) -> tuple[Posting, ...]:
    """Return the postings of what is said: by the event's form, or line by line as given.

    Raises:
        InputInvalid: FL923, FL925, FL926, FL932, FL947.

    """
    wrong: list[Finding] = []
    line = source = None
    try:
        line = line_named(said.line, charter, named("line")) if said.line else None
    except InputInvalid as error:
        wrong += error.findings
    try:
        source = source_named(said.source, charter, named("source")) if said.source else None
    except InputInvalid as error:
        wrong += error.findings
    if wrong:
        raise InputInvalid(wrong)
    if said.debits or said.credits:
        given = [name for name in OPTIONS if getattr(said, name)]
        if given:
            raise InputInvalid(
                Finding("FL947", named(name), {"other": "--debit, --credit"}) for name in given
            )
        return _line_by_line(said, charter)
    facts = Facts(
        amount_fen=said.amount_fen,
        source=source,
        line=line,
        giver=said.giver,
        taker=said.taker,
        due_from=said.due_from,
        due_to=said.due_to,
        settle=said.settle,
        paid_by=said.paid_by,
    )
    return postings_of(slug, facts, charter, day, named)


def _line_by_line(said: Said, charter: FundCharter) -> tuple[Posting, ...]:
    """Return the postings as they were typed, each account by any of its names."""
    book = chart_of(charter)
    postings: list[Posting] = []
    wrong: list[Finding] = []
    sides = (("--debit", debit, said.debits), ("--credit", credit, said.credits))
    for name, side, lines in sides:
        for account, amount_fen in lines:
            try:
                postings.append(side(account_named(account, book, name), amount_fen))
            except InputInvalid as error:
                wrong += error.findings
    if wrong:
        raise InputInvalid(wrong)
    return tuple(postings)


def document_digest(text: str, folder: Path | None = None) -> str:
    """Return the sha256 of a document: of the file, or as given in 64 hexadecimal digits.

    Raises:
        InputInvalid: FL927, the file cannot be read.

    """
    if _DIGEST.fullmatch(text):
        return text
    path = (folder or Path()) / text
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputInvalid(irregular(text))
        return file_digest(path)
    except OSError as error:
        raise InputInvalid(unusable(text, error)) from None
    except ValueError:
        raise InputInvalid(unusable(text, OSError(errno.ENOENT, ""))) from None
