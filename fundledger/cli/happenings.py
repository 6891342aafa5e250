"""What a clerk can say of one event, and the postings that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger import chart, drafts
from fundledger.ledger.events import EVENTS
from fundledger.ledger.voucher import Posting, credit, debit

if TYPE_CHECKING:
    from fundledger.charter import FundCharter
    from fundledger.cli.session import Session

Line = tuple[str, str]
Postings = tuple[Posting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is said of one event: the fields that its kind takes, the others left out.

    `source` and accounts by their names in the book, `line` as unit and category, the other fund
    by its id; `giver` and `taker` are an account or a budget line's text.
    """

    amount_fen: int | None = None
    source: str | None = None
    line: Line | None = None
    giver: str | None = None
    taker: str | None = None
    due_from: str | None = None
    due_to: str | None = None
    settle: bool = False


FIELDS = tuple(field.name for field in fields(Facts))


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
    del charter, year
    return debit(str(facts.taker), _fen(facts)), credit(str(facts.giver), _fen(facts))


def _virement(facts: Facts, charter: FundCharter, year: int) -> Postings:
    giver = line_named(str(facts.giver), charter, "giver")
    taker = line_named(str(facts.taker), charter, "taker")
    return drafts.virement(year, giver, taker, _fen(facts))


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
        raise InputInvalid(_not_allowed(side, other, sorted(charter.funds)))
    amount_fen = _fen(facts)
    claim, debt = chart.DUE_FROM_FUND + component, chart.DUE_TO_FUND + component
    if facts.settle:
        if facts.due_from:
            return debit(chart.BANK, amount_fen), credit(claim, amount_fen)
        return debit(debt, amount_fen), credit(chart.BANK, amount_fen)
    line = _line(facts)
    available = drafts.budget_account(year, "Available", line)
    expended = drafts.budget_account(year, "Expended", line)
    expense = drafts.expense_account(line)
    if facts.due_from:
        return (
            debit(claim, amount_fen),
            credit(expense, amount_fen),
            debit(available, amount_fen),
            credit(expended, amount_fen),
        )
    return (
        debit(expense, amount_fen),
        credit(debt, amount_fen),
        debit(expended, amount_fen),
        credit(available, amount_fen),
    )


def line_named(text: str, charter: FundCharter, what: str) -> Line:
    """Return the unit and category of a budget line of the fund.

    `text` is `CASC:Dibao`, or the category's name in Chinese or English if only one unit's
    purpose of this fund has it.

    Raises:
        InputInvalid: FL923, the fund has no such purpose; the ones it has are listed.

    """
    names = {(c.unit, c.slug): (c.zh, c.en) for c in charter.categories}
    lines = {(purpose.unit, purpose.category) for purpose in charter.fund.purposes}
    plain = text.replace("：", ":")
    found = [line for line in lines if plain == ":".join(line)]
    found = found or [line for line in lines if text in names.get(line, ())]
    if len(found) != 1:
        allowed = [f"{':'.join(line)} ({names.get(line, ('',))[0]})" for line in sorted(lines)]
        raise InputInvalid(_not_allowed(what, text, allowed))
    return found[0]


def source_named(text: str, charter: FundCharter, what: str) -> str:
    """Return the slug of a source of the fund, by its slug or its name.

    Raises:
        InputInvalid: FL923, the fund has no such source; the ones it has are listed.

    """
    for source in charter.fund.sources:
        if text in {source.slug, source.zh, source.en}:
            return source.slug
    known = dict.fromkeys(f"{source.slug} ({source.zh})" for source in charter.fund.sources)
    raise InputInvalid(_not_allowed(what, text, [*known]))


def _not_allowed(field: str, text: str, allowed: list[str]) -> Finding:
    return Finding("FL923", field, {"text": text[:40], "allowed": ", ".join(allowed)})


_AMOUNT = ("amount_fen",)
_LINED = ("amount_fen", "line")
_MOVED = ("amount_fen", "giver", "taker")
FORMS: Mapping[str, Form] = {
    "allocation": Form("allocation", ("amount_fen", "source"), _allocation),
    "donation": Form("donation", _AMOUNT, _plain(drafts.donation)),
    "interest": Form("interest", _AMOUNT, _interest),
    "expense": Form("expense", _LINED, _lined(drafts.expense)),
    "fee": Form("bank-fee", _AMOUNT, _plain(drafts.bank_fee)),
    "unknown-credit": Form("unknown-credit", _AMOUNT, _plain(drafts.unknown_credit)),
    "unknown-debit": Form("unknown-debit", _AMOUNT, _plain(drafts.unknown_debit)),
    "transfer": Form("transfer", _MOVED, _transfer),
    "interfund": Form("interfund", _AMOUNT, _interfund, ("due_from", "due_to", "line", "settle")),
    "surrender": Form("surrender", _AMOUNT, _plain(drafts.surrender)),
    "opening": Form("opening", _AMOUNT, _opening),
    "budget-adopt": Form("budget-adopt", _LINED, _lined(drafts.adoption)),
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
        if text is None:
            session.wrong_once("FL922", "EVENT")
        else:
            near = session.near(text, FORMS)
            session.wrong_once("FL923", "EVENT", {"text": text[:40], "allowed": near})
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
    wrong = [Finding("FL926", named(f), words) for f in form.needs if f not in given]
    allowed = {*form.needs, *form.may}
    wrong += [Finding("FL925", named(f), words) for f in FIELDS if f in given - allowed]
    if slug == "interfund":
        wrong += _interfund_wrong(facts, words, named)
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
    facts: Facts, words: Mapping[str, str], named: Callable[[str], str]
) -> list[Finding]:
    """Exactly one of claim and debt, and exactly one of a line and a settlement."""
    wrong = []
    for one, other in (("due_from", "due_to"), ("line", "settle")):
        count = bool(getattr(facts, one)) + bool(getattr(facts, other))
        if count != 1:
            details = {**words, "one": named(one), "other": named(other)}
            wrong.append(Finding("FL932", named(one), details))
    return wrong
