"""Rules that change: what is told of it, and what of the past no rule may take back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from fundledger.checks.catalogue import Gates, Hits, check
from fundledger.checks.periods import ACTORS
from fundledger.checks.stages import STAGE_ROLES
from fundledger.findings import Finding
from fundledger.ledger.books import Books
from fundledger.ledger.chart import BANK, Chart
from fundledger.ledger.record import Record

if TYPE_CHECKING:
    from fundledger.charter import FundCharter

PENDING, ADOPTED = "pending", "adopted"
_POSTS = {**ACTORS, **{f"budget-{stage}": roles for stage, roles in STAGE_ROLES.items()}}
"""The roles of which one is needed for each duty that is no role itself."""
_Lost = tuple[str, str, list[str]]
"""Key, reason, and the days with vouchers on which the fact is lost."""


@check("FL041", Gates.ALWAYS)
def past_rewritten(record: Record, books: Books) -> Hits:
    """Rules that change leave standing what vouchers rest on: they end facts, not undo them."""
    if record.kind == "charter" and books.former is not None:
        yield from _undone(books.former, books.accounts, books)


def adopted(record: Record, books: Books) -> list[Finding]:
    """Return what a charter record changes, for the receipt of the act that brought it along."""
    if books.former is None:
        return []
    return [
        finding.at(fund=books.fund, sequence=record.sequence)
        for finding in _told(books.former.charter, books.charter, ADOPTED)
    ]


def noted(record: Record, books: Books) -> list[Finding]:
    """Return what a charter record changed, as every audit tells it from then on (FL043)."""
    return [replace(finding, code="FL043") for finding in adopted(record, books)]


def pending(books: Books, rules: FundCharter) -> list[Finding]:
    """Return what the rules of today say otherwise than the charter in the journal."""
    if books.chart is None or books.charter == rules:
        return []
    findings = [finding.at(fund=books.fund) for finding in _told(books.charter, rules, PENDING)]
    for subject, details in _undone(books.accounts, Chart(rules, ""), books):
        findings.append(Finding("FL041", subject, details, books.fund, gates=True))
    return findings


def _told(before: FundCharter, after: FundCharter, when: str) -> Iterator[Finding]:
    from fundledger.charter.compare import changes  # noqa: PLC0415 - pydantic only when needed

    for change in changes(before, after):
        details = {"when": when, "change_zh": change.zh, "change_en": change.en}
        yield Finding("FL040", change.key, details)


def _undone(before: Chart, after: Chart, books: Books) -> Hits:
    """Yield each fact of `before` that the books rest on and that `after` does not leave standing.

    Days count, not the wording: what vouchers never used may be entered otherwise.
    """
    lost: dict[tuple[str, str], list[str]] = {}
    for key, reason, days in (
        *_life(before, after, books),
        *_purposes_and_sources(before, after, books),
        *_roles(before, after, books),
    ):
        if days:
            lost.setdefault((key, reason), []).extend(days)
    for (key, reason), days in lost.items():
        first, last = min(days), max(days)
        zh = first if first == last else f"{first} 至 {last}"
        en = zh.replace("至", "to")
        yield key, {"reason": reason, "cure": reason, "span_zh": zh, "span_en": en}
    for key, reason, was, now in _undated(before, after, books):
        span = {"span_zh": f"{was} → {now}", "span_en": f"{was} → {now}"}
        yield key, {"reason": reason, "cure": reason, **span}


def _life(before: Chart, after: Chart, books: Books) -> Iterator[_Lost]:
    """Yield the days with vouchers on which the fund is not there any more."""
    was, now = before.charter.fund, after.charter.fund
    if (was.opened, was.closed) == (now.opened, now.closed):
        return
    books.settle()
    days = {day for _, totals in books.days.rows() for day in totals}
    first, last = now.opened.isoformat(), now.closed.isoformat() if now.closed else ""
    yield "fund opened", "opened", [day for day in days if day < first]
    yield "fund closed", "closed", [day for day in days if last and last < day]


def _purposes_and_sources(before: Chart, after: Chart, books: Books) -> Iterator[_Lost]:
    """Yield the days on which a purpose or source was used that does not stand now.

    A budget needs its purpose to stand, on whatever day.
    """
    books.settle()
    used: dict[str, list[str]] = {}
    for key, totals in books.days.rows():
        name = key.rpartition("@")[0]
        account = before.account(name)
        if account.kind == "budget":
            used.setdefault(name, []).extend(totals)
        elif account.kind == "expense" or account.source:
            sign = -1 if account.source else 1
            used.setdefault(name, []).extend(d for d, fen in totals.items() if fen * sign > 0)
    for name, days in sorted(used.items()):
        was, now = before.account(name), after.account(name)
        if was.source:
            lost = [d for d in days if was.grants(_day(d)) and not now.grants(_day(d))]
            yield f"sources {was.source}", "source", lost
            continue
        key = f"purposes {was.unit}:{was.category}"
        if was.purposes and not now.purposes:
            yield key, "gone", days
        elif was.kind == "expense":
            lost = [d for d in days if was.payable(_day(d)) and not now.payable(_day(d))]
            yield key, "purpose", lost


def _roles(before: Chart, after: Chart, books: Books) -> Iterator[_Lost]:
    """Yield the days on which somebody signed in a role that they do not have any more."""
    for (person, duty), days in sorted(books.signers().items()):
        roles = _POSTS.get(duty, (duty,))
        lost = [d for d in days if _held(before, person, roles, d)]
        lost = [d for d in lost if not _held(after, person, roles, d)]
        yield f"staff {person} {duty}", "role", lost


def _held(chart: Chart, person: str, roles: Iterable[str], day: str) -> bool:
    return any(chart.holds(person, role, _day(day)) for role in roles)


def _undated(before: Chart, after: Chart, books: Books) -> Iterator[tuple[str, str, str, str]]:
    """Yield what has no dates of its own and may not change under what stands in the books."""
    was, now = before.charter.fund, after.charter.fund
    if was.regime != now.regime:
        results = [n for n in books.account_names() if before.account(n).carried]
        if any(books.fen(name) for name in results):
            yield "fund regime", "regime", was.regime, now.regime
    old, new = was.bank_account, now.bank_account
    if old.number not in {new.number, new.replaces} and books.opened[BANK] is not None:
        yield "bank_account number", "bank", old.number, new.number


def _day(text: str) -> date:
    return date.fromisoformat(text)
