"""Any voucher that a journal may hold, for tests that read books back."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from hypothesis import strategies as st
from msgspec import structs

from fundledger.ledger.books import Books
from fundledger.ledger.chart import FIXED_NAMES
from fundledger.ledger.events import EVENTS
from fundledger.ledger.faces import main_files, month_texts
from fundledger.ledger.record import Record
from fundledger.ledger.tables import MemoryTables
from fundledger.ledger.voucher import Posting, Voucher
from support.offices import charter_values

MONEY = (
    *FIXED_NAMES,
    "Income:Appropriation:District",
    "Income:Appropriation:Street",
    "Expenses:CASC:Dibao",
    "Expenses:CASC:MajorIllness",
    "Assets:DueFrom:Fund:Union",
    "Liabilities:DueTo:Fund:Union",
)
MEMO = tuple(
    f"Equity:Budget:{year}:{kind}:CASC:{category}"
    for year in (2025, 2026)
    for kind in ("Approved", "Unallotted", "Available", "Encumbered", "Expended")
    for category in ("Dibao", "MajorIllness")
)
AMOUNTS_FEN = st.integers(1 - 10**15, 10**15 - 1).filter(bool)
_LETTERS = "低保金拨款到账，“冲销”：（）《》;~*#^!&?%{}@\\\"' abcZ019.-+/|¥é…　\u00a0"


def _clean(text: str) -> str:
    text = "".join(letter for letter in unicodedata.normalize("NFC", text) if letter.isprintable())
    return text if text.strip() else "记"


TEXTS = st.text(_LETTERS, min_size=1, max_size=24).map(_clean)
LINKS = ((), ("A",), ("HZ-17", "b/2.c_d"))
DIGESTS = ((), ("0f" * 32,), ("ab" * 32, "cd" * 32))


DAYS = (date(2026, 12, 31) - date(2025, 1, 1)).days
_SEEDS = st.binary(min_size=4, max_size=8)


@st.composite
def _any(draw: st.DrawFn) -> Voucher:
    """Draw one large number and take it apart, for ten thousand of these are wanted."""
    rest = int.from_bytes(sha256(draw(_SEEDS)).digest())

    def chosen(count: int) -> int:
        nonlocal rest
        rest, choice = divmod(rest, count)
        return choice

    def reference() -> str | None:
        return f"2025-{chosen(12) + 1:02d}-{chosen(9999) + 1:04d}" if chosen(3) else None

    lines: list[Posting] = []
    for accounts in ((MONEY,), (MEMO,), (MONEY, MEMO))[chosen(3)]:
        signed_fen, red = draw(AMOUNTS_FEN), chosen(2) == 1
        lines.append(Posting(accounts[chosen(len(accounts))], signed_fen, red))
        lines.append(Posting(accounts[chosen(len(accounts))], -signed_fen, red))
    return Voucher(
        number=0,
        date=date(2025, 1, 1) + timedelta(days=chosen(DAYS + 1)),
        narration=draw(TEXTS),
        event=sorted(EVENTS)[chosen(len(EVENTS))],
        maker=("S03", "S1234")[chosen(2)],
        reviewer="S01",
        attachments=chosen(1000),
        postings=tuple(lines),
        poster=(None, "S02")[chosen(2)],
        cashier=(None, "S04")[chosen(2)],
        approval=(None, draw(TEXTS))[chosen(2)],
        documents=DIGESTS[chosen(3)],
        links=LINKS[chosen(3)],
        reverses=reference(),
        corrects=reference(),
        closing=chosen(2) == 1,
    )


vouchers = _any()


def numbered_on(many: Iterable[Voucher]) -> list[Voucher]:
    """Return vouchers with numbers that run on in each month."""
    numbers: dict[str, int] = {}
    numbered = []
    for voucher in many:
        numbers[voucher.month] = numbers.get(voucher.month, 0) + 1
        numbered.append(structs.replace(voucher, number=numbers[voucher.month]))
    return numbered


def folded(many: Iterable[Voucher], said: Iterable[tuple[str, date, int]] = ()) -> Books:
    """Return the state after a charter, these vouchers, and assertions by account and day."""
    books = Books("dibao", MemoryTables())

    def apply(record: Record) -> None:
        books.apply(record, "2027-06", 0)

    at = "2027-06-30T10:00:00+08:00"
    apply(Record(1, at, "S02", "charter", "", "", {"charter": charter_values()}))
    apply(Record(2, at, "S02", "voucher", "", "", {}, tuple(many)))
    for sequence, (account, day, amount_fen) in enumerate(said, 3):
        body = {"account": account, "date": day.isoformat(), "amount_fen": amount_fen}
        apply(Record(sequence, at, "S05", "assertion", "", "", body))
    return books


def written(root: Path, books: Books, many: Iterable[Voucher]) -> None:
    """Write the books of these vouchers into a directory."""
    texts = {name: text.encode() for name, text in month_texts("dibao", many).items()}
    for name, content in {**texts, **main_files(books)}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
