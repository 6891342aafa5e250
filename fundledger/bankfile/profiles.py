"""Reading `rules/banks.toml`: every bank's profile, or everything that is wrong with them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from fundledger.bankfile.faults import Fault, of_cells, of_meanings, of_needed
from fundledger.bankfile.layouts import Layouts, of_statements
from fundledger.bankfile.profile import (
    FIXED,
    BankProfile,
    BanksForm,
    Column,
    Out,
    ReasonWords,
    ResultLayout,
)
from fundledger.charter.files import KeyPath, read
from fundledger.charter.reading import Reading, fit, nearest_first
from fundledger.errors import CharterInvalid, InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.given import expect, is_path, is_text, row_of
from fundledger.tables.tabular import plain

FILE = "banks.toml"
_ALWAYS = ("account", "name", "amount")


def load_banks(rules_dir: str | os.PathLike[str]) -> tuple[BankProfile, ...]:
    """Return the banks that `banks.toml` knows, each with the reasons that all banks share.

    Raises:
        CharterInvalid: FL001 to FL021, FL760, FL761: everything that is wrong in the file.
        InputInvalid: FL909, the folder is no path.

    """
    expect(rules_dir=is_path(rules_dir))
    form = _loaded(Path(rules_dir))
    return tuple(_with(bank, form.reasons) for bank in form.banks)


def load_layouts(rules_dir: str | os.PathLike[str]) -> Layouts:
    """Return the layouts of statements that `banks.toml` knows; none where there is no such file.

    Raises:
        CharterInvalid: FL002 to FL021, FL760, FL761, FL763: everything that is wrong in the file.
        InputInvalid: FL909, the folder is no path.

    """
    expect(rules_dir=is_path(rules_dir))
    if not (Path(rules_dir) / FILE).exists():
        return Layouts((), frozenset())
    form = _loaded(Path(rules_dir))
    return Layouts(form.statements, frozenset(bank.id for bank in form.banks))


def _loaded(rules_dir: Path) -> BanksForm:
    document = read(rules_dir, FILE)
    if isinstance(document, Finding):
        raise CharterInvalid(document)
    reading = fit(document, BanksForm)
    findings = [*reading.findings, *_crosschecked(reading)]
    if findings or reading.value is None:
        raise CharterInvalid(sorted(findings, key=_line))
    return reading.value


def bank_named(banks: Iterable[BankProfile], name: str) -> BankProfile:
    """Return the bank with that id.

    Raises:
        InputInvalid: FL762, there is none; FL909, these are no banks, or that is no text.

    """
    row = row_of(banks, BankProfile)
    expect(banks=row is not None, name=is_text(name))
    known = {bank.id: bank for bank in row or ()}
    if name not in known:
        raise InputInvalid(Finding("FL762", name, {"allowed": nearest_first(name, known)}))
    return known[name]


def _with(bank: BankProfile, shared: tuple[ReasonWords, ...]) -> BankProfile:
    """Return a bank with the shared reasons but for words that it gives a meaning of its own."""
    own = {plain(word) for reason in bank.result.reasons for word in reason.words}
    added = []
    for reason in shared:
        words = tuple(word for word in reason.words if plain(word) not in own)
        if words:
            added.append(ReasonWords(code=reason.code, words=words))
    result = bank.result.model_copy(update={"reasons": (*bank.result.reasons, *added)})
    return bank.model_copy(update={"result": result})


def _line(finding: Finding) -> tuple[int, str]:
    line = finding.details.get("line", 0)
    return (line if isinstance(line, int) else 0, finding.code)


def _crosschecked(reading: Reading[BanksForm]) -> Iterator[Finding]:
    """Yield what each entry for itself cannot tell: what its format needs, and what says two."""
    seen: set[str] = set()
    banks = list(reading.entries("bank"))
    faults: list[Fault] = []
    for path, bank in banks:
        if bank.id in seen:
            faults.append(("FL021", (*path, "id"), {"found": bank.id}))
        seen.add(bank.id)
        faults += _of_out(bank.out, (*path, "out"))
        faults += _of_result(bank.result, (*path, "result"))
    faults += of_statements(list(reading.entries("statement")))
    if reading.value is not None:
        faults += _of_reasons(reading.value.reasons, ())
    for code, where, details in faults:
        yield reading.finding(code, where, **details)


def _of_text(layout: Out | ResultLayout, path: KeyPath) -> Iterator[Fault]:
    """What text alone has: its encoding, how cells are parted, and widths where they are fixed."""
    is_text = layout.format == "text"
    fixed = is_text and layout.separator == FIXED
    for key in ("encoding", "separator"):
        given = getattr(layout, key) is not None
        yield from of_needed((*path, key), given=given, wanted=is_text)
    cells: list[tuple[KeyPath, int | None]] = [
        ((*path, key, at), cell.width)
        for key in ("head", "columns")
        for at, cell in enumerate(getattr(layout, key))
    ]
    if layout.total is not None:
        total = (*path, "total", "cells")
        cells += [((*total, at), cell.width) for at, cell in enumerate(layout.total.cells)]
        yield from of_needed(total, given=bool(layout.total.cells), wanted=is_text)
        if is_text and all(cell.field != "word" for cell in layout.total.cells):
            yield "FL763", total, {"field": "word"}
    for where, width in cells:
        yield from of_needed((*where, "width"), given=width is not None, wanted=fixed)
    if fixed and layout.headings:
        yield "FL760", (*path, "headings"), {"reason": "fixed"}
    if fixed and layout.head and layout.head_as != "line":
        yield "FL760", (*path, "head_as"), {"reason": "fixed"}


def _of_out(out: Out, path: KeyPath) -> Iterator[Fault]:
    yield from _of_text(out, path)
    given = out.line_end is not None
    yield from of_needed((*path, "line_end"), given=given, wanted=out.format == "text")
    rows = out.format != "pain.001"
    yield from of_needed((*path, "columns"), given=bool(out.columns), wanted=rows)
    for key in ("head", "total"):
        if getattr(out, key) and not rows:
            yield "FL760", (*path, key), {"reason": "unwanted"}
    for key in ("bank_code", "purpose_code"):
        if getattr(out, key) and rows:
            yield "FL760", (*path, key), {"reason": "unwanted"}
    if out.columns:
        yield from _of_columns(out.columns, (*path, "columns"))


def _of_columns(columns: Sequence[Column], path: KeyPath) -> Iterator[Fault]:
    """What is paid and to whom stands in a column, and nothing stands twice."""
    fields = {column.field for column in columns}
    for field in _ALWAYS:
        if field not in fields:
            yield "FL763", path, {"field": field}
    if not fields & {"line", "memo"}:
        yield "FL763", path, {"field": "line"}
    seen: set[str] = set()
    for at, column in enumerate(columns):
        for key, word in (("field", column.field), ("heading", column.heading)):
            if word != "word" and f"{key} {word}" in seen:
                yield "FL021", (*path, at, key), {"found": word}
            seen.add(f"{key} {word}")


def _of_result(result: ResultLayout, path: KeyPath) -> Iterator[Fault]:
    yield from _of_text(result, path)
    rows = result.format != "pain.002"
    yield from of_needed((*path, "columns"), given=bool(result.columns), wanted=rows)
    for key in ("head", "total", "paid", "failed", "unknown"):
        if getattr(result, key) and not rows:
            yield "FL760", (*path, key), {"reason": "unwanted"}
    if result.columns:
        if not result.has("line") and not (result.has("account") and result.has("amount")):
            yield "FL763", (*path, "columns"), {"field": "line"}
        if not (result.has("status") or result.has("paid")):
            yield "FL763", (*path, "columns"), {"field": "status"}
        if not (result.has("amount") or result.has("paid")):
            yield "FL763", (*path, "columns"), {"field": "amount"}
    for key in ("paid", "failed"):
        given = bool(getattr(result, key))
        if result.has("status") and not given:
            yield "FL760", (*path, key), {"reason": "missing"}
    yield from _of_table(result, path)
    yield from of_meanings(result, ("paid", "failed", "unknown"), path)
    yield from of_cells(result.columns, (*path, "columns"), named=_named(result, "columns"))
    yield from of_cells(result.head, (*path, "head"), named=_named(result, "head"))
    yield from _of_reasons(result.reasons, path)


def _of_table(result: ResultLayout, path: KeyPath) -> Iterator[Fault]:
    """A table is found by its headings, and what stands above them by its labels."""
    if result.format == "table" and not result.headings:
        yield "FL760", (*path, "headings"), {"reason": "missing"}
    if result.format != "table" and result.notes:
        yield "FL760", (*path, "notes"), {"reason": "unwanted"}
    if result.format == "table" and result.head_as == "line":
        yield "FL760", (*path, "head_as"), {"reason": "unwanted"}


def _named(result: ResultLayout, key: str) -> bool:
    """Whether cells are found by the words beside or above them, and not by their place."""
    by_heading = result.headings if key == "columns" else result.head_as == "pairs"
    return result.format == "table" or (result.format == "text" and by_heading)


def _of_reasons(reasons: Iterable[ReasonWords], path: KeyPath) -> Iterator[Fault]:
    """A word for a reason means one code (FL761)."""
    meanings: dict[str, str] = {}
    for at, reason in enumerate(reasons):
        for word in reason.words:
            if meanings.setdefault(plain(word), reason.code) != reason.code:
                yield "FL761", (*path, "reason", at, "words"), {"found": word}
