"""Whoever changes a fund's files is found out; what is no plain file of the fund is refused."""

from __future__ import annotations

import contextlib
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fundledger.errors import FundledgerError, InputInvalid, JournalBroken
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.disk import LOCK
from fundledger.ledger.journal import Torn, scan
from fundledger.ledger.record import Record, encode_line, genesis
from fundledger.ledger.surroundings import Surroundings
from support.acts import healthy_runs
from support.crashes import started
from support.offices import DIBAO, Clock, charter, charter_values, draft, fund_at, granted
from support.sim_disk import SimDisk
from support.sim_machine import Image, Machine
from support.strange import place_strange

ON = date(2026, 3, 31)


def _fund(disk: SimDisk) -> Fund:
    return Fund(disk, charter(), Surroundings(Clock(), lambda: "next"), index_path=":memory:")


def _sixty_entries() -> Machine:
    machine = Machine()
    fund = _fund(SimDisk(machine))
    granted(fund)
    for number in range(59):
        one = draft(drafts.expense(2026, DIBAO, 10_00 + number), event="expense")
        fund.record(one, key=f"K{number}")
    fund.close_files()
    return machine


def _codes(fund: Fund) -> set[str]:
    return {finding.code for finding in fund.check(ON).findings}


def _segment(machine: Machine) -> str:
    (segment,) = machine.cached().journal
    return segment


def _ends_torn(disk: SimDisk, sizes: dict[str, int]) -> bool:
    """Whether a journal that was changed ends in a torn line; if not, its chain is broken."""
    try:
        *_, last = scan(disk, "dibao", sizes)
    except JournalBroken:
        return False
    assert isinstance(last, Torn), "the change was not seen"
    return True


def test_every_flipped_bit_of_a_journal_is_found() -> None:
    machine = _sixty_entries()
    disk = SimDisk(machine)
    path = _segment(machine)
    file = machine.file(path)
    sound = file.cache
    draw = random.Random(60)  # noqa: S311 - the same bits each time
    sizes = {path[8:15]: len(sound)}
    torn = []
    for at in range(len(sound)):
        flipped = bytes([sound[at] ^ (1 << draw.randrange(8))])
        file.cache = sound[:at] + flipped + sound[at + 1 :]
        if _ends_torn(disk, sizes):
            torn.append(at)
        if at % 1_009 == 0 or (torn and torn[-1] == at):
            assert _codes(_fund(disk)) & {"FL602", "FL604"}, at
    assert torn == [len(sound) - 1], "only a line without its end may be unfinished"


def test_every_flipped_bit_of_the_books_is_found() -> None:
    machine = _sixty_entries()
    disk = SimDisk(machine)
    draw = random.Random(61)  # noqa: S311 - the same bits each time
    for name in ("2026/01.beancount", "2026/03.beancount", "book.beancount", "balances.beancount"):
        file = machine.file(name)
        sound = file.cache
        for at in range(0, len(sound), max(1, len(sound) // 20)):
            flipped = bytes([sound[at] ^ (1 << draw.randrange(8))])
            file.cache = sound[:at] + flipped + sound[at + 1 :]
            assert "FL601" in _codes(_fund(disk)), (name, at)
        file.cache = sound


def _last_line(image: Image) -> tuple[str, bytes, int]:
    path, content = max(image.journal.items())
    return path, content, content.rfind(b"\n", 0, -1) + 1


def test_a_last_record_cut_at_any_byte_is_recovered_or_refused(tmp_path: Path) -> None:
    runs = healthy_runs()
    run = runs["expense"]
    path, content, start = _last_line(run.after)
    expense, several = run.act, runs["several"].act
    recovered = 0
    for size in range(start, len(content)):
        unknown = {LOCK: run.before.files[LOCK], path: content[:size]}
        cut = replace(run.after, files={**run.after.files, **unknown})
        disk = SimDisk(started(cut, 1))
        fund = _fund(disk)
        if size == len(content) - 1:
            break
        if size % 8 == 0:
            assert _codes(fund) >= ({"FL601", "FL604"} if size > start else {"FL601"})
        receipt = expense.on(disk)
        assert not receipt.again
        assert [f.code for f in receipt.findings] == (["FL604"] if size > start else [])
        assert disk.machine.cached().books == run.after.books
        kept = [data for name, data in disk.machine.cached().files.items() if "quarantine" in name]
        assert kept == ([content[start:size]] if size > start else [])
        recovered += 1
    assert recovered == len(content) - 1 - start
    assert {code for code in _codes(fund) if code.startswith("FL6")} == {"FL621"}
    assert expense.on(disk).again
    assert disk.machine.cached().books == run.after.books
    index = tmp_path / "index"
    index.mkdir()
    disk = SimDisk(started(runs["first"].before, 1, index))
    runs["first"].act.on(disk)
    expense.on(disk)
    file = disk.machine.file(path)
    for size in range(start, len(content) - 1):
        file.cache = content[:size]
        for act in (several, expense):
            with pytest.raises(JournalBroken) as refusal:
                act.on(disk)
            assert refusal.value.codes == ("FL616",)
        assert file.cache == content[:size]
        if size % 8 == 0:
            assert "FL616" in _codes(_fund(disk))
            assert "FL616" in {f.code for f in _fund(disk).verify().findings}
    file.cache = content[:-1]
    assert expense.on(disk).again
    assert file.cache == content[:-1]
    assert disk.machine.cached().files[path] == content


PLACES = (
    "journal/2027-06.jsonl",
    "journal",
    "2026/03.beancount",
    "2026",
    "book.beancount",
    "balances.beancount",
    ".state/lock",
    ".state",
)


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("how", ["symlink", "hardlink", "folder", "fifo"])
def test_what_is_no_plain_file_is_refused(name: str, how: str, tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund)
    fund.record(draft(drafts.expense(2026, DIBAO, 1_00), event="expense"), key="one")
    fund.close_files()
    place = tmp_path / "dibao" / name
    other = tmp_path / place.name
    folder = place.is_dir()
    if folder:
        shutil.copytree(place, other)
    else:
        shutil.copy(place, other)
    if folder and how in {"hardlink", "folder"}:
        how = "fifo"
    before = _tree(tmp_path)
    place_strange(place, how, other)
    journal = _tree(tmp_path / "dibao" / "journal")
    fund = fund_at(tmp_path)
    assert {"FL601", "FL603"} & set(_told(lambda: fund.check(ON).findings))
    codes: list[str] = []
    for key in ("two", "three"):
        more = draft(drafts.expense(2026, DIBAO, 2_00), event="expense")
        codes += _told(lambda: fund.record(more, key=key).findings)  # noqa: B023 - called at once
    assert "FL603" in codes
    if name in {"journal", ".state", ".state/lock"} or name.startswith("journal/"):
        assert codes == ["FL603", "FL603"]
        assert _tree(tmp_path / "dibao" / "journal") == journal
    if folder:
        assert _tree(other) == {
            path.removeprefix(f"{other.name}/"): data
            for path, data in before.items()
            if path.startswith(f"{other.name}/")
        }
    else:
        assert other.read_bytes() == before[other.name]
    fund.close_files()


def _told(act: Callable[[], Any]) -> list[str]:
    """Return the codes that an act tells, in its findings or as the error that it ends with."""
    try:
        findings = act()
    except FundledgerError as error:
        findings = error.findings
    return [finding.code for finding in findings if finding.code.startswith("FL6")]


def _tree(root: Path) -> dict[str, bytes]:
    if not root.is_dir() or root.is_symlink():
        return {}
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()]
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def _forged(*records: dict[str, Any]) -> Image:
    """Return a journal that somebody wrote who knows how to chain its lines."""
    digest = genesis("dibao")
    lines = []
    for sequence, record in enumerate(records, 1):
        whole = {
            "at": "2026-01-02T09:00:00+08:00",
            "actor": "S03",
            "kind": "charter",
            "key": f"K{sequence}",
            "request": "0" * 64,
            **record,
        }
        line, digest = encode_line(Record(sequence, **whole), digest)
        lines.append(line)
    return Image(frozenset({"journal", ".state"}), {"journal/2026-01.jsonl": b"".join(lines)})


CHARTER = {"body": {"charter": charter().model_dump(mode="json", by_alias=True)}}


def _bodies() -> Iterator[tuple[dict[str, Any], ...]]:
    bodies: tuple[dict[str, Any], ...]
    bodies = ({}, {"charter": None}, {"charter": {}}, {"charter": [1]}, {"charter": "x"})
    for body in bodies:
        yield ({"body": body},)
    other = charter_values()
    other["staff"] = other["staff"] * 2
    yield ({"body": {"charter": {**other, "more": 1}}},)
    yield ({"kind": "voucher"},)
    for kind in ("assertion", "reconciliation", "close", "year-end"):
        yield ({"kind": kind},)
        yield CHARTER, {"kind": kind}
    sound = {"account": "Assets:Bank:Dedicated", "date": "2026-01-31", "amount_fen": 1}
    for name, value in (
        ("account", 1),
        ("account", "Assets:Nothing"),
        ("account", "nonsense"),
        ("account", "Income:Appropriation:Nowhere"),
        ("date", "2026-02-30"),
        ("date", 20260131),
        ("date", "9999-12-31"),
        ("amount_fen", "1"),
        ("amount_fen", None),
        ("amount_fen", True),
        ("amount_fen", 10**30),
    ):
        yield CHARTER, {"kind": "assertion", "body": {**sound, name: value}}
    signed = {**sound, "booked_fen": 1, "statements": ["a" * 64]}
    item = {"kind": "book-in", "date": "2026-01-31", "amount_fen": 1, "refs": ["2026-01-0001"]}
    faults: tuple[tuple[str, Any], ...] = (
        ("statements", []),
        ("statements", ["a" * 63]),
        ("booked_fen", None),
        ("after", 99),
        ("after", -1),
        ("replaces", 2),
        ("items", [item]),
        ("items", [{**item, "refs": []}]),
        ("items", [{**item, "refs": ["某某某"]}]),
        ("items", [{**item, "amount_fen": 0}]),
        ("items", [{**item, "kind": "bank"}]),
        ("items", [{**item, "text": "x"}]),
    )
    for name, fault in faults:
        yield CHARTER, {"kind": "reconciliation", "body": {**signed, name: fault}}
    closing = {"month": "2026-01", "after": "", "book_sha256": ""}
    for name, value in (
        ("month", "2026-13"),
        ("month", 1),
        ("month", "../../x"),
        ("after", None),
        ("book_sha256", 5),
    ):
        yield CHARTER, {"kind": "close", "body": {**closing, name: value}}
        ending = {**closing, "year": 2026, name: value}
        yield CHARTER, {"kind": "year-end", "body": ending}
    for year in ("2026", None, -1, 10**9):
        yield CHARTER, {"kind": "year-end", "body": {**closing, "year": year}}
    yield CHARTER, {"at": "", "kind": "voucher"}
    yield CHARTER, {"at": "tomorrow", "kind": "voucher"}
    yield CHARTER, {"actor": "nobody", "kind": "voucher", "body": {"x": {}}}


@pytest.mark.parametrize("records", list(_bodies()), ids=repr)
def test_a_forged_record_is_told_and_never_ends_in_a_traceback(
    records: tuple[dict[str, Any], ...],
) -> None:
    disk = SimDisk(Machine(_forged(*records)))
    fund = _fund(disk)
    one = draft(drafts.allocation("District", 1_00))
    assert _codes(fund)
    with contextlib.suppress(FundledgerError):
        fund.record(one)
    fund.close_files()


def test_a_journal_file_that_is_no_month_is_foreign(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund)
    folder = tmp_path / "dibao" / "journal"
    for name in ("2026-13.jsonl", "2026-00.jsonl", "notes.txt"):
        (folder / name).write_bytes(b"x\n")
    findings = [f for f in fund.check(ON).findings if f.code.startswith("FL6")]
    assert [(f.code, f.subject) for f in findings] == [
        ("FL603", "journal/2026-00.jsonl"),
        ("FL603", "journal/2026-13.jsonl"),
        ("FL603", "journal/notes.txt"),
    ]
    fund.close_files()


def test_a_folder_that_was_put_in_place_of_another_is_the_one_that_counts(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund)
    moved = tmp_path / "moved"
    shutil.copytree(tmp_path / "dibao", moved)
    (tmp_path / "dibao").rename(tmp_path / "away")
    moved.rename(tmp_path / "dibao")
    one = draft(drafts.expense(2026, DIBAO, 1_00), event="expense")
    assert fund.record(one, key="one").refs == ("2026-03-0001",)
    fund.close_files()
    assert fund_at(tmp_path).record(one, key="one").again
    with pytest.raises(InputInvalid):
        fund.record((), key="none")
