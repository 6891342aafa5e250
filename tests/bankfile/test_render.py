"""Files for banks: the same order gives the same bytes, and what cannot be carried is refused."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from fundledger.bankfile import (
    BankProfile,
    PaymentOrder,
    bank_named,
    cover_sheet,
    load_banks,
    render,
)
from fundledger.errors import InputInvalid
from support.honest_bank import BANKS, order_of

PROFILES = load_banks(Path(__file__).parents[2] / "rules")
PAIN = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"
FORMULAS = ("=1+1", "+86", "-某", "@SUM(A1)", "\t=1+1", "=HYPERLINK(1)", "http://a.b", "'某")


def bank(name: str) -> BankProfile:
    return bank_named(PROFILES, name)


def changed(order: PaymentOrder, at: int = 0, **fields: object) -> PaymentOrder:
    """Return an order with one payee changed."""
    payees = list(order.payees)
    payees[at] = payees[at]._replace(**fields)  # type: ignore[arg-type]
    return replace(order, payees=tuple(payees))


def refused(order: PaymentOrder, name: str) -> list[tuple[str, str, str]]:
    """Return code, subject and field of each finding; nobody is named in any of them."""
    with pytest.raises(InputInvalid) as caught:
        render(order, bank(name))
    for finding in caught.value.findings:
        said = finding.sentence("zh") + finding.sentence("en") + finding.remedy("en")
        assert "{" not in said
        assert "?" not in said.replace(finding.subject, "")
        for payee in order.payees:
            assert payee.name not in said
            assert payee.account not in said
    return [(f.code, f.subject, str(f.details.get("field", ""))) for f in caught.value.findings]


@pytest.mark.parametrize("name", BANKS)
def test_the_same_order_gives_the_same_bytes(name: str) -> None:
    first, second = (render(order_of(151000, 5), bank(name)) for _ in range(2))

    assert first.data == second.data
    assert first.sha256 == hashlib.sha256(first.data).hexdigest()
    assert (first.count, first.amount_fen) == (2, 151005)
    assert first.name.startswith("PB-2026-11-001.")
    assert cover_sheet(first, order_of(151000, 5)) == cover_sheet(second, order_of(151000, 5))


def test_text_parted_by_bars_is_these_bytes() -> None:
    assert render(order_of(151000, 5), bank("pipe-text")).data == (
        "PB-2026-11-001|3100000000000000101|某街道办事处|2|1510.05|20261127|低保金2026年11月\r\n"
        "1|6222020000000000000|某甲|1510.00|L-AAAAAAAAAAAA\r\n"
        "2|6222020000000000001|某乙|0.05|L-AAAAAAAAAAAB\r\n"
        "合计|2|1510.05\r\n"
    ).encode("gb18030")


def test_text_of_fixed_widths_in_fen_is_these_bytes() -> None:
    name = "某甲".encode("gb18030")
    memo = "低保 L-AAAAAAAAAAAA".encode("gb18030")

    assert render(order_of(151000), bank("fixed-fen")).data == (
        b"PB-2026-11-001" + b" " * 21 + b"3100000000000000101" + b" " * 13
        + b"00000001" + b"000000000151000" + b"20261127\n"
        + b"00000001" + b"6222020000000000000" + b" " * 13 + name + b" " * 56
        + b"000000000151000" + memo + b" " * 41 + b"\n"
    )  # fmt: skip


def test_a_text_with_headings_pairs_and_other_signs_is_these_bytes() -> None:
    profile = bank("pipe-text")
    out = profile.out.model_copy(
        update={
            "encoding": "utf-8",
            "separator": "tab",
            "line_end": "lf",
            "headings": True,
            "head_as": "pairs",
            "head": profile.out.head[:1],
            "unit": "fen",
        }
    )

    assert (
        render(order_of(5), profile.model_copy(update={"out": out})).data
        == (
            "批次号\tPB-2026-11-001\n"
            "序号\t账号\t户名\t金额\t附言\n"
            "1\t6222020000000000000\t某甲\t5\tL-AAAAAAAAAAAA\n"
            "合计\t1\t5\n"
        ).encode()
    )


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("profile", ["generic", "sh-platform"])
def test_nothing_in_a_workbook_is_a_formula_or_a_link(name: str, profile: str) -> None:
    data = render(changed(order_of(1, 2), name=name, memo=f"=1 {order_of(1).payees[0].line}"),
                  bank(profile)).data  # fmt: skip

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        assert not re.search(rb"<(f|hyperlink)\b", sheet)
        assert name.encode() in archive.read("xl/sharedStrings.xml").replace(b"&amp;", b"&")


@pytest.mark.parametrize("profile", ["generic", "sh-platform"])
def test_accounts_are_text_and_amounts_are_numbers_to_the_fen(profile: str) -> None:
    data = render(order_of(10**13 - 1), bank(profile)).data
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]

    assert "6222020000000000000" in cells
    assert 99999999999.99 in cells


@given(name=st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Cn"),
                                  exclude_characters="|"), min_size=1, max_size=8)
       .filter(lambda text: bool(text.strip())))  # fmt: skip
def test_a_name_is_in_every_file_as_it_was_or_the_file_is_refused(name: str) -> None:
    order = changed(order_of(1), name=name)
    for profile in map(bank, BANKS):
        if profile.id == "fixed-fen" and len(name.encode("gb18030")) > 60:
            assert refused(order, profile.id) == [("FL769", PLACE, "name")]
            continue
        data = render(order, profile).data
        if profile.out.format == "text":
            assert name in data.decode("gb18030")
        elif profile.out.format == "pain.001":
            names = [element.text for element in ET.fromstring(data).iter(f"{PAIN}Nm")]  # noqa: S314
            assert name.replace("\r", "\n") in names


def test_a_message_says_what_was_ordered() -> None:
    message = ET.fromstring(render(order_of(151000, 5), bank("iso20022")).data)  # noqa: S314 - ours

    def texts(name: str) -> list[str]:
        return [element.text or "" for element in message.iter(f"{PAIN}{name}")]

    assert texts("NbOfTxs") == ["2", "2"]
    assert list(map(Decimal, texts("CtrlSum"))) == [Decimal("1510.05")] * 2
    assert texts("EndToEndId") == ["L-AAAAAAAAAAAA", "L-AAAAAAAAAAAB"]
    assert texts("InstdAmt") == ["1510.00", "0.05"]
    assert {e.get("Ccy") for e in message.iter(f"{PAIN}InstdAmt")} == {"CNY"}
    assert texts("MmbId") == ["102290000011"] * 2
    assert texts("MsgId") == texts("PmtInfId") == ["PB-2026-11-001"]
    assert "IBAN" not in {element.tag.removeprefix(PAIN) for element in message.iter()}
    assert texts("BtchBookg") == ["true"]
    assert texts("CreDtTm") == ["2026-11-27T00:00:00"]


PLACE = "PB-2026-11-001 [L-AAAAAAAAAAAA]"
Spoil = Callable[[PaymentOrder], PaymentOrder]
BAD: tuple[tuple[str, Spoil, str, str, str], ...] = (
    ("generic", lambda o: replace(o, payees=()), "FL764", "PB-2026-11-001", ""),
    ("generic", lambda o: replace(o, batch="../x"), "FL767", "?", "batch"),
    ("generic", lambda o: replace(o, batch="CON"), "FL767", "?", "batch"),
    ("generic", lambda o: replace(o, batch="B" * 36), "FL767", "?", "batch"),
    ("generic", lambda o: replace(o, payer_account="31-1"), "FL767", "PB-2026-11-001",
     "payer_account"),
    ("generic", lambda o: replace(o, payer_name=" "), "FL767", "PB-2026-11-001", "payer_name"),
    ("generic", lambda o: replace(o, purpose="用" * 141), "FL767", "PB-2026-11-001", "purpose"),
    ("generic", lambda o: replace(o, purpose="低保\n"), "FL768", "PB-2026-11-001", "purpose"),
    ("generic", lambda o: changed(o, amount_fen=0), "FL766", PLACE, ""),
    ("generic", lambda o: changed(o, amount_fen=-1), "FL766", PLACE, ""),
    ("generic", lambda o: changed(o, amount_fen=10**13), "FL766", PLACE, ""),
    ("generic", lambda o: changed(o, amount_fen=1.0), "FL766", PLACE, ""),
    ("generic", lambda o: changed(o, amount_fen=True), "FL766", PLACE, ""),
    ("generic", lambda o: changed(o, account="6222 0200"), "FL767", PLACE, "account"),
    ("generic", lambda o: changed(o, account="６２２２０２００"), "FL767", PLACE, "account"),
    ("generic", lambda o: changed(o, bank_code="10229"), "FL767", PLACE, "bank_code"),
    ("generic", lambda o: changed(o, name="　"), "FL767", PLACE, "name"),
    ("generic", lambda o: changed(o, name="某\u202e甲"), "FL768", PLACE, "name"),
    ("generic", lambda o: changed(o, name="某\ud800"), "FL768", PLACE, "name"),
    ("generic", lambda o: changed(o, name="某\uffff"), "FL768", PLACE, "name"),
    ("generic", lambda o: changed(o, memo="低保"), "FL770", PLACE, "line"),
    ("sh-platform", lambda o: changed(o, bank=" "), "FL770", PLACE, "bank"),
    ("pipe-text", lambda o: changed(o, name="某|甲"), "FL768", PLACE, "name"),
    ("pipe-text", lambda o: changed(o, name="某\n甲"), "FL768", PLACE, "name"),
    ("pipe-text", lambda o: changed(o, name="某\r甲"), "FL768", PLACE, "name"),
    ("pipe-text", lambda o: changed(o, name="\t某甲"), "FL768", PLACE, "name"),
    ("pipe-text", lambda o: replace(o, purpose="低|保"), "FL768", "PB-2026-11-001", "purpose"),
    ("fixed-fen", lambda o: changed(o, name="某" * 31), "FL769", PLACE, "name"),
    ("fixed-fen", lambda o: changed(o, name="\U00020087" * 16), "FL769", PLACE, "name"),
    ("fixed-fen", lambda o: changed(o, memo="L-AAAAAAAAAAAA" + "附" * 24), "FL769", PLACE, "memo"),
    ("iso20022", lambda o: changed(o, name="\t某甲"), "FL768", PLACE, "name"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "spoil", "code", "subject", "field"), BAD)
def test_an_order_that_cannot_be_carried_is_refused(
    name: str, spoil: Spoil, code: str, subject: str, field: str
) -> None:
    assert (code, subject, field) in refused(spoil(order_of(151000, 5)), name)


def test_a_line_that_stands_twice_is_refused() -> None:
    order = order_of(1, 2)

    twice = changed(order, 1, line=order.payees[0].line)
    assert refused(twice, "pipe-text") == [("FL765", PLACE, "")]


def test_payments_that_an_answer_could_not_tell_apart_are_refused() -> None:
    """Two people are paid the same into one account, and that bank's answers have no line id."""
    alike = changed(order_of(5, 5, 5), 2, account=order_of(5).payees[0].account)

    assert refused(alike, "fixed-fen") == [
        ("FL775", PLACE, ""),
        ("FL775", "PB-2026-11-001 [L-AAAAAAAAAAAC]", ""),
    ]
    assert render(alike, bank("pipe-text")).count == 3
    assert render(changed(alike, 2, amount_fen=6), bank("fixed-fen")).count == 3


def test_a_line_that_is_no_id_is_refused_and_not_shown() -> None:
    order = changed(order_of(1), line="某甲", memo="某甲")

    assert refused(order, "generic") == [("FL767", "PB-2026-11-001 [?]", "line")]


def test_all_that_is_wrong_is_told_at_once() -> None:
    order = changed(changed(order_of(1, 2, 3), 0, name="某|甲"), 2, name="某\n乙", amount_fen=0)

    assert refused(order, "pipe-text") == [
        ("FL766", "PB-2026-11-001 [L-AAAAAAAAAAAC]", ""),
        ("FL768", "PB-2026-11-001 [L-AAAAAAAAAAAC]", "name"),
    ]
    assert refused(changed(order, 2, name="某|乙", amount_fen=1), "pipe-text") == [
        ("FL768", PLACE, "name"),
        ("FL768", "PB-2026-11-001 [L-AAAAAAAAAAAC]", "name"),
    ]


def test_what_is_printed_names_nobody() -> None:
    order = order_of(151000)
    file = render(order, bank("pipe-text"))

    for shown in (repr(order), repr(file)):
        assert "某甲" not in shown
        assert "6222020000000000000" not in shown


def test_the_cover_sheet_says_what_is_handed_over() -> None:
    order = order_of(151000, 5)
    file = render(order, bank("pipe-text"))
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(cover_sheet(file, order)))
    cells = [str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row]

    assert {"dibao", "PB-2026-11-001", "某街道办事处", "3100000000000000101"} <= set(cells)
    assert {"2 笔", "1,510.05", "壹仟伍佰壹拾元零伍分", "2026年11月27日"} <= set(cells)
    assert {"制单", "复核", "出纳", "审批"} <= set(cells)
    assert file.sha256 in {cell.replace(" ", "") for cell in cells}
    assert not {payee.name for payee in order.payees} & set(cells)


def test_the_day_of_the_order_is_the_only_day_in_a_file() -> None:
    order = replace(order_of(1), on=date(2031, 2, 3))
    files = [render(order, profile) for profile in map(bank, BANKS)]

    for data in (*(file.data for file in files), cover_sheet(files[0], order)):
        said = data
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                assert {member.date_time[:3] for member in archive.infolist()} == {(1980, 1, 1)}
                said = archive.read("docProps/core.xml")
        found = set(re.findall(rb"20\d\d-?\d\d-?\d\d(?=\D)", said))
        assert found
        assert found <= {b"2031-02-03", b"20310203"}
