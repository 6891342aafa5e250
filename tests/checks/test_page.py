"""The page on the checks is what the catalogue says now."""

from __future__ import annotations

from pathlib import Path

from fundledger.checks.page import CASES, PAGE, POSTINGS, page, postings
from fundledger.texts import codes

ROOT = Path(__file__).parents[2]


def test_the_page_that_is_committed_is_current() -> None:
    """Write it again with `make docs`."""
    assert (ROOT / PAGE).read_text(encoding="utf-8") == page(ROOT / CASES)


def test_the_page_on_postings_that_is_committed_is_current() -> None:
    """Write it again with `make docs`."""
    assert (ROOT / POSTINGS).read_text(encoding="utf-8") == postings()


def test_every_code_has_its_place_on_the_page_once() -> None:
    text = page(ROOT / CASES)

    assert [line[4:9] for line in text.splitlines() if line.startswith("### ")] == list(codes())


def test_an_example_shows_what_goes_wrong_and_not_what_goes_right() -> None:
    text = page(ROOT / CASES)
    entry = text[text.index("### FL308 ") : text.index("### FL309 ")]

    assert entry == (
        "### FL308 借贷不平 · debits and credits differ\n\n"
        "error, refuses. Source: 会计基础工作规范 art. 51 (借贷平衡).\n"
        "Debits equal credits to the fen, in CNY and in the memo commodity of the budget.\n\n"
        "- 凭证 {voucher} 的 {commodity} 分录借贷相差 {amount} 元。<br>"
        "核对每一行的金额和方向，借方合计须等于贷方合计，一分不差。\n"
        "- The {commodity} entries of the voucher {voucher} are {amount} yuan apart.<br>"
        "Check amount and side of each line; debits equal credits to the fen.\n\n"
        "A fen is missing on the credit side.\n\n"
        "```toml\n"
        "[[wrong]]\n"
        'voucher = "allocation"\n'
        'lines = """\n'
        "debit  Assets:Bank:Dedicated         100.00\n"
        "credit Income:Appropriation:District 99.99\n"
        '"""\n'
        "```\n\n"
    )
