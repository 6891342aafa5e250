"""A camt.053 that cannot be read without guessing is refused, with every reason at its place."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.bank import Statement, read_statement
from fundledger.errors import StatementInvalid
from support.camts import NAMESPACE, Entry, Message, Payment, balance, camt_file, tag, words
from support.honest_bank import line_of
from support.statements import refused

THREE = Message(
    (
        Entry(100000, "2026-03-02", serial="A1"),
        Entry(-20000, "2026-03-05", (Payment(line_of(1), 20000, "某甲", "6222"),), serial="A2"),
        Entry(55, "2026-03-21", kind="INT"),
    )
)
TEXT = THREE.text()
LUMP = Message(
    (Entry(-3000, payments=(Payment(line_of(1), 1000), Payment(line_of(2), 2000)), batch="B1"),)
).text()
SUMS = replace(
    THREE,
    extra=tag(
        "TxsSummry",
        tag("TtlNtries", words("NbOfNtries", "3"), words("Sum", "1200.55")),
        tag("TtlCdtNtries", words("NbOfNtries", "2"), words("Sum", "1000.55")),
        tag("TtlDbtNtries", words("NbOfNtries", "1"), words("Sum", "200.00")),
    ),
).text()
OPENING, CLOSING = balance("OPBD", 50000, "2026-03-01"), balance("CLBD", 130055, "2026-03-31")
WITHIN = OPENING.replace("</CdOrPrtry>", "</CdOrPrtry><SubTp><Cd>INTM</Cd></SubTp>")
STATEMENT = TEXT[TEXT.index("<Stmt>") : TEXT.index("</BkToCstmrStmt>")]
HEAD_END = "</CreDtTm></GrpHdr>"
PAGE = "<MsgPgntn><PgNb>{}</PgNb><LastPgInd>{}</LastPgInd></MsgPgntn>"
LONG_NAME = f"{NAMESPACE}08"


def paged(number: str, last: str) -> str:
    """Return a head that is of a page."""
    return HEAD_END.replace("</GrpHdr>", PAGE.format(number, last) + "</GrpHdr>")


@pytest.mark.parametrize(
    ("text", "old", "new", "expected"),
    [
        # the message
        (TEXT, "camt.053.001.08", "camt.052.001.08", [("FL838",)]),
        (TEXT, "camt.053.001.08", "camt.054.001.08", [("FL838",)]),
        (TEXT, "camt.053.001.08", "camt.053.001.01", [("FL838",)]),
        (TEXT, "camt.053.001.08", "pain.002.001.10", [("FL838",)]),
        (TEXT, "<?xml", "<!DOCTYPE x><?xml", [("FL838",)]),
        (TEXT, "?>", "?><!DOCTYPE x [<!ENTITY e 'e'>]>", [("FL838",)]),
        (TEXT, "?>", "?><!DOCTYPE x SYSTEM 'file:///etc/passwd'>", [("FL838",)]),
        (TEXT, "<Id>S-1</Id>", "<Id>&e;</Id>", [("FL808",)]),
        (TEXT, "</Document>", "", [("FL808",)]),
        (TEXT, "</Stmt>", "</Stmt", [("FL808",)]),
        (TEXT, "<Acct>", "<Acct><x></Acct>", [("FL808",)]),
        (TEXT, "S-1", "\x01", [("FL808",)]),
        (TEXT, "<Id>S-1</Id>", "<x>" * 50 + "</x>" * 50, [("FL838",)]),
        (TEXT, "<Id>S-1</Id>", "<x/>" * 2_000_001, [("FL838",)]),
        (TEXT, STATEMENT, "", [("FL838",)]),
        (TEXT, STATEMENT, STATEMENT * 2, [("FL838",)]),
        (TEXT, "BkToCstmrStmt", "BkToCstmrAcctRpt", [("FL838",)]),
        (TEXT, HEAD_END, paged("1", "false"), [("FL838",)]),
        (TEXT, HEAD_END, paged("2", "true"), [("FL838",)]),
        (TEXT, "<Id>S-1</Id>", "<Id>S-1</Id>" + PAGE.format("2", "true").replace("Msg", "Stmt"),
         [("FL838",)]),
        (TEXT, "<Id>S-1</Id>", "<Id>S-1</Id>" + PAGE.format("1", "0").replace("Msg", "Stmt"),
         [("FL838",)]),
        # the account
        (TEXT, "<Acct>", "<Acct/><Acct>", [("FL838",)]),
        (TEXT, "<Acct>", "<RltdAcct>", [("FL808",)]),
        (TEXT, "3100000000000000101", "３１００", [("FL832", 1, "Acct")]),
        (TEXT, "<Ccy>CNY</Ccy>", "<Ccy>USD</Ccy>", [("FL823", 1, "Acct/Ccy")]),
        # balances
        (TEXT, OPENING, "", [("FL826",)]),
        (TEXT, CLOSING, "", [("FL826",)]),
        (TEXT, OPENING, WITHIN, [("FL838",), ("FL826",)]),
        (TEXT, CLOSING, CLOSING.replace("CLBD", "ITBD"), [("FL838",), ("FL826",)]),
        (TEXT, OPENING, OPENING + balance("OPBD", 1, "2026-03-01"), [("FL838",)]),
        (TEXT, CLOSING, CLOSING.replace("1300.55", "1300.54"), [("FL827",)]),
        (TEXT, OPENING, OPENING.replace("CRDT", "DBIT"), [("FL827",)]),
        (TEXT, OPENING, OPENING.replace("CRDT", "X"), [("FL820", 1, "Bal/CdtDbtInd"), ("FL826",)]),
        (TEXT, CLOSING, CLOSING.replace("1300.55", "壹仟"), [("FL816", 2, "Bal/Amt"), ("FL826",)]),
        (TEXT, CLOSING, CLOSING.replace("CNY", "EUR"), [("FL823", 2, "Bal/Amt"), ("FL826",)]),
        (TEXT, CLOSING, CLOSING.replace("2026-03-31", "2026-02-30"), [("FL818", 2, "Bal/Dt")]),
        # the period
        (TEXT, "<ToDtTm>2026-03-31", "<ToDtTm>2026-02-01", [("FL831",)]),
        (TEXT, "<ToDtTm>2026-03-31", "<ToDtTm>2026-13-31", [("FL818", 1, "FrToDt/ToDtTm")]),
        (TEXT, "<FrDtTm>2026-03-01", "<FrDtTm>2026-03-03", [("FL828", 1)]),
        (TEXT, "<FrDtTm>2026-03-01", "<FrDtTm>2026-03-25", [("FL834",)]),
        (TEXT, "<FrDtTm>2026-03-01T00:00:00+08:00", "<FrDtTm>0001-01-01T00:00:00+14:00",
         [("FL818", 1, "FrToDt/FrDtTm")]),
        # entries
        (TEXT, '<Amt Ccy="CNY">200.00</Amt><Cdt', '<Amt Ccy="USD">200.00</Amt><Cdt',
         [("FL823", 2, "Ntry/Amt")]),
        (TEXT, '<Amt Ccy="CNY">200.00</Amt><Cdt', "<Amt>200.00</Amt><Cdt",
         [("FL823", 2, "Ntry/Amt")]),
        (TEXT, '<Ntry><Amt Ccy="CNY">200.00</Amt>', "<Ntry>", [("FL816", 2, "Ntry/Amt")]),
        (TEXT, '">200.00<', '">200.001<', [("FL816", 2, "Ntry/Amt")]),
        (TEXT, '">200.00<', '">-200.00<', [("FL816", 2, "Ntry/Amt")]),
        (TEXT, '">200.00<', '">+200.00<', [("FL816", 2, "Ntry/Amt")]),
        (TEXT, '">200.00<', '">2E2<', [("FL816", 2, "Ntry/Amt")]),
        (TEXT, '">200.00<', '">1,200.00<', [("FL816", 2, "Ntry/Amt")]),
        (TEXT, '">200.00<', '">２００<', [("FL816", 2, "Ntry/Amt")]),
        (TEXT, '">200.00<', '">NaN<', [("FL816", 2, "Ntry/Amt")]),
        (TEXT, '">200.00<', '">99999999999999.00<', [("FL816", 2, "Ntry/Amt")]),
        (TEXT, '">0.55<', '">0.00<', [("FL819", 3)]),
        (TEXT, "DBIT", "OUT", [("FL820", 2, "Ntry/CdtDbtInd")]),
        (TEXT, "<CdtDbtInd>DBIT</CdtDbtInd><Sts>", "<Sts>", [("FL820", 2, "Ntry/CdtDbtInd")]),
        (TEXT, "<Sts><Cd>BOOK", "<Sts><Cd>PDNG", [("FL839", 1, "Ntry/Sts")]),
        (TEXT, "<Sts><Cd>BOOK", "<Sts><Cd>INFO", [("FL839", 1, "Ntry/Sts")]),
        (TEXT, "<Sts><Cd>BOOK", "<Sts><Cd>FUTR", [("FL839", 1, "Ntry/Sts")]),
        (TEXT, "<Sts><Cd>BOOK</Cd></Sts>", "", [("FL839", 1, "Ntry/Sts")]),
        (TEXT, "<Sts>", "<RvslInd>yes</RvslInd><Sts>", [("FL839", 1, "Ntry/RvslInd")]),
        (TEXT, "<Dt>2026-03-21", "<Dt>2026-02-29", [("FL818", 3, "Ntry/BookgDt")]),
        (TEXT, "<Dt>2026-03-21", "<Dt>20260321", [("FL818", 3, "Ntry/BookgDt")]),
        (TEXT, "<Dt>2026-03-21", "<Dt>2026-03-21T10:00:00", [("FL818", 3, "Ntry/BookgDt")]),
        (TEXT, "<Dt>2026-03-21", "<Dt>1026-03-21", [("FL818", 3, "Ntry/BookgDt")]),
        (TEXT, "<BookgDt><Dt>2026-03-21</Dt></BookgDt>", "", [("FL818", 3, "Ntry/BookgDt")]),
        (TEXT, "<Dt>2026-03-21</Dt>", "<DtTm>2026-03-21</DtTm>", [("read",)]),
        (TEXT, "<Dt>2026-03-21</Dt>", "<DtTm>2026-W12-6</DtTm>", [("FL818", 3, "Ntry/BookgDt")]),
        (TEXT, "<Dt>2026-03-21", "<Dt>2026-03-21+08:00", [("read",)]),
        (TEXT, "<Dt>2026-03-21</Dt>", "<DtTm>2026-03-21T25:00:00</DtTm>",
         [("FL818", 3, "Ntry/BookgDt")]),
        (TEXT, "<Dt>2026-03-21</Dt>", "<DtTm>9999-12-31T23:59:59-14:00</DtTm>",
         [("FL818", 3, "Ntry/BookgDt")]),
        (TEXT, "<Dt>2026-03-21", "<Dt>2026-04-21", [("FL828", 3)]),
        # an entry that is left out, or stands twice
        (TEXT, TEXT[TEXT.index("<Ntry>") : TEXT.index("\n<Ntry>", TEXT.index("<Ntry>") + 1)], "",
         [("FL827",)]),
        # payments within an entry
        (LUMP, "<NbOfTxs>2", "<NbOfTxs>3", [("FL839", 1, "NtryDtls/Btch/NbOfTxs")]),
        (LUMP, "<NbOfTxs>2", "<NbOfTxs>x", [("FL839", 1, "NtryDtls/Btch/NbOfTxs")]),
        (LUMP, '">20.00</Amt>', '">20.01</Amt>', [("FL839", 1, "NtryDtls/TxDtls")]),
        (LUMP, '">30.00</TtlAmt>', '">30.01</TtlAmt>', [("FL839", 1, "NtryDtls/Btch/TtlAmt")]),
        (LUMP, '">20.00</Amt><CdtDbtInd>DBIT', '">20.00</Amt><CdtDbtInd>CRDT',
         [("FL839", 1, "NtryDtls/TxDtls")]),
        (LUMP, 'CNY">20.00</Amt>', 'HKD">20.00</Amt>', [("FL823", 1, "NtryDtls/TxDtls/Amt")]),
        (LUMP, '">20.00</Amt>', '">廿</Amt>', [("FL816", 1, "NtryDtls/TxDtls/Amt")]),
        # totals
        (SUMS, "<NbOfNtries>3", "<NbOfNtries>4", [("FL838",)]),
        (SUMS, "<NbOfNtries>2", "<NbOfNtries>3", [("FL838",)]),
        (SUMS, "<NbOfNtries>1", "<NbOfNtries>?", [("FL838",)]),
        (SUMS, "<Sum>1200.55", "<Sum>1200.56", [("FL827",)]),
        (SUMS, "<Sum>1000.55", "<Sum>1000.5", [("FL827",)]),
        (SUMS, "<Sum>200.00", "<Sum>two", [("FL816", 1, "TxsSummry/TtlDbtNtries/Sum")]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_its_place(
    tmp_path: Path, text: str, old: str, new: str, expected: list[tuple[object, ...]]
) -> None:
    assert old in text
    every = old == "BkToCstmrStmt"
    path = camt_file(tmp_path, text.replace(old, new, -1 if every else 1))
    found = refused(path)
    assert [("read",) if place[0] == "read" else place for place in found] == expected
    assert refused(path) == found


def test_a_serial_that_stands_twice_over_one_movement_is_refused(tmp_path: Path) -> None:
    twice = Entry(-20000, "2026-03-05", serial="A2")
    assert refused(Message((twice, twice)).file(tmp_path)) == [("FL830", 2)]


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = TEXT.replace("BOOK", "PDNG", 1).replace('">200.00<', '">x<')
    text = text.replace("<Dt>2026-03-21", "<Dt>2026-03-99").replace("<Ccy>CNY", "<Ccy>USD")
    assert refused(camt_file(tmp_path, text)) == [
        ("FL823", 1, "Acct/Ccy"),
        ("FL839", 1, "Ntry/Sts"),
        ("FL816", 2, "Ntry/Amt"),
        ("FL818", 3, "Ntry/BookgDt"),
    ]


def test_bytes_in_no_encoding_that_is_said_are_refused(tmp_path: Path) -> None:
    assert refused(camt_file(tmp_path, TEXT, "gb18030")) == [("FL809",)]
    path = camt_file(tmp_path, TEXT.replace("UTF-8", "GBK"))
    path.write_bytes(path.read_bytes().replace("某甲".encode(), b"\xff\xff"))
    assert refused(path) == [("FL809",)]


def test_findings_show_no_party_of_an_entry(tmp_path: Path) -> None:
    text = TEXT.replace("BOOK", "PDNG").replace("<Dt>2026-03-05", "<Dt>x")
    with pytest.raises(StatementInvalid) as caught:
        read_statement(camt_file(tmp_path, text))
    said = str([finding.as_json() for finding in caught.value.findings])
    assert "某甲" not in said
    assert "6222" not in said
    assert line_of(1) not in said


@given(st.data())
def test_damaged_messages_are_refused_or_read_and_nothing_else(data: st.DataObject) -> None:
    content = bytearray(LUMP.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "statement.xml"
        path.write_bytes(bytes(content[:cut] if cut % 3 == 0 else content))
        with contextlib.suppress(StatementInvalid):
            assert isinstance(read_statement(path), Statement)
