"""The books as text: every byte of them follows from the journal, and it is this one."""

from __future__ import annotations

from datetime import date

import pytest

from fundledger.ledger.asserted import Assertion, mornings
from fundledger.ledger.chart import Chart
from fundledger.ledger.text import (
    month_file,
    month_header,
    quoted,
    render_balances,
    render_book,
    render_voucher,
)
from fundledger.ledger.voucher import Posting, Voucher, credit, debit
from support.offices import charter

PLAIN = Voucher(
    number=7,
    date=date(2026, 3, 5),
    narration="3月拨款到账",
    event="allocation",
    maker="S03",
    reviewer="S01",
    attachments=2,
    postings=(
        debit("Assets:Bank:Dedicated", 120_000_00),
        credit("Income:Appropriation:District", 120_000_00),
    ),
)
FULL = Voucher(
    number=12345,
    date=date(2026, 12, 31),
    narration='注销“7号” "quoted" \\ end',
    event="reversal",
    maker="S03",
    reviewer="S01",
    attachments=0,
    postings=(
        Posting("Expenses:CASC:Dibao", -5, red=True),
        Posting("Assets:Bank:Dedicated", 5, red=True),
        Posting("Equity:Budget:2026:Expended:CASC:Dibao", -999_999_999_999_999, red=True),
        Posting("Equity:Budget:2026:Available:CASC:Dibao", 999_999_999_999_999),
    ),
    poster="S02",
    cashier="S04",
    approval='古办〔2026〕3号 "急"',
    documents=("ab" * 32, "cd" * 32),
    links=("HZ-17", "b/2"),
    reverses="2026-03-0007",
    corrects="2025-03-0007",
    closing=True,
)


def test_a_voucher_is_a_transaction_that_people_can_read() -> None:
    assert render_voucher(PLAIN) == (
        '2026-03-05 * "3月拨款到账" ^2026-03-0007\n'
        '  event: "allocation"\n'
        '  maker: "S03"\n'
        '  reviewer: "S01"\n'
        '  attachments: "2"\n'
        "  Assets:Bank:Dedicated                                               120000.00 CNY\n"
        "  Income:Appropriation:District                                      -120000.00 CNY\n"
        "\n"
    )


def test_whatever_a_voucher_holds_stands_in_its_text_once() -> None:
    width = 60
    assert render_voucher(FULL).splitlines() == [
        '2026-12-31 * "注销“7号” \\"quoted\\" \\\\ end" ^2026-12-12345',
        '  event: "reversal"',
        '  maker: "S03"',
        '  reviewer: "S01"',
        '  attachments: "0"',
        '  poster: "S02"',
        '  cashier: "S04"',
        '  approval: "古办〔2026〕3号 \\"急\\""',
        f'  documents: "{"ab" * 32} {"cd" * 32}"',
        '  links: "HZ-17 b/2"',
        '  reverses: "2026-03-0007"',
        '  corrects: "2025-03-0007"',
        "  closing: TRUE",
        f"  {'Expenses:CASC:Dibao':<{width}}            -0.05 CNY",
        "    red: TRUE",
        f"  {'Assets:Bank:Dedicated':<{width}}             0.05 CNY",
        "    red: TRUE",
        f"  {'Equity:Budget:2026:Expended:CASC:Dibao':<{width}} -9999999999999.99 CNYB",
        "    red: TRUE",
        f"  {'Equity:Budget:2026:Available:CASC:Dibao':<{width}} 9999999999999.99 CNYB",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("低保", '"低保"'),
        ('say "so"', r'"say \"so\""'),
        ("a\\", r'"a\\"'),
        ('\\"', r'"\\\""'),
        ("\\n", r'"\\n"'),
    ],
)
def test_quotes_and_backslashes_end_no_string(text: str, expected: str) -> None:
    assert quoted(text) == expected


def test_the_main_file_opens_accounts_by_name_and_includes_each_month() -> None:
    chart = Chart(charter(), "")
    accounts = ["Equity:Budget:2026:Available:CASC:Dibao", "Assets:Bank:Dedicated"]

    assert render_book(chart, accounts, ["2026-03", "2025-12"]) == (
        'option "title" "低保资金 Minimum living allowance (dibao)"\n'
        'option "operating_currency" "CNY"\n'
        'option "tolerance_multiplier" "0"\n'
        'option "display_precision" "CNY:0.01"\n'
        'option "display_precision" "CNYB:0.01"\n'
        'option "use_precise_interpolation" "TRUE"\n'
        'option "booking_method" "STRICT"\n'
        "\n"
        "2025-01-01 open Assets:Bank:Dedicated CNY\n"
        '  name-zh: "专户存款"\n'
        '  name-en: "dedicated bank account"\n'
        '  code: "1002"\n'
        "2025-01-01 open Equity:Budget:2026:Available:CASC:Dibao CNYB\n"
        '  name-zh: "2026年可用指标-低保"\n'
        '  name-en: "2026 available, Dibao"\n'
        "\n"
        'include "2025/12.beancount"\n'
        'include "2026/03.beancount"\n'
        'include "balances.beancount"\n'
    )


def test_an_assertion_of_a_days_end_stands_on_the_next_morning_and_the_last_one_counts() -> None:
    said = [
        Assertion(4, "Assets:Bank:Dedicated", "2026-12-31", 100_00, "S05"),
        Assertion(9, "Assets:Bank:Dedicated", "2026-12-31", 100_01, "S01"),
        Assertion(10, "Assets:Bank:Dedicated", "2026-12-31", 100_02, "S01", None, 11),
        Assertion(3, "Equity:Budget:2026:Available:CASC:Dibao", "2026-02-28", -1, "S05"),
    ]

    assert render_balances("dibao", mornings(said, {})) == (
        "; dibao: balances as statements say them, written from the journal\n"
        "\n"
        "2026-03-01 balance Equity:Budget:2026:Available:CASC:Dibao -0.01 ~ 0 CNYB\n"
        '  record: "3"\n'
        '  actor: "S05"\n'
        "\n"
        "2027-01-01 balance Assets:Bank:Dedicated 100.01 ~ 0 CNY\n"
        '  record: "9"\n'
        '  actor: "S01"\n'
    )


def test_where_the_books_must_hold_another_figure_the_statements_stands_beside_it() -> None:
    said = [
        Assertion(4, "Assets:Bank:Dedicated", "2026-12-31", 100_00, "S05", 107_00),
        Assertion(5, "Income:Donation", "2026-12-31", -50_00, "S05"),
    ]

    text = render_balances("dibao", mornings(said, {"Income:Donation@2026-12-31": 50_00}))

    assert text.splitlines()[2:] == [
        "2027-01-01 balance Assets:Bank:Dedicated 107.00 ~ 0 CNY",
        '  record: "4"',
        '  actor: "S05"',
        '  statement: "100.00"',
        "",
        "2027-01-01 balance Income:Donation 0.00 ~ 0 CNY",
        '  record: "5"',
        '  actor: "S05"',
        '  statement: "-50.00"',
    ]


def test_a_month_has_a_file_and_a_header_that_says_what_it_is() -> None:
    assert month_file("2026-03") == "2026/03.beancount"
    assert month_header("dibao", "2026-03") == (
        "; dibao 2026-03: written from the journal, not to be edited\n\n"
    )
