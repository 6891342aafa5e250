"""Records written onto a journal past the gate, as somebody with an editor and sha256 would."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fundledger.fund import Fund
from fundledger.ledger.record import Kind, Record, encode_line, frame, genesis
from fundledger.ledger.voucher import Voucher


def force(  # noqa: PLR0913 - a record in its parts, by keyword
    root: Path,
    fund: Fund,
    vouchers: Sequence[Voucher] = (),
    *,
    at: str,
    kind: Kind = "voucher",
    body: dict[str, Any] | None = None,
    actor: str = "S02",
    key: str = "",
) -> None:
    """Append a chained record to the journal in `root`; books that there were follow it."""
    fund.close_files()
    folder = root / "journal"
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        line
        for path in sorted(folder.iterdir())
        for line in path.read_bytes().splitlines(keepends=True)
    ]
    framed = frame(lines[-1]) if lines else None
    previous = framed[0] if framed else genesis(fund.id)
    record = Record(len(lines) + 1, at, actor, kind, key, "", body or {}, tuple(vouchers))
    segment = max([at[:7], *(path.name[:7] for path in folder.iterdir())])
    with (folder / f"{segment}.jsonl").open("ab") as file:
        file.write(encode_line(record, previous)[0])
    if lines:
        fund.rebuild()
