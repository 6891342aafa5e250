"""A book that somebody else wrote: nothing in it runs, hides or passes; it is refused by line."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger import drafts
from fundledger.ledger.apart import LIMITS, Limits, apart
from fundledger.ledger.beans import compare, read_vouchers
from fundledger.ledger.books import Books
from fundledger.ledger.screen import FINDINGS_LIMIT
from support.offices import draft, fund_at

BOOK, MONTH, BALANCES = "book.beancount", "2026/03.beancount", "balances.beancount"
DAY = "2026-03-05"
NOT_OPEN = "Invalid reference to unknown account 'Income:Donation'"


@pytest.fixture
def book(tmp_path: Path) -> tuple[Path, Books]:
    """Return a fund's directory with a voucher and an assertion in its books, and its state."""
    fund = fund_at(tmp_path)
    fund.record(draft(drafts.allocation("District", 100_00)))
    fund.assert_balance("Assets:Bank:Dedicated", date(2026, 3, 31), 100_00, actor="S05")
    books = fund.books()
    fund.close_files()
    return tmp_path / "dibao", books


def reasons(findings: list[Finding]) -> list[tuple[str, str, object]]:
    return [(f.code, f.subject, f.details.get("reason", f.details.get("line"))) for f in findings]


LINES = (
    # Code that would run, and files that would be read.
    (BOOK, 'plugin "pwn"', "FL610", "plugin"),
    (BOOK, 'include "/etc/hostname"', "FL610", "include"),
    (BOOK, 'include "../union/book.beancount"', "FL610", "include"),
    (BOOK, 'include "2026/*.beancount"', "FL610", "include"),
    (BOOK, 'include "2026/03.beancount"', "FL610", "include"),
    (BOOK, 'include "2026/13.beancount"', "FL610", "include"),
    (MONTH, 'include "2026/03.beancount"', "FL610", "include"),
    (MONTH, '2026-03-05 document Assets:Cash "/etc/hostname"', "FL610", "directive"),
    # What would make a difference vanish.
    (MONTH, "2026-03-06 pad Assets:Cash Equity:CarriedForward", "FL610", "pad"),
    (BALANCES, "2026-04-02 balance Assets:Bank:Dedicated 90.00 ~ 1000 CNY", "FL610", "tolerance"),
    (BALANCES, "2026-04-02 balance Assets:Bank:Dedicated 100.00 CNY", "FL610", "tolerance"),
    (BALANCES, "2026-04-02 balance Assets:Bank:Dedicated 100 ~ 0 CNY", "FL309", 6),
    (MONTH, "2026-04-02 balance Assets:Bank:Dedicated 100.00 ~ 0 CNY", "FL610", "place"),
    (BOOK, 'option "tolerance_multiplier" "1"', "FL613", "value"),
    (BOOK, 'option "inferred_tolerance_default" "CNY:1000000"', "FL613", "unknown"),
    (BOOK, 'option "insert_pythonpath" "TRUE"', "FL613", "unknown"),
    (BOOK, 'option "booking_method" "STRICT"', "FL613", "twice"),
    (BOOK, 'option "plugin_processing_mode" "raw"', "FL613", "unknown"),
    (MONTH, 'option "tolerance_multiplier" "0"', "FL610", "place"),
    # What beancount would pass over in silence.
    *(
        (BALANCES, f"{mark} 2026-04-02 balance Assets:Cash 1.00 ~ 0 CNY", "FL610", "ignored")
        for mark in ("*", "#", ":", "!", "&", "?", "%")
    ),
    # What would be added to the lines that follow.
    (MONTH, "pushtag #x", "FL610", "stack"),
    (MONTH, "poptag #x", "FL610", "stack"),
    (MONTH, "pushmeta maker: S99", "FL610", "stack"),
    (MONTH, "popmeta maker:", "FL610", "stack"),
    # Directives that no book holds, or not there.
    (MONTH, f'{DAY} custom "budget" Assets:Cash "monthly" 1.00 CNY', "FL610", "directive"),
    (MONTH, f'{DAY} note Assets:Cash "x"', "FL610", "directive"),
    (MONTH, f'{DAY} event "x" "y"', "FL610", "directive"),
    (MONTH, f'{DAY} query "x" "y"', "FL610", "directive"),
    (MONTH, f"{DAY} commodity CNY", "FL610", "directive"),
    (MONTH, f"{DAY} price USD 7.00 CNY", "FL610", "directive"),
    (MONTH, f"{DAY} close Assets:Cash", "FL610", "directive"),
    (MONTH, f"{DAY} open Assets:Cash CNY", "FL610", "place"),
    (BOOK, f"{DAY} open Assets:Cash USD", "FL610", "place"),
    (BOOK, f'{DAY} * "x" ^2026-03-0009', "FL610", "form"),
    (MONTH, f'{DAY} ! "x" ^2026-03-0009', "FL610", "form"),
    (MONTH, f'{DAY} * "a" "b" ^2026-03-0009', "FL610", "form"),
    (MONTH, f'{DAY} * "x" #tag', "FL610", "form"),
    (MONTH, "nonsense", "FL610", "form"),
    # Dates.
    (MONTH, '2026/03/05 * "x" ^2026-03-0009', "FL610", "date"),
    (MONTH, '2026-3-5 * "x" ^2026-03-0009', "FL610", "date"),
    (MONTH, '2026-02-30 * "x" ^2026-02-0009', "FL610", "date"),
    (BALANCES, "2026-02-30 balance Assets:Cash 1.00 ~ 0 CNY", "FL610", "date"),
    # Accounts that look like others.
    (MONTH, "  Assets:B\u0430nk:Dedicated  1.00 CNY", "FL610", "account"),
    (MONTH, "  Assets:银行  1.00 CNY", "FL610", "account"),
    (MONTH, "  Assets:\uff11  1.00 CNY", "FL610", "account"),
    (MONTH, "  assets:Cash  1.00 CNY", "FL610", "account"),
    (BALANCES, "2026-04-02 balance Assets:银行 1.00 ~ 0 CNY", "FL610", "account"),
    (MONTH, "  Assets:Ba\u200bnk  1.00 CNY", "FL611", "characters"),
    (MONTH, "  Assets:Cash\t1.00 CNY", "FL611", "characters"),
    (MONTH, "; \u202eremark", "FL611", "characters"),
    (MONTH, "; NUL \x00", "FL611", "characters"),
    # Amounts.
    *(
        (MONTH, f"  Assets:Cash  {amount} CNY", "FL309", 11)
        for amount in (
            "1/3", "1/0", "1.00+1.00", "(1.00)", "--1.00", "+1.00", "5.", ".50", "100", "100.0",
            "1.000", "1,000.00", "1,,000.00", "007.00", "1e5", "１.00",
        )
    ),
    (MONTH, "  Assets:Cash", "FL309", 11),
    (MONTH, "  Assets:Cash  CNY", "FL309", 11),
    (MONTH, "  ! Assets:Cash  1.00", "FL309", 11),
    (MONTH, "  Assets:Cash  1.00 USD", "FL610", "form"),
    (MONTH, "  Assets:Cash  1.00 CNY {1.00 CNY}", "FL310", 11),
    (MONTH, "  Assets:Cash  1.00 CNY @ 1.00 CNY", "FL310", 11),
    (MONTH, "  Assets:Cash  1.00 CNY @@ 1.00 CNY", "FL310", 11),
    # Metadata.
    (MONTH, "  fund: Assets:Cash", "FL610", "form"),
    (MONTH, '  unknown: "x"', "FL610", "form"),
    (MONTH, '  maker: "x" "y"', "FL610", "form"),
    (MONTH, '  maker: "x\\n"', "FL610", "form"),
    (MONTH, '  maker: "x', "FL610", "form"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "line", "code", "reason"), LINES)
def test_a_line_that_no_book_holds_is_refused_where_it_stands(
    name: str, line: str, code: str, reason: object, book: tuple[Path, Books]
) -> None:
    root, books = book
    with (root / name).open("a", encoding="utf-8") as file:
        file.write(line + "\n")

    assert reasons(compare(root, books)) == [(code, name, reason)]


def recoded(name: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        path.write_bytes(path.read_text(encoding="utf-8").encode(name))

    return spoil


def replaced(old: bytes, new: bytes) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        path.write_bytes(path.read_bytes().replace(old, new))

    return spoil


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def remove_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


def link(path: Path) -> None:
    path.rename(path.with_suffix(".x"))
    path.symlink_to(path.with_suffix(".x"))


def link_outside(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def link_hard(path: Path) -> None:
    path.with_suffix(".x").hardlink_to(path)


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


FILES: tuple[tuple[str, Callable[[Path], None], str, str], ...] = (
    (MONTH, recoded("utf-8-sig"), "FL611", "bom"),
    (MONTH, recoded("gb18030"), "FL611", "encoding"),
    (MONTH, recoded("utf-16"), "FL611", "encoding"),
    (MONTH, replaced(b"\n", b"\r\n"), "FL611", "line-ends"),
    (MONTH, replaced(b"\n", b"\r"), "FL611", "line-ends"),
    (BOOK, cut, "FL610", "include"),
    (BOOK, Path.unlink, "FL612", "missing"),
    (MONTH, Path.unlink, "FL612", "missing"),
    (MONTH, remove_folder, "FL612", "missing"),
    (MONTH, link, "FL612", "special"),
    (MONTH, link_hard, "FL612", "special"),
    (MONTH, pipe, "FL612", "special"),
    (MONTH, folder, "FL612", "special"),
    (BALANCES, link_outside, "FL612", "special"),
)


@pytest.mark.parametrize(("name", "spoil", "code", "reason"), FILES)
def test_a_file_that_is_no_plain_text_of_ours_is_refused(
    name: str, spoil: Callable[[Path], None], code: str, reason: str, book: tuple[Path, Books]
) -> None:
    root, books = book
    spoil(root / name)

    assert reasons(compare(root, books)) == [(code, name, reason)]


def test_a_month_through_a_link_to_another_folder_is_refused(book: tuple[Path, Books]) -> None:
    root, books = book
    (root / "2026").rename(root / "elsewhere")
    (root / "2026").symlink_to(root / "elsewhere")

    assert [finding.code for finding in compare(root, books)] == ["FL612"]


def test_a_file_past_the_limit_is_not_read(book: tuple[Path, Books]) -> None:
    root, books = book

    found = compare(root, books, Limits(file_bytes=10))

    assert reasons(found) == [("FL612", BOOK, "large")]


def test_no_more_findings_are_told_of_a_file_than_anyone_reads(book: tuple[Path, Books]) -> None:
    root, books = book
    (root / MONTH).write_text("nonsense\n" * 10 * FINDINGS_LIMIT, encoding="utf-8")

    assert len(compare(root, books)) == FINDINGS_LIMIT


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "100.00 CNY",
            "900.00 CNY",
            [
                ("Assets:Bank:Dedicated", "balance", "100.00", "900.00"),
                ("Income:Appropriation:District", "balance", "-100.00", "-900.00"),
                ("Assets:Bank:Dedicated 2026-04-01", "assertion", "0.00", "800.00"),
            ],
        ),
        (
            "Income:Appropriation:District",
            "Income:Donation              ",
            [
                ("Income:Appropriation:District", "balance", "-100.00", "0.00"),
                ("Income:Donation", "balance", "0.00", "-100.00"),
                (f"{MONTH}:3", "error", "-", NOT_OPEN),
            ],
        ),
        (
            "-100.00 CNY",
            "-100.01 CNY",
            [
                ("Income:Appropriation:District", "balance", "-100.00", "-100.01"),
                (f"{MONTH}:3", "error", "-", "Transaction does not balance: (-0.01 CNY)"),
            ],
        ),
    ],
)
def test_a_book_that_was_changed_with_care_is_seen_to_differ(
    old: str, new: str, expected: list[tuple[str, ...]], book: tuple[Path, Books]
) -> None:
    root, books = book
    path = root / MONTH
    path.write_text(path.read_text().replace(old, new), encoding="utf-8")
    found = compare(root, books)

    assert [finding.code for finding in found] == ["FL609"] * len(expected)
    assert [
        (f.subject, *(f.details[key] for key in ("reason", "ours", "theirs"))) for f in found
    ] == expected


def test_a_voucher_taken_out_of_a_book_is_missed(book: tuple[Path, Books]) -> None:
    root, books = book
    (root / MONTH).write_text("; nothing\n", encoding="utf-8")
    found = compare(root, books)

    assert [finding.details["reason"] for finding in found] == [
        "transactions", "balance", "balance", "assertion",
    ]  # fmt: skip


def test_a_planted_cache_beside_the_book_is_never_opened(book: tuple[Path, Books]) -> None:
    root, books = book
    os.mkfifo(root / f".{BOOK}.picklecache")  # whoever opened this would wait for ever

    assert compare(root, books) == []


@pytest.mark.parametrize("amount", ["1/0", "0/0"])
def test_what_kills_the_parser_kills_only_the_child(amount: str) -> None:
    text = f'2026-03-05 * "x"\n  Assets:Cash  {amount} CNY\n  Assets:Suspense  1.00 CNY\n'
    with pytest.raises(InputInvalid) as caught:
        apart("vouchers", text, LIMITS, "book")

    assert reasons(list(caught.value.findings)) == [("FL614", "book", "crash")]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(seconds=0.001, seconds_growth=0), "time"),
        (Limits(memory_bytes=1 << 20, memory_growth=0), "failed"),
    ],
)
def test_what_takes_too_much_is_broken_off(limits: Limits, reason: str) -> None:
    text = '2026-03-05 * "x"\n  Assets:Cash  1.00 CNY\n' * 20_000
    with pytest.raises(InputInvalid) as caught:
        apart("vouchers", text, limits, "book")

    assert reasons(list(caught.value.findings)) == [("FL614", "book", reason)]


MINIMAL = (
    '2026-03-05 * "x" ^2026-03-0001\n'
    '  event: "transfer"\n  maker: "S03"\n  reviewer: "S01"\n  attachments: "1"\n'
    "  Assets:Cash  1.00 CNY\n  Assets:Suspense  -1.00 CNY\n"
)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('  event: "transfer"\n', "", 1, "event: ?"),
        ('attachments: "1"', 'attachments: "one"', 1, "invalid literal"),
        ("^2026-03-0001", "^2026-04-0001", 1, "2026-04-0001"),
        ('  maker: "S03"\n', '  maker: "S03"\n  maker: "S06"\n', 1, "Duplicate metadata"),
        ('2026-03-05 * "x" ^2026-03-0001\n', "", 1, "syntax error"),
    ],
)
def test_a_transaction_that_is_no_voucher_is_not_read_as_one(
    old: str, new: str, line: int, said: str
) -> None:
    assert [voucher.ref for voucher in read_vouchers(MINIMAL)] == ["2026-03-0001"]

    with pytest.raises(InputInvalid) as caught:
        read_vouchers(MINIMAL.replace(old, new))
    first = caught.value.findings[0]

    assert (first.code, first.details["line"]) == ("FL615", line)
    assert said in str(first.details["text"])
