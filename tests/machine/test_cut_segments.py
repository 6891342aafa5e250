"""A month's first line that was cut leaves an empty segment; nothing may trip over it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from support.machine.dying import KILLED, DyingDisk, WatchedDisk, in_killed_child
from support.offices import Clock, charter, draft

_LINE_HALF_WRITTEN = (2, "half")


def test_a_line_cut_twice_at_a_months_end_is_recorded_at_last(tmp_path: Path) -> None:
    """The first time in the new month; the second after the clock was set back into the old."""
    clock = Clock(datetime(2026, 3, 31, 23, tzinfo=SHANGHAI))
    root = tmp_path / "dibao"
    gift = draft(drafts.donation(7_00), clock().date(), "donation")

    def fund_on(disk: WatchedDisk | DyingDisk) -> Fund:
        index = root / ".state" / "index.sqlite"
        surroundings = Surroundings(clock, lambda: clock().isoformat(), 5.0)
        return Fund(disk, charter(), surroundings, index_path=str(index))

    def killed() -> None:
        victim = fund_on(DyingDisk(root, *_LINE_HALF_WRITTEN))
        assert in_killed_child(lambda: victim.record(gift)) == KILLED

    first = fund_on(WatchedDisk(root))
    first.record(gift)
    first.close_files()
    clock.advance(hours=2)
    killed()
    clock.advance(hours=-1, minutes=-30)
    second = fund_on(WatchedDisk(root))
    second.examine(gift)
    second.close_files()
    assert (root / "journal" / "2026-04.jsonl").read_bytes() == b""
    killed()
    last = fund_on(WatchedDisk(root))
    assert last.record(gift).refs == ("2026-03-0002",)
    assert {finding.code for finding in last.check(clock().date()).findings} == {"FL343"}
