"""A desk in a real office, where something wrong is handed in; and a row of the table."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeAlias

from click.testing import CliRunner, Result

from fundledger.charter import Charter
from fundledger.cli import program
from fundledger.findings import Finding
from fundledger.fund import Fund, open_fund
from fundledger.ledger import drafts
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from fundledger.ledger.voucher import Draft, Posting
from fundledger.office import Office
from support.offices import Clock, draft, numbered_keys

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=SHANGHAI)
DAY = date(2026, 3, 5)
LINE = ("CASC", "Dibao")
PAID = "2026-02-0001"
"""The expense of 300.00 that stands in the books."""


sound_draft = partial(draft, cashier="S06")


@dataclass
class Desk:
    """An office with a fund that has money, a budget and one payment; January is closed."""

    root: Path
    tray: Path
    """A folder outside the office, for files that are handed in."""
    charter: Charter
    prefix: str = "T"

    @cached_property
    def surroundings(self) -> Surroundings:
        return Surroundings(Clock(NOW), numbered_keys(self.prefix), lock_timeout_seconds=0.2)

    @cached_property
    def office(self) -> Office:
        return Office(self.root, self.surroundings)

    @cached_property
    def fund(self) -> Fund:
        """The fund, under rules that were read once for all rows."""
        return open_fund(self.folder, self.charter.fund_charter("dibao"), self.surroundings)

    @property
    def folder(self) -> Path:
        return self.root / "ledgers" / "dibao"

    def record(self, **changes: Given) -> object:
        """Record a sound donation of 1.00 with some of its fields changed."""
        return self.fund.record(gift(**changes))

    def moved(self, *postings: Posting, event: str = "transfer", **changes: Given) -> object:
        """Record a voucher of these postings."""
        return self.fund.record(sound_draft(postings, DAY, event, **changes))

    def call(self, *arguments: str) -> tuple[Result, Result]:
        """Call the program, in Chinese and in English."""
        chinese, english = (
            CliRunner().invoke(
                program(self.surroundings), ["-C", str(self.root), "--lang", language, *arguments]
            )
            for language in ("zh", "en")
        )
        return chinese, english

    def look(self) -> tuple[Finding, ...]:
        """Return what a check of the fund finds, as of a day on which nothing is late."""
        return self.fund.check(date(2026, 2, 5)).findings

    def bytes(self) -> dict[str, tuple[int, bytes]]:
        """Return the kind and content of every file of the office but the index and the lock."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            mode = path.lstat().st_mode
            if ".state" not in path.parts:
                content = path.read_bytes() if stat.S_ISREG(mode) else b""
                found[str(path.relative_to(self.root))] = (stat.S_IFMT(mode), content)
        return found


Act = Callable[[Desk], object]
Given: TypeAlias = Any
"""Whatever is handed in; that it may be of any type is what the rows are about."""


def _nothing(desk: Desk) -> None:
    """Leave the office as it is."""
    del desk


@dataclass(frozen=True)
class Row:
    """What is given, what must be told of it, how it is given, and what is done beforehand."""

    given: str
    codes: str
    act: Act
    arrange: Act = field(default=_nothing)


def gift(**changes: Given) -> Draft:
    """Return a sound draft of a donation of 1.00 with some of its fields changed."""
    return replace(sound_draft(drafts.donation(1_00), DAY, "donation"), **changes)


def fields(codes: str, **values: Iterable[tuple[str, Any]]) -> list[Row]:
    """Return a row for each value of a field of a draft; values come with their names."""
    return [
        Row(f"{name} {said}", codes, _recording(name, value))
        for name, several in values.items()
        for said, value in several
    ]


def _recording(name: str, value: object) -> Act:
    return lambda desk: desk.record(**{name: value})


def call(given: str, codes: str, *arguments: str) -> Row:
    """Return a row for a call of the program."""
    return Row(given, codes, lambda desk: desk.call(*arguments))


def set_up(root: Path, charter: Charter) -> None:
    """Fill a new office: money and budget in January, which is closed, a payment in February."""
    desk = Desk(root, root, charter, "K")
    fund = desk.fund
    on = date(2026, 1, 5)
    fund.record(
        (
            sound_draft(drafts.allocation("District", 100_000_00), on),
            sound_draft(drafts.adoption(2026, LINE, 100_000_00), on, "budget-adopt"),
            sound_draft(drafts.allotment(2026, LINE, 100_000_00), on, "allot"),
        )
    )
    paid = sound_draft(drafts.expense(2026, LINE, 300_00), date(2026, 2, 3), "expense")
    fund.record(paid, key="FIRST")
    fund.close("2026-01", actor="S05")
    fund.close_files()


def edited(name: str, one: bytes, other: bytes) -> Callable[[Path], object]:
    """Return what writes `other` for `one` in a file of a folder."""

    def act(folder: Path) -> None:
        before = (folder / name).read_bytes()
        assert one in before
        (folder / name).write_bytes(before.replace(one, other, 1))

    return act


def put(name: str, content: bytes = b"x") -> Callable[[Path], object]:
    """Return what puts a file into a folder."""

    def act(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    return act
