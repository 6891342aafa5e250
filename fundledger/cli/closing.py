"""What a close is about to close: the month's vouchers and totals, and what it rests on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from fundledger.checks.periods import asserted_in, month_end
from fundledger.cli.asserted import plain_of, table_of
from fundledger.cli.complaints import told
from fundledger.findings import Finding
from fundledger.ledger.asserted import Judged, judged
from fundledger.ledger.chart import BANK
from fundledger.money import display_fen
from fundledger.report.table import Column

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.fund import Fund


@dataclass(frozen=True, slots=True)
class Closing:
    """A month that is to be closed; sums are of money (CNY), this month and this year so far."""

    month: str
    vouchers: int
    month_fen: tuple[int, int]
    year_fen: tuple[int, int]
    bank_fen: int
    asserted: tuple[Judged, ...]
    findings: tuple[Finding, ...]

    def tell(self, session: Session, fund: str) -> None:
        """Show it before anybody is asked."""
        month = self.month
        session.say(
            f"结账　基金 {fund}　{month}　凭证 {self.vouchers} 张　单位：元",
            f"Closing {month} of {fund}: {self.vouchers} vouchers, in yuan",
        )
        columns = (
            Column(""),
            Column(session.pick("借方", "debit"), right=True),
            Column(session.pick("贷方", "credit"), right=True),
        )
        rows = [
            (session.pick("本月合计", "this month"), *map(display_fen, self.month_fen)),
            (session.pick("本年累计", "this year"), *map(display_fen, self.year_fen)),
        ]
        session.table(columns, rows)
        bank = display_fen(self.bank_fen)
        session.say(f"月末专户余额 {bank}", f"Bank balance at the month's end {bank}")
        if self.asserted:
            rows_of = ((fund, item) for item in self.asserted)
            table_of(session, rows_of, session.today)
        session.lines(told(self.findings, session, err=False))
        session.lines([""])

    def plain(self, day: date) -> dict[str, Any]:
        """Return it as JSON for a machine."""
        return {
            "month": self.month,
            "vouchers": self.vouchers,
            "month_debit_fen": self.month_fen[0],
            "month_credit_fen": self.month_fen[1],
            "year_debit_fen": self.year_fen[0],
            "year_credit_fen": self.year_fen[1],
            "bank_fen": self.bank_fen,
            "asserted": [plain_of(item, day) for item in self.asserted],
            "findings": [finding.as_json() for finding in self.findings],
        }


def closing_of(fund: Fund, month: str) -> Closing | None:
    """Return what closing a month would close, and what it rests on.

    With FL866 where that is no statement, and FL871 where it is one that ends before the month.
    None where that is no month or the fund has no books: the close itself says why.
    """
    try:
        last = month_end(month)
    except ValueError:
        return None
    books = fund.books()
    if books.chart is None or last.isoformat()[:7] != month:
        return None
    sums: dict[str, Counter[str]] = {"month": Counter(), "year": Counter()}
    count = 0
    for voucher in fund.vouchers():
        if voucher.month[:4] != month[:4] or voucher.month > month:
            continue
        within = ("month", "year") if voucher.month == month else ("year",)
        count += voucher.month == month
        for posting in voucher.postings:
            if posting.commodity == "CNY":
                for name in within:
                    sums[name][posting.side] += posting.amount_fen
    said = tuple(i for i in judged(books, last) if i.assertion.day[:7] == month)
    findings: tuple[Finding, ...] = ()
    asserted = asserted_in(books, month)
    if not asserted and books.moves(BANK, last):
        findings = (Finding("FL866", BANK, {"month": month}, fund.id),)
    elif asserted and asserted < last.isoformat():
        details = {"month": month, "date": asserted, "last": last.isoformat()}
        findings = (Finding("FL871", BANK, details, fund.id),)
    return Closing(
        month,
        count,
        (sums["month"]["debit"], sums["month"]["credit"]),
        (sums["year"]["debit"], sums["year"]["credit"]),
        books.balance(BANK, last),
        said,
        findings,
    )
