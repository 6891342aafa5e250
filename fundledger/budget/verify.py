"""A kept proposal derived again: from the same books, needs and rules comes the same content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fundledger.budget.history import Progress
from fundledger.budget.kept import Kept, KeptBook, plain
from fundledger.budget.propose import (
    derived_from,
    gathered,
    needs_folder,
    rule_digests,
)
from fundledger.earlier import earlier
from fundledger.findings import Finding, yuan
from fundledger.office import Office

_SHORT = 12
_LONG = 60
_OF_BUDGETS = "FL5"
_LISTS = ("lines", "blocked", "deferred", "funds", "declarations")


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
    """Yield all that came out otherwise; of findings, those of the budget alone.

    What a look at the files of a journal says depends on the day on which it is looked at.
    """
    was, now = _content(kept.content), _content(again)
    for name in dict.fromkeys((*now, *was)):
        if name in _LISTS and isinstance(was.get(name), list):
            yield from _items(kept, name, was[name], now.get(name) or [])
        elif was.get(name) != now.get(name):
            yield _other(kept, name, was.get(name), now.get(name))


def _content(content: Mapping[str, Any]) -> dict[str, Any]:
    said = content.get("findings")
    own = [
        one
        for one in (said if isinstance(said, list) else [])
        if isinstance(one, dict) and str(one.get("code")).startswith(_OF_BUDGETS)
    ]
    return {**content, "findings": own}


def _items(kept: Kept, name: str, was: Sequence[Any], now: Sequence[Any]) -> Iterator[Finding]:
    old, new = _keyed(was), _keyed(now)
    for key in dict.fromkeys((*new, *old)):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        fields = dict.fromkeys((*(after or ()), *(before or ())))
        differ = [one for one in fields if _of(before, one) != _of(after, one)]
        field = "proposed_fen" if "proposed_fen" in differ else differ[0]
        yield _other(kept, f"{name} {key} {field}", _of(before, field), _of(after, field))
    if list(old) != list(new) and set(old) == set(new):
        yield _other(kept, name, list(old), list(new))


def _keyed(items: Sequence[Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for number, item in enumerate(items):
        if isinstance(item, dict):
            named = [str(item[key]) for key in ("fund", "line", "unit") if key in item]
            key = "/".join(named)
            found[key if key not in found else f"{key} {number}"] = item
        else:
            found[f"#{number}"] = {"": item}
    return found


def _of(item: Mapping[str, Any] | None, field: str) -> object:
    return None if item is None else item.get(field)


def _other(kept: Kept, what: str, was: object, now: object) -> Finding:
    details = {"file": kept.file, "what": what, "version": kept.version}
    fen = what.endswith("_fen")
    return Finding("FL566", what, {**details, "was": _shown(was, fen), "present": _shown(now, fen)})


def _shown(value: object, fen: bool) -> str:  # noqa: FBT001 - whether it is money
    if fen and type(value) is int:
        return yuan(value)
    text = "-" if value is None else str(value)
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"
