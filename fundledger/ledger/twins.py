"""Vouchers that say what another one says: perhaps one thing recorded twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from fundledger.findings import Finding

if TYPE_CHECKING:
    from fundledger.ledger.books import Books
    from fundledger.ledger.voucher import Posting, Voucher

    Said = tuple[str, str, tuple[Posting, ...], str, str | None]

LOOKED_AT = 2_000


def twins_of(vouchers: Sequence[Voucher], books: Books) -> list[Finding]:
    """Return for each new voucher which earlier ones say the same (FL965); none of it gates.

    Only the months that the vouchers lie in are read, of each the last few thousand vouchers, and
    only where something moved on their very days.
    """
    books.settle()
    asked = [v for v in vouchers if not v.reverses and not v.closing]
    own = {voucher.ref for voucher in vouchers}
    wanted = {said(voucher) for voucher in asked}
    months = sorted({voucher.month for voucher in asked if _moved(voucher, books)})
    found: dict[Said, list[str]] = {}
    for voucher in _standing(months, own, books):
        if said(voucher) in wanted:
            found.setdefault(said(voucher), []).append(voucher.ref)
    findings = []
    for voucher in asked:
        refs = found.setdefault(said(voucher), [])
        if refs:
            details = {"refs": ", ".join(refs[:3])}
            findings.append(Finding("FL965", voucher.ref, details, books.fund, voucher=voucher.ref))
        refs.append(voucher.ref)
    return findings


def said(voucher: Voucher) -> Said:
    """Return what a voucher says, whoever signed it: day, event, lines, narration and approval."""
    day = voucher.date.isoformat()
    return (day, voucher.event, voucher.postings, voucher.narration, voucher.approval)


def _moved(voucher: Voucher, books: Books) -> bool:
    day = voucher.date.isoformat()
    return any(day in books.days[f"{p.account}@{voucher.month}"] for p in voucher.postings)


def _standing(months: Iterable[str], own: set[str], books: Books) -> Iterator[Voucher]:
    """Yield the vouchers of some months that are neither new nor undone."""
    for month in months:
        last: int = books.months[month]
        for number in range(max(1, last - LOOKED_AT), last + 1):
            ref = f"{month}-{number:04d}"
            voucher = None if ref in own or books.undone[ref] else books.voucher(ref)
            if voucher is not None and not voucher.reverses:
                yield voucher
