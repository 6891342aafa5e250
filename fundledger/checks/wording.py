"""What people wrote into a journal, looked at many records at a time."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fundledger.checks.earmark import DIGEST_LENGTH
from fundledger.checks.run import TEXTS, on_key, on_vouchers
from fundledger.checks.vouchers import TEXT_LENGTH, UNSEEN
from fundledger.findings import Finding
from fundledger.people.personal import personal

if TYPE_CHECKING:
    from fundledger.ledger.books import Books
    from fundledger.ledger.record import Record
    from fundledger.ledger.voucher import Voucher

AT_ONCE = 256
_APART = "|"
"""Stands between two texts: printable, in NFC, part of no number and next to no letter it joins."""


class Wording:
    """Looks at the texts of records that pass; what is plain in all of them is read once for all.

    Each check of a text is made of the texts of many vouchers in a row, which says that none of
    them has anything to find, or else of each alone.
    """

    def __init__(self, books: Books, at_once: int = AT_ONCE) -> None:
        """Take the books, whose charter says what no text may speak of."""
        self._books = books
        self._at_once = at_once
        self._waiting: list[Record] = []

    def take(self, record: Record) -> Sequence[Finding]:
        """Take the next record in, before the books do where it changes the charter."""
        found = self.look() if record.kind == "charter" else ()
        self._waiting.append(record)
        return found if len(self._waiting) < self._at_once else (*found, *self.look())

    def look(self) -> Sequence[Finding]:
        """Return what is found in the records that wait."""
        records, self._waiting = self._waiting, []
        if not records or self._books.chart is None:
            return ()
        findings: list[Finding] = []
        vouchers = [voucher for record in records for voucher in record.vouchers]
        bare = [voucher.narration for voucher in vouchers if _bare(voucher)]
        plain = self._plain(bare)
        if not plain or len(bare) < len(vouchers):
            for record in records:
                for voucher in record.vouchers:
                    if not (_bare(voucher) and (plain or self._plain([voucher.narration]))):
                        entry = self._books.enter(record, voucher)
                        findings += on_vouchers((entry,), self._books, TEXTS)
        if not _plain_keys([record.key for record in records]):
            for record in records:
                if not _plain_keys([record.key]):
                    findings += on_key(record, self._books)
        return findings

    def _plain(self, texts: Sequence[str]) -> bool:
        """Whether no check can find anything in the texts of vouchers that have no other."""
        joined = _APART.join(texts)
        return not (
            "" in texts
            or any(map(str.isspace, texts))
            or max(map(len, texts), default=0) > TEXT_LENGTH
            or not joined.isprintable()
            or not unicodedata.is_normalized("NFC", joined)
            or UNSEEN.search(joined)
            or personal(joined)
            or self._books.accounts.office_cost_word(joined)
        )


def _bare(voucher: Voucher) -> bool:
    """Whether a voucher has no text but its narration."""
    return voucher.approval is None and not (voucher.documents or voucher.links)


def _plain_keys(keys: Sequence[str]) -> bool:
    """Whether FL339 finds nothing in keys, which are too short for a digest beside a number."""
    return max(map(len, keys), default=0) <= DIGEST_LENGTH and personal(_APART.join(keys)) is None
