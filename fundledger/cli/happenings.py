"""What a clerk can say of one event, and the postings that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

import click

from fundledger.cli.accounts import account_named, chart_of
from fundledger.cli.moves import moved
from fundledger.cli.named import Line, known_in, line_named, not_allowed
from fundledger.cli.nearest import nearest_first
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger import chart, drafts
from fundledger.ledger.events import EVENTS
from fundledger.ledger.voucher import Posting, credit, debit

if TYPE_CHECKING:
    from fundledger.charter import FundCharter
    from fundledger.cli.session import Session

Postings = tuple[Posting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is said of one event: the fields that its kind takes, the others left out.

    `source` by its slug, `line` as unit and category, the other fund by its id; `giver` and `taker`
    are an account or a budget line as it was typed; `paid_by` is the voucher that it rests on.
    """

    amount_fen: int | None = None
    source: str | None = None
    line: Line | None = None
    giver: str | None = None
    taker: str | None = None
    due_from: str | None = None
    due_to: str | None = None
    settle: bool = False
    paid_by: str | None = None


FIELDS = tuple(field.name for field in fields(Facts) if field.name != "paid_by")


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of event as a clerk fills it in: what it needs, what it may have besides."""

    event: str
    needs: tuple[str, ...]
    build: Callable[[Facts, FundCharter, int], Postings]
    may: tuple[str, ...] = ()


def _fen(facts: Facts) -> int:
    return facts.amount_fen or 0


def _line(facts: Facts) -> Line:
    return facts.line or ("", "")


def _plain(build: Callable[[int], Postings]) -> Callable[[Facts, FundCharter, int], Postings]:
    return lambda facts, _charter, _year: build(_fen(facts))


def _lined(
    build: Callable[[int, Line, int], Postings],
) -> Callable[[Facts, FundCharter, int], Postings]:
    return lambda facts, _charter, year: build(year, _line(facts), _fen(facts))


def _allocation(facts: Facts, charter: FundCharter, year: int) -> Postings:
    del charter, year
    return drafts.allocation(str(facts.source), _fen(facts))


def _interest(facts: Facts, charter: FundCharter, year: int) -> Postings:
    del year
    return drafts.interest(_fen(facts), charter.fund.interest)


def _transfer(facts: Facts, charter: FundCharter, year: int) -> Postings:
    del year
    book = chart_of(charter)
    names: list[str] = []
    wrong: list[Finding] = []
    for field in ("giver", "taker"):
        try:
            names.append(account_named(str(getattr(facts, field)), book, field))
        except InputInvalid as error:
            wrong += error.findings
    if wrong:
        raise InputInvalid(wrong)
    return moved(names[0], names[1], _fen(facts), book)


def _virement(facts: Facts, charter: FundCharter, year: int) -> Postings:
    giver = line_named(str(facts.giver), charter, "giver")
    taker = line_named(str(facts.taker), charter, "taker")
    return drafts.virement(year, giver, taker, _fen(facts))


def _advance_return(facts: Facts, charter: FundCharter, year: int) -> Postings:
    """Return the postings of what comes back of an advance, by the year in which it was paid."""
    lapsed = _rests_on_earlier(facts, year) and charter.fund.carry_over != "keep"
    return drafts.advance_returned(year, _line(facts), _fen(facts), lapsed=lapsed)


def _donor_refund(facts: Facts, charter: FundCharter, year: int) -> Postings:
    del charter
    earlier = _rests_on_earlier(facts, year)
    return drafts.donation_refunded(year, facts.line, _fen(facts), earlier=earlier)


def _rests_on_earlier(facts: Facts, year: int) -> bool:
    """Whether the voucher that is named, such as 2026-03-0007, is of an earlier year."""
    return bool(facts.paid_by) and str(facts.paid_by)[:4] < str(year)


def _opening(facts: Facts, charter: FundCharter, year: int) -> Postings:
    del charter, year
    return debit(chart.BANK, _fen(facts)), credit(chart.CARRIED_FORWARD, _fen(facts))


def _interfund(facts: Facts, charter: FundCharter, year: int) -> Postings:
    """Return the postings of a due between funds, claimed or owed, arising or settled.

    One fund paid what was another's: the payer's expense turns into a claim, and the other's
    debt into an expense; settling moves the money.
    """
    other = facts.due_from or facts.due_to or ""
    component = charter.funds.get(other)
    side = "due_from" if facts.due_from else "due_to"
    if component is None:
        raise InputInvalid(not_allowed(side, other, dict.fromkeys(sorted(charter.funds), ("", ""))))
    amount_fen = _fen(facts)
    if facts.settle and facts.due_from:
        return drafts.claim_settled(component, amount_fen)
    build = drafts.claimed if facts.due_from else drafts.owed
    if facts.settle:
        build = drafts.debt_settled
    return build(year, _line(facts), component, amount_fen)


_BY_BUDGET = frozenset(
    (
        "budget-adopt",
        "provisional",
        "supplement",
        "reduction",
        "allot",
        "encumber",
        "release",
        "virement",
    )
)
"""Events that have commands of their own below `fundledger budget`."""
_AMOUNT = ("amount_fen",)
_LINED = ("amount_fen", "line")
_MOVED = ("amount_fen", "giver", "taker")
FORMS: Mapping[str, Form] = {
    "allocation": Form("allocation", ("amount_fen", "source"), _allocation),
    "donation": Form("donation", _AMOUNT, _plain(drafts.donation)),
    "interest": Form("interest", _AMOUNT, _interest),
    "expense": Form("expense", _LINED, _lined(drafts.expense)),
    "advance": Form("advance", _LINED, _lined(drafts.advance)),
    "advance-settle": Form("advance-settle", _LINED, _lined(drafts.advance_settled)),
    "advance-return": Form("advance-return", _LINED, _advance_return),
    "donor-refund": Form("donor-refund", _AMOUNT, _donor_refund, ("line",)),
    "bank-fee": Form("bank-fee", _AMOUNT, _plain(drafts.bank_fee)),
    "unknown-credit": Form("unknown-credit", _AMOUNT, _plain(drafts.unknown_credit)),
    "unknown-debit": Form("unknown-debit", _AMOUNT, _plain(drafts.unknown_debit)),
    "transfer": Form("transfer", _MOVED, _transfer),
    "interfund": Form("interfund", _AMOUNT, _interfund, ("due_from", "due_to", "line", "settle")),
    "surrender": Form("surrender", _AMOUNT, _plain(drafts.surrender)),
    "opening": Form("opening", _AMOUNT, _opening),
    "budget-adopt": Form("budget-adopt", _LINED, _lined(drafts.adoption)),
    "provisional": Form("provisional", _LINED, _lined(drafts.provisional)),
    "supplement": Form("supplement", _LINED, _lined(drafts.adoption)),
    "reduction": Form("reduction", _LINED, _lined(drafts.reduction)),
    "allot": Form("allot", _LINED, _lined(drafts.allotment)),
    "encumber": Form("encumber", _LINED, _lined(drafts.encumbrance)),
    "release": Form("release", _LINED, _lined(drafts.release)),
    "virement": Form("virement", _MOVED, _virement),
}


def form_of(text: str) -> tuple[str, Form] | None:
    """Return the form that a word names: its slug, its event's slug, or its Chinese name."""
    for slug, form in FORMS.items():
        event = EVENTS[form.event]
        if text in {slug, form.event, event.zh, event.en}:
            return slug, form
    return None


def slug_of(session: Session, text: str | None) -> str:
    """Return the slug of the event that a word on the command line names.

    Raises:
        Misuse: FL922, FL923, with the events there are.

    """
    found = form_of(text) if text else None
    if found is None:
        words = {slug: EVENTS[form.event] for slug, form in FORMS.items()}
        order = nearest_first(text or "", {s: (s, e.zh, e.en) for s, e in words.items()})
        if text is None:
            order = [slug for slug in order if slug not in _BY_BUDGET]
        shown = [f"{slug} {words[slug].zh}" for slug in order]
        english = [f"{slug} ({words[slug].en})" for slug in order]
        if text is None:
            context = click.get_current_context(silent=True)
            command = context.command_path if context else "fundledger record"
            details = {"events_zh": "、".join(shown), "events_en": ", ".join(english)}
            session.wrong_once("FL958", "EVENT", {**details, "command": command})
        else:
            allowed = session.pick("、".join(shown), ", ".join(english))
            session.wrong_once("FL923", "EVENT", {"text": text[:40], "allowed": allowed})
        session.refuse_wrong()
        raise KeyError(text)
    return found[0]


def postings_of(
    slug: str,
    facts: Facts,
    charter: FundCharter,
    day: date,
    named: Callable[[str], str],
) -> Postings:
    """Return the postings of one event.

    `named` returns how a field is called where it was given: an option, or a cell of a table.

    Raises:
        InputInvalid: FL925, FL926, FL923, FL910: all that is missing, too much or unknown.

    """
    form = FORMS[slug]
    event = EVENTS[form.event]
    words = {"event": slug, "event_zh": event.zh, "event_en": event.en}
    given = {field for field in FIELDS if getattr(facts, field)}
    wrong = [
        Finding("FL926", named(f), {**words, **_choice(f, charter)})
        for f in form.needs
        if f not in given
    ]
    allowed = {*form.needs, *form.may}
    wrong += [Finding("FL925", named(f), words) for f in FIELDS if f in given - allowed]
    if slug == "interfund":
        wrong += _interfund_wrong(facts, words, charter, named)
    if wrong:
        raise InputInvalid(wrong)
    try:
        return form.build(facts, charter, day.year)
    except InputInvalid as error:
        raise InputInvalid(
            Finding(f.code, named(f.subject) if f.subject in FIELDS else f.subject, f.details)
            for f in error.findings
        ) from None


def _interfund_wrong(
    facts: Facts, words: Mapping[str, str], charter: FundCharter, named: Callable[[str], str]
) -> list[Finding]:
    """Exactly one of claim and debt; a line but where a claim is settled, which has none."""
    wrong = []
    if bool(facts.due_from) == bool(facts.due_to):
        details = {**words, "one": named("due_from"), "other": named("due_to")}
        wrong.append(Finding("FL932", named("due_from"), details))
    received = bool(facts.settle and facts.due_from)
    if bool(facts.line) == received:
        details = {**words, **({} if received else _choice("line", charter))}
        wrong.append(Finding("FL925" if received else "FL926", named("line"), details))
    return wrong


def _choice(field: str, charter: FundCharter) -> dict[str, str]:
    """Return what a field that is missing may say, where the fund's charter has a list of it."""
    known = known_in(field, charter)
    if not known:
        help_page = "fundledger record --help"
        return {
            "choice_zh": f"{help_page} 列出各业务所需内容",
            "choice_en": f"{help_page} lists what each event takes",
        }
    return {
        "choice_zh": "可用的值：" + "、".join(f"{word} ({zh})" for word, (zh, _) in known.items()),
        "choice_en": "one of " + ", ".join(f"{word} ({en})" for word, (_, en) in known.items()),
    }
