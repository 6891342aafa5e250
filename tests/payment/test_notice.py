"""A public notice names nobody in full, and says nothing of whom it may not name."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from fundledger.charter import FundCharter
from fundledger.errors import Refused
from fundledger.ledger.batches.paylist import PaymentLine
from fundledger.payment.notice import InSum, Named, notice_of, working_days
from fundledger.people import Document, mask_name
from fundledger.people.vault import Account, Person
from fundledger.report.notice import Board, notice_workbook
from support.offices import charter_values
from support.paying import pseudonym
from support.people import card_of, number_of

ON = date(2026, 3, 12)
BOARD = Board("示例街道", "低保资金", ON, date(2026, 3, 20), "021-00000000", 3)
RARE = st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x4DBF), min_size=2, max_size=4)
"""Names of characters that stand in no word of the notice."""


def charter(in_sum: tuple[str, ...] = ("CASC:MajorIllness",), least: int = 3) -> FundCharter:
    values = charter_values()
    values["controls"] |= {"notice_in_sum": list(in_sum), "notice_least_people": least}
    return FundCharter.model_validate(values)


def person(
    serial: int, name: str = "甲小乙", committee: str = "某居委", born: int = 1950
) -> Person:
    number = number_of("310112", date(born, 3, 13), serial)
    accounts = (Account(card_of(f"622202{serial:012d}"), name, "某银行"),)
    phone = f"1380000{serial:04d}"
    return Person(Document.RESIDENT, number, name, accounts, phone, f"H{serial:06d}", committee)


def line(serial: int, category: str = "Dibao", amount_fen: int = 1510_00) -> PaymentLine:
    own = pseudonym("L", serial)
    who, account = pseudonym("P", serial), pseudonym("A", serial)
    return PaymentLine(own, who, "", "CASC", category, "2026-03", amount_fen, account)


def told(
    *people: tuple[Person, str], least: int = 3
) -> tuple[tuple[Named, ...], tuple[InSum, ...]]:
    lines = [line(n, category) for n, (_, category) in enumerate(people)]
    known = {own.person: one for own, (one, _) in zip(lines, people, strict=True)}
    return notice_of(charter(least=least), {"B2026-03-001": lines}, known, ON)


people = st.lists(
    st.tuples(
        RARE,
        st.sampled_from(
            ("某居委", "某居委会3号502室", "某村5号", "{name}", "{phone}", "", "{number}居委")
        ),
        st.sampled_from(("Dibao", "MajorIllness")),
        st.sampled_from((1950, 2008, 2020)),
    ),
    max_size=8,
)


@given(people)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_nothing_of_anybody_stands_in_the_file_whatever_a_unit_wrote(
    drawn: list[tuple[str, str, str, int]],
) -> None:
    everybody = []
    for serial, (name, where, category, born) in enumerate(drawn, 1):
        one = person(serial, name, "", born)
        committee = where.format(name=name, phone=one.phone, number=one.number)
        everybody.append((person(serial, name, committee, born), category))
    lines = [line(n, category) for n, (_, category) in enumerate(everybody)]
    known = {own.person: one for own, (one, _) in zip(lines, everybody, strict=True)}
    data = notice_workbook(notice_of(charter(), {"B2026-03-001": lines}, known, ON), BOARD)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = "\n".join(archive.read(name).decode("utf-8") for name in archive.namelist())
    (secrets) = [
        secret
        for one, _ in everybody
        for secret in (one.name, one.number, one.phone, one.accounts[0].number, one.household)
    ]
    ids = [value for own in lines for value in (own.line, own.person, own.account)]

    assert [secret for secret in (*secrets, *ids, "502", "5号") if secret in text] == []
    shown = [
        one for one, category in everybody if category == "Dibao" and one.number[6:10] == "1950"
    ]
    assert [mask_name(one.name) for one in shown if mask_name(one.name) not in text] == []
    hidden = [one for one, _ in everybody if one not in shown]
    masked = {mask_name(one.name) for one in hidden} - {mask_name(one.name) for one in shown}
    assert [mask for mask in masked if mask in text] == []


def test_who_is_named_stands_by_committee_and_masked_name() -> None:
    named, in_sum = told(
        (person(1, "张三", "乙居委"), "Dibao"),
        (person(2, "欧阳小三", "甲居委会 2号"), "Dibao"),
        (person(3, "王小五", "甲居委会"), "Dibao"),
    )

    assert in_sum == ()
    assert [
        (one.committee, one.name, one.category, one.month, one.amount_fen) for one in named
    ] == [
        ("乙居委", "张*", "低保", "2026-03", 1510_00),
        ("甲居委会", "欧**三", "低保", "2026-03", 1510_00),
        ("甲居委会", "王*五", "低保", "2026-03", 1510_00),
    ]


@pytest.mark.parametrize(
    ("count", "least", "people", "amount_fen"),
    [(3, 3, 3, 4530_00), (2, 3, None, None), (2, 2, 2, 3020_00), (1, 0, 1, 1510_00)],
)
def test_of_fewer_people_than_the_rules_allow_neither_number_nor_sum_is_given(
    count: int, least: int, people: int | None, amount_fen: int | None
) -> None:
    everybody = [(person(serial), "MajorIllness") for serial in range(count)]

    assert told(*everybody, least=least) == (
        (),
        (InSum("大病", "2026-03", minors=False, people=people, amount_fen=amount_fen),),
    )


def test_who_is_under_age_on_the_first_day_is_not_named() -> None:
    """Born on 13 March: of age a day after the notice begins."""
    named, in_sum = told(
        *((person(serial, born=2008), "Dibao") for serial in range(3)),
        (person(4, born=2007), "Dibao"),
    )

    assert len(named) == 1
    assert in_sum == (InSum("低保", "2026-03", minors=True, people=3, amount_fen=4530_00),)


def test_somebody_with_two_lines_is_one_of_the_people() -> None:
    lines = [line(n, "MajorIllness")._replace(person=pseudonym("P", n // 2)) for n in range(4)]
    known = {pseudonym("P", n): person(n) for n in range(2)}

    (one,) = notice_of(charter(), {"B2026-03-001": lines}, known, ON).in_sum
    assert one.people is None


def test_whom_the_vault_does_not_know_is_told_with_the_batch() -> None:
    with pytest.raises(Refused) as refused:
        notice_of(charter(), {"B2026-03-001": [line(1)]}, {}, ON)

    (finding,) = refused.value.findings
    assert (finding.code, finding.details["batch"]) == ("FL790", "B2026-03-001")


@pytest.mark.parametrize(
    ("last", "days"),
    [
        (date(2026, 3, 12), 1),
        (date(2026, 3, 15), 2),
        (date(2026, 3, 20), 7),
        (date(2026, 3, 11), 0),
    ],
)
def test_working_days_are_from_monday_to_friday(last: date, days: int) -> None:
    assert working_days(ON, last) == days


def test_the_sheet_reads_from_the_title_to_the_phone_and_is_the_same_each_time() -> None:
    everybody = [(person(1, "张三", "甲居委"), "Dibao")]
    everybody += [(person(serial), "MajorIllness") for serial in range(2, 5)]
    lines = [line(n, category) for n, (_, category) in enumerate(everybody)]
    known = {own.person: one for own, (one, _) in zip(lines, everybody, strict=True)}
    notice = notice_of(charter(), {"B2026-03-001": lines}, known, ON)
    data = notice_workbook(notice, BOARD)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    rows = [[cell for cell in cells if cell != ""] for cells in sheet]

    assert data == notice_workbook(notice, BOARD)
    assert [row for row in rows if row][:7] == [
        ["救助资金发放公示"],
        ["发放单位：示例街道　　资金来源：低保资金"],
        ["公示日期：2026年3月12日 至 2026年3月20日"],
        ["序号", "居委会", "姓名", "救助类别", "救助期间", "救助金额（元）"],
        [1.0, "甲居委", "张*", "低保", "2026-03", 1510.0],
        ["合计 1 笔", 1510.0],
        ["以下类别依法不公示个人信息，只公示人数和金额"],
    ]
    assert [1.0, "3 人", "大病", "2026-03", 4530.0] in rows
    assert ["对公示内容有异议的，请在公示期内反映。监督电话：021-00000000"] in rows
