"""Accounts as people name them: by code, by Chinese or English name, or in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.chart import (
    APPROPRIATION,
    DUE_FROM_FUND,
    DUE_TO_FUND,
    EXPENSES,
    FIXED_NAMES,
    Chart,
)

if TYPE_CHECKING:
    from fundledger.charter import FundCharter

_NEAR = 5


def chart_of(charter: FundCharter) -> Chart:
    """Return the chart of accounts of a fund."""
    return Chart(charter, "")


def accounts_of(chart: Chart, used: Iterable[str] = ()) -> list[str]:
    """Return the accounts of a fund's money by full name: all that it may use, and did use."""
    charter = chart.charter
    names = [
        *FIXED_NAMES,
        *(APPROPRIATION + source.slug for source in charter.fund.sources),
        *(f"{EXPENSES}{purpose.line}" for purpose in charter.fund.purposes),
        *(DUE_FROM_FUND + component for component in charter.funds.values()),
        *(DUE_TO_FUND + component for component in charter.funds.values()),
        *(name for name in used if chart.account(name).kind != "budget"),
    ]
    return sorted(dict.fromkeys(names))


def account_named(text: str, chart: Chart, what: str, used: Iterable[str] = ()) -> str:
    """Return the full name of the account that a text means.

    `text` is the full name, the code in the fund's regime, the Chinese or the English name, code
    and name as tables show them, or else the title that the regime gives the code.  An account of
    the budget is named in full.  `used` are the accounts that the book has; one of them is meant
    where a text fits others too.

    Raises:
        InputInvalid: FL943, there is none; FL955, there are several; each says which are near.

    """
    taken = set(used)
    known = accounts_of(chart, taken)
    if text in known or text in taken or _of_budget(text, chart):
        return text
    folded = text.strip().lower()
    found = [name for name in known if folded in _words(name, chart)]
    found = found or [name for name in known if text.strip() == chart.title(name)]
    if len(found) > 1 and taken:
        found = [name for name in found if name in taken] or found
    if len(found) == 1:
        return found[0]
    near = sorted(found, key=lambda name: _between_funds(name, chart)) or _near(
        folded, known, chart
    )
    details = {
        "text": text[:60],
        "fund": chart.charter.fund.id,
        "near_zh": "、".join(f"{chart.names(n)[0]} ({n})" for n in near[:_NEAR]),
        "near_en": ", ".join(f"{chart.names(n)[1]} ({n})" for n in near[:_NEAR]),
    }
    raise InputInvalid(Finding("FL955" if found else "FL943", what, details))


def _between_funds(name: str, chart: Chart) -> bool:
    return chart.account(name).kind == "interfund"


def _of_budget(name: str, chart: Chart) -> bool:
    account = chart.account(name)
    return account.kind == "budget" and not account.strange and bool(account.purposes)


def _words(name: str, chart: Chart) -> Iterator[str]:
    code = chart.code(name)
    yield code
    for word in chart.names(name):
        yield word.lower()
        yield f"{code} {word}".lower()


def _near(text: str, known: list[str], chart: Chart) -> list[str]:
    """Return the few accounts whose code, name or full name is nearest to a text."""
    words = {word: name for name in known for word in _words(name, chart) if word}
    words |= {part.lower(): name for name in known for part in (name, name.rpartition(":")[2])}
    found = [words[word] for word in get_close_matches(text, words, n=_NEAR, cutoff=0.6)]
    found += [name for name in known if text and any(text in w for w in _words(name, chart))]
    return list(dict.fromkeys(found))[:_NEAR] or known[:_NEAR]
