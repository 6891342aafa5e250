"""The books in `ledgers/` are what the example makes, whole, sound and true to the plan."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from fundledger import Office
from fundledger.budget import Decision, propose
from fundledger.errors import InputInvalid, NotFound
from fundledger.example.build import build
from fundledger.ledger.asserted import reconciled
from fundledger.ledger.batches.states import UNDOES
from fundledger.ledger.events import EVENTS

ROOT = Path(__file__).resolve().parents[2]
AS_OF = date(2026, 10, 31)
MEGABYTE = 1 << 20


def files(folder: Path) -> dict[str, bytes]:
    """The files of a folder by path, without what is derived."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".state" not in path.parts
    }


def members(path: Path) -> dict[str, bytes]:
    """The parts of a workbook: how they are compressed depends on the machine's zlib."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_building_again_elsewhere_gives_the_committed_bytes(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rules", tmp_path / "rules", ignore=shutil.ignore_patterns("needs"))
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/New_York", "LC_ALL": "C"}
    command = [sys.executable, "-m", "fundledger.example", "build", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)

    assert files(tmp_path / "ledgers") == files(ROOT / "ledgers")
    built, committed = tmp_path / "rules" / "needs", ROOT / "rules" / "needs"
    assert list(files(built)) == list(files(committed))
    for name in files(committed):
        assert members(built / name) == members(committed / name)


def test_the_whole_office_is_without_a_finding(office: Office) -> None:
    audit = office.check(as_of=AS_OF)

    assert [finding.sentence("en") for finding in audit.findings] == []
    assert tuple(audit.funds) == office.fund_ids


def test_the_books_stay_small_enough_to_be_committed(office: Office) -> None:
    vouchers = sum(1 for fund in office.fund_ids for _ in office.fund(fund).vouchers())

    assert 1_500 <= vouchers <= 3_000
    assert sum(map(len, files(ROOT / "ledgers").values())) < 5 * MEGABYTE


def test_every_kind_of_event_happens(office: Office) -> None:
    """But for a slip of the office, which booked all that the bank did and nothing else.

    Its budgets were approved before their years began.
    """
    events = {v.event for fund in office.fund_ids for v in office.fund(fund).vouchers()}

    slips = {f"batch-{step}" for step in UNDOES}
    assert events == EVENTS.keys() - slips - {"provisional"}


def test_every_purpose_of_every_fund_has_a_budget_or_is_new_in_the_needs(office: Office) -> None:
    proposal = propose(office, 2027, as_of=AS_OF)
    purposes = {
        (fund.id, purpose.unit, purpose.category)
        for fund in office.charter.funds
        for purpose in fund.purposes
    }

    assert {tuple(line.key) for line in proposal.lines} == purposes
    unpaid = [line for line in proposal.lines if not line.history.actual_fen]
    assert [(line.key.fund, line.key.line, line.decision) for line in unpaid] == [
        ("lottery", "CSO:ChildDifficulty", Decision.NEW)
    ]


def test_the_needs_ask_for_every_decision(office: Office) -> None:
    proposal = propose(office, 2027, as_of=AS_OF)

    assert proposal.complete
    by_hand = {Decision.OVERRIDDEN}
    assert {line.decision for line in proposal.lines} == set(Decision) - by_hand
    (ended,) = [line for line in proposal.lines if line.decision is Decision.DISCONTINUED]
    assert ended.key.line == "Union:TenKJobs"
    warned = {f.code for f in proposal.findings if f.severity != "note"}
    assert warned == {"FL543", "FL551", "FL557"}


def test_2025_is_closed_whole_and_2026_through_september(office: Office) -> None:
    for fund in office.fund_ids:
        books = office.fund(fund).books()

        assert books.head.closed_through == "2026-09"
        assert [year for year, _ in books.years.rows()] == ["2025"]
        assert books.months["2026-10"] > 0


def test_the_bank_agrees_at_the_end_of_every_closed_month(office: Office) -> None:
    months = [f"2025-{m:02d}" for m in range(1, 13)] + [f"2026-{m:02d}" for m in range(1, 10)]
    for fund in office.fund_ids:
        asserted = [item.day[:7] for item in office.fund(fund).books().asserted()]

        assert asserted == months


def test_where_the_bank_exports_text_every_closed_month_is_signed_and_items_clear(
    office: Office,
) -> None:
    kinds: Counter[str] = Counter()
    months: dict[str, int] = {}
    for fund in office.fund_ids:
        signed = reconciled(office.fund(fund).books(), "Assets:Bank:Dedicated")
        months[fund] = len(signed)
        kinds.update(item.kind for one in signed for item in one.body.items)
        assert not signed or not signed[-1].body.items

    assert {fund: count for fund, count in months.items() if count} == {
        "tekun": 21,
        "low-income": 21,
        "children": 21,
        "returnee": 21,
        "festival": 18,
        "justice": 21,
        "union": 21,
        "party": 12,
    }
    assert kinds == {"book-in": 1, "book-out": 8}


def test_a_standard_that_changes_on_the_first_of_july_is_paid_from_july(office: Office) -> None:
    paid = {
        voucher.month: (voucher.postings[0].signed_fen, voucher.narration)
        for voucher in office.fund("disability").vouchers()
        if voucher.event == "expense" and voucher.narration.endswith("人")
        if voucher.postings[0].account == "Expenses:CSO:Disabled"
    }

    for month, standard_fen in (("2025-06", 410_00), ("2025-07", 450_00)):
        fen, narration = paid[month]
        persons, rest = divmod(fen, standard_fen)
        assert rest == 0
        assert narration.endswith(f"补贴{persons}人")


def test_a_claim_between_two_funds_is_mirrored_and_settled(office: Office) -> None:
    claimed = Counter(
        (fund, voucher.date, posting.account, posting.signed_fen)
        for fund in ("disability", "lottery")
        for voucher in office.fund(fund).vouchers()
        for posting in voucher.postings
        if ":Fund:" in posting.account
    )

    assert claimed == {
        ("disability", date(2025, 6, 24), "Assets:DueFrom:Fund:Lottery", 4_480_00): 1,
        ("lottery", date(2025, 6, 24), "Liabilities:DueTo:Fund:Disability", -4_480_00): 1,
        ("disability", date(2025, 7, 9), "Assets:DueFrom:Fund:Lottery", -4_480_00): 1,
        ("lottery", date(2025, 7, 9), "Liabilities:DueTo:Fund:Disability", 4_480_00): 1,
    }


def test_it_is_not_written_among_books_that_are_there(spare: Path) -> None:
    before = files(spare)

    with pytest.raises(InputInvalid) as refused:
        build(spare)

    assert refused.value.codes == ("FL950",)
    assert files(spare) == before


def test_it_needs_rules(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as refused:
        build(tmp_path)

    assert refused.value.codes == ("FL912",)
