"""The beancount face of the books: exact text, written by us, byte for byte the same each time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from fundledger.ledger.voucher import BUDGET_ROOT, Voucher, day_text
from fundledger.money import format_fen

if TYPE_CHECKING:
    from fundledger.ledger.asserted import Assertion
    from fundledger.ledger.chart import Chart

BOOK = "book.beancount"
BALANCES = "balances.beancount"
OPTIONS = (
    ("operating_currency", "CNY"),
    ("tolerance_multiplier", "0"),
    ("display_precision", "CNY:0.01"),
    ("display_precision", "CNYB:0.01"),
    ("use_precise_interpolation", "TRUE"),
    ("booking_method", "STRICT"),
)
_ACCOUNT_WIDTH = 60
_AMOUNT_WIDTH = 16


def month_file(month: str) -> str:
    """Return the name of the book of a month: `2026/03.beancount` for `2026-03`."""
    return f"{month[:4]}/{month[5:7]}.beancount"


def month_header(fund: str, month: str) -> str:
    """Return the first lines of a month's book."""
    return f"; {fund} {month}: written from the journal, not to be edited\n\n"


def quoted(text: str) -> str:
    """Return `text` as a beancount string; it holds no control characters by FL311."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def render_voucher(voucher: Voucher) -> str:
    """Return the beancount transaction of a voucher; `beans.read_vouchers` reads it back."""
    day = day_text(voucher.date)
    narration = voucher.narration
    if '"' in narration or "\\" in narration:
        narration = quoted(narration)[1:-1]
    text = f'{day} * "{narration}" ^{day[:7]}-{voucher.number:04d}\n' + _fields(
        voucher.event,
        voucher.maker,
        voucher.reviewer,
        voucher.attachments,
        voucher.poster,
        voucher.cashier,
        voucher.approval,
    )
    if voucher.documents or voucher.links or voucher.reverses or voucher.corrects:
        text += _references(voucher)
    if voucher.closing:
        text += "  closing: TRUE\n"
    size_fen = 0
    credit = debit = ""
    for posting in voucher.postings:
        signed_fen = posting.signed_fen
        if abs(signed_fen) != size_fen:
            size_fen = abs(signed_fen)
            amount = format_fen(size_fen)
            credit = f"-{amount}".rjust(_AMOUNT_WIDTH)
            debit = amount.rjust(_AMOUNT_WIDTH)
        before, after = _around(posting.account)
        text += f"{before}{credit if signed_fen < 0 else debit}{after}"
        if posting.red:
            text += "    red: TRUE\n"
    return text + "\n"


@lru_cache(maxsize=4096)
def _fields(  # noqa: PLR0913, PLR0917 - what many vouchers have in common
    event: str,
    maker: str,
    reviewer: str,
    attachments: int,
    poster: str | None,
    cashier: str | None,
    approval: str | None,
) -> str:
    """Return the metadata lines on which a voucher does not stand alone."""
    text = (
        f'  event: "{event}"\n'
        f'  maker: "{maker}"\n'
        f'  reviewer: "{reviewer}"\n'
        f'  attachments: "{attachments}"\n'
    )
    optional = (("poster", poster), ("cashier", cashier), ("approval", approval))
    return text + "".join(f"  {name}: {quoted(value)}\n" for name, value in optional if value)


def _references(voucher: Voucher) -> str:
    """Return the metadata lines that name documents, links and other vouchers."""
    text = ""
    if voucher.documents:
        text += f'  documents: "{" ".join(voucher.documents)}"\n'
    if voucher.links:
        text += f'  links: "{" ".join(voucher.links)}"\n'
    if voucher.reverses:
        text += f'  reverses: "{voucher.reverses}"\n'
    if voucher.corrects:
        text += f'  corrects: "{voucher.corrects}"\n'
    return text


@lru_cache(maxsize=4096)
def _around(account: str) -> tuple[str, str]:
    """Return what stands before and after the amount of a posting."""
    commodity = "CNYB" if account.startswith(BUDGET_ROOT) else "CNY"
    return f"  {account:<{_ACCOUNT_WIDTH}} ", f" {commodity}\n"


def render_book(chart: Chart, accounts: Iterable[str], months: Iterable[str]) -> str:
    """Return the main file of a fund's book: hardened options, opens, explicit includes."""
    fund = chart.charter.fund
    lines = [f"option {quoted('title')} {quoted(f'{fund.zh} {fund.en} ({fund.id})')}"]
    lines += [f"option {quoted(name)} {quoted(value)}" for name, value in OPTIONS]
    lines.append("")
    for account in sorted(accounts):
        commodity = "CNYB" if account.startswith(BUDGET_ROOT) else "CNY"
        zh, en = chart.names(account)
        lines.append(f"{fund.opened.isoformat()} open {account} {commodity}")
        lines.append(f"  name-zh: {quoted(zh)}")
        lines.append(f"  name-en: {quoted(en)}")
        code = chart.code(account)
        if code and commodity == "CNY":
            lines.append(f"  code: {quoted(code)}")
    lines.append("")
    lines += [f"include {quoted(month_file(month))}" for month in sorted(months)]
    lines.append(f"include {quoted(BALANCES)}")
    return "\n".join(lines) + "\n"


def render_balances(fund: str, lines: Iterable[tuple[str, str, int, Assertion]]) -> str:
    """Return the file of balance assertions.

    Each line is (day, account, fen, assertion), where the fen are what the books must hold at the
    day's end, which is beancount's next morning.  Where that is not what the statement says, its
    balance stands beside it: a signed reconciliation explains it, or a year end emptied it.
    """
    written = [f"; {fund}: balances as statements say them, written from the journal", ""]
    for day, account, amount_fen, said in lines:
        morning = date.fromisoformat(day) + timedelta(days=1)
        commodity = "CNYB" if account.startswith(BUDGET_ROOT) else "CNY"
        written.append(
            f"{morning.isoformat()} balance {account} {format_fen(amount_fen)} ~ 0 {commodity}"
        )
        written.append(f'  record: "{said.sequence}"')
        written.append(f'  actor: "{said.actor}"')
        if said.amount_fen != amount_fen:
            written.append(f'  statement: "{format_fen(said.amount_fen)}"')
        written.append("")
    return "\n".join(written)
