"""The audit: the gate replayed over the journal, and the files held against it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial

from fundledger.checks.batches import orphans
from fundledger.checks.changes import noted
from fundledger.checks.child import in_child, uncollected
from fundledger.checks.crosswise import Attestation, attestations_of
from fundledger.checks.cured import Facts
from fundledger.checks.evidence import Witness, in_journal
from fundledger.checks.hours import OffHours
from fundledger.checks.month_books import MonthBooks
from fundledger.checks.run import WITHOUT_TEXTS, on_book, on_record, on_vouchers
from fundledger.checks.twins import Twins, twins_in
from fundledger.checks.wording import Wording
from fundledger.errors import JournalBroken
from fundledger.findings import Finding, by_weight
from fundledger.ledger.batches.paylist import FOLDER as LISTS
from fundledger.ledger.batches.paylist import LIST_PATH, list_path
from fundledger.ledger.books import Books
from fundledger.ledger.door import Disk, Snapshot
from fundledger.ledger.faces import main_files
from fundledger.ledger.journal import PROGRESS_EVERY, Torn, record_at, record_of, scan
from fundledger.ledger.shelf import list_reader
from fundledger.ledger.tables import MemoryTables
from fundledger.ledger.text import render_voucher

SHARED_BYTES = 4 << 20
_MONTH_BOOK = re.compile(r"\d{4}/\d{2}\.beancount", re.ASCII)
_KNOWN = re.compile(
    r"journal/\d{4}-(0[1-9]|1[0-2])\.jsonl|\d{4}/(0[1-9]|1[0-2])\.beancount|book\.beancount|balances\.beancount"
    r"|lists/[0-9a-f]{64}\.csv|documents/.+|\.state/.+",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit of one fund found, and the state that the journal says."""

    fund: str
    books: Books
    findings: tuple[Finding, ...]
    records: int
    vouchers: int
    head: str
    attestations: tuple[Attestation, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing was found that must be cured."""
        return all(finding.severity.value != "error" for finding in self.findings)


@dataclass(slots=True)
class _Replay:
    """What replaying the gate came to."""

    books: Books
    findings: list[Finding]
    attestations: list[Attestation]
    vouchers: int = 0
    broken: bool = False


@dataclass(slots=True)
class _Files:
    """What holding the chain and the books' text against the journal came to."""

    findings: list[Finding]
    pairs: list[tuple[str, str]]
    digest: str = ""
    broken: bool = False


def audit(  # noqa: PLR0913 - what an audit rests on
    disk: Disk,
    fund: str,
    snapshot: Snapshot,
    as_of: date,
    *,
    now: str,
    progress: Callable[[int, int], None] | None = None,
) -> Audit:
    """Replay a fund's journal through the catalogue and hold its files against it.

    `now` is the auditor's own clock, as ISO time; `progress` is told bytes done and bytes in all.
    Findings come errors first.  With a large journal the chain, texts and files are read by a
    second process, where there can be one.
    """

    def read_files() -> _Files:
        return _read_files(disk, fund, snapshot, now)

    large = sum(snapshot.segments.values()) >= SHARED_BYTES
    with in_child(read_files, worthwhile=large) as files_of, uncollected():
        replay = _replay(disk, fund, snapshot, progress)
        files = files_of()
    findings = [*files.findings, *_foreign(disk, fund, snapshot)]
    if not files.broken:
        findings += replay.findings
    if not files.broken and not replay.broken:
        findings += _main_faces(snapshot, replay.books)
        findings += _orphans(fund, snapshot, replay.books)
        findings += on_book(replay.books, as_of)
        findings += twins_in(replay.books, files.pairs, disk)
    findings.sort(key=by_weight)
    return Audit(
        fund,
        replay.books,
        tuple(findings),
        replay.books.head.sequence,
        replay.vouchers,
        files.digest,
        tuple(replay.attestations),
    )


def _replay(
    disk: Disk,
    fund: str,
    snapshot: Snapshot,
    progress: Callable[[int, int], None] | None,
) -> _Replay:
    """Fold the journal, running every check after each voucher and record.

    Lines are taken at their word: `_read_files` holds the chain, and what it finds broken
    voids what is found here.
    """
    fetch = partial(record_at, disk)
    books = Books(fund, MemoryTables(), fetch, list_reader(disk), with_keys=False)
    result = _Replay(books, [], [])
    findings = result.findings
    facts = Facts()
    off_hours = OffHours(fund)
    total = sum(snapshot.segments.values())
    done = 0
    try:
        for line in scan(disk, fund, snapshot.segments, trusted=True):
            if isinstance(line, Torn):
                break
            record = record_of(line, fund, books.head.sequence + 1, trusted=True)
            if books.chart is None and record.kind != "charter":
                findings.append(Finding("FL607", fund, {}, fund, record.sequence))
                result.broken = True
                break
            if record.at < books.head.at:
                details = {"at": record.at, "before": books.head.at}
                findings.append(Finding("FL606", record.at, details, fund, record.sequence))
            result.vouchers += len(record.vouchers)
            entries = books.apply(record, line.segment, line.start)
            if entries:
                findings += facts.sifted(on_vouchers(entries, books, WITHOUT_TEXTS), entries)
                off_hours.take(record, books.charter.controls)
            if record.kind != "voucher":
                findings += on_record(record, books)
                result.attestations += attestations_of(fund, record)
            if record.kind == "charter":
                findings += noted(record, books)
            done += line.end - line.start
            if progress is not None and record.sequence % PROGRESS_EVERY == 0:
                progress(done, total)
    except JournalBroken as error:
        findings += error.findings
        result.broken = True
    findings += [*facts.standing(findings, books), *off_hours.findings()]
    return result


def _read_files(disk: Disk, fund: str, snapshot: Snapshot, now: str) -> _Files:
    """Verify the chain, and hold texts, month books and closings against the journal."""
    books = Books(fund, MemoryTables(), with_keys=False)
    witness = Witness(fund, snapshot, now)
    month_books = MonthBooks(disk, fund, snapshot.books)
    wording = Wording(books)
    twins = Twins()
    result = _Files([], twins.pairs)
    findings = result.findings
    sequence = 0
    try:
        for line in scan(disk, fund, snapshot.segments):
            if isinstance(line, Torn):
                witness.see_torn(line)
                break
            sequence += 1
            record = record_of(line, fund, sequence)
            witness.see(line, record)
            findings += wording.take(record)
            books.begin(record, line.segment, line.start)
            books.head.at = record.at
            if books.chart is None:
                witness.leave()
                break
            for voucher in record.vouchers:
                month_books.add(render_voucher(voucher))
                twins.take(voucher)
            if record.kind in {"close", "year-end"}:
                findings += _closing(record.body, month_books, fund, sequence)
            result.digest = line.digest
    except JournalBroken as error:
        findings += (*wording.look(), *error.findings)
        result.broken = True
        return result
    findings += wording.look()
    findings += witness.findings()
    differs = _differs(snapshot)
    for name, reason in month_books.wrong():
        said = differs if reason == "differs" else reason
        findings.append(Finding("FL601", name, {"file": name, "reason": said}, fund))
    findings += _strays(fund, snapshot, month_books)
    return result


def _closing(
    body: dict[str, str], month_books: MonthBooks, fund: str, sequence: int
) -> Iterable[Finding]:
    """What a closing said of its month's book is what the journal makes of it."""
    if body["book_sha256"] != month_books.sha256(body["month"]):
        yield Finding("FL605", body["month"], {"month": body["month"]}, fund, sequence, gates=True)


def _differs(snapshot: Snapshot) -> str:
    """Say of a book that is not what the journal says whether a writer may have left it so."""
    return "behind" if snapshot.interrupted else "differs"


def _main_faces(snapshot: Snapshot, books: Books) -> Iterable[Finding]:
    """The main file and the balances are, byte for byte, what the journal says."""
    for name, content in main_files(books).items():
        if name not in snapshot.contents:
            yield Finding("FL601", name, {"file": name, "reason": "missing"}, books.fund)
        elif snapshot.contents[name] != content:
            details = {"file": name, "reason": _differs(snapshot)}
            yield Finding("FL601", name, details, books.fund)


def _strays(fund: str, snapshot: Snapshot, month_books: MonthBooks) -> Iterable[Finding]:
    """There is no book of a month in which nothing was recorded."""
    for name in snapshot.books:
        if _MONTH_BOOK.fullmatch(name) and name not in month_books:
            yield Finding("FL603", name, {"file": name}, fund)


def _orphans(fund: str, snapshot: Snapshot, books: Books) -> Iterable[Finding]:
    """A list is named by a record, or was left by an act that came to nothing."""
    lists = [name[len(LISTS) + 1 : -4] for name in snapshot.names if LIST_PATH.fullmatch(name)]
    for digest in orphans(lists, books):
        yield Finding("FL749", list_path(digest), {"file": list_path(digest)}, fund)


def _foreign(disk: Disk, fund: str, snapshot: Snapshot) -> Iterable[Finding]:
    """A fund's directory holds its own files and nothing else."""
    if snapshot.interrupted:
        yield Finding("FL608", fund, {}, fund)
    for name in snapshot.open_to_all:
        place = f"ledgers/{fund}" if name == "." else f"ledgers/{fund}/{name}"
        yield Finding("FL625", name, {"place": place}, fund)
    told = list(in_journal(disk, fund, snapshot))
    yield from told
    subjects = {finding.subject for finding in told}
    for name in snapshot.strange:
        if name not in subjects:
            yield Finding("FL603", name, {"file": name}, fund)
    for name in snapshot.names:
        if name not in subjects and not _KNOWN.fullmatch(name):
            yield Finding("FL603", name, {"file": name}, fund)
