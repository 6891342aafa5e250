"""An order as the file that a bank takes: the same order and profile always give the same bytes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from fundledger.bankfile.order import PaymentOrder, check_order, payee_place
from fundledger.bankfile.pain001 import pain001_bytes
from fundledger.bankfile.profile import BankProfile
from fundledger.bankfile.sheetrows import empty_ones
from fundledger.bankfile.textfile import text_bytes
from fundledger.bankfile.workbook import workbook_bytes
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.given import expect

_WRITERS = {
    "xlsx": (workbook_bytes, "xlsx"),
    "text": (text_bytes, "txt"),
    "pain.001": (pain001_bytes, "xml"),
}


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file for the bank: its name and bytes, how many it pays, how much, and its digest."""

    name: str
    data: bytes
    count: int
    amount_fen: int
    sha256: str

    def __repr__(self) -> str:
        return f"BankFile({self.name}, {self.count} payments, {self.amount_fen} fen)"


def render(order: PaymentOrder, profile: BankProfile) -> BankFile:
    """Return the file of an order as the bank wants it.

    Raises:
        InputInvalid: FL764 to FL770, FL775: everything that is wrong with the order or that
            the file cannot carry, by batch and line; nobody is named.  FL909, the order or the
            profile is none, or a field of the order is of another type.

    """
    expect(profile=isinstance(profile, BankProfile))
    check_order(order)
    if wrong := [*empty_ones(order, profile.out), *_alike(order, profile)]:
        raise InputInvalid(wrong)
    write, suffix = _WRITERS[profile.out.format]
    data = write(order, profile.out)
    return BankFile(
        f"{order.batch}.{suffix}",
        data,
        len(order.payees),
        order.amount_fen,
        hashlib.sha256(data).hexdigest(),
    )


def _alike(order: PaymentOrder, profile: BankProfile) -> Iterator[Finding]:
    """Yield payments that an answer without line ids could not tell apart (FL775)."""
    if profile.result.format == "pain.002" or profile.result.has("line"):
        return
    counts = Counter((payee.account, payee.amount_fen) for payee in order.payees)
    for payee in order.payees:
        count = counts[payee.account, payee.amount_fen]
        if count > 1:
            yield Finding("FL775", payee_place(order, payee), {"count": count})
