"""Events: a voucher has the postings that its event has in the table, and no others."""

from __future__ import annotations

from fundledger.checks.catalogue import Gates, Hits, Sees, check
from fundledger.ledger.books import Books
from fundledger.ledger.chart import INTEREST, TREASURY_PAYABLE
from fundledger.ledger.entry import Entry
from fundledger.ledger.events import EVENTS, OF_AN_EARLIER_YEAR, fitting
from fundledger.ledger.forms import Form

_OUTSIDE = frozenset({"reversal", "correction", "year-end", "year-opening"})
"""Vouchers whose postings follow from other vouchers; FL306, FL313 and FL318 hold them."""


@check("FL314", Gates.ALWAYS, Sees.LAYOUT)
def not_of_its_event(new: Entry, books: Books) -> Hits:
    """A voucher debits and credits only what its event does, as the table of postings says."""
    event = EVENTS.get(new.voucher.event)
    if event is None or event.slug in _OUTSIDE:
        return
    for subject, reason, amount_fen in unfit(event.forms, event.slug, new, books):
        yield subject, {"event": event.slug, "reason": reason, "amount_fen": amount_fen}


def unfit(
    forms: tuple[Form, ...], event: str, new: Entry, books: Books
) -> list[tuple[str, str, int]]:
    """Return what keeps a voucher from all of the forms: account, reason and fen of each line."""
    wrong = []
    for posting, account in new.lines:
        if account.strange or not posting.signed_fen:
            continue
        reason = ""
        if not any(form.allows(account.role, posting) for form in forms):
            reason = "red" if posting.red else posting.side
        elif account.name == _not_for_interest(event, books):
            reason = "interest"
        if reason:
            wrong.append((posting.account, reason, posting.amount_fen))
    if not wrong and not fitting(forms, new.lines):
        first = new.voucher.postings[0]
        wrong.append((first.account, "together", first.amount_fen))
    return wrong


def _not_for_interest(event: str, books: Books) -> str:
    """Return the account that interest does not go to, by what the fund does with it."""
    if books.charter.fund.interest != "retain":
        return INTEREST
    return TREASURY_PAYABLE if event == "interest" else ""


@check("FL504", Gates.ALWAYS, Sees.SHAPE)
def sums_apart(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """What an event ties together is equal to the fen: above all an expense and its budget."""
    event = EVENTS.get(new.voucher.event)
    if event is not None:
        yield from _apart(event.forms, new)


def _apart(forms: tuple[Form, ...], new: Entry) -> Hits:
    """Yield the first tie that does not hold of the first form that fits, if none holds whole."""
    offs = [next(form.apart(new.lines), None) for form in fitting(forms, new.lines)]
    if offs and None not in offs:
        off = offs[0]
        assert off is not None  # noqa: S101 - just looked at
        yield (
            f"{off.unit}:{off.category}".strip(":"),
            {
                "left": off.tie.left,
                "right": off.tie.right,
                "unit": off.unit,
                "category": off.category,
                "amount_fen": off.off_fen,
            },
        )


@check("FL336", Gates.ALWAYS, concerns=lambda layout: layout.event == "opening")
def opened_late(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """Opening balances stand before everything else that a fund records."""
    if new.voucher.event == "opening" and new.began:
        yield "opening", {}


@check("FL337", Gates.ALWAYS, Sees.LAYOUT, concerns=lambda layout: not layout.approved)
def undecided(new: Entry, books: Books) -> Hits:  # noqa: ARG001 - all checks are called alike
    """What only a decision can do names its document: budgets, dues between funds, surpluses."""
    voucher = new.voucher
    event = EVENTS.get(voucher.event)
    if event is None or voucher.approval:
        return
    forms = event.forms
    if event.slug == "correction" and (voucher.corrects or "") < new.day[:4]:
        forms = OF_AN_EARLIER_YEAR
    fits = fitting(forms, new.lines)
    if fits and all(form.decided for form in fits):
        yield "approval", {"event": event.slug}
