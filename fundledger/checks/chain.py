"""A look at the chain of a journal alone: what `Fund.verify` says, and a few lines of shell too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fundledger.checks.crosswise import Attestation, attestations_of
from fundledger.checks.evidence import Witness, in_journal
from fundledger.errors import JournalBroken
from fundledger.findings import Finding
from fundledger.ledger.door import Disk, Snapshot
from fundledger.ledger.journal import PROGRESS_EVERY, Line, Torn, record_of, scan
from fundledger.ledger.record import Record


@dataclass(frozen=True, slots=True)
class Verification:
    """What a look at the chain alone says: the number of records and the last digest."""

    fund: str
    records: int
    head: str
    findings: tuple[Finding, ...]
    attestations: tuple[Attestation, ...]


def verify_chain(  # noqa: PLR0913 - what it looks at, and by keyword how
    disk: Disk,
    fund: str,
    snapshot: Snapshot,
    now: str,
    *,
    known_head: str = "",
    progress: Callable[[int, int], None] | None = None,
    take: Callable[[Line, Record], None] | None = None,
) -> Verification:
    """Verify that every line follows from the one before, in files as they should be.

    `known_head` is how the digest of a line begins that must stand in it; `progress` is told bytes
    done and bytes in all; `take` is given each line that was verified, with its record.

    Raises:
        JournalBroken: FL602, one does not; with what was found about the files.

    """
    witness = Witness(fund, snapshot, now)
    attestations: list[Attestation] = []
    findings = list(in_journal(disk, fund, snapshot))
    head, count, held = "", 0, not known_head
    done, total = 0, sum(snapshot.segments.values())
    try:
        for line in scan(disk, fund, snapshot.segments):
            if isinstance(line, Torn):
                witness.see_torn(line)
                break
            count += 1
            record = record_of(line, fund, count)
            witness.see(line, record)
            attestations += attestations_of(fund, record)
            head = line.digest
            if take is not None:
                take(line, record)
            done += line.end - line.start
            if progress is not None and count % PROGRESS_EVERY == 1:
                progress(done, total)
            held = held or head.startswith(known_head)
    except JournalBroken as error:
        raise JournalBroken((*findings, *error.findings)) from error
    findings += witness.findings()
    if not held:
        findings.append(Finding("FL944", known_head, {}, fund))
    return Verification(fund, count, head, tuple(findings), tuple(attestations))
