"""A file of `rules/` read into its form: the part that is sound, and a finding for all that is not.

What is unsound is taken out entry by entry, so that the rest can still be checked against the
other files and everything wrong is told at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, Generic, TypeVar, get_args

from pydantic import AliasChoices, BaseModel, ValidationError
from pydantic_core import ErrorDetails

from fundledger.charter.files import Document, KeyPath, shown
from fundledger.charter.kinds import RULES, Flag, Value, Words
from fundledger.findings import Finding

Form = TypeVar("Form", bound=BaseModel)

_CODES = {
    "missing": "FL006",
    "lacks": "FL006",
    "stray": "FL007",
    "extra_forbidden": "FL007",
    "literal_error": "FL008",
    "amount": "FL009",
    "day": "FL010",
    "bool_type": "FL012",
    "string_type": "FL013",
    "words": "FL013",
    "form": "FL014",
    "disorder": "FL016",
    "fund_id": "FL017",
}
_NUMBER_TYPES = ("int_", "greater_than", "less_than")
_SHAPE = "FL015"
_OFFERED = 8
_DATES = frozenset({"from", "until"})
_NOTES = "sources"


class _Given(Value):
    """One value of a file of sourced values."""

    value: Any
    source: Words
    verified: Flag = True


@dataclass(frozen=True, slots=True)
class Reading(Generic[Form]):
    """The sound part of one file; `removed` are the entries of the file that it leaves out."""

    document: Document
    value: Form | None
    removed: frozenset[KeyPath]
    findings: tuple[Finding, ...]

    def finding(self, code: str, path: KeyPath, **details: object) -> Finding:
        """Return a finding on `path`, which counts the entries of the sound part."""
        return self.document.finding(code, _original(path, self.removed), **details)

    def entries(self, *keys: str) -> Iterator[tuple[KeyPath, Any]]:
        """Yield the path and value of each sound entry of a list, or of lists within a list."""
        level: list[tuple[KeyPath, Any]] = [((), self.value)] if self.value is not None else []
        for key in keys:
            level = [
                ((*path, key, index), entry)
                for path, holder in level
                for index, entry in enumerate(getattr(holder, _field(type(holder), key)))
            ]
        yield from level


def fit(document: Document, form: type[Form]) -> Reading[Form]:
    """Return what of the document fits the form, and a finding for each thing that does not."""
    removed = frozenset(_machine_keys(document.table, ()))
    findings = [
        document.finding("FL007", path, found=path[-1], allowed=str(path[-1]).removesuffix("_fen"))
        for path in sorted(removed, key=document.line)
    ]
    first = True
    while True:
        try:
            left = _without(document.table, (), removed) if removed else document.table
            value = form.model_validate(left, context=RULES)
        except ValidationError as error:
            errors = error.errors(include_url=False)
        else:
            return Reading(document, value, removed, tuple(findings))
        faults = [(_original(_path(fault), removed), fault) for fault in _causes(errors)]
        if first:
            findings += [_told(document, form, path, fault) for path, fault in faults]
            first = False
        cuts = {_cut(document.table, path, fault["type"]) for path, fault in faults} - {()}
        if not cuts - removed:
            return Reading(document, None, removed, tuple(findings))
        removed |= cuts


def fit_sourced(document: Document, form: type[Form]) -> Reading[Form]:
    """Return what `fit` does for a file of `[name]` tables, each with `value` and `source`.

    Lists of tables and the dates of the file stand in it as they are.
    """
    table: dict[str, Any] = {}
    sources = []
    findings: list[Finding] = []
    broken = set()
    lines = dict(document.lines)
    known = _keys(form, ()) - {_NOTES}
    for name, entry in document.table.items():
        if name not in known and not name.endswith("_fen"):
            allowed = nearest_first(name, known)
            findings.append(document.finding("FL007", (name,), found=name, allowed=allowed))
            continue
        if name in _DATES or (isinstance(entry, list) and entry and isinstance(entry[0], dict)):
            table[name] = entry
            continue
        try:
            given = _Given.model_validate(entry)
        except ValidationError as error:
            broken.add(name)
            findings += [
                _told(document, _Given, (name, *_path(fault)), fault, within=(name,))
                for fault in error.errors(include_url=False)
            ]
            if not isinstance(entry, Mapping) or "value" not in entry:
                continue
            table[name] = entry["value"]
        else:
            table[name] = given.value
            sources.append({"name": name, "source": given.source, "verified": given.verified})
        lines[name,] = lines.get((name, "value"), document.line((name,)))
    table[_NOTES] = sources
    reading = fit(replace(document, table=table, lines=lines), form)
    missing = {f.details["key"] for f in reading.findings if f.code == "FL006"} & broken
    kept = [f for f in reading.findings if not (f.code == "FL006" and f.details["key"] in missing)]
    value = None if broken else reading.value
    return replace(reading, value=value, findings=(*findings, *kept))


def nearest_first(word: str, known: Iterable[str]) -> str:
    """Return the known words most like `word` as one text, the nearest first."""

    def unlike(other: str) -> tuple[float, str]:
        return (-SequenceMatcher(None, word.lower(), other.lower()).ratio(), other)

    words = sorted(set(known), key=unlike)
    return ", ".join(words[:_OFFERED]) + (" …" if len(words) > _OFFERED else "")


def _told(
    document: Document,
    form: type[BaseModel],
    path: KeyPath,
    fault: ErrorDetails,
    within: KeyPath = (),
) -> Finding:
    kind = fault["type"]
    code = "FL011" if kind.startswith(_NUMBER_TYPES) else _CODES.get(kind, _SHAPE)
    context = fault.get("ctx", {})
    if code == "FL006":
        return document.finding(code, (*path, context["lacking"]) if kind == "lacks" else path)
    if kind == "stray":
        path = (*path, context["stray"])
    if code == "FL007":
        allowed = context.get("allowed") or nearest_first(
            str(path[-1]), _keys(form, path[len(within) : -1])
        )
        return document.finding(code, path, found=path[-1], allowed=allowed)
    if code == "FL016":
        places = {key: context[key] for key in ("first", "last", "first_key", "last_key")}
        return document.finding(code, (*path, context["last_key"]), **places)
    found = shown(fault["input"])
    if code == "FL008":
        allowed = ", ".join(re.findall(r"'([^']*)'", context["expected"]))
        return document.finding(code, path, found=found, allowed=allowed)
    if code == "FL014":
        return document.finding(code, path, found=found, allowed=context["example"])
    return document.finding(code, path, found=found)


def _causes(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Return the errors without lists that are too short only because of errors within them."""
    paths = [_path(error) for error in errors]

    def within(path: KeyPath) -> bool:
        return any(len(other) > len(path) and other[: len(path)] == path for other in paths)

    return [e for e in errors if e["type"] != "too_short" or not within(_path(e))]


def _path(fault: ErrorDetails) -> KeyPath:
    """Return where a fault lies; pydantic marks the key of a mapping by an extra part."""
    return tuple(part for part in fault["loc"] if part != "[key]")


def _cut(table: object, path: KeyPath, kind: str) -> KeyPath:
    """Return what to take out: a key that may not be, or the innermost entry around a fault."""
    if kind == "extra_forbidden":
        return path
    reached = 0
    for depth, part in enumerate(path):
        if isinstance(table, list) and isinstance(part, int) and part < len(table):
            reached = depth + 1
        elif not (isinstance(table, Mapping) and part in table):
            break
        table = table[part]  # type: ignore[index]
    return path[:reached]


def _without(table: Any, path: KeyPath, removed: frozenset[KeyPath]) -> Any:  # noqa: ANN401
    if isinstance(table, dict):
        return {
            key: _without(value, (*path, key), removed)
            for key, value in table.items()
            if (*path, key) not in removed
        }
    if isinstance(table, list):
        return [
            _without(value, (*path, index), removed)
            for index, value in enumerate(table)
            if (*path, index) not in removed
        ]
    return table


def _original(path: KeyPath, removed: frozenset[KeyPath]) -> KeyPath:
    """Return the path in the file of a path that counts only the entries left in."""
    original: KeyPath = ()
    for part in path:
        place = part
        if isinstance(part, int):
            place = -1
            for _ in range(part + 1):
                place += 1
                while (*original, place) in removed:
                    place += 1
        original = (*original, place)
    return original


def _machine_keys(table: object, path: KeyPath) -> Iterator[KeyPath]:
    """Yield the keys named after fen: files are written in yuan."""
    if isinstance(table, Mapping):
        for key, value in table.items():
            if key.endswith("_fen"):
                yield (*path, key)
            else:
                yield from _machine_keys(value, (*path, key))
    elif isinstance(table, list):
        for index, value in enumerate(table):
            yield from _machine_keys(value, (*path, index))


def _keys(form: type[BaseModel], path: KeyPath) -> set[str]:
    """Return the keys that may stand at `path` of a file of that form."""
    for part in path:
        if isinstance(part, str):
            field = form.model_fields[_field(form, part)]
            form = next(_models(field.annotation))
    return {_key(name, field) for name, field in form.model_fields.items()}


def _field(form: type[BaseModel], key: str) -> str:
    return next(name for name, field in form.model_fields.items() if _key(name, field) == key)


def _key(name: str, field: Any) -> str:  # noqa: ANN401 - pydantic's description of a field
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return str(alias or name)


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
