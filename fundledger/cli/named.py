"""The budget line or source of a fund that a clerk names, in whichever of its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from fundledger.charter import JOINT
from fundledger.cli.nearest import nearest_first
from fundledger.errors import InputInvalid
from fundledger.findings import Finding

if TYPE_CHECKING:
    from fundledger.charter import FundCharter

_JOINT = ("联席会议", "joint conference")

Line = tuple[str, str]


def line_named(text: str, charter: FundCharter, what: str) -> Line:
    """Return the unit and category of a budget line of the fund.

    `text` is `CASC:Dibao`, on either side the slug or the Chinese or English name, or the
    category alone, by name, if only one unit's purpose of this fund has it.

    Raises:
        InputInvalid: FL923, the fund has no such purpose; the ones it has are listed.

    """
    names = {(c.unit, c.slug): (c.zh, c.en) for c in charter.categories}
    units = {JOINT: _JOINT, **{unit.slug: (unit.zh, unit.en) for unit in charter.units}}
    lines = {(purpose.unit, purpose.category) for purpose in charter.fund.purposes}
    unit, colon, category = (part.strip() for part in text.replace("：", ":").partition(":"))
    if colon:
        found = [
            line
            for line in lines
            if unit in {line[0], *units.get(line[0], ())}
            and category in {line[1], *names.get(line, ())}
        ]
    else:
        found = [line for line in lines if unit in names.get(line, ())]
    if len(found) != 1:
        refusal = not_allowed(what, text, known_in("line", charter))
        raise InputInvalid(replace(refusal, details={**refusal.details, "of": "line"}))
    return found[0]


def source_named(text: str, charter: FundCharter, what: str) -> str:
    """Return the slug of a source of the fund, by its slug or its name.

    Raises:
        InputInvalid: FL923, the fund has no such source; the ones it has are listed.

    """
    for source in charter.fund.sources:
        if text in {source.slug, source.zh, source.en}:
            return source.slug
    raise InputInvalid(not_allowed(what, text, known_in("source", charter)))


def known_in(field: str, charter: FundCharter) -> dict[str, tuple[str, str]]:
    """Return the values of a field of which the charter has a list, with both names; or none."""
    if field == "source":
        return {source.slug: (source.zh, source.en) for source in charter.fund.sources}
    if field != "line":
        return {}
    names = {(c.unit, c.slug): (c.zh, c.en) for c in charter.categories}
    lines = sorted({(purpose.unit, purpose.category) for purpose in charter.fund.purposes})
    return {":".join(line): names.get(line, ("", "")) for line in lines}


def not_allowed(field: str, text: str, known: Mapping[str, tuple[str, str]]) -> Finding:
    """Return that a word is none of those known, the nearest of which are named first."""
    order = nearest_first(text, {word: (word, *names) for word, names in known.items()})
    shown = [f"{word} ({known[word][0]})" if known[word][0] else word for word in order]
    return Finding("FL923", field, {"text": text[:40], "allowed": ", ".join(shown)})
