"""What a reversal cures: a finding of a fact, which was recorded all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from fundledger.checks.catalogue import Check, Gates, Sees
from fundledger.checks.listed import VOUCHER_CHECKS
from fundledger.checks.run import layout_of
from fundledger.findings import Finding
from fundledger.ledger.books import Books
from fundledger.ledger.entry import Entry

_OF_ACTS = tuple(check for check in VOUCHER_CHECKS if check.gates is Gates.ACTS)


class Fact(NamedTuple):
    """A finding that refused nothing, and the vouchers without which it would not be there."""

    finding: Finding
    behind: tuple[str, ...]


class Facts:
    """What was found in facts while a journal is read.

    What would have refused an act is none of it: it was forced in, and stays found for good.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._facts: list[Fact] = []

    def sifted(self, found: Sequence[Finding], entries: Sequence[Entry]) -> Iterator[Finding]:
        """Keep those findings of a record that are of its facts, and yield the others."""
        for finding in found:
            check = next((one for one in _OF_ACTS if one.code == finding.code), None)
            if check is None or finding.gates or finding.voucher is None:
                yield finding
            else:
                behind = tuple(_behind(check, finding, entries)) or (finding.voucher,)
                self._facts.append(Fact(finding, behind))

    def standing(self, findings: Iterable[Finding], books: Books) -> Iterator[Finding]:
        """Yield what no red ink has cured; a reversal that was found bad (FL306) cures nothing."""
        unsound = {finding.subject for finding in findings if finding.code == "FL306"}
        for finding, behind in self._facts:
            if any(books.undone[ref] is None or ref in unsound for ref in behind):
                yield finding


def _behind(check: Check, finding: Finding, entries: Sequence[Entry]) -> Iterator[str]:
    """Yield the vouchers that moved an account to its wrong side; the finding names but one."""
    if check.sees is not Sees.STATE:
        return
    for entry in entries:
        watched = entry.names if check.watches is None else dict(check.watches(layout_of(entry)))
        if finding.subject in watched:
            yield entry.ref
