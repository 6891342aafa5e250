"""What a reconciliation tells of its open items, and of a difference that they do not explain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fundledger.findings import Finding
from fundledger.ledger.asserted import short_refs
from fundledger.reconcile.model import BookLine, Carried, Item, Kind


def book_changed(
    previous: Carried | None, opening_fen: int, book: Iterable[BookLine]
) -> Iterator[Finding]:
    """Yield FL857 if the book at the last reconciliation is not what it was then.

    Vouchers that were dated behind it since are told though they come to nothing together.
    """
    later = sorted({line.ref for line in book if previous and line.ref in previous.later})
    if previous and (later or opening_fen != previous.book_fen):
        yield Finding(
            "FL857",
            details={
                "end": previous.end,
                "refs": short_refs(tuple(later)) if later else "-",
                "found_fen": opening_fen,
                "expected_fen": previous.book_fen,
            },
            amount_fen=opening_fen - previous.book_fen,
            gates=True,
        )


def unexplained(items: Iterable[Item], apart_fen: int) -> Iterator[Finding]:
    """Yield FL858 if the balances are further apart than the open items say."""
    explained_fen = sum(-item.signed_fen if item.of_book else item.signed_fen for item in items)
    if apart_fen != explained_fen:
        yield Finding("FL858", amount_fen=apart_fen - explained_fen, gates=True)


def about_items(
    items: Iterable[Item], aged_days: int, told: frozenset[str] = frozenset()
) -> Iterator[Finding]:
    """Yield FL861 or FL862 for what the bank alone has, and FL860 for what is open too long.

    Rows that are `told` already, as a step of a batch that is to be booked, are not told twice.
    """
    for item in items:
        details = {
            "ref": item.ref,
            "date": item.date,
            "kind": item.kind.en,
            "kind_zh": item.kind.zh,
            "age_days": item.age_days,
        }
        voucher = item.ref if item.of_book and not item.ambiguous else None
        if not told.isdisjoint(item.marks):
            pass
        elif item.kind is Kind.BANK_OUT:
            yield Finding("FL861", item.ref, details, amount_fen=item.amount_fen)
        elif item.kind is Kind.BANK_IN:
            yield Finding("FL862", item.ref, details, amount_fen=item.amount_fen)
        if item.age_days > aged_days:
            yield Finding("FL860", item.ref, details, voucher=voucher, amount_fen=item.amount_fen)
