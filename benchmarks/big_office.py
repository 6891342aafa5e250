"""A large office for benchmarks: many funds of fifty categories, paid by lists for three years.

Its journals are written directly and chained.  Every step of a batch is folded in as it is written,
so that its postings are those that the house makes, and no record is one that it would refuse.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from msgspec import structs, to_builtins
from processes import ROOT, python, run_beside

from fundledger.budget import NeedRow, write_need
from fundledger.charter import Charter, load_charter
from fundledger.ledger import drafts
from fundledger.ledger.batches.outcomes import Outcome, render_outcomes
from fundledger.ledger.batches.paylist import (
    PaymentLine,
    line_id,
    list_digest,
    list_path,
    parse_list,
    reissued,
    render_list,
    totals_of,
)
from fundledger.ledger.batches.postings import posted
from fundledger.ledger.bodies import BatchBody
from fundledger.ledger.disk import RealDisk
from fundledger.ledger.faces import write_books
from fundledger.ledger.record import Record, encode_line, genesis
from fundledger.ledger.shelf import BatchesAlone
from fundledger.ledger.surroundings import SHANGHAI
from fundledger.ledger.voucher import Draft, Posting, Voucher, numbered

YEAR = 2027
CATEGORIES = 50
MONTHS = 36
FIRST = (2023, 11)
LISTED = 278
"""Payments on the list of a month: 100 funds and 36 months make a million of them."""

_BEGUN = "2023-01-01"
_CREATED = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
_PAPER = hashlib.sha256(b"a paper").hexdigest()
_DIRECT = 10  # lines of a fund that are paid without a list as well, a month
_GRANT_FEN = 900_00
_BUDGET_FEN = 200_000_00
_ACTORS = {"approve": "S08", "export": "S06", "cancel": "S08"}


def months() -> list[str]:
    """Return the months of the books, such as `2023-11`."""
    first = FIRST[0] * 12 + FIRST[1] - 1
    return [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(first, first + MONTHS)]


def fund_ids(count: int) -> list[str]:
    """Return the ids of the funds."""
    return [f"fund-{number:03d}" for number in range(1, count + 1)]


def write_rules(root: Path, funds: int) -> None:
    """Write the example's rules, but older, with more categories and funds that pay for all."""
    shutil.copytree(ROOT / "rules", root / "rules", ignore=shutil.ignore_patterns("needs"))
    texts = {path: path.read_text(encoding="utf-8") for path in (root / "rules").glob("*.toml")}
    for path, text in texts.items():
        path.write_text(text.replace("2025-01-01", _BEGUN), encoding="utf-8")
    units, budget = root / "rules" / "units.toml", root / "rules" / "budget.toml"
    held = load_charter(root / "rules")
    lines = [
        item.line for item in (*held.categories, *held.joint_rounds) if item.kind in {"C", "D"}
    ]
    more = [f"Aid{number:02d}" for number in range(1, CATEGORIES - len(lines) + 1)]
    rows = "".join(
        f'  {{ slug = "{slug}", zh = "救助项目{slug[3:]}", en = "aid {slug[3:]}", kind = "D", '
        f"from = {_BEGUN} }},\n"
        for slug in more
    )
    text = units.read_text(encoding="utf-8")
    units.write_text(
        text.replace("categories = [\n", f"categories = [\n{rows}", 1), encoding="utf-8"
    )
    text = budget.read_text(encoding="utf-8").partition("# What a line takes until the end")[0]
    text += "".join(
        f'\n[[pattern]]\nunit = "CASC"\ncategory = "{slug}"\npattern = "monthly"\nfrom = {_BEGUN}\n'
        for slug in more
    )
    budget.write_text(text, encoding="utf-8")
    _write_funds(root, funds, [*lines, *(f"CASC:{slug}" for slug in more)])


def _write_funds(root: Path, funds: int, lines: list[str]) -> None:
    path = root / "rules" / "funds.toml"
    sources = path.read_text(encoding="utf-8").partition("[[fund]]")[0]
    purposes = "".join(
        f'  {{ unit = "{unit}", category = "{category}", from = {_BEGUN} }},\n'
        for unit, _, category in (line.partition(":") for line in lines)
    )
    texts = [
        f"""
[[fund]]
id = "{name}"
component = "Fund{number:03d}"
zh = "救助资金{number:03d}"
en = "relief fund {number:03d}"
opened = {_BEGUN}
regime = "government"
channel = "block"
sources = [{{ source = "District", from = {_BEGUN} }}]
interest = "remit"
carry_over = "keep"
functional_code = "2081901"
authority = "例财社〔2023〕{number}号"
purposes = [
{purposes}]

[fund.bank_account]
number = "31000000000000{number:05d}"
bank = "示例银行古美支行"
holder = "闵行区古美路街道办事处（救助资金{number:03d}专户）"
approval = "例财库户〔2023〕{number}号"
opened = {_BEGUN}
"""
        for number, name in enumerate(fund_ids(funds), 1)
    ]
    path.write_text(sources + "".join(texts), encoding="utf-8")


def write_needs(root: Path, funds: int) -> None:
    """Write each unit's form with a row for each of its lines."""
    charter = load_charter(root / "rules")
    folder = root / "rules" / "needs" / str(YEAR)
    folder.mkdir(parents=True)
    rows: dict[str, list[NeedRow]] = {}
    for name in fund_ids(funds):
        for at, purpose in enumerate(charter.fund(name).purposes):
            row = NeedRow(
                fund=name,
                category=purpose.category,
                households=5,
                persons=_persons(at),
                standard_fen=_GRANT_FEN + at * 100,
                times=12,
                handler="S10",
                head="部门负责人",
                declared=date(2026, 9, 15),
                basis="例文〔2026〕1号",
                explanation="H 按在册人数测算",
            )
            rows.setdefault(purpose.unit, []).append(row)
    for unit, own in rows.items():
        write_need(folder / f"{unit}.xlsx", unit, YEAR, own, _CREATED)


def _persons(at: int) -> int:
    """Return how many persons the category at this place has, so that they make `LISTED`."""
    return LISTED // CATEGORIES + (at < LISTED % CATEGORIES)


def _pseudonym(letter: str, number: str) -> str:
    digest = hashlib.sha256(f"{letter} {number}".encode()).digest()
    return f"{letter}-{base64.b32encode(digest)[:12].decode()}"


@dataclass
class Journal:
    """A fund's journal as it is written, record by record."""

    fund: str
    folder: Path
    digest: str
    sequence: int = 0
    numbers: dict[str, int] = field(default_factory=dict)
    segments: dict[str, list[bytes]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with no batches."""
        self.batches = BatchesAlone(self.fund, self.files.__getitem__)

    def add(self, record: Record, made: list[Draft]) -> None:
        """Write one record with its vouchers."""
        vouchers: list[Voucher] = []
        for draft in made:
            month = draft.date.isoformat()[:7]
            self.numbers[month] = self.numbers.get(month, 0) + 1
            vouchers.append(numbered(draft, self.numbers[month]))
        line, self.digest = encode_line(
            structs.replace(record, vouchers=tuple(vouchers)), self.digest
        )
        self.segments.setdefault(record.at[:7], []).append(line)
        self.sequence = record.sequence

    def record(self, on: str, kind: str, body: dict[str, Any], actor: str = "S03") -> Record:
        """Return the next record, without vouchers."""
        at = f"{on}T10:00:00+08:00"
        sequence = self.sequence + 1
        return Record(sequence, at, actor, kind, f"K{sequence}", "0" * 64, body)  # type: ignore[arg-type]

    def step(
        self,
        step: str,
        on: str,
        lines: bytes,
        sums: tuple[int, int],
        number: int = 1,
        **more: object,
    ) -> None:
        """Write a step of a batch of the month with the vouchers that follow from it."""
        digest = list_digest(lines) if lines else ""
        if lines:
            self.files[digest] = lines
        document = "" if step in {"approve", "cancel"} else _PAPER
        body = BatchBody(f"B{on[:7]}-{number:03d}", step, on, *sums, digest, document, **more)  # type: ignore[arg-type]
        record = self.record(on, "batch", to_builtins(body), _ACTORS.get(step, "S03"))
        done = self.batches.take(record, body)
        if done.problems:
            raise SystemExit(str(done.problems[0]))
        vouchers = posted(step, done.moves, keeps=True)
        self.add(record, [_voucher(on, f"batch-{step}", one.postings) for one in vouchers])

    def write(self) -> None:
        """Write all of it to its directory."""
        (self.folder / "journal").mkdir(parents=True)
        (self.folder / "lists").mkdir()
        for month, lines in self.segments.items():
            (self.folder / "journal" / f"{month}.jsonl").write_bytes(b"".join(lines))
        for digest, data in self.files.items():
            (self.folder / list_path(digest)).write_bytes(data)
        disk = RealDisk(self.folder)
        write_books(disk, self.fund)
        disk.close()


def _voucher(on: str, event: str, postings: tuple[Posting, ...]) -> Draft:
    return Draft(
        date=date.fromisoformat(on),
        narration=f"{on[:7]} 救助金",
        maker="S03",
        reviewer="S01",
        poster="S05",
        cashier=None if event in {"budget-adopt", "allot", "batch-approve"} else "S06",
        event=event,
        attachments=1,
        approval="示纪〔2026〕1号",
        postings=postings,
    )


def write_fund(root: Path, charter: Charter, name: str) -> None:
    """Write three years of one fund: its budgets, and each month a list and direct payments."""
    own = charter.fund_charter(name)
    lines = [(purpose.unit, purpose.category) for purpose in own.fund.purposes]
    journal = Journal(name, root / "ledgers" / name, genesis(name))
    body = {"charter": own.model_dump(mode="json", by_alias=True)}
    journal.add(journal.record(f"{months()[0]}-01", "charter", body), [])
    people = [
        (line, [_pseudonym("P", f"{name} {at} {one}") for one in range(_persons(at))])
        for at, line in enumerate(lines)
    ]
    accounts = {person: _pseudonym("A", person) for _, own in people for person in own}
    year = ""
    for month in months():
        if month[:4] != year:
            year = month[:4]
            _open_year(journal, month, lines)
        _pay_list(journal, month, render_list(_listed(name, month, people, accounts)))
        for at, line in enumerate(lines[:_DIRECT]):
            postings = drafts.expense(int(year), line, 1_000_00 + at)
            draft = _voucher(f"{month}-20", "expense", postings)
            journal.add(journal.record(f"{month}-20", "voucher", {}), [draft])
    journal.write()


def _pay_list(journal: Journal, month: str, listed: bytes) -> None:
    """Pay a list; in every third month a line fails, and is paid once more or given up by turns."""
    lines = list(parse_list(listed))
    fails = int(month[5:]) % 3 == 0
    sums = len(lines), sum(line.amount_fen for line in lines)
    paid = _summed(lines[fails:])
    _send(journal, month, listed, sums)
    outcomes = [Outcome(one.line, "paid", f"{month}-08", one.amount_fen) for one in lines]
    if fails:
        outcomes[0] = outcomes[0]._replace(outcome="failed", reason="AC04")
    journal.step("result", f"{month}-08", render_outcomes(outcomes), sums)
    journal.step("debit", f"{month}-08", b"", paid)
    first = lines[0]
    if fails and int(month[5:]) % 6:
        given_up = Outcome(first.line, "cancel", f"{month}-12", first.amount_fen, "MD07")
        journal.step("cancel", f"{month}-12", render_outcomes([given_up]), _summed([first]))
    elif fails:
        account = _pseudonym("A", first.line)
        again = first._replace(line=reissued(first.line), account=account)
        own = _summed([again])
        _send(journal, month, render_list([again]), own, 2, kind="reissue")
        outcome = Outcome(again.line, "paid", f"{month}-08", again.amount_fen)
        journal.step("result", f"{month}-08", render_outcomes([outcome]), own, 2)
        journal.step("debit", f"{month}-08", b"", own, 2)


def _send(
    journal: Journal,
    month: str,
    listed: bytes,
    sums: tuple[int, int],
    number: int = 1,
    **more: object,
) -> None:
    """Prepare, approve and export a batch; what is paid once more after the first one's result."""
    days = ("05", "06", "07") if number == 1 else ("08", "08", "08")
    totals = tuple((*key, *total) for key, total in totals_of(parse_list(listed)).items())
    journal.step("prepare", f"{month}-{days[0]}", listed, sums, number, totals=totals, **more)
    journal.step("approve", f"{month}-{days[1]}", b"", sums, number)
    journal.step("export", f"{month}-{days[2]}", b"", sums, number)


def _summed(lines: list[PaymentLine]) -> tuple[int, int]:
    return len(lines), sum(line.amount_fen for line in lines)


def _open_year(journal: Journal, month: str, lines: list[tuple[str, str]]) -> None:
    on, year = f"{month}-02", int(month[:4])
    money = _voucher(on, "allocation", drafts.allocation("District", len(lines) * _BUDGET_FEN))
    adopted = [
        _voucher(on, "budget-adopt", drafts.adoption(year, one, _BUDGET_FEN)) for one in lines
    ]
    allotted = [_voucher(on, "allot", drafts.allotment(year, one, _BUDGET_FEN)) for one in lines]
    journal.add(journal.record(on, "voucher", {}), [money, *adopted, *allotted])


def _listed(
    fund: str,
    month: str,
    people: list[tuple[tuple[str, str], list[str]]],
    accounts: dict[str, str],
) -> Iterator[PaymentLine]:
    for at, (line, persons) in enumerate(people):
        for person in persons:
            name = line_id(fund, *line, month, person)
            fen = _GRANT_FEN + at * 100
            yield PaymentLine(name, person, "", *line, month, fen, accounts[person])


def build(root: Path, funds: int, workers: int = 2) -> None:
    """Write the office, unless it is there already, in processes beside this one."""
    if (root / "whole").exists():
        return
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    write_rules(root, funds)
    names = fund_ids(funds)
    run_beside([python(__file__, str(root), *names[at::workers]) for at in range(workers)])
    write_needs(root, funds)
    (root / "whole").touch()


if __name__ == "__main__":
    OF_OFFICE = load_charter(Path(sys.argv[1]) / "rules")
    for one in sys.argv[2:]:
        write_fund(Path(sys.argv[1]), OF_OFFICE, one)
