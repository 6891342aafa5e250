"""Money: read strictly, written exactly, and spelled in capitals as banks do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.errors import InvalidAmount
from fundledger.money import LIMIT_FEN, capitals, display_fen, format_fen, parse_fen

ALL_FEN = st.integers(-LIMIT_FEN, LIMIT_FEN)

ACCEPTED = (
    ("0", 0),
    ("0.0", 0),
    ("0.00", 0),
    ("0.01", 1),
    ("0.1", 10),
    ("1", 100),
    ("-0.01", -1),
    ("-5", -500),
    ("1234.5", 123_450),
    ("1234.56", 123_456),
    ("9999999999999.99", LIMIT_FEN),
    ("-9999999999999.99", -LIMIT_FEN),
)

REFUSED = (
    # Not only digits.
    "", " ", "abc", "-", ".", "5 ", " 5", "5\n", "\t5", "1_000", "0x10", "1/3", "(500.00)", "5\x00",
    # Signs and leading zeros.
    "+5", "--5", "5-", "-0", "-0.0", "-0.00", "00", "007", "-01", "−5",
    # Points and decimals.
    "5.", ".5", "1.234", "1.000", "1..2", "1.2.3", "1.-2",
    # Separators, as they are written here and elsewhere.
    "1,234.00", "1,,000", "1,2,3", "1.000,00", "1 234.00", "1，234.00", "1'234.00", "12,34",
    # Exponents and what floats know.
    "1e5", "1E-2", "NaN", "nan", "Infinity", "-inf", "1e400",
    # Digits of other scripts.
    "１００", "١٠٠", "१००", "²", "Ⅷ", "100．00",
    # Words, units and signs of currency: 万元 would be ten thousand times as much.
    "壹佰元整", "一百", "100元", "5万元", "5万", "¥100", "￥100", "$5", "100 CNY", "RMB100",
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected_fen"), ACCEPTED)
def test_plain_yuan_are_read_to_the_fen(text: str, expected_fen: int) -> None:
    assert parse_fen(text) == expected_fen


@pytest.mark.parametrize("text", ["10000000000000", "-99999999999999.00", "1" * 40])
def test_an_amount_too_large_is_said_to_be_that(text: str) -> None:
    with pytest.raises(InvalidAmount) as caught:
        parse_fen(text, what="金额")

    assert caught.value.codes == ("FL902",)


@pytest.mark.parametrize("text", REFUSED)
def test_any_other_spelling_is_refused_and_named(text: str) -> None:
    with pytest.raises(InvalidAmount) as caught:
        parse_fen(text, what="金额")

    (finding,) = caught.value.findings
    assert (finding.code, finding.subject) == ("FL901", "金额")


@pytest.mark.parametrize("value", [5, 5.0, None, True, b"5", ["5"]])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(InvalidAmount) as caught:
        parse_fen(value)  # type: ignore[arg-type]

    assert caught.value.codes == ("FL901",)


def test_a_refused_text_is_shown_short_and_without_what_cannot_be_seen() -> None:
    with pytest.raises(InvalidAmount) as caught:
        parse_fen("1\u202e" + "2" * 100)

    assert caught.value.findings[0].details["text"] == "1\ufffd" + "2" * 35 + "..."


@given(ALL_FEN)
def test_what_is_written_reads_back_the_same(amount_fen: int) -> None:
    assert parse_fen(format_fen(amount_fen)) == amount_fen
    assert parse_fen(display_fen(amount_fen).replace(",", "")) == amount_fen


@given(st.text())
def test_a_text_that_is_read_has_one_spelling_but_for_zeros_at_its_end(text: str) -> None:
    try:
        amount_fen = parse_fen(text)
    except InvalidAmount:
        return

    assert text in {
        format_fen(amount_fen),
        format_fen(amount_fen).removesuffix("0"),
        format_fen(amount_fen).removesuffix("00").removesuffix("."),
    }


@pytest.mark.parametrize(
    ("amount_fen", "plain", "shown"),
    [
        (0, "0.00", "0.00"),
        (5, "0.05", "0.05"),
        (-5, "-0.05", "-0.05"),
        (123_456_789, "1234567.89", "1,234,567.89"),
        (-100_000, "-1000.00", "-1,000.00"),
    ],
)
def test_machines_read_plain_yuan_and_people_groups_of_three(
    amount_fen: int, plain: str, shown: str
) -> None:
    assert (format_fen(amount_fen), display_fen(amount_fen)) == (plain, shown)


CAPITALS = (
    ("0", "零元整"),
    ("0.01", "壹分"),
    ("0.10", "壹角整"),
    ("0.15", "壹角伍分"),
    ("1", "壹元整"),
    ("1.05", "壹元零伍分"),
    ("1.50", "壹元伍角整"),
    ("10", "壹拾元整"),
    ("10.50", "壹拾元零伍角整"),
    ("10.05", "壹拾元零伍分"),
    ("16", "壹拾陆元整"),
    ("100", "壹佰元整"),
    ("101", "壹佰零壹元整"),
    ("110", "壹佰壹拾元整"),
    ("325.04", "叁佰贰拾伍元零肆分"),
    ("1000", "壹仟元整"),
    ("1001", "壹仟零壹元整"),
    ("1010", "壹仟零壹拾元整"),
    ("1100", "壹仟壹佰元整"),
    ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("10000", "壹万元整"),
    ("10001", "壹万零壹元整"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("107000.53", "壹拾万零柒仟元零伍角叁分"),
    ("100000", "壹拾万元整"),
    ("1000000", "壹佰万元整"),
    ("1000001", "壹佰万零壹元整"),
    ("10000000", "壹仟万元整"),
    ("10200030", "壹仟零贰拾万零叁拾元整"),
    ("100000000", "壹亿元整"),
    ("100000001", "壹亿零壹元整"),
    ("100010000", "壹亿零壹万元整"),
    ("120000000", "壹亿贰仟万元整"),
    ("100100000", "壹亿零壹拾万元整"),
    ("1000000000", "壹拾亿元整"),
    ("100000000000", "壹仟亿元整"),
    ("1000000000000", "壹万亿元整"),
    ("1000000000001", "壹万亿零壹元整"),
    ("1000000010000", "壹万亿零壹万元整"),
    ("1000100000000", "壹万零壹亿元整"),
    ("1200000000000", "壹万贰仟亿元整"),
    ("1000100010001.01", "壹万零壹亿零壹万零壹元零壹分"),
    ("9999999999999.99", "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ("-1.50", "负壹元伍角整"),
)


@pytest.mark.parametrize(("text", "expected"), CAPITALS)
def test_capitals_are_those_of_article_52(text: str, expected: str) -> None:
    assert capitals(parse_fen(text)) == expected


@pytest.mark.parametrize("amount_fen", [LIMIT_FEN + 1, -LIMIT_FEN - 1])
def test_an_amount_beyond_any_book_has_no_capitals(amount_fen: int) -> None:
    with pytest.raises(InvalidAmount) as caught:
        capitals(amount_fen)

    assert caught.value.codes == ("FL902",)


def below_ten_thousand(words: str) -> int:
    """Return the number that capitals below 万 say, read from left to right."""
    total = digit = 0
    for letter in words:
        if letter in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(letter)
        else:
            total += digit * {"拾": 10, "佰": 100, "仟": 1000}[letter]
            digit = 0
    return total + digit


def number(words: str) -> int:
    """Return the number that capitals say: what stands before 亿, then before 万, then the rest."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        before, found, after = words.rpartition(unit)
        if found:
            return number(before) * size + number(after)
    return below_ten_thousand(words)


def read_back(words: str) -> int:
    """Return the fen that capitals say, as a cashier would read them."""
    sign = -1 if words.startswith("负") else 1
    words = words.removeprefix("负").removesuffix("整")
    yuan, _, cents = words.rpartition("元")
    jiao, _, fen = cents.rpartition("角")
    fen = fen.removesuffix("分")
    tenths, hundredths = number(jiao.removeprefix("零")), number(fen.removeprefix("零"))
    return sign * (number(yuan) * 100 + tenths * 10 + hundredths)


ROUND_FEN = st.builds(
    lambda digits, zeros: digits * 10**zeros, st.integers(1, 999), st.integers(0, 12)
)


@given(ALL_FEN | ROUND_FEN | st.integers(0, 20_000_00))
def test_capitals_read_back_give_the_same_fen(amount_fen: int) -> None:
    words = capitals(amount_fen)

    assert read_back(words) == amount_fen
    assert "零零" not in words
    assert words.endswith("整") is (amount_fen % 10 == 0)
    assert not words.removeprefix("负").startswith("零") or amount_fen == 0
