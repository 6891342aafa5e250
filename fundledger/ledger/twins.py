"""Vouchers that say what another one says: perhaps one thing recorded twice."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING
from unicodedata import normalize

from msgspec.json import encode

from fundledger.findings import Finding
from fundledger.ledger.batches.states import BATCH_EVENT
from fundledger.ledger.journal import recent_lines, record_of_line

if TYPE_CHECKING:
    from fundledger.ledger.books import Books
    from fundledger.ledger.door import Disk
    from fundledger.ledger.voucher import Posting, Voucher

    Said = tuple[str, str, tuple[Posting, ...], str, str | None]

LOOKED_AT_BYTES = 1 << 20
_FEW = 20
# Signs that stay as they are, which most narrations are made of: told at a third of the cost.
_PLAIN = re.compile(r"[!-~\u3001\u3002\u4e00-\u9fff]*").fullmatch


def twins_of(vouchers: Sequence[Voucher], books: Books, disk: Disk) -> list[Finding]:
    """Return for each new voucher which earlier ones say the same (FL965); none of it gates.

    Of the journal only the end is read, some two thousand vouchers, and of that only those lines
    in which the day occurs: it costs the same in any fund.
    """
    books.settle()
    asked = [voucher for voucher in vouchers if by_itself(voucher)]
    own = {voucher.ref for voucher in vouchers}
    wanted = {said(voucher) for voucher in asked}
    days = {encode(voucher.date) for voucher in asked}
    found: dict[Said, list[str]] = {}
    own_bytes = sum(len(encode(voucher)) for voucher in vouchers)
    for voucher in _recent(disk, days, LOOKED_AT_BYTES + own_bytes):
        stands = (
            voucher.ref not in own and not voucher.reverses and books.undone[voucher.ref] is None
        )
        if stands and said(voucher) in wanted:
            found.setdefault(said(voucher), []).append(voucher.ref)
    findings = []
    for voucher in asked:
        refs = found.setdefault(said(voucher), [])
        if refs:
            details = {"refs": ", ".join(sorted(refs, key=in_order)[:3])}
            findings.append(Finding("FL965", voucher.ref, details, books.fund, voucher=voucher.ref))
        refs.append(voucher.ref)
    return findings


def by_itself(voucher: Voucher) -> bool:
    """Whether somebody made the voucher: red copies, closings and batches follow from others.

    A batch's vouchers are alike where people get the same; each is held against its lines (FL755).
    """
    return not (voucher.reverses or voucher.closing or voucher.event.startswith(BATCH_EVENT))


def in_order(ref: str) -> tuple[str, int]:
    """Return a reference as what it is ordered by: its month, and its number."""
    return ref[:7], int(ref[8:])


def said(voucher: Voucher) -> Said:
    """Return what a voucher says, whoever signed it: day, event, lines, narration and approval."""
    day = voucher.date.isoformat()
    narration = plain_narration(voucher.narration)
    return (day, voucher.event, voucher.postings, narration, voucher.approval)


def plain_narration(narration: str) -> str:
    """Return what a narration says however it was typed: without blanks, widths made one."""
    if _PLAIN(narration):
        return narration
    return "".join(normalize("NFKC", narration).split())


def _recent(disk: Disk, days: Collection[bytes], length: int) -> Iterator[Voucher]:
    """Yield the vouchers of the last lines, of those only in which one of the days stands."""
    if not days:
        return
    many = len(days) > _FEW
    for line in recent_lines(disk, length):
        if many or any(day in line for day in days):
            found = record_of_line(line)
            if found is not None:
                yield from found[1].vouchers
