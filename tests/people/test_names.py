"""Names, masks and accounts: written in many ways, compared as one, shown in part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.people import (
    fits_masked,
    mask_account,
    mask_name,
    mask_number,
    mask_phone,
    plain_name,
    read_account,
    same_name,
)
from support.people import card_of

SIGNS = st.text(st.sampled_from("甲乙丙丁戊欧阳\u4dae\U00020bb7·"), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("甲 乙丙", "甲乙丙"),
        ("甲\u3000乙\u00a0丙\u200b", "甲乙丙"),
        ("阿甲\u2022买乙", "阿甲·买乙"),
        ("阿甲．买乙", "阿甲·买乙"),
        ("阿甲・买乙", "阿甲\u2027买乙"),
        ("甲\ue863", "甲\u4dae"),
        ("甲\ue854", "甲\u9fba"),
        ("ＪＩＡ Yi", "jiayi"),
        ("甲\uf900", "甲\u8c48"),
        ("阿甲\ua78f买乙", "阿甲\u318d买乙"),
        ("阿甲。买乙", "阿甲\u2218买乙"),
        ("甲\ufe00乙", "甲乙\u202c"),
    ],
)
def test_two_ways_to_write_one_name(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("甲乙", "甲丙"), ("甲乙", "乙甲"), ("", ""), (" ", "")]
)
def test_other_names_are_others(one: str, other: str) -> None:
    assert not same_name(one, other)


@given(SIGNS)
def test_a_plain_name_is_plain(name: str) -> None:
    assert plain_name(plain_name(name)) == plain_name(name)


@pytest.mark.parametrize("sign", ["\u3863", "\u4dae", "\U0002c471", "\U00020bb7"])
def test_rare_signs_are_kept(sign: str) -> None:
    assert plain_name(f"甲{sign}") == f"甲{sign}"
    assert f"甲{sign}".encode("gb18030").decode("gb18030") == f"甲{sign}"


@pytest.mark.parametrize(
    ("name", "masked", "surname"),
    [
        ("甲乙", "甲*", "甲*"),
        ("甲小乙", "甲*乙", "甲**"),
        ("欧阳小乙", "欧**乙", "欧阳**"),
        ("欧阳", "欧*", "欧*"),
        ("阿甲乙·买丙丁", "阿*****丁", "阿******"),
        ("甲", "*", "*"),
        ("Li", "l*", "l*"),
        ("甲\ufa0e", "甲*", "甲*"),
        ("", "*", "*"),
    ],
)
def test_masks_of_names(name: str, masked: str, surname: str) -> None:
    assert mask_name(name) == masked
    assert mask_name(name, surname_only=True) == surname


@given(st.text(st.sampled_from("甲乙丙丁"), min_size=2, max_size=8))
def test_a_mask_hides_something_and_fits_its_name(name: str) -> None:
    masked = mask_name(name)

    assert masked != name
    assert fits_masked(name, masked)
    assert len(masked) == len(name)


@pytest.mark.parametrize(
    ("name", "masked", "fits"),
    [
        ("甲小乙", "甲*乙", True),
        ("甲小乙", "**乙", True),
        ("甲小乙", "甲**", True),
        ("甲小乙", "甲***乙", True),
        ("甲小乙", "甲*", False),
        ("甲小乙", "***", False),
        ("甲小乙", "甲小乙", False),
        ("甲小乙", "乙*甲", False),
        ("甲乙", "甲*乙", False),
    ],
)
def test_what_a_bank_masks(name: str, masked: str, fits: bool) -> None:  # noqa: FBT001 - a row
    assert fits_masked(name, masked) is fits


def test_masks_of_numbers() -> None:
    assert mask_number("110105194912310021") == "110***********0021"
    assert mask_number("110105194912310021", strict=True) == "110105************"
    assert mask_number("E12345678") == "E********"
    assert mask_account("6217001234567895220") == "6217***********5220"
    assert mask_account("12345678") == "******78"
    assert mask_account("1234") == "****"
    assert mask_account("1234567890") == "********90"
    assert mask_number("E123456789") == "E*********"
    assert mask_phone("13800001234") == "138****1234"
    assert mask_phone("02112345678") == "021****5678"
    assert mask_phone("12345678") == "******78"
    assert mask_phone("") == "****"


@given(st.text(st.sampled_from("0123456789"), min_size=15, max_size=18))
def test_a_card_that_holds_is_read_without_a_word(body: str) -> None:
    card = card_of(body)

    assert read_account(f" {card[:4]} {card[4:]}") == (card, ())
    wrong = card[:-1] + str((int(card[-1]) + 1) % 10)
    assert [finding.code for finding in read_account(wrong).findings] == ["FL712"]
    assert read_account(wrong).number == wrong


def test_a_passbook_has_no_check_digit() -> None:
    assert read_account("123456789012") == ("123456789012", ())


@pytest.mark.parametrize("text", ["", "1234567", "1" * 33, "6.21E+18", "62220x1234567890", "卡号"])
def test_no_account(text: str) -> None:
    read = read_account(text, subject="名单.xlsx [2] E3")

    assert read.number is None
    assert [finding.code for finding in read.findings] == ["FL711"]
