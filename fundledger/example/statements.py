"""A bank statement for every fund of the example office, out of its books and the bank's habits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from fundledger.example.bankside import Passbook, habits_of, movements_of
from fundledger.example.exports import exports
from fundledger.example.plan import Plan
from fundledger.ledger.chart import BANK
from fundledger.reconcile import BookLine

if TYPE_CHECKING:
    from fundledger import Fund, Office

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BankBook:
    """The postings to a fund's dedicated account, as its journal has them."""

    lines: tuple[BookLine, ...]

    def balance_fen(self, on: date) -> int:
        """Return the balance at the end of a day."""
        return sum(line.signed_fen for line in self.lines if line.date <= on)


def bank_book(fund: Fund) -> BankBook:
    """Return the bank's side of a fund's vouchers."""
    return BankBook(
        tuple(
            BookLine(voucher.date, voucher.ref, posting.signed_fen, voucher.narration)
            for voucher in fund.vouchers()
            for posting in voucher.postings
            if posting.account == BANK
        )
    )


def write_statements(
    office: Office, plan: Plan, folder: Path, seed: int, progress: Progress | None = None
) -> dict[str, Path]:
    """Write the last month's statement of each fund into `folder`; return the files by fund id."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for number, (fund_id, passbook) in enumerate(passbooks(office, plan, seed)):
        if progress is not None:
            progress(fund_id, number, len(office.fund_ids))
        shapes = exports()
        ending, data = shapes[number % len(shapes)](passbook)
        path = folder / f"{fund_id}-{plan.last_day:%Y-%m}.{ending}"
        path.write_bytes(data)
        written[fund_id] = path
    return written


def passbooks(office: Office, plan: Plan, seed: int) -> Iterator[tuple[str, Passbook]]:
    """Yield each fund's account over the last month as its bank has it."""
    end = plan.last_day
    start = end.replace(day=1)
    for number, fund_id in enumerate(office.fund_ids):
        book = bank_book(office.fund(fund_id))
        account = office.charter.fund(fund_id).bank_account
        opening_fen = book.balance_fen(start - timedelta(days=1))
        yield (
            fund_id,
            Passbook(
                account=account.number,
                holder=account.holder,
                bank=account.bank,
                start=start,
                end=end,
                opening_fen=opening_fen,
                movements=movements_of(
                    (line for line in book.lines if start <= line.date <= end),
                    opening_fen,
                    (start, end),
                    habits=habits_of(number),
                    calendar=plan.calendar,
                    chance=Random(f"{seed} bank {fund_id}"),  # noqa: S311 - a tale
                ),
            ),
        )
