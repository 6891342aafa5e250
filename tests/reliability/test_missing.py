"""What is gone is missed: a journal, its last records, a whole fund; a person decides what then."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from fundledger.errors import FundledgerError, JournalBroken, Refused
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.note import Known, Note, read_note
from support.acts import healthy_runs
from support.crashes import started
from support.offices import DIBAO, LATE, Clock, draft, fund_at, granted
from support.sim_disk import SimDisk

ON = date(2026, 3, 31)


def _kept(root: Path, records: int = 3) -> Fund:
    fund = fund_at(root)
    granted(fund)
    for number in range(records - 2):
        _pay(fund, f"E{number}")
    fund.close_files()
    return fund


def _pay(fund: Fund, key: str) -> tuple[str, ...]:
    one = draft(drafts.expense(2026, DIBAO, 1_00), event="expense")
    return fund.record(one, key=key).refs


def _checked(fund: Fund) -> list[str]:
    codes = [finding.code for finding in fund.check(ON).findings]
    return [code for code in codes if code.startswith("FL6")]


def _verified(fund: Fund) -> list[str]:
    return [finding.code for finding in fund.verify().findings]


def _refused(act: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(FundledgerError) as refusal:
        act()
    return refusal.value.codes


def _files(root: Path) -> dict[str, bytes]:
    """Return all that lies below a folder but the funds' private state."""
    paths = (path for path in sorted(root.rglob("*")) if ".state" not in path.parts)
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in paths}


@pytest.mark.parametrize("note", [b"", b"x", b"clean - 3", bytes(256)])
def test_a_note_that_cannot_be_read_does_not_make_the_index_forget(
    tmp_path: Path, note: bytes
) -> None:
    _kept(tmp_path)
    folder = tmp_path / "dibao"
    (folder / ".state" / "lock").write_bytes(note)
    (segment,) = (folder / "journal").iterdir()
    whole = segment.read_bytes()
    segment.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    before = _files(tmp_path)

    assert "FL616" in _checked(fund_at(tmp_path))
    assert "FL616" in _verified(fund_at(tmp_path))
    assert _files(tmp_path) == before
    assert _refused(fund_at(tmp_path).rebuild) == ("FL616",)
    assert _refused(lambda: _pay(fund_at(tmp_path), "E9")) == ("FL616",)
    assert "FL616" in _checked(fund_at(tmp_path))
    assert _files(tmp_path) == before

    segment.write_bytes(whole)
    _pay(fund_at(tmp_path), "E9")
    assert _checked(fund_at(tmp_path)) == []


@pytest.mark.parametrize("made", [False, True])
def test_a_fund_without_a_journal_is_told(tmp_path: Path, *, made: bool) -> None:
    if made:
        (tmp_path / "dibao" / "journal").mkdir(parents=True)
    fund = fund_at(tmp_path)
    assert _checked(fund) == ["FL618"]
    assert _verified(fund) == ["FL618"]
    told = fund.without_journal()
    assert told is not None
    assert told.severity == "warning"
    assert [f.code for f in fund.verify("0" * 12).findings] == ["FL618", "FL944"]
    granted(fund)
    assert fund.without_journal() is None
    assert _checked(fund) == []


def _journal_gone(fund: Path) -> None:
    shutil.rmtree(fund / "journal")


def _journal_emptied(fund: Path) -> None:
    for segment in (fund / "journal").iterdir():
        segment.write_bytes(b"")


def _only_state(fund: Path) -> None:
    for path in fund.iterdir():
        if path.name != ".state":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _only(name: str) -> Callable[[Path], None]:
    def change(fund: Path) -> None:
        kept = (fund / name).read_bytes()
        shutil.rmtree(fund)
        (fund / name).parent.mkdir(parents=True)
        (fund / name).write_bytes(kept)

    return change


def _only_list(fund: Path) -> None:
    shutil.rmtree(fund)
    (fund / "lists").mkdir(parents=True)
    (fund / "lists" / ("0" * 64 + ".csv")).write_bytes(b"x")


def _only_empty_segment(fund: Path) -> None:
    shutil.rmtree(fund)
    (fund / "journal").mkdir(parents=True)
    (fund / "journal" / "2027-06.jsonl").write_bytes(b"")


def _torn_to_its_first_bytes(fund: Path) -> None:
    shutil.rmtree(fund / ".state")
    for segment in (fund / "journal").iterdir():
        segment.write_bytes(segment.read_bytes()[:100])


GONE = {
    "the journal deleted": (_journal_gone, "FL617", True),
    "the journal emptied": (_journal_emptied, "FL617", True),
    "all but .state": (_only_state, "FL617", True),
    "only a month's book": (_only("2026/03.beancount"), "FL617", True),
    "only the main book": (_only("book.beancount"), "FL617", True),
    "only the balances": (_only("balances.beancount"), "FL617", True),
    "books and a torn line": (_torn_to_its_first_bytes, "FL617", True),
    "only a list": (_only_list, "FL617", True),
    "only an empty segment": (_only_empty_segment, "FL617", False),
}


@pytest.mark.parametrize("what", GONE)
def test_a_journal_that_is_gone_is_an_error_and_none_is_begun_beside_its_traces(
    what: str, tmp_path: Path
) -> None:
    _kept(tmp_path)
    change, code, refused = GONE[what]
    change(tmp_path / "dibao")
    fund = fund_at(tmp_path)
    assert code in _checked(fund)
    assert code in _verified(fund)
    assert code in [f.code for f in fund.verify("0" * 12).findings]
    before = _files(tmp_path)
    if refused:
        for act in (
            lambda: _pay(fund, "new"),
            lambda: granted(fund),
            fund.rebuild,
            lambda: fund.give_up("硬盘损坏", actor="S01"),
        ):
            assert _refused(act) == (code,)
        assert _files(tmp_path) == before
    fund.close_files()


def _cut(root: Path) -> bytes:
    """Take the last line off the journal."""
    (segment,) = (root / "dibao" / "journal").iterdir()
    data = segment.read_bytes()
    segment.write_bytes(b"".join(data.splitlines(keepends=True)[:-1]))
    return data


def test_records_that_were_acknowledged_and_are_gone_stop_all_recording(tmp_path: Path) -> None:
    fund = _kept(tmp_path)
    sound = _cut(tmp_path)
    before = _files(tmp_path)
    for again in range(3):
        fund = fund_at(tmp_path)
        for act in (
            lambda: _pay(fund, f"new {again}"),  # noqa: B023 - called at once
            lambda: fund.examine(draft(drafts.donation(1))),  # noqa: B023 - called at once
            fund.rebuild,
        ):
            assert _refused(act) == ("FL616",)
        assert "FL616" in _checked(fund)
        assert _verified(fund) == ["FL616"]
        fund.close_files()
    assert _files(tmp_path) == before
    (segment,) = (tmp_path / "dibao" / "journal").iterdir()
    segment.write_bytes(sound)
    assert _verified(fund) == []
    assert _pay(fund, "new") == ("2026-03-0002",)


def test_an_open_fund_misses_what_is_cut_behind_its_back(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)
    granted(fund)
    _pay(fund, "one")
    _cut(tmp_path)
    assert _refused(lambda: _pay(fund, "two")) == ("FL616",)


def test_a_state_that_is_older_than_the_journal_makes_no_difference(tmp_path: Path) -> None:
    fund = _kept(tmp_path)
    shutil.copytree(tmp_path / "dibao" / ".state", tmp_path / "old")
    _pay(fund, "later")
    fund.close_files()
    shutil.rmtree(tmp_path / "dibao" / ".state")
    (tmp_path / "old").rename(tmp_path / "dibao" / ".state")
    assert _verified(fund) == []
    assert _pay(fund, "last") == ("2026-03-0003",)


def test_of_a_state_that_was_restored_with_its_journal_nothing_can_be_known(
    tmp_path: Path,
) -> None:
    fund = _kept(tmp_path)
    shutil.copytree(tmp_path / "dibao", tmp_path / "old")
    _pay(fund, "later")
    head = fund.verify().head
    fund.close_files()
    shutil.rmtree(tmp_path / "dibao")
    (tmp_path / "old").rename(tmp_path / "dibao")
    fund = fund_at(tmp_path)
    assert _verified(fund) == []
    assert [f.code for f in fund.verify(head).findings] == ["FL944"]
    assert _pay(fund, "last") == ("2026-03-0002",)


def test_a_loss_that_somebody_answers_for_stays_in_the_journal(tmp_path: Path) -> None:
    fund = _kept(tmp_path, 4)
    head = fund.verify().head
    _cut(tmp_path)
    assert _refused(lambda: fund.give_up("备份止于3月5日", actor="S03", key="loss")) == ("FL323",)
    assert _verified(fund) == ["FL616"]
    receipt = fund.give_up("备份止于3月5日", actor="S01", key="loss")
    assert fund.give_up("备份止于3月5日", actor="S01", key="loss").again
    assert receipt.sequence == 4
    record = list(fund.records())[-1]
    assert (record.kind, record.actor) == ("loss", "S01")
    assert record.body == {"known": 4, "digest": head, "reason": "备份止于3月5日"}
    for _ in range(2):
        assert _verified(fund) == ["FL623"]
        assert _checked(fund) == ["FL623"]
        assert _pay(fund, "again") == ("2026-03-0002",)
    assert _refused(lambda: fund.give_up("无", actor="S01")) == ("FL624",)


def test_nothing_is_given_up_where_nothing_is_missing(tmp_path: Path) -> None:
    fund = _kept(tmp_path)
    before = _files(tmp_path / "dibao")
    assert _refused(lambda: fund.give_up("以防万一", actor="S01")) == ("FL624",)
    assert _refused(lambda: fund.give_up("", actor="S01")) == ("FL909",)
    assert _refused(lambda: fund_at(tmp_path / "new").give_up("以防万一", actor="S01")) == (
        "FL624",
    )
    assert _files(tmp_path / "dibao") == before


def test_whenever_a_loss_is_half_recorded_either_it_stands_or_all_still_refuses(
    tmp_path: Path,
) -> None:
    """The power goes out before any step of giving up; the next process is told or goes on."""
    run = healthy_runs()["expense"]
    (path,) = run.after.journal
    cut = dict(run.after.files)
    cut[path] = run.before.journal[path]
    image = type(run.after)(run.after.folders, cut)

    def given_up(disk: SimDisk) -> None:
        fund = Fund(disk, run.act.charter, run.act._surroundings, index_path=":memory:")  # noqa: SLF001
        fund.give_up("断电", actor="S01", key="loss")

    disk = SimDisk(started(image, 2))
    given_up(disk)
    whole = disk.machine.cached().journal
    outcomes = set()
    for stop_at in range(len(disk.steps) + 1):
        machine = started(image, 2)
        try:
            given_up(SimDisk(machine, stop_at))
            acknowledged = True
        except BaseException:  # noqa: BLE001 - the process ends here
            acknowledged = False
        for left in machine.power_loss():
            after = started(left, 3)
            codes: tuple[str, ...] = ()
            try:
                run.act.on(SimDisk(after))
            except JournalBroken as error:
                codes = error.codes
            assert codes in {(), ("FL616",)}
            stands = not codes
            assert stands or not acknowledged
            if stands:
                assert all(
                    after.cached().journal[name].startswith(data) for name, data in whole.items()
                )
            else:
                given_up(SimDisk(after))
                assert after.cached().journal == whole
            outcomes.add(stands)
    assert outcomes == {False, True}
    assert tmp_path.is_dir()


def test_a_torn_note_is_no_note() -> None:
    old = Note("clean", "boot-1", Known(6, "a" * 64, "2026-03", 700, 1400)).encoded().ljust(256)
    new = Note("clean", "boot-1", Known(7, "b" * 64, "2026-03", 1400, 2100)).encoded().ljust(256)
    assert read_note(old).known.sequence == 6
    for size in range(1, 256):
        mixed = new[:size] + old[size:]
        if mixed not in {old, new}:
            assert read_note(mixed) == Note("dirty")
    assert read_note(b"") == Note()
    assert read_note(b"clean boot-1".ljust(128)) == Note("dirty")
    assert read_note(bytes(256)) == Note("dirty")


def test_a_clock_that_is_a_day_behind_the_journal_stops_recording(tmp_path: Path) -> None:
    clock = Clock(datetime.fromisoformat("2999-01-01T00:00:00+08:00"))
    fund = fund_at(tmp_path, clock=clock)
    granted(fund)
    clock.now = LATE
    before = _files(tmp_path)
    assert _refused(lambda: _pay(fund, "one")) == ("FL622",)
    assert _refused(lambda: fund.close("2026-01", actor="S02")) == ("FL622",)
    one = draft(drafts.expense(2026, DIBAO, 1_00), event="expense")
    assert [f.code for f in fund.examine(one) if f.gates] == ["FL622"]
    assert _files(tmp_path) == before
    assert "FL622" in _checked(fund)
    assert "FL622" in _verified(fund)
    clock.now = datetime.fromisoformat("9999-12-31T23:00:00+08:00")
    assert _verified(fund) == []


def test_a_clock_that_is_hours_behind_takes_the_journals_time(tmp_path: Path) -> None:
    clock = Clock(LATE)
    fund = fund_at(tmp_path, clock=clock)
    granted(fund)
    clock.now = LATE - timedelta(days=1)
    assert _pay(fund, "one") == ("2026-03-0001",)
    assert [record.at for record in fund.records()] == ["2027-06-30T10:00:00+08:00"] * 3
    assert _verified(fund) == []
    assert _checked(fund) == []
    clock.now -= timedelta(seconds=1)
    with pytest.raises(Refused):
        _pay(fund, "two")
    assert _verified(fund) == ["FL622"]
