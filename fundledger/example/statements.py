"""A bank statement for every fund of the example office, out of its books and the bank's habits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

from fundledger.bank import Statement, read_statement
from fundledger.example.bankside import Habits, Passbook, habits_of, movements_of
from fundledger.example.exports import exports, writes_text
from fundledger.example.plan import Calendar, Plan
from fundledger.example.slips import Slips, known_people, slips_of
from fundledger.ledger.asserted import reconciled
from fundledger.ledger.chart import BANK
from fundledger.reconcile import BookLine, Known, book_lines

if TYPE_CHECKING:
    from fundledger import Fund, Office
    from fundledger.charter import BankAccount

Progress = Callable[[str, int, int], None]
_QUARTER_ENDS = (3, 6, 9, 12)


@dataclass(frozen=True, slots=True)
class BankBook:
    """The postings to a fund's dedicated account, as its journal has them."""

    lines: tuple[BookLine, ...]

    def balance_fen(self, on: date) -> int:
        """Return the balance at the end of a day."""
        return sum(line.signed_fen for line in self.lines if line.date <= on)


def bank_book(fund: Fund) -> BankBook:
    """Return the bank's side of a fund's vouchers."""
    return BankBook(tuple(book_lines(fund.vouchers())))


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
    for number, fund_id in enumerate(office.fund_ids):
        bank = Bank.of(office, plan, fund_id, seed)
        yield fund_id, bank.passbook(office.fund(fund_id), plan.last_day, habits_of(number))


@dataclass(frozen=True, slots=True)
class Bank:
    """The bank of the `number`-th fund, the account that it keeps, and whom it pays out of it."""

    number: int
    account: BankAccount
    calendar: Calendar
    seed: int
    slips: Slips
    known: Known

    @classmethod
    def of(cls, office: Office, plan: Plan, fund: str, seed: int) -> Self:
        """Return the bank of a fund."""
        number = office.fund_ids.index(fund)
        account = office.charter.fund(fund).bank_account
        slips, known = slips_of(plan, fund), known_people(plan, fund)
        return cls(number, account, plan.calendar, seed, slips, known)

    def passbook(self, fund: Fund, end: date, habits: Habits) -> Passbook:
        """Return the account over the month that ends on `end`, after what was open before."""
        start = end.replace(day=1)
        before = start - timedelta(days=1)
        records, books = list(fund.records()), fund.books()
        book = BankBook(tuple(book_lines(v for record in records for v in record.vouchers)))
        lines = [line for line in book.lines if start <= line.date <= end]
        opening_fen = book.balance_fen(before)
        for signed in reconciled(books, BANK)[-1:]:
            if signed.body.date == before:
                opening_fen = signed.body.amount_fen
                first = self.calendar.from_day(start)
                open_refs = {ref for item in signed.body.items for ref in item.refs}
                lines += [replace(line, date=first) for line in book.lines if line.ref in open_refs]
        chance = f"{self.seed} bank {fund.id}"
        slips = self.slips.beside(records, books, {line.ref for line in lines})
        return Passbook(
            account=self.account.number,
            holder=self.account.holder,
            bank=self.account.bank,
            start=start,
            end=end,
            opening_fen=opening_fen,
            movements=movements_of(
                lines,
                opening_fen,
                (start, end),
                habits=habits,
                slips=slips,
                unbooked=tuple(self.slips.unbooked(books, start, end)),
                calendar=self.calendar,
                chance=Random(chance),  # noqa: S311 - a tale
            ),
        )

    def statement(self, fund: Fund, end: date) -> Statement | None:
        """Return the statement of a month that is to be closed; None where there is none to sign.

        Only text has the same digest on every machine.  What the bank is slow with it has done by
        the quarter's end.
        """
        shapes = exports()
        shape = shapes[self.number % len(shapes)]
        if not writes_text(shape):
            return None
        slow = habits_of(self.number).keeps_last and end.month not in _QUARTER_ENDS
        prompt = Habits(keeps_last=False, pays_interest=False, takes_fee=False)
        passbook = self.passbook(fund, end, replace(prompt, keeps_last=slow))
        if not passbook.movements:
            passbook = self.passbook(fund, end, prompt)
        if not passbook.movements:
            return None
        ending, data = shape(passbook)
        with TemporaryDirectory(prefix="fundledger-") as folder:
            path = Path(folder) / f"{fund.id}.{ending}"
            path.write_bytes(data)
            return read_statement(path)
