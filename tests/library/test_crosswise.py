"""What the closings of other funds know of a journal, when it is cut, rewritten or begun anew."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

import fundledger
from fundledger.errors import Refused
from fundledger.ledger import drafts
from fundledger.ledger.record import decode_record, encode_line, frame, genesis
from support.offices import Clock, draft, fund_at, numbered_keys

BANK = "Assets:Bank:Dedicated"
GIFT = replace(draft(drafts.donation(100)), cashier="S06")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(root: Path, clock: Clock) -> fundledger.Office:
    """Return an office in which two funds recorded and two others closed after it."""
    office = reopened(root, clock)
    for fund in ("dibao", "union", "women", "party"):
        office.fund(fund).record(GIFT)
    for fund in ("women", "party"):
        closed(office, fund, "2026-03")
    return office


def reopened(root: Path, clock: Clock) -> fundledger.Office:
    keys = numbered_keys(f"{clock().isoformat()} ")
    clock.advance(minutes=1)
    return fundledger.Office(root, fundledger.Surroundings(clock, keys))


def closed(office: fundledger.Office, name: str, month: str, amount_fen: int = 100) -> None:
    fund = office.fund(name)
    year, number = map(int, month.split("-"))
    fund.assert_balance(BANK, date(year, number, 28), amount_fen, actor="S09")
    fund.close(month, actor="S07")


def told(office: fundledger.Office) -> list[tuple[str | None, str, int]]:
    found = office.check(as_of=date(2026, 3, 31)).findings
    return [(f.fund, f.details["by"], f.details["times"]) for f in found if f.code == "FL626"]


def wiped(root: Path, clock: Clock, fund: str) -> fundledger.Office:
    shutil.rmtree(root / "ledgers" / fund)
    return reopened(root, clock)


def rechained(folder: Path, fund: str, heads: tuple[str, str] | None = None) -> None:
    """Change what a fund's vouchers say, and every digest with it; forget the rest.

    Or, with `heads`, what its closings say of the last record of a fund.
    """
    (segment,) = (folder / "journal").iterdir()
    previous = genesis(fund)
    lines = []
    for line in segment.read_bytes().splitlines(keepends=True):
        framed = frame(line)
        assert framed is not None
        record = decode_record(framed[1])
        if heads is None:
            vouchers = tuple(structs.replace(v, narration="另有其事") for v in record.vouchers)
            record = structs.replace(record, vouchers=vouchers)
        elif record.kind == "close":
            said = {**record.body["heads"], heads[0]: [1, heads[1]]}
            record = structs.replace(record, body={**record.body, "heads": said})
        again, previous = encode_line(record, previous)
        lines.append(again)
    shutil.rmtree(folder / ".state", ignore_errors=True)
    segment.write_bytes(b"".join(lines))


def test_a_closing_names_the_last_record_of_every_other_fund(office: fundledger.Office) -> None:
    heads = {fund: office.fund(fund).verify() for fund in ("dibao", "union", "women")}
    *_, closing = office.fund("party").records()

    assert closing.body["heads"] == {
        fund: [seen.records, seen.head] for fund, seen in heads.items()
    }


def test_a_sound_office_is_told_nothing(office: fundledger.Office) -> None:
    office.fund("dibao").record(GIFT)

    assert told(office) == []


@pytest.mark.parametrize("begun_anew", [False, True])
def test_a_fund_that_was_deleted_with_all_that_remembers_it_is_told_for_good(
    office: fundledger.Office, root: Path, clock: Clock, *, begun_anew: bool
) -> None:
    office = wiped(root, clock, "dibao")
    if begun_anew:
        for _ in range(3):
            office.fund("dibao").record(GIFT)
        closed(office, "women", "2026-04")

    assert told(office) == [("dibao", "party", 2)]
    assert not office.check().clean


def test_a_journal_with_every_digest_made_anew_is_told(
    office: fundledger.Office, root: Path, clock: Clock
) -> None:
    office.close_files()
    rechained(root / "ledgers" / "union", "union")
    office = reopened(root, clock)
    office.fund("union").rebuild()

    assert [f.code for f in office.fund("union").verify().findings] == []
    assert told(office) == [("union", "party", 2)]


@pytest.mark.parametrize("lost", [False, True])
def test_a_fund_that_the_rules_know_no_more_is_held_against_its_journal_all_the_same(
    office: fundledger.Office, root: Path, clock: Clock, *, lost: bool
) -> None:
    if lost:
        shutil.rmtree(root / "ledgers" / "dibao")
    path = root / "rules" / "funds.toml"
    funds = path.read_text(encoding="utf-8").split("[[fund]]\n")
    kept = [text for text in funds if 'id = "dibao"' not in text]
    assert len(kept) == len(funds) - 1
    path.write_text("[[fund]]\n".join(kept), encoding="utf-8")
    office = reopened(root, clock)
    found = office.crosswise(
        {fund: office.fund(fund).verify().attestations for fund in office.fund_ids}
    )

    assert [(f.code, f.fund) for f in found] == [("FL626", "dibao")] * lost


@pytest.mark.parametrize("begun_anew", [False, True])
def test_who_answers_for_the_loss_is_told_instead_and_later_closings_hold_again(
    office: fundledger.Office, root: Path, clock: Clock, *, begun_anew: bool
) -> None:
    office = wiped(root, clock, "dibao")
    dibao = office.fund("dibao")
    if begun_anew:
        dibao.record(GIFT)
    dibao.give_up("整个目录被删，没有备份", actor="S07")
    *_, loss = dibao.records()

    assert told(office) == []
    assert (loss.body["since"], loss.body["known"]) == (1, 2)
    assert "FL623" in [finding.code for finding in dibao.check().findings]
    with pytest.raises(Refused) as refusal:
        dibao.give_up("再来一次", actor="S07")
    assert refusal.value.codes == ("FL624",)

    closed(office, "women", "2026-04")
    dibao.record(GIFT)
    assert told(office) == []
    office = wiped(root, clock, "dibao")
    assert [(fund, times) for fund, _, times in told(office)] == [("dibao", 3)]


def test_a_loss_accounts_for_what_closings_saw_of_it_and_for_nothing_else(
    office: fundledger.Office, root: Path, clock: Clock
) -> None:
    office = wiped(root, clock, "dibao")
    dibao = office.fund("dibao")
    dibao.give_up("没有备份", actor="S07")
    (attestation, *_) = [c for c in office.fund("women").verify().attestations if c.fund == "dibao"]
    given_up = list(dibao.records())[-1].at

    def holds(**changes: object) -> bool:
        return dibao.denied([attestation._replace(digest="0" * 64, **changes)]) == []  # type: ignore[arg-type]

    later = datetime.fromisoformat(given_up) + timedelta(hours=20)
    assert holds()
    assert holds(at=later.isoformat())
    assert not holds(at=(later + timedelta(hours=5)).isoformat())
    assert holds(sequence=1)
    assert not holds(sequence=3)


def test_what_stood_before_the_loss_is_held_to_as_it_was(
    office: fundledger.Office, root: Path, clock: Clock
) -> None:
    office.fund("dibao").record(GIFT)
    closed(office, "women", "2026-04")
    office.close_files()
    (segment,) = (root / "ledgers" / "dibao" / "journal").iterdir()
    segment.write_bytes(b"".join(segment.read_bytes().splitlines(keepends=True)[:-1]))
    shutil.rmtree(root / "ledgers" / "dibao" / ".state")
    office = reopened(root, clock)
    office.fund("dibao").rebuild()
    assert told(office) == [("dibao", "women", 1)]
    office.fund("dibao").give_up("备份止于3月", actor="S07")
    *_, loss = office.fund("dibao").records()
    assert (loss.body["since"], loss.body["known"]) == (3, 3)
    assert told(office) == []
    office.close_files()

    rechained(root / "ledgers" / "dibao", "dibao")
    office = reopened(root, clock)
    office.fund("dibao").rebuild()
    assert told(office) == [("dibao", "party", 2)]


def test_a_torn_tail_after_what_was_seen_is_no_other_journal(
    office: fundledger.Office, root: Path
) -> None:
    office.close_files()
    (segment,) = (root / "ledgers" / "dibao" / "journal").iterdir()
    segment.write_bytes(segment.read_bytes() + b'{"sha256":"')

    assert told(office) == []
    assert "FL604" in [finding.code for finding in office.check().findings]


def test_a_record_that_nobody_acknowledged_is_not_named(
    office: fundledger.Office, root: Path
) -> None:
    known = office.fund("dibao").last_durable(1.0)
    note = (root / "ledgers" / "dibao" / ".state" / "lock").read_bytes()
    office.fund("dibao").record(GIFT)
    (root / "ledgers" / "dibao" / ".state" / "lock").write_bytes(note)

    assert office.fund("dibao").last_durable(1.0) == known


def test_a_year_end_sees_the_other_funds_too(root: Path, clock: Clock) -> None:
    office = reopened(root, clock)
    for fund in ("dibao", "union"):
        office.fund(fund).record(GIFT)
    for month in range(1, 12):
        closed(office, "union", f"2026-{month:02d}", 100 if month > 2 else 0)
    office.fund("union").assert_balance(BANK, date(2026, 12, 31), 100, actor="S09")
    office.fund("union").close_year(2026, actor="S07", maker="S03", reviewer="S01")
    attestations = office.fund("union").verify().attestations

    assert [(c.fund, c.month) for c in attestations][-1] == ("dibao", "2026-12")
    assert len(attestations) == 12
    assert office.fund("union").check().attestations == attestations


def _lock_is_a_link(folder: Path) -> None:
    (folder / ".state" / "lock").unlink()
    (folder / ".state" / "lock").symlink_to(folder / "journal")


def _note_is_garbage(folder: Path) -> None:
    (folder / ".state" / "lock").write_bytes(b"hello")


def _torn_without_a_note(folder: Path) -> None:
    shutil.rmtree(folder / ".state")
    (segment,) = (folder / "journal").iterdir()
    segment.write_bytes(segment.read_bytes()[:-9])


def _journal_is_a_file(folder: Path) -> None:
    shutil.rmtree(folder / "journal")
    shutil.rmtree(folder / ".state")
    (folder / "journal").write_bytes(b"x")


@pytest.mark.parametrize(
    "spoil", [_lock_is_a_link, _note_is_garbage, _torn_without_a_note, _journal_is_a_file]
)
def test_a_fund_that_is_out_of_order_keeps_no_other_from_being_closed(
    office: fundledger.Office, root: Path, clock: Clock, spoil: Callable[[Path], None]
) -> None:
    office.close_files()
    spoil(root / "ledgers" / "dibao")
    office = reopened(root, clock)
    office.fund("union").assert_balance(BANK, date(2026, 3, 31), 100, actor="S09")

    receipt = office.fund("union").close("2026-03", actor="S07")

    assert [(f.code, f.subject) for f in receipt.findings] == [("FL972", "dibao")]
    *_, closing = office.fund("union").records()
    assert sorted(closing.body["heads"]) == ["party", "women"]


def test_a_fund_that_is_at_work_keeps_no_other_from_being_closed(
    office: fundledger.Office, root: Path
) -> None:
    office.fund("union").assert_balance(BANK, date(2026, 3, 31), 100, actor="S09")
    with (root / "ledgers" / "dibao" / ".state" / "lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        receipt = office.fund("union").close("2026-03", actor="S07")

    assert [(f.code, f.subject) for f in receipt.findings] == [("FL972", "dibao")]


def test_a_fund_of_its_own_knows_of_no_other(tmp_path: Path) -> None:
    fund = fund_at(tmp_path / "dibao")
    fund.record(draft(drafts.donation(100)))
    fund.close("2026-03", actor="S02")
    *_, closing = fund.records()

    assert "heads" not in closing.body


def test_a_copy_that_nobody_wrote_to_is_seen_by_its_last_line(
    office: fundledger.Office, root: Path, clock: Clock
) -> None:
    before = office.fund("dibao").last_durable(1.0)
    office.close_files()
    shutil.rmtree(root / "ledgers" / "dibao" / ".state")
    copy = reopened(root, clock).fund("dibao")

    assert copy.last_durable(1.0) == before
    assert not (root / "ledgers" / "dibao" / ".state").exists()
    (segment,) = (root / "ledgers" / "dibao" / "journal").iterdir()
    segment.write_bytes(segment.read_bytes()[:-9])
    assert copy.last_durable(1.0) is None


@pytest.mark.parametrize("begun_anew", [False, True])
def test_who_looks_at_a_deleted_fund_alone_is_told_what_others_saw(
    office: fundledger.Office, root: Path, clock: Clock, *, begun_anew: bool
) -> None:
    assert [f.code for f in office.check(("dibao",)).findings if f.code[:3] == "FL6"] == []
    office = wiped(root, clock, "dibao")
    if begun_anew:
        office.fund("dibao").record(GIFT)

    found = [(f.code, f.fund) for f in office.check(("dibao",)).findings if f.code[:3] == "FL6"]
    assert found == ([] if begun_anew else [("FL626", "dibao"), ("FL618", "dibao")])


def test_a_new_fund_looked_at_alone_is_only_new(office: fundledger.Office) -> None:
    found = office.check(("tekun",)).findings

    assert [f.code for f in found if f.code[:3] == "FL6"] == ["FL618"]


def test_a_witness_that_is_itself_not_what_others_saw_is_named_last_and_doubted(
    office: fundledger.Office, root: Path, clock: Clock
) -> None:
    office.close_files()
    rechained(root / "ledgers" / "women", "women", heads=("union", "0" * 64))
    office = reopened(root, clock)
    office.fund("women").rebuild()
    found = {f.fund: f for f in office.check().findings if f.code == "FL626"}

    assert set(found) == {"union", "women"}
    assert (found["women"].details["by"], found["women"].details["witness"]) == ("party", "sound")
    assert (found["union"].details["by"], found["union"].details["witness"]) == ("women", "doubted")
    assert "先查那一本" in found["union"].sentence()

    rechained(root / "ledgers" / "union", "union")
    told = {f.fund: f for f in reopened(root, clock).check().findings if f.code == "FL626"}
    assert (told["union"].details["by"], told["union"].details["times"]) == ("party", 2)


def test_what_a_journal_says_of_itself_is_held_by_its_chain_alone(
    office: fundledger.Office, root: Path, clock: Clock
) -> None:
    office.close_files()
    rechained(root / "ledgers" / "party", "party", heads=("party", "0" * 64))
    office = reopened(root, clock)
    office.fund("party").rebuild()

    assert told(office) == []
