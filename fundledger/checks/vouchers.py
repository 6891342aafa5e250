"""Vouchers: what 会计基础工作规范 art. 51 asks of each one."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from fundledger.checks.catalogue import Gates, Hits, Sees, check
from fundledger.ledger.books import Books
from fundledger.ledger.chart import BANK, CASH, PRIOR_YEAR_ADJUSTMENT, Role
from fundledger.ledger.entry import Entry
from fundledger.ledger.events import EVENTS
from fundledger.money import LIMIT_FEN

TEXT_LENGTH = 512
_WITHOUT_APPROVAL = frozenset({"reversal", "year-end"})
APPROVAL = re.compile(r"(?=.*\d)(?!S\d{2,4}$).{4,}")
_SPENT = frozenset({Role.EXPENSE, PRIOR_YEAR_ADJUSTMENT})
_LINK = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}", re.ASCII)
UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0]")
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_CODE = re.compile(r"S\d{2,4}", re.ASCII)


@check("FL301", Gates.ALWAYS, Sees.NUMBER)
def number_gap(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """Numbers run on without a gap in each fund and month."""
    expected = new.previous_number + 1
    if new.voucher.number > expected:
        yield new.ref, {"number": new.voucher.number, "expected": expected}


@check("FL302", Gates.ALWAYS, Sees.NUMBER)
def number_twice(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """No two vouchers of a month have one number."""
    if new.voucher.number <= new.previous_number:
        expected = new.previous_number + 1
        yield new.ref, {"number": new.voucher.number, "expected": expected}


@check("FL303", Gates.ALWAYS, Sees.LAYOUT)
def no_attachment(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """Every voucher has source documents, but for closing and correcting ones (art. 51(4))."""
    event = EVENTS.get(new.voucher.event)
    if new.voucher.attachments < 1 and (event is None or event.papers):
        yield "attachments", {"event": new.voucher.event}


@check("FL304", Gates.ALWAYS, Sees.PARTIES)
def maker_is_reviewer(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """Who made a voucher does not review it."""
    if new.voucher.maker == new.voucher.reviewer:
        yield new.voucher.maker, {"staff": new.voucher.maker}


@check("FL305", Gates.ALWAYS, Sees.PARTIES)
def incompatible_roles(new: Entry, books: Books) -> Hits:
    """No person acts on one voucher in two roles that must be apart (不相容岗位)."""
    voucher = new.voucher
    acting = {
        "maker": voucher.maker,
        "reviewer": voucher.reviewer,
        "poster": voucher.poster,
        "cashier": voucher.cashier,
    }
    for first, second in books.charter.controls.incompatible:
        if {first, second} == {"maker", "reviewer"}:
            continue
        person = acting.get(first)
        if person is not None and person == acting.get(second):
            yield person, {"staff": person, "first": first, "second": second}


@check("FL342", Gates.ALWAYS, Sees.PARTIES)
def no_cashier(new: Entry, books: Books) -> Hits:
    """What moves the bank account or cash names the cashier (art. 51(1)), where the rules ask.

    Opening balances and red copies move no money.
    """
    voucher = new.voucher
    if (
        voucher.cashier is None
        and books.charter.controls.cashier_signs
        and voucher.event not in {"opening", "reversal"}
        and not {BANK, CASH}.isdisjoint(new.names)
    ):
        yield "cashier", {"event": voucher.event}


@check("FL307", Gates.ALWAYS, Sees.PARTIES)
def closed_period(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """Nothing is posted into a closed month."""
    month = new.month
    if month <= new.closed_through:
        yield month, {"month": month, "closed_through": new.closed_through}


@check("FL308", Gates.ALWAYS, Sees.SHAPE)
def unbalanced(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """Debits equal credits to the fen, in CNY and in the memo commodity of the budget."""
    cny_fen = 0
    cnyb_fen = 0
    for posting, account in new.lines:
        if account.kind == "budget":
            cnyb_fen += posting.signed_fen
        else:
            cny_fen += posting.signed_fen
    if cny_fen:
        yield "CNY", {"commodity": "CNY", "amount_fen": cny_fen}
    if cnyb_fen:
        yield "CNYB", {"commodity": "CNYB", "amount_fen": cnyb_fen}


@check("FL311", Gates.ALWAYS, Sees.TEXT)
def unclean_text(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """Texts are printable, in NFC, not empty and not endless; links and digests of their form."""
    voucher = new.voucher
    if not voucher.narration.strip() or unclean(voucher.narration):
        yield "narration", {"field": "narration"}
    if voucher.approval is not None and (not voucher.approval or unclean(voucher.approval)):
        yield "approval", {"field": "approval"}
    if not all(_LINK.fullmatch(link) for link in voucher.links):
        yield "links", {"field": "links"}
    if not all(_DIGEST.fullmatch(digest) for digest in voucher.documents):
        yield "documents", {"field": "documents"}


@check("FL340", Gates.ALWAYS, Sees.TEXT, concerns=lambda layout: layout.approved)
def approval_of_nothing(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """An approval is named by its document's number: four letters or more, with a figure in it."""
    approval = new.voucher.approval or ""
    if approval and not unclean(approval) and not APPROVAL.fullmatch(approval):
        yield "approval", {"approval": approval[:40]}


def unclean(text: str) -> bool:
    """Whether a text is too long, not printable, not in NFC, or holds what nobody sees."""
    return (
        len(text) > TEXT_LENGTH
        or not text.isprintable()
        or not unicodedata.is_normalized("NFC", text)
        or UNSEEN.search(text) is not None
    )


@check("FL312", Gates.ALWAYS, Sees.PARTIES)
def impossible_date(new: Entry, books: Books) -> Hits:
    """A voucher is dated in the fund's life and not after the day it is recorded."""
    fund = books.charter.fund
    day = new.voucher.date
    if day < fund.opened or (fund.closed is not None and day > fund.closed):
        yield new.day, {"date": new.day, "reason": "fund"}
    elif new.day > new.record.at[:10]:
        yield new.day, {"date": new.day, "reason": "future"}


@check("FL315", Gates.ALWAYS, Sees.PARTIES)
def unknown_staff(new: Entry, books: Books) -> Hits:
    """Whoever signs a voucher holds that role on the day it is recorded."""
    voucher = new.voucher
    day = date.fromisoformat(new.record.at[:10])
    for role, person in (
        ("maker", voucher.maker),
        ("reviewer", voucher.reviewer),
        ("poster", voucher.poster),
        ("cashier", voucher.cashier),
    ):
        if person is not None and not books.accounts.holds(person, role, day):
            shown = person if _CODE.fullmatch(person) else "?"
            yield role, {"role": role, "staff": shown, "date": day.isoformat()}


@check(
    "FL316",
    Gates.ACTS,
    concerns=lambda layout: (
        not layout.approved
        and layout.event not in _WITHOUT_APPROVAL
        and (layout.has(*_SPENT, debit=True) or layout.has(BANK, debit=False))
    ),
    floor=lambda chart: chart.charter.controls.approval_threshold_fen,
)
def approval_missing(new: Entry, books: Books) -> Hits:
    """What is paid or leaves the bank, at or over the threshold, names who approved it."""
    limit_fen = books.charter.controls.approval_threshold_fen
    spent_fen = 0
    banked_fen = 0
    for posting, account in new.lines:
        if account.role in _SPENT and posting.signed_fen > 0:
            spent_fen += posting.signed_fen
        elif account.name == BANK:
            banked_fen += posting.signed_fen
    paid_fen = max(spent_fen, -banked_fen)
    if paid_fen >= limit_fen:
        yield "approval", {"amount_fen": paid_fen, "limit_fen": limit_fen}


@check("FL317", Gates.NEVER, concerns=lambda layout: layout.documents)
def document_twice(new: Entry, books: Books) -> Hits:
    """One source document is the ground of one voucher only (财会〔2024〕12号 art. 21(2))."""
    if new.voucher.event in {"correction", "interfund"} and new.voucher.corrects:
        return
    for digest in new.voucher.documents:
        first = books.documents[digest]
        if first is not None and first != new.ref:
            yield digest, {"digest": digest[:12], "first": first}


@check("FL319", Gates.ALWAYS, Sees.SHAPE)
def malformed(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """A voucher has a known event and two lines or more, none of them zero or out of range."""
    voucher = new.voucher
    if voucher.event not in EVENTS:
        yield "event", {"reason": "event", "value": voucher.event[:40]}
    if len(voucher.postings) < 2:  # noqa: PLR2004 - double entry
        yield "postings", {"reason": "lines", "value": len(voucher.postings)}
    for posting in voucher.postings:
        if not 0 < abs(posting.signed_fen) <= LIMIT_FEN:
            yield posting.account, {"reason": "amount", "value": posting.signed_fen}
