"""Large funds for benchmarks: journals of sound vouchers, written directly and chained."""

from __future__ import annotations

import shutil
import sys
from datetime import date, timedelta
from pathlib import Path

from processes import ROOT, python, run

from fundledger.charter import load_charter
from fundledger.ledger import drafts
from fundledger.ledger.disk import RealDisk
from fundledger.ledger.faces import write_books
from fundledger.ledger.record import Record, encode_line, genesis
from fundledger.ledger.voucher import Draft, Voucher, numbered

FUND = "dibao"
LINE = ("CASC", "Dibao")
START = date(2026, 1, 2)
DAYS = 300


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
            event, postings = "budget-adopt", drafts.adoption(2026, LINE, total_fen)
        elif position == 2:  # noqa: PLR2004 - the third voucher
            event, postings = "allot", drafts.allotment(2026, LINE, total_fen)
        else:
            event = "expense"
            postings = drafts.expense(2026, LINE, 500_00 + position % 997)
        draft = Draft(
            date=on,
            narration=f"{on.month}月救助金发放第{position}笔",
            maker="S03",
            reviewer="S01",
            poster="S05",
            cashier=None if event in {"budget-adopt", "allot"} else "S06",
            event=event,
            attachments=1,
            approval="示纪〔2026〕1号" if event == "budget-adopt" else None,
            postings=postings,
        )
        vouchers.append(numbered(draft, numbers[month]))
    return vouchers


def write_office(root: Path, count: int) -> Path:
    """Write an office with the example's rules and `count` vouchers in one fund."""
    shutil.copytree(ROOT / "rules", root / "rules")
    charter = load_charter(root / "rules").fund_charter(FUND)
    folder = root / "ledgers" / FUND
    (folder / "journal").mkdir(parents=True)
    digest = genesis(FUND)
    body = {"charter": charter.model_dump(mode="json", by_alias=True)}
    record = Record(1, "2026-01-02T09:00:00+08:00", "S03", "charter", "", "", body)
    segments: dict[str, list[bytes]] = {}
    line, digest = encode_line(record, digest)
    segments["2026-01"] = [line]
    for sequence, voucher in enumerate(sound_vouchers(count), 2):
        at = f"{voucher.date.isoformat()}T10:00:00+08:00"
        record = Record(sequence, at, "S05", "voucher", f"K{sequence}", "0" * 64, {}, (voucher,))
        line, digest = encode_line(record, digest)
        segments.setdefault(voucher.month, []).append(line)
    for month, lines in segments.items():
        (folder / "journal" / f"{month}.jsonl").write_bytes(b"".join(lines))
    disk = RealDisk(folder)
    write_books(disk, FUND)
    disk.close()
    return folder


def build(root: Path, count: int) -> Path:
    """Write the office in a process of its own, so that its memory is not taken for another's."""
    run(python(__file__, str(root), str(count)))
    return root / "ledgers" / FUND


if __name__ == "__main__":
    write_office(Path(sys.argv[1]), int(sys.argv[2]))
