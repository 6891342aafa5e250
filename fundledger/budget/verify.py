"""A kept proposal derived again: from the same books, needs and rules comes the same content."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from fundledger.budget.differing import NOTHING, Differing, differing
from fundledger.budget.history import Progress
from fundledger.budget.kept import Kept, KeptBook, plain
from fundledger.budget.propose import derived_from
from fundledger.budget.sources import gathered, needs_folder, rule_digests
from fundledger.earlier import earlier
from fundledger.findings import Finding, yuan
from fundledger.office import Office

_SHORT = 12
_LONG = 60
_OF_FILES = re.compile("FL6[0-9]{2}")
_ITEM = 2  # so many names of a place tell an item: a list and which one in it
_FIGURE = "proposed_fen"


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying a kept proposal found, and how many records each journal has grown by."""

    findings: tuple[Finding, ...]
    grown: Mapping[str, int]

    @property
    def holds(self) -> bool:
        """Whether it was derived again and came out the same."""
        return not self.findings


def verified(
    office: Office,
    kept: Kept,
    *,
    needs_dir: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Verified:
    """Derive a kept proposal again, from the records that it names, and hold it against the file.

    What it rests on comes first (FL565): from something else nothing follows.  Else all that comes
    out otherwise is FL566.

    Raises:
        JournalBroken, CharterInvalid, NeedInvalid: as `propose`.
        InputInvalid: FL552, its day lies ahead.

    """
    year = kept.proposal.year
    folder = needs_folder(office, year, needs_dir)
    findings, grown = _books(office, kept)
    provenance = kept.proposal.provenance
    findings += _files(kept.file, "need", provenance.needs, _needs(folder, provenance.needs))
    findings += _files(kept.file, "rule", provenance.rules, dict(rule_digests(office)))
    if findings:
        return Verified(tuple(findings), grown)
    records = {book.fund: book.records for book in provenance.books}
    sources = gathered(
        office,
        year,
        as_of=kept.proposal.as_of,
        needs_dir=needs_dir,
        progress=progress,
        records=records,
    )
    read = dict(sources.provenance.needs)
    if findings := _files(kept.file, "need", provenance.needs, read):
        return Verified(tuple(findings), grown)
    again = plain(derived_from(sources, office.budget_rules))
    return Verified(tuple(_otherwise(kept, again)), grown)


def _books(office: Office, kept: Kept) -> tuple[list[Finding], dict[str, int]]:
    findings: list[Finding] = []
    grown: dict[str, int] = {}
    named = {book.fund: book for book in kept.proposal.provenance.books}
    for fund in office.fund_ids:
        book = named.pop(fund, None)
        now = office.fund(fund).verify()
        if book is None:
            findings.append(_moved(kept.file, "book", fund, "new", "-", str(now.records)))
        elif now.records < book.records:
            was = str(book.records)
            findings.append(_moved(kept.file, "book", fund, "short", was, str(now.records)))
        elif (head := earlier(office.fund(fund), book.records).verify().head) != book.head:
            findings.append(
                _moved(kept.file, "book", fund, "head", _record(book), f"{book.records} {head}")
            )
        else:
            grown[fund] = now.records - book.records
    findings += (
        _moved(kept.file, "book", fund, "gone", _record(book), "-") for fund, book in named.items()
    )
    return findings, grown


def _record(book: KeptBook) -> str:
    return f"{book.records} {book.head}"


def _needs(folder: Path, named: Mapping[str, str]) -> dict[str, str]:
    """Return the digests of the year's workbooks, and of those named of the year before.

    Names of the file only choose among what is there.
    """
    found = {}
    for name in _listed(folder):
        found[name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    if folder.name.isdecimal():
        before = folder.parent / str(int(folder.name) - 1)
        for name in _listed(before):
            if f"{before.name}/{name}" in named:
                digest = hashlib.sha256((before / name).read_bytes()).hexdigest()
                found[f"{before.name}/{name}"] = digest
    return found


def _listed(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    files = sorted(path for path in folder.glob("*.xlsx") if path.is_file())
    return [path.name for path in files if not path.name.startswith((".", "~$"))]


def _files(file: str, kind: str, was: Mapping[str, str], now: Mapping[str, str]) -> list[Finding]:
    return [
        _moved(
            file,
            kind,
            name,
            "gone" if name not in now else "new" if name not in was else "changed",
            was.get(name, "-"),
            now.get(name, "-"),
        )
        for name in dict.fromkeys((*was, *now))
        if was.get(name) != now.get(name)
    ]


def _moved(file: str, kind: str, name: str, how: str, was: str, now: str) -> Finding:  # noqa: PLR0913, PLR0917 - what its sentence says
    def short(text: str) -> str:
        return " ".join(part[:_SHORT] for part in text.split()) or "-"

    details = {"file": file, "kind": kind, "name": name, "differs": how}
    return Finding("FL565", name, {**details, "was": short(was), "present": short(now)})


def _otherwise(kept: Kept, again: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what came out otherwise: of each item the figure, or the first place that differs."""
    found: dict[tuple[str, ...], Differing] = {}
    for one in differing(_content(kept.content), _content(again)):
        item = one.place[:_ITEM]
        if item not in found or one.place[_ITEM:] == (_FIGURE,):
            found[item] = one
    for one in found.values():
        yield _other(kept, one)


def _content(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what has to come out again: all but what was found in the files of a journal.

    That depends on the day on which they are looked at.
    """
    said = content.get("findings")
    if not isinstance(said, list):
        return dict(content)
    return {**content, "findings": [one for one in said if not _is_of_files(one)]}


def _is_of_files(finding: object) -> bool:
    code = finding.get("code") if isinstance(finding, dict) else None
    return isinstance(code, str) and _OF_FILES.fullmatch(code) is not None


def _other(kept: Kept, one: Differing) -> Finding:
    place, was, now = one.place, one.was, one.now
    for side in (was, now):
        if isinstance(side, dict) and _FIGURE in side:  # a line that the other one has not
            place = (*place, _FIGURE)
            was, now = (two[_FIGURE] if two is side else two for two in (was, now))
            break
    what = _cut(_printable(" ".join(place)))
    before, after = _two_said(was, now, fen=place[-1].endswith("_fen"))
    details = {"file": kept.file, "what": what, "version": kept.version}
    return Finding("FL566", what, {**details, "was": before, "present": after})


def _two_said(was: object, now: object, *, fen: bool) -> list[str]:
    """Return two values as people read them, which is never the same of both."""
    if isinstance(was, str) and isinstance(now, str):
        alike = (one == other for one, other in zip(was, now, strict=False))
        same = sum(takewhile(bool, alike))
        if same > _LONG // 2:
            was, now = (f"…{text[same - _SHORT :]}" for text in (was, now))
    said = [_cut(_said(value, fen=fen)) for value in (was, now)]
    if said[0] == said[1]:  # such as 1 and "1"
        values = ((was, said[0]), (now, said[1]))
        return [_cut(json.dumps(v)) if isinstance(v, str) else text for v, text in values]
    return said


def _said(value: object, *, fen: bool) -> str:
    if isinstance(value, dict | list):
        empty, full = ("{}", "{…}") if isinstance(value, dict) else ("[]", "[…]")
        return full if value else empty
    if isinstance(value, str):
        return _printable(value)
    if value is NOTHING:
        return NOTHING.value
    return yuan(value) if fen and type(value) is int else json.dumps(value)


def _printable(text: str) -> str:
    return text if text.isprintable() else json.dumps(text)


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"
