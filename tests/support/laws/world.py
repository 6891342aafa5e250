"""A fund to which acts are put: refused or done, in both cases under the two laws."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fundledger.charter import FundCharter
from fundledger.errors import Refused
from fundledger.findings import Finding
from fundledger.fund import Fund, open_fund
from fundledger.ledger.books import Books
from fundledger.ledger.record import Kind
from fundledger.ledger.surroundings import Surroundings
from fundledger.ledger.voucher import Voucher
from fundledger.texts import text
from support.forcing import force
from support.offices import LATE, Clock, charter

AT = LATE.isoformat(timespec="seconds")
TODAY = LATE.date()
NO_VALUE = {"?", "-"}


class Impossible(Exception):  # noqa: N818 - no error, where whole histories are drawn
    """What has to come before an act is refused."""


@dataclass(frozen=True)
class Made:
    """What stands in the journal of an act that nobody guards."""

    kind: Kind
    body: dict[str, Any]
    vouchers: Sequence[Voucher]
    actor: str
    key: str = ""


@dataclass(frozen=True)
class Act:
    """What is asked of a fund, and the record that it is."""

    do: Callable[[Fund], object]
    made: Callable[[Fund], Made]


@dataclass
class World:
    """A copy of a fund's directory, and the rules that its office has today."""

    root: Path
    numbers: Iterator[int]
    rules: FundCharter = field(default_factory=charter)

    def opened(self, root: Path | None = None, rules: FundCharter | None = None) -> Fund:
        """Return the fund, with keys that nobody used."""
        folder = (root or self.root) / "dibao"
        return open_fund(folder, rules or self.rules, Surroundings(Clock()))

    def another(self) -> World:
        """Return the same in a copy of the directory."""
        return replace(self, root=self.copied())

    def copied(self) -> Path:
        copy = self.root.with_name(f"{self.root.name}-{next(self.numbers)}")
        shutil.copytree(self.root, copy)
        return copy

    def bytes(self) -> dict[str, bytes]:
        """Return every file of the fund that is no state to be thrown away."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and ".state" not in path.parts
        }

    def looked_at(self, look: Callable[[Fund], Any]) -> Any:  # noqa: ANN401 - what `look` returns
        fund = self.opened()
        seen = look(fund)
        fund.close_files()
        return seen

    def books(self) -> Books:
        """Return the books, which may be asked for vouchers."""
        books: Books = self.looked_at(Fund.books)
        return books

    def does(self, act: Act) -> list[Finding]:
        """Ask for an act; return what it is refused for."""
        refused: list[Finding] = self.looked_at(lambda fund: attempt(act, fund))
        return refused

    def must(self, act: Act) -> None:
        """Do what has to come before an act that is drawn.

        Raises:
            Impossible: it is refused as things stand.

        """
        refused = self.does(act)
        if refused:
            raise Impossible(refused)

    def hold_laws(self, act: Act) -> list[Finding]:
        """Ask for an act and assert both laws; return what it is refused for."""
        fund = self.opened()
        before = self.bytes()
        refused = attempt(act, fund)
        in_force = fund.books().charter
        fund.close_files()
        standing = self.opened(rules=in_force)
        found = audited(standing)
        standing.close_files()

        assert found == []

        if refused:
            assert self.bytes() == before

            forced = self.forced(act, in_force, refused)

            assert sorted(map(repr, forced)) == sorted(map(repr, refused))
            assert untold(forced) == []
        return refused

    def forced(
        self, act: Act, in_force: FundCharter, refused: Sequence[Finding]
    ) -> Sequence[Finding]:
        """Return what the audit finds in a copy that holds the act all the same."""
        copy = self.copied()
        fund = self.opened(copy)
        folder = copy / "dibao"
        if in_force != self.rules:
            values = self.rules.model_dump(mode="json", by_alias=True)
            force(folder, fund, at=AT, kind="charter", body={"charter": values})
        if in_force == self.rules or all(finding.code != "FL041" for finding in refused):
            made = act.made(fund)
            force(
                folder,
                fund,
                made.vouchers,
                at=AT,
                kind=made.kind,
                body=made.body,
                actor=made.actor,
                key=made.key,
            )
        found = audited(fund)
        fund.close_files()
        shutil.rmtree(copy)
        return found


def gating(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.gates]


def audited(fund: Fund) -> list[Finding]:
    return gating(fund.check(TODAY).findings)


def attempt(act: Act, fund: Fund) -> list[Finding]:
    """Return why an act is refused; nothing when it was done."""
    try:
        act.do(fund)
    except Refused as refusal:
        return gating(refusal.findings)
    return []


def untold(findings: Sequence[Finding]) -> list[tuple[str, object]]:
    """Return the values that a finding's sentence would show as slugs, for want of words."""
    return [
        (finding.code, finding.details[place])
        for finding in findings
        for place, words in text(finding.code).said.items()
        if not NO_VALUE & words.keys() and finding.details.get(place, "") not in {"", *words}
    ]
