"""The layouts of statements in `banks.toml`: which is a fund's, and what the reader makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fundledger.bank.layout import Layout, Words, by_words, plain
from fundledger.bankfile.faults import Fault, of_cells, of_meanings, of_needed
from fundledger.bankfile.profile import OfLine, StatementForm
from fundledger.charter.files import KeyPath
from fundledger.charter.reading import nearest_first
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.given import expect, is_text

_JOINED = ("summary", "memo")
_DAYS: Mapping[str, re.Pattern[str]] = {
    "YYYYMMDD": re.compile(r"\d{8}", re.ASCII),
    "YYYY-MM-DD": re.compile(r"\d{4}-\d\d-\d\d(?!\d)", re.ASCII),
    "YYYY/MM/DD": re.compile(r"\d{4}/\d\d/\d\d(?!\d)", re.ASCII),
}


@dataclass(frozen=True, slots=True)
class Expected:
    """The layouts that a statement may have, and whether it must have one of them."""

    layouts: tuple[Layout, ...] = ()
    binding: bool = True


@dataclass(frozen=True, slots=True)
class Layouts:
    """All layouts of statements that are known; of `others` only the payment files are."""

    forms: tuple[StatementForm, ...]
    others: frozenset[str]

    def named(self, name: str) -> Expected:
        """Return the layouts of a bank, or the one with that id; none of a bank without any.

        Raises:
            InputInvalid: FL762, there is no such bank; FL909, that is no text.

        """
        expect(name=is_text(name))
        chosen = tuple(form for form in self.forms if name in {form.bank, form.id})
        if not chosen and name not in self.others:
            known = {name for form in self.forms for name in (form.bank, form.id)} | self.others
            raise InputInvalid(Finding("FL762", name, {"allowed": nearest_first(name, known)}))
        return Expected(tuple(map(layout_of, chosen)))

    def of_bank(self, words: str) -> Expected:
        """Return the layouts of the bank that a fund's charter names.

        They bind only once all of them are verified: until then a statement that has none of them
        is read by the words that most banks use.

        Raises:
            InputInvalid: FL909, that is no text.

        """
        expect(words=is_text(words))
        name = plain(words)
        banks = {
            form.bank for form in self.forms if any(plain(word) in name for word in form.known_as)
        }
        chosen = [form for form in self.forms if form.bank in banks]
        binding = all(form.verified for form in chosen)
        return Expected(tuple(map(layout_of, chosen)), binding=binding)


def layout_of(form: StatementForm) -> Layout:
    """Return a layout as the reader of statements takes it."""
    known = by_words().words
    labels = dict(known.labels)
    for cell in form.head:
        labels[cell.field] = labels[cell.field] | frozenset(map(plain, cell.words))
    values = dict(known.words)
    values["trailer"] += tuple(map(plain, form.notes))
    values["out"] = tuple(map(plain, form.out)) or values["out"]
    values["in"] = tuple(map(plain, form.into)) or values["in"]
    read = [column for column in form.columns if column.field not in {*_JOINED, "other"}]
    return Layout(
        words=Words(
            columns={column.field: (frozenset(map(plain, column.words)),) for column in read},
            join={field: _words_of(form, field) for field in ("summary", "memo")},
            labels=labels,
            words=values,
        ),
        id=form.id,
        needed=tuple(column.words for column in form.columns if column.needed),
        stated=tuple((cell.field, cell.words[0]) for cell in form.head if cell.needed),
        ignored=_words_of(form, "other"),
        above=form.above,
        day=_DAYS[form.dates] if form.dates else None,
        order=form.order,
        plus=form.plus or "in",
        encoding=form.encoding,
    )


def _words_of(form: StatementForm, field: OfLine) -> frozenset[str]:
    """Return all headings of a field."""
    columns = [column for column in form.columns if column.field == field]
    return frozenset(plain(word) for column in columns for word in column.words)


def of_statements(forms: Sequence[tuple[KeyPath, StatementForm]]) -> Iterator[Fault]:
    """Yield what each layout for itself cannot tell, and ids that stand twice."""
    seen: set[str] = set()
    for path, form in forms:
        if form.id in seen:
            yield "FL021", (*path, "id"), {"found": form.id}
        seen.add(form.id)
        yield from _of_statement(form, path)


def _of_statement(form: StatementForm, path: KeyPath) -> Iterator[Fault]:
    """Every line has a day; what is needed can be told from what is not."""
    columns = (*path, "columns")
    if not form.has("date"):
        yield "FL763", columns, {"field": "date"}
    if not any(column.needed for column in form.columns):
        yield "FL760", (*columns, 0, "needed"), {"reason": "missing"}
    yield from _of_money(form, path)
    yield from _of_directions(form, path)
    yield from of_cells(form.columns, columns, named=True)
    yield from of_cells(form.head, (*path, "head"), named=True)
    for at, cell in enumerate(form.head):
        if cell.needed and cell.field in {"currency", "unit"}:
            yield "FL760", (*path, "head", at, "needed"), {"reason": "unwanted"}


def _of_money(form: StatementForm, path: KeyPath) -> Iterator[Fault]:
    """There is one amount, with a direction or a sign, or there are two, in and out."""
    columns = (*path, "columns")
    sides: tuple[OfLine, ...] = ("out", "in")
    if not form.has("amount"):
        for side in sides:
            if not form.has(side):
                yield "FL763", columns, {"field": side}
    elif any(map(form.has, sides)):
        yield "FL760", columns, {"reason": "unwanted"}


def _of_directions(form: StatementForm, path: KeyPath) -> Iterator[Fault]:
    """A direction goes with one amount, and its words with it; the sign counts where none is."""
    directed = form.has("direction")
    if directed and not form.has("amount"):
        yield "FL760", (*path, "columns"), {"reason": "unwanted"}
    if form.plus is not None and (directed or not form.has("amount")):
        yield "FL760", (*path, "plus"), {"reason": "unwanted"}
    wanted = directed and bool(form.out or form.into)
    for key, words in (("out", form.out), ("in", form.into)):
        yield from of_needed((*path, key), given=bool(words), wanted=wanted)
    yield from of_meanings(form, ("out", "into"), path)
