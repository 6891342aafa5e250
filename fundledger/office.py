"""One office: what its rules say and all its funds, each in a directory of its own."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Self

from fundledger.checks.crosswise import Attestation, are_attestations, denied, told_on
from fundledger.checks.evidence import in_ledgers
from fundledger.checks.run import on_office
from fundledger.errors import CharterInvalid, InputInvalid, JournalBroken, NotFound
from fundledger.findings import Finding, Severity, by_weight
from fundledger.fund import Fund, open_fund
from fundledger.ledger.disk import RealDisk
from fundledger.ledger.given import expect, is_day, is_text, shown
from fundledger.ledger.journal import scan, sizes_of
from fundledger.ledger.surroundings import Surroundings

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules, Charter, FundCharter
    from fundledger.checks.audit import Audit
    from fundledger.ledger.batches.timely import Paid
    from fundledger.ledger.books import Books

_Look = tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True, slots=True)
class OfficeAudit:
    """What an audit of an office found: fund by fund, and between the funds."""

    funds: Mapping[str, Audit]
    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing was found that must be cured."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


class Office:
    """The directory with `rules/` and `ledgers/` in it."""

    def __init__(self, root: str | Path, surroundings: Surroundings | None = None) -> None:
        """Open the office at `root`, a path or its text; it stays there whatever the process does.

        Raises:
            InputInvalid: FL909, `root` is no path.
            NotFound: FL912, there is no `rules/` directory in it.

        """
        given: object = root
        expect(
            root=isinstance(given, (str, os.PathLike)),
            surroundings=surroundings is None or isinstance(surroundings, Surroundings),
        )
        self.root = Path(root).absolute()
        try:
            found = (self.root / "rules").is_dir()
        except OSError:
            found = False
        if not found:
            raise NotFound(Finding("FL912", str(root), {"path": str(root)}))
        self.surroundings = surroundings or Surroundings()
        self._read: tuple[_Look, Charter, BudgetRules] | None = None
        self._charters: dict[str, tuple[Charter, FundCharter]] = {}
        self._funds: dict[str, Fund] = {}

    def __enter__(self) -> Self:
        """Keep the office open for a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the files of all its funds."""
        self.close_files()

    def close_files(self) -> None:
        """Let go of the files of all funds, when no thread reads them; may be used again."""
        for fund in tuple(self._funds.values()):
            fund.close_files()

    @property
    def charter(self) -> Charter:
        """What `rules/` says now; its files are read again only where one of them changed.

        Raises:
            NotFound: FL912, there is no `rules/` directory any more.
            CharterInvalid: FL0xx, everything that is wrong in it at once.

        """
        return self._rules()[1]

    def _rules(self) -> tuple[_Look, Charter, BudgetRules]:
        look = self._look()
        read = self._read
        if read is None or read[0] != look:
            from fundledger.charter import load_rules  # noqa: PLC0415 - pydantic when needed

            read = self._read = (look, *load_rules(self.root / "rules"))
        return read

    def _look(self) -> _Look:
        """Return what changes with every change of the rules, without reading them."""
        rules = self.root / "rules"
        try:
            with os.scandir(rules) as entries:
                return tuple(sorted(map(_seen, entries)))
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound(Finding("FL912", str(rules), {"path": str(self.root)})) from None
        except OSError as error:
            details = {"file": str(rules), "found": error.strerror or str(error)}
            raise CharterInvalid(Finding("FL003", str(rules), details)) from error

    def _fund_charter(self, fund_id: str) -> FundCharter:
        """Return what the rules say of a fund now."""
        charter = self.charter
        known = self._charters.get(fund_id)
        if known is None or known[0] is not charter:
            known = self._charters[fund_id] = (charter, charter.fund_charter(fund_id))
        return known[1]

    @property
    def budget_rules(self) -> BudgetRules:
        """What `rules/budget.toml` says of deriving a budget."""
        return self._rules()[2]

    @property
    def fund_ids(self) -> tuple[str, ...]:
        """The ids of all funds, in the order of the rules."""
        return tuple(fund.id for fund in self.charter.funds)

    def fund(self, fund_id: str) -> Fund:
        """Return a fund by its id.

        It goes by what `rules/` says at the time of each act.

        Raises:
            NotFound: FL030, the rules know no such fund.
            CharterInvalid: FL0xx, everything that is wrong in the rules at once.

        """
        if not is_text(fund_id):
            allowed = ", ".join(self.fund_ids)
            raise NotFound(Finding("FL030", shown(fund_id), {"allowed": allowed}))
        charter = self._fund_charter(fund_id)
        found = self._funds.get(fund_id)
        if found is None:
            root = self.root / "ledgers" / fund_id
            rules = partial(self._fund_charter, fund_id)
            others = partial(self._others, fund_id)
            found = open_fund(root, charter, self.surroundings, rules=rules, others=others)
            found = self._funds.setdefault(fund_id, found)
        return found

    def _others(self, fund_id: str) -> list[Fund]:
        return [self.fund(other) for other in self.fund_ids if other != fund_id]

    def check(
        self,
        funds: tuple[str, ...] = (),
        as_of: date | None = None,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> OfficeAudit:
        """Audit some funds, or all of them and what stands between them.

        `as_of` bounds what is expected by then (days that ran out, months that should be closed),
        not the books: those hold every record there is.

        What is wrong in `rules/banks.toml` is told too: no figure of the books goes by that file.

        Raises:
            InputInvalid: FL909, `funds` is no row of ids, or `as_of` no day.
            NotFound: FL030, the rules know no such fund.
            CharterInvalid: FL0xx, everything that is wrong in the other rules at once.
            Busy: FL906, a writer held a fund for too long.

        """
        expect(
            funds=isinstance(funds, (tuple, list)) and all(map(is_text, funds)),
            as_of=as_of is None or is_day(as_of),
        )
        audits: dict[str, Audit] = {}
        for fund_id in funds or self.fund_ids:

            def told(done: int, total: int, fund_id: str = fund_id) -> None:
                if progress is not None:
                    progress(fund_id, done, total)

            audits[fund_id] = self.fund(fund_id).check(as_of, told)
            told(1, 1)
        findings = [finding for result in audits.values() for finding in result.findings]
        findings += self._wrong_banks()
        for fund_id in funds:
            findings += () if audits[fund_id].records else self.deleted(fund_id)
        if not funds:
            books: dict[str, Books] = {fund: result.books for fund, result in audits.items()}
            findings += on_office(books)
            findings += in_ledgers(self.root / "ledgers", self.fund_ids)
            findings += self.crosswise({f: result.attestations for f, result in audits.items()})
        return OfficeAudit(audits, tuple(sorted(findings, key=by_weight)))

    def _wrong_banks(self) -> tuple[Finding, ...]:
        """Return what is wrong with `banks.toml`, which is read where a bank is asked for alone."""
        from fundledger.bankfile import load_layouts  # noqa: PLC0415 - pydantic when needed

        try:
            load_layouts(self.root / "rules")
        except CharterInvalid as invalid:
            return invalid.findings
        return ()

    def timeliness(
        self, funds: tuple[str, ...] = (), as_of: date | None = None
    ) -> dict[str, list[Paid]]:
        """Return what was paid on time and in full by some funds or all, as `Fund.timeliness` does.

        Raises:
            InputInvalid: FL909, `funds` is no row of ids, or `as_of` no day.
            NotFound: FL030, the rules know no such fund.
            And as `Fund.timeliness` does.

        """
        expect(funds=isinstance(funds, (tuple, list)) and all(map(is_text, funds)))
        return {name: self.fund(name).timeliness(as_of) for name in funds or self.fund_ids}

    def crosswise(self, said: Mapping[str, Sequence[Attestation]]) -> Iterator[Finding]:
        """Hold each journal against what the closings of the other funds say of it (FL626).

        `said` is what the audit or the verification of every fund brought.

        Raises:
            Busy: FL906, a writer held a fund for too long.

        """
        given: object = said
        expect(said=isinstance(given, Mapping) and all(map(are_attestations, given.values())))
        about: dict[str, list[Attestation]] = {}
        for attestation in chain.from_iterable(said.values()):
            about.setdefault(attestation.fund, []).append(attestation)
        denied_by: dict[str, list[Attestation]] = {}
        for fund_id, attestations in sorted(about.items()):
            if fund_id in said:
                denied_by[fund_id] = self.fund(fund_id).denied(attestations)
            else:
                denied_by[fund_id] = self._denied_by_former(fund_id, attestations)
        doubted = {fund_id for fund_id, lacking in denied_by.items() if lacking}
        for fund_id, lacking in denied_by.items():
            yield from told_on(fund_id, lacking, doubted)

    def deleted(self, fund_id: str) -> Iterator[Finding]:
        """Say of a fund without a record whether others saw one (FL626), as `crosswise` does.

        For who looks at one fund and not at all: a new fund and one that was deleted with all that
        remembers it look the same but for this.

        Raises:
            NotFound: FL030, the rules know no such fund.
            Busy: FL906, a writer held a fund for too long.

        """
        fund = self.fund(fund_id)
        return told_on(fund_id, fund.denied(fund.attested()))

    def _denied_by_former(
        self, fund_id: str, attestations: Sequence[Attestation]
    ) -> list[Attestation]:
        """Return what a journal does not hold whose fund the rules do not know any more (FL104)."""
        disk = RealDisk(self.root / "ledgers" / fund_id)
        try:
            return denied(fund_id, scan(disk, fund_id, sizes_of(disk)), attestations)
        except (JournalBroken, InputInvalid, OSError):
            return sorted(attestations)
        finally:
            disk.close()


def _seen(entry: os.DirEntry[str]) -> tuple[str | int, ...]:
    """Return what tells a changed file of the rules; a folder in `rules/` says nothing of them."""
    status = entry.stat(follow_symlinks=False)
    if stat.S_ISDIR(status.st_mode):
        return (entry.name, status.st_mode)
    return (
        entry.name,
        status.st_mode,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_size,
        status.st_ino,
    )
