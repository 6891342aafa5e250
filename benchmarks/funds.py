"""Large funds for benchmarks: journals of sound vouchers, written directly and chained."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from fundledger.ledger import drafts
from fundledger.ledger.disk import RealDisk
from fundledger.ledger.faces import write_books
from fundledger.ledger.record import Record, encode_line, genesis
from fundledger.ledger.voucher import Draft, Voucher, numbered
from support.offices import DIBAO, charter

START = date(2026, 1, 2)
DAYS = 330


def sound_vouchers(count: int) -> list[Voucher]:
    """Return `count` vouchers of a year: money and budget first, then four-posting expenses."""
    total_fen = count * 1_000_00
    numbers: dict[str, int] = {}
    vouchers = []
    for position in range(count):
        on = START + timedelta(days=position * DAYS // count)
        month = on.isoformat()[:7]
        numbers[month] = numbers.get(month, 0) + 1
        if position == 0:
            event, postings = "allocation", drafts.allocation("District", total_fen)
        elif position == 1:
            event, postings = "budget-adopt", drafts.adoption(2026, DIBAO, total_fen)
        elif position == 2:  # noqa: PLR2004 - the third voucher
            event, postings = "allot", drafts.allotment(2026, DIBAO, total_fen)
        else:
            event = "expense"
            postings = drafts.expense(2026, DIBAO, 500_00 + position % 997)
        draft = Draft(
            date=on,
            narration=f"{on.month}月救助金发放第{position}笔",
            maker="S03",
            reviewer="S01",
            poster="S02",
            event=event,
            attachments=1,
            postings=postings,
        )
        vouchers.append(numbered(draft, numbers[month]))
    return vouchers


def write_fund(root: Path, count: int) -> Path:
    """Write a fund `dibao` of `count` vouchers under `root`; returns its directory."""
    folder = root / "dibao"
    (folder / "journal").mkdir(parents=True)
    digest = genesis("dibao")
    body = {"charter": charter().model_dump(mode="json", by_alias=True)}
    record = Record(1, "2026-01-02T09:00:00+08:00", "S03", "charter", "", "", body)
    segments: dict[str, list[bytes]] = {}
    line, digest = encode_line(record, digest)
    segments["2026-01"] = [line]
    for sequence, voucher in enumerate(sound_vouchers(count), 2):
        at = f"{voucher.date.isoformat()}T10:00:00+08:00"
        record = Record(sequence, at, "S02", "voucher", f"K{sequence}", "0" * 64, {}, (voucher,))
        line, digest = encode_line(record, digest)
        segments.setdefault(voucher.month, []).append(line)
    for month, lines in segments.items():
        (folder / "journal" / f"{month}.jsonl").write_bytes(b"".join(lines))
    disk = RealDisk(folder)
    write_books(disk, "dibao")
    disk.close()
    return folder
