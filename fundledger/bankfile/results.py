"""A bank's answer to a batch (回盘): what became of each line, or all that is wrong with it."""

from __future__ import annotations

import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from fundledger.bankfile.answer import Answer, Spot
from fundledger.bankfile.order import Sent, SentLine
from fundledger.bankfile.pain002 import pain002_said
from fundledger.bankfile.profile import BankProfile, Outcome, Reason, ResultLayout
from fundledger.bankfile.said import Reading, Said, count_of, day_of, fen_of, fits, spot_of
from fundledger.bankfile.tableanswer import table_answer
from fundledger.bankfile.textanswer import text_answer
from fundledger.errors import InputInvalid
from fundledger.findings import Finding, Severity
from fundledger.ledger.given import expect, is_path, row_of
from fundledger.money import format_fen
from fundledger.people import fits_masked, plain_name, same_name
from fundledger.tables.files import read_bytes

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_ROWS = 200_000


class Result(NamedTuple):
    """What became of one line: `amount_fen` is what was paid, 0 unless it was.

    `reason` is the ISO 20022 code why it failed, and `text` the profile's word by which it was
    known: the bank's own words may name somebody, so they are not kept.
    """

    line: str
    outcome: Outcome
    amount_fen: int
    on: date | None
    reason: Reason | None
    text: str


@dataclass(frozen=True, slots=True)
class BankResults:
    """An answer that holds, by line id; lines that it says nothing of are not among them.

    `aside` are the letters of columns that nobody asked for.
    """

    file: str
    sha256: str
    results: tuple[Result, ...]
    findings: tuple[Finding, ...]
    aside: tuple[str, ...] = ()


def read_results(path: str | os.PathLike[str], profile: BankProfile, sent: Sent) -> BankResults:
    """Return what a bank's file says of the lines of a batch.

    Raises:
        InputInvalid: FL927, FL939, FL940, FL949, it cannot be read; FL771 to FL789, FL937,
            everything that is wrong in any row, by its place; totals are held against rows that
            hold.  No name and no account is told.  FL909, an argument is of another type.

    """
    expect(
        path=is_path(path),
        profile=isinstance(profile, BankProfile),
        sent=isinstance(sent, Sent) and row_of(sent.lines, SentLine) is not None,
    )
    data = read_bytes(Path(path), MAX_FILE_BYTES)
    file, layout = Path(path).name, profile.result
    aside: tuple[str, ...] = ()
    wrong: list[Finding] = []
    noted: list[Finding] = []
    answer = None
    if layout.format == "pain.002":
        said, findings = pain002_said(data, file, sent)
    else:
        take = table_answer if layout.format == "table" else text_answer
        answer = take(data, file, layout)
        aside = answer.aside
        if len(answer.rows) > MAX_ROWS:
            raise InputInvalid(Finding("FL940", file, {"limit": f"{MAX_ROWS} rows"}))
        said, findings = _said(answer, layout, sent)
    for finding in findings:
        (wrong if finding.severity is Severity.ERROR else noted).append(finding)
    tied = _tied(said, sent, wrong)
    wrong += _twice(tied)
    wrong += _off(tied)
    if answer is not None and not wrong:
        wrong += _sums(answer, layout, tied)
    if wrong:
        raise InputInvalid(wrong)
    noted += _named_otherwise(tied)
    results = sorted((_result(*pair) for pair in tied), key=lambda result: result.line)
    if len(results) < len(sent.lines):
        details = {"count": len(sent.lines) - len(results), "of": len(sent.lines)}
        noted.append(Finding("FL785", file, details))
    digest = hashlib.sha256(data).hexdigest()
    return BankResults(file, digest, tuple(results), tuple(noted), aside)


def _said(answer: Answer, layout: ResultLayout, sent: Sent) -> tuple[list[Said], list[Finding]]:
    """Return what each row says, and what is wrong or doubtful in them and above them."""
    findings = [*_head(answer.head, sent)]
    stated = spot_of(answer.head, "date")
    day = None if stated is None else day_of(stated.cell)
    known = frozenset(line.line for line in sent.lines)
    said = []
    for row in answer.rows:
        reading = Reading(row, layout, sent.on, known, day)
        entry = reading.said()
        findings += reading.findings
        if entry is not None:
            said.append(entry)
    return said, findings


def _head(spots: Sequence[Spot], sent: Sent) -> Iterator[Finding]:
    """The file is of this batch, from this account, and of no day before it (FL783, FL780)."""
    for spot in spots:
        if spot.field == "batch" and spot.cell != sent.batch:
            yield Finding("FL783", spot.place, {"what": "batch"})
        if spot.field == "payer_account":
            if not isinstance(spot.cell, str):
                yield Finding("FL781", spot.place, {"reason": "figure"})
            elif not fits(sent.payer_account, "".join(spot.cell.split())):
                yield Finding("FL783", spot.place, {"what": "payer_account"})
        if spot.field == "date":
            day = day_of(spot.cell)
            if day is None or day < sent.on:
                yield Finding("FL780", spot.place, {"reason": "none" if day is None else "early"})


def _tied(said: Sequence[Said], sent: Sent, wrong: list[Finding]) -> list[tuple[Said, SentLine]]:
    """Return each row with its line; a row that no line fits, or several, is noted as wrong."""
    by_id = {line.line: line for line in sent.lines}
    by_account: Mapping[str, list[SentLine]] = defaultdict(list)
    for line in sent.lines:
        by_account[line.account].append(line)
    tied = []
    for entry in said:
        if entry.line is None:
            found, finding = _by_account(entry, sent, by_account)
        else:
            found = by_id.get(entry.line)
            finding = None if found else Finding("FL774", entry.where("line"), {"reason": "id"})
        if finding is not None:
            wrong.append(finding)
        elif found is not None:
            tied.append((entry, found))
    return tied


def _by_account(
    entry: Said, sent: Sent, by_account: Mapping[str, list[SentLine]]
) -> tuple[SentLine | None, Finding | None]:
    """Return the one line of the row's account and amount, or why there is none."""
    shown = entry.account or ""
    alike = by_account.get(shown, [])
    if "*" in shown:
        alike = [line for line in sent.lines if fits(line.account, shown)]
    fitting = [line for line in alike if line.amount_fen == entry.amount_fen]
    if len(fitting) == 1:
        return fitting[0], None
    if fitting:
        return None, Finding("FL775", entry.place, {"count": len(fitting)})
    if len(alike) == 1 and entry.amount_fen is not None:
        details = {"found_fen": entry.amount_fen, "sent_fen": alike[0].amount_fen}
        return None, Finding("FL777", entry.where("amount"), details)
    return None, Finding("FL774", entry.where("account"), {"reason": "account"})


def _twice(tied: Sequence[tuple[Said, SentLine]]) -> Iterator[Finding]:
    """One line has one row (FL776)."""
    first: dict[str, int] = {}
    for entry, line in tied:
        if line.line in first:
            yield Finding("FL776", entry.place, {"row": first[line.line]})
        first.setdefault(line.line, entry.row)


def _off(tied: Sequence[tuple[Said, SentLine]]) -> Iterator[Finding]:
    """What was paid is what was sent, all or nothing, into the account that was sent."""
    for entry, line in tied:
        if entry.account is not None and not fits(line.account, entry.account):
            yield Finding("FL781", entry.where("account"), {"reason": "other"})
        if entry.amount_fen not in {None, line.amount_fen}:
            details = {"found_fen": entry.amount_fen, "sent_fen": line.amount_fen}
            yield Finding("FL777", entry.where("amount"), details)
        paid_fen = entry.paid_fen
        if entry.outcome != "paid":
            if paid_fen:
                said = {"reason": entry.outcome}
                yield Finding("FL778", entry.where("paid"), said, amount_fen=paid_fen)
        elif paid_fen == 0 or (paid_fen is None and "paid" in entry.places):
            yield Finding("FL778", entry.where("paid"), {"reason": "paid"}, amount_fen=0)
        elif paid_fen not in {None, line.amount_fen}:
            details = {"found_fen": paid_fen, "sent_fen": line.amount_fen}
            yield Finding("FL777", entry.where("paid"), details)


def _named_otherwise(tied: Sequence[tuple[Said, SentLine]]) -> Iterator[Finding]:
    """The bank names the payee as the account's holder is known, masked or not (FL844)."""
    for entry, line in tied:
        known = (same_name(one, entry.name) or fits_masked(one, entry.name) for one in line.holders)
        if plain_name(entry.name).strip("*") and line.holders and not any(known):
            details = {"line": line.line}
            place = entry.where("name")
            yield Finding("FL844", place, details, amount_fen=line.amount_fen)


def _sums(
    answer: Answer, layout: ResultLayout, tied: Sequence[tuple[Said, SentLine]]
) -> Iterator[Finding]:
    """What the file states of itself is what its rows come to (FL782)."""
    counts = Counter(entry.outcome for entry, _ in tied)
    sums: Counter[str] = Counter()
    for entry, line in tied:
        sums[entry.outcome] += line.amount_fen
    figures = {
        "count": len(tied),
        "sum": sums.total(),
        "paid_count": counts["paid"],
        "paid_sum": sums["paid"],
        "failed_count": counts["failed"],
        "failed_sum": sums["failed"],
    }
    for spot in (*answer.head, *answer.total):
        if spot.field not in figures:
            continue
        found = figures[spot.field]
        is_sum = spot.field.endswith("sum")
        stated = fen_of(spot.cell, layout) if is_sum else count_of(spot.cell)
        if stated is None:
            yield Finding("FL782", spot.place, {"text": "none", "found": _figure(found, is_sum)})
        elif stated != found:
            details = {"text": _figure(stated, is_sum), "found": _figure(found, is_sum)}
            yield Finding("FL782", spot.place, details)


def _figure(value: int, is_sum: bool) -> str:  # noqa: FBT001 - which of two ways to write it
    return format_fen(value) if is_sum else str(value)


def _result(entry: Said, line: SentLine) -> Result:
    paid_fen = line.amount_fen if entry.outcome == "paid" else 0
    return Result(line.line, entry.outcome, paid_fen, entry.on, entry.reason, entry.text)
