"""Identity numbers: what is an error, what a warning, and what a slip of the pen may have been."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.people import Document, Identity, Pseudonyms, read_identity, repairs
from support.people import number_of, numbers

TODAY = date(2026, 3, 5)
# 11010519491231002X is the example of GB 11643-1999 itself.
STANDARD = "11010519491231002X"


def codes(text: str, kind: Document | None = None) -> list[str]:
    return [finding.code for finding in read_identity(text, TODAY, kind=kind).findings]


def test_the_example_of_the_standard_holds() -> None:
    identity = read_identity(STANDARD, TODAY).identity

    assert identity == Identity(Document.RESIDENT, STANDARD)
    assert (identity.born, identity.male) == (date(1949, 12, 31), False)


@given(numbers(("310112", "310221", "110101")), st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_digit_mistyped_is_always_noticed(number: str, place: int, digit: str) -> None:
    wrong = number[:place] + digit + number[place + 1 :]

    assert (read_identity(wrong, TODAY).identity is None) is (wrong != number)


@given(numbers(), st.integers(0, 15))
def test_two_neighbours_swapped_are_always_noticed(number: str, place: int) -> None:
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert (read_identity(wrong, TODAY).identity is None) is (wrong != number)


@given(numbers())
def test_whatever_stands_between_the_digits_is_the_same_number(number: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    written = (f" {number[:6]} {number[6:14]}-{number[14:]}", f"'{number.lower()}", wide)

    for text in written:
        assert read_identity(text, TODAY).identity == read_identity(number, TODAY).identity


def test_elderly_residents_of_this_district_are_known() -> None:
    """A division that came later, and one that is gone, say nothing of when one was born."""
    for division in ("310112", "310221"):
        assert codes(number_of(division, date(1950, 2, 1), 7)) == []


@pytest.mark.parametrize("prefix", ["810000", "820000", "830000"])
def test_residence_permits_follow_the_same_rule(prefix: str) -> None:
    read = read_identity(number_of(prefix, date(1980, 5, 6), 12), TODAY)

    assert read.findings == ()
    assert read.identity is not None
    assert read.identity.kind is Document.PERMIT


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "FL701"),
        ("3101121950020100", "FL701"),
        (STANDARD + "0", "FL701"),
        ("1101051949123100AX", "FL702"),
        ("X1010519491231002X", "FL702"),
        ("11010519491231002Y", "FL702"),
        ("110105194912310Ⅹ2X", "FL702"),
        ("110105190002290021", "FL703"),
        ("110105194913310021", "FL703"),
        (number_of("110105", date(2026, 3, 6), 2), "FL703"),
        (number_of("110105", date(1889, 12, 31), 2), "FL703"),
        ("110105194912310021", "FL704"),
    ],
)
def test_what_is_wrong_has_a_code_and_is_no_identity(text: str, code: str) -> None:
    read = read_identity(text, TODAY, subject="名单.xlsx [2] D3")

    assert [finding.code for finding in read.findings] == [code]
    assert read.identity is None
    assert "名单.xlsx [2] D3" in read.findings[0].sentence()


def test_a_birth_of_today_and_on_a_leap_day_is_real() -> None:
    for born in (TODAY, date(2024, 2, 29)):
        assert codes(number_of("310112", born, 1)) == []


def test_an_unknown_division_is_told_and_let_be() -> None:
    number = number_of("999999", date(1950, 2, 1), 7)

    assert codes(number) == ["FL705"]
    assert read_identity(number, TODAY).identity == Identity(Document.RESIDENT, number)


@given(numbers(("310112", "310221")))
def test_the_old_fifteen_digits_are_the_same_person(number: str) -> None:
    old = number[:6] + number[8:17]
    read = read_identity(old, TODAY)

    assert [finding.code for finding in read.findings] == ["FL706"]
    assert (read.identity == Identity(Document.RESIDENT, number)) is (number[6:8] == "19")


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        (Document.PASSPORT, "e 1234-5678", "E12345678"),
        (Document.OFFICER, "南字第1234567号", "南字第1234567号"),
    ],
)
def test_other_documents_are_taken_as_they_stand(kind: Document, text: str, number: str) -> None:
    assert read_identity(text, TODAY, kind=kind) == (Identity(kind, number), ())


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (Document.PASSPORT, "E1", "FL701"),
        (Document.PASSPORT, "护照12345", "FL702"),
        (Document.OFFICER, "无号码证件", "FL702"),
    ],
)
def test_and_not_if_they_can_be_none(kind: Document, text: str, code: str) -> None:
    assert codes(text, kind) == [code]


@given(numbers(("310112",)), st.data())
def test_a_slip_leads_back_to_the_person_who_is_known(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, 16))
    slip = data.draw(st.sampled_from(("digit", "swap", "drop", "double")))
    wrong = {
        "digit": number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :],
        "swap": number[:place] + number[place + 1] + number[place] + number[place + 2 :],
        "drop": number[:place] + number[place + 1 :],
        "double": number[: place + 1] + number[place:],
    }[slip]
    right = read_identity(number, TODAY).identity

    found = repairs(wrong, TODAY, lambda identity: identity == right)

    assert found == (() if wrong == number else (right,))


def test_nobody_is_suggested_whom_nobody_knows() -> None:
    assert repairs("110105194912310021", TODAY, lambda _: False) == ()


@given(numbers())
def test_no_finding_and_no_print_shows_a_number(number: str) -> None:
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    read = read_identity(wrong, TODAY)
    said = [finding.sentence(language) for finding in read.findings for language in ("zh", "en")]

    for text in (*said, repr(read_identity(number, TODAY)), str(read_identity(number, TODAY))):
        assert number[6:14] not in text


@given(numbers(), numbers())
def test_a_pseudonym_is_of_one_person_and_one_key(one: str, other: str) -> None:
    first, second = Pseudonyms(b"k" * 32), Pseudonyms(b"l" * 32)
    identities = [Identity(Document.RESIDENT, number) for number in (one, other)]
    names = [first.person(identity) for identity in identities]

    assert (names[0] == names[1]) is (one == other)
    assert names[0] != second.person(identities[0])
    assert one[6:14] not in names[0]


def test_a_person_a_household_and_an_account_never_share_a_pseudonym() -> None:
    made = Pseudonyms(bytes(32))
    identity = Identity(Document.PASSPORT, "E12345678")
    names = {
        made.person(identity),
        made.person(Identity(Document.OFFICER, "E12345678")),
        made.household("E12345678"),
        made.account("E12345678"),
    }

    assert len({name[2:] for name in names}) == 4
    with pytest.raises(ValueError, match="32 bytes"):
        Pseudonyms(b"short")


def test_pseudonyms_stay_the_same_for_ever() -> None:
    """What stands in a journal is found again by every later version."""
    made = Pseudonyms(bytes(range(32)))

    assert made.person(Identity(Document.RESIDENT, STANDARD)) == "P-YWMA6GEPTTLC"
    assert made.household("310112-0001") == "H-GNNHKSBTHWIJ"
    assert made.account("6222021234567890128") == "A-Q7X4RYSQSW5X"
